import { TwoWayWorld } from '../support/two-way-world';
import type { Row } from '../../sandbox/orocrm/schema/types';
import type { Ticket } from '../../sandbox/zendesk/types';
import type { Winner } from '../../sync/reconcile';

let world: TwoWayWorld;
let ticket: Ticket;
let oroCase: Row;

async function start(winner: Winner = 'remote'): Promise<void> {
	world = await TwoWayWorld.start({ rules: { twoWay: true, winner } });
	const anna = world.agent('Anna Agent');
	world.agent('Ben Agent');
	world.oroUser('Anna', 'anna.agent@desk.example');
	world.oroUser('Ben', 'ben.agent@desk.example');
	ticket = world.ticket({ requester_id: world.person('Maria Santos').id, assignee_id: anna.id, priority: 'urgent', status: 'hold' });
	world.later(60);
	await world.syncTickets(ticket);
	oroCase = world.caseOf(ticket);
	world.later(60);
	world.resetCounts();
}

afterEach(async () => await world.close());

const user = (email: string) => world.orocrm.store.all('users').find((row) => row.email === email)!.id;
const agent = (email: string) => world.zendesk.store.findUser(email)!.id;
const nothing = { zendesk: [], orocrm: [] };

/** One more look from either side finds nothing to do. */
async function expectQuiet(): Promise<void> {
	world.later(120).resetCounts();
	await world.syncCases(oroCase);
	await world.syncTickets(ticket);
	await world.syncCases(oroCase);
	expect(world.writes()).toEqual(nothing);
}

describe('an edit of the case', () => {
	test.each<[string, () => Record<string, unknown>, () => Record<string, unknown>]>([
		['subject', () => ({ subject: 'Edited' }), () => ({ subject: 'Edited' })],
		['priority', () => ({ priority: 'low' }), () => ({ priority: 'low' })],
		['status', () => ({ status: 'resolved' }), () => ({ status: 'solved' })],
		['assignee', () => ({ assignedTo: user('ben.agent@desk.example') }), () => ({ assignee_id: agent('ben.agent@desk.example') })],
		['contact', () => ({ relatedContact: world.contact('Joe', 'JOE@customer.example').id }), () => ({ requester_id: agent('joe@customer.example') })],
	])('of the %s makes one request with that alone, and one to OroCRM for the base', async (_field, edit, sent) => {
		await start();
		world.person('Joe');
		world.editCase(oroCase.id, edit());
		const [{ result }] = await world.syncCases(oroCase);
		expect(result.outcome).toBe('updated');
		expect(world.sentToTickets()).toEqual([sent()]);
		expect(world.writes()).toEqual({ zendesk: [`PUT /api/v2/tickets/${ticket.id}.json`], orocrm: [`PATCH /api/zendesktickets/${String(world.recordOf(ticket).id)}`] });
		expect(ticket).toMatchObject(sent());
		expect({ status: ticket.status, priority: ticket.priority, ...sent() }).toMatchObject({ status: ticket.status, priority: ticket.priority });
		await expectQuiet();
	});

	test('a contact whom Zendesk doesn’t have is made there, once', async () => {
		await start();
		world.editCase(oroCase.id, { relatedContact: world.contact('Nora', 'nora@customer.example').id });
		await world.syncCases(oroCase);
		expect(ticket.requester_id).toBe(agent('nora@customer.example'));
		expect([...world.zendesk.store.users.values()].filter((one) => one.email === 'nora@customer.example')).toHaveLength(1);
		expect(world.orocrm.store.all('contacts').filter((one) => one.primaryEmail === 'nora@customer.example')).toHaveLength(1);
		await expectQuiet();
	});

	test('a user whom Zendesk doesn’t have: the default Zendesk user is assigned', async () => {
		await start();
		world.agent('Default Agent');
		world.options.sync = { defaultZendeskUser: 'Default.Agent@desk.example' };
		world.editCase(oroCase.id, { assignedTo: world.oroUser('Cora', 'cora@desk.example').id });
		await world.syncCases(oroCase);
		expect(ticket.assignee_id).toBe(agent('default.agent@desk.example'));
		await expectQuiet();
	});
});

test('preview says what would go where, and writes nothing on either side', async () => {
	await start();
	world.editCase(oroCase.id, { subject: 'Local' });
	world.commentOnCase(oroCase.id, 'one');
	world.commentOnCase(oroCase.id, 'two');
	world.zendesk.store.updateTicket(ticket.id, { priority: 'low' });
	world.later(60);
	world.options.sync = { preview: true };
	const [{ result }] = await world.syncCases(oroCase);
	expect(world.writes()).toEqual(nothing);
	expect(result).toMatchObject({ outcome: 'updated', preview: true });
	expect(result.summary).toBe(`Preview, nothing was written. Ticket ${ticket.id} takes subject and 2 comments from case ${String(oroCase.id)}. Case ${String(oroCase.id)} takes priority from ticket ${ticket.id}.`);
	expect(result.changes.map(({ field, side }) => [field, side])).toEqual([
		['subject', 'ticket'],
		['comment', 'ticket'],
		['comment', 'ticket'],
		['priority', undefined],
	]);
});

describe('an edit of the ticket', () => {
	test.each([
		['subject', { subject: 'Edited' }, { subject: 'Edited' }],
		['priority', { priority: 'low' }, { priority: 'low' }],
		['status', { status: 'solved' }, { status: 'closed' }],
	])('of the %s goes to the case, and nothing comes back', async (_field, edit, taken) => {
		await start();
		world.zendesk.store.updateTicket(ticket.id, edit as never);
		world.later(60);
		await world.syncTickets(ticket);
		expect(world.orocrm.store.get('cases', oroCase.id as number)).toMatchObject(taken);
		expect(world.writes().zendesk).toEqual([]);
		expect(world.writes().orocrm).toHaveLength(1);
		await expectQuiet();
	});
});

