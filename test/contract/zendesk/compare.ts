/** How strictly an answer is compared with a recorded one: values and key order alike, except where said. */
export interface Tolerance {
	/** Paths whose value may differ but not its type, e.g. `audit.id`; `*` stands for one step. */
	free?: string[];
	/** Paths that are not compared at all. */
	ignored?: string[];
	/** Keys that newer answers have and this old recording lacks. */
	newer?: string[];
	/** Keys that this old recording has and newer answers lack. */
	older?: string[];
}

const fits = (pattern: string, path: string) =>
	new RegExp(`^${pattern.replace(/\./g, '\\.').replace(/\*/g, '[^.]+')}$`).test(path);

const typeOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** In words, all places where `actual` differs from `expected`. */
export function differences(actual: unknown, expected: unknown, tolerance: Tolerance = {}, path = ''): string[] {
	const is = (patterns: string[] | undefined) => (patterns ?? []).some((pattern) => fits(pattern, path));
	if (is(tolerance.ignored)) return [];
	if (typeOf(actual) !== typeOf(expected)) return [`${path}: ${show(actual)} instead of ${show(expected)}`];
	if (is(tolerance.free)) return [];
	if (Array.isArray(expected)) return arrays(actual as unknown[], expected, tolerance, path);
	if (typeof expected === 'object' && expected !== null) return objects(actual as object, expected, tolerance, path);
	return actual === expected ? [] : [`${path}: ${show(actual)} instead of ${show(expected)}`];
}

const show = (value: unknown) => JSON.stringify(value)?.slice(0, 120);

function arrays(actual: unknown[], expected: unknown[], tolerance: Tolerance, path: string): string[] {
	const found =
		actual.length === expected.length ? [] : [`${path}: ${actual.length} rows instead of ${expected.length}`];
	return [
		...found,
		...expected
			.slice(0, actual.length)
			.flatMap((row, i) => differences(actual[i], row, tolerance, path ? `${path}.${i}` : `${i}`)),
	];
}

function objects(actual: object, expected: object, tolerance: Tolerance, path: string): string[] {
	const keys = Object.keys(actual).filter((key) => !tolerance.newer?.includes(key));
	const wanted = Object.keys(expected).filter((key) => !tolerance.older?.includes(key));
	const found = keys.join() === wanted.join() ? [] : [`${path}: keys ${keys.join()} instead of ${wanted.join()}`];
	const step = (key: string) => (path ? `${path}.${key}` : key);
	const common = wanted.filter((key) => key in actual);
	return [
		...found,
		...common.flatMap((key) => differences((actual as any)[key], (expected as any)[key], tolerance, step(key))),
	];
}

export function expectSame(actual: unknown, expected: unknown, tolerance: Tolerance = {}): void {
	expect(differences(actual, expected, tolerance)).toEqual([]);
}
