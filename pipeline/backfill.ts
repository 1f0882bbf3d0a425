import { backfillProgress, withMark } from '../sync/backfill-progress';
import type { BackfillMark, BackfillProgress } from '../sync/backfill-progress';
import type { Pair } from '../sync/pair';
import type { ReadingPosition, TicketPage, TicketPages } from './ticket-pages';

/** How far the history is worked through: part of what the trigger keeps in n8n's static data. */
export interface BackfillState extends ReadingPosition {
	/** The history is what was exported as changed before that second; from it on the present is read by itself. Seconds since 1970. */
	until: number;
	/** By Zendesk's clock, in milliseconds since 1970. */
	begun: number;
	/** The first change and the last one that was handled, in seconds since 1970. */
	first: number | null;
	reached: number | null;
	/** Tickets that were handled. */
	tickets: number;
}

/** A page of the history, and where the backfill stands behind it. */
export interface HistoryPage {
	pairs: Pair[];
	progress: BackfillProgress;
	next: BackfillState;
	/**
	 * `goes on`: there is more, or may be. `done`: all of the history was read, and the present goes on by itself. `caught up`: the same, but nothing of
	 * the present was read so far, so the history's cursor simply goes on as the present's.
	 */
	end: 'goes on' | 'done' | 'caught up';
	/** True when there is nothing more for now. */
	endOfStream: boolean;
}

interface Ahead {
	/** The state at which the page begins, that very object: a page that was read for another try counts for nothing. */
	of: BackfillState;
	/** Whether anything of the present had been read when the reading began. */
	presentHadBegun: boolean;
	/** Never rejected, so that nobody has to wait for it. */
	page: Promise<{ page: TicketPage } | { error: unknown }>;
}

/**
 * Works through the history page by page. The page behind the one that is being written is read meanwhile, one and no more, so that what
 * is kept in memory doesn't grow with the account.
 */
export class Backfill {
	private ahead: Ahead | undefined;
	/** What the present handed out since the page ahead was asked for, by ticket id: when that row was made. Seconds since 1970. */
	private readonly newer = new Map<number, number>();
	private marks: BackfillMark[] = [];

	constructor(
		private readonly pages: TicketPages,
		private readonly now: () => number,
	) {}

	/** The events behind the history, for whoever goes on with its cursor. */
	get reader(): TicketPages {
		return this.pages;
	}

	/** Begins to read the page at that state, unless it is being read. */
	readAhead(of: BackfillState, presentHasBegun: boolean): void {
		if (this.ahead?.of === of) return;
		if (this.ahead) this.pages.giveUp(of);
		this.newer.clear();
		const page = this.pages.read(of).then(
			(read) => ({ page: read }),
			(error: unknown) => ({ error }),
		);
		this.ahead = { of, presentHadBegun: presentHasBegun, page };
	}

	/** Ends a reading that is under way. */
	giveUp(goesOn: ReadingPosition): void {
		if (this.ahead) this.pages.giveUp(goesOn);
		this.ahead = undefined;
	}

	/** What the present hands out: a page that was read before holds these tickets as they were, and they must not come after. */
	passedBy(pairs: readonly Pair[]): void {
		for (const { ticket } of pairs) if (ticket) this.newer.set(ticket.id, ticket.generated_timestamp ?? Infinity);
	}

	/** The page at that state. Throws what its reading threw. */
	async page(of: BackfillState, presentHasBegun: boolean): Promise<HistoryPage> {
		this.readAhead(of, presentHasBegun);
		const ahead = this.ahead as Ahead;
		const outcome = await ahead.page;
		// Whatever becomes of it: another try reads it anew, for tickets may have changed since.
		if (this.ahead === ahead) this.ahead = undefined;
		if ('error' in outcome) throw outcome.error;
		const { page } = outcome;
		const end = endOf(page, of, ahead.presentHadBegun, presentHasBegun);
		// What the present reads is its own, also where it isn't there yet.
		const own = end === 'caught up' || !presentHasBegun ? page.pairs : page.pairs.filter((pair) => !((pair.ticket?.generated_timestamp ?? 0) >= of.until));
		const pairs = own.filter((pair) => !this.isPassedBy(pair));
		const next: BackfillState = { ...of, ...page.next, first: of.first ?? page.first, reached: page.last ?? of.reached, tickets: of.tickets + pairs.length };
		this.marks = withMark(this.marks, { at: this.now(), tickets: of.tickets, second: of.reached });
		const progress = backfillProgress({
			begun: of.begun,
			until: of.until,
			first: next.first,
			done: of.tickets,
			page: { tickets: pairs.length, from: page.first, to: page.last },
			marks: this.marks,
			readAt: page.readAt,
		});
		return { pairs: pairs.map((pair) => ({ ...pair, backfill: progress })), progress, next, end, endOfStream: page.endOfStream };
	}

	private isPassedBy({ ticket }: Pair): boolean {
		return (this.newer.get(ticket?.id ?? -1) ?? -Infinity) > (ticket?.generated_timestamp ?? Infinity);
	}
}

/**
 * Whether the history ends with this page. Rows come in the order in which they were made, and Zendesk holds the youngest back. So a row from
 * behind the dividing second proves that all before it was there. An end of the stream proves it only when the present was seen to
 * have begun before: else rows from before the dividing second may still have been held back.
 */
function endOf(page: TicketPage, { until }: BackfillState, presentHadBegun: boolean, presentHasBegun: boolean): HistoryPage['end'] {
	const isOver = page.endOfStream || (page.last ?? 0) >= until;
	if (!isOver) return 'goes on';
	if (!presentHasBegun) return 'caught up';
	return presentHadBegun || (page.last ?? 0) >= until ? 'done' : 'goes on';
}
