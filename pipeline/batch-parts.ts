import type { Pair } from '../sync/pair';

/**
 * Characters of pairs that one run is given at most. n8n holds a run's items once for each node, and may store them all: a page of a thousand tickets with
 * long comments would be some hundred megabytes.
 */
export const MOST_CHARACTERS = 16_000_000;
/** What a comment takes that is not read yet and will be in the run: text, HTML, plain text and what is around them (recordings: 1,000 to 3,000). Characters. */
const AN_UNREAD_COMMENT = 3_000;

/** A batch in parts, in its order, none of them larger than so many characters; a single larger pair is a part of its own. */
export function batchParts(pairs: readonly Pair[], most = MOST_CHARACTERS): Pair[][] {
	const parts: Pair[][] = [];
	let room = 0;
	for (const pair of pairs) {
		const size = sizeOf(pair);
		if (parts.length === 0 || size > room) {
			parts.push([]);
			room = most;
		}
		parts[parts.length - 1].push(pair);
		room -= size;
	}
	return parts;
}

function sizeOf(pair: Pair): number {
	const unread = pair.ticket && !pair.ticket.comments ? Math.max(0, Number(pair.ticket.comment_count) || 0) : 0;
	return JSON.stringify(pair).length + unread * AN_UNREAD_COMMENT;
}
