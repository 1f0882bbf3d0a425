import { bearerSender } from '../../support/pipeline';
import { PRACTICE_READ_TOKENS, PRACTICE_READ_WRITE_TOKENS } from '../../../sandbox/zendesk/credentials';
import type { PracticeZendeskOptions } from '../../../sandbox/zendesk/server';
import { htmlToText, textToHtml } from '../../../sync/html-text';
import { ZendeskClient } from '../../../zendesk/client';
import { readComments } from '../../../zendesk/comments';
import { isDuplicateUser, isIdempotencyMismatch, isUpdateConflict } from '../../../zendesk/errors';
import { RateBudget } from '../../../zendesk/rate-budget';
import { findTicketsByExternalId, readTickets } from '../../../zendesk/tickets';
import { findUsersByEmail, readStaff } from '../../../zendesk/users';
import { ZendeskWriter } from '../../../zendesk/writer';
import { closeAll, start } from './practice';

/** The package's own client and writer on a practice account that lives in the same time: every pause moves its clock. */

afterEach(closeAll);

async function account(options: PracticeZendeskOptions = {}) {
	// The addresses in answers are the server's own, for files are fetched from them.
	const practice = await start(undefined, { subdomainUrl: undefined, ...options });
	const { clock } = practice;
	const time = {
		now: () => clock.now().getTime(),
		sleep: async (milliseconds: number) => clock.advance(milliseconds),
	};
	const budget = new RateBudget(time);
	const sender = bearerSender(PRACTICE_READ_WRITE_TOKENS.accessToken);
	return {
		practice,
		time,
		client: new ZendeskClient(practice.url, bearerSender(PRACTICE_READ_TOKENS.accessToken), time, budget),
		writer: new ZendeskWriter(practice.url, sender, time, budget),
		reader: new ZendeskWriter(practice.url, bearerSender(PRACTICE_READ_TOKENS.accessToken), time, budget),
	};
}

const rejection = async (work: Promise<unknown>): Promise<unknown> =>
	await work.then(
		() => {
			throw new Error('It went well.');
		},
		(error: unknown) => error,
	);

const comment = { html_body: '<p>The tent leaks.</p>', public: true };

describe('creating a ticket', () => {
	test('with all that a case has', async () => {
		const { practice, client, writer } = await account();
		const agent = practice.store.createUser({ name: 'Anna Keller', email: 'anna@desk.example', role: 'agent' });
		const { ticket: made } = await writer.createTicket(
			{
				subject: 'Tent',
				comment: { ...comment, author_id: agent.id },
				requester: { name: 'Maria Santos', email: 'maria@example.com' },
				assignee_id: agent.id,
				priority: 'high',
				status: 'pending',
				external_id: 'orocrm-case-7',
				metadata: { orocrm_case: '7' },
			},
			'key-1',
		);
		expect(made).toMatchObject({
			subject: 'Tent',
			assignee_id: agent.id,
			priority: 'high',
			status: 'pending',
			external_id: 'orocrm-case-7',
		});
		const { tickets, users } = await readTickets(client, [made.id, 4711]);
		expect(tickets.map(({ id, comment_count }) => [id, comment_count])).toEqual([[made.id, 1]]);
		expect(users.find(({ id }) => id === made.requester_id)).toMatchObject({ email: 'maria@example.com' });
		const [first] = await readComments(client, made.id);
		expect(first).toMatchObject({ author_id: agent.id, public: true, metadata: { custom: { orocrm_case: '7' } } });
	});

	test('a lost answer: thrown, for the caller looks first; asked for again, it is the same ticket', async () => {
		const { practice, client, writer } = await account();
		practice.faults.add({ method: 'POST', path: 'tickets', effect: { kind: 'cut-after' }, times: 1 });
		const create = () => writer.createTicket({ subject: 'Tent', comment, external_id: 'orocrm-case-7' }, 'key-1');
		expect(await rejection(create())).toMatchObject({ status: undefined, service: 'Zendesk' });
		const found = await findTicketsByExternalId(client, 'orocrm-case-7');
		expect(found).toHaveLength(1);
		expect((await create()).ticket.id).toBe(found[0].id);
		expect(await findTicketsByExternalId(client, 'orocrm-case-7')).toHaveLength(1);
	});

	test('the same key with other values', async () => {
		const { writer } = await account();
		await writer.createTicket({ subject: 'Tent', comment }, 'key-1');
		expect(isIdempotencyMismatch(await rejection(writer.createTicket({ subject: 'Mat', comment }, 'key-1')))).toBe(
			true,
		);
	});

	test('found by its external id, the oldest first, without deleted ones', async () => {
		const { practice, client } = await account();
		const ids = ['orocrm-case-7', 'orocrm-case-70', 'orocrm-case-7', 'orocrm-case-7'].map(
			(external_id) => practice.store.createTicket({ subject: 'x', description: 'y', external_id }).id,
		);
		practice.store.deleteTicket(ids[0], { actorId: practice.store.actor().id });
		expect((await findTicketsByExternalId(client, 'orocrm-case-7')).map(({ id }) => id)).toEqual([ids[2], ids[3]]);
		expect(await findTicketsByExternalId(client, 'orocrm-case-8')).toEqual([]);
	});

	test('a follow-up of a closed ticket', async () => {
		const { practice, writer } = await account();
		const closed = practice.store.createTicket({ subject: 'Tent', description: 'x', status: 'closed' });
		const { ticket: made } = await writer.createTicket({ subject: 'Tent', comment, via_followup_source_id: closed.id }, 'key-1');
		expect(practice.store.tickets.get(closed.id)?.followup_ids).toEqual([made.id]);
	});
});

