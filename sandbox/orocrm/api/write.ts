import { ApiError } from '../errors';
import type { ApiAnswer } from '../http';
import { readListQuery } from '../query/list-query';
import type { Row } from '../schema/types';
import { commit } from '../write/commit';
import type { PlanItem } from '../write/plan';
import { newItem, Preparation, type WritePlan } from '../write/prepare';
import { RequestDataValidator, type SentResource } from '../write/request-data';
import { writtenAnswer } from './answers';
import { documentOf } from './body';
import type { Call } from './call';
import { plainToResource } from './plain-body';
import { existingRow, NO_LIST } from './read';
import { findForUpsert, upsertFields } from './upsert';

interface SentDocument {
	data: SentResource;
	included?: SentResource[] | Record<string, SentResource>;
}

/** `POST /{type}` */
export async function create(call: Call): Promise<ApiAnswer> {
	const { context, resource } = call;
	context.access.requireType(resource.type, 'CREATE');
	const query = readListQuery(context.store, resource, call.parameters, context.features, NO_LIST);
	const sent = sentDocument(call);
	const upsert = upsertFields(resource, sent.data);
	const item = newItem(resource, sent.data, '/data');
	const existing = upsert && findForUpsert(context.store, resource, sent.data, upsert);
	if (existing) item.existing = existing;
	const plan = await write(call, item, includedOf(sent));
	const headers = { Location: `${context.apiUrl}/${resource.type}/${item.row!.id}` };
	return existing
		? writtenAnswer(context, 200, item, plan.included, query, {})
		: writtenAnswer(context, 201, item, plan.included, query, headers);
}

/** `PATCH /{type}/{id}` */
export async function update(call: Call, id: string): Promise<ApiAnswer> {
	const { context, resource } = call;
	context.access.requireType(resource.type, 'EDIT');
	const query = readListQuery(context.store, resource, call.parameters, context.features, NO_LIST);
	const sent = sentDocument(call, id);
	const item = newItem(resource, sent.data, '/data');
	item.existing = existingRow(call, id);
	context.access.requireRecord(resource.type, item.existing.id, 'EDIT');
	const plan = await write(call, item, includedOf(sent));
	return writtenAnswer(context, 200, item, plan.included, query, {});
}

async function write(call: Call, item: PlanItem, included: SentResource[]): Promise<WritePlan> {
	const { store, access } = call.context;
	const plan = new Preparation(store, access).prepare([item], included);
	await call.raceWindow();
	if (item.sent.meta?.validate === true) dryRun(call, plan);
	else commit(store, plan, access.caller, call.lifecycle);
	return plan;
}

/** `meta.validate`: everything is checked, the constraints of the database too, and nothing stays. */
function dryRun(call: Call, plan: WritePlan): void {
	const { store, access } = call.context;
	const stop = new Error('validated only');
	let shown: Row | undefined;
	try {
		store.transaction(() => {
			commit(store, plan, access.caller, call.lifecycle);
			shown = { ...plan.primaries[0]!.row! };
			throw stop;
		});
	} catch (error) {
		if (error !== stop) throw error;
	}
	plan.primaries[0]!.row = shown!;
	plan.included.length = 0;
}

function sentDocument(call: Call, id?: string): SentDocument {
	const document = documentOf(call);
	if (call.context.mode === 'plain') return { data: plainToResource(call.resource, document, id) };
	const validator = new RequestDataValidator();
	validator.validateResource(document, call.resource.type, id);
	if (validator.errors.length > 0) throw new ApiError(validator.errors);
	return document as unknown as SentDocument;
}

export function includedOf(sent: { included?: SentResource[] | Record<string, SentResource> }): SentResource[] {
	return Object.values(sent.included ?? {});
}
