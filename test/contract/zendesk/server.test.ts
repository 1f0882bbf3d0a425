import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPracticeZendesk } from '../../../sandbox/zendesk/server';
import { closeAll, start } from './practice';

/** What the practice server adds to Zendesk: calls, faults, control, snapshot, pages, showcase. */

afterEach(closeAll);

const TICKET = { ticket: { subject: 's', comment: { body: 'b' } } };

describe('calls and control', () => {
	test('API and OAuth requests are counted by pattern, pages and control are not', async () => {
		const practice = await start();
		practice.store.createTicket();
		await practice.get('/api/v2/tickets/1.json');
		await practice.get('/api/v2/tickets/1/comments');
		await practice.send('POST', '/oauth/tokens', {});
		await practice.get('/');
		const seen = await practice.get('/_practice/calls');
		expect(seen.body).toMatchObject({
			total: 3,
			reads: 2,
			writes: 1,
			byPath: { 'GET /api/v2/tickets/{id}': 1, 'GET /api/v2/tickets/{id}/comments': 1, 'POST /oauth/tokens': 1 },
		});
		expect((await practice.send('POST', '/_practice/calls/reset')).status).toBe(204);
		expect(practice.calls.count()).toBe(0);
	});

	test('settings can be seen and changed from outside, downloads can be seen', async () => {
		const practice = await start();
		const changed = await practice.send('POST', '/_practice/settings', { solvingWithoutAssignee: 'refused' });
		expect(changed.body).toEqual({ solvingWithoutAssignee: 'refused', creationAuditInUpdates: false, commentCount: 'all' });
		expect(practice.settings.solvingWithoutAssignee).toBe('refused');
		for (const wrong of [{ solvingWithoutAssignee: 'x' }, { toString: true }, { creationAuditInUpdates: 1 }]) {
			expect((await practice.send('POST', '/_practice/settings', wrong)).status).toBe(400);
		}
		expect((await practice.get('/_practice/settings')).body).toEqual(changed.body);
		await practice.get('/attachments/token/nothing/');
		expect((await practice.get('/_practice/file-requests')).body).toEqual([{ host: 'account', authorized: true }]);
	});

	test('the clock moves on request when it is a manual one', async () => {
		const practice = await start('2026-11-24T09:00:00Z');
		const moved = await practice.send('POST', '/_practice/clock', { advanceSeconds: 90 });
		expect(moved.body).toEqual({ now: '2026-11-24T09:01:30.000Z' });
		const real = await startPracticeZendesk();
		const refused = await fetch(`${real.url}/_practice/clock`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: '{"advanceSeconds":1}',
		});
		expect(refused.status).toBe(409);
		await real.close();
	});
});

