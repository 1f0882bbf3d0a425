import { invalidCursor, tooDeep } from './errors';

/** Both of Zendesk's ways to page through a list (zendesk-api.md §2). */

export type Query = Record<string, string>;

const MAX_PAGE = 100;
const MAX_OFFSET_ROWS = 10_000;

/** Values of a parameter such as `role[]`, which may come several times, are joined by this in a query. */
const LIST_SEPARATOR = ',';

/** The parameters of a query string; of equal keys the last one counts, unless they make a list. */
export function readQuery(text: string): Query {
	const query: Query = {};
	for (const [name, value] of new URLSearchParams(text)) {
		const isMore = name.endsWith('[]') && query[name] !== undefined;
		query[name] = isMore ? `${query[name]}${LIST_SEPARATOR}${value}` : value;
	}
	return query;
}

export const listParameter = (query: Query, name: string): string[] => query[name]?.split(LIST_SEPARATOR) ?? [];

const valuesOf = (query: Query, name: string): string[] =>
	name.endsWith('[]') ? listParameter(query, name) : [query[name]];

/** An address on this server; parameters in alphabetical order, as in every recorded `next_page` and `links.next`. */
export function address(baseUrl: string, path: string, query: Query): string {
	const sorted = Object.keys(query)
		.sort()
		.flatMap((name): Array<[string, string]> => valuesOf(query, name).map((value) => [name, value]));
	const text = new URLSearchParams(sorted).toString();
	return `${baseUrl}/api/v2/${path}.json${text ? `?${text}` : ''}`;
}

export function wantsCursor(query: Query): boolean {
	return ['page[size]', 'page[after]', 'page[before]'].some((name) => query[name] !== undefined);
}

function size(value: string | undefined, most: number): number {
	const number = Number(value);
	return Number.isInteger(number) && number > 0 ? Math.min(number, most) : most;
}

export interface OffsetPage<T> {
	rows: T[];
	next_page: string | null;
	previous_page: string | null;
	count: number;
}

/** `page` and `per_page`; refused beyond 10,000 rows. */
export function offsetPage<T>(rows: T[], query: Query, baseUrl: string, path: string): OffsetPage<T> {
	const perPage = size(query.per_page, MAX_PAGE);
	const page = Math.max(1, Math.floor(Number(query.page)) || 1);
	if (page * perPage > MAX_OFFSET_ROWS) throw tooDeep();
	const at = (number: number) => {
		const { per_page, ...others } = query;
		const kept: Query = perPage === MAX_PAGE ? {} : { per_page };
		return address(baseUrl, path, { ...others, ...kept, page: String(number) });
	};
	return {
		rows: rows.slice((page - 1) * perPage, page * perPage),
		next_page: page * perPage < rows.length ? at(page + 1) : null,
		previous_page: page > 1 ? at(page - 1) : null,
		count: rows.length,
	};
}

export type KeyPart = number | string | Date;

/** How a list is ordered and what of a row its cursors hold. */
export interface Order<T> {
	/** As in the cursor, e.g. `nice_id` or `created_at,id`. */
	name: string;
	key: (row: T) => KeyPart[];
	descending?: boolean;
}

export interface CursorPage<T> {
	rows: T[];
	meta: { has_more: boolean; after_cursor: string | null; before_cursor: string | null };
	links: { prev: string | null; next: string | null };
}

/** `page[size]`, `page[after]`, `page[before]`. `rows` are in the list's order; `accept` leaves rows out while paging. */
export function cursorPage<T>(
	rows: T[],
	order: Order<T>,
	query: Query,
	baseUrl: string,
	path: string,
	accept: (row: T) => boolean = () => true,
	most = MAX_PAGE,
): CursorPage<T> {
	const wanted = size(query['page[size]'], most);
	const { found, more } = query['page[before]']
		? before(rows, order, decodeCursor(query['page[before]'], order.name), wanted, accept)
		: after(
				rows,
				order,
				query['page[after]'] ? decodeCursor(query['page[after]'], order.name) : undefined,
				wanted,
				accept,
			);
	if (found.length === 0) {
		return {
			rows: [],
			meta: { has_more: false, after_cursor: null, before_cursor: null },
			links: { prev: null, next: null },
		};
	}
	const after_cursor = encodeCursor(order.name, order.key(found[found.length - 1]));
	const before_cursor = encodeCursor(order.name, order.key(found[0]));
	const { 'page[after]': _after, 'page[before]': _before, ...others } = query;
	return {
		rows: found,
		meta: { has_more: more, after_cursor, before_cursor },
		links: {
			prev: address(baseUrl, path, { ...others, 'page[before]': before_cursor }),
			next: address(baseUrl, path, { ...others, 'page[after]': after_cursor }),
		},
	};
}

