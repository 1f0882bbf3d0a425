import { pauseAfter } from '../http/retry';
import type { Pair } from '../sync/pair';
import { batchParts } from './batch-parts';

/** Pairs that are due, and where the feed stands once they have been handled. */
export interface Batch<State> {
	pairs: Pair[];
	next: State;
	/** True when there is more to read behind it. */
	more: boolean;
	/** Called when the pairs have been handled and the feed stands at `next`. */
	adopted?(): void;
}

/** Where a feed's pairs come from. */
export interface BatchSource<State> {
	/** Reads the batch that begins at a state. Without any pairs the feed moves on at once. The state that it is given stays as it is. */
	read(state: State): Promise<Batch<State>>;
	/** Called before pairs are handed out, with the state that follows: what is due there may be read while they are handled. */
	readAhead?(next: State): void;
	/** True for refusals that only mean "nothing to read yet". */
	isNothingYet?(error: unknown): boolean;
}

export interface BatchFeedSettings {
	/** What the pairs stand for, in words: `tickets`. */
	what: string;
	/** Milliseconds after which a run that says nothing is given up: in queue mode a timed-out run never answers (n8n.md §3). */
	runDeadline: number;
}

export interface FeedOutside<State> {
	/** Writes the state where it outlives a restart. n8n stores it at the start of the next emit. */
	save(state: State): void;
	/** Starts a run with these pairs; true when it ended well. */
	handOut(pairs: Pair[]): Promise<boolean>;
	/** Tells people about trouble: once for each kind, not at every try. */
	report(error: Error): void;
	/** See `Time`. */
	now(): number;
}

/** After failures: from half a minute to a quarter of an hour. */
const FAILURE_PAUSES = { attempts: Number.POSITIVE_INFINITY, firstPause: 30_000, longestPause: 15 * 60_000, longestRetryAfter: 0 };

/**
 * Hands out pairs, batch by batch, and moves on only when the run that handles a batch has ended well (DESIGN "Acknowledge late"). A failed
 * or lost run is handed the same batch again, after growing pauses. It holds no timers: it is driven by ticks.
 */
export class BatchFeed<State> {
	private busySince: number | undefined;
	private failures = 0;
	private notBefore = 0;
	private stopped = false;
	private reported: string | undefined;
	/** Counts runs, so that one that was given up can't move the state when it ends after all. */
	private generation = 0;

	constructor(
		/** Where the batch begins of which it isn't known that it was handled. */
		protected state: State,
		private readonly source: BatchSource<State>,
		private readonly settings: BatchFeedSettings,
		private readonly outside: FeedOutside<State>,
	) {}

	/** True while the last batch or look failed: it is tried again by its own pauses, whatever the schedule says. */
	get isInTrouble(): boolean {
		return this.failures > 0;
	}

	/** True when a run says nothing for longer than the deadline. */
	get isOverdue(): boolean {
		return this.busySince !== undefined && this.outside.now() - this.busySince >= this.settings.runDeadline;
	}

	stop(): void {
		this.stopped = true;
	}

	/** One look and, as long as there is more, one run after the other. Comes back at once when the last look isn't over. */
	async tick(): Promise<void> {
		const now = this.outside.now();
		if (this.busySince !== undefined) {
			if (!this.isOverdue) return;
			this.fail(new Error(`The run that was given a batch of ${this.settings.what} said nothing for ${Math.round(this.settings.runDeadline / 60_000)} minutes. The same batch is handed out again.`));
		}
		if (this.stopped || now < this.notBefore) return;
		const generation = ++this.generation;
		this.busySince = now;
		try {
			while (!this.stopped && (await this.batch(generation))) this.busySince = this.outside.now();
		} catch (error) {
			if (generation === this.generation && !this.source.isNothingYet?.(error)) this.fail(error as Error);
		} finally {
			if (generation === this.generation) this.busySince = undefined;
		}
	}

	/** Reads a batch and has it handled. True when there is more to read. */
	private async batch(generation: number): Promise<boolean> {
		const { state } = this;
		const { pairs, next, more, adopted } = await this.source.read(state);
		if (this.stopped || generation !== this.generation) return false;
		if (pairs.length > 0) this.source.readAhead?.(next);
		// A part counts for nothing until all of them are done: what is stored can only name a whole batch.
		for (const part of batchParts(pairs)) {
			if (this.stopped) return false;
			this.outside.save(state);
			this.busySince = this.outside.now();
			const wentWell = await this.outside.handOut(part);
			if (generation !== this.generation) return false;
			if (!wentWell) {
				this.wait();
				return false;
			}
		}
		this.failures = 0;
		this.reported = undefined;
		this.state = next;
		adopted?.();
		return more;
	}

	private fail(error: Error): void {
		this.generation += 1;
		this.busySince = undefined;
		this.wait();
		if (this.reported === error.message) return;
		this.reported = error.message;
		this.outside.report(error);
	}

	private wait(): void {
		this.failures += 1;
		this.notBefore = this.outside.now() + pauseAfter(this.failures, FAILURE_PAUSES);
	}
}
