import { randomUUID } from 'node:crypto';
import type { Caller } from '../access';
import type { Resource, Row } from '../schema/types';
import type { Store } from '../store/store';

export interface LifecycleRules {
	/** False fills `updatedAt` of a new case as other systems do; OroCRM 6.1 leaves it null (orocrm-api.md §3.1). */
	newCaseUpdatedAtNull: boolean;
}

/** Completes a record that is about to be made: owner, dates, what OroCRM's entities fill in themselves. */
export function complete(
	store: Store,
	resource: Resource,
	values: Record<string, unknown>,
	caller: Caller,
	rules: LifecycleRules,
): void {
	const now = store.now();
	if (resource.attributes.createdAt) values.createdAt ??= now;
	const leftNull = resource.type === 'cases' && rules.newCaseUpdatedAtNull;
	if (resource.attributes.updatedAt && !leftNull) values.updatedAt ??= now;
	if (resource.owned) {
		values.owner ??= resource.owned === 'user' ? caller.userId : caller.businessUnitId;
		values.organization ??= caller.organizationId;
	}
	switch (resource.type) {
		case 'cases':
			values.reportedAt ??= now;
			if (values.status === 'closed') values.closedAt ??= now;
			break;
		case 'contacts':
			values.createdBy ??= caller.userId;
			values.updatedBy ??= caller.userId;
			break;
		case 'users':
			values.auth_status ??= 'active';
			if (!(values.organizations as unknown[] | undefined)?.length) values.organizations = [values.organization];
			break;
		case 'files':
			values.uuid ??= randomUUID();
			values.owner ??= caller.userId;
			values.fileSize ??= Buffer.from(String(values.content ?? ''), 'base64').length;
			break;
		default:
	}
	if (resource.idType === 'uuid') values.id ??= randomUUID();
}

/** What else changes when a record changes: its date, the closing date of a case, who changed a contact. */
export function sideEffects(
	store: Store,
	resource: Resource,
	row: Row,
	changed: Record<string, unknown>,
	caller: Caller | undefined,
): Record<string, unknown> {
	const now = store.now();
	const effects: Record<string, unknown> = {};
	if (resource.attributes.updatedAt) effects.updatedAt = now;
	if (resource.type === 'cases' && changed.status === 'closed' && row.status !== 'closed') effects.closedAt = now;
	if (resource.type === 'contacts' && caller) effects.updatedBy = caller.userId;
	return effects;
}
