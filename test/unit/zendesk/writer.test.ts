import { ApiError } from '../../../http/api-error';
import { ConnectionError, NO_TOKEN } from '../../../http/request';
import { isDuplicateUser, isIdempotencyMismatch, isUpdateConflict } from '../../../zendesk/errors';
import { RateBudget } from '../../../zendesk/rate-budget';
import { ZendeskWriter } from '../../../zendesk/writer';
import { cut, FakeServer, refused } from '../support/fake-server';
import { FakeTime } from '../support/fake-time';

const STAMP = '2026-11-24T09:00:00Z';
const comment = { html_body: '<p>Hello</p>', public: true };

function writerOver(...answers: ConstructorParameters<typeof FakeServer>) {
	const time = new FakeTime();
	const server = new FakeServer(...answers);
	const writer = new ZendeskWriter('https://acme.zendesk.com', server.send, time, new RateBudget(time));
	const start = time.now();
	const failure = async (work: Promise<unknown>): Promise<ApiError> => {
		const error = await time.finish(work).then(
			() => undefined,
			(reason: unknown) => reason,
		);
		if (!(error instanceof ApiError)) throw new Error(`No ApiError: ${String(error)}`);
		return error;
	};
	return { writer, server, time, failure, elapsed: () => time.now() - start };
}

const sent = (server: FakeServer) => JSON.parse(String(server.asked[0].body)) as unknown;

describe('what is sent', () => {
	test('a new ticket with its key', async () => {
		const { writer, server, time } = writerOver({ status: 201, json: { ticket: { id: 7 }, audit: {} } });
		const ticket = { subject: 'Tent', comment, external_id: 'orocrm-case-1', metadata: { by: 'sync' } };
		expect(await time.finish(writer.createTicket(ticket, 'key-1'))).toEqual({ ticket: { id: 7 }, audit: {} });
		expect(server.asked[0]).toMatchObject({
			method: 'POST',
			url: 'https://acme.zendesk.com/api/v2/tickets.json',
			headers: { 'Idempotency-Key': 'key-1', 'Content-Type': 'application/json', Accept: 'application/json' },
		});
		expect(sent(server)).toEqual({ ticket });
	});

	test('an update, guarded by the date at which the ticket was read', async () => {
		const { writer, server, time } = writerOver({ json: { ticket: { id: 7 }, audit: {} } });
		expect(await time.finish(writer.updateTicket(7, { status: 'solved' }, STAMP))).toEqual({ ticket: { id: 7 }, audit: {} });
		expect(server.asked[0]).toMatchObject({ method: 'PUT', url: 'https://acme.zendesk.com/api/v2/tickets/7.json' });
		expect(sent(server)).toEqual({ ticket: { status: 'solved', safe_update: true, updated_stamp: STAMP } });
	});

	test('a guard can’t be overruled by the changes', async () => {
		const { writer, server, time } = writerOver({ json: { ticket: { id: 7 } } });
		await time.finish(writer.updateTicket(7, { updated_stamp: 'x', safe_update: false }, STAMP));
		expect(sent(server)).toEqual({ ticket: { safe_update: true, updated_stamp: STAMP } });
	});

	test('a person, without a mail to verify the address', async () => {
		const { writer, server, time } = writerOver({ status: 201, json: { user: { id: 9 } } });
		expect(await time.finish(writer.createUser({ name: 'Anna', email: 'anna@example.com' }))).toEqual({ id: 9 });
		expect(server.asked[0]).toMatchObject({ method: 'POST', url: 'https://acme.zendesk.com/api/v2/users.json' });
		expect(sent(server)).toEqual({ user: { name: 'Anna', email: 'anna@example.com', skip_verify_email: true } });
	});

	test('a file, as it is', async () => {
		const { writer, server, time } = writerOver({ status: 201, json: { upload: { token: 't' } } });
		const bytes = Buffer.from([0, 255, 10, 13, 128]);
		expect(await time.finish(writer.uploadFile('été & co.png', 'image/png', bytes))).toBe('t');
		expect(new URL(server.asked[0].url).searchParams.get('filename')).toBe('été & co.png');
		expect(server.asked[0]).toMatchObject({ method: 'POST', headers: { 'Content-Type': 'image/png' }, body: bytes });
	});

	test.each([
		['text/plain', 'text/plain'],
		['text/plain; charset=utf-8', 'text/plain; charset=utf-8'],
		['', 'application/octet-stream'],
		['text', 'application/octet-stream'],
		['image/png\r\nX: y', 'application/octet-stream'],
		['application/x-www-form-urlencoded', 'application/octet-stream'],
		['multipart/form-data; boundary=x', 'application/octet-stream'],
	])('a file of type %j', async (mimeType, expected) => {
		const { writer, server, time } = writerOver({ status: 201, json: { upload: { token: 't' } } });
		await time.finish(writer.uploadFile('x', mimeType, Buffer.from('x')));
		expect(server.asked[0].headers['Content-Type']).toBe(expected);
	});
});

