/** What Zendesk says of a limit: how many in all, how many are left, and in how many seconds they are there again. */
export interface LimitState {
	total?: number;
	remaining?: number;
	/** Seconds. */
	resets?: number;
}

/** The part of an account's limit that is kept for the people who work in Zendesk and for other apps. */
export const RESERVE_SHARE = 0.1;

/** Requests don't arrive in the moment in which they are sent: a window is kept so much longer. Milliseconds. */
const MARGIN = 500;
/** Headers speak in whole seconds: ends of a window that are closer than this are one. Milliseconds. */
const SAME_WINDOW = 2_000;

/**
 * One limit, "at most so many in so long", kept in two ways at once, and the stricter one counts:
 * by our own requests in the window that slides along, which is never more than Zendesk's fixed window allows wherever that begins;
 * and by what Zendesk's headers say is left, which counts other clients too.
 */
export class LimitWindow {
	private sent: number[] = [];
	private remaining = Number.POSITIVE_INFINITY;
	private resetsAt = 0;

	constructor(
		private limit: number,
		/** Milliseconds. */
		private readonly length: number,
		/** The part of the limit that is left to others, 0 to 1. */
		private readonly reserve = 0,
	) {}

	/** Milliseconds until one more may go out; 0 when it may go now. */
	pause(now: number): number {
		this.forget(now);
		const kept = Number.isFinite(this.limit) ? Math.floor(this.limit * this.reserve) : 0;
		const usable = Math.max(1, this.limit - kept);
		const byCount = this.sent.length < usable ? 0 : this.sent[this.sent.length - usable] + this.length + MARGIN - now;
		const byHeaders = this.remaining > kept ? 0 : this.resetsAt - now;
		return Math.max(0, byCount, byHeaders);
	}

	take(now: number): void {
		this.sent.push(now);
		this.remaining -= 1;
	}

	/** Counts as used up from this moment, unless something was sent already: then it is known what was. */
	useUp(now: number): void {
		if (this.sent.length === 0 && Number.isFinite(this.limit)) this.sent = new Array<number>(this.limit).fill(now);
	}

	learn(state: LimitState, now: number): void {
		if (state.total !== undefined && state.total > 0) this.limit = state.total;
		if (state.remaining === undefined) return;
		const resetsAt = now + Math.min((state.resets ?? this.length / 1000) * 1000, this.length) + MARGIN;
		const sameWindow = now < this.resetsAt && Math.abs(resetsAt - this.resetsAt) < SAME_WINDOW;
		// Answers that overtake each other tell of one window in any order: the lowest count is the latest.
		this.remaining = sameWindow ? Math.min(this.remaining, state.remaining) : state.remaining;
		if (!sameWindow) this.resetsAt = resetsAt;
	}

	/** True when nothing is remembered that could make anybody wait. */
	isIdle(now: number): boolean {
		this.forget(now);
		return this.sent.length === 0 && this.remaining === Number.POSITIVE_INFINITY;
	}

	/** What lies behind the window counts no more; nor does what lies in the future, for then the clock was set back. */
	private forget(now: number): void {
		this.sent = this.sent.filter((at) => at > now - this.length - MARGIN && at <= now);
		if (now >= this.resetsAt || this.resetsAt - now > this.length + MARGIN) this.remaining = Number.POSITIVE_INFINITY;
	}
}

/** Reads `total=100; remaining=99; resets=17`, the form of Zendesk's headers for single endpoints (zendesk-api.md §16). */
export function limitState(header: string | undefined): LimitState {
	const parts = (header ?? '').split(';').map((part) => part.trim());
	const number = (name: string) => {
		const value = parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
		return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
	};
	return { total: number('total'), remaining: number('remaining'), resets: number('resets') };
}
