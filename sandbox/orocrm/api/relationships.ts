import { ApiError, type ErrorItem } from '../errors';
import type { ApiAnswer } from '../http';
import { RecordReader } from '../answer/json-api';
import { validate } from '../rules/validation';
import { findPage } from '../query/find';
import { readListQuery } from '../query/list-query';
import type { Association, Id, Row } from '../schema/types';
import { commit } from '../write/commit';
import { submitAssociation } from '../write/form';
import { errorsOf } from '../write/plan';
import { newItem, Preparation } from '../write/prepare';
import { RequestDataValidator } from '../write/request-data';
import { json, listAnswer, noContent, recordAnswer } from './answers';
import { documentOf } from './body';
import type { Call } from './call';
import { existingRow, NO_LIST } from './read';

/** `GET /{type}/{id}/{association}`: the associated record or a page of them. */
export function getSubresource(call: Call, id: string, name: string): ApiAnswer {
	const { context, resource } = call;
	const { store } = context;
	const association = associationOf(call, name);
	context.access.requireType(resource.type, 'VIEW');
	const row = existingRow(call, id);
	const url = `${context.apiUrl}/${resource.type}/${row.id}/${name}`;
	if (!association.many || association.target === '*') return toOneSubresource(call, row, name, association, url);
	const target = store.resource(association.target);
	context.access.requireType(target.type, 'VIEW');
	const query = readListQuery(store, target, call.parameters, context.features, { filters: true, list: true });
	const page = findPage(store, call.search, target.type, query, {
		among: store.relatedIds(resource.type, row, name),
		countAll: call.xInclude.has('totalCount'),
		nullsFirst: call.nullsFirst,
	});
	return listAnswer(context, target.type, url, query, page);
}

function toOneSubresource(call: Call, row: Row, name: string, association: Association, url: string): ApiAnswer {
	const { context } = call;
	const identifier = new RecordReader(context).targets(call.resource, row, name, association);
	const type = identifier && !Array.isArray(identifier) ? identifier.type : association.target;
	const target = context.store.schema.get(type);
	if (!target) return json(context, 200, { data: [] });
	const query = readListQuery(context.store, target, call.parameters, context.features, NO_LIST);
	const id: Id | undefined =
		identifier && !Array.isArray(identifier)
			? target.idType === 'integer'
				? Number(identifier.id)
				: identifier.id
			: undefined;
	const found = id === undefined ? null : (context.store.get(type, id) ?? null);
	return recordAnswer(context, type, found, query, url);
}

/** `GET /{type}/{id}/relationships/{association}`: type and id only. */
export function getRelationship(call: Call, id: string, name: string): ApiAnswer {
	const { context, resource } = call;
	const association = associationOf(call, name);
	context.access.requireType(resource.type, 'VIEW');
	const row = existingRow(call, id);
	const data = new RecordReader(context).targets(resource, row, name, association);
	if (context.mode === 'plain') {
		return json(context, 200, Array.isArray(data) ? data.map((one) => one.id) : data && data.id);
	}
	const self = `${context.apiUrl}/${resource.type}/${row.id}`;
	const links = { self: `${self}/relationships/${name}`, related: `${self}/${name}` };
	return json(context, 200, context.hateoas ? { links, data } : { data });
}

/** PATCH sets, POST adds, DELETE takes away: 204 (orocrm-api.md §4.1). */
export async function changeRelationship(call: Call, id: string, name: string): Promise<ApiAnswer> {
	const { context, resource } = call;
	const { store, access } = context;
	const association = associationOf(call, name);
	access.requireType(resource.type, 'EDIT');
	const item = newItem(resource, { type: resource.type, id }, '/data');
	item.existing = existingRow(call, id);
	access.requireRecord(resource.type, item.existing.id, 'EDIT');
	const { data } = documentOf(call) as { data?: unknown };
	const preparation = new Preparation(store, access);
	requireIdentifiers(preparation, data, association);
	submitAssociation(item, name, association, data, (type, target) => preparation.resolve(type, target));
	combine(call, item.existing, name, association, call.method, association.inverse ? item.members : item.values);
	validate(store, item);
	const errors = errorsOf(item).map((error): ErrorItem => ({ ...error, pointer: error.pointer && '/data' }));
	if (errors.length > 0) throw new ApiError(errors);
	await call.raceWindow();
	commit(store, { primaries: [item], included: [] }, access.caller, call.lifecycle);
	return noContent();
}

function requireIdentifiers(preparation: Preparation, data: unknown, association: Association): void {
	const validator = new RequestDataValidator();
	if (data === undefined) validator.validateResource({}, '');
	else validator.identifiers(data, '/data');
	const accepted = association.target === '*' ? association.accepts : [association.target];
	const list = (Array.isArray(data) ? data : data ? [data] : []) as Array<{ type: string; id: string }>;
	const errors =
		validator.errors.length > 0
			? validator.errors
			: list.flatMap((one, i) =>
					preparation.identifierErrors(one, Array.isArray(data) ? `/data/${i}` : '/data', accepted),
				);
	if (errors.length > 0) throw new ApiError(errors);
}

/** Turns "add" and "take away" into the whole list. */
function combine(
	call: Call,
	row: Row,
	name: string,
	association: Association,
	method: string,
	target: Map<string, unknown>,
): void {
	if (!association.many || method === 'PATCH' || !target.has(name)) return;
	const before = call.context.store.relatedIds(call.resource.type, row, name);
	const sent = target.get(name) as Id[];
	const list = method === 'POST' ? [...new Set([...before, ...sent])] : before.filter((one) => !sent.includes(one));
	target.set(name, list);
}

export function associationOf(call: Call, name: string): Association {
	const association = call.resource.associations[name];
	if (association) return association;
	throw new ApiError([{ status: 404, title: 'relationship constraint', detail: 'Unsupported subresource.' }]);
}
