import type { ProvenComments } from '../sync/exported-comments';
import type { Pair, TicketInPair } from '../sync/pair';
import { usableTicket } from '../sync/usable-ticket';
import type { ZendeskTicket, ZendeskUser } from '../zendesk/types';
import { slimUser } from '../zendesk/users';

/** Pairs for the pipeline: each ticket with the people that it names, and with its comments (by ticket id) where all of them are known. */
export function pairsOf(tickets: readonly ZendeskTicket[], users: readonly ZendeskUser[], comments: ReadonlyMap<number, ProvenComments> = new Map()): Pair[] {
	const people = new Map(users.map((user) => [user.id, slimUser(user)]));
	return tickets.map((ticket) => {
		const kept = { ...ticket };
		// The same list as `custom_fields` once more (zendesk-api.md §2).
		delete kept.fields;
		const ids = new Set([ticket.requester_id, ticket.submitter_id, ticket.assignee_id, ...(Array.isArray(ticket.collaborator_ids) ? ticket.collaborator_ids : [])]);
		const named = [...ids].map((id) => people.get(id ?? -1)).filter((user) => user !== undefined);
		return { origin: 'zendesk', ticket: withComments(usableTicket({ ...kept, comments: null, people: named }), comments.get(ticket.id)), case: null, record: null };
	});
}

/** The ticket with all of its comments, where they are known. */
export function withComments(ticket: TicketInPair, proven: ProvenComments | undefined): TicketInPair {
	return proven ? { ...ticket, comments: proven.comments, ...(proven.marksUnknown ? { marks_unknown: true } : {}) } : ticket;
}
