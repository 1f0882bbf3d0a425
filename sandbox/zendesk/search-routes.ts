import type { Api } from './api';
import { ApiError, invalidCursor } from './errors';
import { address, offsetPage, type Query } from './paging';
import type { Answer } from './router';
import type { Indexed } from './search-index';
import { matches, parseQuery, typeIn, type Searchable } from './search-query';
import type { Group, Organization, Ticket, User } from './types';

type Row = Ticket | User | Organization | Group;
const TYPES: Searchable[] = ['ticket', 'user', 'organization', 'group'];
/** Only the first 1,000 results can be paged through (zendesk-api.md §13). */
const MAX_RESULTS = 1000;

export function searchRoutes(api: Api): void {
	const { router } = api;
	router.add('GET', 'search', {}, ({ query }) => search(api, query));
	router.add('GET', 'search/count', {}, ({ query }) => ({
		status: 200,
		body: { count: find(api, query, typesOf(query)).length },
	}));
	router.add('GET', 'search/export', { limits: [['searchExport', () => 'account']] }, ({ query }) =>
		exportSearch(api, query),
	);
}

function typesOf(query: Query): Searchable[] {
	const named = typeIn(parseQuery(query.query ?? ''));
	return TYPES.filter((type) => named === undefined || type === named);
}

function rowsOf(api: Api, type: Searchable): Array<Indexed<Row>> {
	const { store, search } = api;
	if (type === 'ticket') return search.tickets();
	if (type === 'user') return search.users();
	const rows =
		type === 'organization'
			? [...store.organizations.values()]
			: [...store.groups.values()].filter((group) => !group.deleted);
	return rows.map((row) => ({ row, seen: row }));
}

function find(api: Api, query: Query, types: Searchable[]): Array<{ type: Searchable; row: Row }> {
	const terms = parseQuery(query.query ?? '');
	return types.flatMap((type) =>
		rowsOf(api, type)
			.filter(({ seen }) => matches(api.store, type, seen, terms))
			.map(({ row }) => ({ type, row })),
	);
}

function view(api: Api, { type, row }: { type: Searchable; row: Row }): Record<string, unknown> {
	const { views } = api;
	const shown =
		type === 'ticket'
			? views.ticket(row as Ticket)
			: type === 'user'
				? views.user(row as User)
				: type === 'organization'
					? views.organization(row as Organization)
					: views.group(row as Group);
	return { ...shown, result_type: type };
}

function search(api: Api, query: Query): Answer {
	const perPage = Math.min(Number(query.per_page) || 100, 100);
	if ((Number(query.page) || 1) * perPage > MAX_RESULTS) {
		throw new ApiError(422, {
			error: 'invalid',
			description: 'Invalid search: Requested response size was greater than Search Response Limits',
		});
	}
	const by = query.sort_by === 'created_at' ? 'created_at' : 'updated_at';
	const sign = query.sort_order === 'asc' ? 1 : -1;
	const found = find(api, query, typesOf(query)).sort(
		(a, b) => sign * (Date.parse(a.row[by]) - Date.parse(b.row[by]) || a.row.id - b.row.id),
	);
	const { rows, next_page, previous_page, count } = offsetPage(found, query, api.baseUrl(), 'search');
	return {
		status: 200,
		body: { results: rows.map((hit) => view(api, hit)), facets: null, next_page, previous_page, count },
	};
}

interface ExportCursor {
	sortValues: [number, number];
	exportedThusFar: number;
	sessionStart: number;
	createdAt: number;
}

const CURSOR_MILLISECONDS = 3_600_000;

/** Newest first; a cursor is good for one hour (zendesk-api.md §13). */
function exportSearch(api: Api, query: Query): Answer {
	const type = TYPES.find((name) => name === query['filter[type]']);
	if (!type)
		throw new ApiError(422, { error: 'invalid', description: 'Invalid search: filter[type] is missing or invalid' });
	const now = api.clock.now().getTime();
	const from = query['page[after]'] === undefined ? undefined : readCursor(query['page[after]'], now);
	const size = Math.min(Math.max(Number(query['page[size]']) || 100, 1), MAX_RESULTS);
	const rest = find(api, query, [type])
		.sort((a, b) => Date.parse(b.row.created_at) - Date.parse(a.row.created_at) || a.row.id - b.row.id)
		.filter(({ row }) => !from || isPast(row, from));
	const rows = rest.slice(0, size);
	const last = rows[rows.length - 1]?.row;
	const after_cursor = last
		? writeCursor({
				sortValues: [Date.parse(last.created_at), last.id],
				exportedThusFar: (from?.exportedThusFar ?? 0) + rows.length,
				sessionStart: from?.sessionStart ?? now,
				createdAt: now,
			})
		: null;
	const next = after_cursor && address(api.baseUrl(), 'search/export', { ...query, 'page[after]': after_cursor });
	return {
		status: 200,
		headers: { 'cache-control': 'max-age=10, private' },
		body: {
			results: rows.map((hit) => view(api, hit)),
			facets: null,
			meta: { has_more: rest.length > size, after_cursor, before_cursor: null },
			links: { prev: null, next },
		},
	};
}

function isPast(row: Row, { sortValues: [created, id] }: ExportCursor): boolean {
	const time = Date.parse(row.created_at);
	return time < created || (time === created && row.id > id);
}

/** The recorded form, without the two salted hashes' meaning (R:search.export.1). */
function writeCursor(cursor: ExportCursor): string {
	const { sortValues, exportedThusFar, sessionStart, createdAt } = cursor;
	const value = {
		field: 'created_at',
		desc: true,
		tieBreakField: 'id',
		tieBreakDesc: false,
		sortValues,
		exportedThusFar,
		sessionStart,
		createdAt,
	};
	return Buffer.from(JSON.stringify({ ...value, saltedRequestHash: 0, saltedCursorHash: 0 })).toString('base64');
}

function readCursor(text: string, now: number): ExportCursor {
	let cursor: ExportCursor;
	try {
		cursor = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as ExportCursor;
	} catch {
		throw invalidCursor();
	}
	if (!Array.isArray(cursor.sortValues) || cursor.createdAt + CURSOR_MILLISECONDS < now) throw invalidCursor();
	return cursor;
}
