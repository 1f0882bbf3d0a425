import { forgetServers } from '../../orocrm/server-knowledge';
import { letPass } from '../support/virtual-time';
import { ORO_TRIGGER, published, TRIGGER } from '../support/n8n-harness';
import { closeAll, setParameters, startActive, startBeside, startPractice } from '../support/practice';
import type { Practice } from '../support/practice';
import type { Ticket } from '../../sandbox/zendesk/types';

/** Comments in bulk, from Zendesk's export of ticket events: what they cost, and that they are the same as read singly. Limits are in force. */

afterEach(closeAll);

/** New tickets as customers write them: a mail, an agent's note, the agent's answer, each a while later. */
function fill(practice: Practice, tickets: number, people = Math.min(tickets, 200)): Ticket[] {
	const { store } = practice.zendesk;
	const anna = practice.agent('Anna Keller');
	practice.oroUser('Anna', anna.email ?? '');
	const customers = Array.from({ length: people }, (_, index) =>
		practice.person(`Customer ${index}`, { email: `customer.${index}@example.com` }),
	);
	const made = Array.from({ length: tickets }, (_, index) => {
		// Not all of an account's tickets are written in one second.
		if (index % 100 === 99) letPass(2_000);
		const { id } = customers[index % people];
		return store.createTicket(
			{ subject: `Order ${index}`, description: `Where is order ${index}?`, requester_id: id, submitter_id: id },
			{ channel: 'email', actorId: id },
		);
	});
	for (const [text, open] of [
		['Ask the warehouse', false],
		['It is on its way', true],
	] as const) {
		letPass(20_000);
		made.forEach(({ id }, index) => {
			if (index % 100 === 99) letPass(2_000);
			const comment = { body: `${text}: ${index}`, public: open, author_id: anna.id };
			store.updateTicket(id, { comment, assignee_id: anna.id }, { channel: 'web' });
		});
	}
	return made;
}

/** A case's comments by ticket, as pairs of text and openness, in order. */
function told(practice: Practice): Map<unknown, Array<[unknown, unknown]>> {
	const ticketOfCase = new Map(practice.all('zendesktickets').map((row) => [row.relatedCase, Number(row.originId)]));
	const texts = new Map<unknown, Array<[unknown, unknown]>>();
	for (const row of practice.all('casecomments')) {
		const ticket = ticketOfCase.get(row.case as number);
		texts.set(ticket, [...(texts.get(ticket) ?? []), [row.message, row.public]]);
	}
	return texts;
}

const three = (index: number) => [
	[`Where is order ${index}?`, true],
	[`Ask the warehouse: ${index}`, false],
	[`It is on its way: ${index}`, true],
];

function exportsOf(practice: Practice, name: string): number {
	return practice.zendesk.calls.all().filter((call) => call.path.includes(`/incremental/${name}`)).length;
}

test('1,000 new tickets with 3 comments each: 6 requests to Zendesk; nothing new: one; 100 answers: two', async () => {
	const practice = await startActive();
	const tickets = fill(practice, 1_000);
	practice.resetCounts();
	await practice.sync();
	const first = practice.counts();
	expect(practice.expectOneCaseEach(tickets)).toBe(1_000);
	const texts = told(practice);
	tickets.forEach(({ id }, index) => expect(texts.get(id)).toEqual(three(index)));
	expect(exportsOf(practice, 'ticket_events')).toBe(4);
	// A page of tickets that is exactly full says that there may be more, so one more look finds nothing.
	expect(exportsOf(practice, 'tickets')).toBe(2);
	expect(first).toMatchObject({ comments: 0, zendesk: 6 });
	expect(first.zendesk).toBeLessThanOrEqual(30);

	practice.resetCounts();
	expect(await practice.n8n.look()).toHaveLength(0);
	expect(practice.counts()).toMatchObject({ zendesk: 1, oroReads: 0, oroWrites: 0 });

	for (const { id, requester_id } of tickets.slice(0, 100))
		practice.zendesk.store.addComment(id, { body: 'Thank you!', author_id: requester_id }, { channel: 'email' });
	practice.resetCounts();
	await practice.sync();
	expect(practice.counts()).toMatchObject({ exports: 2, comments: 0, zendesk: 2, oroWrites: 100 });
	const after = told(practice);
	tickets.slice(0, 100).forEach(({ id }, index) => {
		expect(after.get(id)).toEqual([...three(index), ['Thank you!', true]]);
	});
	expect(practice.zendesk.limitBreaches()).toBe(0);
}, 240_000);

