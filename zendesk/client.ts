import type { HttpResponse, Send } from '../http/request';
import type { RetryPolicy } from '../http/retry';
import type { Time } from '../http/time';
import { downloadAttachment } from './attachments';
import type { RateBudget } from './rate-budget';
import { ZendeskTransport } from './transport';
import type { CountedAs, Dated, Query } from './transport';

export type { Query } from './transport';

/**
 * Zendesk's Support API, read only: this client has no way to send anything but GET, which is what one-way sync promises.
 * It keeps the limits, repeats what failed for a passing reason, and turns every refusal into an `ApiError`.
 */
export class ZendeskClient {
	private readonly transport: ZendeskTransport;

	constructor(
		/** From `zendeskBaseUrl`. */
		readonly baseUrl: string,
		send: Send,
		time: Time,
		budget?: RateBudget,
		policy?: RetryPolicy,
	) {
		this.transport = new ZendeskTransport(baseUrl, onlyGet(send), time, budget, policy);
	}

	/**
	 * One GET below `/api/v2`, e.g. `get('tickets/7.json', { include: 'users' })`. Gives back the parsed body.
	 * Throws an `ApiError` for every status but 2xx and when no complete JSON answer came.
	 */
	async get<T>(path: string, query: Query = {}): Promise<T> {
		return (await this.getDated<T>(path, query)).body;
	}

	/** The same, and when Zendesk answered by its own clock, see {@link Dated}. */
	async getDated<T>(path: string, query: Query = {}): Promise<Dated<T>> {
		return await this.transport.dated<T>(
			{ method: 'GET', url: this.transport.address(path, query), headers: { Accept: 'application/json' } },
			{ countedAs: countedAs(path), safeToRepeat: true },
		);
	}

	/**
	 * One GET of a file by its whole address, its body as bytes, whatever the status; redirects are not followed. The credential goes
	 * along only to the account's own address. Files are no part of the API, whose limits count its requests. See {@link download}.
	 */
	async getFile(url: string): Promise<HttpResponse> {
		const address = new URL(url);
		const own = address.origin === new URL(this.baseUrl).origin;
		return await this.transport.answer(
			{ method: 'GET', url: address.href, headers: { Accept: '*/*' }, binary: true, ...(own ? {} : { anonymous: true }) },
			{ countedAs: 'nothing', safeToRepeat: true },
		);
	}

	/** A file by its address; undefined when it is larger than so many bytes or lies elsewhere. See {@link downloadAttachment}. */
	async download(url: string, largest: number): Promise<Buffer | undefined> {
		return await downloadAttachment(this, url, largest);
	}
}

/** The promise, kept below all else. */
function onlyGet(send: Send): Send {
	return async (request) => {
		if (request.method !== 'GET') throw new Error(`The reading side of Zendesk was asked to send ${request.method}.`);
		return await send(request);
	};
}

/** Exports and the ticket list have limits of their own (zendesk-api.md §16). */
function countedAs(path: string): CountedAs {
	if (path.startsWith('incremental/')) return 'export';
	return path === 'tickets.json' ? 'list' : 'account';
}
