import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { insertImportedTicket } from '../../../sandbox/orocrm/seed/imported';
import { startPracticeOroCrm } from '../../../sandbox/orocrm/server';
import { newCase, newPair, start, stopAll } from './support/client';

afterEach(stopAll);

test('faults: an answer lost after the write, a bad body picked out, a delay, an answer instead', async () => {
	const { call, server } = await start();
	server.faults.add({ method: 'POST', path: 'zendesktickets', effect: { kind: 'cut-after' }, times: 1 });
	await expect(call('POST', '/api/zendesktickets', newPair('1'))).rejects.toThrow();
	expect(server.store.count('zendesktickets')).toBe(1);
	expect((await call('POST', '/api/zendesktickets', newPair('1'))).status).toBe(409);
	server.faults.add({
		body: 'poison',
		effect: { kind: 'answer', status: 503, headers: { 'Retry-After': '1' }, body: '' },
	});
	expect((await call('POST', '/api/cases', { data: newCase('poison') })).status).toBe(503);
	expect((await call('POST', '/api/cases', { data: newCase('good') })).status).toBe(201);
	server.faults.clear();
	server.faults.add({ effect: { kind: 'cut-before' }, times: 1 });
	await expect(call('POST', '/api/cases', { data: newCase('lost') })).rejects.toThrow();
	server.faults.add({ effect: { kind: 'cut-in-body' }, times: 1 });
	await expect(call('GET', '/api/cases')).rejects.toThrow();
	expect(server.store.count('cases')).toBe(2);
	server.faults.add({ effect: { kind: 'latency', milliseconds: 50 }, times: 1 });
	const before = Date.now();
	await call('GET', '/api/cases');
	expect(Date.now() - before).toBeGreaterThanOrEqual(45);
});

test('controls: faults, calls and refusals from outside; pages are not counted', async () => {
	const { call, server } = await start();
	await fetch(server.url);
	await call('GET', '/api/cases');
	const calls = (await (await fetch(`${server.url}/_practice/calls`)).json()) as unknown[];
	expect(calls).toHaveLength(1);
	await fetch(`${server.url}/_practice/calls/reset`, { method: 'POST' });
	expect(server.calls.count()).toBe(0);
	const headers = { 'Content-Type': 'application/json' };
	const rule = { type: 'cases', field: 'subject', title: 't', detail: 'd' };
	await fetch(`${server.url}/_practice/refusals`, { method: 'POST', headers, body: JSON.stringify(rule) });
	expect((await call('POST', '/api/cases', { data: newCase('x') })).status).toBe(400);
});

