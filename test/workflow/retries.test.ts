import { letPass } from '../support/virtual-time';
import type { IRun } from 'n8n-workflow';

import type { Practice } from '../support/practice';
import { closeAll, startActive } from '../support/practice';

/** The template's lane that tries failed items again: through the same nodes, with growing pauses and a last stop. */

afterEach(closeAll);

const MINUTE = 60_000;
const REFUSAL = {
	type: 'cases',
	field: 'subject',
	pattern: 'forbidden',
	title: 'regex constraint',
	detail: 'Subjects must not say this.',
};

/** One start of the retries by their schedule. */
const retry = (practice: Practice): Promise<IRun> => practice.n8n.run('Every Five Minutes', [{ json: {} }]);

const tried = (run: IRun): number => run.data.resultData.runData['Get Ticket or Case']?.length ?? 0;

/** Minutes until the next try of the only failed item. */
function minutesToNextTry(practice: Practice): number {
	const [row] = practice.n8n.failedItems();
	return Math.round((Date.parse(String(row.next_try)) - Date.now()) / MINUTE);
}

async function withRefusedTicket() {
	const practice = await startActive();
	practice.orocrm.store.refuse(REFUSAL);
	const bad = practice.ticket({ subject: 'A forbidden word' });
	const good = practice.ticket({ subject: 'A good word' });
	await practice.sync();
	return { practice, bad, good };
}

test('without a failed item it makes the table and does nothing', async () => {
	const practice = await startActive();
	practice.resetCounts();
	expect((await retry(practice)).status).toBe('success');
	expect(practice.n8n.failedItems()).toEqual([]);
	expect(practice.counts()).toMatchObject({ zendesk: 0, oroReads: 0, oroWrites: 0 });
});

test('pauses double from ten minutes to a day, and after eight attempts the item is left for a person', async () => {
	const { practice, bad } = await withRefusedTicket();
	const pauses = [];
	for (let attempt = 1; attempt <= 8; attempt++) {
		expect(practice.n8n.failedItems()).toMatchObject([
			{ ticket: String(bad.id), attempts: attempt, error: expect.stringContaining('Subjects must not say this.') },
		]);
		pauses.push(minutesToNextTry(practice));
		// Not due yet: nothing is tried.
		expect(tried(await retry(practice))).toBe(0);
		letPass((pauses[pauses.length - 1] + 1) * MINUTE);
		const run = await retry(practice);
		expect(run.status).toBe('success');
		expect(tried(run)).toBe(attempt < 8 ? 1 : 0);
	}
	expect(pauses).toEqual([10, 20, 40, 80, 160, 320, 640, 1280]);
	expect(practice.recordsOf(bad)).toEqual([]);
});

test('an item that goes well leaves the table, and the others are not touched', async () => {
	const { practice, bad, good } = await withRefusedTicket();
	practice.orocrm.store.allowAll();
	letPass(11 * MINUTE);
	practice.resetCounts();
	const run = await retry(practice);
	expect(run.status).toBe('success');
	expect(practice.n8n.failedItems()).toEqual([]);
	expect(practice.expectOneCaseEach([bad, good])).toBe(2);
	expect(practice.counts().oroWrites).toBe(1);
});

test('an item that came well by its next change leaves the table with the next try, without a write', async () => {
	const { practice, bad } = await withRefusedTicket();
	practice.zendesk.store.updateTicket(bad.id, { subject: 'A friendly word' });
	await practice.sync();
	expect(practice.caseOf(bad).subject).toBe('A friendly word');
	letPass(11 * MINUTE);
	practice.resetCounts();
	await retry(practice);
	expect(practice.n8n.failedItems()).toEqual([]);
	expect(practice.counts().oroWrites).toBe(0);
});

test('a ticket that was deleted meanwhile stays one row, with words that say so', async () => {
	const { practice, bad } = await withRefusedTicket();
	const [{ item }] = practice.n8n.failedItems();
	practice.zendesk.store.deleteTicket(bad.id);
	letPass(11 * MINUTE);
	await retry(practice);
	expect(practice.n8n.failedItems()).toMatchObject([
		{ item, ticket: String(bad.id), attempts: 2, error: expect.stringContaining('no ticket') },
	]);
});

test('OroCRM down: the run fails and the attempt does not count', async () => {
	const { practice, bad } = await withRefusedTicket();
	letPass(11 * MINUTE);
	practice.orocrm.faults.add({ effect: { kind: 'answer', status: 503, body: 'maintenance' } });
	const run = await retry(practice);
	expect(run.status).toBe('error');
	expect(practice.n8n.failedItems()).toMatchObject([{ ticket: String(bad.id), attempts: 1 }]);
	practice.orocrm.faults.clear();
	practice.orocrm.store.allowAll();
	expect((await retry(practice)).status).toBe('success');
	expect(practice.n8n.failedItems()).toEqual([]);
});
