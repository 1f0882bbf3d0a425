import type { OroCase } from '../orocrm/types';
import type { ZendeskTicket } from '../zendesk/types';
import { mapTicket } from './field-maps';
import type { FieldMapping, MappingTables } from './field-maps';
import { mapCase } from './map-case';
import type { Mapped, Pair } from './pair';

/** What Map Ticket to Case does: whatever sides the pair came with, in the other side's words. */
export function mapPair(pair: Pick<Pair, 'ticket' | 'case'>, tables: MappingTables, fields: readonly FieldMapping[]): Mapped {
	const empty: Mapped = { case: null, ticket: null, tables, fields: [...fields], notes: [], caseNotes: [] };
	const withTicket = pair.ticket ? mapTicketAgain(empty, null, pair.ticket) : empty;
	return pair.case ? mapCaseAgain(withTicket, null, pair.case) : withTicket;
}

/**
 * The mapping after the ticket was read again (or for the first time): what a builder set stays, unless the raw value behind it is
 * another one now.
 *
 * @param before the ticket as it was when `mapped` was made
 */
export function mapTicketAgain(mapped: Mapped, before: ZendeskTicket | null, now: ZendeskTicket): Mapped {
	const fresh = mapTicket(now, mapped.tables, mapped.fields);
	const { notes } = fresh;
	if (!before || !mapped.case) return { ...mapped, case: fresh.case, notes };
	const old = mapTicket(before, mapped.tables, mapped.fields).case;
	return { ...mapped, case: { ...kept(mapped.case, old, fresh.case), fields: kept(mapped.case.fields ?? {}, old.fields, fresh.case.fields) }, notes };
}

/** The same for the case. */
export function mapCaseAgain(mapped: Mapped, before: OroCase | null, now: OroCase): Mapped {
	const fresh = mapCase(now, mapped.tables, mapped.fields);
	const { notes: caseNotes } = fresh;
	if (!before || !mapped.ticket) return { ...mapped, ticket: fresh.ticket, caseNotes };
	const old = mapCase(before, mapped.tables, mapped.fields).ticket;
	return { ...mapped, ticket: { ...kept(mapped.ticket, old, fresh.ticket), fields: kept(mapped.ticket.fields ?? {}, old.fields, fresh.ticket.fields) }, caseNotes };
}

/** Values whose source didn't change stay as the builder left them; the others are the fresh ones. */
function kept<T extends object>(mine: T, old: T, fresh: T): T {
	const result = { ...mine, ...fresh } as Record<string, unknown>;
	for (const [name, value] of Object.entries(fresh)) {
		const before = (old as Record<string, unknown>)[name];
		if (Object.prototype.hasOwnProperty.call(mine, name) && JSON.stringify(before) === JSON.stringify(value)) result[name] = (mine as Record<string, unknown>)[name];
	}
	return result as T;
}