/** Every kind of write, and whether it may be sent again when it may have been carried out. */
const writes: Array<[string, boolean, unknown, (writer: ZendeskWriter) => Promise<unknown>]> = [
	['createTicket', false, { ticket: { id: 7 } }, (writer) => writer.createTicket({ comment }, 'key')],
	['updateTicket', false, { ticket: { id: 7 } }, (writer) => writer.updateTicket(7, { comment }, STAMP)],
	['createUser', false, { user: { id: 7 } }, (writer) => writer.createUser({ name: 'A', email: 'a@example.com' })],
	[
		'uploadFile',
		true,
		{ upload: { token: 't' } },
		(writer) => writer.uploadFile('a.txt', 'text/plain', Buffer.from('a')),
	],
];

describe.each(writes)('%s', (_name, repeatable, json, write) => {
	test.each([
		['429', { status: 429, headers: { 'retry-after': '3' } }],
		['503 with Retry-After', { status: 503, headers: { 'retry-after': '3' } }],
		['a refused connection', refused()],
		['no token to be had', new ConnectionError('the address that gives out tokens answered with status 503', NO_TOKEN)],
	])('%s: sent again, for nothing was done', async (_case, answer) => {
		const { writer, server, time } = writerOver(answer, { json });
		await time.finish(write(writer));
		expect(server.asked).toHaveLength(2);
		expect(server.asked[1]).toEqual(server.asked[0]);
	});

	test.each([
		['a cut connection', cut(), undefined],
		['500', { status: 500 }, 500],
		['502', { status: 502 }, 502],
		['503 without Retry-After', { status: 503 }, 503],
		['504', { status: 504 }, 504],
		['half an answer', { text: '{"ticket":{"id":' }, undefined],
	])('%s: it may have been done', async (_case, answer, status) => {
		const { writer, server, time, failure } = writerOver(answer, { json });
		if (repeatable) {
			await time.finish(write(writer));
			expect(server.asked).toHaveLength(2);
			expect(server.asked[1]).toEqual(server.asked[0]);
		} else {
			expect((await failure(write(writer))).status).toBe(status);
			expect(server.asked).toHaveLength(1);
		}
	});

	test.each([400, 401, 403, 404, 409, 422])('%i is final', async (status) => {
		const { writer, server, failure } = writerOver({ status, json: { error: 'X', description: 'Words' } });
		expect(await failure(write(writer))).toMatchObject({ status, words: 'Words', service: 'Zendesk' });
		expect(server.asked).toHaveLength(1);
	});

	test('an answer without what was asked for is an answer lost', async () => {
		const { writer, failure } = writerOver({ json: { something: 'else' } });
		expect((await failure(write(writer))).status).toBeUndefined();
	});

	test('a 429 that asks for more patience than a run has', async () => {
		const { writer, server, failure } = writerOver({ status: 429, headers: { 'retry-after': '468' } });
		expect(await failure(write(writer))).toMatchObject({ status: 429, concernsEverything: true });
		expect(server.asked).toHaveLength(1);
	});
});

describe('limits of updates', () => {
	test('thirty of one ticket go out at once, the next one ten minutes later; other tickets don’t wait', async () => {
		const { writer, time, elapsed } = writerOver(...Array(32).fill({ json: { ticket: { id: 7 } } }));
		for (let i = 0; i < 30; i++) await time.finish(writer.updateTicket(7, { comment }, STAMP));
		await time.finish(writer.updateTicket(8, { comment }, STAMP));
		expect(elapsed()).toBe(0);
		await time.finish(writer.updateTicket(7, { comment }, STAMP));
		expect(elapsed()).toBeGreaterThanOrEqual(600_000);
		expect(elapsed()).toBeLessThan(602_000);
	});

	test('what the headers say of the ticket counts', async () => {
		const headers = { 'zendesk-ratelimit-per-ticket-updates': 'total=30; remaining=0; resets=100' };
		const answers = [{ json: { ticket: {} }, headers }, { json: { ticket: {} } }, { json: { ticket: {} } }];
		const { writer, time, elapsed } = writerOver(...answers);
		await time.finish(writer.updateTicket(7, {}, STAMP));
		await time.finish(writer.updateTicket(8, {}, STAMP));
		expect(elapsed()).toBe(0);
		await time.finish(writer.updateTicket(7, {}, STAMP));
		expect(elapsed()).toBeGreaterThanOrEqual(100_000);
	});
});