describe('updating a ticket', () => {
	test('as it was read', async () => {
		const { practice, client, writer } = await account();
		const ticket = practice.store.createTicket({ subject: 'Tent', description: 'x' });
		practice.clock.advance(60_000);
		const { tickets } = await readTickets(client, [ticket.id]);
		const changes = { subject: 'Mat', comment: { html_body: '<p>done</p>', public: false }, metadata: { a: 'b' } };
		const { ticket: changed, audit } = await writer.updateTicket(ticket.id, changes, tickets[0].updated_at);
		expect(changed).toMatchObject({ subject: 'Mat' });
		expect(audit).toMatchObject({ metadata: { custom: { a: 'b' } }, events: expect.arrayContaining([expect.objectContaining({ type: 'Comment', public: false })]) as unknown });
		const comments = await readComments(client, ticket.id);
		expect(comments[1]).toMatchObject({ public: false, metadata: { custom: { a: 'b' } } });
	});

	test('changed by somebody else meanwhile', async () => {
		const { practice, writer } = await account();
		const ticket = practice.store.createTicket({ subject: 'Tent', description: 'x' });
		const stamp = ticket.updated_at;
		practice.clock.advance(2_000);
		practice.store.updateTicket(ticket.id, { subject: 'Mat' }, { actorId: practice.store.actor().id });
		const error = await rejection(writer.updateTicket(ticket.id, { subject: 'Bag' }, stamp));
		expect(isUpdateConflict(error)).toBe(true);
		expect(practice.store.tickets.get(ticket.id)?.subject).toBe('Mat');
	});

	test('a lost answer and a 500 are not repeated', async () => {
		const { practice, writer } = await account();
		const ticket = practice.store.createTicket({ subject: 'Tent', description: 'x' });
		const update = () => rejection(writer.updateTicket(ticket.id, { comment }, ticket.updated_at));
		practice.faults.add({ method: 'PUT', effect: { kind: 'cut-after' }, times: 1 });
		expect(await update()).toMatchObject({ status: undefined });
		practice.faults.add({ method: 'PUT', effect: { kind: 'answer', status: 500 }, times: 1 });
		expect(await update()).toMatchObject({ status: 500 });
		expect(practice.store.commentsOf(ticket.id)).toHaveLength(2);
	});

	test('closed', async () => {
		const { practice, writer } = await account();
		const ticket = practice.store.createTicket({ subject: 'Tent', description: 'x', status: 'closed' });
		const error = await rejection(writer.updateTicket(ticket.id, { comment }, ticket.updated_at));
		expect(error).toMatchObject({ status: 422, pointers: ['status'] });
	});

	test('with a token that may only read', async () => {
		const { practice, reader } = await account();
		const ticket = practice.store.createTicket({ subject: 'Tent', description: 'x' });
		const error = await rejection(reader.updateTicket(ticket.id, { comment }, ticket.updated_at));
		expect(error).toMatchObject({ status: 403, advice: expect.stringMatching(/Read and Write/) });
	});

	test('no limit is ever hit: forty of one ticket, and two hundred of the account', async () => {
		const { practice, time, writer } = await account();
		const tickets = Array.from({ length: 160 }, () => practice.store.createTicket({ subject: 'x', description: 'y' }));
		practice.clock.advance(2_000);
		const start = time.now();
		for (let i = 0; i < 40; i++) {
			await writer.updateTicket(tickets[0].id, { priority: i % 2 ? 'low' : 'high' }, tickets[0].updated_at);
		}
		for (const ticket of tickets) await writer.updateTicket(ticket.id, { priority: 'urgent' }, ticket.updated_at);
		expect(practice.limitBreaches()).toBe(0);
		expect(time.now() - start).toBeLessThan(22 * 60_000);
	});

	test('nor when another app updates too', async () => {
		const { practice, writer } = await account();
		const tickets = Array.from({ length: 120 }, () => practice.store.createTicket({ subject: 'x', description: 'y' }));
		practice.clock.advance(2_000);
		for (const [index, ticket] of tickets.entries()) {
			const body = { ticket: { comment: { body: 'by another' } } };
			if (index % 2) await practice.send('PUT', `/api/v2/tickets/${ticket.id}.json`, body);
			await writer.updateTicket(
				ticket.id,
				{ priority: 'urgent' },
				practice.store.tickets.get(ticket.id)?.updated_at ?? '',
			);
		}
		expect(practice.limitBreaches()).toBe(0);
	});
});