function after<T>(rows: T[], order: Order<T>, key: KeyPart[] | undefined, wanted: number, accept: (row: T) => boolean) {
	const found: T[] = [];
	for (let i = key ? place(rows, order, key, true) : 0; i < rows.length; i += 1) {
		if (!accept(rows[i])) continue;
		if (found.length === wanted) return { found, more: true };
		found.push(rows[i]);
	}
	return { found, more: false };
}

function before<T>(rows: T[], order: Order<T>, key: KeyPart[], wanted: number, accept: (row: T) => boolean) {
	const found: T[] = [];
	for (let i = place(rows, order, key, false) - 1; i >= 0; i -= 1) {
		if (!accept(rows[i])) continue;
		if (found.length === wanted) return { found: found.reverse(), more: true };
		found.push(rows[i]);
	}
	return { found: found.reverse(), more: false };
}

/** Index of the first row at the key (or after it). */
function place<T>(rows: T[], order: Order<T>, key: KeyPart[], past: boolean): number {
	let low = 0;
	let high = rows.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		const compared = compareKeys(order.key(rows[middle]), key) * (order.descending ? -1 : 1);
		if (compared < 0 || (compared === 0 && past)) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Capitals do not count in an order by name, though a cursor keeps them (R:groups.list.cursor.1). */
function plain(part: KeyPart): number | string {
	if (part instanceof Date) return part.getTime();
	return typeof part === 'string' ? part.toLowerCase() : part;
}

export function compareKeys(a: KeyPart[], b: KeyPart[]): number {
	for (let i = 0; i < a.length; i += 1) {
		const left = plain(a[i]);
		const right = plain(b[i]);
		if (left < right) return -1;
		if (left > right) return 1;
	}
	return 0;
}

/**
 * The recorded form: base64 of `{"o":"<order>","v":"<base64>"}`, where v holds `i` + a 64-bit number, `d` + seconds, or
 * `s` + length + text, one after the other (decoded from R:tickets.list.cursor.1, comments.list.cursor.1, groups.list.cursor.1).
 */
export function encodeCursor(order: string, key: KeyPart[]): string {
	const value = Buffer.concat(key.map(encodePart)).toString('base64');
	return Buffer.from(JSON.stringify({ o: order, v: value })).toString('base64');
}

function encodePart(part: KeyPart): Buffer {
	if (typeof part === 'string') {
		const length = Buffer.alloc(4);
		length.writeUInt32LE([...part].length);
		return Buffer.concat([Buffer.from('s'), length, Buffer.from(part)]);
	}
	const number = Buffer.alloc(8);
	number.writeBigInt64LE(BigInt(part instanceof Date ? Math.floor(part.getTime() / 1000) : part));
	return Buffer.concat([Buffer.from(part instanceof Date ? 'd' : 'i'), number]);
}

export function decodeCursor(cursor: string, order: string): KeyPart[] {
	try {
		const { o, v } = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8')) as { o: string; v: string };
		if (o !== order) throw invalidCursor();
		return decodeParts(Buffer.from(v, 'base64'));
	} catch {
		throw invalidCursor();
	}
}

function decodeParts(value: Buffer): KeyPart[] {
	const parts: KeyPart[] = [];
	let at = 0;
	while (at < value.length) {
		const kind = String.fromCharCode(value[at]);
		if (kind === 's') {
			const end = endOfText(value, at + 5, value.readUInt32LE(at + 1));
			parts.push(value.toString('utf8', at + 5, end));
			at = end;
		} else {
			const number = Number(value.readBigInt64LE(at + 1));
			parts.push(kind === 'd' ? new Date(number * 1000) : number);
			at += 9;
		}
	}
	return parts;
}

/** Texts are counted in characters, not bytes. */
function endOfText(value: Buffer, start: number, characters: number): number {
	let at = start;
	for (let left = characters; left > 0; left -= 1) {
		const lead = value[at];
		at += lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
	}
	return at;
}
