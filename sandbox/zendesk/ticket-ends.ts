import { closedTicket, notFound } from './errors';
import type { Store, WriteContext } from './store';
import { cleanTags, updateTicket, writeAudit } from './ticket-changes';
import { epochSeconds } from './time';
import type { Ticket } from './types';

/** Soft: the ticket stays in exports with `status: deleted` (zendesk-api.md §5). */
export function deleteTicket(store: Store, id: number, context: WriteContext = {}): Ticket {
	const ticket = store.liveTicket(id);
	if (!ticket || ticket.status === 'deleted') throw notFound();
	const before = ticket.status;
	ticket.status_before_deletion = before;
	ticket.status = 'deleted';
	ticket.deleted_by = store.actor(context).id;
	changeStatus(store, ticket, 'deleted', before, context);
	return ticket;
}

export function restoreTicket(store: Store, id: number, context: WriteContext = {}): Ticket {
	const ticket = store.tickets.get(id);
	if (ticket?.status !== 'deleted' || ticket.scrubbed) throw notFound();
	ticket.status = ticket.status_before_deletion ?? 'open';
	ticket.status_before_deletion = null;
	ticket.deleted_by = null;
	changeStatus(store, ticket, ticket.status, 'deleted', context);
	return ticket;
}

/** These audits do not name the writing program; a restore comes the way the ticket came (R:ticket_audits.list.cursor.1). */
function changeStatus(store: Store, ticket: Ticket, value: string, previous: string, context: WriteContext): void {
	const changes = [{ field_name: 'status', value, previous_value: previous }];
	const via = previous === 'deleted' ? ticket.via : undefined;
	writeAudit(store, ticket, { changes, creation: false, via }, { ...context, client: undefined, ipAddress: undefined });
}

/** Deletion time stays in `updated_at`; only `generated_timestamp` moves (zendesk-api.md §5). */
export function scrubTicket(store: Store, id: number, context: WriteContext = {}): Ticket {
	const ticket = store.tickets.get(id);
	if (!ticket) throw notFound();
	if (ticket.status !== 'deleted') deleteTicket(store, id, context);
	ticket.scrubbed = true;
	ticket.subject = 'SCRUBBED';
	ticket.description = 'X';
	ticket.tags = [];
	ticket.custom_values = {};
	ticket.external_id = null;
	for (const comment of store.commentsOf(id)) {
		Object.assign(comment, { body: 'X', html_body: 'X', plain_body: 'X', attachment_ids: [] });
	}
	return touchTicket(store, id, context);
}

export function touchTicket(store: Store, id: number, context: WriteContext = {}): Ticket {
	const ticket = store.tickets.get(id);
	if (!ticket) throw notFound();
	ticket.generated_timestamp = epochSeconds(store.now(context));
	store.putTicket(ticket);
	store.changed();
	return ticket;
}

export interface MergeWords {
	source_comment?: string;
	source_comment_is_public?: boolean;
	target_comment?: string;
	target_comment_is_public?: boolean;
}

/** The source is closed with the tag `closed_by_merge`; each ticket gets a comment that names the other. */
export function mergeTicket(
	store: Store,
	sourceId: number,
	targetId: number,
	words: MergeWords,
	context: WriteContext = {},
): Ticket {
	const source = store.liveTicket(sourceId);
	const target = store.liveTicket(targetId);
	if (!source || !target || sourceId === targetId) throw notFound();
	if (target.status === 'closed') throw closedTicket();
	const merge = { ...context, channel: 'web' };
	updateTicket(
		store,
		targetId,
		{
			comment: {
				body:
					words.target_comment ??
					`Request #${sourceId} "${source.subject ?? ''}" was closed and merged into this request.`,
				public: words.target_comment_is_public ?? false,
			},
		},
		merge,
	);
	return updateTicket(
		store,
		sourceId,
		{
			status: 'closed',
			tags: cleanTags([...source.tags, 'closed_by_merge']),
			comment: {
				body:
					words.source_comment ??
					`This request was closed and merged into request #${targetId} "${target.subject ?? ''}".`,
				public: words.source_comment_is_public ?? false,
			},
		},
		merge,
	).ticket;
}
