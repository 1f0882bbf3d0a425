import type { OroCase } from '../orocrm/types';
import { own } from './field-maps';
import type { FieldMapping, MappingTables } from './field-maps';
import type { MappedTicket } from './pair';
import { asText, storableDate, storableText } from './text';

/**
 * A case's values in the ticket's words (sync-rules §3), with what can't be said there. Pure: no look-up, no clock.
 * Fields whose case field was not read are left out.
 */
export function mapCase(oroCase: OroCase, tables: MappingTables, fields: readonly FieldMapping[] = []): { ticket: MappedTicket; notes: string[] } {
	const notes: string[] = [];
	const mapped: Record<string, unknown> = {};
	for (const field of fields) {
		if (field.direction !== 'toTicket') continue;
		const raw = oroCase.fields && Object.prototype.hasOwnProperty.call(oroCase.fields, field.caseField) ? oroCase.fields[field.caseField] : undefined;
		if (raw === undefined) continue;
		const { value, problem } = ticketValue(raw, field);
		if (problem) notes.push(problem);
		else mapped[field.ticketField] = value;
	}
	const subject = storableText(asText(oroCase.subject)).trim();
	return {
		ticket: {
			subject,
			// OroCRM's description may be empty, a ticket's first comment may not (sync-rules §3).
			description: storableText(asText(oroCase.description)).trim() || subject || 'N/A',
			status: own(tables.caseStatus, oroCase.status ?? '') ?? null,
			priority: own(tables.casePriority, oroCase.priority ?? '') ?? null,
			fields: mapped,
		},
		notes,
	};
}

function ticketValue(raw: unknown, field: FieldMapping): { value?: unknown; problem?: string } {
	if (raw === null || raw === '') return { value: null };
	switch (field.kind) {
		case 'number': {
			const number = Number(raw);
			return Number.isFinite(number) ? { value: number } : { problem: `"${asText(raw).slice(0, 80)}" of case field ${field.caseField} is no number: ticket field ${field.ticketField} was left alone.` };
		}
		case 'boolean':
			return { value: raw === true || raw === 'true' || raw === 1 || raw === '1' };
		case 'date': {
			// Zendesk's date fields hold a day, its due date a moment.
			const date = field.ticketField === 'due_at' ? storableDate(raw) : (storableDate(raw)?.slice(0, 10) ?? null);
			return date ? { value: date } : { problem: `"${asText(raw).slice(0, 80)}" of case field ${field.caseField} is no date: ticket field ${field.ticketField} was left alone.` };
		}
		default:
			if (field.ticketField === 'tags') return { value: tagsOf(raw) };
			return { value: storableText(Array.isArray(raw) ? raw.map(asText).join(', ') : asText(raw)).trim() || null };
	}
}

/** Tags as Zendesk keeps them: small letters, without blanks, each once. */
export function tagsOf(value: unknown): string[] {
	const texts = (Array.isArray(value) ? value.map(asText) : [storableText(asText(value))]).flatMap((text) => text.toLowerCase().split(/[\s,]+/));
	return [...new Set(texts.filter(Boolean))];
}

/** True when a ticket's field holds this value already: Zendesk gives numbers and days as text, tags in its own order, and an empty check box as null or false. */
export function ticketHolds(present: unknown, wanted: unknown): boolean {
	const blank = (value: unknown) => value === null || value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0);
	if (blank(present) || blank(wanted)) return blank(present) && blank(wanted);
	if (typeof wanted === 'boolean') return present === wanted || String(present) === String(wanted);
	if (typeof wanted === 'number') return Number(present) === wanted;
	if (Array.isArray(present)) return tagsOf(present).sort().join() === tagsOf(wanted).sort().join();
	const [a, b] = [storableDate(present), storableDate(wanted)];
	return asText(present).trim() === asText(wanted) || (a !== null && a === b);
}
