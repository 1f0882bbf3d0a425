import type { ZendeskComment } from './types';

/**
 * Whether an account's `comment_count` counts internal notes, too; by the account's address, for as long as the process lives. No source
 * says it, so it is only believed where it was seen.
 */
const countsAll = new Map<string, boolean>();

/**
 * Learns from a ticket whose comments were all read after its count. Comments only become more, so with an internal one among them the two
 * agree only where it is counted. The last ticket that tells anything counts.
 */
export function learnCommentCount(baseUrl: string, count: number | undefined, comments: readonly ZendeskComment[]): void {
	if (typeof count !== 'number' || !comments.some((comment) => comment.public === false)) return;
	countsAll.set(baseUrl, comments.length === count);
}

/**
 * The same for comments that an export told, which only tells those that are as many as the count: an event that is late could make them
 * so by chance, so what was read singly counts more.
 */
export function learnExportedCount(baseUrl: string, count: number | undefined, comments: readonly ZendeskComment[]): void {
	if (countsAll.get(baseUrl) !== false) learnCommentCount(baseUrl, count, comments);
}

/** True when `comment_count` is known to be the number of all comments. */
export function countsAllComments(baseUrl: string): boolean {
	return countsAll.get(baseUrl) === true;
}

/** Nothing is known any more, as in a new process. For tests. */
export function forgetCommentCounts(): void {
	countsAll.clear();
}
