import { forgetCommentCounts } from '../../zendesk/comment-count';
import { TwoWayWorld } from '../support/two-way-world';
import type { WorldOptions } from '../support/two-way-world';
import type { Row } from '../../sandbox/orocrm/schema/types';
import type { Ticket } from '../../sandbox/zendesk/types';

/** What isn't read again after a write to Zendesk, and what is, because it may be another. */

let world: TwoWayWorld;
let tickets: Ticket[];
let cases: Row[];

beforeEach(() => forgetCommentCounts());
afterEach(async () => await world.close());

/** Linked tickets, each with an internal comment. */
async function start(options: WorldOptions = {}, count = 3): Promise<void> {
	world = await TwoWayWorld.start(options);
	tickets = Array.from({ length: count }, (_, index) => world.ticket({ subject: `Order ${index}`, requester_id: world.person('Maria Santos', { email: `maria.${index}@customer.example` }).id }));
	for (const ticket of tickets) world.zendesk.store.addComment(ticket.id, { body: 'Only for us.', public: false });
	world.later(60);
	await world.syncTickets(...tickets);
	cases = tickets.map((ticket) => world.caseOf(ticket));
	world.later(60).resetCounts();
}

const editAll = () => cases.forEach((oroCase) => world.editCase(oroCase.id, { priority: 'high' }));
const commentAll = () => cases.forEach((oroCase) => world.commentOnCase(oroCase.id, `About ${String(oroCase.id)}.`));
const zendeskReads = () => world.sent.filter(({ method, path }) => method === 'GET' && path.startsWith('/api/v2/')).map(({ path }) => path.split('?')[0]);
const commentReads = () => zendeskReads().filter((path) => path.endsWith('/comments.json'));
const ticketReads = () => zendeskReads().filter((path) => path.includes('/tickets/') && !path.endsWith('/comments.json'));
const inCase = (oroCase: Row) => world.caseComments(oroCase.id).map((row) => String(row.message));

async function expectQuiet(): Promise<void> {
	world.later(120).resetCounts();
	await world.syncCases(...cases);
	await world.syncTickets(...tickets);
	expect(world.writes()).toEqual({ zendesk: [], orocrm: [] });
}

test('several cases edited: their tickets are read once before and once after the changes, no comments', async () => {
	await start();
	editAll();
	await world.syncCases(...cases);
	expect(world.writes().zendesk).toHaveLength(3);
	expect(ticketReads()).toEqual(['/api/v2/tickets/show_many.json', '/api/v2/tickets/show_many.json']);
	expect(commentReads()).toEqual([]);
	await expectQuiet();
});

test('several comments written: each has its row by the answer to its change, and no comments are read', async () => {
	await start();
	commentAll();
	await world.syncCases(...cases);
	expect(ticketReads()).toHaveLength(2);
	expect(commentReads()).toEqual([]);
	const rows = world.orocrm.store.all('zendeskticketcomments').map((row) => String(row.originId));
	for (const ticket of tickets) expect(rows).toContain(String(world.zendesk.store.commentsOf(ticket.id).at(-1)?.id));
	await expectQuiet();
});

test('a customer’s comment in the same second as ours: the count gives it away', async () => {
	await start();
	commentAll();
	world.on({ method: 'PUT', path: /tickets/, after: () => void world.zendesk.store.addComment(tickets[0].id, { body: 'One more thing.' }) });
	await world.syncCases(...cases);
	expect(commentReads()).toHaveLength(1);
	expect(inCase(cases[0])).toContain('One more thing.');
	await expectQuiet();
});

test('a comment that a dead run published: its row is missing, so the comments are read before the next one goes out', async () => {
	await start();
	commentAll();
	world.on({ method: 'PUT', path: /tickets/, kills: 'after' });
	await expect(world.syncCases(cases[0])).rejects.toThrow();
	world.restart();
	world.later(60).resetCounts();
	await world.syncCases(...cases);
	for (const ticket of tickets) expect(world.zendesk.store.commentsOf(ticket.id)).toHaveLength(3);
	await expectQuiet();
});

test('a comment that a dead run published within the second of the record: the ticket has more comments than rows, so they are read', async () => {
	await start();
	const { store } = world.zendesk;
	const { updated_at } = store.tickets.get(tickets[0].id)!;
	commentAll();
	world.on({ method: 'PUT', path: /tickets/, kills: 'after' });
	await expect(world.syncCases(cases[0])).rejects.toThrow();
	Object.assign(store.tickets.get(tickets[0].id)!, { updated_at });
	world.restart();
	world.later(60).resetCounts();
	await world.syncCases(...cases);
	for (const ticket of tickets) expect(store.commentsOf(ticket.id)).toHaveLength(3);
	expect(commentReads()).toEqual([`/api/v2/tickets/${tickets[0].id}/comments.json`]);
	await expectQuiet();
});

describe.each<[string, WorldOptions]>([
	['a Zendesk that doesn’t count internal comments', { zendesk: { settings: { commentCount: 'public' } } }],
	['a Zendesk whose answers carry another audit', { zendesk: { settings: { creationAuditInUpdates: true } } }],
])('%s', (_name, options) => {
	test('an internal note of Zendesk’s own rules in the second of a change is not lost', async () => {
		await start(options);
		editAll();
		commentAll();
		world.on({ method: 'PUT', path: /tickets/, times: 3, after: () => tickets.forEach((ticket) => void (world.zendesk.store.commentsOf(ticket.id).some(({ body }) => body === 'Noted by a rule.') || world.zendesk.store.addComment(ticket.id, { body: 'Noted by a rule.', public: false }))) });
		await world.syncCases(...cases);
		await world.later(60).syncTickets(...tickets);
		for (const oroCase of cases) expect(inCase(oroCase)).toContain('Noted by a rule.');
		for (const ticket of tickets) expect(world.zendesk.store.commentsOf(ticket.id)).toHaveLength(4);
		await expectQuiet();
	});
});

test('as long as nothing is known of the account’s count, comments are read after a change', async () => {
	await start();
	forgetCommentCounts();
	editAll();
	await world.syncCases(...cases);
	expect(commentReads()).toHaveLength(3);
	await expectQuiet();
});

test('somebody edits a case while its ticket is changed: seen by the one look that follows', async () => {
	await start();
	editAll();
	world.on({ method: 'PUT', path: /tickets/, after: () => world.editCase(cases[2].id, { subject: 'Meanwhile', priority: 'high' }) });
	await world.syncCases(...cases);
	await world.later(60).syncCases(...cases);
	expect(world.zendesk.store.tickets.get(tickets[2].id)).toMatchObject({ subject: 'Meanwhile', priority: 'high' });
	await expectQuiet();
});
