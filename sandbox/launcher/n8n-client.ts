import { setTimeout as sleep } from 'node:timers/promises';

import { owner } from './n8n-program';
import { PlainError } from './plain-error';

/** n8n itself gives a publication up after two minutes (its outbox's lease). */
const PUBLISHED_WITHIN = 120_000;

/** What n8n 2.41 says of a publication at `/rest/workflows/ID/publication-status`, for the editor; its public interface has no such call. */
interface Publication {
	status: 'in_progress' | 'published' | 'partial' | 'failed' | 'not_published';
	triggers: Array<{ nodeId: string; status: string; errorMessage: string | null }>;
}

/** Answer of n8n's public interface that was not a success. */
export class N8nAnswerError extends Error {
	constructor(
		readonly status: number,
		readonly method: string,
		readonly path: string,
		readonly body: string,
	) {
		super(`n8n answered ${status} to ${method} ${path}: ${body.slice(0, 500)}`);
	}
}

/** n8n's public interface (`/api/v1`) with an API key of the sandbox's owner, and what only the editor's interface (`/rest`) can do. */
export class N8nClient {
	private cookie: string | undefined;

	constructor(
		readonly url: string,
		readonly apiKey: string,
	) {}

	/** @param path below /api/v1, for instance `/workflows?limit=5` */
	async request<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${this.url}/api/v1${path}`, {
			method,
			headers: { 'X-N8N-API-KEY': this.apiKey, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) throw new N8nAnswerError(response.status, method, path, text);
		return (text ? JSON.parse(text) : undefined) as T;
	}

	/** All items of a list, page by page. */
	async list<T>(path: string): Promise<T[]> {
		const items: T[] = [];
		let cursor: string | null | undefined;
		do {
			const query = new URLSearchParams({ limit: '100', ...(cursor ? { cursor } : {}) });
			const page = await this.request<{ data: T[]; nextCursor?: string | null }>(
				'GET',
				`${path}${path.includes('?') ? '&' : '?'}${query}`,
			);
			items.push(...page.data);
			cursor = page.nextCursor;
		} while (cursor);
		return items;
	}

	/**
	 * Publishes a workflow as it was saved last, and waits until its triggers and forms are there: n8n answers before they are.
	 *
	 * @throws PlainError with n8n's words when a trigger could not be started
	 */
	async activate(id: string): Promise<void> {
		await this.request('POST', `/workflows/${id}/activate`);
		await this.untilPublished(id);
	}

	/** Switches a workflow off and waits until its triggers are gone. Runs that are under way go on. */
	async deactivate(id: string): Promise<void> {
		await this.request('POST', `/workflows/${id}/deactivate`);
		await this.untilPublicationEnds(id);
	}

	/** Waits until what was published last is at work; also after a change of a published workflow, which n8n publishes by itself. */
	async untilPublished(id: string): Promise<void> {
		const { status, triggers } = await this.untilPublicationEnds(id);
		if (status === 'published') return;
		const words = triggers.flatMap(({ status: one, errorMessage }) => (one === 'failed' && errorMessage ? [errorMessage] : []));
		throw new PlainError(`n8n has not started all triggers of the workflow ${id} (${status}). It says: ${words.join('; ') || 'nothing'}`);
	}

	/** Stops an execution as a person does in the editor; the public interface has no such call. */
	async stopExecution(id: string): Promise<void> {
		await this.rest('POST', `/executions/${id}/stop`);
	}

	private async untilPublicationEnds(id: string): Promise<Publication> {
		for (const deadline = Date.now() + PUBLISHED_WITHIN; ; ) {
			const publication = await this.rest<Publication>('GET', `/workflows/${id}/publication-status`);
			if (publication.status !== 'in_progress') return publication;
			if (Date.now() > deadline) throw new PlainError(`n8n is still publishing the workflow ${id} after ${PUBLISHED_WITHIN / 1000} s.`);
			await sleep(100);
		}
	}

	/** The editor's interface, for which one has to log in; sessions outlive a restart of n8n. */
	private async rest<T>(method: string, path: string): Promise<T> {
		this.cookie ??= await logIn(this.url);
		const response = await fetch(`${this.url}/rest${path}`, { method, headers: { cookie: this.cookie } });
		if (!response.ok) throw new N8nAnswerError(response.status, method, path, await response.text());
		return ((await response.json()) as { data: T }).data;
	}

	async isActive(id: string): Promise<boolean> {
		return (await this.request<{ active: boolean }>('GET', `/workflows/${id}`)).active;
	}
}

/** A client with the API key of before if that still opens n8n, else with a new one. */
export async function connect(url: string, formerKey: string | undefined): Promise<N8nClient> {
	if (formerKey) {
		const client = new N8nClient(url, formerKey);
		const works = await client.request('GET', '/workflows?limit=1').then(
			() => true,
			() => false,
		);
		if (works) return client;
	}
	return new N8nClient(url, await makeApiKey(url));
}

/** n8n gives out API keys only to somebody who is logged in: by the same calls as its editor makes. */
async function makeApiKey(url: string): Promise<string> {
	const cookie = await logIn(url);
	const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
		const response = await fetch(`${url}/rest${path}`, {
			method,
			headers: { cookie, 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		if (!response.ok) throw new N8nAnswerError(response.status, method, path, await response.text());
		return ((await response.json()) as { data: T }).data;
	};
	const label = 'sandbox launcher';
	for (const key of await apiKeysWithLabel(call, label)) await call('DELETE', `/api-keys/${key.id}`);
	const scopes = await call<string[]>('GET', '/api-keys/scopes');
	return (await call<{ rawApiKey: string }>('POST', '/api-keys', { label, expiresAt: null, scopes })).rawApiKey;
}

type Call = <T>(method: string, path: string, body?: unknown) => Promise<T>;
interface ApiKey {
	id: string;
	label: string;
}

async function apiKeysWithLabel(call: Call, label: string): Promise<ApiKey[]> {
	const answer = await call<ApiKey[] | { items: ApiKey[] }>('GET', '/api-keys');
	return (Array.isArray(answer) ? answer : answer.items).filter((key) => key.label === label);
}

async function logIn(url: string): Promise<string> {
	const response = await fetch(`${url}/rest/login`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ emailOrLdapLoginId: owner.email, password: owner.password }),
	});
	if (!response.ok) {
		throw new PlainError(`n8n at ${url} does not let its own owner (${owner.email}) log in: it answered ${response.status}.`);
	}
	return response.headers
		.getSetCookie()
		.map((cookie) => cookie.split(';')[0])
		.join('; ');
}