describe('people', () => {
	test('made, and known twice is told', async () => {
		const { practice, writer } = await account();
		const made = await writer.createUser({ name: 'Maria Santos', email: 'Maria@example.com' });
		expect(made).toMatchObject({ name: 'Maria Santos', role: 'end-user' });
		const again = await rejection(writer.createUser({ name: 'Mary', email: 'maria@EXAMPLE.com' }));
		expect(isDuplicateUser(again)).toBe(true);
		practice.faults.add({ method: 'POST', path: 'users', effect: { kind: 'cut-after' }, times: 1 });
		const lost = await rejection(writer.createUser({ name: 'Ben', email: 'ben@example.com' }));
		expect(lost).toMatchObject({ status: undefined });
	});

	test('by e-mail, whatever the capitals; only whole addresses', async () => {
		const { practice, client } = await account();
		const { store } = practice;
		const maria = store.createUser({ name: 'Maria', email: 'Maria@example.com' });
		const other = store.createUser({ name: 'Other', email: 'maria@example.com.au' });
		const people = Array.from({ length: 20 }, (_, i) =>
			store.createUser({ name: `P${i}`, email: `p${i}+x@example.com` }),
		);
		const asked = [
			'maria@EXAMPLE.com',
			'nobody@example.com',
			'o"dd@example.com',
			...people.map(({ email }) => email ?? ''),
		];
		const found = await findUsersByEmail(client, asked);
		expect(found.get('maria@example.com')?.id).toBe(maria.id);
		expect([...found.values()].map(({ id }) => id)).not.toContain(other.id);
		expect(found.size).toBe(1 + people.length);
	});

	test('staff, more than a page of them, and nobody else', async () => {
		const { practice, client } = await account();
		const { store } = practice;
		const before = (await readStaff(client)).length;
		for (let i = 0; i < 130; i++) {
			const role = (['agent', 'admin', 'end-user'] as const)[i % 3];
			store.createUser({ name: `A${i}`, email: `a${i}@desk.example`, role });
		}
		const staff = await readStaff(client);
		expect(staff).toHaveLength(before + 87);
		expect(new Set(staff.map(({ role }) => role))).toEqual(new Set(['agent', 'admin']));
		expect(new Set(staff.map(({ id }) => id)).size).toBe(staff.length);
	});
});

describe('files', () => {
	const bytes = Buffer.from(Array.from({ length: 3_000 }, (_, index) => index % 256));

	test.each([
		['from the account', false],
		['from a file store, to which the token doesn’t go', true],
	])('up with a comment, and down again %s', async (_name, fileStore) => {
		const { practice, client, writer } = await account({ fileStore });
		const token = await writer.uploadFile('été & co.png', 'image/png', bytes);
		const { ticket } = await writer.createTicket({ subject: 'Tent', comment: { ...comment, uploads: [token] } }, 'key-1');
		const [file] = (await readComments(client, ticket.id))[0].attachments ?? [];
		expect(file).toMatchObject({ file_name: 'été & co.png', content_type: 'image/png', size: bytes.length });
		expect((await client.download(file.content_url, bytes.length))?.equals(bytes)).toBe(true);
		expect(await client.download(file.content_url, bytes.length - 1)).toBeUndefined();
		const asked = practice.fileRequests.filter(({ host, authorized }) => (host === 'file store') === authorized);
		expect(asked).toEqual([]);
	});

	test('an upload may be repeated', async () => {
		const { practice, writer } = await account();
		practice.faults.add({ method: 'POST', path: 'uploads', effect: { kind: 'cut-after' }, times: 1 });
		expect(await writer.uploadFile('a.txt', 'text/plain', bytes)).toMatch(/./);
	});

	test('one that is gone', async () => {
		const { practice, client } = await account();
		const url = `${practice.url}/attachments/token/nothing/?name=a`;
		expect(await rejection(client.download(url, 100))).toMatchObject({ status: 404, words: 'Not found' });
	});
});

test('a text goes into Zendesk and comes back as it was', async () => {
	const { client, writer } = await account();
	const text = 'Hello <b>,\n\n  indented & "quoted"\nline   with blanks\n\n\n- not a list\n> not a quote';
	const { ticket: made } = await writer.createTicket({ subject: 'x', comment: { html_body: textToHtml(text), public: true } }, 'k');
	const [first] = await readComments(client, made.id);
	expect(htmlToText(first.html_body ?? '')).toBe(text);
});
