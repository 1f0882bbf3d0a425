import type { Pair } from '../sync/pair';
import type { PublishRun } from './pair-writer';

/** Pairs under way for each request that may be under way: a new ticket with three comments has seven or more records, a batch takes 50. */
const PAIRS_A_REQUEST = 16;
const MOST_PAIRS = 64;
/** Bytes of files that may be in memory at once. */
const MOST_FILE_BYTES = 32 * 1024 * 1024;

/**
 * How many of these pairs are worked on at once. `run.parallel` is about requests; the client's limit and the run's turns hold those back. Many more
 * pairs must be under way to fill a batch, for what many look at to go in one request, and because those of one person wait for each other: whoever wrote
 * ten tickets in a row would have them made one by one.
 *
 * Not so many that their files fill the memory.
 */
export function pairsAtOnce(pairs: readonly Pair[], run: PublishRun): number {
	if (run.preview) return run.parallel;
	const heaviestFirst = pairs.map((pair) => fileBytes(pair, run.largestFile)).sort((a, b) => b - a);
	let bytes = 0;
	let count = 0;
	while (count < Math.min(MOST_PAIRS, run.parallel * PAIRS_A_REQUEST) && bytes <= MOST_FILE_BYTES) bytes += heaviestFirst[count++] ?? 0;
	return Math.max(run.parallel, count);
}

/** Bytes of a ticket's files that may be copied. */
function fileBytes(pair: Pair, largestFile: number): number {
	const files = (pair?.ticket?.comments ?? []).flatMap((comment) => comment?.attachments ?? []);
	return files.reduce((sum, file) => sum + ((file?.size ?? 0) <= largestFile ? (file?.size ?? largestFile) : 0), 0);
}
