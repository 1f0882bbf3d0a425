import type { AttributeType } from '../schema/types';

/** A value of a filter: one value, several, or a span with both ends (the end of a span may be open: `before`). */
export type FilterValue =
	| { kind: 'one'; value: string | number | boolean }
	| { kind: 'list'; values: Array<string | number | boolean> }
	| { kind: 'span'; from: string | number; to: string | number; toIncluded: boolean };

export interface ValueRules {
	type: AttributeType;
	/** Comma lists are taken (orocrm-api.md §2.2). */
	list: boolean;
}

export class BadValue extends Error {}

const RANGES = new Set<AttributeType>(['integer', 'bigint', 'datetime', 'date']);
const PLURAL: Partial<Record<AttributeType, string>> = {
	integer: 'integers',
	bigint: 'bigints',
	datetime: 'datetimes',
	date: 'dates',
};

/** Reads the value of a filter by the type of its field, or throws BadValue with OroCRM's words (orocrm-api.md §1.5, §2.2). */
export function parseFilterValue(text: string, rules: ValueRules): FilterValue {
	if (text === '') throw new BadValue(`Expected not empty ${typeName(rules.type)} value. Given "".`);
	if (RANGES.has(rules.type) && text.includes('..')) {
		const [from, to] = text.split('..') as [string, string];
		const end = spanOf(to, rules.type, text);
		return { kind: 'span', from: spanOf(from, rules.type, text).from, to: end.to, toIncluded: end.toIncluded };
	}
	if (rules.list && text.includes(',')) {
		return { kind: 'list', values: text.split(',').map((part) => parseOne(part, rules.type, text, true)) };
	}
	if (rules.type === 'datetime') return spanOf(text, rules.type, text);
	return { kind: 'one', value: parseOne(text, rules.type, text, false) };
}

/** true, yes, 1 or false, no, 0. */
export function parseBoolean(text: string): boolean {
	const value = text.toLowerCase();
	if (['true', 'yes', '1'].includes(value)) return true;
	if (['false', 'no', '0'].includes(value)) return false;
	throw new BadValue(`Expected boolean value. Given "${text}".`);
}

function parseOne(text: string, type: AttributeType, whole: string, inList: boolean): string | number | boolean {
	const bad = (): BadValue =>
		inList && PLURAL[type]
			? new BadValue(`Expected an array of ${PLURAL[type]}. Given "${whole}".`)
			: new BadValue(`Expected ${typeName(type)} value. Given "${text}".`);
	switch (type) {
		case 'integer':
			if (!/^-?\d{1,19}$/.test(text)) throw bad();
			return Number(text);
		case 'bigint':
			if (!/^-?\d+$/.test(text)) throw bad();
			return String(BigInt(text));
		case 'boolean':
			return parseBoolean(text);
		case 'datetime': {
			const span = datetimeSpan(text);
			if (!span) throw bad();
			return span.from;
		}
		case 'date':
			if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw bad();
			return text;
		default:
			return text;
	}
}

function spanOf(text: string, type: AttributeType, whole: string): FilterValue & { kind: 'span' } {
	if (type === 'datetime') {
		const span = datetimeSpan(text);
		if (!span) throw new BadValue(`Expected datetime value. Given "${whole}".`);
		return span;
	}
	const value = parseOne(text, type, whole, false) as string | number;
	return { kind: 'span', from: value, to: value, toIncluded: true };
}

const DATETIME =
	/^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(Z|[+ -]\d{2}:?\d{2})?)?)?)?$/;

/** The period that a whole or partial date and time means: `2024-01` is all January (orocrm-api.md §2.2). */
function datetimeSpan(text: string): (FilterValue & { kind: 'span' }) | undefined {
	const match = DATETIME.exec(text);
	if (!match) return undefined;
	const [, year, month, day, hour, minute, second, zone] = match;
	const shift = zone && zone !== 'Z' ? offsetMinutes(zone) : 0;
	const at = (...add: number[]): number =>
		Date.UTC(
			Number(year) + (add[0] ?? 0),
			Number(month ?? 1) - 1 + (add[1] ?? 0),
			Number(day ?? 1) + (add[2] ?? 0),
			Number(hour ?? 0) + (add[3] ?? 0),
			Number(minute ?? 0) + (add[4] ?? 0) - shift,
			Number(second ?? 0),
		);
	if (Number(month ?? 1) > 12 || Number(day ?? 1) > 31 || Number(hour ?? 0) > 23) return undefined;
	const known = [year, month, day, hour, minute].filter((part) => part !== undefined).length;
	if (second !== undefined) return { kind: 'span', from: format(at()), to: format(at()), toIncluded: true };
	const step = [0, 0, 0, 0, 0];
	step[known - 1] = 1;
	return { kind: 'span', from: format(at()), to: format(at(...step)), toIncluded: false };
}

function offsetMinutes(zone: string): number {
	const sign = zone.startsWith('-') ? -1 : 1;
	const digits = zone.slice(1).replace(':', '');
	return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}

function format(milliseconds: number): string {
	return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function typeName(type: AttributeType): string {
	return type === 'text' || type === 'emails' || type === 'phones' ? 'string' : type;
}
