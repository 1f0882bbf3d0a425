import { itemsOf, published, TRIGGER, words } from '../support/n8n-harness';
import { closeAll, startActive, withoutEvents } from '../support/practice';
import { takePauses } from '../support/virtual-time';

/** Batches as they rarely come: a ticket twice, an older state, a ticket that is gone meanwhile. */

afterEach(closeAll);

test.each([true, false])(
	'one ticket twice in a batch (integration: %s) has one case, and each comment once',
	async (channel) => {
		const practice = await startActive({ channel });
		const ticket = practice.ticket({ requester_id: practice.person('Maria Santos').id });
		const other = practice.ticket({ subject: 'Another one' });
		practice.n8n.json.nodes.find((node) => node.name === 'Publish Case')!.parameters.previewOnly = true;
		await practice.n8n.restart();
		const items = itemsOf(await practice.sync(), TRIGGER);
		practice.n8n.json.nodes.find((node) => node.name === 'Publish Case')!.parameters.previewOnly = false;
		const run = await practice.n8n.run(TRIGGER, structuredClone([...items, ...items]));
		expect(run.status).toBe('success');
		expect(published(run)).toHaveLength(4);
		expect(practice.expectOneCaseEach([ticket, other])).toBe(2);
		expect(practice.count('casecomments')).toBe(2);
		expect(practice.n8n.failedItems()).toEqual([]);
		practice.expectNobodyTwice();
	},
);

test('an older state of a ticket, handed out late, doesn’t undo the newer one', async () => {
	const practice = await startActive();
	const ticket = practice.ticket({ subject: 'First' });
	const old = structuredClone(itemsOf(await practice.sync(), TRIGGER));
	practice.zendesk.store.updateTicket(ticket.id, { subject: 'Second', status: 'solved' });
	await practice.sync();
	const run = await practice.n8n.run(TRIGGER, old);
	expect(run.status).toBe('success');
	expect(practice.caseOf(ticket)).toMatchObject({ subject: 'Second', status: 'closed' });
	expect(practice.recordOf(ticket)).toMatchObject({ subject: 'Second', status: 'solved' });
});

test('a ticket that is deleted between the export and the reading of its comments becomes a case without them', async () => {
	const practice = await startActive();
	const [gone, there] = [practice.ticket({ subject: 'Gone' }), practice.ticket({ subject: 'There' })];
	withoutEvents(practice);
	practice.zendesk.faults.add({
		path: `/tickets/${gone.id}/comments`,
		effect: { kind: 'answer', status: 404, body: '{"error":"RecordNotFound","description":"Not found"}' },
	});
	const run = await practice.sync();
	expect(practice.expectOneCaseEach([gone, there])).toBe(2);
	expect(published(run)[0].result.notes.join()).toContain('comments could not be read');
});

test('more tickets than a batch holds arrive in two runs', async () => {
	const practice = await startActive({ orocrm: { overlay: true } });
	const maria = practice.person('Maria Santos');
	for (let index = 0; index < 25; index++) practice.ticket({ subject: `Order ${index}`, requester_id: maria.id });
	practice.n8n.json.nodes.find((node) => node.name === TRIGGER)!.parameters.options = { batchSize: 24 };
	await practice.n8n.restart();
	const runs = await practice.n8n.look();
	expect(runs.map((run) => itemsOf(run, TRIGGER).length)).toEqual([24, 1]);
	expect(practice.count('cases')).toBe(25);
	expect(practice.count('contacts')).toBe(1);
});

test('a requester whose e-mail is none, or longer than a column, doesn’t keep the ticket out', async () => {
	const practice = await startActive();
	const people = ['not an address', `${'x'.repeat(300)}@example.com`, 'spaced out@example.com'].map((email, index) => {
		const person = practice.person(`Odd ${index}`, { email: null });
		return Object.assign(practice.zendesk.store.users.get(person.id)!, { email });
	});
	const tickets = people.map((person) => practice.ticket({ requester_id: person.id, submitter_id: person.id }));
	await practice.sync();
	expect(practice.n8n.failedItems()).toEqual([]);
	expect(practice.expectOneCaseEach(tickets)).toBe(3);
	for (const ticket of tickets) expect(practice.caseOf(ticket).relatedContact).not.toBeNull();
});

test('Zendesk asks for more patience than a run has: the run fails, and the batch comes again', async () => {
	const practice = await startActive();
	const ticket = practice.ticket();
	practice.zendesk.faults.add({
		path: 'comments',
		times: 1,
		effect: { kind: 'answer', status: 429, headers: { 'retry-after': '3600' }, body: '{"error":"TooManyRequests"}' },
	});
	takePauses();
	const [run] = await practice.n8n.look();
	expect(run.status).toBe('error');
	expect(words(run)).toMatch(/Zendesk asked to slow down/);
	expect(Math.max(0, ...takePauses())).toBeLessThan(121_000);
	await practice.sync(20 * 60_000);
	expect(practice.expectOneCaseEach([ticket])).toBe(1);
});

test('somebody edits the case while the run is under way: what is fresh counts', async () => {
	const practice = await startActive();
	const ticket = practice.ticket();
	await practice.sync();
	practice.zendesk.store.updateTicket(ticket.id, { priority: 'high', comment: { body: 'Hurry.' } });
	// While the comments are read, somebody edits the case in OroCRM.
	practice.zendesk.faults.add({ path: 'comments', times: 1, effect: { kind: 'latency', milliseconds: 200 } });
	practice.resetCounts();
	practice.n8n.tick();
	while (practice.counts().oroReads === 0) await new Promise((resolve) => setImmediate(resolve));
	expect(practice.counts().comments).toBe(0);
	practice.orocrm.store.update('cases', practice.caseOf(ticket).id, { subject: 'Edited meanwhile' });
	await practice.n8n.idle();
	expect(practice.caseOf(ticket)).toMatchObject({ subject: 'Edited meanwhile', priority: 'high' });
});
