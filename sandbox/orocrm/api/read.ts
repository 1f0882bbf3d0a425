import { ApiError, EmptyAnswer, filterError, notFound } from '../errors';
import type { ApiAnswer } from '../http';
import { findPage } from '../query/find';
import { readListQuery } from '../query/list-query';
import type { Resource, Row } from '../schema/types';
import { contentTypeOf } from '../answer/negotiation';
import { listAnswer, noContent, recordAnswer } from './answers';
import type { Call } from './call';

/** `GET /{type}` */
export function getList(call: Call): ApiAnswer {
	const { context, resource } = call;
	const { store, features } = context;
	context.access.requireType(resource.type, 'VIEW');
	if (resource.noCollection) throw new EmptyAnswer(404, { 'Content-Type': contentTypeOf(context.mode) });
	const query = readListQuery(store, resource, call.parameters, features, { filters: true, list: true });
	const page = findPage(store, call.search, resource.type, query, {
		countAll: call.xInclude.has('totalCount'),
		nullsFirst: call.nullsFirst,
	});
	page.rows = page.rows.filter((row) => context.access.mayRecord(resource.type, row.id, 'VIEW'));
	return listAnswer(context, resource.type, `${context.apiUrl}/${resource.type}`, query, page);
}

/** `GET /{type}/{id}` */
export function getRecord(call: Call, id: string): ApiAnswer {
	const { context, resource } = call;
	context.access.requireType(resource.type, 'VIEW');
	const query = readListQuery(context.store, resource, call.parameters, context.features, NO_LIST);
	const row = existingRow(call, id);
	context.access.requireRecord(resource.type, row.id, 'VIEW');
	return recordAnswer(context, resource.type, row, query);
}

/** `DELETE /{type}/{id}` */
export function deleteRecord(call: Call, id: string): ApiAnswer {
	const { context, resource } = call;
	context.access.requireType(resource.type, 'DELETE');
	const row = existingRow(call, id);
	context.access.requireRecord(resource.type, row.id, 'DELETE');
	context.store.remove(resource.type, row.id);
	return noContent();
}

const MOST_DELETED = 100;

/** `DELETE /{type}?filter…`: at most 100 records a call, the others stay (orocrm-api.md §4.1). */
export function deleteList(call: Call): ApiAnswer {
	const { context, resource } = call;
	const { store } = context;
	context.access.requireType(resource.type, 'DELETE');
	const query = readListQuery(store, resource, call.parameters, context.features, { filters: true, list: false });
	if (query.filters.conditions.length === 0 && !query.filters.search) {
		throw new ApiError([filterError(undefined, 'At least one filter must be provided.')]);
	}
	query.pageSize = MOST_DELETED;
	const page = findPage(store, call.search, resource.type, query, { countAll: true, nullsFirst: call.nullsFirst });
	store.transaction(() => {
		for (const row of page.rows) store.remove(resource.type, row.id);
	});
	const headers: Record<string, string> = {};
	if (call.xInclude.has('totalCount')) headers['X-Include-Total-Count'] = String(page.total);
	if (call.xInclude.has('deletedCount')) headers['X-Include-Deleted-Count'] = String(page.rows.length);
	return noContent(headers);
}

export const NO_LIST = { filters: false, list: false };

/** The record with this id, or 400 for an id of the wrong kind, or 404 (orocrm-api.md §1.5). */
export function existingRow(call: Call, id: string, resource: Resource = call.resource): Row {
	const row = call.context.store.get(resource.type, parseId(resource, id));
	if (!row) throw new ApiError([notFound()]);
	return row;
}

export function parseId(resource: Resource, id: string): number | string {
	if (resource.idType !== 'integer') return id;
	if (!/^-?\d+$/.test(id)) {
		const detail = `Expected integer value. Given "${id}".`;
		throw new ApiError([{ status: 400, title: 'entity identifier constraint', detail }]);
	}
	return Number(id);
}
