import { ManualClock } from '../../../sandbox/common/clock';
import { newCase, newPair, start, stopAll, to, type Json } from './support/client';

/** What ties tickets and cases together: one record a case, one row a comment, and the filters that find them (§2.2, §2.5, §3.6, §3.7). */

afterEach(stopAll);

const record = (originId: string, relatedCase?: string): Json => ({
	type: 'zendesktickets',
	attributes: { originId },
	relationships: {
		channel: to('integrationchannels', 1),
		...(relatedCase === undefined ? {} : { relatedCase: to('cases', relatedCase) }),
	},
});
const EXISTS = [{ status: '409', title: 'conflict constraint', detail: 'The entity already exists.' }];

test('a case has one record: by POST, by PATCH and in included', async () => {
	const { call, server } = await start();
	await call('POST', '/api/zendesktickets', newPair('1'));
	await call('POST', '/api/zendesktickets', newPair('2'));
	const post = await call('POST', '/api/zendesktickets', { data: record('3', '1') });
	expect([post.status, post.body.errors]).toEqual([409, EXISTS]);
	const data = { type: 'zendesktickets', id: '2', relationships: { relatedCase: to('cases', '1') } };
	const patch = await call('PATCH', '/api/zendesktickets/2', { data });
	expect([patch.status, patch.body.errors]).toEqual([409, EXISTS]);
	const user = { type: 'zendeskusers', attributes: { originId: '9' } };
	const included = [{ ...record('3', '1'), id: 't' }];
	included[0].relationships.requester = to('zendeskusers', 'u');
	const within = await call('POST', '/api/zendeskusers', { data: { ...user, id: 'u' }, included });
	expect([within.status, within.body.errors]).toEqual([409, EXISTS]);
	const relation = await call('PATCH', '/api/zendesktickets/2/relationships/relatedCase', to('cases', '1'));
	expect(relation.status).toBe(409);
	expect(server.store.count('zendesktickets')).toBe(2);
	expect(server.store.count('zendeskusers')).toBe(0);
	expect(server.store.get('zendesktickets', 2)!.relatedCase).toBe(2);
});

test('a case comment has one row: by POST, by PATCH and in included', async () => {
	const { call, server } = await start();
	await call('POST', '/api/zendesktickets', newPair('1'));
	const comment = { type: 'casecomments', attributes: { message: 'm' }, relationships: { case: to('cases', 1) } };
	for (let i = 0; i < 2; i += 1) await call('POST', '/api/casecomments', { data: comment });
	const row = (originId: string, relatedComment: number) => ({
		type: 'zendeskticketcomments',
		attributes: { originId },
		relationships: {
			channel: to('integrationchannels', 1),
			ticket: to('zendesktickets', 1),
			relatedComment: to('casecomments', relatedComment),
		},
	});
	expect((await call('POST', '/api/zendeskticketcomments', { data: row('1', 1) })).status).toBe(201);
	expect((await call('POST', '/api/zendeskticketcomments', { data: row('2', 1) })).body.errors).toEqual(EXISTS);
	expect((await call('POST', '/api/zendeskticketcomments', { data: row('2', 2) })).status).toBe(201);
	const data = { ...row('2', 1), id: String(server.store.all('zendeskticketcomments')[1]!.id) };
	expect((await call('PATCH', `/api/zendeskticketcomments/${data.id}`, { data })).status).toBe(409);
	const pair = {
		data: {
			type: 'zendesktickets',
			id: '1',
			attributes: { subject: 'changed' },
			relationships: { comments: { data: [{ type: 'zendeskticketcomments', id: 'r' }] } },
		},
		included: [{ ...row('3', 2), id: 'r' }],
	};
	expect((await call('PATCH', '/api/zendesktickets/1', pair)).status).toBe(409);
	expect(server.store.get('zendesktickets', 1)!.subject).toBe('Ticket 1');
	expect(server.store.count('zendeskticketcomments')).toBe(2);
});

