import { JsonApiRenderer, type Document } from '../answer/json-api';
import { PlainRenderer } from '../answer/plain';
import { ApiError, filterNotSupported, notFound } from '../errors';
import type { ApiAnswer } from '../http';
import { readListQuery, type ListQuery } from '../query/list-query';
import type { Id, Row } from '../schema/types';
import { pageLinks } from '../answer/links';
import { json } from './answers';
import type { Call } from './call';
import { existingRow, NO_LIST } from './read';

/** Addresses that are not records of a table. */
export const SPECIAL_TYPES = new Set(['userprofile', 'search']);

/** `GET /userprofile`: the user behind the token (orocrm-api.md §3.4). */
export function getUserProfile(call: Call): ApiAnswer {
	const { context } = call;
	const users = context.store.resource('users');
	const query = readListQuery(context.store, users, call.parameters, context.features, NO_LIST);
	const row = context.store.get('users', context.access.caller.userId);
	if (!row) throw new ApiError([notFound()]);
	const options = { fields: query.fields, metaTitle: query.metaTitle };
	if (context.mode === 'plain') return json(context, 200, new PlainRenderer(context).record('users', row, options));
	const object = new JsonApiRenderer(context).resourceObject('users', row, options);
	const url = `${context.apiUrl}/userprofile`;
	const data = { ...object, type: 'userprofile', ...(context.hateoas ? { links: { self: url } } : {}) };
	return json(context, 200, context.hateoas ? { data, links: { self: url } } : { data });
}

const PAGE_ADDRESSES: Record<string, string> = {
	cases: 'case/view',
	contacts: 'contact/view',
	accounts: 'account/view',
	users: 'user/view',
};

/** `GET /search`: records of all searched types (recording `search.list.1`). */
export function getSearch(call: Call): ApiAnswer {
	const { context } = call;
	const { store } = context;
	const known = new Set(['filter[searchText]', 'filter[entities]', 'page[number]', 'page[size]']);
	const unknown = call.parameters.filter((parameter) => !known.has(parameter.key));
	if (unknown.length > 0) throw new ApiError(unknown.map((parameter) => filterNotSupported(parameter.key)));
	const value = (key: string): string | undefined => call.parameters.find((one) => one.key === key)?.value;
	const types = value('filter[entities]')?.split(',') ?? Object.keys(PAGE_ADDRESSES);
	const found: Array<{ type: string; id: Id; row: Row }> = [];
	for (const type of types) {
		if (!PAGE_ADDRESSES[type] || !context.access.mayType(type, 'VIEW')) continue;
		for (const id of call.search.byText(type, value('filter[searchText]') ?? '')) {
			const row = store.get(type, id);
			if (row) found.push({ type, id, row });
		}
	}
	const size = Number(value('page[size]') ?? 10);
	const number = Number(value('page[number]') ?? 1);
	const shown = size < 0 ? found : found.slice((number - 1) * size, number * size);
	const site = context.apiUrl.replace(/(\/admin)?\/api$/, '');
	const data = shown.map(({ type, id, row }): Document => {
		const object: Document = { type: 'search', id: `${type}-${id}` };
		if (context.hateoas) object.links = { entityUrl: `${site}/${PAGE_ADDRESSES[type]}/${id}` };
		object.attributes = { entityName: store.resource(type).title!(row) };
		object.relationships = { entity: { data: { type, id: String(id) } } };
		return object;
	});
	const headers: Record<string, string> = call.xInclude.has('totalCount')
		? { 'X-Include-Total-Count': String(found.length) }
		: {};
	const url = `${context.apiUrl}/search`;
	const query = { parameters: call.parameters, pageNumber: number, pageSize: size } as ListQuery;
	const links = { self: url, ...pageLinks(url, query, size >= 0 && found.length > number * size) };
	return json(context, 200, context.hateoas ? { data, links } : { data }, headers);
}

/** `GET /asyncoperations/{id}/errors`; of an operation that failed as a whole there are none: 404 (orocrm-api.md §9). */
export function getOperationErrors(call: Call, id: string): ApiAnswer {
	const { context } = call;
	const operation = existingRow(call, id);
	const errors = context.store.all('asyncoperationerrors').filter((row) => row.operation === operation.id);
	if (operation.status === 'failed' && errors.length === 0) throw new ApiError([notFound()]);
	const data = errors.map((row) => ({
		type: 'asyncoperationerrors',
		id: String(row.id),
		attributes: { status: row.status, title: row.title, detail: row.detail, source: row.source },
	}));
	const links = { self: `${context.apiUrl}/asyncoperations/${operation.id}/errors` };
	return json(context, 200, context.hateoas ? { data, links } : { data });
}
