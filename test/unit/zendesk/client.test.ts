import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError } from '../../../http/api-error';
import { ZendeskClient } from '../../../zendesk/client';
import { readComments } from '../../../zendesk/comments';
import { readTicketExport } from '../../../zendesk/ticket-export';
import { findTicketsByExternalId, readTicket, readTickets } from '../../../zendesk/tickets';
import type { ZendeskTransport } from '../../../zendesk/transport';
import { findUsersByEmail, readCurrentUser, readStaff, readUsers, slimUser } from '../../../zendesk/users';
import { cut, FakeServer, refused } from '../support/fake-server';
import { FakeTime } from '../support/fake-time';

function clientOver(...answers: ConstructorParameters<typeof FakeServer>) {
	const time = new FakeTime();
	const server = new FakeServer(...answers);
	const client = new ZendeskClient('https://acme.zendesk.com', server.send, time);
	const start = time.now();
	const failure = async (work: Promise<unknown>): Promise<ApiError> => {
		const error = await time.finish(work).then(
			() => undefined,
			(reason: unknown) => reason,
		);
		if (!(error instanceof ApiError)) throw new Error(`No ApiError: ${String(error)}`);
		return error;
	};
	return { client, server, time, failure, elapsed: () => time.now() - start };
}

describe('one-way sync never writes to Zendesk', () => {
	test('the client has no way to send anything but GET', async () => {
		const { client, server, time } = clientOver({ json: {} });
		await time.finish(client.get('tickets.json', { a: 'b c', none: undefined }));
		expect(server.asked).toEqual([
			{
				method: 'GET',
				url: 'https://acme.zendesk.com/api/v2/tickets.json?a=b%20c',
				headers: { Accept: 'application/json' },
			},
		]);
		expect(Object.getOwnPropertyNames(ZendeskClient.prototype).sort()).toEqual([
			'constructor',
			'download',
			'get',
			'getDated',
			'getFile',
		]);
	});

	test('not even what it is made of can', async () => {
		const { client, server } = clientOver({ json: {} });
		const { transport } = client as unknown as { transport: ZendeskTransport };
		const request = { method: 'PUT' as const, url: 'https://acme.zendesk.com/api/v2/tickets/7.json', headers: {} };
		await expect(transport.json(request, { countedAs: 'account', safeToRepeat: false })).rejects.toThrow(/PUT/);
		expect(server.asked).toEqual([]);
	});

	test('its folder sends something else only from one file', () => {
		const folder = join(__dirname, '../../../zendesk');
		const writing = readdirSync(folder).filter((name) =>
			/['"](POST|PUT|PATCH|DELETE)['"]/.test(readFileSync(join(folder, name), 'utf8')),
		);
		expect(writing).toEqual(['writer.ts']);
	});
});

describe('passing trouble is waited out', () => {
	test('429 by Retry-After', async () => {
		const { client, server, time, elapsed } = clientOver(
			{ status: 429, headers: { 'retry-after': '10' } },
			{ json: { ok: 1 } },
		);
		expect(await time.finish(client.get('x.json'))).toEqual({ ok: 1 });
		expect(server.asked).toHaveLength(2);
		expect(elapsed()).toBeGreaterThanOrEqual(10_000);
		expect(elapsed()).toBeLessThan(11_000);
	});

	test('503, a cut connection, half an answer', async () => {
		const { client, server, time } = clientOver(
			{ status: 503 },
			cut(),
			refused(),
			{ text: '{"tickets":[{"id":1}' },
			{ json: { ok: 1 } },
		);
		expect(await time.finish(client.get('x.json'))).toEqual({ ok: 1 });
		expect(server.asked).toHaveLength(5);
	});

	test('five times and no more', async () => {
		const { client, server, failure } = clientOver(...Array(6).fill({ status: 502 }));
		expect(await failure(client.get('x.json'))).toMatchObject({ status: 502, concernsEverything: true });
		expect(server.asked).toHaveLength(5);
	});

	test('no connection at all: an error in words, that concerns everything', async () => {
		const { client, failure } = clientOver(...Array(5).fill(refused()));
		expect(await failure(client.get('x.json'))).toMatchObject({
			status: undefined,
			concernsEverything: true,
			words: 'the server refused the connection',
		});
	});

	test('the budget is learned from the answers and kept', async () => {
		const { client, time, elapsed } = clientOver(
			{ json: {}, headers: { 'ratelimit-limit': '700', 'ratelimit-remaining': '70', 'ratelimit-reset': '30' } },
			{ json: {} },
		);
		await time.finish(client.get('x.json'));
		expect(elapsed()).toBe(0);
		await time.finish(client.get('x.json'));
		expect(elapsed()).toBe(30_000);
	});

	test('the ticket list has a limit of its own, which its headers tell', async () => {
		const headers = { 'zendesk-ratelimit-tickets-index': 'total=100; remaining=10; resets=17' };
		const { client, time, elapsed } = clientOver({ json: {}, headers }, { json: {} }, { json: {} });
		await time.finish(client.get('tickets.json', { external_id: 'a' }));
		await time.finish(client.get('tickets/7.json'));
		expect(elapsed()).toBe(0);
		await time.finish(client.get('tickets.json', { external_id: 'b' }));
		expect(elapsed()).toBeGreaterThanOrEqual(17_000);
		expect(elapsed()).toBeLessThan(18_000);
	});

	test('exports have their own ten a minute', async () => {
		const { client, time, elapsed } = clientOver(...Array(11).fill({ json: { tickets: [] } }));
		for (let i = 0; i < 11; i++) await time.finish(client.get('incremental/tickets/cursor.json'));
		expect(elapsed()).toBeGreaterThanOrEqual(60_000);
	});
});

describe('refusals', () => {
	test.each([400, 401, 403, 404, 422])('%i is not repeated', async (status) => {
		const { client, server, failure } = clientOver({ status, json: { error: 'X', description: 'Words' } });
		expect(await failure(client.get('x.json'))).toMatchObject({ status, words: 'Words' });
		expect(server.asked).toHaveLength(1);
	});

	test('a redirect is not followed: the token would go with it', async () => {
		const { client, server, failure } = clientOver({ status: 302, headers: { location: 'https://evil.example/' } });
		expect(await failure(client.get('x.json'))).toMatchObject({ status: 302 });
		expect(server.asked).toHaveLength(1);
	});

	test('a login page with status 200 is no data', async () => {
		const { client, failure } = clientOver(...Array(5).fill({ text: '<html><title>Log in</title></html>' }));
		expect((await failure(client.get('x.json'))).words).toMatch(/web page/);
	});

	test('what n8n says about a token goes on as it is', async () => {
		const { client, time } = clientOver(new Error('Unable to sign'));
		await expect(time.finish(client.get('x.json'))).rejects.toThrow('Unable to sign');
	});
});

describe('reads', () => {
	test('export: a page without rows has no cursor and is the end, whatever it says', async () => {
		const { client, time } = clientOver(
			{ json: { tickets: [], after_cursor: null, end_of_stream: false } },
			{ json: { tickets: [{ id: 1 }], after_cursor: 'c', end_of_stream: false } },
			{ json: { tickets: [{ id: 1 }], after_cursor: 'c' } },
		);
		expect(await time.finish(readTicketExport(client, { cursor: 'b' }, 1))).toEqual({
			tickets: [],
			users: [],
			afterCursor: null,
			endOfStream: true,
		});
		expect(await time.finish(readTicketExport(client, { cursor: 'b' }, 1))).toMatchObject({
			afterCursor: 'c',
			endOfStream: false,
		});
		expect(await time.finish(readTicketExport(client, { cursor: 'b' }, 2))).toMatchObject({ endOfStream: true });
	});

	test('export: by cursor or by time', async () => {
		const { client, server, time } = clientOver({ json: {} }, { json: {} });
		await time.finish(readTicketExport(client, { startTime: 7 }, 100));
		await time.finish(readTicketExport(client, { cursor: 'MTY=' }, 100));
		expect(server.asked[0].url).toContain('start_time=7');
		expect(server.asked[1].url).toContain('cursor=MTY%3D');
		expect(server.asked[1].url).not.toContain('start_time');
	});

	test('comments: only has_more decides, for the last page still names a next one', async () => {
		const page = (id: number, has_more: boolean) => ({
			json: { comments: [{ id }], meta: { has_more, after_cursor: `c${id}` }, links: { next: 'https://x' } },
		});
		const { client, server, time } = clientOver(page(1, true), page(2, false));
		expect((await time.finish(readComments(client, 7))).map(({ id }) => id)).toEqual([1, 2]);
		expect(server.asked).toHaveLength(2);
		expect(server.asked[1].url).toContain('page%5Bafter%5D=c1');
	});

	test('users: a hundred a request', async () => {
		const { client, server, time } = clientOver({ json: { users: [{ id: 1 }] } }, { json: {} });
		expect(
			await time.finish(
				readUsers(
					client,
					Array.from({ length: 150 }, (_, index) => index + 1),
				),
			),
		).toEqual([{ id: 1 }]);
		expect(server.asked.map((request) => new URL(request.url).searchParams.get('ids')?.split(',').length)).toEqual([
			100, 50,
		]);
	});

	test('a ticket that is not there is none', async () => {
		const { client, time } = clientOver(
			{ status: 404, json: { error: 'RecordNotFound' } },
			{ status: 403, json: { error: 'Forbidden' } },
		);
		expect(await time.finish(readTicket(client, 7))).toBeUndefined();
		await expect(time.finish(readTicket(client, 7))).rejects.toThrow();
	});

	test('several tickets: a hundred a request, each person once', async () => {
		const { client, server, time } = clientOver(
			{ json: { tickets: [{ id: 1 }, { id: 2 }], users: [{ id: 7 }, { id: 8 }] } },
			{ json: { tickets: [{ id: 101 }], users: [{ id: 8 }] } },
		);
		const ids = Array.from({ length: 120 }, (_, index) => 120 - index);
		expect(await time.finish(readTickets(client, [...ids, 7, 7]))).toEqual({
			tickets: [{ id: 1 }, { id: 2 }, { id: 101 }],
			users: [{ id: 7 }, { id: 8 }],
		});
		const queries = server.asked.map((request) => new URL(request.url).searchParams);
		expect(queries.map((query) => query.get('ids')?.split(',').length)).toEqual([100, 20]);
		expect(queries[0].get('include')).toBe('users,comment_count');
	});

	test('no tickets are no request', async () => {
		const { client, server, time } = clientOver();
		expect(await time.finish(readTickets(client, []))).toEqual({ tickets: [], users: [] });
		expect(server.asked).toEqual([]);
	});

	test('tickets by external id: exactly this one, the oldest first, no deleted ones', async () => {
		const { client, server, time } = clientOver({
			json: {
				tickets: [
					{ id: 9, external_id: 'orocrm-case-7', status: 'open' },
					{ id: 3, external_id: 'orocrm-case-7', status: 'deleted' },
					{ id: 5, external_id: 'OROCRM-case-7', status: 'open' },
					{ id: 4, external_id: 'orocrm-case-7', status: 'closed' },
					{ id: 2, external_id: null, status: 'open' },
				],
			},
		});
		expect((await time.finish(findTicketsByExternalId(client, 'orocrm-case-7'))).map(({ id }) => id)).toEqual([4, 9]);
		expect(server.asked[0].url).toBe('https://acme.zendesk.com/api/v2/tickets.json?external_id=orocrm-case-7');
	});

	test('staff: both roles in one list, and only has_more ends it', async () => {
		const page = (id: number, has_more: boolean) => ({
			json: { users: [{ id }], meta: { has_more, after_cursor: `c${id}` }, links: { next: 'https://x' } },
		});
		const { client, server, time } = clientOver(page(1, true), page(2, false));
		expect((await time.finish(readStaff(client))).map(({ id }) => id)).toEqual([1, 2]);
		const queries = server.asked.map((request) => new URL(request.url).searchParams);
		expect(queries[0].getAll('role[]')).toEqual(['agent', 'admin']);
		expect(queries[0].get('page[size]')).toBe('100');
		expect(queries.map((query) => query.get('page[after]'))).toEqual([null, 'c1']);
	});

	test('“Anonymous user” is nobody', async () => {
		const { client, time } = clientOver(
			{ json: { user: { id: null, name: 'Anonymous user' } } },
			{ json: { user: { id: 7, name: 'Anna' } } },
		);
		expect(await time.finish(readCurrentUser(client))).toBeUndefined();
		expect(await time.finish(readCurrentUser(client))).toMatchObject({ id: 7 });
	});

	describe('people by e-mail', () => {
		const known = [
			{ id: 7, email: 'Anna@Example.com', active: true },
			{ id: 5, email: 'anna@example.com', active: false },
			{ id: 9, email: 'anna@example.com.au', active: true },
			{ id: 8, email: null },
		];

		test('exactly this address, whatever the capitals', async () => {
			const { client, server, time } = clientOver({ json: { users: known } });
			const found = await time.finish(findUsersByEmail(client, [' ANNA@example.com', 'anna@Example.com ']));
			expect([...found]).toEqual([['anna@example.com', known[0]]]);
			expect(server.asked.map((request) => new URL(request.url).searchParams.get('query'))).toEqual([
				'email:"anna@example.com"',
			]);
		});

		test('what can’t be asked is not asked', async () => {
			const { client, server, time } = clientOver();
			const found = await time.finish(
				findUsersByEmail(client, ['', '  ', 'a"b@example.com', 'a b@example.com', 'a\\@example.com']),
			);
			expect(found.size).toBe(0);
			expect(server.asked).toEqual([]);
		});

		test('an address that the search can’t read doesn’t hold up the others; other trouble does', async () => {
			const { client, time } = clientOver(
				{ status: 422, json: { error: 'invalid', description: 'Invalid search' } },
				{ json: { users: known } },
				{ status: 403, json: { error: 'Forbidden' } },
			);
			const found = await time.finish(findUsersByEmail(client, ['odd', 'anna@example.com']));
			expect([...found.keys()]).toEqual(['anna@example.com']);
			await expect(time.finish(findUsersByEmail(client, ['anna@example.com']))).rejects.toThrow();
		});
	});

	test('people travel without what the sync never uses', () => {
		expect(slimUser({ id: 1, name: 'A', email: null, photo: { url: 'x' }, user_fields: {} } as never)).toEqual({
			id: 1,
			name: 'A',
			email: null,
		});
	});
});