test('data outlive a restart, and so do tokens', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'practice-'));
	try {
		const dataFile = join(folder, 'orocrm.json');
		const first = await startPracticeOroCrm({ dataFile, seed: 'showcase' });
		const token = first.oauth.issueFor('practice-administrator');
		first.store.insert('contacts', { firstName: 'Kept', emails: ['kept@example.com'] });
		await first.close();
		expect(existsSync(dataFile)).toBe(true);
		const second = await startPracticeOroCrm({ dataFile });
		const response = await fetch(`${second.apiUrl}/contacts?filter[emails]=kept@example.com`, {
			headers: { Authorization: `Bearer ${token}` },
		});
		expect(await response.json()).toHaveLength(1);
		await second.close();
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test('rows as OroCRM’s own integration makes them: a case without a key, a missing case comment', async () => {
	const { call, server } = await start();
	insertImportedTicket(server.store, {
		originId: '11',
		channel: 1,
		priority: 'urgent',
		requester: { originId: '5', name: 'Ann' },
		comments: [
			{ originId: '1', body: 'a' },
			{ originId: '2', body: 'b', caseComment: false },
		],
	});
	insertImportedTicket(server.store, { originId: '12', channel: 1, problem: '11', withCase: false });
	const { body } = await call('GET', '/api/zendesktickets?filter[relatedCase.externalId][exists]=no');
	expect(body.data).toHaveLength(2);
	expect(server.store.count('zendeskticketcomments')).toBe(2);
	expect(server.store.count('casecomments')).toBe(1);
	expect(server.store.get('zendesktickets', 2)!.problem).toBe(1);
	expect(server.store.get('cases', 1)).toMatchObject({ priority: 'high', externalId: null });
});

test('pages: a list, an edit that moves the date, a comment, markup shown as text', async () => {
	const { call, server } = await start({ seed: 'showcase' });
	await call('POST', '/api/cases', { data: newCase('<script>alert(1)</script>') });
	const list = await (await fetch(server.url)).text();
	expect(list).toContain('practice system');
	expect(list).not.toContain('<script>alert');
	const post = async (path: string, fields: Record<string, string>) =>
		await fetch(server.url + path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
	const fields = { subject: 'Edited', status: 'closed', priority: 'low', assignedTo: '', relatedContact: '2' };
	expect((await post('/case/update/2', fields)).status).toBe(303);
	expect(server.store.get('cases', 2)).toMatchObject({ subject: 'Edited', status: 'closed', assignedTo: null });
	expect(server.store.get('cases', 2)!.updatedAt).not.toBeNull();
	expect(server.store.get('cases', 2)!.closedAt).not.toBeNull();
	expect((await post('/case/comment/2', { message: 'Hello', visibility: 'private', owner: '2' })).status).toBe(303);
	expect(server.store.all('casecomments').at(-1)).toMatchObject({ message: 'Hello', public: false, owner: 2 });
	expect((await post('/case/update/2', { ...fields, subject: ' ' })).status).toBe(422);
	await post('/case/delete/2', {});
	expect(server.store.get('cases', 2)).toBeUndefined();
	const gone = await fetch(`${server.url}/case/view/2`);
	expect([gone.status, (await gone.text()).includes('Case 2 was deleted.')]).toEqual([404, true]);
	for (const path of ['/contact', '/contact/view/1', '/zendesk/ticket', '/case/view/1', '/case/update/1']) {
		expect((await fetch(server.url + path)).status).toBe(200);
	}
});

test('pages: a new case, and a comment of its contact with a file; what was refused stays in the form', async () => {
	const { server } = await start({ seed: 'showcase', refusedFileTypes: ['.exe'] });
	const { store } = server;
	const post = async (path: string, fields: Record<string, string>, file?: File) => {
		const body = new FormData();
		for (const [name, value] of Object.entries(fields)) body.append(name, value);
		body.append('file', file ?? new File([], ''));
		return await fetch(server.url + path, { method: 'POST', body, redirect: 'manual' });
	};
	expect(await (await fetch(`${server.url}/case/create`)).text()).toContain('Create case');
	const fields = { subject: 'By hand', description: 'one\r\ntwo', status: 'open', priority: 'high', source: 'web' };
	const made = await post('/case/create', { ...fields, relatedContact: '2', assignedTo: '2' });
	const { id } = store.all('cases').at(-1)!;
	expect([made.status, made.headers.get('location')]).toEqual([303, `/case/view/${id}?saved`]);
	expect(store.get('cases', id)).toMatchObject({ description: 'one\ntwo', source: 'web', relatedContact: 2, owner: 1 });
	expect(store.get('cases', id)!.updatedAt).toBeNull();
	const blank = await post('/case/create', { ...fields, subject: ' ', description: 'kept words' });
	expect([blank.status, (await blank.text()).includes('kept words')]).toEqual([422, true]);
	const comment = { message: 'From the contact', owner: 'contact:2', visibility: 'public' };
	const refused = await post(`/case/comment/${id}`, comment, new File(['MZ'], 'a.exe'));
	expect([refused.status, (await refused.text()).includes('From the contact')]).toEqual([422, true]);
	const file = new File(['hello'], 'möbel.txt', { type: 'text/plain' });
	expect((await post(`/case/comment/${id}`, comment, file)).status).toBe(303);
	const stored = store.all('casecomments').at(-1)!;
	expect(stored).toMatchObject({ contact: 2, public: true });
	expect(store.get('files', stored.attachment as number)).toMatchObject({
		originalFilename: 'möbel.txt',
		mimeType: 'text/plain',
		fileSize: 5,
		content: 'aGVsbG8=',
		parent: { type: 'casecomments', id: stored.id },
		parentFieldName: 'attachment',
	});
	const shown = await (await fetch(`${server.url}/case/view/${id}`)).text();
	expect(shown).toContain('möbel.txt');
	expect(await (await fetch(`${server.url}/file/${stored.attachment as number}`)).text()).toBe('hello');
});

test('a hundred thousand tickets are looked up and added to', async () => {
	const { call, server } = await start({ overlay: true });
	const { store } = server;
	store.withoutEvents(() => {
		for (let i = 1; i <= 100_000; i += 1) {
			store.insert('cases', {
				subject: `c${i}`,
				externalId: `E-${i}`,
				status: 'open',
				source: 'email',
				priority: 'low',
				owner: 1,
			});
			store.insert('zendesktickets', { originId: String(i), channel: 1, relatedCase: i, status: 'open' });
		}
		for (let i = 1; i <= 300_000; i += 1)
			store.insert('casecomments', { case: (i % 100_000) + 1, message: 'm', owner: 1 });
	});
	const rows = async (path: string): Promise<unknown[]> => {
		const answer = await call('GET', path);
		expect(answer.status).toBe(200);
		return (answer.body as { data: unknown[] }).data;
	};
	const keys = Array.from({ length: 500 }, (_, i) => `E-${i * 7 + 1}`).join(',');
	expect(
		await rows(`/api/zendesktickets?filter[relatedCase.externalId]=${keys}&page[size]=1000&include=relatedCase`),
	).toHaveLength(500);
	expect(await rows('/api/cases?filter[id][gt]=90000&sort=id&page[size]=1000&fields[cases]=subject')).toHaveLength(
		1000,
	);
	expect(await rows('/api/zendesktickets?filter[originId]=5,77777&include=relatedCase')).toHaveLength(2);
	expect(await rows('/api/casecomments?filter[case]=500')).toHaveLength(3);
	for (let i = 0; i < 50; i += 1)
		expect((await call('POST', '/api/zendesktickets', newPair(`9${i}00000`))).status).toBe(201);
}, 60_000);

test('the showcase: shared addresses, capitals, a deactivated integration, nothing synced', async () => {
	const server = await startPracticeOroCrm({ seed: 'showcase', searchLagMs: 0 });
	const { store } = server;
	await server.close();
	const shared = store.all('contacts').filter((row) => (row.emails as string[]).includes('maria.santos@example.com'));
	expect(shared.map((row) => row.primaryEmail)).toEqual(['rosa.santos@example.com', 'maria.santos@example.com']);
	expect(store.all('contacts').map((row) => row.primaryEmail)).toContain('J.Mueller@Example.com');
	expect(store.all('users').map((row) => row.email)).toEqual([
		'admin@example.com',
		'anna.keller@example.com',
		'ben.okafor@example.com',
		'chiara.rossi@example.com',
		'support.desk@example.com',
		'rep@example.com',
	]);
	expect(store.all('integrationchannels')).toMatchObject([
		{ name: 'Zendesk', enabled: false, isTwoWaySyncEnabled: false },
	]);
	expect([store.count('zendesktickets'), store.count('zendeskusers')]).toEqual([0, 0]);
	expect(store.all('cases').every((row) => row.externalId === null)).toBe(true);
	expect(store.get('cases', 2)!.updatedAt).toBeNull();
});
