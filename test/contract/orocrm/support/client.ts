import * as credentials from '../../../../sandbox/orocrm/credentials';
import type { PracticeOroCrm, PracticeOroCrmOptions } from '../../../../sandbox/orocrm/server';
import { startPracticeOroCrm } from '../../../../sandbox/orocrm/server';

/** A parsed document, looked into without ceremony. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
	status: number;
	headers: Headers;
	/** Parsed when it is JSON; undefined when empty. */
	body: Json;
}

export interface Client {
	server: PracticeOroCrm;
	call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

const running: PracticeOroCrm[] = [];

/** A practice server of its own with one deactivated channel, and a client with an administrator's token. */
export async function start(options: PracticeOroCrmOptions = {}): Promise<Client> {
	const server = await startPracticeOroCrm({ searchLagMs: 0, ...options });
	running.push(server);
	server.store.withoutEvents(() =>
		server.store.insert('integrationchannels', { name: 'Zendesk', channelType: 'zendesk', enabled: false }),
	);
	const token = server.oauth.issueFor(credentials.PRACTICE_OROCRM_CLIENT_ID);
	return {
		server,
		call: async (method, path, body, headers = {}) => {
			const response = await fetch(server.url + path, {
				method,
				headers: {
					Authorization: `Bearer ${token}`,
					Accept: 'application/vnd.api+json',
					...(body === undefined ? {} : { 'Content-Type': 'application/vnd.api+json' }),
					...headers,
				},
				...(body === undefined ? {} : { body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) }),
			});
			const text = await response.text();
			return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
		},
	};
}

export async function stopAll(): Promise<void> {
	await Promise.all(running.splice(0).map(async (server) => await server.close()));
}

export const to = (type: string, id: string | number): { data: { type: string; id: string } } => ({
	data: { type, id: String(id) },
});

/** A case with the three required associations. */
export function newCase(
	subject: string,
	attributes: Record<string, unknown> = {},
	id?: string,
): Record<string, unknown> {
	return {
		type: 'cases',
		...(id === undefined ? {} : { id }),
		attributes: { subject, ...attributes },
		relationships: {
			source: to('casesources', 'email'),
			status: to('casestatuses', 'open'),
			priority: to('casepriorities', 'normal'),
		},
	};
}

/** A ticket record of channel 1 with a new case. */
export function newPair(originId: string, attributes: Record<string, unknown> = {}): Record<string, unknown> {
	return {
		data: {
			type: 'zendesktickets',
			attributes: { originId, subject: `Ticket ${originId}` },
			relationships: { channel: to('integrationchannels', 1), relatedCase: to('cases', 'k') },
		},
		included: [newCase(`Ticket ${originId}`, attributes, 'k')],
	};
}
