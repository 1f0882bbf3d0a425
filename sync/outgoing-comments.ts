import type { CaseComment, TicketCommentRow } from '../orocrm/types';
import type { NewTicketComment, ZendeskComment } from '../zendesk/types';
import { commentHtml } from './comment-length';
import { markAs } from './comment-mark';
import { NO_TEXT, pendingComments, publishedFrom } from './comments';
import type { KnownComments } from './comments';
import type { ResolvedZendesk } from './pair';
import { laterDate, storableText } from './text';

/**
 * The case comments that Zendesk doesn't have yet, in the order in which they were written: without a row, and not among the ticket's
 * comments by their mark.
 *
 * @param comments the ticket's comments; null when they were not read: then what a dead run published isn't known, and has to be
 *   looked at before anything is sent
 * @param since only comments written after this date
 */
export function outgoingComments(comments: readonly ZendeskComment[] | null, known: KnownComments, since: string | null = null): CaseComment[] {
	const done = new Set<string>();
	for (const row of known.rows) if (row.relatedComment !== null) done.add(row.relatedComment);
	for (const comment of comments ?? []) {
		const from = publishedFrom(comment, known.site);
		if (from !== undefined) done.add(from);
	}
	// Copies without a row, which are about to get one.
	if (known.adopting) for (const step of pendingComments(comments ?? [], known)) if (step.caseComment !== null) done.add(step.caseComment);
	return [...(known.inCase ?? [])]
		.filter((comment) => !done.has(comment.id) && (since === null || laterDate(comment.createdAt, since)))
		.sort((a, b) => Number(a.id) - Number(b.id));
}

/** Case comments for which it isn't known whether they have a row: those that no row of the ticket names. */
export function withoutRow(inCase: readonly CaseComment[] | null, rows: readonly TicketCommentRow[]): CaseComment[] {
	const tied = new Set(rows.map((row) => row.relatedComment));
	return (inCase ?? []).filter((comment) => !tied.has(comment.id));
}

/** A file of a case comment, on its way to Zendesk. */
export type OutgoingFile = { token: string } | { link: string };

/**
 * A ticket's comment from a case's: visibility and author kept, text as it stands in the case. Someone without a Zendesk user, and a
 * customer's internal comment (Zendesk's customers only write public ones), is named in the text.
 *
 * @param authorRefused Zendesk doesn't take the author (gone, suspended): then the name stands in the text, too
 */
export function ticketComment(comment: CaseComment, zendesk: ResolvedZendesk, site: string, file: OutgoingFile | null, authorRefused = false): { comment: NewTicketComment; metadata: Record<string, string> } {
	const author = comment.contact ? zendesk.contacts[comment.contact] : comment.owner ? zendesk.users[comment.owner] : undefined;
	const mayWrite = !authorRefused && author !== undefined && author.id !== null && (comment.public || !comment.contact);
	const name = mayWrite || !author?.name ? [] : [`${storableText(author.name)}:`];
	const link = file && 'link' in file ? [`Attachment: ${file.link}`] : [];
	return {
		comment: {
			html_body: commentHtml([...name, messageOf(comment), ...link].join('\n\n'), `case ${comment.case ?? ''} in OroCRM`).html,
			public: comment.public,
			...(mayWrite && author.id !== null ? { author_id: author.id } : {}),
			...(file && 'token' in file ? { uploads: [file.token] } : {}),
		},
		metadata: markAs({ kind: 'comment', id: comment.id, site }),
	};
}

/** Zendesk makes no comment of an empty text, and answers as if it had. */
function messageOf({ message }: CaseComment): string {
	const text = storableText(message);
	return text.trim() === '' ? NO_TEXT : text;
}
