import { forgetTurns } from '../../pipeline/alone';
import type { Published } from '../../pipeline/publish-pairs';
import type { Row } from '../../sandbox/orocrm/schema/types';
import type { Ticket, User } from '../../sandbox/zendesk/types';
import { runPipeline } from '../support/pipeline';
import { Killed, TwoWayWorld } from '../support/two-way-world';
import type { WorldOptions } from '../support/two-way-world';

/**
 * Somebody who is new to OroCRM writes two tickets, and two processes that know nothing of each other take one each: both make a contact.
 * OroCRM refuses the second one only where an integration guards the rows of people.
 */
let world: TwoWayWorld;
let maria: User;
let tickets: Ticket[];
afterEach(async () => await world?.close());

const SERVERS: Array<[string, WorldOptions]> = [
	['stock', { channel: false }],
	['with the overlay', { channel: false, orocrm: { overlay: true } }],
];

/** One by one, or with the overlay in a batch; lists have a query. */
const CREATION = /\/api\/zendesktickets$/;

async function begin(options: WorldOptions): Promise<void> {
	world = await TwoWayWorld.start(options);
	maria = world.person('Maria Santos');
	tickets = [world.ticket({ requester_id: maria.id, submitter_id: maria.id }), world.ticket({ requester_id: maria.id, submitter_id: maria.id, subject: 'Scanner, too' })];
	world.later(60);
}

/** The other process takes the second ticket just before the first one's case is made. */
async function bothAtOnce(): Promise<Published[]> {
	world.on({ path: CREATION, before: async () => {
		forgetTurns();
		await world.syncTickets(tickets[1]);
	} });
	return await world.syncTickets(tickets[0]);
}

/** As left by a process that died between its write and the look after it. */
async function leftDouble(options: WorldOptions, changed = [0, 1]): Promise<void> {
	await begin(options);
	await world.syncTickets(tickets[0]);
	const { store } = world.orocrm;
	const { id: _contact, ...contact } = store.all('contacts')[0];
	const second = store.insert('contacts', contact);
	await world.syncTickets(tickets[1]);
	const { id: _row, ...row } = rowsOf(maria)[0];
	const secondRow = store.insert('zendeskusers', { ...row, relatedContact: second.id });
	store.update('zendesktickets', world.recordOf(tickets[1]).id as number, { requester: secondRow.id, submitter: secondRow.id });
	store.update('cases', world.caseOf(tickets[1]).id as number, { relatedContact: second.id });
	for (const comment of world.caseComments(world.caseOf(tickets[1]).id)) store.update('casecomments', comment.id as number, { contact: second.id });
	for (const one of store.all('zendeskticketcomments').filter(({ ticket }) => ticket === world.recordOf(tickets[1]).id)) store.update('zendeskticketcomments', one.id as number, { author: secondRow.id });
	world.clients.knowledge.forgetRows();
	for (const index of changed) world.zendesk.store.updateTicket(tickets[index].id, { priority: 'high' });
	world.later(60).resetCounts();
}

const rowsOf = (user: { id: number }) => world.orocrm.store.all('zendeskusers').filter(({ originId }) => String(originId) === String(user.id));

/** Everything names the contact and the row that were there first, and nothing is left to write. */
async function nobodyTwice(): Promise<void> {
	const { store } = world.orocrm;
	expect(store.all('contacts').map(({ primaryEmail }) => primaryEmail)).toEqual([maria.email]);
	expect(rowsOf(maria)).toHaveLength(1);
	const [contact] = store.all('contacts');
	const [row] = rowsOf(maria);
	expect(row.relatedContact).toBe(contact.id);
	for (const ticket of tickets) {
		expect(world.caseOf(ticket).relatedContact).toBe(contact.id);
		expect(world.recordOf(ticket)).toMatchObject({ requester: row.id, submitter: row.id });
		expect(world.caseComments(world.caseOf(ticket).id).map((comment) => comment.contact)).toEqual([contact.id]);
	}
	expect(store.all('zendeskticketcomments').map(({ author }) => author)).toEqual([row.id, row.id]);
	world.later(60).resetCounts();
	await world.syncTickets(...tickets);
	await world.syncCases(...tickets.map((ticket) => world.caseOf(ticket)));
	expect(world.writes()).toEqual({ zendesk: [], orocrm: [] });
}

