import type { FaultEffect } from '../../sandbox/common/faults';
import { words } from '../support/n8n-harness';
import { closeAll, startActive } from '../support/practice';

/** A server that refuses everything for a while: no item is to blame, the table of failed items stays empty, and all arrives afterwards. */

afterEach(closeAll);

const MINUTE = 60_000;
const JSON_API = { 'content-type': 'application/vnd.api+json' };
const refusal = (status: number, title: string, detail: string): FaultEffect => ({
	kind: 'answer',
	status,
	headers: JSON_API,
	body: JSON.stringify({ errors: [{ status: String(status), title, detail }] }),
});

test.each<[string, FaultEffect]>([
	['trouble of its own (500)', refusal(500, 'driver exception', 'An exception occurred in the driver.')],
	['a right that was taken away (403)', refusal(403, 'access denied exception', 'No access to this type of entities.')],
	['a rule that no value passes (400)', refusal(400, 'company rule', 'Closed for today.')],
])('OroCRM refuses every write for ten minutes with %s', async (_, effect) => {
	const practice = await startActive();
	const tickets = Array.from({ length: 12 }, (__, index) => practice.ticket({ subject: `Order ${index}` }));
	practice.orocrm.faults.add({ path: '/zendesktickets', method: 'POST', body: '"included"', effect });
	let minutes = 0;
	const failed = [];
	for (; minutes < 10; minutes++) {
		tickets.push(practice.ticket({ subject: `Order of minute ${minutes}` }));
		for (const run of await practice.n8n.look(MINUTE)) {
			expect(run.status).toBe('error');
			expect(words(run)).toMatch(/All \d+ that were tried were refused so: none counts as a failed item, and they come again\./);
			failed.push(run);
		}
		expect(practice.n8n.failedItems()).toEqual([]);
		expect(practice.count('cases')).toBe(0);
	}
	// It was tried more than once, and the pauses grew: no storm.
	expect(failed.length).toBeGreaterThanOrEqual(3);
	expect(failed.length).toBeLessThan(10);

	practice.orocrm.faults.clear();
	await practice.sync(20 * MINUTE);
	expect(practice.expectOneCaseEach(tickets)).toBe(22);
	expect(practice.n8n.failedItems()).toEqual([]);
	practice.expectNobodyTwice();
});

test('as soon as one goes well, those that are still refused are failed items', async () => {
	const practice = await startActive();
	practice.orocrm.store.refuse({ type: 'cases', field: 'subject', pattern: 'forbidden', title: 'regex constraint', detail: 'Subjects must not say this.' });
	const bad = Array.from({ length: 10 }, (_, index) => practice.ticket({ subject: `A forbidden word ${index}` }));
	const [run] = await practice.n8n.look();
	expect(run.status).toBe('error');
	expect(practice.n8n.failedItems()).toEqual([]);

	const good = practice.ticket({ subject: 'A good word' });
	await practice.sync(20 * MINUTE);
	expect(practice.expectOneCaseEach([good])).toBe(1);
	expect(practice.n8n.failedItems().map((row) => row.ticket)).toEqual(bad.map(({ id }) => String(id)));
});

test('comments that Zendesk gives of no ticket stop the batch; of one, they are that ticket’s failure', async () => {
	const practice = await startActive();
	const tickets = Array.from({ length: 4 }, () => practice.ticket());
	const effect = { kind: 'answer' as const, status: 403, headers: { 'content-type': 'application/json' }, body: '{"error":"Forbidden"}' };
	practice.zendesk.faults.add({ path: '/tickets/\\d+/comments|ticket_events', effect });
	const [run] = await practice.n8n.look();
	expect(run.status).toBe('error');
	expect(words(run)).toContain('All 4 that were tried were refused so');
	expect(practice.n8n.failedItems()).toEqual([]);

	practice.zendesk.faults.clear();
	practice.zendesk.faults.add({ path: `/tickets/${tickets[0].id}/comments|ticket_events`, effect });
	await practice.sync(20 * MINUTE);
	expect(practice.n8n.failedItems()).toMatchObject([{ ticket: String(tickets[0].id), status: '403', tried: expect.stringContaining('Resolve Contact/User') }]);
	expect(practice.expectOneCaseEach(tickets.slice(1))).toBe(3);
});