describe('both sides edited between two looks', () => {
	test.each<[Winner, string]>([
		['remote', 'Remote'],
		['local', 'Local'],
	])('the same field, %s wins: both say “%s”, and the conflict is told', async (winner, wanted) => {
		await start(winner);
		world.zendesk.store.updateTicket(ticket.id, { subject: 'Remote' });
		world.editCase(oroCase.id, { subject: 'Local' });
		world.later(60);
		const [{ result }] = await world.syncCases(oroCase);
		expect(result.conflicts).toEqual([{ field: 'subject', remote: 'Remote', local: 'Local', base: 'Printer on fire', winner }]);
		expect([ticket.subject, world.caseOf(ticket).subject]).toEqual([wanted, wanted]);
		await expectQuiet();
	});

	test('different fields: each side keeps its own and takes the other’s', async () => {
		await start();
		world.zendesk.store.updateTicket(ticket.id, { subject: 'Remote' });
		world.editCase(oroCase.id, { priority: 'low' });
		world.later(60);
		const [{ result }] = await world.syncTickets(ticket);
		expect(result).toMatchObject({ outcome: 'updated', conflicts: [] });
		expect(world.caseOf(ticket)).toMatchObject({ subject: 'Remote', priority: 'low' });
		expect(ticket).toMatchObject({ subject: 'Remote', priority: 'low', status: 'hold' });
		await expectQuiet();
	});
});

describe('edits while the sync writes', () => {
	test.each<[Winner]>([['remote'], ['local']])('the ticket between read and write (%s wins): it is read and merged again', async (winner) => {
		await start(winner);
		world.editCase(oroCase.id, { subject: 'Local' });
		world.on({
			method: 'PUT',
			path: /tickets/,
			before: () => {
				world.later(3);
				world.zendesk.store.updateTicket(ticket.id, { priority: 'low' });
			},
		});
		await world.syncCases(oroCase);
		expect(ticket).toMatchObject({ subject: 'Local', priority: 'low' });
		expect(world.caseOf(ticket)).toMatchObject({ subject: 'Local', priority: 'low' });
		await expectQuiet();
	});

	test.each<[Winner, string]>([
		['remote', 'Remote'],
		['local', 'Local'],
	])('the same field of the ticket between read and write, %s wins', async (winner, wanted) => {
		await start(winner);
		world.editCase(oroCase.id, { subject: 'Local' });
		world.on({
			method: 'PUT',
			path: /tickets/,
			before: () => {
				world.later(3);
				world.zendesk.store.updateTicket(ticket.id, { subject: 'Remote' });
			},
		});
		const [{ result }] = await world.syncCases(oroCase);
		expect([ticket.subject, world.caseOf(ticket).subject]).toEqual([wanted, wanted]);
		expect(result.conflicts).toMatchObject([{ field: 'subject', winner }]);
		await expectQuiet();
	});

	test('the case while its ticket is written: the newer edit follows', async () => {
		await start();
		world.editCase(oroCase.id, { subject: 'First' });
		world.on({ method: 'PUT', path: /tickets/, after: () => world.editCase(oroCase.id, { subject: 'Second', priority: 'low' }) });
		await world.syncCases(oroCase);
		await world.syncCases(oroCase);
		expect(ticket).toMatchObject({ subject: 'Second', priority: 'low' });
		expect(world.caseOf(ticket)).toMatchObject({ subject: 'Second', priority: 'low' });
		await expectQuiet();
	});

	test('the case between the last look and the write to OroCRM: another field’s edit is not lost', async () => {
		await start();
		world.zendesk.store.updateTicket(ticket.id, { subject: 'Remote' });
		world.later(60);
		world.on({ method: 'PATCH', path: /zendesktickets/, before: () => world.editCase(oroCase.id, { priority: 'low' }) });
		await world.syncTickets(ticket);
		await world.syncCases(oroCase);
		expect(ticket).toMatchObject({ subject: 'Remote', priority: 'low' });
		expect(world.caseOf(ticket)).toMatchObject({ subject: 'Remote', priority: 'low' });
		await expectQuiet();
	});

	test('a rule in Zendesk that changes back what was sent has the last word, and there is no quarrel', async () => {
		await start('local');
		world.editCase(oroCase.id, { priority: 'low' });
		world.on({ method: 'PUT', path: /tickets/, times: 10, after: () => void world.zendesk.store.updateTicket(ticket.id, { priority: 'high' }) });
		await world.syncCases(oroCase);
		expect(world.sentToTickets()).toHaveLength(1);
		expect([ticket.priority, world.caseOf(ticket).priority]).toEqual(['high', 'high']);
		await expectQuiet();
	});

	test('an answer that was lost: nothing is sent twice', async () => {
		await start();
		world.editCase(oroCase.id, { subject: 'Local' });
		world.commentOnCase(oroCase.id, 'Once only');
		world.on({ method: 'PUT', path: /tickets/, loses: true });
		await world.syncCases(oroCase);
		expect(world.zendesk.store.commentsOf(ticket.id).filter(({ body }) => body.includes('Once only'))).toHaveLength(1);
		expect(ticket.subject).toBe('Local');
		await expectQuiet();
	});
});
