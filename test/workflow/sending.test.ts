import '../support/n8n-environment';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TriggerContext } from 'n8n-core';
import type { INode, IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';
import { ConnectionError } from '../../http/request';
import type { HttpRequest } from '../../http/request';
import { senderOf } from '../../nodes/shared/send';
import { TestCredentials } from '../support/n8n-credentials';

/** Requests through n8n's own helpers, as the nodes send them: files as bytes, with the credential and without. */

const BYTES = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256));
const BINARY = { method: 'GET', headers: { Accept: '*/*' }, binary: true } as const;

interface Seen {
	method?: string;
	url?: string;
	authorization?: string;
	contentType?: string;
	body: Buffer;
}

let server: Server;
let url: string;
let seen: Seen[] = [];
/** What the server answers, by path; the bytes by default. */
let answers: Record<string, (response: ServerResponse, request: IncomingMessage) => void> = {};

beforeAll(async () => {
	server = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on('data', (part: Buffer) => parts.push(part));
		request.on('end', () => {
			const { method, headers } = request;
			const [contentType, { authorization }] = [headers['content-type'], headers];
			seen.push({ method, url: request.url, authorization, contentType, body: Buffer.concat(parts) });
			const answer = answers[request.url ?? ''];
			if (answer) answer(response, request);
			else response.writeHead(200, { 'content-type': 'image/png' }).end(BYTES);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
	seen = [];
	answers = {};
});

const NODE_TYPE = {
	description: { properties: [], credentials: [{ name: 'zendeskSyncOAuth2Api' }, { name: 'zendeskSyncTokenApi' }] },
};
const NODE_TYPES = { getByName: () => NODE_TYPE, getByNameAndVersion: () => NODE_TYPE, getKnownTypes: () => ({}) };

type Login = 'zendeskSyncOAuth2Api' | 'zendeskSyncTokenApi';

/** What a node's code is given by n8n, with both of Zendesk's credentials. */
function contextOf(): TriggerContext {
	const node = {
		id: '1',
		name: 'Node',
		type: 'node',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: {
			zendeskSyncOAuth2Api: { id: 'oauth', name: 'OAuth' },
			zendeskSyncTokenApi: { id: 'token', name: 'Token' },
		},
	} as INode;
	const address = { customHost: true, url, subdomain: '' };
	const credentials = new TestCredentials(
		new Map<string, never>([
			[
				'oauth',
				{
					...address,
					clientId: 'id',
					clientSecret: 'secret',
					oauthTokenData: { access_token: 'old', refresh_token: 'r' },
				} as never,
			],
			['token', { ...address, email: 'a@example.com', apiToken: 'secret' } as never],
		]),
	);
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes: NODE_TYPES as never });
	const additional = { credentialsHelper: credentials } as unknown as IWorkflowExecuteAdditionalData;
	return new TriggerContext(workflow, node, additional, 'trigger', 'activate');
}

const sendWith = async (login: Login, request: Omit<HttpRequest, 'url'> & { path: string }) => {
	const { path, ...rest } = request;
	return await senderOf(contextOf(), login)({ ...rest, url: url + path });
};

const logins: Array<[Login, RegExp]> = [
	['zendeskSyncOAuth2Api', /^Bearer old$/],
	['zendeskSyncTokenApi', /^Basic /],
];

