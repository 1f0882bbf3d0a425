import { LimitWindow, limitState, RESERVE_SHARE } from './limit-window';

/** Updates of tickets: 100 a minute for the whole account, 300 with the High Volume add-on (zendesk-api.md §16). */
export const UPDATES_PER_MINUTE = 100;
/** Updates of one ticket by one user: 30 in ten minutes (zendesk-api.md §16). */
export const UPDATES_PER_TICKET = 30;

const MINUTE = 60_000;

/** The two limits of ticket updates, learned from the headers of their answers. */
export class TicketUpdateLimits {
	private readonly account: LimitWindow;
	/** By ticket, the one that was touched last at the end. */
	private readonly tickets = new Map<number, LimitWindow>();

	constructor(
		perMinute = UPDATES_PER_MINUTE,
		private perTicket = UPDATES_PER_TICKET,
	) {
		this.account = new LimitWindow(perMinute, MINUTE, RESERVE_SHARE);
	}

	/** How many tickets are remembered: those that were updated in the last ten minutes. */
	get remembered(): number {
		return this.tickets.size;
	}

	/** What one update of this ticket has to keep. */
	of(ticketId: number): Pick<LimitWindow, 'pause' | 'take'> {
		return {
			pause: (now) => Math.max(this.account.pause(now), this.tickets.get(ticketId)?.pause(now) ?? 0),
			take: (now) => {
				this.account.take(now);
				this.touch(ticketId).take(now);
				this.forgetIdle(now);
			},
		};
	}

	learn(headers: Record<string, string>, ticketId: number | undefined, now: number): void {
		this.account.learn(limitState(headers['zendesk-ratelimit-tickets-update'] ?? headers['zendesk-rate-limit-tickets-update']), now);
		const header = headers['zendesk-ratelimit-per-ticket-updates'] ?? headers['zendesk-rate-limit-per-ticket-updates'];
		if (ticketId === undefined || !header) return;
		const state = limitState(header);
		if (state.total) this.perTicket = state.total;
		this.touch(ticketId).learn(state, now);
	}

	private touch(ticketId: number): LimitWindow {
		const window = this.tickets.get(ticketId) ?? new LimitWindow(this.perTicket, 10 * MINUTE);
		this.tickets.delete(ticketId);
		this.tickets.set(ticketId, window);
		return window;
	}

	/** From the ticket that was left alone for longest; the account's limit bounds how many are younger than the window. */
	private forgetIdle(now: number): void {
		for (const [ticketId, window] of this.tickets) {
			if (!window.isIdle(now)) return;
			this.tickets.delete(ticketId);
		}
	}
}
