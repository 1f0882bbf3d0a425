import type { OroCrmClient } from '../orocrm/client';
import { findRecordsOfCases, readCases } from '../orocrm/ticket-records';
import type { OroCase, TicketRecord } from '../orocrm/types';
import type { Pair } from '../sync/pair';

/** What became of a case: it is in the batch, it has to wait for the next one, or it is not of the kind that was looked for. */
export type Fate = 'taken' | 'left' | 'passed';

/** Cases looked up at once, at least: many of them may not be of the right kind. */
const LOOK_UP = 100;

/** A batch of cases that is being put together: one pair a case, at most `size` of them. */
export class CaseBatch {
	readonly pairs: Pair[] = [];
	private readonly taken = new Map<string, Pair>();

	constructor(
		private readonly client: OroCrmClient,
		/** Most pairs. */
		readonly size: number,
	) {}

	get isFull(): boolean {
		return this.pairs.length >= this.size;
	}

	/** A case of the batch, as it was read for it. */
	caseOf(id: string): OroCase | null {
		return this.taken.get(id)?.case ?? null;
	}

	/** Takes those of these cases that have a ticket record, in their order. */
	async takeLinked(ids: readonly string[]): Promise<Map<string, Fate>> {
		return await this.take(ids, async (some) => {
			const found = await findRecordsOfCases(this.client, some);
			return found.flatMap((entry) => (entry.case ? [pairOf(entry.case, entry.record)] : []));
		});
	}

	/** Takes those of these cases that have none, in their order. */
	async takeUnlinked(ids: readonly string[]): Promise<Map<string, Fate>> {
		return await this.take(ids, async (some) => {
			const linked = new Set((await findRecordsOfCases(this.client, some)).map(({ record }) => record.relatedCase));
			const unlinked = some.filter((id) => !linked.has(id));
			return unlinked.length > 0 ? (await readCases(this.client, unlinked)).map((oroCase) => pairOf(oroCase, null)) : [];
		});
	}

	private async take(ids: readonly string[], find: (ids: readonly string[]) => Promise<Pair[]>): Promise<Map<string, Fate>> {
		const fates = new Map<string, Fate>();
		const asked: string[] = [];
		for (const id of new Set(ids)) {
			fates.set(id, this.taken.has(id) ? 'taken' : 'left');
			if (!this.taken.has(id)) asked.push(id);
		}
		for (let next = 0; next < asked.length && !this.isFull; ) {
			const some = asked.slice(next, next + Math.max(LOOK_UP, this.size - this.pairs.length));
			next += some.length;
			const found = new Map((await find(some)).map((pair) => [pair.case?.id ?? '', pair]));
			for (const id of some) {
				const pair = found.get(id);
				if (!pair) fates.set(id, 'passed');
				else if (!this.isFull) {
					this.pairs.push(pair);
					this.taken.set(id, pair);
					fates.set(id, 'taken');
				}
			}
		}
		return fates;
	}
}

export function pairOf(oroCase: OroCase, record: TicketRecord | null): Pair {
	return { origin: 'orocrm', ticket: null, case: oroCase, record };
}
