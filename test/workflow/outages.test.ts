import type { Ticket } from '../../sandbox/zendesk/types';
import { published, words } from '../support/n8n-harness';
import { closeAll, startActive, withoutEvents } from '../support/practice';
import type { Practice } from '../support/practice';
import { takePauses } from '../support/virtual-time';

/** Servers that go away, break off and ask for patience: in the end every ticket has exactly one case. */

afterEach(closeAll);

const MUCH_LATER = 20 * 60_000;
const WRITES = { method: 'POST', path: '/zendesktickets' };

function order(practice: Practice, count: number): Ticket[] {
	const people = ['Maria Santos', 'Erik Lund', 'Priya Natarajan'].map((name) => practice.person(name));
	return Array.from({ length: count }, (_, index) =>
		practice.ticket({
			subject: `Order ${index}`,
			requester_id: people[index % 3].id,
			submitter_id: people[index % 3].id,
		}),
	);
}

function expectAllOnce(practice: Practice, tickets: Ticket[]): void {
	expect(practice.expectOneCaseEach(tickets)).toBe(tickets.length);
	expect(practice.count('casecomments')).toBe(tickets.length);
	expect(practice.count('zendeskticketcomments')).toBe(tickets.length);
	expect(practice.count('contacts')).toBe(3);
	practice.expectNobodyTwice();
}

describe.each([{ channel: true }, { channel: false }])('with OroCRM’s integration chosen: $channel', ({ channel }) => {
	test('OroCRM goes down in mid-batch: the run fails in clear words, the trigger keeps its cursor, and all is well after', async () => {
		const practice = await startActive({ channel });
		const tickets = order(practice, 30);
		practice.orocrm.faults.add({ ...WRITES, skip: 11, effect: { kind: 'cut-before' } });
		practice.orocrm.faults.add({ method: 'GET', skip: 30, effect: { kind: 'cut-before' } });
		const before = practice.n8n.savedPosition();
		expect(before).toBeDefined();
		const [run] = await practice.n8n.look();
		expect(run.status).toBe('error');
		expect(words(run)).toMatch(/OroCRM: .*(connection was cut|no answer in time).*Check that OroCRM is up/);
		expect(practice.count('cases')).toBe(11);
		expect(practice.n8n.savedPosition()).toEqual(before);
		expect(practice.n8n.failedItems()).toEqual([]);

		practice.orocrm.faults.clear();
		expect(await practice.n8n.look(1_000)).toHaveLength(0);
		practice.resetCounts();
		const again = await practice.sync(MUCH_LATER);
		expect(published(again)).toHaveLength(30);
		expect(practice.counts().oroWrites).toBe(19);
		expectAllOnce(practice, tickets);
	});

	test('answers are lost after the write: exactly one case each, and the run ends well', async () => {
		const practice = await startActive({ channel });
		const tickets = order(practice, 12);
		practice.orocrm.faults.add({ ...WRITES, skip: 3, times: 3, effect: { kind: 'cut-after' } });
		practice.orocrm.faults.add({ ...WRITES, skip: 8, times: 1, effect: { kind: 'cut-in-body' } });
		const run = await practice.sync();
		expectAllOnce(practice, tickets);
		expect(published(run).map((pair) => pair.result.outcome)).toEqual(Array(12).fill('created'));
		expect(new Set(published(run).map((pair) => pair.result.caseId)).size).toBe(12);
	});

	test('n8n is killed in mid-batch: after the restart exactly one case each', async () => {
		const practice = await startActive({ channel });
		const tickets = order(practice, 30);
		// Ten are written; of the next, one is written without n8n hearing of it; then n8n is gone.
		practice.orocrm.faults.add({ ...WRITES, skip: 10, times: 1, effect: { kind: 'latency', milliseconds: 150 } });
		practice.orocrm.faults.add({ ...WRITES, skip: 11, effect: { kind: 'silence' } });
		practice.n8n.tick();
		while (practice.count('cases') < 11) await new Promise((resolve) => setTimeout(resolve, 5));
		practice.n8n.kill();
		practice.orocrm.faults.clear();
		await practice.n8n.activate('init');
		const run = await practice.sync();
		expect(published(run)).toHaveLength(30);
		expectAllOnce(practice, tickets);
	});
});

test('OroCRM is not there at all: the words name the host and what to look at', async () => {
	const practice = await startActive();
	practice.ticket();
	await practice.sync();
	practice.ticket();
	const { port } = practice.orocrm;
	await practice.orocrm.close();
	const [run] = await practice.n8n.look();
	expect(run.status).toBe('error');
	expect(words(run)).toBe(
		`OroCRM: 127.0.0.1:${port}: the server refused the connection: it is not running there. Check that OroCRM is up and can be reached from n8n, and the URL in the OroCRM credential. The sync tries again by itself.`,
	);
});

