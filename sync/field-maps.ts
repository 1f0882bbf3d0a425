import type { ZendeskTicket } from '../zendesk/types';
import type { MappedCase, MappedField } from './pair';
import { asText, columnText, longText, storableDate, storableText } from './text';

/** A value of one side → the value of the other. A ticket without a priority is looked up as `none`. */
export type Table = Record<string, string>;

/** The tables in force: defaults, or what the builder made of them. */
export interface MappingTables {
	/** Ticket status, or the id of a custom status (which goes first) → case status. */
	status: Table;
	/** Ticket priority or `none` → case priority. */
	priority: Table;
	/** Ticket channel (`via.channel`) → case source; what is not in it becomes `other`. */
	source: Table;
	/** Case status → ticket status. Decides also which values count as equal. */
	caseStatus: Table;
	/** Case priority → ticket priority. */
	casePriority: Table;
}

/** sync-rules §2 and §3. */
export const defaultTables: MappingTables = {
	status: { new: 'open', open: 'open', pending: 'in_progress', hold: 'in_progress', solved: 'closed', closed: 'closed' },
	priority: { low: 'low', normal: 'normal', high: 'high', urgent: 'high', none: 'normal' },
	source: {
		email: 'email',
		phone: 'phone',
		voice: 'phone',
		voicemail: 'phone',
		phone_call_inbound: 'phone',
		phone_call_outbound: 'phone',
		web: 'web',
		help_center: 'web',
		web_form: 'web',
		web_widget: 'web',
		form: 'web',
	},
	caseStatus: { open: 'open', in_progress: 'pending', resolved: 'solved', closed: 'solved' },
	casePriority: { low: 'low', normal: 'normal', high: 'high' },
};

/** One custom field, in one direction: there is no base for it, so the side it comes from always wins. */
export interface FieldMapping {
	/** `toCase`: the case takes the ticket's value; `toTicket`: the other way round, in two-way sync. */
	direction?: 'toCase' | 'toTicket';
	/** A custom field's id, or the name of a property of the ticket, e.g. `group_id`. */
	ticketField: string;
	/** API name of the case's attribute or relationship. */
	caseField: string;
	kind: 'text' | 'number' | 'boolean' | 'date' | 'option';
	/** For `option`: the type of the option records in OroCRM's API. */
	relatedType?: string;
}

/** Longest subject that a case, and a ticket record, can hold. */
export const SUBJECT_LENGTH = 255;
export const EMPTY_SUBJECT = 'N/A';

/** A ticket's subject as a case holds it: one line, at most 255 characters, `N/A` when there is none. */
export function caseSubject(subject: string | null | undefined): string {
	return columnText(asText(subject).replace(/\s*[\r\n]+\s*/g, ' '), SUBJECT_LENGTH) ?? EMPTY_SUBJECT;
}

/** The case status of a ticket, or null when neither its custom status nor its status is in the table. */
export function caseStatus(ticket: Pick<ZendeskTicket, 'status' | 'custom_status_id'>, tables: MappingTables): string | null {
	const custom = ticket.custom_status_id ? own(tables.status, asText(ticket.custom_status_id)) : undefined;
	return custom ?? own(tables.status, ticket.status) ?? null;
}

export function casePriority(priority: string | null, tables: MappingTables): string | null {
	return own(tables.priority, priority ?? 'none') ?? null;
}

export function caseSource(channel: unknown, tables: MappingTables): string {
	const name = asText(channel).trim().toLowerCase().replace(/[\s-]+/g, '_');
	return own(tables.source, name) ?? own(tables.source, '*') ?? 'other';
}

/** Columns of the ticket record that may be too short for what a ticket has (orocrm-api.md §3.6). */
const CUT_IN_RECORD = [
	{ property: 'external_id', words: 'external ID', length: 50 },
	{ property: 'recipient', words: 'recipient', length: 100 },
] as const;