describe.each(SERVERS)('a person whom two processes made at once (%s)', (_name, options) => {
	test('is one person again by the end of the run that was later', async () => {
		await begin(options);
		const [{ result }] = await bothAtOnce();
		expect(result.skipped).toEqual([]);
		expect(result.notes.join(' ')).toMatch(/Removed: a second contact 2, Zendesk user row 2 of Maria Santos, which another run had made\. What named it names contact 1 \(row 1\) now\./);
		await nobodyTwice();
	});

	test('is one person again by the next run, where the process died before it looked', async () => {
		await leftDouble(options);
		const [{ result }] = await world.syncTickets(...tickets);
		expect(result.notes.join(' ')).toMatch(/Removed: a second contact 2, Zendesk user row 2 of Maria Santos/);
		await nobodyTwice();
	});

	test('is also found when only the ticket with the second row changed', async () => {
		await leftDouble(options, [1]);
		await world.syncTickets(tickets[1]);
		await nobodyTwice();
	});

	test('is left to the run that made the second one, which may still be writing with it', async () => {
		await begin(options);
		const { store } = world.orocrm;
		const another = () => {
			const { id: _contact, ...contact } = store.all('contacts')[0];
			const { id: _row, ...row } = rowsOf(maria)[0];
			store.insert('zendeskusers', { ...row, relatedContact: store.insert('contacts', contact).id });
		};
		world.on({ path: CREATION, after: another });
		await world.syncTickets(tickets[0]);
		expect(rowsOf(maria)).toHaveLength(2);
		expect(store.count('contacts')).toBe(2);
		await world.syncTickets(tickets[1]);
		await nobodyTwice();
	});

	test('is announced in a preview, and nothing is written', async () => {
		await leftDouble(options);
		const [outcome] = await runPipeline(await world.pairsOfTickets(tickets[0]), world.clients, { ...world.syncOptions, preview: true });
		expect((outcome as Published).result.notes).toContain('The second contact 2, Zendesk user row 2 of Maria Santos would be removed.');
		expect(world.writes()).toEqual({ zendesk: [], orocrm: [] });
	});

	test('is healed after a run that died in the middle of it', async () => {
		await leftDouble(options);
		world.on({ method: 'DELETE', path: /\/zendeskusers\//, kills: 'before' });
		await expect(world.syncTickets(...tickets)).rejects.toThrow(Killed);
		world.restart();
		forgetTurns();
		for (const ticket of tickets) world.zendesk.store.updateTicket(ticket.id, { priority: 'low' });
		world.later(60);
		await world.syncTickets(...tickets);
		await nobodyTwice();
	});
});

describe('a second contact that is more than what the sync made', () => {
	test.each<[string, RegExp, (contact: Row) => void]>([
		['was edited', /stays because it was edited/, ({ id }) => world.orocrm.store.update('contacts', id as number, { jobTitle: 'Head of printing', updatedAt: world.orocrm.store.now() })],
		['has a call', /stays because something hangs on it \(activityCalls\)/, ({ id }) => void world.orocrm.store.insert('calls', { subject: 'Rang', activityTargets: [{ type: 'contacts', id }] })],
		['has a case of a person’s', /stays because case 3 was made for it/, ({ id }) => void world.newCase({ relatedContact: id })],
		['stands for another Zendesk user', /stays because it stands for another Zendesk user, too/, ({ id }) => void world.orocrm.store.insert('zendeskusers', { originId: '4711', relatedContact: id, channel: null })],
		['has another e-mail', /stays because its e-mail isn’t among those of contact 1/, ({ id }) => void world.orocrm.store.update('contacts', id as number, { emails: ['m@elsewhere.example'], primaryEmail: 'm@elsewhere.example' })],
	])('%s: it stays with its row, and the result says what to do', async (_what, words, change) => {
		await leftDouble({ channel: false });
		change(world.orocrm.store.all('contacts')[1]);
		const results = await world.syncTickets(...tickets);
		const reasons = results.flatMap(({ result }) => result.skipped.map(({ reason }) => reason)).join(' ');
		expect(reasons).toMatch(words);
		expect(reasons).toMatch(/Maria Santos has a second contact 2, Zendesk user row 2 .* the sync uses contact 1 \(row 1\)\. Merge the two contacts by hand \(Customers > Contacts\)/);
		expect(world.orocrm.store.count('contacts')).toBe(2);
		expect(rowsOf(maria)).toHaveLength(2);
		expect(results.map(({ result }) => result.outcome)).toEqual(['updated', 'updated']);
	});

	test('which OroCRM doesn’t let the credential’s user remove is said', async () => {
		await leftDouble({ channel: false });
		const body = JSON.stringify({ errors: [{ status: '403', title: 'access denied exception', detail: 'No access to the entity.' }] });
		world.orocrm.faults.add({ path: '/contacts/2$', method: 'DELETE', effect: { kind: 'answer', status: 403, body } });
		const [{ result }] = await world.syncTickets(...tickets);
		expect(result.skipped[0].reason).toMatch(/contact 2, .* could not be removed: .*give the credential’s user the right to delete contacts and Zendesk users/);
		expect(tickets.map((ticket) => world.caseOf(ticket).relatedContact)).toEqual([1, 1]);
	});

	test('while OroCRM is ill, the run comes again', async () => {
		await leftDouble({ channel: false });
		world.orocrm.faults.add({ path: '/contacts/2$', method: 'GET', effect: { kind: 'answer', status: 503, headers: {}, body: 'down' } });
		await expect(world.syncTickets(...tickets)).rejects.toThrow(/OroCRM/);
		world.orocrm.faults.clear();
		await world.syncTickets(...tickets);
		await nobodyTwice();
	});
});

test('with an integration OroCRM keeps the second one out, and nobody is there twice', async () => {
	await begin({});
	const results = await bothAtOnce();
	expect(results.map(({ result }) => result.outcome)).toEqual(['created']);
	expect(world.writes().orocrm.filter((line) => line.startsWith('DELETE'))).toEqual([]);
	await nobodyTwice();
});

test('with an integration nothing is looked for after somebody was made', async () => {
	await begin({});
	await world.syncTickets(tickets[0]);
	expect([world.sent.at(-1)?.method, world.sent.at(-1)?.path]).toEqual(['POST', '/api/zendesktickets']);
});

test('a row of before that gets its contact from two processes: the contact that was first stays, also with an integration', async () => {
	await begin({});
	world.orocrm.store.insert('zendeskusers', { originId: String(maria.id), name: 'Maria Santos', email: maria.email, channel: Number(world.channel), url: `${world.zendesk.url}/api/v2/users/${maria.id}.json` });
	const [{ result }] = await bothAtOnce();
	expect(result.notes.join(' ')).toMatch(/Removed: a second contact 2 of Maria Santos, which another run had made\. What named it names contact 1 \(row 1\) now\./);
	await nobodyTwice();
});

test('a row of another Zendesk account stays', async () => {
	await leftDouble({ channel: false });
	const { id: _id, ...row } = rowsOf(maria)[0];
	const other = world.orocrm.store.insert('zendeskusers', { ...row, url: `https://other.zendesk.com/api/v2/users/${maria.id}.json`, relatedContact: null });
	world.clients.knowledge.forgetRows();
	await world.syncTickets(...tickets);
	expect(rowsOf(maria).map(({ id }) => id)).toEqual([1, other.id]);
});

test('the second row of an agent goes: records that are not in the run name the first one as well', async () => {
	world = await TwoWayWorld.start({ channel: false });
	const agent = world.agent('Anna Agent');
	const [ticket, other] = ['Printer', 'Scanner'].map((subject) => world.ticket({ subject, assignee_id: agent.id, collaborator_ids: [agent.id] }));
	world.later(60);
	await world.syncTickets(ticket, other);
	const { store } = world.orocrm;
	const [first] = rowsOf(agent);
	const { id: _id, ...row } = first;
	const second = store.insert('zendeskusers', row);
	store.update('zendesktickets', world.recordOf(other).id as number, { assignee: second.id, collaborators: [second.id] });
	world.clients.knowledge.forgetRows();
	world.zendesk.store.updateTicket(ticket.id, { priority: 'high' });
	world.later(60);
	const [{ result }] = await world.syncTickets(ticket);
	expect(result.notes.join(' ')).toContain(`Removed: a second Zendesk user row ${second.id} of Anna Agent, which another run had made. What named it names row ${first.id} now.`);
	expect(rowsOf(agent).map(({ id }) => id)).toEqual([first.id]);
	expect(world.recordOf(other)).toMatchObject({ assignee: first.id, collaborators: [first.id] });
});

describe('a ticket was given to an agent who is new to OroCRM, and both triggers have it', () => {
	let agent: User;
	let made: Row;
	/** The case's run has looked at the people when the ticket's run makes the row. */
	const meanwhile = async () => {
		forgetTurns();
		await world.syncTickets(world.ticketOf(made));
	};
	beforeEach(async () => {
		world = await TwoWayWorld.start({ channel: false });
		agent = world.agent('Anna Agent');
		made = world.newCase({ relatedContact: world.contact('Joe', 'joe@customer.example').id });
		await world.syncCases(made);
		world.zendesk.store.updateTicket(world.ticketOf(made).id, { assignee_id: agent.id });
		world.later(70);
	});
	afterEach(() => {
		expect(rowsOf(agent)).toHaveLength(1);
		expect(world.orocrm.calls.all().filter(({ effectiveMethod, path }) => effectiveMethod === 'DELETE' && path.includes('zendeskusers'))).toEqual([]);
	});

	test('the one that comes second uses the row that the first one made', async () => {
		world.on({ method: 'GET', path: /\/api\/zendesktickets\?.*filter%5Bid%5D/, before: meanwhile });
		await world.syncCases(made);
	});

	test('also when the first one made it while the second one changed the ticket', async () => {
		world.editCase(made.id, { priority: 'high' });
		world.on({ method: 'PUT', path: /\/api\/v2\/tickets\//, before: meanwhile });
		await world.syncCases(made);
		expect(world.ticketOf(made).priority).toBe('high');
	});
});