describe('what a refusal means', () => {
	const conflict = 'Safe update timestamp prevented the update due to outdated ticket data.';
	const error = async (status: number, json: unknown) => {
		const { writer, failure } = writerOver({ status, json });
		return await failure(writer.updateTicket(7, {}, STAMP));
	};
	const email = (entry: object) => ({
		error: 'RecordInvalid',
		description: 'Ungültig',
		details: { email: [entry] },
	});

	test.each([
		['by name', { error: 'UpdateConflict', description: conflict }],
		['with details', { error: 'UpdateConflict', id: 7, details: conflict }],
		['of the database', { error: 'DatabaseConflict', description: 'Database collision' }],
		['of an error object', { error: { title: 'Conflict', message: conflict } }],
		['of a newer service', { errors: [{ code: 'Conflict', title: 'Conflict' }] }],
		['without words', {}],
	])('a conflict %s', async (_name, json) => {
		expect(isUpdateConflict(await error(409, json))).toBe(true);
		expect((await error(409, json)).advice).toMatch(/by itself/);
	});

	test('no conflict', async () => {
		expect(isUpdateConflict(await error(422, { error: 'UpdateConflict' }))).toBe(false);
		expect(isUpdateConflict(new ApiError('OroCRM', 'POST /api/cases', 409, '', ''))).toBe(false);
		expect(isUpdateConflict(undefined)).toBe(false);
	});

	test.each([
		[
			'by its code, in any language',
			422,
			email({ description: 'E-Mail: wird schon benutzt', error: 'DuplicateValue' }),
			true,
		],
		['of several', 422, { details: { name: ['short'], email: ['odd', { error: 'DuplicateValue' }] } }, true],
		[
			'without a code, in English',
			422,
			email({ description: 'Email: a@b.c is already being used by another user' }),
			true,
		],
		[
			'another trouble of the address',
			422,
			email({ description: 'Email: is already odd', error: 'InvalidValue' }),
			false,
		],
		['another field', 422, { details: { external_id: [{ error: 'DuplicateValue' }] } }, false],
		['another status', 409, email({ error: 'DuplicateValue' }), false],
	])('a second person with one address: %s', async (_name, status, json, expected) => {
		expect(isDuplicateUser(await error(status, json))).toBe(expected);
	});

	test.each([
		[400, { error: 'IdempotentRequestError', description: 'Andere Werte' }, true],
		[400, { error: 'InvalidValue', description: "Request parameters don't match the given idempotency key" }, false],
		[422, { error: 'IdempotentRequestError' }, false],
	])('a key that stands for something else: %i %j', async (status, json, expected) => {
		expect(isIdempotencyMismatch(await error(status, json))).toBe(expected);
	});

	test('other errors are none of these', () => {
		for (const one of [undefined, new Error('x'), new ApiError('Zendesk', 'GET /', 422, 'DuplicateValue', '')]) {
			expect([isUpdateConflict(one), isDuplicateUser(one), isIdempotencyMismatch(one)]).toEqual([false, false, false]);
		}
	});

	test('what to do about it', async () => {
		const scope = { error: 'Forbidden', description: 'You are missing the following required scopes: write' };
		expect((await error(403, scope)).advice).toMatch(/Read and Write/);
		expect((await error(403, { error: { title: 'Forbidden', message: 'No access' } })).advice).toMatch(/may edit/);
		const suspended = { details: { requester: [{ description: 'gesperrt', error: 'UserSuspended' }] } };
		expect((await error(422, suspended)).advice).toMatch(/suspended/);
		expect((await error(422, email({ error: 'DuplicateValue' }))).advice).toMatch(/e-mail already/);
		expect((await error(422, {})).advice).toMatch(/closed/);
	});
});
