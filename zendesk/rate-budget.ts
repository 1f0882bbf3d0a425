import type { Time } from '../http/time';

/** Incremental exports have a limit of their own: 10 requests a minute, 30 with the High Volume add-on (zendesk-api.md §3, §16). */
export const INCREMENTAL_REQUESTS_PER_MINUTE = 10;

const MINUTE = 60_000;

/** Calls left of the account's minute that are kept for the people who work in Zendesk and for other apps. */
const RESERVE_SHARE = 0.1;

/**
 * Keeps the account's limits instead of finding them out. One budget serves all calls to an account; Zendesk's own headers, which
 * count every client of the account, are the truth.
 */
export class RateBudget {
	private remaining = Number.POSITIVE_INFINITY;
	private reserve = 0;
	private resetsAt = 0;
	private exports: number[] = [];
	/** Milliseconds spent waiting, for reports. */
	waited = 0;

	constructor(
		private readonly time: Time,
		private readonly exportsPerMinute = INCREMENTAL_REQUESTS_PER_MINUTE,
	) {}

	/** Waits until one more request may go out. An export is counted when it goes, not when it begins to wait for the account. */
	async take(kind: 'account' | 'export'): Promise<void> {
		for (;;) {
			const pause = Math.max(this.accountPause(), kind === 'export' ? this.exportPause() : 0);
			if (pause <= 0) break;
			this.waited += pause;
			await this.time.sleep(pause);
		}
		if (kind === 'export') this.exports.push(this.time.now());
		if (this.time.now() >= this.resetsAt) this.remaining = Number.POSITIVE_INFINITY;
		this.remaining -= 1;
	}

	/** Takes the account's count from an answer. The headers were renamed in 2024: `rate-limit-…` to `ratelimit-…`. */
	learn(headers: Record<string, string>): void {
		const number = (...names: string[]) => names.map((name) => Number.parseInt(headers[name] ?? '', 10)).find((value) => !Number.isNaN(value));
		const limit = number('ratelimit-limit', 'rate-limit', 'x-rate-limit');
		const remaining = number('ratelimit-remaining', 'rate-limit-remaining', 'x-rate-limit-remaining');
		const reset = number('ratelimit-reset', 'rate-limit-reset');
		if (remaining === undefined) return;
		this.remaining = remaining;
		this.reserve = Math.floor((limit ?? 0) * RESERVE_SHARE);
		this.resetsAt = this.time.now() + (reset ?? 60) * 1000;
	}

	private accountPause(): number {
		if (this.remaining > this.reserve) return 0;
		const pause = this.resetsAt - this.time.now();
		// Zendesk counts by the minute: a longer pause means that the clock was set back since.
		if (pause <= MINUTE) return pause;
		this.resetsAt = this.time.now();
		return 0;
	}

	private exportPause(): number {
		const now = this.time.now();
		this.exports = this.exports.filter((at) => at > now - 60_000 && at <= now);
		return this.exports.length < this.exportsPerMinute ? 0 : this.exports[0] + 60_000 - now + 50;
	}
}
