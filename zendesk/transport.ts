import { ApiError } from '../http/api-error';
import { describeRequest } from '../http/describe';
import { parseJson } from '../http/json';
import { insteadOfData, whoMayAnswer } from '../http/instead-of-data';
import { ConnectionError } from '../http/request';
import type { HttpRequest, HttpResponse, Send } from '../http/request';
import { defaultRetryPolicy, pauseAfter, waitBeforeRepeat } from '../http/retry';
import type { RetryPolicy } from '../http/retry';
import type { Time } from '../http/time';
import { readZendeskError } from './errors';
import { RateBudget } from './rate-budget';

export type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

/** Which limit counts a request: the account's alone, one of an endpoint besides, one ticket's updates, or none of Zendesk's API. */
export type CountedAs = 'account' | 'export' | 'list' | 'nothing' | { ticket: number };

/** An answer's parsed body. */
export interface Dated<T> {
	body: T;
	/** The answer's `Date`: milliseconds since 1970 by Zendesk's clock, in whole seconds. Undefined when it has none. */
	answeredAt: number | undefined;
}

export interface Conduct {
	countedAs: CountedAs;
	/**
	 * Whether it may be sent again when it may have been carried out already: after a lost answer, and after a 5xx that is no refusal.
	 * Otherwise such an end is thrown, for whoever asked has to look first.
	 */
	safeToRepeat: boolean;
}

/** What reading from Zendesk and writing to it share: addresses, limits, repeats, and errors in words. */
export class ZendeskTransport {
	constructor(
		/** From `zendeskBaseUrl`. */
		readonly baseUrl: string,
		private readonly send: Send,
		private readonly time: Time,
		private readonly budget: RateBudget = new RateBudget(time),
		private readonly policy: RetryPolicy = defaultRetryPolicy,
	) {}

	/** An address below `/api/v2`. */
	address(path: string, query: Query = {}): string {
		return `${this.baseUrl}/api/v2/${path}${queryString(query)}`;
	}

	/** The parsed JSON answer. Throws an {@link ApiError} for every status but 2xx and when no complete JSON answer came. */
	async json<T>(request: HttpRequest, conduct: Conduct): Promise<T> {
		return (await this.dated<T>(request, conduct)).body;
	}

	/** The same with the answer's date. */
	async dated<T>(request: HttpRequest, conduct: Conduct): Promise<Dated<T>> {
		for (let attempt = 1; ; attempt++) {
			const response = await this.attempt(request, conduct, attempt);
			if (!response) continue;
			if (response.status < 200 || response.status >= 300) throw readZendeskError(request, response);
			const body = parseJson(response.text);
			if (typeof body === 'object' && body !== null) return { body: body as T, answeredAt: dateOf(response) };
			if (!conduct.safeToRepeat || attempt >= this.policy.attempts) throw notJson(request, response, conduct);
			await this.time.sleep(pauseAfter(attempt, this.policy));
		}
	}

	/** The answer whatever its status, once that is no passing trouble any more. Throws an {@link ApiError} when none came. */
	async answer(request: HttpRequest, conduct: Conduct): Promise<HttpResponse> {
		for (let attempt = 1; ; attempt++) {
			const response = await this.attempt(request, conduct, attempt);
			if (response) return response;
		}
	}

	/** One try. Undefined, after a pause, when the request is to be sent again. */
	private async attempt(request: HttpRequest, conduct: Conduct, attempt: number): Promise<HttpResponse | undefined> {
		await this.take(conduct.countedAs);
		let response: HttpResponse;
		try {
			response = await this.send(request);
		} catch (error) {
			if (!(error instanceof ConnectionError)) throw error;
			const mayRepeat = (conduct.safeToRepeat || error.neverSent) && attempt < this.policy.attempts;
			if (!mayRepeat) throw noAnswer(request, error);
			await this.time.sleep(pauseAfter(attempt, this.policy));
			return undefined;
		}
		if (conduct.countedAs !== 'nothing') this.budget.learn(response.headers, typeof conduct.countedAs === 'object' ? conduct.countedAs.ticket : undefined);
		const wait = waitBeforeRepeat(response, attempt, conduct.safeToRepeat, this.policy);
		if (wait === undefined) return response;
		await this.time.sleep(wait);
		return undefined;
	}

	private async take(countedAs: CountedAs): Promise<void> {
		if (countedAs === 'nothing') return;
		await (typeof countedAs === 'object' ? this.budget.takeUpdate(countedAs.ticket) : this.budget.take(countedAs));
	}
}

function noAnswer(request: HttpRequest, error: ConnectionError): ApiError {
	return new ApiError('Zendesk', describeRequest(request), undefined, error.message, 'Check that Zendesk can be reached from n8n and that the subdomain is right. The sync tries again by itself.');
}

/** For what may not be repeated this is a lost answer, so without a status: it may have been carried out. */
function notJson(request: HttpRequest, response: HttpResponse, conduct: Conduct): ApiError {
	return new ApiError(
		'Zendesk',
		describeRequest(request),
		conduct.safeToRepeat ? response.status : undefined,
		insteadOfData(response.text),
		`${whoMayAnswer(request.url)} If it stays, check the address in the Zendesk credential. The sync tries again by itself.`,
	);
}

function dateOf({ headers }: HttpResponse): number | undefined {
	const date = Date.parse(headers.date ?? '');
	return Number.isNaN(date) ? undefined : date;
}

/** A list becomes its name once for each value, as in `role[]=agent&role[]=admin`. */
function queryString(query: Query): string {
	const parts = Object.entries(query)
		.flatMap(([name, value]) => (Array.isArray(value) ? (value as string[]) : [value as string | number | boolean | undefined]).map((one) => [name, one] as const))
		.filter(([, value]) => value !== undefined)
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
	return parts.length > 0 ? `?${parts.join('&')}` : '';
}