test('a lost answer of an update: the change and its comment are there once', async () => {
	const practice = await startActive();
	const [ticket] = order(practice, 3);
	await practice.sync();
	practice.zendesk.store.updateTicket(ticket.id, {
		subject: 'Order 0, again',
		status: 'pending',
		comment: { body: 'Where is it?' },
	});
	practice.orocrm.faults.add({ method: 'PATCH', path: '/zendesktickets/', times: 1, effect: { kind: 'cut-after' } });
	const run = await practice.sync();
	expect(published(run)[0].result.outcome).toBe('updated');
	expect(published(run)[0].result.changes.map((change) => change.field)).toEqual(['subject', 'status', 'comment']);
	expect(practice.caseOf(ticket)).toMatchObject({ subject: 'Order 0, again', status: 'in_progress' });
	expect(practice.commentsOf(ticket).map((row) => row.message)).toEqual(['Smoke comes out of it.', 'Where is it?']);
});

test('429 of Zendesk: Retry-After is waited for, nothing is asked in between', async () => {
	const practice = await startActive();
	const tickets = order(practice, 5);
	withoutEvents(practice);
	practice.zendesk.faults.add({
		path: 'comments',
		skip: 2,
		times: 1,
		effect: { kind: 'answer', status: 429, headers: { 'retry-after': '37' }, body: '{"error":"TooManyRequests"}' },
	});
	takePauses();
	await practice.sync();
	expect(takePauses().filter((pause) => pause >= 37_000)).toHaveLength(1);
	expectAllOnce(practice, tickets);
});

test('429 of OroCRM on a write: Retry-After is waited for and the write repeated', async () => {
	const practice = await startActive();
	const tickets = order(practice, 5);
	practice.orocrm.faults.add({
		...WRITES,
		skip: 1,
		times: 1,
		effect: { kind: 'answer', status: 429, headers: { 'Retry-After': '41' } },
	});
	takePauses();
	await practice.sync();
	expect(takePauses().filter((pause) => pause >= 41_000)).toHaveLength(1);
	expectAllOnce(practice, tickets);
});

test('a maintenance page (503, HTML) of OroCRM: the run fails with its title, and goes well after', async () => {
	const practice = await startActive();
	const tickets = order(practice, 4);
	practice.orocrm.faults.add({
		path: '/api/',
		effect: {
			kind: 'answer',
			status: 503,
			headers: { 'Content-Type': 'text/html' },
			body: '<html><head><title>Maintenance in progress</title></head><body>…</body></html>',
		},
	});
	const [run] = await practice.n8n.look();
	expect(run.status).toBe('error');
	expect(words(run)).toBe(
		'OroCRM: Maintenance in progress. OroCRM is busy or under maintenance. The sync goes on by itself.',
	);
	practice.orocrm.faults.clear();
	await practice.sync(MUCH_LATER);
	expectAllOnce(practice, tickets);
});

test('a short hiccup of either side is no failure', async () => {
	const practice = await startActive();
	const tickets = order(practice, 6);
	practice.zendesk.faults.add({ path: 'incremental', times: 2, effect: { kind: 'answer', status: 500, body: 'oops' } });
	withoutEvents(practice);
	practice.zendesk.faults.add({ path: 'comments', times: 1, effect: { kind: 'cut-in-body' } });
	practice.orocrm.faults.add({ method: 'GET', skip: 2, times: 2, effect: { kind: 'cut-before' } });
	practice.orocrm.faults.add({
		...WRITES,
		times: 1,
		effect: { kind: 'answer', status: 502, body: '<html><title>502 Bad Gateway</title></html>' },
	});
	await practice.sync();
	expectAllOnce(practice, tickets);
	expect(practice.n8n.reports).toEqual([]);
});

test('Zendesk goes down while comments are read: nothing is written without them, the run fails and comes again', async () => {
	const practice = await startActive();
	const tickets = order(practice, 6);
	withoutEvents(practice);
	practice.zendesk.faults.add({ path: 'comments', skip: 3, effect: { kind: 'cut-before' } });
	const [run] = await practice.n8n.look();
	expect(run.status).toBe('error');
	expect(words(run)).toMatch(/Zendesk: .*Check that Zendesk can be reached from n8n/);
	expect(practice.count('cases')).toBe(0);
	practice.zendesk.faults.clear();
	await practice.sync(MUCH_LATER);
	expectAllOnce(practice, tickets);
});

test('the pauses after failures grow, and one success ends them', async () => {
	const practice = await startActive();
	order(practice, 3);
	practice.orocrm.faults.add({ path: '/api/', effect: { kind: 'answer', status: 503 } });
	// Looks every two minutes for two hours: far fewer runs than looks, and at least one each quarter of an hour.
	for (let look = 0; look < 60; look++) await practice.n8n.look();
	expect(practice.n8n.runs.length).toBeGreaterThanOrEqual(8);
	expect(practice.n8n.runs.length).toBeLessThan(25);
	practice.orocrm.faults.clear();
	await practice.sync(MUCH_LATER);
	practice.ticket();
	await practice.sync();
	expect(practice.count('cases')).toBe(4);
});
