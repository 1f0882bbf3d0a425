import type { Time } from '../http/time';
import { LimitWindow, limitState, RESERVE_SHARE } from './limit-window';
import { TicketUpdateLimits } from './ticket-update-limits';

/** Incremental exports have a limit of their own: 10 requests a minute, 30 with the High Volume add-on (zendesk-api.md §3, §16). */
export const INCREMENTAL_REQUESTS_PER_MINUTE = 10;

const MINUTE = 60_000;

/**
 * Keeps the account's limits instead of finding them out. One budget serves all calls to an account; Zendesk's own headers, which
 * count every client of the account, are the truth.
 */
export class RateBudget {
	private remaining = Number.POSITIVE_INFINITY;
	private reserve = 0;
	private resetsAt = 0;
	private readonly exports: LimitWindow;
	/** The ticket list: how many it may be, only its headers say (zendesk-api.md §16). */
	private readonly lists = new LimitWindow(Number.POSITIVE_INFINITY, MINUTE, RESERVE_SHARE);
	readonly updates: TicketUpdateLimits;
	/** Milliseconds spent waiting, for reports. */
	waited = 0;

	constructor(
		private readonly time: Time,
		exportsPerMinute = INCREMENTAL_REQUESTS_PER_MINUTE,
		updatesPerMinute?: number,
		updatesPerTicket?: number,
	) {
		this.exports = new LimitWindow(exportsPerMinute, MINUTE);
		this.updates = new TicketUpdateLimits(updatesPerMinute, updatesPerTicket);
	}

	/** Waits until one more request may go out. It is counted when it goes, not when it begins to wait. */
	async take(kind: 'account' | 'export' | 'list'): Promise<void> {
		await this.takeFrom(kind === 'export' ? this.exports : kind === 'list' ? this.lists : undefined);
	}

	/**
	 * A process before this one may have used up the exports of this minute, and no header says how many are left (zendesk-api.md §16): the next
	 * one waits until they are surely there again. Nothing changes once this process has sent one itself.
	 */
	exportsMayBeSpent(): void {
		this.exports.useUp(this.time.now());
	}

	/** The same for one update of a ticket: it counts for the account, for the account's updates and for the ticket's. */
	async takeUpdate(ticketId: number): Promise<void> {
		await this.takeFrom(this.updates.of(ticketId));
	}

	/**
	 * Takes what is left from an answer's headers, which were renamed in 2024: `rate-limit-…` to `ratelimit-…`.
	 *
	 * @param ticketId the ticket that was updated, when the answer is to an update
	 */
	learn(headers: Record<string, string>, ticketId?: number): void {
		const now = this.time.now();
		this.lists.learn(limitState(headers['zendesk-ratelimit-tickets-index'] ?? headers['zendesk-rate-limit-tickets-index']), now);
		this.updates.learn(headers, ticketId, now);
		const number = (...names: string[]) => names.map((name) => Number.parseInt(headers[name] ?? '', 10)).find((value) => !Number.isNaN(value));
		const limit = number('ratelimit-limit', 'rate-limit', 'x-rate-limit');
		const remaining = number('ratelimit-remaining', 'rate-limit-remaining', 'x-rate-limit-remaining');
		const reset = number('ratelimit-reset', 'rate-limit-reset');
		if (remaining === undefined) return;
		this.remaining = remaining;
		this.reserve = Math.floor((limit ?? 0) * RESERVE_SHARE);
		this.resetsAt = now + (reset ?? 60) * 1000;
	}

	/** Waits for the account and for the endpoint's own limit. Both are counted in the moment in which the last look at them was good. */
	private async takeFrom(own: Pick<LimitWindow, 'pause' | 'take'> | undefined): Promise<void> {
		for (;;) {
			const pause = Math.max(this.accountPause(), own?.pause(this.time.now()) ?? 0);
			if (pause <= 0) break;
			this.waited += pause;
			await this.time.sleep(pause);
		}
		const now = this.time.now();
		own?.take(now);
		if (now >= this.resetsAt) this.remaining = Number.POSITIVE_INFINITY;
		this.remaining -= 1;
	}

	private accountPause(): number {
		if (this.remaining > this.reserve) return 0;
		const pause = this.resetsAt - this.time.now();
		// Zendesk counts by the minute: a longer pause means that the clock was set back since.
		if (pause <= MINUTE) return pause;
		this.resetsAt = this.time.now();
		return 0;
	}
}
