import { ApiError, filterError } from '../errors';
import type { Id, Row } from '../schema/types';
import { SearchSyntaxError, type SearchIndex } from '../search/search-index';
import type { Store } from '../store/store';
import { ConditionSet } from './conditions';
import type { ListQuery } from './list-query';
import { isIdOrder, sortRows } from './sorting';

export interface Page {
	rows: Row[];
	hasMore: boolean;
	/** Known when it was asked for. */
	total?: number;
}

export interface FindOptions {
	/** Only these records, e.g. the comments of one case. */
	among?: readonly Id[];
	countAll: boolean;
	nullsFirst: boolean;
}

/** Finds one page of records. Reads no further than needed when the order is that of the ids and no count is asked for. */
export function findPage(
	store: Store,
	search: SearchIndex,
	type: string,
	query: ListQuery,
	options: FindOptions,
): Page {
	const skip = query.pageSize < 0 ? 0 : (query.pageNumber - 1) * query.pageSize;
	const end = query.pageSize < 0 ? Infinity : skip + query.pageSize;
	const found = searchHits(search, type, query);
	const byRelevance = found !== undefined && !query.sorted;
	const fixedOrder = store.resource(type).fixedOrder === true;
	const byId = !byRelevance && isIdOrder(query.sort);
	const stopAfter = byId && !query.sort[0]!.descending && !options.countAll ? end + 1 : Infinity;
	let rows = matching(store, type, query, found ?? options.among, stopAfter, byRelevance || fixedOrder);
	if (byId && query.sort[0]!.descending) rows.reverse();
	else if (!byId && !byRelevance && !fixedOrder) rows = sortRows(store, type, rows, query.sort, options.nullsFirst);
	const page: Page = { rows: rows.slice(skip, end), hasMore: rows.length > end };
	if (options.countAll) page.total = rows.length;
	return page;
}

function matching(
	store: Store,
	type: string,
	query: ListQuery,
	among: readonly Id[] | undefined,
	stopAfter: number,
	keepOrder: boolean,
): Row[] {
	const conditions = new ConditionSet(store, type, query.filters.conditions);
	const table = store.table(type);
	let ids: readonly Id[];
	if (!among) ids = keepOrder ? [...table.rows.keys()] : conditions.candidates();
	else ids = keepOrder ? among : [...among].sort((a, b) => (a < b ? -1 : 1));
	const rows: Row[] = [];
	for (const id of ids) {
		const row = table.get(id);
		if (!row || !conditions.matches(row)) continue;
		rows.push(row);
		if (rows.length >= stopAfter) break;
	}
	return rows;
}

function searchHits(search: SearchIndex, type: string, query: ListQuery): Id[] | undefined {
	const asked = query.filters.search;
	if (!asked) return undefined;
	try {
		return asked.kind === 'text' ? search.byText(type, asked.text) : search.byQuery(type, asked.text);
	} catch (error) {
		if (!(error instanceof SearchSyntaxError)) throw error;
		throw new ApiError([filterError(asked.parameter, error.message)]);
	}
}
