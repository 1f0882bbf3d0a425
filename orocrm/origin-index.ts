import type { OroCrmClient } from './client';

/** Rows read again at each refresh: a row with a lower id may have been committed after one with a higher id. */
const OVERLAP = 500;
const PAGE = 5_000;

/**
 * Which rows of a resource stand for a Zendesk id, on servers that can't filter by `originId` (stock OroCRM).
 * What it remembers never changes (a row keeps its id and its originId), so it may outlive a run; each use reads only what is new:
 * `filter[id][gt]=…` works everywhere (orocrm-api.md §2.4). Rows that were deleted meanwhile come back empty when they are read by id.
 */
export class OriginIndex {
	private readonly rows = new Map<string, Set<string>>();
	private highestId = 0;

	constructor(private readonly resource: 'zendeskusers' | 'zendesktickets') {}

	/** Row ids by originId, after reading what was added since the last time. */
	async find(client: OroCrmClient, originIds: Iterable<string>): Promise<string[]> {
		await this.refresh(client);
		const ids = new Set<string>();
		for (const originId of originIds) for (const id of this.rows.get(originId) ?? []) ids.add(id);
		return [...ids];
	}

	private async refresh(client: OroCrmClient): Promise<void> {
		let after = Math.max(0, this.highestId - OVERLAP);
		for (;;) {
			const { data, full } = await client.listAfter(this.resource, after, ['originId'], PAGE);
			for (const row of data) {
				const originId = row.attributes?.originId;
				after = Math.max(after, Number(row.id));
				if (originId === null || originId === undefined) continue;
				const known = this.rows.get(String(originId));
				if (known) known.add(row.id);
				else this.rows.set(String(originId), new Set([row.id]));
			}
			this.highestId = Math.max(this.highestId, after);
			if (!full) return;
		}
	}
}
