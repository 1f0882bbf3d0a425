import { isDeepStrictEqual } from 'node:util';

const LONGEST = 120;

/** Collects what is not as expected, so that one look shows all of it. */
export class Checks {
	readonly differences: string[] = [];

	same(what: string, seen: unknown, expected: unknown): void {
		if (isDeepStrictEqual(seen, expected)) return;
		this.differences.push(`${what}: expected ${shown(expected)}, seen ${shown(seen)}`);
	}

	/** Compares the named fields of a record, and no others. */
	fields(what: string, record: Record<string, unknown> | null | undefined, expected: Record<string, unknown>): void {
		if (!record) {
			this.differences.push(`${what}: expected one, seen none`);
			return;
		}
		for (const [name, value] of Object.entries(expected)) this.same(`${what}.${name}`, record[name], value);
	}

	/** @param expected in words */
	that(what: string, holds: boolean, expected: string, seen: unknown): void {
		if (!holds) this.differences.push(`${what}: expected ${expected}, seen ${shown(seen)}`);
	}
}

function shown(value: unknown): string {
	const text = value === undefined ? 'nothing' : JSON.stringify(value);
	return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}