describe('faults', () => {
	const POST = { method: 'POST', path: '/api/v2/tickets' };

	test('an answer instead, once, and only for what it names', async () => {
		const practice = await start();
		await practice.send('POST', '/_practice/faults', {
			...POST,
			times: 1,
			effect: { kind: 'answer', status: 503, headers: { 'retry-after': '2' }, body: 'down' },
		});
		expect((await practice.get('/api/v2/tickets.json')).status).toBe(200);
		const hit = await practice.send('POST', '/api/v2/tickets.json', TICKET);
		expect([hit.status, hit.headers['retry-after'], hit.text]).toEqual([503, '2', 'down']);
		expect(practice.store.tickets.size).toBe(0);
		expect((await practice.send('POST', '/api/v2/tickets.json', TICKET)).status).toBe(201);
	});

	test('cut before: nothing is done; cut after and in the body: it is done', async () => {
		const practice = await start();
		const cut = async (kind: 'cut-before' | 'cut-after' | 'cut-in-body') => {
			practice.faults.add({ ...POST, times: 1, effect: { kind } });
			await expect(practice.send('POST', '/api/v2/tickets.json', TICKET)).rejects.toThrow();
			return practice.store.tickets.size;
		};
		expect(await cut('cut-before')).toBe(0);
		expect(await cut('cut-after')).toBe(1);
		expect(await cut('cut-in-body')).toBe(2);
		expect(practice.calls.count((call) => call.status === 201)).toBe(2);
	});

	test('meanwhile: something happens just before a request is carried out, or before its answer goes', async () => {
		const practice = await start();
		const { store } = practice;
		const { id } = store.createTicket({ subject: 'first' });
		const read = { method: 'GET', path: `/tickets/${id}`, times: 1 };
		practice.faults.add({
			...read,
			effect: {
				kind: 'meanwhile',
				when: 'before',
				work: async () => {
					await new Promise((resolve) => setTimeout(resolve, 5));
					store.updateTicket(id, { subject: 'before' });
				},
			},
		});
		expect((await practice.get(`/api/v2/tickets/${id}.json`)).body.ticket.subject).toBe('before');
		practice.faults.add({
			...read,
			effect: { kind: 'meanwhile', when: 'after', work: () => void store.updateTicket(id, { subject: 'after' }) },
		});
		expect((await practice.get(`/api/v2/tickets/${id}.json`)).body.ticket.subject).toBe('before');
		expect((await practice.get(`/api/v2/tickets/${id}.json`)).body.ticket.subject).toBe('after');
	});

	test('over HTTP only what is data can be set', async () => {
		const practice = await start();
		const function_ = await practice.send('POST', '/_practice/faults', {
			effect: { kind: 'meanwhile', when: 'after' },
		});
		expect([function_.status, function_.body.error]).toEqual([400, expect.stringContaining('same process')]);
		expect((await practice.send('POST', '/_practice/faults', { effect: { kind: 'nonsense' } })).status).toBe(400);
		expect((await practice.get('/_practice/faults')).body).toEqual([]);
	});

	test('latency and silence', async () => {
		const practice = await start();
		practice.faults.add({ times: 1, effect: { kind: 'latency', milliseconds: 80 } });
		const begin = Date.now();
		expect((await practice.get('/api/v2/users/me.json')).status).toBe(200);
		expect(Date.now() - begin).toBeGreaterThanOrEqual(75);
		practice.faults.add({ times: 1, effect: { kind: 'silence' } });
		await expect(fetch(`${practice.url}/api/v2/users/me.json`, { signal: AbortSignal.timeout(150) })).rejects.toThrow();
	});
});