test('the same 1,000 again, none of them changed: four reads in all, for no comment is read of which OroCRM has everything', async () => {
	const practice = await startActive();
	const tickets = fill(practice, 1_000);
	await practice.sync();
	for (const cold of [false, true]) {
		if (cold) forgetServers();
		await practice.n8n.restart();
		practice.resetCounts();
		const again = published(await practice.sync());
		expect(again).toHaveLength(tickets.length);
		expect(new Set(again.map(({ result }) => result.outcome))).toEqual(new Set(['unchanged']));
		const { zendesk, oroReads, oroWrites } = practice.counts();
		expect(zendesk + oroReads).toBeLessThanOrEqual(4);
		expect(oroWrites).toBe(0);
	}
}, 240_000);

test('a few new tickets: one look, two requests to Zendesk', async () => {
	const practice = await startActive();
	const tickets = fill(practice, 5);
	practice.resetCounts();
	await practice.sync();
	expect(practice.counts()).toMatchObject({ exports: 2, comments: 0, zendesk: 2 });
	tickets.forEach(({ id }, index) => expect(told(practice).get(id)).toEqual(three(index)));
});

test('a backfill, batch by batch: the events are read once, in pages of their own', async () => {
	const practice = await startPractice({
		edit: (json) => setParameters(json, TRIGGER, { startFrom: 'everything', options: { batchSize: 100 } }),
	});
	const tickets = fill(practice, 400);
	letPass(90_000);
	await practice.n8n.activate();
	practice.resetCounts();
	const runs = await practice.n8n.look();
	expect(runs.map((run) => run.status)).toEqual(Array(4).fill('success'));
	expect(practice.expectOneCaseEach(tickets)).toBe(400);
	tickets.forEach(({ id }, index) => expect(told(practice).get(id)).toEqual(three(index)));
	// 1,200 events and those of the seed's few tickets; the last page is looked at again for what came in its second.
	expect(exportsOf(practice, 'ticket_events')).toBeLessThanOrEqual(6);
	expect(practice.counts().comments).toBe(0);
}, 120_000);

test('tickets that were there before the starting point are read singly; those that came by API only where OroCRM knows them', async () => {
	const practice = await startPractice({ edit: (json) => setParameters(json, TRIGGER, { startFrom: 'now' }) });
	const old = fill(practice, 3);
	letPass(90_000);
	await practice.n8n.activate();
	letPass(1_000);
	for (const { id } of old) practice.zendesk.store.updateTicket(id, { priority: 'high' }, { channel: 'web' });
	const byApi = [practice.ticket(), practice.ticket()];
	practice.resetCounts();
	await practice.sync();
	expect(practice.counts()).toMatchObject({ exports: 2, comments: 3, zendesk: 5 });
	old.forEach(({ id }, index) => expect(told(practice).get(id)).toEqual(three(index)));
	for (const { id } of byApi) expect(told(practice).get(id)).toEqual([['Smoke comes out of it.', true]]);

	// Now a comment by API may be one that was published from their cases, and the export may not show that.
	for (const { id } of byApi) practice.zendesk.store.addComment(id, { body: 'It stinks, too.' });
	practice.resetCounts();
	await practice.sync();
	expect(practice.counts()).toMatchObject({ comments: 2 });
	for (const { id } of byApi) {
		expect(told(practice).get(id)).toEqual([
			['Smoke comes out of it.', true],
			['It stinks, too.', true],
		]);
	}
});

test('made private or redacted before the look: internal comments stay internal, redacted words stay away', async () => {
	const practice = await startActive();
	const { store } = practice.zendesk;
	const tickets = fill(practice, 6);
	const [hidden, cut, later] = tickets.map(({ id }) => id);
	letPass(5_000);
	store.commentsOf(hidden)[2].public = false;
	store.touchTicket(hidden);
	Object.assign(store.commentsOf(cut)[0], { body: 'Where?', html_body: '<p>Where?</p>', plain_body: 'Where?' });
	store.touchTicket(cut);
	store.commentsOf(later)[2].public = false;
	store.touchTicket(later);
	letPass(5_000);
	store.updateTicket(later, { priority: 'high' }, { channel: 'web' });
	practice.resetCounts();
	await practice.sync();
	expect(told(practice).get(hidden)?.[2]).toEqual(['It is on its way: 0', false]);
	expect(told(practice).get(cut)?.[0]).toEqual(['Where?', true]);
	expect(told(practice).get(later)?.[2]).toEqual(['It is on its way: 2', false]);
	expect(practice.counts()).toMatchObject({ exports: 2, comments: 2 });
});

