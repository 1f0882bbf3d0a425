import type { Api } from './api';
import type { Ticket } from './types';

/** `include=`: further top-level lists, and keys on the ticket (zendesk-api.md §3; R:tickets.list.sideload.1). */
export const SIDELOADS_IN_LISTS = ['users', 'groups', 'organizations', 'last_audits', 'sharing_agreements'];
/** Exports do not know `last_audits`. */
export const SIDELOADS_IN_EXPORTS = ['users', 'groups', 'organizations', 'sharing_agreements'];

const names = (include: string | undefined) => (include ?? '').split(',').map((name) => name.trim());

export function sideload(
	api: Api,
	tickets: Ticket[],
	include: string | undefined,
	known: string[],
): Record<string, unknown> {
	const lists: Record<string, unknown> = {};
	for (const name of names(include)) if (known.includes(name)) lists[name] = rowsFor(api, tickets, name);
	return lists;
}

function rowsFor(api: Api, tickets: Ticket[], name: string): unknown[] {
	const { store, views } = api;
	if (name === 'users') return found(tickets.flatMap(peopleOf), store.users).map((user) => views.user(user));
	if (name === 'groups')
		return found(
			tickets.map((ticket) => ticket.group_id),
			store.groups,
		).map((group) => views.group(group));
	if (name === 'organizations') {
		return found(
			tickets.map((ticket) => ticket.organization_id),
			store.organizations,
		).map((row) => views.organization(row));
	}
	if (name === 'last_audits')
		return tickets.flatMap((ticket) => store.auditsOf(ticket.id).slice(-1)).map((audit) => views.audit(audit));
	return [];
}

function peopleOf(ticket: Ticket): Array<number | null> {
	return [
		ticket.requester_id,
		ticket.submitter_id,
		ticket.assignee_id,
		...ticket.collaborator_ids,
		...ticket.follower_ids,
		...ticket.email_cc_ids,
	];
}

function found<T>(ids: Array<number | null>, rows: Map<number, T>): T[] {
	const unique = [...new Set(ids.filter((id): id is number => id !== null))].sort((a, b) => a - b);
	return unique.flatMap((id) => rows.get(id) ?? []);
}

/** Keys that `include` adds to each ticket. */
export function ticketExtras(api: Api, ticket: Ticket, include: string | undefined): Record<string, unknown> {
	if (!include) return {};
	const wanted = names(include);
	const { store, views } = api;
	const extras: Record<string, unknown> = {};
	if (wanted.includes('comment_count'))
		extras.comment_count =
			api.settings.commentCount === 'public'
				? store.commentsOf(ticket.id).filter((comment) => comment.public).length
				: (store.commentIdsOfTicket.get(ticket.id)?.length ?? 0);
	if (wanted.includes('last_audits'))
		extras.last_audit = store
			.auditsOf(ticket.id)
			.slice(-1)
			.map((audit) => views.audit(audit))[0];
	if (wanted.includes('slas')) extras.slas = { policy_metrics: [] };
	if (wanted.includes('dates')) extras.dates = datesOf(api, ticket);
	return extras;
}

/** Derived from the ticket's audits (R:tickets.list.sideload.1, `dates`). */
function datesOf(api: Api, ticket: Ticket): Record<string, string | null> {
	const audits = api.store.auditsOf(ticket.id);
	const changed = (field: string) =>
		audits
			.filter((audit) => audit.changes.some((change) => change.field_name === field))
			.map((audit) => audit.created_at);
	const last = (times: string[]) => times[times.length - 1] ?? null;
	const solved = audits.filter((audit) =>
		audit.changes.some((change) => change.field_name === 'status' && change.value === 'solved'),
	);
	const comments = api.store.commentsOf(ticket.id);
	return {
		assignee_updated_at: last(changed('assignee_id')),
		requester_updated_at: last(
			comments.filter((comment) => comment.author_id === ticket.requester_id).map((comment) => comment.created_at),
		),
		status_updated_at: last(changed('status')),
		initially_assigned_at: changed('assignee_id')[0] ?? null,
		assigned_at: last(changed('assignee_id')),
		solved_at:
			ticket.status === 'solved' || ticket.status === 'closed' ? last(solved.map((audit) => audit.created_at)) : null,
		latest_comment_added_at: last(comments.map((comment) => comment.created_at)),
	};
}
