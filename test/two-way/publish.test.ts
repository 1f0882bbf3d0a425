import { Killed, TwoWayWorld } from '../support/two-way-world';
import type { Row } from '../../sandbox/orocrm/schema/types';

let world: TwoWayWorld;

beforeEach(async () => {
	world = await TwoWayWorld.start({ sync: { defaultZendeskUser: 'default.agent@desk.example' } });
	world.agent('Default Agent');
	world.agent('Anna Agent');
	world.oroUser('Anna', 'anna.agent@desk.example');
});
afterEach(async () => await world.close());

const agent = (email: string) => world.zendesk.store.findUser(email)!.id;
const user = (email: string) => world.orocrm.store.all('users').find((row) => row.email === email)!.id;
const tickets = () => [...world.zendesk.store.tickets.values()].filter(({ status }) => status !== 'deleted');
/** Without the name of a writer whom Zendesk doesn't know. */
const said = (text: string) => text.replace(/^John Doe:\s+/, '');
const nothing = { zendesk: [], orocrm: [] };

async function expectQuiet(oroCase: Row): Promise<void> {
	const ticket = world.ticketOf(oroCase);
	world.later(120).resetCounts();
	await world.syncCases(oroCase);
	await world.syncTickets(ticket);
	expect(world.writes()).toEqual(nothing);
	expect(world.orocrm.store.count('cases')).toBe(1);
	expect(tickets()).toHaveLength(1);
}

test('a case becomes a ticket with everything that it says', async () => {
	const contact = world.contact('Joe', 'joe@customer.example');
	const made = world.newCase({ status: 'in_progress', priority: 'high', assignedTo: user('anna.agent@desk.example'), relatedContact: contact.id });
	world.commentOnCase(made.id, 'Internal note', { public: false });
	world.later(60);
	const [{ result }] = await world.syncCases(made);
	const ticket = world.ticketOf(made);
	expect(result).toMatchObject({ outcome: 'created', ticketId: ticket.id, caseId: String(made.id) });
	expect(ticket).toMatchObject({ subject: 'Made in OroCRM', description: 'Something is wrong.', status: 'pending', priority: 'high', external_id: `orocrm-case-${String(made.id)}`, assignee_id: agent('anna.agent@desk.example'), requester_id: agent('joe@customer.example') });
	expect(world.zendesk.store.commentsOf(ticket.id).map(({ plain_body, public: open }) => [said(plain_body), open])).toEqual([
		['Something is wrong.', true],
		['Internal note', false],
	]);
	expect(world.recordOf(ticket)).toMatchObject({ relatedCase: made.id, channel: Number(world.channel), status: 'pending', priority: 'high', subject: 'Made in OroCRM' });
	expect(world.orocrm.store.all('contacts')).toHaveLength(1);
	await expectQuiet(made);
});

test('without a description the subject is the first comment; without a contact the default user asks', async () => {
	const made = world.newCase({ description: null });
	await world.syncCases(made);
	const ticket = world.ticketOf(made);
	expect(world.orocrm.store.get('cases', made.id as number)?.relatedContact).toBeNull();
	expect(world.orocrm.store.count('contacts')).toBe(0);
	expect(ticket).toMatchObject({ description: 'Made in OroCRM', requester_id: agent('default.agent@desk.example'), assignee_id: agent('default.agent@desk.example') });
	await expectQuiet(made);
});

test('without a contact the user with the owner’s e-mail asks', async () => {
	const owner = world.orocrm.store.get('users', 1)!;
	const id = world.person('Olga Owner', { email: String(owner.email).toUpperCase() }).id;
	const made = world.newCase();
	await world.syncCases(made);
	expect(world.ticketOf(made).requester_id).toBe(id);
	expect(world.orocrm.store.get('cases', made.id as number)?.relatedContact).toBeNull();
	await expectQuiet(made);
});

test.each(['before', 'after'] as const)('killed %s the ticket was made: one ticket, one record, nothing doubled', async (kills) => {
	const made = world.newCase({ relatedContact: world.contact('Joe', 'joe@customer.example').id });
	world.commentOnCase(made.id, 'One comment');
	world.on({ method: 'POST', path: /v2\/tickets\.json/, kills });
	await expect(world.syncCases(made)).rejects.toThrow(Killed);
	world.restart();
	world.later(90);
	if (kills === 'after') {
		// The other trigger sees the new ticket before anybody saved its record: it is no new case.
		await world.syncTickets(tickets()[0]);
		expect(world.orocrm.store.count('cases')).toBe(1);
	}
	await world.syncCases(made);
	expect(tickets()).toHaveLength(1);
	expect(world.zendesk.store.commentsOf(tickets()[0].id)).toHaveLength(2);
	await expectQuiet(made);
});

test('a lost answer and an edit in between: still one ticket, with the edit', async () => {
	const made = world.newCase();
	world.on({ method: 'POST', path: /v2\/tickets\.json/, kills: 'after' });
	await expect(world.syncCases(made)).rejects.toThrow(Killed);
	world.restart();
	world.editCase(made.id, { subject: 'Edited meanwhile' });
	world.later(3 * 3600);
	await world.syncCases(made);
	expect(tickets()).toHaveLength(1);
	expect(world.ticketOf(made).subject).toBe('Edited meanwhile');
	await expectQuiet(made);
});

test('two runs at once: one ticket', async () => {
	const made = world.newCase();
	await Promise.allSettled([world.syncCases(made), world.syncCases(made)]);
	world.later(60);
	await world.syncCases(made);
	expect(tickets()).toHaveLength(1);
	await expectQuiet(made);
});

