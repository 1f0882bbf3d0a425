/**
 * Runs `work` on every item, at most `limit` at once, and gives back the results in the items' order.
 * The first rejection stops the start of further items; those under way are waited for, then it is thrown.
 */
export async function inParallel<T, R>(items: readonly T[], limit: number, work: (item: T, index: number) => Promise<R>): Promise<R[]> {
	const results = new Array<R>(items.length);
	let next = 0;
	let failure: { reason: unknown } | undefined;
	const worker = async () => {
		while (next < items.length && !failure) {
			const index = next++;
			try {
				results[index] = await work(items[index], index);
			} catch (reason) {
				failure ??= { reason };
			}
		}
	};
	await Promise.all(Array.from({ length: Math.max(1, Math.min(limit || 1, items.length)) }, worker));
	if (failure) throw failure.reason;
	return results;
}

/** Cuts a list into pieces of at most `size`. */
export function pieces<T>(list: readonly T[], size: number): T[][] {
	const result: T[][] = [];
	for (let i = 0; i < list.length; i += size) result.push(list.slice(i, i + size));
	return result;
}
