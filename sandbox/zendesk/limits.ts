import type { Clock } from '../common/clock';
import { type ApiError, rateLimited } from './errors';

/** Requests allowed in a window (zendesk-api.md §16). */
export interface LimitSettings {
	/** All API requests, a minute. Enterprise: 700. */
	account: number;
	/** Incremental exports, a minute; 30 with the High Volume add-on. */
	incremental: number;
	/** The ticket list, a minute. */
	ticketsIndex: number;
	/** Updates of tickets, a minute and account; 300 with High Volume. */
	ticketUpdates: number;
	/** Updates of one ticket by one user, in ten minutes. */
	perTicketUpdates: number;
	/** Creations by one user, a minute. */
	ticketCreations: number;
	ticketDeletions: number;
	/** Updates of one user, a minute. */
	userUpdates: number;
	searchExport: number;
	/** Queued or working at the same time; not a rate. */
	jobs: number;
}

export const DEFAULT_LIMITS: LimitSettings = {
	account: 700,
	incremental: 10,
	ticketsIndex: 100,
	ticketUpdates: 100,
	perTicketUpdates: 30,
	ticketCreations: 300,
	ticketDeletions: 400,
	userUpdates: 5,
	searchExport: 100,
	jobs: 30,
};

export type LimitName = Exclude<keyof LimitSettings, 'account' | 'jobs'>;

const MINUTE = 60;
const WINDOW_SECONDS: Partial<Record<LimitName, number>> = { perTicketUpdates: 10 * MINUTE };

/** Headers in which Zendesk tells an endpoint's budget, as named since 2024 (zendesk-api.md §16). */
const HEADERS: Partial<Record<LimitName, string>> = {
	ticketsIndex: 'zendesk-ratelimit-tickets-index',
	ticketUpdates: 'zendesk-ratelimit-tickets-update',
	perTicketUpdates: 'zendesk-ratelimit-per-ticket-updates',
	ticketCreations: 'zendesk-ratelimit-ticket-request-create-by-user-and-ip',
};

const WORDS: Partial<Record<LimitName, string>> = {
	incremental: 'Number of allowed incremental export API requests per minute exceeded',
};
const GENERAL_WORDS = 'Number of allowed API requests per minute exceeded';

/** zendesk-api.md §15, "429 user"; the same words are assumed for tickets. */
const updatingOneTooOften = (what: string) =>
	`You have exceeded the rate limit for updating a single unique ${what}. Please try again later.`;

/** Counts requests in fixed windows, which begin on the full minute (or ten) like the recorded ones. */
export class Limits {
	private readonly used = new Map<string, { window: number; count: number }>();
	private breaches = 0;

	constructor(
		private readonly clock: Clock,
		/** Undefined: nothing is limited and no headers tell of limits. */
		readonly settings: LimitSettings | undefined,
	) {}

	/** How many requests were refused. */
	breachCount(): number {
		return this.breaches;
	}

	resetBreaches(): void {
		this.breaches = 0;
	}

	/** As if nobody had asked for anything yet. */
	reset(): void {
		this.used.clear();
		this.breaches = 0;
	}

	/** Counts one request against the account. The headers belong on every answer; throws the 429 when it is over. */
	takeAccount(headers: Record<string, string>): void {
		if (!this.settings) return;
		const { over, remaining, resets } = this.count('account', this.settings.account, MINUTE);
		Object.assign(headers, {
			'x-rate-limit': String(this.settings.account),
			'x-rate-limit-remaining': String(remaining),
			'ratelimit-limit': String(this.settings.account),
			'ratelimit-remaining': String(remaining),
			'ratelimit-reset': String(resets),
		});
		if (over) throw this.refusal(resets, GENERAL_WORDS);
	}

	/** Counts one request against an endpoint's own limit; `key` is what the limit is kept for, e.g. user and ticket. */
	take(name: LimitName, key: string, headers: Record<string, string>): void {
		if (!this.settings) return;
		const total = this.settings[name];
		const { over, remaining, resets } = this.count(`${name} ${key}`, total, WINDOW_SECONDS[name] ?? MINUTE);
		const header = HEADERS[name];
		if (header) headers[header] = `total=${total}; remaining=${remaining}; resets=${resets}`;
		if (over) throw this.refusal(resets, this.words(name));
	}

	private words(name: LimitName): string {
		if (name === 'perTicketUpdates') return updatingOneTooOften('ticket');
		if (name === 'userUpdates') return updatingOneTooOften('user');
		return WORDS[name] ?? GENERAL_WORDS;
	}

	private count(key: string, total: number, seconds: number) {
		const now = Math.floor(this.clock.now().getTime() / 1000);
		const window = Math.floor(now / seconds);
		const resets = seconds - (now % seconds);
		let used = this.used.get(key);
		if (used?.window !== window) {
			used = { window, count: 0 };
			this.used.set(key, used);
		}
		if (used.count >= total) return { over: true, remaining: 0, resets };
		used.count += 1;
		return { over: false, remaining: total - used.count, resets };
	}

	/** The 429, counted as a breach. */
	refusal(retryAfter: number, words: string): ApiError {
		this.breaches += 1;
		return rateLimited(retryAfter, words);
	}
}
