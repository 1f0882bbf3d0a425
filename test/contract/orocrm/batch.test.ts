import { newCase, newPair, start, stopAll, to, type Json } from './support/client';

afterEach(stopAll);

const sync = { 'X-Mode': 'sync' };
const contacts = (count: number) =>
	Array.from({ length: count }, (_, i) => ({ type: 'contacts', id: `c${i}`, attributes: { firstName: `F${i}` } }));
const settle = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 60));

test('a synchronous batch takes 100 records and 50 included ones (§4.3, §9)', async () => {
	const { call, server } = await start({ overlay: true });
	expect((await call('PATCH', '/api/contacts', { data: contacts(100) }, sync)).status).toBe(200);
	const tooMany = await call('PATCH', '/api/contacts', { data: contacts(101) }, sync);
	expect(tooMany.status).toBe(400);
	expect(tooMany.body.errors[0].detail).toMatch(/^The data limit for the synchronous operation exceeded\./);
	const pairs = Array.from({ length: 51 }, (_, i) => newPair(String(i)) as Json);
	pairs.forEach((pair, i) => {
		pair.data.relationships.relatedCase = to('cases', `k${i}`);
		pair.included[0].id = `k${i}`;
	});
	const send = async (list: Json[]) =>
		await call(
			'PATCH',
			'/api/zendesktickets',
			{ data: list.map(({ data }) => data), included: list.flatMap(({ included }) => included) },
			sync,
		);
	const refused = await send(pairs);
	expect(refused.status).toBe(202);
	expect(refused.body.data.attributes).toMatchObject({ status: 'failed', summary: { errorCount: 1 } });
	expect(server.store.count('zendesktickets')).toBe(0);
	const made = await send(pairs.slice(0, 50));
	expect(made.status).toBe(200);
	expect(made.body.included[49].meta).toEqual({ includeId: 'k49' });
});

test('one record that exists already: 202, failed, nothing of the batch made, its errors 404 (§9)', async () => {
	const { call, server } = await start({ overlay: true });
	await call('POST', '/api/zendesktickets', newPair('2'));
	const data = ['1', '2'].map((originId) => ({
		type: 'zendesktickets',
		attributes: { originId },
		relationships: { channel: to('integrationchannels', 1) },
	}));
	const answer = await call('PATCH', '/api/zendesktickets', { data }, sync);
	expect(answer.status).toBe(202);
	expect(answer.body.data.attributes).toMatchObject({
		status: 'failed',
		summary: { readCount: 2, writeCount: 0, errorCount: 0 },
	});
	expect(server.store.count('zendesktickets')).toBe(1);
	expect((await call('GET', `/api/asyncoperations/${answer.body.data.id}/errors`)).status).toBe(404);
});

test('in a batch an included record is found by links that lead to it from a primary one, and belongs to one (ASSUMED.md)', async () => {
	const { call, server } = await start({ overlay: true });
	const data = ['1', '2'].map((originId) => ({
		type: 'zendesktickets',
		id: `t${originId}`,
		attributes: { originId },
		relationships: { channel: to('integrationchannels', 1) } as Json,
	}));
	const row = {
		type: 'zendeskticketcomments',
		id: 'r',
		attributes: { originId: '5' },
		relationships: { ticket: to('zendesktickets', 't1') },
	};
	const send = async () => await call('PATCH', '/api/zendesktickets', { data, included: [row] }, sync);
	const pointing = await send();
	expect(pointing.status).toBe(400);
	expect(pointing.body.errors[0].source.pointer).toBe('/included/0');
	for (const ticket of data) ticket.relationships.comments = { data: [{ type: row.type, id: 'r' }] };
	expect((await send()).body.errors[0].source.pointer).toBe('/data/1');
	expect(server.store.count('zendesktickets')).toBe(0);
	delete data[1].relationships.comments;
	expect((await send()).status).toBe(200);
	expect([...server.store.all('zendeskticketcomments')].map((made) => Number(made.ticket))).toEqual([1]);
});

test('an asynchronous batch is worked off later; bad records leave errors (§4.3)', async () => {
	const { call, server } = await start({ batchDelayMs: 20 });
	const data = [
		{ type: 'accounts', attributes: { name: 'Good' } },
		{ type: 'accounts', attributes: { name: '' } },
	];
	const answer = await call('PATCH', '/api/accounts', { data });
	expect(answer.status).toBe(202);
	expect(answer.headers.get('content-location')).toMatch(/\/api\/asyncoperations\/1$/);
	expect(answer.body.data.attributes.status).toBe('new');
	expect(server.store.count('accounts')).toBe(0);
	await settle();
	const operation = await call('GET', '/api/asyncoperations/1');
	expect(operation.body.data.attributes).toMatchObject({
		status: 'success',
		progress: 1,
		summary: { readCount: 2, writeCount: 1, errorCount: 1, createCount: 1, updateCount: 0 },
	});
	const errors = await call('GET', '/api/asyncoperations/1/errors');
	expect(errors.body.data).toMatchObject([
		{ attributes: { status: 400, title: 'not blank constraint', source: { pointer: '/data/1/attributes/name' } } },
	]);
});

test('batch is opt-in, and 5.1 knows no synchronous one (§4.3)', async () => {
	const stock = await start();
	const refused = await stock.call('PATCH', '/api/cases', { data: [newCase('x')] }, sync);
	expect(refused.status).toBe(405);
	expect(refused.headers.get('allow')).toBe('OPTIONS, GET, POST, DELETE');
	const old = await start({ version: '5.1' });
	expect((await old.call('PATCH', '/api/contacts', { data: contacts(1) }, sync)).status).toBe(202);
	expect((await stock.call('PATCH', '/api/contacts', { data: contacts(1) }, { 'X-Mode': 'x' })).status).toBe(400);
});

test('a delete list takes 100 records and leaves the rest (§4.1)', async () => {
	const { call, server } = await start();
	await call('PATCH', '/api/contacts', { data: contacts(100) }, sync);
	await call('PATCH', '/api/contacts', { data: contacts(20) }, sync);
	const answer = await call('DELETE', '/api/contacts?filter[id][gt]=0', undefined, {
		'X-Include': 'deletedCount;totalCount',
	});
	expect(answer.status).toBe(204);
	expect(answer.headers.get('x-include-deleted-count')).toBe('100');
	expect(answer.headers.get('x-include-total-count')).toBe('120');
	expect(server.store.count('contacts')).toBe(20);
});
