import { ApiError } from '../http/api-error';
import { describeRequest } from '../http/describe';
import { parseJson } from '../http/json';
import { ConnectionError } from '../http/request';
import type { HttpRequest, HttpResponse, Send } from '../http/request';
import { defaultRetryPolicy, pauseAfter, waitBeforeRepeat } from '../http/retry';
import type { RetryPolicy } from '../http/retry';
import type { Time } from '../http/time';
import { readZendeskError } from './errors';
import { RateBudget } from './rate-budget';

export type Query = Record<string, string | number | boolean | undefined>;

/**
 * Zendesk's Support API, read only: this client has no way to send anything but GET, which is what one-way sync promises.
 * It keeps the limits, repeats what failed for a passing reason, and turns every refusal into an {@link ApiError}.
 */
export class ZendeskClient {
	constructor(
		/** From {@link zendeskBaseUrl}. */
		readonly baseUrl: string,
		private readonly send: Send,
		private readonly time: Time,
		private readonly budget: RateBudget = new RateBudget(time),
		private readonly policy: RetryPolicy = defaultRetryPolicy,
	) {}

	/**
	 * One GET below `/api/v2`, e.g. `get('tickets/7.json', { include: 'users' })`. Gives back the parsed body.
	 * Throws an {@link ApiError} for every status but 2xx and when no complete JSON answer came.
	 */
	async get<T>(path: string, query: Query = {}): Promise<T> {
		const request: HttpRequest = { method: 'GET', url: `${this.baseUrl}/api/v2/${path}${queryString(query)}`, headers: { Accept: 'application/json' } };
		const kind = path.startsWith('incremental/') ? 'export' : 'account';
		for (let attempt = 1; ; attempt++) {
			await this.budget.take(kind);
			const response = await this.answer(request, attempt);
			if (!response) continue;
			this.budget.learn(response.headers);
			const wait = waitBeforeRepeat(response, attempt, true, this.policy, this.time.now());
			if (wait !== undefined) {
				await this.time.sleep(wait);
				continue;
			}
			if (response.status < 200 || response.status >= 300) throw readZendeskError(request, response);
			const body = parseJson(response.text);
			if (typeof body === 'object' && body !== null) return body as T;
			if (attempt >= this.policy.attempts) throw notJson(request, response);
			await this.time.sleep(pauseAfter(attempt, this.policy));
		}
	}

	/** The answer, or undefined when the connection failed and the request is to be repeated. */
	private async answer(request: HttpRequest, attempt: number): Promise<HttpResponse | undefined> {
		try {
			return await this.send(request);
		} catch (error) {
			if (!(error instanceof ConnectionError)) throw error;
			if (attempt >= this.policy.attempts) {
				throw new ApiError('Zendesk', describeRequest(request), undefined, error.message, 'Check that Zendesk can be reached from n8n and that the subdomain is right. The sync tries again by itself.');
			}
			await this.time.sleep(pauseAfter(attempt, this.policy));
			return undefined;
		}
	}
}

function notJson(request: HttpRequest, response: HttpResponse): ApiError {
	return new ApiError(
		'Zendesk',
		describeRequest(request),
		response.status,
		/<html/i.test(response.text) ? 'answered with a web page instead of data' : 'answered with something that is no JSON',
		'Check the address in the Zendesk credential: a login page or a proxy may answer there.',
	);
}

function queryString(query: Query): string {
	const parts = Object.entries(query)
		.filter(([, value]) => value !== undefined)
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
	return parts.length > 0 ? `?${parts.join('&')}` : '';
}