test('a suspended requester is a failed item with Zendesk’s words, and nothing is left behind', async () => {
	world.person('Joe', { suspended: true });
	const made = world.newCase({ relatedContact: world.contact('Joe', 'joe@customer.example').id });
	await expect(world.syncCases(made)).rejects.toThrow(/suspended/);
	expect(tickets()).toHaveLength(0);
	expect(world.orocrm.store.count('zendesktickets')).toBe(0);
});

test('another OroCRM’s ticket for a case of the same number is not taken', async () => {
	const made = world.newCase();
	const foreign = world.zendesk.store.createTicket({ subject: 'Foreign', description: 'x', external_id: `orocrm-case-${String(made.id)}` }, { custom: { orocrm_case: `zzzzzzz:${String(made.id)}` } });
	world.later(60);
	await world.syncCases(made);
	expect(world.ticketOf(made).id).not.toBe(foreign.id);
	await world.syncTickets(foreign);
	expect(world.caseOf(foreign).id).not.toBe(made.id);
});

test('its case is deleted in OroCRM and made again by the setting: with all comments, and none goes out again', async () => {
	const made = world.newCase();
	world.commentOnCase(made.id, 'From OroCRM');
	await world.syncCases(made);
	const ticket = world.ticketOf(made);
	world.later(60).orocrm.store.remove('cases', made.id as number);
	world.zendesk.store.updateTicket(ticket.id, { subject: 'Still here' });
	world.options.sync = { ...world.options.sync, settings: { deletedCases: 'recreate' } };
	world.later(60);
	await world.syncTickets(ticket);
	const again = world.caseOf(ticket);
	expect(world.caseComments(again.id)).toHaveLength(2);
	world.later(60).resetCounts();
	await world.syncCases(again);
	expect(world.writes().zendesk).toEqual([]);
	expect(world.zendesk.store.commentsOf(ticket.id)).toHaveLength(2);
});

test('preview says what would be made and makes nothing', async () => {
	const made = world.newCase();
	world.options.sync = { ...world.options.sync, preview: true };
	world.resetCounts();
	const [{ result }] = await world.syncCases(made);
	expect(result).toMatchObject({ outcome: 'created', preview: true, ticketId: null });
	expect(world.writes()).toEqual(nothing);
});

test('in one-way mode a case without a ticket is passed over', async () => {
	const made = world.newCase();
	world.options.rules = { twoWay: false, winner: 'remote' };
	world.resetCounts();
	const [{ result }] = await world.syncCases(made);
	expect(result).toMatchObject({ outcome: 'skipped', summary: expect.stringContaining('two-way sync is off') as string });
	expect(world.sent.filter(({ method, path }) => path.startsWith('/api/v2') && method !== 'GET')).toEqual([]);
	expect(world.writes()).toEqual(nothing);
});

describe('the ticket is closed', () => {
	async function closed(): Promise<Row> {
		const made = world.newCase();
		await world.syncCases(made);
		world.later(60);
		world.zendesk.store.updateTicket(world.ticketOf(made).id, { status: 'closed' });
		world.later(60);
		await world.syncTickets(world.ticketOf(made));
		world.later(60).resetCounts();
		return made;
	}

	test('edits and comments stay in OroCRM and are reported', async () => {
		const made = await closed();
		world.editCase(made.id, { subject: 'Too late' });
		world.commentOnCase(made.id, 'Too late');
		const [{ result }] = await world.syncCases(made);
		expect(result.outcome).toBe('skipped');
		expect(result.skipped.map(({ field }) => field)).toEqual(['subject', 'comment']);
		expect(world.writes()).toEqual(nothing);
	});

	test.each([
		['the guard', false],
		['a refusal, for it is closed', true],
	])('closed while it is written, and Zendesk answers with %s: no failure', async (_answer, unnoticed) => {
		const made = world.newCase();
		await world.syncCases(made);
		const ticket = world.ticketOf(made);
		world.later(60).editCase(made.id, { subject: 'Edited' });
		world.on({ method: 'PUT', path: /tickets/, before: () => {
			const { updated_at } = ticket;
			world.zendesk.store.updateTicket(ticket.id, { status: 'closed' });
			if (unnoticed) ticket.updated_at = updated_at;
		} });
		const [{ result }] = await world.syncCases(made);
		expect(result.skipped).toMatchObject([{ field: 'subject' }]);
		expect(world.orocrm.store.get('cases', made.id as number)).toMatchObject({ subject: 'Edited', status: 'closed' });
	});

	test('by the setting comments make one follow-up ticket, which takes later ones too', async () => {
		const made = await closed();
		world.options.sync = { ...world.options.sync, settings: { closedTickets: 'followUp' } };
		world.commentOnCase(made.id, 'First after the end');
		world.commentOnCase(made.id, 'Second after the end');
		const old = world.ticketOf(made);
		await world.syncCases(made);
		expect(old.followup_ids).toHaveLength(1);
		const [id] = old.followup_ids;
		expect(world.zendesk.store.commentsOf(id).map(({ plain_body }) => said(plain_body))).toEqual(['First after the end', 'Second after the end']);
		world.later(60).commentOnCase(made.id, 'Third');
		await world.syncCases(made);
		expect(old.followup_ids).toHaveLength(1);
		expect(world.zendesk.store.commentsOf(id)).toHaveLength(3);
		world.later(60).resetCounts();
		await world.syncCases(made);
		expect(world.writes()).toEqual(nothing);
	});
});
