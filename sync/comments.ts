import type { CaseComment, TicketCommentRow } from '../orocrm/types';
import type { ZendeskAttachment, ZendeskComment } from '../zendesk/types';
import type { Resolved } from './pair';
import { markOf } from './comment-mark';
import { htmlToText } from './html-text';
import { asText, longText } from './text';

/** Stands for a text that says nothing: neither side takes an empty comment. */
export const NO_TEXT = '(comment without text)';

/** What is to be done about one comment. */
export interface CommentStep {
	comment: ZendeskComment;
	/** A row that is there without its case comment or without its record; null when a row is to be made. */
	row: TicketCommentRow | null;
	/** A case comment that is there already and is only tied; null when one is to be made. */
	caseComment: string | null;
}

/** What is known of a pair's comments. */
export interface KnownComments {
	/** What OroCRM has of this ticket's comments. */
	rows: readonly TicketCommentRow[];
	/** The case's comments; null when they were not read. */
	inCase: readonly CaseComment[] | null;
	/** True when some of them may be copies without a row (OroCRM's own earlier imports): they are recognised by their text. */
	adopting: boolean;
	/** Comments of other cases that were published in this ticket, by id. */
	elsewhere: readonly string[];
	/** This OroCRM, as the marks of published comments name it. */
	site: string;
}

/** What a pair knows of its comments. */
export function knownComments({ commentRows, caseComments, publishedElsewhere, adopting, site }: Pick<Resolved, 'commentRows' | 'caseComments' | 'publishedElsewhere' | 'adopting' | 'site'>): KnownComments {
	return { rows: commentRows ?? [], inCase: caseComments, elsewhere: publishedElsewhere ?? [], adopting, site };
}

/**
 * The comments of a ticket that still have to be copied, in order. A comment whose row has a case comment is never copied again;
 * a row that lost its record is tied to the new one. A comment that was published from here is only tied to the case comment it came
 * from, and is let alone when that was deleted.
 */
export function pendingComments(comments: readonly ZendeskComment[], { rows, inCase, elsewhere, adopting, site }: KnownComments): CommentStep[] {
	const byOrigin = new Map<string, TicketCommentRow>();
	for (const row of rows) {
		if (row.originId === null) continue;
		const present = byOrigin.get(row.originId);
		if (!present || goesBefore(row, present)) byOrigin.set(row.originId, row);
	}
	const tied = new Set(rows.map((row) => row.relatedComment).filter((id) => id !== null));
	const free = adopting ? (inCase ?? []).filter((comment) => !tied.has(comment.id)) : [];
	const steps: CommentStep[] = [];
	const seen = new Set<number>();
	for (const comment of comments.filter((one) => one && typeof one === 'object').sort(byAge)) {
		if (seen.has(comment.id)) continue;
		seen.add(comment.id);
		const row = byOrigin.get(String(comment.id)) ?? null;
		if (row?.relatedComment) {
			if (row.ticket === null) steps.push({ comment, row, caseComment: row.relatedComment });
			continue;
		}
		const published = publishedFrom(comment, site);
		const isPresent = published !== undefined && (elsewhere.includes(published) || inCase?.some((one) => one.id === published) === true);
		// Where a case is made again, everything is copied: it has nothing any more.
		if (published !== undefined && (isPresent || inCase !== null)) {
			if (isPresent && !tied.has(published)) steps.push({ comment, row, caseComment: published });
			continue;
		}
		steps.push({ comment, row, caseComment: takeSame(free, comment) });
	}
	return steps;
}

/** The case comment that a ticket's comment was published from by this OroCRM. */
export function publishedFrom(comment: Pick<ZendeskComment, 'metadata'>, site: string): string | undefined {
	const mark = markOf(comment);
	return mark?.kind === 'comment' && mark.site === site ? mark.id : undefined;
}

/** Of several rows for one comment: one that is tied on both sides, then one that has its case comment, then the oldest; whatever their order. */
function goesBefore(a: TicketCommentRow, b: TicketCommentRow): boolean {
	const rank = (row: TicketCommentRow) => (row.relatedComment === null ? 2 : row.ticket === null ? 1 : 0);
	return rank(a) < rank(b) || (rank(a) === rank(b) && Number(a.id) < Number(b.id));
}

function byAge(a: ZendeskComment, b: ZendeskComment): number {
	return (Date.parse(a.created_at) || 0) - (Date.parse(b.created_at) || 0) || Number(a.id) - Number(b.id);
}

/** Takes the first free case comment that says the same in the same openness. */
function takeSame(free: CaseComment[], comment: ZendeskComment): string | null {
	const texts = new Set([comment.plain_body, comment.body, comment.html_body, caseCommentText(comment)].map(bare).filter(Boolean));
	const index = free.findIndex((candidate) => candidate.public === (comment.public === true) && texts.has(bare(candidate.message)));
	return index < 0 ? null : free.splice(index, 1)[0].id;
}

function bare(text: string | undefined): string {
	return asText(text).replace(/&nbsp;|\u00A0/g, ' ').replace(/\s+/g, ' ').trim();
}

/**
 * The text of the case comment: the comment without markup, and a line with name and address for each file that doesn't come along.
 * OroCRM's comments hold plain text and must not be blank.
 *
 * @param linked the files that become a line; all when absent
 */
export function caseCommentText(comment: ZendeskComment, linked: readonly ZendeskAttachment[] = attachmentsOf(comment)): string {
	const text = longText(htmlToText(asText(comment.html_body))) ?? longText(asText(comment.plain_body).replace(/&nbsp;/g, ' ')) ?? longText(comment.body);
	const files = linked.map((file) => `Attachment: ${longText(file.file_name) ?? 'file'} ${longText(file.content_url) ?? ''}`.trim());
	return [text, ...files].filter(Boolean).join('\n\n') || NO_TEXT;
}

/** Files of a comment that still exist. */
export function attachmentsOf(comment: ZendeskComment): ZendeskAttachment[] {
	return (Array.isArray(comment.attachments) ? comment.attachments : []).filter((file) => file && typeof file === 'object' && !file.deleted);
}
