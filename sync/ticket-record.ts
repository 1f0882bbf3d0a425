import type { OroCase, TicketRecord } from '../orocrm/types';
import type { ZendeskTicket } from '../zendesk/types';
import { SUBJECT_LENGTH } from './field-maps';
import { columnText, longText, storableDate } from './text';

const STATUSES = new Set(['new', 'open', 'pending', 'hold', 'solved', 'closed']);
const PRIORITIES = new Set(['low', 'normal', 'high', 'urgent']);
const TYPES = new Set(['task', 'problem', 'incident', 'question']);

/** The values of OroCRM's dictionaries (orocrm-api.md §3.9); anything newer has no place in a record. */
export const recordStatus = (status: string | null): string | null => (status !== null && STATUSES.has(status) ? status : null);
export const recordPriority = (priority: string | null): string | null => (priority !== null && PRIORITIES.has(priority) ? priority : null);
export const recordType = (type: string | null): string | null => (type !== null && TYPES.has(type) ? type : null);

/** A ticket's subject as the record holds it: as in the ticket, but it must fit (a longer one is a 500). */
export function recordSubject(subject: string | null | undefined): string | null {
	return columnText(subject, SUBJECT_LENGTH);
}

/** Attributes of the ticket record: as in the ticket, unmapped, cut to its columns (sync-rules §2, orocrm-api.md §3.6). */
export function ticketRecordAttributes(ticket: ZendeskTicket): Record<string, unknown> {
	return {
		originId: String(ticket.id),
		url: columnText(ticket.url, 255),
		subject: recordSubject(ticket.subject),
		description: longText(ticket.description),
		externalId: columnText(ticket.external_id, 50),
		recipient: columnText(ticket.recipient, 100),
		hasIncidents: ticket.has_incidents === true,
		dueAt: storableDate(ticket.due_at),
		originCreatedAt: storableDate(ticket.created_at),
		originUpdatedAt: storableDate(ticket.updated_at),
	};
}

/** A record found for a ticket, with its case. */
export interface Candidate {
	record: TicketRecord;
	case: OroCase | null;
}

/**
 * Which of the records with a ticket's number is this ticket's: the one whose case has the ticket's key, else one whose own address
 * names the same Zendesk account. A record of another account is never taken. Twins are given back beside it, the oldest is chosen.
 *
 * @param key the ticket's case key
 * @param host host of the Zendesk account, as ticket addresses name it
 * @param hostOf reads the host out of a record's address
 * @param accepted id of a record that is this ticket's whatever address it names
 */
export function chooseRecord<T extends Candidate>(candidates: readonly T[], key: string, host: string, hostOf: (url: string | null) => string | undefined, accepted?: string): { chosen: T | undefined; twins: T[] } {
	const rank = (candidate: T): number => {
		if (candidate.case?.externalId === key || candidate.record.id === accepted) return 0;
		const named = hostOf(candidate.record.url);
		if (named === host) return candidate.case ? 1 : 2;
		return named === undefined && candidate.record.url === null ? 3 : 4;
	};
	const own = candidates
		.map((candidate) => ({ candidate, rank: rank(candidate) }))
		.filter((entry) => entry.rank < 4)
		.sort((a, b) => a.rank - b.rank || Number(a.candidate.record.id) - Number(b.candidate.record.id));
	return { chosen: own[0]?.candidate, twins: own.slice(1).map((entry) => entry.candidate) };
}
