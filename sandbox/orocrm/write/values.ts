import type { Attribute } from '../schema/types';

/** A sent value that the field cannot take: 400 `form constraint` with this text. */
export class InvalidValue extends Error {
	constructor(message = 'This value is not valid.') {
		super(message);
	}
}

/** Turns a sent attribute into what is stored (orocrm-api.md §3: types). */
export function toStored(attribute: Attribute, value: unknown): unknown {
	if (value === null || value === undefined)
		return attribute.type === 'emails' || attribute.type === 'phones' ? [] : null;
	switch (attribute.type) {
		case 'string':
		case 'text':
			return toText(value);
		case 'integer':
			return toInteger(value);
		case 'bigint':
			return toBigInt(value);
		case 'boolean':
			return toBoolean(value);
		case 'datetime':
			return toDatetime(value);
		case 'date':
			return toDate(value);
		case 'emails':
			return toList(value, 'email');
		case 'phones':
			return toList(value, 'phone');
		case 'json':
			return value;
	}
}

/** Texts are cut of blanks at both ends, numbers become texts (recording `cases.create.externalid.spaces.1`). */
function toText(value: unknown): string | null {
	if (typeof value === 'string') return value.trim();
	if (typeof value === 'number') return String(value);
	if (typeof value === 'boolean') return value ? '1' : null;
	throw new InvalidValue();
}

function toInteger(value: unknown): number | null {
	if (value === '') return null;
	if (typeof value === 'number' && Number.isInteger(value)) return value;
	if (typeof value === 'string' && /^-?\d{1,15}$/.test(value.trim())) return Number(value);
	throw new InvalidValue();
}

/** A number or a text of digits; kept as a text. Whether it fits 64 bits is the database's business. */
function toBigInt(value: unknown): string | null {
	if (value === '') return null;
	if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value).toString();
	if (typeof value === 'string' && /^-?\d+$/.test(value.trim())) return BigInt(value.trim()).toString();
	throw new InvalidValue();
}

function toBoolean(value: unknown): boolean {
	if (typeof value === 'boolean') return value;
	if (value === 1 || value === '1' || value === 'true' || value === 'yes') return true;
	if (value === 0 || value === '0' || value === 'false' || value === 'no' || value === '') return false;
	throw new InvalidValue();
}

const DATETIME = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** A date alone is midnight UTC; a time needs a zone; the fraction is cut (orocrm-api.md §3). */
function toDatetime(value: unknown): string | null {
	if (value === '') return null;
	const match = typeof value === 'string' ? DATETIME.exec(value.trim()) : null;
	const bad = (): InvalidValue => new InvalidValue(`The "${String(value)}" is not valid datetime.`);
	if (!match) throw bad();
	const [, year, month, day, hour = '0', minute = '0', second = '0', zone = 'Z'] = match;
	const time = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
	if (new Date(time).getUTCDate() !== Number(day) || Number(hour) > 23 || Number(minute) > 59) throw bad();
	const sign = zone.startsWith('-') ? -1 : 1;
	const shift = zone === 'Z' ? 0 : sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
	return `${new Date(time - shift * 60_000).toISOString().slice(0, 19)}Z`;
}

function toDate(value: unknown): string | null {
	if (value === '') return null;
	if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
	throw new InvalidValue(`The "${String(value)}" is not valid date.`);
}

function toList(value: unknown, property: 'email' | 'phone'): string[] {
	if (!Array.isArray(value)) throw new InvalidValue();
	return value.map((item: unknown) => {
		const one = typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[property] : undefined;
		if (typeof one !== 'string') throw new InvalidValue();
		return one.trim();
	});
}
