import { batchesAreUsable } from '../orocrm/ticket-batches';
import type { Pair } from '../sync/pair';
import type { Clients } from './clients';
import type { PublishRun } from './pair-writer';

/** Pairs under way for each request that may be under way: a new ticket with three comments has seven or more records, a batch takes 50; and what many pairs look at goes in one request. */
const PAIRS_A_REQUEST = 16;
const MOST_PAIRS = 64;
/** Bytes of files that may be in memory at once for the sake of batches. */
const MOST_FILE_BYTES = 32 * 1024 * 1024;

/**
 * How many of these pairs are worked on at once. `run.parallel` is about requests; where creations go out in batches, many more
 * pairs must be under way to fill one, and in two-way sync, for what is looked at after the writes to Zendesk to be looked at for many at once. The
 * client's limit and the run's turns hold their requests back.
 *
 * Not so many that their files fill the memory.
 */
export function pairsAtOnce(pairs: readonly Pair[], clients: Clients, run: PublishRun): number {
	const inBatches = clients.oro.batches !== undefined && batchesAreUsable(clients.knowledge);
	if (run.preview || !(inBatches || run.settings.rules.twoWay)) return run.parallel;
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