describe('data', () => {
	test('a data file carries everything over a restart', async () => {
		const folder = mkdtempSync(path.join(tmpdir(), 'practice-zendesk-'));
		try {
			const dataFile = path.join(folder, 'zendesk.json');
			const first = await start(undefined, { dataFile, seed: 'showcase' });
			const before = first.store.data();
			const { accessToken } = first.tokens.issue(first.store.account.api_user_id, 'read');
			await first.close();
			const second = await start(undefined, { dataFile });
			expect(second.store.data()).toEqual(before);
			expect((await second.get('/api/v2/tickets.json', {}, { authorization: `Bearer ${accessToken}` })).status).toBe(
				200,
			);
			expect((await second.send('POST', '/api/v2/tickets.json', TICKET)).body.ticket.id).toBe(before.nextTicketId);
			await second.close();
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	test('ten thousand tickets are made and exported in order, each once', async () => {
		const practice = await start(undefined, { limits: 'off' });
		for (let i = 0; i < 10_000; i += 1) {
			if (i % 500 === 0) practice.clock.advance(1000);
			practice.store.createTicket({ subject: `Ticket ${i}` });
		}
		for (let id = 1; id <= 10_000; id += 97) practice.store.updateTicket(id, { priority: 'low' });
		practice.store.createTicket({ created_at: '2020-01-01T00:00:00Z' });
		const seen: Array<[number, number]> = [];
		let query: Record<string, string> = { start_time: '0' };
		for (;;) {
			const { body } = await practice.get('/api/v2/incremental/tickets/cursor.json', query);
			for (const ticket of body.tickets) seen.push([ticket.generated_timestamp, ticket.id]);
			if (body.end_of_stream) break;
			query = { cursor: body.after_cursor };
		}
		expect(seen).toEqual([...seen].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
		expect(new Set(seen.map(([, id]) => id)).size).toBe(10_001);
	});
});

describe('showcase', () => {
	test('ids are the same on every start, and every kind of ticket is there', async () => {
		const [one, two] = [
			await start(undefined, { seed: 'showcase' }),
			await start('2027-01-01T00:00:00Z', { seed: 'showcase' }),
		];
		const shape = (practice: typeof one) =>
			practice.store
				.data()
				.tickets.map(({ id, requester_id, custom_status_id }) => [id, requester_id, custom_status_id]);
		expect(shape(one)).toEqual(shape(two));
		const tickets = one.store.data().tickets;
		expect(tickets.length).toBeGreaterThanOrEqual(40);
		const kinds = (key: 'status' | 'priority' | 'type') => new Set(tickets.map((ticket) => ticket[key]));
		expect(kinds('status')).toEqual(new Set(['new', 'open', 'pending', 'hold', 'solved', 'closed', 'deleted']));
		expect(kinds('priority')).toEqual(new Set([null, 'low', 'normal', 'high', 'urgent']));
		expect(kinds('type')).toEqual(new Set([null, 'problem', 'incident', 'question', 'task']));
		const channels = new Set(tickets.map((ticket) => ticket.via.channel));
		for (const channel of ['email', 'web', 'api', 'voice', 'chat', 'twitter', 'help_center', 'any_channel'])
			expect(channels).toContain(channel);
		const lengths = tickets.map((ticket) => [...(ticket.subject ?? '')].length);
		expect(Math.max(...lengths)).toBe(300);
		expect(lengths).toContain(0);
		expect(tickets.some((ticket) => ticket.tags.includes('closed_by_merge'))).toBe(true);
		expect(tickets.some((ticket) => ticket.scrubbed)).toBe(true);
		expect(tickets.some((ticket) => ticket.followup_source_id !== null)).toBe(true);
		const newest = Math.max(...tickets.map((ticket) => ticket.generated_timestamp));
		expect(newest * 1000).toBeLessThan(one.clock.now().getTime() - 60_000);
	});
});

describe('pages', () => {
	const form = (practice: Awaited<ReturnType<typeof start>>, path: string, fields: Record<string, string>) =>
		practice.send('POST', path, new URLSearchParams(fields).toString(), {
			'content-type': 'application/x-www-form-urlencoded',
		});

	test('every page of the showcase can be shown, and text is never markup', async () => {
		const practice = await start(undefined, { seed: 'showcase' });
		for (const id of practice.store.tickets.keys()) {
			const reply = await practice.get(`/agent/tickets/${id}`);
			expect(reply.status).toBe(200);
			expect(reply.text).toContain('practice system');
			expect(reply.text).not.toContain('<script>');
		}
		for (const status of ['', 'closed', 'deleted']) expect((await practice.get('/', { status })).status).toBe(200);
		expect((await practice.get('/agent/users')).text).toContain('suspended');
		expect((await practice.get('/agent/tickets/999')).status).toBe(404);
	});

	test('a ticket is made, edited, answered, merged, closed, deleted and restored by forms', async () => {
		const practice = await start();
		const { store } = practice;
		const made = await form(practice, '/agent/tickets/new', {
			requester_name: 'Maria',
			requester_email: 'maria@example.com',
			subject: 'Lamp',
			description: 'Broken',
			priority: 'high',
		});
		expect([made.status, made.headers.location]).toEqual([303, '/agent/tickets/1?done=created']);
		const requester = store.findUser('maria@example.com')!;
		const edit = {
			action: 'edit',
			subject: 'Lamp 2',
			status: `custom:${store.defaultStatus('pending').id}`,
			priority: '',
			type: 'task',
			assignee_id: String(store.account.api_user_id),
			requester_id: String(requester.id),
			tags: 'a b',
		};
		await form(practice, '/agent/tickets/1', edit);
		expect(store.tickets.get(1)).toMatchObject({
			subject: 'Lamp 2',
			status: 'pending',
			priority: null,
			type: 'task',
			tags: ['a', 'b'],
		});
		await form(practice, '/agent/tickets/1', {
			action: 'comment',
			body: 'Internal',
			public: 'no',
			author_id: String(store.account.api_user_id),
		});
		await form(practice, '/agent/tickets/1', {
			action: 'comment',
			body: 'Still broken',
			public: 'yes',
			author_id: String(requester.id),
		});
		expect(store.tickets.get(1)!.status).toBe('open');
		expect(store.commentsOf(1).map((comment) => [comment.body, comment.public])).toEqual([
			['Broken', true],
			['Internal', false],
			['Still broken', true],
		]);
		expect((await practice.get('/agent/tickets/1')).text).toContain('internal');
		const other = store.createTicket({ subject: 'Other' }).id;
		await form(practice, `/agent/tickets/${other}`, { action: 'merge', target: '1' });
		expect(store.tickets.get(other)).toMatchObject({ status: 'closed', tags: ['closed_by_merge'] });
		await form(practice, '/agent/tickets/1', { action: 'delete' });
		expect(store.tickets.get(1)!.status).toBe('deleted');
		await form(practice, '/agent/tickets/1', { action: 'restore' });
		await form(practice, '/agent/tickets/1', { action: 'close' });
		expect(store.tickets.get(1)!.status).toBe('closed');
	});

	test('a comment and a new ticket take a file, and the page shows it', async () => {
		const practice = await start();
		const { store } = practice;
		const { id } = store.createTicket();
		const send = async (path: string, fields: Record<string, string>, name: string, content: string) => {
			const body = new FormData();
			for (const [key, value] of Object.entries(fields)) body.append(key, value);
			body.append('file', new File([content], name, { type: 'text/plain' }));
			return await fetch(practice.url + path, { method: 'POST', body, redirect: 'manual' });
		};
		const comment = { action: 'comment', body: 'two\r\nlines', public: 'no' };
		expect((await send(`/agent/tickets/${id}`, comment, 'möbel.txt', 'hello')).status).toBe(303);
		expect(store.commentsOf(id)[1]).toMatchObject({ body: 'two\nlines', public: false });
		const shown = (await practice.get(`/agent/tickets/${id}`)).text;
		expect(shown).toContain('möbel.txt');
		const address = /href="(\/attachments\/token\/[^"]+)"/.exec(shown)![1];
		expect(await (await fetch(practice.url + address)).text()).toBe('hello');
		const ticket = { requester_name: 'Maria', requester_email: '', subject: 'Lamp', description: 'Broken' };
		expect((await send('/agent/tickets/new', ticket, 'a.txt', 'x')).headers.get('location')).toContain(
			'/agent/tickets/2',
		);
		expect(store.commentsOf(2)[0].attachment_ids).toHaveLength(1);
		expect((await send(`/agent/tickets/${id}`, { action: 'comment', body: '' }, '', '')).status).toBe(422);
	});

	test('somebody who is gone stays the requester when a ticket is edited', async () => {
		const practice = await start();
		const maria = practice.store.createUser({ name: 'Maria' });
		const { id } = practice.store.createTicket({ requester_id: maria.id });
		practice.store.deleteUser(maria.id);
		expect((await practice.get(`/agent/tickets/${id}`)).text).toContain(`<option value="${maria.id}" selected>Maria`);
	});

	test('what cannot be done is said in words, and what was typed stays', async () => {
		const practice = await start();
		const blank = await form(practice, '/agent/tickets/new', {
			requester_name: 'Maria',
			subject: 'Kept words',
			description: '',
		});
		expect(blank.status).toBe(422);
		expect(blank.text).toContain('Description: cannot be blank');
		expect(blank.text).toContain('Kept words');
		const { id } = practice.store.createTicket();
		const nowhere = await form(practice, `/agent/tickets/${id}`, { action: 'merge', target: '77' });
		expect([nowhere.status, nowhere.text.includes('There is no ticket #77')]).toEqual([422, true]);
		expect((await form(practice, `/agent/tickets/${id}`, { action: 'comment', body: ' ' })).text).toContain(
			'Comment: cannot be blank',
		);
		practice.settings.solvingWithoutAssignee = 'refused';
		const solved = await form(practice, `/agent/tickets/${id}`, {
			action: 'edit',
			subject: 'Kept words',
			status: `custom:${practice.store.defaultStatus('solved').id}`,
			requester_id: String(practice.store.account.api_user_id),
		});
		expect(solved.text).toContain('Assignee: is required when solving a ticket');
		expect(solved.text).toContain('Kept words');
		practice.store.updateTicket(id, { status: 'closed' });
		expect((await form(practice, `/agent/tickets/${id}`, { action: 'close' })).text).toContain(
			'closed prevents ticket update',
		);
	});
});
