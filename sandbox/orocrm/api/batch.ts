import { JsonApiRenderer, everything, type Document } from '../answer/json-api';
import { ApiError, requestData, type ErrorItem } from '../errors';
import type { ApiAnswer } from '../http';
import type { Row } from '../schema/types';
import { DriverException, UniqueViolation } from '../store/constraints';
import { commit } from '../write/commit';
import type { PlanItem } from '../write/plan';
import { identifiersOf, newItem, Preparation, toId, type WritePlan } from '../write/prepare';
import { RequestDataValidator, type SentResource } from '../write/request-data';
import { json, untouched } from './answers';
import { documentOf } from './body';
import type { Call } from './call';
import { finishOperation, keepErrors, newOperation, type Summary } from './operations';
import { includedOf } from './write';

const MOST_PRIMARY = 100;
const MOST_INCLUDED = 50;

/** `PATCH /{type}`: many records in one request (orocrm-api.md §4.3, §9). */
export function updateList(call: Call): ApiAnswer {
	const { context, resource } = call;
	context.access.requireType(resource.type, 'EDIT');
	const document = documentOf(call);
	const mode = call.request.headers['x-mode'];
	const knowsMode = context.features.synchronousBatch;
	if (knowsMode && mode !== undefined && mode !== 'sync' && mode !== 'async') {
		const detail = 'The value of "X-Mode" header should be "sync" or "async".';
		throw new ApiError([{ status: 400, title: 'bad request http exception', detail }]);
	}
	const validator = new RequestDataValidator();
	validator.validateCollection(document, resource.type);
	if (validator.errors.length > 0) throw new ApiError(validator.errors);
	const sent = document as unknown as { data: SentResource[]; included?: SentResource[] };
	return knowsMode && mode === 'sync' ? synchronous(call, sent.data, includedOf(sent)) : asynchronous(call, sent);
}

function synchronous(call: Call, data: SentResource[], included: SentResource[]): ApiAnswer {
	if (data.length > MOST_PRIMARY) {
		const detail = `The data limit for the synchronous operation exceeded. The maximum number of records that can be processed by the synchronous operation is ${MOST_PRIMARY}.`;
		throw new ApiError([requestData(detail)]);
	}
	const { store, access } = call.context;
	const operation = newOperation(store, call.resource.type, access.caller);
	const summary: Summary = { readCount: data.length, writeCount: 0, errorCount: 0, createCount: 0, updateCount: 0 };
	if (included.length > MOST_INCLUDED) {
		const detail = `The maximum number of included records is ${MOST_INCLUDED}.`;
		keepErrors(store, operation, 1, new ApiError([requestData(detail, '/included')]));
		finishOperation(store, operation, 'failed', { ...summary, errorCount: 1 });
		return accepted(call, operation);
	}
	try {
		const plan = writeAll(call, data, included);
		countWrites(summary, plan.primaries);
		finishOperation(store, operation, 'success', summary);
		return done(call, plan);
	} catch (error) {
		if (!(error instanceof UniqueViolation) && !(error instanceof DriverException)) throw error;
		finishOperation(store, operation, 'failed', summary);
		return accepted(call, operation);
	}
}

/** The operation runs a moment after the answer; a bad record leaves an error and the others are written. */
function asynchronous(call: Call, sent: { data: SentResource[]; included?: SentResource[] }): ApiAnswer {
	const { store, access } = call.context;
	const operation = newOperation(store, call.resource.type, access.caller);
	const answer = accepted(call, operation);
	call.later(() => runInBackground(call, operation, sent.data, includedOf(sent)));
	return answer;
}

function runInBackground(call: Call, operation: Row, data: SentResource[], included: SentResource[]): void {
	const { store } = call.context;
	const summary: Summary = { readCount: data.length, writeCount: 0, errorCount: 0, createCount: 0, updateCount: 0 };
	const parts = included.length > 0 ? [data] : data.map((item) => [item]);
	let failed = false;
	parts.forEach((part, i) => {
		try {
			countWrites(summary, writeAll(call, part, included).primaries);
		} catch (error) {
			if (error instanceof ApiError) {
				summary.errorCount += error.errors.length;
				keepErrors(store, operation, i + 1, shifted(error, included.length > 0 ? 0 : i));
			} else if (error instanceof UniqueViolation || error instanceof DriverException) failed = true;
			else throw error;
		}
	});
	finishOperation(store, operation, failed ? 'failed' : 'success', summary);
}

