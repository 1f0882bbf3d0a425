import { isTooRecent } from '../zendesk/errors';
import type { ZendeskClient } from '../zendesk/client';
import { Backfill } from './backfill';
import type { BackfillState } from './backfill';
import type { Batch, BatchSource } from './batch-feed';
import { TicketPages } from './ticket-pages';
import type { ReadingPosition, TicketFilters, TicketPage } from './ticket-pages';

/**
 * What the trigger keeps in n8n's static data: where the batch begins of which it isn't known that it was handled. While there is a
 * backfill, `position` and `events` are the present's.
 */
export interface FeedState extends ReadingPosition {
	/** Base address of the account: another account begins anew. */
	account: string;
	/** The starting point in the settings: another one begins anew. */
	start: string;
	/** While there is more than a page to catch up with. */
	backfill?: BackfillState;
}

export interface FeedSettings extends TicketFilters {
	batchSize: number;
	/** Milliseconds after which a run that says nothing is given up. */
	runDeadline: number;
}

export interface SourceOutside {
	/** See `Time`. */
	now(): number;
	/** Tells how far a backfill is, in a sentence. */
	tell?(words: string): void;
}

/**
 * A full page that ends so long ago has more behind it than a poll brings: from there on it is history, and the present is read by itself.
 * More than the minute that Zendesk holds back, so that the present can be asked for at once. Seconds.
 */
const BEHIND = 120;
/** How often the present is looked at while the history is worked through, in milliseconds. A look is one of 10 exports a minute. */
const PRESENT_EVERY = 60_000;

/**
 * Changed tickets, page by page of Zendesk's export, with their comments where the export of events tells them in full.
 *
 * Where there is much to catch up with (at the beginning, or after n8n was off for long), two cursors go on side by side: one works through the history, one
 * follows the present, so that a change of now doesn't wait for the history's end. A ticket that changes leaves its old place in the export, so
 * the history doesn't bring it any more; and what the history brings before, the present brings again with its change.
 */
export class TicketSource implements BatchSource<FeedState> {
	readonly isNothingYet = isTooRecent;
	private present: TicketPages;
	private backfill: Backfill | undefined;
	/** When the present was looked at, by `now`; null: it is due at once. */
	private lookedAt: number | null = null;
	/** Where the present stood when it last handed out something: standing there still, that run did not end well. */
	private handedOutAt: ReadingPosition['position'] | undefined;

	constructor(
		private readonly client: ZendeskClient,
		private readonly settings: FeedSettings,
		state: FeedState,
		private readonly outside: SourceOutside,
	) {
		this.present = this.pages(state);
	}

	async read(state: FeedState): Promise<Batch<FeedState>> {
		const { backfill } = state;
		if (!backfill) return await this.readAll(state);
		return (this.isPresentDue(state) ? await this.readPresent(state) : undefined) ?? (await this.readHistory(state, backfill));
	}

	/** While a page is being written, the history's next one is read. */
	readAhead(next: FeedState): void {
		if (next.backfill) this.history(next.backfill).readAhead(next.backfill, hasBegun(next));
	}

	/** One cursor for all, as long as it keeps up. */
	private async readAll(state: FeedState): Promise<Batch<FeedState>> {
		// The page with which a backfill was to begin was not handled after all: it begins anew.
		if (this.backfill) {
			this.backfill.giveUp(state);
			this.backfill = undefined;
			this.present = this.pages(state);
		}
		const page = await this.present.read(state);
		const next = page.isEmpty ? state : { ...state, ...page.next };
		const second = Math.floor(page.readAt / 1000) - BEHIND;
		if (page.endOfStream || page.last === null || page.last >= second) return { pairs: page.pairs, next, more: !page.endOfStream };
		const begun = () => this.outside.tell?.('There is more to catch up with than one page. From now on a backfill works through it, and changes of now come in between.');
		return { pairs: page.pairs, next: this.divided(next, page, second), more: true, adopted: begun };
	}

	/** What lies before that second is history from now on. What was kept of its events goes with it. */
	private divided(state: FeedState, page: TicketPage, until: number): FeedState {
		this.lookedAt = this.outside.now();
		this.backfill = new Backfill(this.present, () => this.outside.now());
		const { position, events } = state;
		const backfill: BackfillState = { position, events, until, begun: page.readAt, first: page.first, reached: page.last, tickets: page.pairs.length };
		const next: FeedState = { ...state, position: { startTime: until }, events: undefined, backfill };
		this.present = this.pages(next);
		return next;
	}

	private isPresentDue({ position }: FeedState): boolean {
		return this.lookedAt === null || position === this.handedOutAt || this.outside.now() - this.lookedAt >= PRESENT_EVERY;
	}

	/** Undefined when there is nothing new. */
	private async readPresent(state: FeedState): Promise<Batch<FeedState> | undefined> {
		const page = await this.present.read(state).catch((error: unknown) => {
			if (isTooRecent(error)) return undefined;
			throw error;
		});
		// As long as there is more, the next look is due at once.
		this.lookedAt = !page || page.endOfStream ? this.outside.now() : null;
		this.handedOutAt = undefined;
		if (!page || page.isEmpty) return undefined;
		this.handedOutAt = state.position;
		if (state.backfill) this.history(state.backfill).passedBy(page.pairs);
		return { pairs: page.pairs, next: { ...state, ...page.next }, more: true };
	}

	private async readHistory(state: FeedState, of: BackfillState): Promise<Batch<FeedState>> {
		const history = this.history(of);
		const { pairs, progress, next, end, endOfStream } = await history.page(of, hasBegun(state));
		if (pairs.length > 0) this.outside.tell?.(progress.summary);
		if (end === 'goes on') return { pairs, next: { ...state, backfill: next }, more: true };
		const rest: FeedState = { ...state, ...(end === 'done' ? {} : { position: next.position, events: next.events }) };
		delete rest.backfill;
		return {
			pairs,
			next: rest,
			more: end === 'done' || !endOfStream,
			adopted: () => this.end(next, end === 'caught up'),
		};
	}

	/** All of the history is done: one cursor goes on. */
	private end({ tickets }: BackfillState, asPresent: boolean): void {
		if (asPresent && this.backfill) this.present = this.backfill.reader;
		this.backfill = undefined;
		this.outside.tell?.(`The backfill is done: ${tickets.toLocaleString('en-US')} tickets. From now on only changes come.`);
	}

	private history(of: BackfillState): Backfill {
		return (this.backfill ??= new Backfill(this.pages(of), () => this.outside.now()));
	}

	private pages(start: ReadingPosition): TicketPages {
		return new TicketPages(this.client, this.settings, start);
	}
}

/** True when something of the present was read: then it goes on from a cursor. */
function hasBegun({ position }: FeedState): boolean {
	return 'cursor' in position;
}
