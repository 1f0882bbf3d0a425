import type { Caller } from '../access';
import type { ApiError } from '../errors';
import type { Row } from '../schema/types';
import type { Store } from '../store/store';

export interface Summary {
	readCount: number;
	writeCount: number;
	errorCount: number;
	createCount: number;
	updateCount: number;
}

/** The record of a batch (orocrm-api.md §4.3). */
export function newOperation(store: Store, entityType: string, caller: Caller): Row {
	const now = store.now();
	return store.insert('asyncoperations', {
		status: 'new',
		createdAt: now,
		updatedAt: now,
		elapsedTime: 0,
		entityType,
		owner: caller.userId,
		organization: caller.organizationId,
	});
}

export function finishOperation(store: Store, operation: Row, status: 'success' | 'failed', summary: Summary): void {
	store.update('asyncoperations', operation.id, {
		status,
		progress: 1,
		updatedAt: store.now(),
		summary: { aggregateTime: 1, ...summary },
	});
}

/** Keeps the errors of a batch where `GET /asyncoperations/{id}/errors` finds them. */
export function keepErrors(store: Store, operation: Row, chunk: number, error: ApiError, pointerPrefix = ''): void {
	error.errors.forEach((item, i) => {
		store.insert('asyncoperationerrors', {
			id: `${operation.id}-${chunk}-${i + 1}`,
			status: item.status,
			title: item.title,
			detail: item.detail,
			source: item.pointer === undefined ? null : { pointer: item.pointer.replace('/data', `/data${pointerPrefix}`) },
			operation: operation.id,
		});
	});
}
