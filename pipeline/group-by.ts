/** The entries by name, each list in the order given. */
export function groupBy<T>(list: Iterable<T>, key: (entry: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const entry of list) {
		const name = key(entry);
		const group = groups.get(name);
		if (group) group.push(entry);
		else groups.set(name, [entry]);
	}
	return groups;
}
