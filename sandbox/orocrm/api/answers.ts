import type { AnswerContext } from '../answer/context';
import { IncludeCollector, includeTree, type Included } from '../answer/include';
import { everything, JsonApiRenderer, type Document, type RenderOptions } from '../answer/json-api';
import { pageLinks } from '../answer/links';
import { contentTypeOf } from '../answer/negotiation';
import { PlainRenderer, plainErrors } from '../answer/plain';
import type { ErrorItem } from '../errors';
import type { ApiAnswer } from '../http';
import type { Page } from '../query/find';
import type { ListQuery } from '../query/list-query';
import type { Row } from '../schema/types';
import type { PlanItem } from '../write/plan';

const optionsOf = (query: ListQuery): RenderOptions => ({ fields: query.fields, metaTitle: query.metaTitle });

/** A list: data, included, links (recording `zendesktickets.list.include.1`). */
export function listAnswer(context: AnswerContext, type: string, url: string, query: ListQuery, page: Page): ApiAnswer {
	const headers: Record<string, string> = {};
	if (page.total !== undefined) headers['X-Include-Total-Count'] = String(page.total);
	const tree = includeTree(query.include);
	if (context.mode === 'plain') {
		const renderer = new PlainRenderer(context);
		return json(
			context,
			200,
			page.rows.map((row) => renderer.record(type, row, optionsOf(query), tree)),
			headers,
		);
	}
	const renderer = new JsonApiRenderer(context);
	const document: Document = { data: page.rows.map((row) => renderer.resourceObject(type, row, optionsOf(query))) };
	addIncluded(context, document, new IncludeCollector(context).collect(type, page.rows, tree, query.fields), query);
	if (context.hateoas) document.links = { self: url, ...pageLinks(url, query, page.hasMore) };
	return json(context, 200, document, headers);
}

/** One record. `links.self` is the address of the collection even here (orocrm-api.md §2.1). */
export function recordAnswer(
	context: AnswerContext,
	type: string,
	row: Row | null,
	query: ListQuery,
	url?: string,
): ApiAnswer {
	const tree = includeTree(query.include);
	if (context.mode === 'plain') {
		const record = row && new PlainRenderer(context).record(type, row, optionsOf(query), tree);
		return json(context, 200, record);
	}
	const document: Document = {
		data: row && new JsonApiRenderer(context).resourceObject(type, row, optionsOf(query)),
	};
	const rows = row ? [row] : [];
	addIncluded(context, document, new IncludeCollector(context).collect(type, rows, tree, query.fields), query);
	const hasAddress = !context.store.resource(type).noCollection;
	if (context.hateoas && hasAddress) document.links = { self: url ?? `${context.apiUrl}/${type}` };
	return json(context, 200, document);
}

/**
 * The answer to a POST or PATCH: data, links, included. Without `include` the sent included records come back in full
 * with `meta.includeId` (orocrm-api.md §4.1).
 */
export function writtenAnswer(
	context: AnswerContext,
	status: number,
	primary: PlanItem,
	included: PlanItem[],
	query: ListQuery,
	headers: Record<string, string>,
): ApiAnswer {
	const { type } = primary.resource;
	const row = primary.row!;
	if (context.mode === 'plain') {
		const record = new PlainRenderer(context).record(type, row, optionsOf(query), includeTree(query.include));
		return json(context, status, record, headers);
	}
	const renderer = new JsonApiRenderer(context);
	const document: Document = { data: renderer.resourceObject(type, row, optionsOf(query)) };
	if (context.hateoas) document.links = { self: `${context.apiUrl}/${type}` };
	if (query.include.length > 0) {
		const tree = includeTree(query.include);
		addIncluded(context, document, new IncludeCollector(context).collect(type, [row], tree, query.fields), query);
	} else if (included.length > 0) {
		document.included = included.map((item) =>
			renderer.resourceObject(
				item.resource.type,
				item.row!,
				optionsOf(query),
				{ includeId: item.sent.id },
				untouched(item),
			),
		);
	}
	return json(context, status, document, headers);
}

/** In the answer a new included record has only those comments (and the like) that were sent with it (recording `zendesktickets.create.included.six_kinds.1`). */
export function untouched(item: PlanItem): Set<string> {
	if (item.existing) return new Set();
	const names = Object.entries(item.resource.associations)
		.filter(([name, { inverse }]) => inverse && !item.members.has(name))
		.filter(([, { target, inverse }]) => !(target === 'accounts' && inverse!.field === 'contacts'))
		.map(([name]) => name);
	return new Set(names);
}

export function errorAnswer(mode: AnswerContext['mode'], status: number, errors: ErrorItem[]): ApiAnswer {
	const headers = { 'Content-Type': contentTypeOf(mode) };
	if (mode === 'plain') return { status, headers, body: JSON.stringify(plainErrors(errors)) };
	const items = errors.map((error) => ({
		status: String(error.status),
		title: error.title,
		...(error.detail === undefined ? {} : { detail: error.detail }),
		...(error.pointer === undefined ? {} : { source: { pointer: error.pointer } }),
		...(error.parameter === undefined ? {} : { source: { parameter: error.parameter } }),
	}));
	return { status, headers, body: JSON.stringify({ errors: items }) };
}

export function json(
	context: Pick<AnswerContext, 'mode'>,
	status: number,
	body: unknown,
	headers: Record<string, string> = {},
): ApiAnswer {
	return { status, headers: { 'Content-Type': contentTypeOf(context.mode), ...headers }, body: JSON.stringify(body) };
}

export function noContent(headers: Record<string, string> = {}): ApiAnswer {
	return { status: 204, headers, body: '' };
}

function addIncluded(context: AnswerContext, document: Document, included: Included[], query: ListQuery): void {
	if (included.length === 0) return;
	const renderer = new JsonApiRenderer(context);
	const options = { ...everything, fields: query.fields, metaTitle: query.metaTitle };
	document.included = included.map(({ type, row }) => renderer.resourceObject(type, row, options));
}
