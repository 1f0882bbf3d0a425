import type { TicketCommentRow, TicketRecord } from '../orocrm/types';
import type { TicketAudit, ZendeskComment } from '../zendesk/types';
import { markOf } from './comment-mark';
import type { Mark } from './comment-mark';

/**
 * The comment that a write to Zendesk made, as the audit in its answer tells it. That audit may be another one's (zendesk-api.md §8), and only
 * the mark says that it is the write's own: undefined without it, or when the audit doesn't tell what a list of comments would.
 */
export function toldComment(audit: TicketAudit | undefined, mark: Mark): ZendeskComment | undefined {
	const own = audit && typeof audit === 'object' ? markOf({ metadata: audit.metadata }) : undefined;
	if (!audit || own?.kind !== mark.kind || own.id !== mark.id || own.site !== mark.site) return undefined;
	const told = (Array.isArray(audit.events) ? audit.events : []).filter((event) => event?.type === 'Comment');
	const [comment] = told;
	if (told.length !== 1 || !Number.isSafeInteger(comment.id) || typeof comment.author_id !== 'number' || typeof comment.public !== 'boolean' || typeof audit.created_at !== 'string') return undefined;
	// In an audit a comment has neither of its own: they are the audit's (zendesk-api.md §7).
	return { ...comment, body: String(comment.body ?? ''), created_at: audit.created_at, metadata: audit.metadata, audit_id: audit.id } as ZendeskComment;
}

/**
 * True when each comment of a ticket has its row, by their number: then nothing that a run published is without one, though the comments
 * were not read.
 *
 * @param count all comments of the ticket
 * @param rows of this record, and possibly others
 */
export function allHaveRows(count: number | undefined, rows: readonly TicketCommentRow[], record: Pick<TicketRecord, 'id'> | null): boolean {
	if (record === null) return false;
	const numbers = new Set(rows.filter((row) => row.ticket === record.id && row.originId !== null).map((row) => row.originId));
	return numbers.size === count;
}