/** A ticket's values in the case's words, with what had to be made to fit. Pure: no look-up, no clock. */
export function mapTicket(ticket: ZendeskTicket, tables: MappingTables, fields: readonly FieldMapping[] = []): { case: MappedCase; notes: string[] } {
	const notes: string[] = [];
	const status = caseStatus(ticket, tables);
	const priority = casePriority(ticket.priority, tables);
	if (status === null && ticket.status !== 'deleted') notes.push(`Status "${asText(ticket.status)}" is not in the status table: a new case is open, an existing one keeps its status.`);
	if (priority === null) notes.push(`Priority "${asText(ticket.priority)}" is not in the priority table: a new case is normal, an existing one keeps its priority.`);
	if (asText(ticket.subject).trim().length > SUBJECT_LENGTH) notes.push(`The subject has more than ${SUBJECT_LENGTH} characters and was cut; the description has the whole text of the ticket.`);
	for (const { property, words, length } of CUT_IN_RECORD) {
		if (asText(ticket[property]).trim().length > length) notes.push(`The ticket’s ${words} has more than ${length} characters and was cut in OroCRM’s ticket record.`);
	}
	const custom: Record<string, MappedField> = {};
	for (const field of fields) {
		if (field.direction === 'toTicket') continue;
		const mapped = mapField(ticket, field);
		if (mapped.problem) notes.push(mapped.problem);
		else custom[field.caseField] = { value: mapped.value, ...(field.kind === 'option' ? { relatedType: field.relatedType ?? '' } : {}) };
	}
	return {
		case: {
			subject: caseSubject(ticket.subject),
			description: longText(ticket.description),
			status,
			priority,
			source: caseSource(ticket.via?.channel, tables),
			reportedAt: storableDate(ticket.created_at),
			fields: custom,
		},
		notes,
	};
}

function mapField(ticket: ZendeskTicket, field: FieldMapping): { value?: unknown; problem?: string } {
	const raw = fieldValue(ticket, field.ticketField);
	if (raw === undefined) return { problem: `The ticket has no field ${field.ticketField}: ${field.caseField} was left alone.` };
	if (raw === null || raw === '') return { value: null };
	switch (field.kind) {
		case 'number': {
			const number = Number(raw);
			return Number.isFinite(number) ? { value: number } : { problem: `"${shown(raw)}" of ticket field ${field.ticketField} is no number: ${field.caseField} was left alone.` };
		}
		case 'boolean':
			return { value: raw === true || raw === 'true' || raw === 1 || raw === '1' };
		case 'date': {
			// A day stays a day: OroCRM's date fields refuse a time, its date-time fields take midnight.
			const date = /^\d{4}-\d{2}-\d{2}$/.test(String(raw)) && storableDate(raw) ? String(raw) : storableDate(raw);
			return date ? { value: date } : { problem: `"${shown(raw)}" of ticket field ${field.ticketField} is no date: ${field.caseField} was left alone.` };
		}
		default:
			// Trimmed, as OroCRM's forms do: else each update would find a difference.
			return { value: storableText(Array.isArray(raw) ? raw.map(asText).join(', ') : typeof raw === 'object' ? JSON.stringify(raw) : asText(raw)).trim() || null };
	}
}

/** A custom field's value by its id, or a property of the ticket by its name; undefined when the ticket has no such field. */
export function fieldValue(ticket: ZendeskTicket, name: string): unknown {
	if (/^\d+$/.test(name)) {
		const entry = (Array.isArray(ticket.custom_fields) ? ticket.custom_fields : []).find((field) => String(field?.id) === name);
		return entry ? entry.value : undefined;
	}
	return Object.prototype.hasOwnProperty.call(ticket, name) ? ticket[name] : undefined;
}

function shown(value: unknown): string {
	return (asText(value) || (JSON.stringify(value) ?? '')).slice(0, 80);
}

/** Looks a key up without finding `constructor` and the like. */
export function own(table: Table, key: string): string | undefined {
	return typeof key === 'string' && Object.prototype.hasOwnProperty.call(table, key) ? table[key] : undefined;
}
