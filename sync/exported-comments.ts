import type { TicketEvent, ZendeskComment, ZendeskTicket } from '../zendesk/types';
import { markOf, publishedCase } from './comment-mark';
import type { Pair } from './pair';

/** A comment as the event export gave it. */
export interface ExportedComment {
	comment: ZendeskComment;
	/** True when it may carry a mark of its publishing that the export doesn't show: all that is published comes by API. */
	mayBeMarked: boolean;
}

/** What the event export told of one ticket's comments. */
export interface CommentHistory {
	/** By comment id; of one that came twice, what was read last. */
	comments: ReadonlyMap<number, ExportedComment>;
	/** True when something happened to its comments that the events can't tell in full: then only Zendesk's list of them counts. */
	unclear: boolean;
	/** The ticket's latest event that was read. Seconds since 1970. */
	last: number;
}

/** Which part of the event export was read. */
export interface CommentCoverage {
	/** All events from this second on were read and kept. Seconds since 1970. */
	since: number;
	/** All events before this second were read. Seconds since 1970. */
	until: number;
	/** True when the export was seen to show the marks of published comments. */
	showsMarks: boolean;
}

/** A change of a ticket raises both dates within this time; what raises only `generated_timestamp` is a system update (zendesk-api.md §3). Seconds. */
const SAME_CHANGE = 3;

/** What one event tells of its ticket's comments. */
export function commentsOfEvent(event: TicketEvent): { comments: ExportedComment[]; unclear: boolean } {
	const comments: ExportedComment[] = [];
	let unclear = false;
	for (const child of Array.isArray(event.child_events) ? event.child_events : []) {
		if (!child || typeof child !== 'object') continue;
		const kind = text(child.event_type ?? child.type) ?? '';
		if (kind === 'Comment') {
			const comment = commentOf(child, event);
			if (comment) comments.push(comment);
			else unclear = true;
		} else if (/comment|redact|privacy/i.test(kind) || child.comment_id !== undefined || child.comment_present === true) {
			// Voice comments, redactions, changes of privacy, and whatever Zendesk adds: "events may be added at any time" (Ticket Audit events reference).
			unclear = true;
		}
	}
	return { comments, unclear };
}

/** True when something changed that leaves `updated_at` alone: a redaction, for one, after which an event may still say what was written. */
export function isSystemUpdate(ticket: Pick<ZendeskTicket, 'updated_at' | 'generated_timestamp'>): boolean {
	return !((ticket.generated_timestamp ?? Infinity) - Date.parse(ticket.updated_at) / 1000 <= SAME_CHANGE);
}

/** True for a ticket whose comments the events may tell in full, as far as the ticket itself shows. */
export function mayBeProven(ticket: ZendeskTicket, { since, showsMarks }: Pick<CommentCoverage, 'since' | 'showsMarks'>): boolean {
	if (typeof ticket.comment_count !== 'number' || ticket.comment_count < 1 || ticket.status === 'deleted') return false;
	if (!(Date.parse(ticket.created_at) / 1000 >= since) || isSystemUpdate(ticket)) return false;
	return showsMarks || !mayBeginInOroCrm(ticket);
}

/** True for a ticket whose comments may be marked although OroCRM has no record of it: one that was published, or a follow-up of one. */
function mayBeginInOroCrm({ external_id, via }: ZendeskTicket): boolean {
	return publishedCase(external_id) !== undefined || record(via?.source)?.rel === 'follow_up';
}

/**
 * True when the comments have to be read singly after all: the export may have left out marks, and OroCRM has something of the ticket, so
 * one of them may be its own. All that is published from OroCRM comes by API, but what comes by API to a ticket that OroCRM doesn't know is
 * not from there.
 */
export function needsMarks({ ticket, record: ticketRecord, case: oroCase }: Pick<Pair, 'ticket' | 'record' | 'case'>): boolean {
	return ticket?.marks_unknown === true && (ticketRecord !== null || oroCase !== null || mayBeginInOroCrm(ticket));
}

/** All comments of a ticket, oldest first, in the shape of Zendesk's list of them. */
export interface ProvenComments {
	comments: ZendeskComment[];
	/** True when one of them may carry a mark of its publishing that the export doesn't show. */
	marksUnknown: boolean;
}

/**
 * The comments of a ticket; null when the events don't prove that it is all of them
 * and that they are still so. Proof is that the whole life of the ticket was read, up to its last change, that there are as many as Zendesk counts, and
 * that nothing in the events or in the ticket speaks against them.
 */
export function provenComments(ticket: ZendeskTicket, history: CommentHistory | undefined, coverage: CommentCoverage): ProvenComments | null {
	if (!history || history.unclear || !mayBeProven(ticket, coverage) || !((ticket.generated_timestamp ?? Infinity) < coverage.until)) return null;
	const exported = [...history.comments.values()];
	if (exported.length !== ticket.comment_count) return null;
	// Whatever moves `updated_at` is an event of the same second (zendesk-api.md §6; ten of ten recorded audits): without it, one is still missing.
	if (!(history.last >= Date.parse(ticket.updated_at) / 1000)) return null;
	const comments = exported.map((one) => one.comment);
	// Public is a ticket with a public comment (zendesk-api.md §6): otherwise one was made private since.
	if (typeof ticket.is_public === 'boolean' && ticket.is_public !== comments.some((comment) => comment.public)) return null;
	return {
		comments: comments.sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || a.id - b.id),
		marksUnknown: !coverage.showsMarks && exported.some((one) => one.mayBeMarked),
	};
}

/** Undefined when anything is missing that the list of comments has. */
function commentOf(child: Record<string, unknown>, event: TicketEvent): ExportedComment | undefined {
	const { id, author_id, audit_id, attachments } = child;
	const body = text(child.body);
	const html = text(child.html_body);
	const plain = text(child.plain_body);
	const created = text(child.created_at);
	if (typeof id !== 'number' || typeof author_id !== 'number' || typeof child.public !== 'boolean' || !Array.isArray(attachments)) return undefined;
	if (body === undefined || html === undefined || created === undefined || Number.isNaN(Date.parse(created))) return undefined;
	const custom = customMetadata(event.metadata);
	const via = record(child.via);
	const comment: ZendeskComment = {
		id,
		type: 'Comment',
		author_id,
		body,
		html_body: html,
		...(plain === undefined ? {} : { plain_body: plain }),
		public: child.public,
		attachments: attachments as ZendeskComment['attachments'],
		...(typeof audit_id === 'number' ? { audit_id } : {}),
		...(via ? { via } : {}),
		created_at: created,
		metadata: { system: record(event.system) ?? record(record(event.metadata)?.system) ?? {}, custom: custom.values },
	};
	return { comment, mayBeMarked: !custom.named && markOf(comment) === undefined && byApi(via) };
}

/** True for what came by API, for a follow-up, which names another channel whoever made it, and for what doesn't say how it came. */
function byApi(via: { channel?: unknown; source?: unknown } | undefined): boolean {
	const channel = text(via?.channel);
	return channel === undefined || channel === 'api' || record(via?.source)?.rel === 'follow_up';
}

/** An audit's own metadata: under `custom`, as audits have it, or by itself. Only the first shows by an empty one that there is none. */
function customMetadata(metadata: unknown): { values: Record<string, unknown>; named: boolean } {
	const whole = record(metadata);
	const custom = record(whole?.custom);
	return custom ? { values: custom, named: true } : { values: whole ?? {}, named: false };
}

function text(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

function record(value: unknown): Record<string, unknown> | undefined {
	return value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}