describe.each(logins)('with %s', (login, authorization) => {
	test('a file comes as bytes', async () => {
		const response = await sendWith(login, { ...BINARY, path: '/file' });
		expect(response).toMatchObject({ status: 200, text: '', headers: { 'content-type': 'image/png' } });
		expect(response.bytes?.equals(BYTES)).toBe(true);
		expect(seen[0].authorization).toMatch(authorization);
	});

	test('the caller’s request stays as it was: n8n would write the token into it', async () => {
		const request = { method: 'GET', url: `${url}/file`, headers: { Accept: '*/*' } } as const;
		await senderOf(contextOf(), login)(request);
		expect(request.headers).toEqual({ Accept: '*/*' });
	});

	test('an empty one too', async () => {
		answers['/file'] = (response) => response.writeHead(200).end();
		expect((await sendWith(login, { ...BINARY, path: '/file' })).bytes).toEqual(Buffer.alloc(0));
	});

	test('an anonymous one goes without the credential', async () => {
		const response = await sendWith(login, { ...BINARY, anonymous: true, path: '/file' });
		expect(response.bytes?.equals(BYTES)).toBe(true);
		expect(seen.map((request) => request.authorization)).toEqual([undefined]);
	});

	test('a redirect is not followed, with the credential or without', async () => {
		answers['/file'] = (response) => response.writeHead(302, { location: '/other' }).end('moved');
		for (const anonymous of [false, true]) {
			const response = await sendWith(login, { ...BINARY, anonymous, path: '/file' });
			expect(response).toMatchObject({ status: 302, text: 'moved', headers: { location: '/other' } });
			expect(response.bytes).toBeUndefined();
		}
		expect(seen.map((request) => request.url)).toEqual(['/file', '/file']);
	});

	test.each([400, 403, 404, 429, 500, 503])('a refused file: %i with the server’s words', async (status) => {
		answers['/file'] = (response) => response.writeHead(status, { 'retry-after': '7' }).end('{"error":"Grüße"}');
		for (const anonymous of [false, true]) {
			const response = await sendWith(login, { ...BINARY, anonymous, path: '/file' });
			expect(response).toMatchObject({ status, text: '{"error":"Grüße"}', headers: { 'retry-after': '7' } });
		}
	});

	test('401 of a file, with the server’s words', async () => {
		answers['/file'] = (response) => response.writeHead(401).end('{"error":"Couldn\'t authenticate you"}');
		answers['/oauth/tokens'] = (response) =>
			response
				.writeHead(200, { 'content-type': 'application/json' })
				.end('{"access_token":"new","token_type":"bearer"}');
		const response = await sendWith(login, { ...BINARY, path: '/file' });
		expect(response).toMatchObject({ status: 401, text: '{"error":"Couldn\'t authenticate you"}' });
	});

	test('401 of another host: nothing is renewed', async () => {
		answers['/file'] = (response) => response.writeHead(401).end('no');
		expect(await sendWith(login, { ...BINARY, anonymous: true, path: '/file' })).toMatchObject({
			status: 401,
			text: 'no',
		});
		expect(seen).toHaveLength(1);
	});

	test('a file that ends in the middle is no answer', async () => {
		answers['/file'] = (response) => {
			response.writeHead(200, { 'content-length': '1000' });
			response.write('half', () => response.destroy());
		};
		await expect(sendWith(login, { ...BINARY, path: '/file' })).rejects.toBeInstanceOf(ConnectionError);
		const text = { method: 'GET', headers: {}, path: '/file' } as const;
		await expect(sendWith(login, text)).rejects.toBeInstanceOf(ConnectionError);
		await expect(sendWith(login, { ...BINARY, anonymous: true, path: '/file' })).rejects.toBeInstanceOf(
			ConnectionError,
		);
	});

	test.each([
		['bytes', BYTES, 'image/png'],
		['bytes of a JSON file', Buffer.from('{"a": 1}'), 'application/json'],
		['text', '{"ticket":{"subject":"Grüße"}}', 'application/json'],
	])('%s go up as they are', async (_name, body, contentType) => {
		answers['/up'] = (response) => response.writeHead(201, { 'content-type': 'text/plain' }).end('{"upload":{}}');
		const response = await sendWith(login, {
			method: 'POST',
			path: '/up',
			headers: { 'Content-Type': contentType },
			body,
		});
		expect(response).toMatchObject({ status: 201, text: '{"upload":{}}' });
		expect(seen[0].body.equals(Buffer.from(body))).toBe(true);
		expect(seen[0].contentType).toBe(contentType);
		expect(seen[0].authorization).toMatch(authorization);
	});
});

test.each([
	['GET', 60_000],
	['PUT', 180_000],
] as const)('silence: a %s is given up after its time, and it isn’t known whether it was carried out', async (method, expected) => {
	answers['/silent'] = () => {};
	const context = contextOf();
	const { helpers } = context;
	const send = helpers.httpRequestWithAuthentication;
	const timeouts: unknown[] = [];
	// Nobody waits for minutes here: the limit that is asked for is noted, and a short one is kept.
	jest.spyOn(helpers, 'httpRequestWithAuthentication').mockImplementation(async function (this: never, type: string, options) {
		timeouts.push(options.timeout);
		return (await send.call(this, type, { ...options, timeout: 150 })) as never;
	});
	const error = await senderOf(context, 'zendeskSyncTokenApi')({ method, url: `${url}/silent`, headers: {} }).catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(ConnectionError);
	expect(error).toMatchObject({ message: expect.stringMatching(/no answer in time/), neverSent: false });
	expect(timeouts).toEqual([expected]);
	expect(seen).toHaveLength(1);
});

test('an upload whose token has expired is sent again with the new one, whole', async () => {
	answers['/oauth/tokens'] = (response) =>
		response.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"new","token_type":"bearer"}');
	answers['/up'] = (response, request) => {
		if (request.headers.authorization === 'Bearer new') response.writeHead(201).end('{}');
		else response.writeHead(401).end('{}');
	};
	const headers = { 'Content-Type': 'image/png' };
	const response = await sendWith('zendeskSyncOAuth2Api', { method: 'POST', path: '/up', headers, body: BYTES });
	expect(response.status).toBe(201);
	expect(seen.at(-1)?.body.equals(BYTES)).toBe(true);
});
