import type { ProvenComments } from '../sync/exported-comments';
import type { Pair } from '../sync/pair';
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
		const proven = comments.get(ticket.id);
		const marks = proven?.marksUnknown ? { marks_unknown: true } : {};
		return { origin: 'zendesk', ticket: usableTicket({ ...kept, comments: proven?.comments ?? null, ...marks, people: named }), case: null, record: null };
	});
}
