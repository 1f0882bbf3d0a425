import { AdaptiveLimit } from '../../../http/adaptive-limit';
import { ApiError } from '../../../http/api-error';
import { OroCrmClient } from '../../../orocrm/client';
import { ServerKnowledge } from '../../../orocrm/server-knowledge';
import { TicketBatches } from '../../../orocrm/ticket-batches';
import type { Resource, WriteDocument } from '../../../orocrm/types';
import { cut, FakeServer } from '../support/fake-server';
import { FakeTime } from '../support/fake-time';

function batchesOver(...answers: ConstructorParameters<typeof FakeServer>) {
	const time = new FakeTime();
	const server = new FakeServer(...answers);
	const client = new OroCrmClient('https://crm.example.com', '/api', server.send, time);
	const knowledge = Object.assign(new ServerKnowledge(0), { originIdFilter: true, caseKeys: true });
	client.limit = new AdaptiveLimit(() => time.now(), { least: 1, most: 4 });
	client.batches = new TicketBatches(client, knowledge, client.limit, time);
	/** Creates all of them at the same moment; the new ids, or the errors. */
	const create = async (...documents: WriteDocument[]) =>
		await time.finish(
			Promise.all(
				documents.map(async (document) =>
					await client.create('zendesktickets', document).then(
						({ data }) => (data as Resource).id,
						(error: unknown) => error as ApiError,
					),
				),
			),
		);
	const requests = () => server.asked.map(({ method, url, body }) => `${method} ${url.replace('https://crm.example.com/api/', '')} ${body ? [(JSON.parse(String(body)) as { data: unknown }).data].flat().length : 0}`);
	return { server, knowledge, create, requests, time };
}

const ticket = (number: number, more: Partial<WriteDocument> = {}): WriteDocument => ({
	data: { type: 'zendesktickets', id: 'ticket', attributes: { originId: String(number) }, relationships: { channel: { data: { type: 'integrationchannels', id: '1' } } } },
	...more,
});
const single = (id: string) => ({ json: { data: { type: 'zendesktickets', id } }, status: 201 });
const batch = (...ids: string[]) => ({ json: { data: ids.map((id, index) => ({ type: 'zendesktickets', id, meta: { dataId: `${index}:ticket` } })) } });
const operation = (status: string) => ({ json: { data: { type: 'asyncoperations', id: '5', attributes: { status } } }, status: 202 });
const conflict = { json: { errors: [{ status: '409', title: 'conflict constraint', detail: 'The entity already exists.' }] }, status: 409 };

test('one alone is a plain request', async () => {
	const { create, requests } = batchesOver(single('7'));
	expect(await create(ticket(1))).toEqual(['7']);
	expect(requests()).toEqual(['POST zendesktickets 1']);
});

test('those of one moment go together; the header says that the answer is waited for', async () => {
	const { create, requests, server } = batchesOver(batch('7', '8', '9'));
	expect(await create(ticket(1), ticket(2), ticket(3))).toEqual(['7', '8', '9']);
	expect(requests()).toEqual(['PATCH zendesktickets 3']);
	expect(server.asked[0].headers).toMatchObject({ 'X-Mode': 'sync' });
});

test('a batch that failed: halves, and the one that is to blame has the words of its own request', async () => {
	const { create, requests, knowledge } = batchesOver(operation('failed'), batch('7', '8'), operation('failed'), single('9'), conflict);
	const outcomes = await create(ticket(1), ticket(2), ticket(3), ticket(4));
	expect(outcomes.slice(0, 3)).toEqual(['7', '8', '9']);
	expect(outcomes[3]).toMatchObject({ status: 409, words: 'The entity already exists.', request: 'POST /api/zendesktickets' });
	expect(requests()).toEqual(['PATCH zendesktickets 4', 'PATCH zendesktickets 2', 'PATCH zendesktickets 2', 'POST zendesktickets 1', 'POST zendesktickets 1']);
	expect(knowledge.batches).toBeUndefined();
});

test('refused together though nobody is to blame: no batch is tried again', async () => {
	const { create, requests, knowledge } = batchesOver({ status: 400, json: { errors: [{ title: 'request data constraint', detail: 'No.' }] } }, single('7'), single('8'), single('9'), single('10'));
	expect(await create(ticket(1), ticket(2))).toEqual(['7', '8']);
	expect(knowledge.batches).toBe(false);
	await create(ticket(3), ticket(4));
	expect(requests().slice(1)).toEqual(Array(4).fill('POST zendesktickets 1'));
});

