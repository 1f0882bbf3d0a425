/** Between how many and how many requests are under way at once. */
export interface LimitBounds {
	least: number;
	most: number;
}

/** How one request went. */
export interface RequestSample {
	/** Requests of one kind take about the same time, e.g. `POST contacts` or `batch`. */
	kind: string;
	milliseconds: number;
	/** The server was too busy or in trouble (429, 5xx), or there was no answer. */
	failed: boolean;
}

/** An answer is slow when it takes so many times what its kind usually takes … */
const SLOW_FACTOR = 3;
/** … and longer than this. Shorter ones vary by chance; in milliseconds. */
const SLOW_FLOOR = 2_000;
/** Share of the newest answer in what is usual. */
const NEWEST_SHARE = 0.1;
/**
 * An answer that takes so many times what the quickest of its kind took has waited for others: with more of them at once, each would only
 * wait longer …
 */
const BUSY_FACTOR = 2;
/** … unless it came faster than this, in milliseconds. */
const BUSY_FLOOR = 300;

/**
 * Decides how many requests a server is given at once: one more for each round of quick answers, no more where the server is busy, half as many
 * after a failure or a slow answer (additive increase, multiplicative decrease). No clock, no requests.
 */
export class LimitDecision {
	private exact: number;
	private readonly usual = new Map<string, number>();
	private readonly quickest = new Map<string, number>();

	constructor(start: number) {
		this.exact = Math.max(1, start);
	}

	size(bounds: LimitBounds): number {
		return Math.floor(within(this.exact, bounds));
	}

	/** @returns true when the limit was cut: what was under way at this moment tells nothing new */
	learn(sample: RequestSample, bounds: LimitBounds): boolean {
		const now = within(this.exact, bounds);
		const usual = this.usual.get(sample.kind);
		const slow = usual !== undefined && sample.milliseconds > Math.max(SLOW_FLOOR, usual * SLOW_FACTOR);
		// What is slow for long becomes usual in the end: a server that is slower than it was is not cut down for ever.
		if (!sample.failed) this.usual.set(sample.kind, usual === undefined ? sample.milliseconds : usual + (sample.milliseconds - usual) * NEWEST_SHARE);
		if (sample.failed || slow) this.exact = within(now / 2, bounds);
		else if (!this.isBusy(sample)) this.exact = within(now + 1 / Math.floor(now), bounds);
		return sample.failed || slow;
	}

	private isBusy({ kind, milliseconds }: RequestSample): boolean {
		const before = this.quickest.get(kind) ?? milliseconds;
		this.quickest.set(kind, Math.min(milliseconds, before));
		return milliseconds > Math.max(BUSY_FLOOR, before * BUSY_FACTOR);
	}
}

function within(value: number, { least, most }: LimitBounds): number {
	return Math.max(least, Math.min(most, value));
}

/** Requests under way when a limit starts: careful, but not one by one. */
const START = 2;

/** Holds requests to one server back until there is room. First come, first served. */
export class AdaptiveLimit {
	private readonly decision: LimitDecision;
	private readonly waiting: Array<() => void> = [];
	private underWay = 0;
	/** Requests that were started before the last cut are not counted against the server a second time. */
	private generation = 0;

	/** @param now milliseconds since some moment, see `Time` */
	constructor(
		private readonly now: () => number,
		readonly bounds: LimitBounds,
		start = START,
	) {
		this.decision = new LimitDecision(start);
	}

	/** How many may be under way now. */
	get size(): number {
		return this.decision.size(this.bounds);
	}

	/**
	 * Sends when there is room.
	 *
	 * @param isTrouble whether an answer means that the server is too busy or ill; a rejection always does
	 */
	async run<T>(kind: string, send: () => Promise<T>, isTrouble: (answer: T) => boolean): Promise<T> {
		if (this.underWay < this.size) this.underWay++;
		// Who ends hands the place on, so that nobody who comes later takes it.
		else await new Promise<void>((start) => this.waiting.push(start));
		const { generation } = this;
		const begun = this.now();
		let failed = true;
		try {
			const answer = await send();
			failed = isTrouble(answer);
			return answer;
		} finally {
			const sample = { kind, milliseconds: Math.max(0, this.now() - begun), failed };
			if (generation === this.generation && this.decision.learn(sample, this.bounds)) this.generation++;
			this.underWay--;
			while (this.underWay < this.size && this.waiting.length > 0) {
				this.underWay++;
				this.waiting.shift()?.();
			}
		}
	}
}
