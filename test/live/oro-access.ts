import { type HttpRequest, type HttpResponse, type Send, ConnectionError } from '../../http/request';
import { readOroCrmError } from '../../orocrm/errors';
import type { OroSettings } from './options';

const TIMEOUT = 180_000;

/** One request to OroCRM, as it went out. */
export interface SentRequest {
	/** After the method override. */
	method: string;
	overridden: boolean;
	path: string;
	status: number;
}

/** Requests to OroCRM with a token that is fetched, kept and renewed here. */
export class OroAccess {
	/** What the pipeline sent. */
	readonly sent: SentRequest[] = [];
	private token: Promise<string> | undefined;
	private readonly underWay = new Set<Promise<unknown>>();
	private stopped = false;

	constructor(private readonly settings: OroSettings) {}

	/** For the pipeline: counted. */
	readonly send: Send = async (request) => {
		const response = await this.exchange(request);
		const override = request.headers['X-HTTP-Method-Override'];
		this.sent.push({
			method: override ?? request.method,
			overridden: override !== undefined,
			path: new URL(request.url).pathname,
			status: response.status,
		});
		return response;
	};

	/** Sends a request, unless the run was called off. */
	async exchange(request: HttpRequest): Promise<HttpResponse> {
		if (this.stopped) throw new Error('The run was called off.');
		const work = this.withToken(request);
		this.underWay.add(work);
		try {
			return await work;
		} finally {
			this.underWay.delete(work);
		}
	}

	get isStopped(): boolean {
		return this.stopped;
	}

	/** Requests that changed something, so far. */
	get writes(): number {
		return this.sent.filter(({ method }) => method !== 'GET').length;
	}

	/** Puts a worthless token in the place of the good one: the next request has to renew it. */
	spoilToken(): void {
		this.token = Promise.resolve('no-longer-valid');
	}

	/** Lets no further request out, and waits for those that are out. */
	async stop(): Promise<void> {
		this.stopped = true;
		await Promise.allSettled([...this.underWay]);
	}

	/** Once more with a new token when the server no longer takes the one at hand (401). */
	private async withToken(request: HttpRequest): Promise<HttpResponse> {
		const used = await this.bearer();
		const response = await exchange(request, used);
		if (response.status !== 401) return response;
		if (used === (await this.bearer())) this.token = undefined;
		return await exchange(request, await this.bearer());
	}

	private async bearer(): Promise<string> {
		this.token ??= fetchToken(this.settings);
		try {
			return await this.token;
		} catch (error) {
			this.token = undefined;
			throw error;
		}
	}
}

/** `POST /oauth2-token` (orocrm-api.md §1.2). Throws an ApiError in OroCRM's words. */
export async function fetchToken(settings: Pick<OroSettings, 'url' | 'clientId' | 'clientSecret'>): Promise<string> {
	const request: HttpRequest = {
		method: 'POST',
		url: `${settings.url}/oauth2-token`,
		headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
		body: JSON.stringify({
			grant_type: 'client_credentials',
			client_id: settings.clientId,
			client_secret: settings.clientSecret,
		}),
	};
	const response = await exchange(request);
	if (response.status !== 200) throw readOroCrmError(request, response);
	return (JSON.parse(response.text) as { access_token: string }).access_token;
}

async function exchange(request: HttpRequest, bearer?: string): Promise<HttpResponse> {
	try {
		const response = await fetch(request.url, {
			method: request.method,
			headers: { ...request.headers, ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }) },
			redirect: 'manual',
			signal: AbortSignal.timeout(TIMEOUT),
			...(request.body === undefined ? {} : { body: request.body }),
		});
		return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
	} catch (error) {
		const cause = (error as { cause?: { code?: string; message?: string } }).cause;
		throw new ConnectionError(cause?.message || cause?.code || String(error), cause?.code);
	}
}
