const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** Control characters but tab, line feed and carriage return: PostgreSQL refuses NUL, and none of them means anything in a case. */
const CONTROL = /(?![\t\n\r])\p{Cc}/gu;

/**
 * A value as text: numbers and truth values by their words; empty for what is no text at all (a list, an object, nothing), so that an
 * odd value of an API or of a builder's own node can't stop a run.
 */
export function asText(value: unknown): string {
	return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : '';
}

/** Text that OroCRM's database and PHP's JSON can hold: no control characters but tab and line breaks, no half characters. */
export function storableText(text: string): string {
	return text.replace(LONE_SURROGATE, '\uFFFD').replace(CONTROL, '');
}

/** The text up to `length` UTF-16 units, never ending inside a character's surrogate pair. */
export function cutText(text: string, length: number): string {
	if (text.length <= length) return text;
	const last = text.charCodeAt(length - 1);
	return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/** A value for a column: storable, trimmed as OroCRM's forms do, cut to the column's length; null when nothing is left. */
export function columnText(value: unknown, length: number): string | null {
	return cutText(storableText(asText(value)).trim(), length).trim() || null;
}

/** A long text: storable and trimmed; null when nothing is left. */
export function longText(value: unknown): string | null {
	return storableText(asText(value)).trim() || null;
}

/** A date that OroCRM accepts (ISO 8601 with a zone, orocrm-api.md §3), or null when it is absent or no date. */
export function storableDate(value: unknown): string | null {
	if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) return null;
	const time = Date.parse(value);
	// With its offset a date at the edge can be of a year that has more than four digits.
	const exact = Number.isNaN(time) ? '' : new Date(time).toISOString();
	return /^\d{4}-/.test(exact) ? `${exact.slice(0, 19)}Z` : null;
}

/** True when `a` is later than `b`; false when one of them is no date. */
export function laterDate(a: unknown, b: unknown): boolean {
	const [first, second] = [storableDate(a), storableDate(b)];
	return first !== null && second !== null && first > second;
}

/** True when both name the same second, whatever their form. */
export function sameDate(a: unknown, b: unknown): boolean {
	const first = storableDate(a);
	return first !== null && first === storableDate(b);
}
