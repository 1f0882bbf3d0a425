import type { OroCrmClient } from '../orocrm/client';
import { one } from '../orocrm/resources';
import type { Resource } from '../orocrm/types';
import { dealWithAdded } from './added-rows';
import type { RowPosition } from './added-rows';
import type { CaseBatch } from './case-batch';

/** Which cases without a ticket are handed out; a list that is empty lets all through, and both must let a case through. */
export interface PublishedCases {
	/** Ids of sources, such as `email`. */
	sources: readonly string[];
	/** Ids of OroCRM users. */
	owners: readonly string[];
}

/** Puts new cases without a ticket record into the batch. A case that the sync made itself has one, stored in the same request. */
export async function takeNewUnlinkedCases(position: RowPosition, batch: CaseBatch, client: OroCrmClient, published: PublishedCases): Promise<{ next: RowPosition; more: boolean }> {
	return await dealWithAdded(client, 'cases', ['source', 'owner'], position, async (cases) => {
		const fates = await batch.takeUnlinked(cases.filter((row) => letsThrough(row, published)).map((row) => row.id));
		return new Map([...fates].map(([id, fate]) => [id, fate === 'left' ? 'left' : 'done']));
	});
}

function letsThrough(row: Resource, { sources, owners }: PublishedCases): boolean {
	const has = (list: readonly string[], id: string | null) => list.length === 0 || (id !== null && list.includes(id));
	return has(sources, one(row, 'source')) && has(owners, one(row, 'owner'));
}
