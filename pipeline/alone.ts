/** Who works under a name at the moment, and who waits for that. */
const lines = new Map<string, Promise<unknown>>();

/**
 * Does this work when nobody else in this process works under the same name: the two triggers of a workflow, and other workflows, may have
 * hold of the same ticket at the same time, and what one of them is about to write the other can't have read. Other processes (queue
 * mode) are not kept out: between them the servers' own guards count.
 *
 * @param work gets true when somebody was before it: what was read until then is out of date
 */
export async function alone<T>(name: string, work: (waited: boolean) => Promise<T>): Promise<T> {
	const before = lines.get(name);
	const mine = (before ?? Promise.resolve()).then(
		() => work(before !== undefined),
		() => work(before !== undefined),
	);
	const end = mine.catch(() => undefined);
	lines.set(name, end);
	try {
		return await mine;
	} finally {
		if (lines.get(name) === end) lines.delete(name);
	}
}