test('deleted and merged tickets', async () => {
	const practice = await startActive();
	const { store } = practice.zendesk;
	const tickets = fill(practice, 5);
	await practice.sync();
	letPass(2_000);
	store.deleteTicket(tickets[0].id);
	store.mergeTicket(tickets[1].id, tickets[2].id);
	practice.resetCounts();
	const run = await practice.sync();
	expect(published(run).map(({ result }) => [result.ticketId, result.outcome])).toEqual([
		[tickets[0].id, 'skipped'],
		[tickets[1].id, 'updated'],
		[tickets[2].id, 'updated'],
	]);
	expect(practice.counts()).toMatchObject({ exports: 2, comments: 0 });
	expect(practice.commentsOf(tickets[1])).toHaveLength(4);
	expect(practice.commentsOf(tickets[2])).toHaveLength(4);
	expect(practice.caseOf(tickets[1]).status).toBe('closed');
});

test('killed in the middle of a run: the batch comes again with its comments, nothing is lost and nothing twice', async () => {
	const practice = await startActive();
	await practice.n8n.look();
	const tickets = fill(practice, 40);
	practice.orocrm.faults.add({
		method: 'POST',
		path: '/zendesktickets',
		skip: 10,
		effect: { kind: 'answer', status: 503 },
	});
	await practice.n8n.look();
	practice.n8n.kill();
	practice.orocrm.faults.clear();
	await practice.n8n.activate('init');
	practice.resetCounts();
	await practice.sync();
	expect(practice.expectOneCaseEach(tickets)).toBe(40);
	tickets.forEach(({ id }, index) => expect(told(practice).get(id)).toEqual(three(index)));
	expect(practice.counts()).toMatchObject({ exports: 2, comments: 0 });
});

test('two accounts into one OroCRM: each ticket has the comments of its own account', async () => {
	const practice = await startActive({ zendesk: { subdomainUrl: 'https://acme.zendesk.com' } });
	const beside = await startBeside(practice, { subdomainUrl: 'https://other.zendesk.com' }, 'own');
	const mine = fill(practice, 4);
	const theirs = Array.from({ length: 4 }, (_, index) => {
		const { id } = beside.zendesk.store.createUser({ name: `Other ${index}`, email: `other.${index}@example.org` });
		return beside.zendesk.store.createTicket(
			{ subject: 'Other', description: `Other ${index}`, requester_id: id },
			{ channel: 'email', actorId: id },
		);
	});
	practice.resetCounts();
	beside.zendesk.calls.reset();
	await practice.sync();
	await beside.sync();
	for (const one of [practice, beside]) expect(one.counts()).toMatchObject({ exports: 2, comments: 0, zendesk: 2 });
	const messages = practice.all('casecomments').map((row) => row.message);
	expect(messages).toHaveLength(4 * 3 + 4);
	expect(messages.filter((text) => /^Other \d$/.test(String(text)))).toHaveLength(theirs.length);
	expect(new Set(messages).size).toBe(mine.length * 3 + theirs.length);
});

test('two-way: a comment that a run published before it died is known by its mark in the events, and goes nowhere twice', async () => {
	const practice = await startActive({ template: 'two-way' });
	const { store } = practice.zendesk;
	const tickets = fill(practice, 2);
	await practice.n8n.look(undefined, TRIGGER);
	await practice.n8n.look(undefined, ORO_TRIGGER);
	const oro = practice.orocrm.store;
	oro.insert('casecomments', {
		message: 'From the CRM',
		public: true,
		owner: 1,
		organization: 1,
		case: practice.caseOf(tickets[0]).id,
		createdAt: oro.now(),
		updatedAt: oro.now(),
	});
	practice.orocrm.faults.add({ method: 'PATCH', path: '/zendesktickets/', effect: { kind: 'answer', status: 503 } });
	await practice.n8n.look(undefined, ORO_TRIGGER);
	practice.orocrm.faults.clear();
	expect(store.commentsOf(tickets[0].id)).toHaveLength(4);
	expect(practice.all('zendeskticketcomments')).toHaveLength(6);

	letPass(90_000);
	const [anna] = [store.findUser('anna.keller@desk.example')];
	for (const { id } of tickets) store.addComment(id, { body: 'Still there?', author_id: anna?.id }, { channel: 'web' });
	practice.resetCounts();
	const run = (await practice.n8n.look(undefined, TRIGGER))[0];
	expect(published(run).map(({ result }) => result.outcome)).toEqual(['updated', 'updated']);
	expect(exportsOf(practice, 'ticket_events')).toBe(1);
	expect(practice.zendesk.calls.all().filter((call) => call.method !== 'GET')).toEqual([]);
	for (let look = 0; look < 3; look++) await practice.n8n.look();
	expect(store.commentsOf(tickets[0].id)).toHaveLength(5);
	expect(practice.commentsOf(tickets[0]).map((row) => row.message)).toEqual([
		'Where is order 0?',
		'Ask the warehouse: 0',
		'It is on its way: 0',
		'From the CRM',
		'Still there?',
	]);
	const rows = practice.all('zendeskticketcomments').filter((row) => row.ticket === practice.recordOf(tickets[0]).id);
	expect(rows).toHaveLength(5);
});
