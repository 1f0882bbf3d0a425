import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { loadRecording, type RecordedObject } from './support/recording';
import { newCase, start, stopAll, to, type Client } from './support/client';

interface Delivery {
	headers: Record<string, string>;
	body: string;
	path: string;
}

const deliveries: Delivery[] = [];
let receiver: Server;
let address: string;
let answerWith = 200;

beforeAll(async () => {
	receiver = createServer((request, response) => {
		let body = '';
		request.on('data', (part) => (body += String(part)));
		request.on('end', () => {
			deliveries.push({ headers: request.headers as Record<string, string>, body, path: request.url ?? '' });
			response.writeHead(answerWith, answerWith === 302 ? { Location: `${address}/elsewhere` } : {}).end();
		});
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	address = `http://127.0.0.1:${(receiver.address() as { port: number }).port}`;
});
afterAll(() => receiver.close());
beforeEach(() => {
	deliveries.length = 0;
	answerWith = 200;
});
afterEach(stopAll);

const begin = async (): Promise<Client> =>
	await start({ webhookTypes: ['cases', 'casecomments'], webhookDelayMs: 5, webhookRetryMs: 30 });

async function subscribe({ call }: Client, topic: string, format = 'default', secret?: string): Promise<void> {
	const answer = await call('POST', '/api/webhooks', {
		data: {
			type: 'webhooks',
			attributes: { notificationUrl: `${address}/${format}`, ...(secret === undefined ? {} : { secret }) },
			relationships: { topic: to('webhooktopics', topic), format: to('webhookformats', format) },
		},
	});
	expect(answer.status).toBe(201);
}

const settle = async (milliseconds = 120): Promise<void> =>
	await new Promise((resolve) => setTimeout(resolve, milliseconds));

test.each([
	['webhooks.delivery.created.1', 'case.created'],
	['webhooks.delivery.updated.1', 'case.updated'],
	['webhooks.delivery.updated.thin.1', 'case.updated'],
	['webhooks.delivery.comment.1', 'casecomment.created'],
])('%s: same headers, same keys in the same order, signature over the raw body', async (name, topic) => {
	const recording = loadRecording(name);
	const signed = 'Webhook-Signature' in recording.request.headers;
	const recorded = (recording.request.body as { eventData: { data: RecordedObject } }).eventData.data;
	const client = await begin();
	await subscribe(client, topic, recorded.attributes ? 'default' : 'thin', signed ? 'example-signing-key' : undefined);
	const made = await client.call('POST', '/api/cases', { data: newCase('hooked') });
	if (topic === 'case.updated') {
		const relationships = { status: to('casestatuses', 'in_progress'), priority: to('casepriorities', 'high') };
		await client.call('PATCH', '/api/cases/1', { data: { type: 'cases', id: made.body.data.id, relationships } });
	}
	if (topic === 'casecomment.created') {
		const relationships = { case: to('cases', 1) };
		const attributes = { message: 'cm', public: true };
		await client.call('POST', '/api/casecomments', { data: { type: 'casecomments', attributes, relationships } });
	}
	await settle();
	expect(deliveries).toHaveLength(1);
	const { headers, body } = deliveries[0]!;
	for (const header of Object.keys(recording.request.headers)) expect(headers).toHaveProperty(header.toLowerCase());
	expect(headers['user-agent']).toBe(recording.request.headers['User-Agent']);
	if (signed) {
		const signature = createHmac('sha256', 'example-signing-key').update(body).digest('hex');
		expect(headers['webhook-signature']).toBe(signature);
	} else expect(headers).not.toHaveProperty('webhook-signature');
	expect(keysOf(JSON.parse(body))).toEqual(keysOf(JSON.parse(recording.request.rawBody!)));
	expect(JSON.parse(body).messageId).toBe(headers['webhook-id']);
});

test('every kind of answer is treated as measured (webhooks.retries.md)', async () => {
	const client = await begin();
	await subscribe(client, 'case.created');
	for (const [status, tries] of [
		[500, 1],
		[404, 1],
		[302, 1],
		[503, 3],
		[429, 3],
	] as const) {
		answerWith = status;
		deliveries.length = 0;
		await client.call('POST', '/api/cases', { data: newCase(`answered with ${status}`) });
		await settle(120);
		if (tries === 1) expect(deliveries).toHaveLength(1);
		else expect(deliveries.length).toBeGreaterThanOrEqual(2);
		expect(new Set(deliveries.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
		answerWith = 200;
		await settle(60);
	}
});

test('410 deletes the webhook; a deletion and a comment on a case are not told', async () => {
	const client = await begin();
	await subscribe(client, 'case.deleted');
	await subscribe(client, 'case.updated');
	await client.call('POST', '/api/cases', { data: newCase('x') });
	const data = { type: 'casecomments', attributes: { message: 'm' }, relationships: { case: to('cases', 1) } };
	await client.call('POST', '/api/casecomments', { data });
	await client.call('DELETE', '/api/cases/1');
	await settle();
	expect(deliveries).toHaveLength(0);
	await subscribe(client, 'case.created');
	answerWith = 410;
	await client.call('POST', '/api/cases', { data: newCase('y') });
	await settle();
	expect(deliveries).toHaveLength(1);
	const list = await client.call('GET', '/api/webhooks?filter[topic]=case.created');
	expect(list.body.data).toEqual([]);
});

test('slashes and other letters are escaped as PHP does', async () => {
	const client = await begin();
	await subscribe(client, 'case.created');
	await client.call('POST', '/api/cases', { data: newCase('a/b ü') });
	await settle();
	expect(deliveries[0]!.body).toContain('"subject":"a\\/b \\u00fc"');
});

function keysOf(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return null;
	return Object.entries(value).map(([key, inner]) => [key, keysOf(inner)]);
}
