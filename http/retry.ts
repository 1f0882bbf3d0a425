import type { HttpResponse } from './request';

/** How often and how patiently a request is repeated. */
export interface RetryPolicy {
	/** Attempts in all, the first included. */
	attempts: number;
	/** First pause in milliseconds; it doubles each time. */
	firstPause: number;
	/** Longest pause by our own choice; a server's Retry-After may ask for more. */
	longestPause: number;
	/** Longest Retry-After that is waited for within a run, in milliseconds. More than that is left to the next run. */
	longestRetryAfter: number;
}

export const defaultRetryPolicy: RetryPolicy = { attempts: 5, firstPause: 1_000, longestPause: 20_000, longestRetryAfter: 120_000 };

/** Statuses after which the same request may go well: too many, or the server is in trouble for now. */
const PASSING = new Set([429, 500, 502, 503, 504, 520, 521, 522, 523, 524]);

/**
 * Milliseconds from a `Retry-After` header: seconds, or an HTTP date as some proxies send, which is as far off as it is behind the answer's
 * own `Date` (n8n's clock may be another one). Undefined when absent or unreadable.
 */
export function retryAfter(headers: Record<string, string>): number | undefined {
	const value = headers['retry-after']?.trim();
	if (!value) return undefined;
	if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
	const wait = Date.parse(value) - Date.parse(headers.date ?? '');
	return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** The pause before attempt `attempt + 1`, with jitter so that several runs don't come back at the same moment. */
export function pauseAfter(attempt: number, policy: RetryPolicy, random: () => number = Math.random): number {
	const full = Math.min(policy.longestPause, policy.firstPause * 2 ** (attempt - 1));
	return Math.round(full / 2 + (full / 2) * random());
}

/**
 * Decides what happens after an answer: undefined = take it as it is, a number = repeat after so many milliseconds.
 *
 * 429 and 503 are refusals before any work, so they may be repeated whatever the request was. After the other 5xx the
 * work may have been done: only a request that is safe to repeat is sent again.
 */
export function waitBeforeRepeat(
	response: HttpResponse,
	attempt: number,
	safeToRepeat: boolean,
	policy: RetryPolicy,
	random?: () => number,
): number | undefined {
	if (!PASSING.has(response.status) || attempt >= policy.attempts) return undefined;
	const asked = retryAfter(response.headers);
	const refusedBeforeWork = response.status === 429 || (response.status === 503 && asked !== undefined);
	if (!refusedBeforeWork && !safeToRepeat) return undefined;
	if (asked === undefined) return pauseAfter(attempt, policy, random);
	if (asked > policy.longestRetryAfter) return undefined;
	return asked + Math.round(250 * (random ?? Math.random)());
}
