import type { OroCrmClient } from '../orocrm/client';
import type { ServerKnowledge } from '../orocrm/server-knowledge';
import { readLatestRecords } from '../orocrm/ticket-records';
import type { Pair } from '../sync/pair';
import { NO_ROWS, presentRows } from './added-rows';
import type { RowPosition } from './added-rows';
import { BatchFeed } from './batch-feed';
import type { Batch, BatchSource, FeedOutside } from './batch-feed';
import { CaseBatch, pairOf } from './case-batch';
import { presentChanges, takeChangedCases } from './changed-cases';
import type { ChangePosition } from './changed-cases';
import { takeNewComments } from './new-case-comments';
import { takeNewUnlinkedCases } from './new-unlinked-cases';
import type { PublishedCases } from './new-unlinked-cases';

export type CaseStart = 'now' | 'everything';

/** What the trigger keeps in n8n's static data. A position that is null has not been looked up yet. */
export interface CaseFeedState {
	/** Address of OroCRM's API: another server begins anew. */
	server: string;
	/** The starting point in the settings: another one begins anew. */
	start: CaseStart;
	changes: ChangePosition | null;
	comments: RowPosition | null;
	/** Null, too, when cases without a ticket are not published: once they are, those made from then on count. */
	newCases: RowPosition | null;
}

export interface CaseFeedSettings {
	/** Most cases in one run. */
	batchSize: number;
	/** Which cases without a ticket are handed out; null: none. */
	published: PublishedCases | null;
	/** Milliseconds after which a run that says nothing is given up. */
	runDeadline: number;
}

/**
 * Cases that are due: linked ones that changed, linked ones with a new comment, and new ones without a ticket. One pair a case and batch,
 * in this order. Nothing depends on the moment of a look: what one look doesn't take, the next one finds.
 */
export class CaseSource implements BatchSource<CaseFeedState> {
	constructor(
		private readonly client: OroCrmClient,
		/** What is known of the server at the moment. */
		private readonly knowledge: () => ServerKnowledge,
		private readonly settings: CaseFeedSettings,
	) {}

	async read(state: CaseFeedState): Promise<Batch<CaseFeedState>> {
		const { changes, comments, newCases } = state;
		const { published } = this.settings;
		// Found first and on its own: a state that is kept must say where it begins, not that it begins whenever it is read.
		if (!changes || !comments || (published && !newCases)) return { pairs: [], next: await this.begin(state), more: true };
		const batch = new CaseBatch(this.client, this.settings.batchSize);
		const unlessFull = async <T>(position: T, take: () => Promise<{ next: T; more: boolean }>) => (batch.isFull ? { next: position, more: true } : await take());
		const changed = await takeChangedCases(changes, batch, this.client, this.knowledge());
		const commented = await unlessFull(comments, async () => await takeNewComments(comments, batch, this.client));
		const added = await unlessFull(newCases, async () => (published && newCases ? await takeNewUnlinkedCases(newCases, batch, this.client, published) : { next: null, more: false }));
		return {
			pairs: batch.pairs,
			next: { ...state, changes: changed.next, comments: commented.next, newCases: added.next },
			more: changed.more || commented.more || added.more,
		};
	}

	/** Looks up the positions that are missing: OroCRM's present ones, or the beginning. */
	async begin(state: CaseFeedState): Promise<CaseFeedState> {
		const now = state.start === 'now';
		const rows = async (type: string, field: string) => (now ? await presentRows(this.client, type, field) : NO_ROWS);
		return {
			...state,
			changes: state.changes ?? (now ? await presentChanges(this.client, this.knowledge()) : { since: null, seen: null, recent: {} }),
			comments: state.comments ?? (await rows('casecomments', 'case')),
			newCases: this.settings.published ? (state.newCases ?? (await rows('cases', 'source'))) : null,
		};
	}
}

/** Hands out cases that are due. */
export class CaseFeed extends BatchFeed<CaseFeedState> {
	constructor(state: CaseFeedState, source: CaseSource, settings: CaseFeedSettings, outside: FeedOutside<CaseFeedState>) {
		super(state, source, { what: 'cases', runDeadline: settings.runDeadline }, outside);
	}

	get position(): CaseFeedState {
		return this.state;
	}
}

/** The state of a feed that has not begun. */
export function unbegun(server: string, start: CaseStart): CaseFeedState {
	return { server, start, changes: null, comments: null, newCases: null };
}

/** Pairs that a look by hand shows when nothing is due. */
const LATEST = 3;

/** What is due now, one batch at most; when nothing is, the latest few linked cases, so that a builder sees what an item looks like. Moves nothing. */
export async function casesDueNow(client: OroCrmClient, source: CaseSource, state: CaseFeedState): Promise<Pair[]> {
	for (let current = state; ; ) {
		const { pairs, next, more } = await source.read(current);
		if (pairs.length > 0) return pairs;
		if (!more) break;
		current = next;
	}
	return (await readLatestRecords(client, LATEST)).flatMap((entry) => (entry.case ? [pairOf(entry.case, entry.record)] : []));
}