/** Errors of one record name its place in the whole request. */
function shifted(error: ApiError, by: number): ApiError {
	const move = (item: ErrorItem): ErrorItem => ({
		...item,
		pointer: item.pointer?.replace(/^\/data\/(\d+)/, (_all, at: string) => `/data/${Number(at) + by}`),
	});
	return new ApiError(error.errors.map(move));
}

/**
 * The real server gives each record of a batch what its relationships lead to, step by step, and nothing that only points at it; what
 * a record before it took is an error (`ApiBundle/Batch/IncludeMapManager`, `AddIncludedData`).
 */
function requireForwardLinks(data: SentResource[], included: SentResource[]): void {
	const places = new Map(included.map((sent, i) => [`${sent.type}:${sent.id}`, i]));
	const taken = new Set<number>();
	const errors: ErrorItem[] = [];
	data.forEach((primary, i) => {
		const own = new Set<number>();
		const next = [primary];
		for (let sent = next.pop(); sent; sent = next.pop()) {
			for (const { type, id } of identifiersOf(sent)) {
				const place = places.get(`${type}:${id}`);
				if (place === undefined || own.has(place)) continue;
				own.add(place);
				next.push(included[place]);
			}
		}
		if ([...own].some((place) => taken.has(place))) errors.push(requestData('An included record belongs to another record, too.', `/data/${i}`));
		for (const place of own) taken.add(place);
	});
	included.forEach((_sent, i) => {
		if (!taken.has(i)) errors.push(requestData('The included record is not linked with any primary record.', `/included/${i}`));
	});
	if (errors.length > 0) throw new ApiError(errors);
}

function writeAll(call: Call, data: SentResource[], included: SentResource[]): WritePlan {
	const { store, access } = call.context;
	requireForwardLinks(data, included);
	const missing: ErrorItem[] = [];
	const items = data.map((sent, i) => {
		const item = newItem(call.resource, sent, `/data/${i}`);
		if (sent.meta?.update === true) {
			item.existing = store.get(call.resource.type, toId(call.resource, sent.id ?? ''));
			const detail = 'The entity does not exist.';
			if (!item.existing)
				missing.push({ status: 404, title: 'not found http exception', detail, pointer: `/data/${i}` });
		}
		return item;
	});
	if (missing.length > 0) throw new ApiError(missing);
	const plan = new Preparation(store, access).prepare(items, included);
	commit(store, plan, access.caller, call.lifecycle);
	return plan;
}

function countWrites(summary: Summary, items: PlanItem[]): void {
	summary.writeCount += items.length;
	summary.updateCount += items.filter((item) => item.existing).length;
	summary.createCount = summary.writeCount - summary.updateCount;
}

function accepted(call: Call, operation: Row): ApiAnswer {
	const { context } = call;
	const url = `${context.apiUrl}/asyncoperations/${operation.id}`;
	const data = new JsonApiRenderer(context).resourceObject('asyncoperations', operation, everything);
	return json(context, 202, { data }, { 'Content-Location': url });
}

/** The written records; here `meta` stands at the end (recording `overlay.zendesktickets.batch.sync.1`). */
function done(call: Call, plan: WritePlan): ApiAnswer {
	const { context } = call;
	const renderer = new JsonApiRenderer(context);
	const render = (item: PlanItem, key: string, emptied: Set<string>): Document => {
		const object = renderer.resourceObject(item.resource.type, item.row!, everything, {}, emptied);
		return item.sent.id === undefined ? object : { ...object, meta: { [key]: item.sent.id } };
	};
	const document: Document = { data: plan.primaries.map((item) => render(item, 'dataId', new Set())) };
	if (context.hateoas) document.links = { self: `${context.apiUrl}/${call.resource.type}` };
	if (plan.included.length > 0) {
		document.included = plan.included.map((item) => render(item, 'includeId', untouched(item)));
	}
	return json(context, 200, document);
}