test('405: this server has no batches, which is found out once', async () => {
	const { create, requests, knowledge } = batchesOver({ status: 405 }, ...['7', '8', '9', '10'].map(single));
	expect(await create(ticket(1), ticket(2))).toEqual(['7', '8']);
	expect(await create(ticket(3), ticket(4))).toEqual(['9', '10']);
	expect(requests().filter((request) => request.startsWith('PATCH'))).toHaveLength(1);
	expect(knowledge.batches).toBe(false);
});

test.each(['originIdFilter', 'caseKeys'] as const)('nothing is tried on a server without %s', async (ability) => {
	const { create, requests, knowledge } = batchesOver(single('7'), single('8'));
	knowledge[ability] = false;
	await create(ticket(1), ticket(2));
	expect(requests()).toEqual(['POST zendesktickets 1', 'POST zendesktickets 1']);
});

test.each([
	['a cut connection', cut()],
	['502', { status: 502 }],
	['500 without words', { status: 500 }],
	['an answer that leaves one out', batch('7')],
	['no document', { text: '<html>' }],
])('%s is a lost answer for each; the next time each goes alone', async (_name, answer) => {
	const { create, requests } = batchesOver(answer, single('7'), single('8'));
	for (const error of await create(ticket(1), ticket(2))) {
		expect(error).toBeInstanceOf(ApiError);
		expect((error as ApiError).status).toBeUndefined();
	}
	expect(await create(ticket(1), ticket(2))).toEqual(['7', '8']);
	expect(requests()).toEqual(['PATCH zendesktickets 2', 'POST zendesktickets 1', 'POST zendesktickets 1']);
});

test('a batch that OroCRM puts off is waited for, then is a lost answer; no further one is tried', async () => {
	const { create, requests, knowledge, time } = batchesOver(operation('new'), operation('running'), operation('success'));
	const begun = time.now();
	for (const error of await create(ticket(1), ticket(2))) expect((error as ApiError).status).toBeUndefined();
	expect(requests().slice(1)).toEqual(['GET asyncoperations/5 0', 'GET asyncoperations/5 0']);
	expect(time.now() - begun).toBe(10_000);
	expect(knowledge.batches).toBe(false);
});

test('one that is never worked off, for want of a queue consumer, is given up after a minute', async () => {
	const { create, requests, time } = batchesOver(...Array.from({ length: 13 }, () => operation('new')));
	const begun = time.now();
	await create(ticket(1), ticket(2));
	expect(requests()).toHaveLength(13);
	expect(time.now() - begun).toBe(60_000);
});

test('a value that does not fit is one record’s fault: a 500 with OroCRM’s words', async () => {
	const tooLong = { status: 500, json: { errors: [{ status: '500', title: 'driver exception', detail: 'An exception occurred.' }] } };
	const { create } = batchesOver(tooLong, single('7'), tooLong);
	expect(await create(ticket(1), ticket(2))).toMatchObject(['7', { status: 500, code: 'driver exception' }]);
});

test('no rights, or no token: everybody is told, nothing is halved', async () => {
	const { create, requests } = batchesOver({ status: 401 });
	expect(await create(ticket(1), ticket(2), ticket(3))).toMatchObject([{ status: 401 }, { status: 401 }, { status: 401 }]);
	expect(requests()).toHaveLength(1);
});

test('without a channel nothing in the database forbids a second record: such a one goes alone', async () => {
	const { create, requests } = batchesOver(single('7'), single('8'));
	const free = (number: number) => ({ data: { ...ticket(number).data, relationships: {} } });
	expect(await create(free(1), free(2))).toEqual(['7', '8']);
	expect(requests()).toEqual(['POST zendesktickets 1', 'POST zendesktickets 1']);
});

test('two that fill the same row of a person are not in one batch', async () => {
	const fills = { included: [{ type: 'zendeskusers', id: '40', meta: { update: true } }] };
	const filling = (number: number) => {
		const document = ticket(number, fills);
		return { ...document, data: { ...document.data, relationships: { ...document.data.relationships, requester: { data: { type: 'zendeskusers', id: '40' } } } } };
	};
	const { create, requests } = batchesOver(single('7'), single('8'));
	expect(await create(filling(1), filling(2))).toEqual(['7', '8']);
	expect(requests()).toEqual(['POST zendesktickets 1', 'POST zendesktickets 1']);
});