test('records, rows and people are found by lists of what they belong to', async () => {
	const { call, server } = await start();
	const { store } = server;
	for (const originId of ['1', '2', '3']) await call('POST', '/api/zendesktickets', newPair(originId));
	for (let i = 1; i <= 3; i += 1) {
		store.insert('casecomments', { case: i, message: `m${i}`, public: true, owner: 1 });
		store.insert('zendeskticketcomments', { originId: String(i), ticket: i, relatedComment: i });
		store.insert('contacts', { firstName: 'C', emails: [] });
		store.insert('zendeskusers', { originId: String(i), relatedContact: i });
	}
	const ids = async (path: string): Promise<string[]> => {
		const { status, body } = await call('GET', `/api/${path}`);
		expect(status).toBe(200);
		return body.data.map(({ id }: Json) => id);
	};
	expect(await ids('zendesktickets?filter[relatedCase]=1,3')).toEqual(['1', '3']);
	expect(await ids('zendeskticketcomments?filter[relatedComment]=1,2')).toHaveLength(2);
	expect(await ids('zendeskusers?filter[relatedContact]=2,3')).toHaveLength(2);
	expect(await ids('casecomments?filter[case]=1,2')).toEqual(['1', '2']);
	expect(await ids('casecomments?filter[id][gt]=1&sort=id&page[size]=1')).toEqual(['2']);
	expect(await ids('cases?sort=-id&page[size]=2')).toEqual(['3', '2']);
	store.update('zendesktickets', 1, { status: 'closed' });
	store.update('zendesktickets', 2, { status: 'open' });
	expect(await ids('zendesktickets?filter[status][neq]=closed')).toEqual(['2']);
	expect(await ids('zendesktickets?filter[status][neq_or_null]=closed')).toEqual(['2', '3']);
	expect(await ids('zendesktickets?filter[status][exists]=no')).toEqual(['3']);
	expect(await ids('zendesktickets?filter[status][exists]=yes')).toEqual(['1', '2']);
	const override = { 'X-HTTP-Method-Override': 'GET' };
	const body = {
		filter: { relatedCase: '1,2', status: { neq_or_null: 'closed' } },
		sort: '-id',
		include: 'relatedCase',
	};
	const long = await call('POST', '/api/zendesktickets', body, override);
	expect(long.body.data.map(({ id }: Json) => id)).toEqual(['2']);
});

test('a record’s updatedAt is in the answer and moves when something really changes', async () => {
	const clock = new ManualClock();
	const { call } = await start({ clock });
	const stored = async () => (await call('GET', '/api/zendesktickets/1')).body.data.attributes.updatedAt;
	await call('POST', '/api/zendesktickets', newPair('1'));
	const first = await stored();
	const patch = async (attributes: Record<string, unknown>) =>
		expect(
			(await call('PATCH', '/api/zendesktickets/1', { data: { type: 'zendesktickets', id: '1', attributes } })).status,
		).toBe(200);
	clock.advance(5000);
	await patch({ subject: 'Ticket 1', originId: 1 });
	expect(await stored()).toBe(first);
	await patch({ subject: 'changed' });
	expect(await stored()).toBe(new Date(clock.now()).toISOString().replace('.000', ''));
});

test('with the overlay cases are paged by the moment of their change; a new one has none (§2.6, §9)', async () => {
	const clock = new ManualClock();
	const { call } = await start({ clock, overlay: true });
	for (const subject of ['a', 'b', 'c']) await call('POST', '/api/cases', { data: newCase(subject) });
	const change = async (id: number) => {
		clock.advance(10_000);
		const data = { type: 'cases', id: String(id), attributes: { description: `changed ${clock.now().getTime()}` } };
		await call('PATCH', `/api/cases/${id}`, { data });
		return clock.now().toISOString().slice(0, 19);
	};
	await change(3);
	const since = `${await change(1)}Z`;
	const ids = async (query: string) => (await call('GET', `/api/cases?${query}`)).body.data.map(({ id }: Json) => id);
	expect(await ids(`filter[updatedAt][gte]=${since}&sort=updatedAt,id`)).toEqual(['1']);
	expect(await ids('filter[updatedAt][gte]=2000-01-01T00:00:00Z&sort=updatedAt,id')).toEqual(['3', '1']);
	expect(await ids('filter[updatedAt][exists]=no')).toEqual(['2']);
	await change(2);
	expect(await ids('sort=-updatedAt,id')).toEqual(['2', '1', '3']);
});

test('somebody changes the case while its record is written: both changes stand', async () => {
	const { call, server } = await start();
	await call('POST', '/api/zendesktickets', newPair('1'));
	server.faults.add({
		method: 'PATCH',
		path: '/zendesktickets/1',
		times: 1,
		effect: {
			kind: 'meanwhile',
			when: 'before',
			work: () => void server.store.update('cases', 1, { subject: 'theirs', updatedAt: server.store.now() }),
		},
	});
	const relationships = { priority: to('casepriorities', 'high') };
	const { status } = await call('PATCH', '/api/zendesktickets/1', {
		data: {
			type: 'zendesktickets',
			id: '1',
			attributes: { subject: 'ours' },
			relationships: { relatedCase: to('cases', '1') },
		},
		included: [{ type: 'cases', id: '1', meta: { update: true }, relationships }],
	});
	expect(status).toBe(200);
	expect(server.store.get('cases', 1)).toMatchObject({ subject: 'theirs', priority: 'high' });
	expect(server.store.get('zendesktickets', 1)!.subject).toBe('ours');
	const fault = { effect: { kind: 'meanwhile', when: 'after' } };
	const headers = { 'Content-Type': 'application/json' };
	const refused = await fetch(`${server.url}/_practice/faults`, {
		method: 'POST',
		headers,
		body: JSON.stringify(fault),
	});
	expect(refused.status).toBe(400);
});
