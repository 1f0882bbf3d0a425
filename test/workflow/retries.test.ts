import { letPass } from '../support/virtual-time';
import type { IRun } from 'n8n-workflow';

import { FAILED_ITEMS, words } from '../support/n8n-harness';
import type { Practice } from '../support/practice';
import { closeAll, only, startActive } from '../support/practice';

/** Failed items from their row to their end: the bundled workflow Retry Failed Items has them tried again, with growing pauses and a last stop. */

afterEach(closeAll);

const MINUTE = 60_000;
const REFUSAL = {
	type: 'cases',
	field: 'subject',
	pattern: 'forbidden',
	title: 'regex constraint',
	detail: 'Subjects must not say this.',
};

/** One start of the retries, and the one run of the sync workflow that they called. */
const retry = async (practice: Practice): Promise<IRun> => {
	const { run, tries } = await practice.retry();
	expect(run.status).toBe('success');
	return only(tries, 'tries');
};

/** The only failed item, as it is now. */
const row = (practice: Practice) => structuredClone(only(practice.n8n.failedItems(), 'failed items'));

/** Minutes until the next try of the only failed item. */
const minutesToNextTry = (practice: Practice): number => Math.round((Date.parse(String(row(practice).next_try)) - Date.now()) / MINUTE);

async function withRefusedTicket() {
	const practice = await startActive();
	practice.orocrm.store.refuse(REFUSAL);
	const bad = practice.ticket({ subject: 'A forbidden word' });
	const good = practice.ticket({ subject: 'A good word' });
	await practice.sync();
	return { practice, bad, good };
}

/** As a person edits the row in n8n. */
function edit(practice: Practice, change: object): void {
	Object.assign(practice.n8n.tables.get(FAILED_ITEMS)?.[0] ?? {}, change);
}

describe('the table', () => {
	test('the retries make it where it is absent, and do nothing', async () => {
		const practice = await startActive();
		practice.resetCounts();
		const { run, tries } = await practice.retry();
		expect(run.status).toBe('success');
		expect(tries).toEqual([]);
		expect([...practice.n8n.tables]).toEqual([[FAILED_ITEMS, []]]);
		expect(practice.counts()).toMatchObject({ zendesk: 0, oroReads: 0, oroWrites: 0 });
	});

	test('a row says what was tried, the server’s words, when, and where to look', async () => {
		const { practice, bad } = await withRefusedTicket();
		expect(row(practice)).toEqual({
			id: 1,
			pair: expect.stringMatching(new RegExp(` ?#${bad.id}$`)),
			workflow: practice.n8n.id,
			state: 'is tried again',
			ticket: String(bad.id),
			ticket_link: expect.stringMatching(new RegExp(`^https?://.+/agent/tickets/${bad.id}$`)),
			case_id: '',
			case_link: '',
			tried: 'Publish Case: POST /api/zendesktickets',
			error: 'Subjects must not say this. (/included/0/attributes/subject)',
			advice: expect.stringContaining('Correct what OroCRM names'),
			service: 'OroCRM',
			status: '400',
			attempts: 1,
			first_failed: expect.any(String),
			last_failed: expect.any(String),
			next_try: expect.any(String),
		});
	});

	test('a ticket that has a case: the row leads to both', async () => {
		const practice = await startActive();
		const ticket = practice.ticket();
		await practice.sync();
		practice.orocrm.store.refuse(REFUSAL);
		practice.zendesk.store.updateTicket(ticket.id, { subject: 'A forbidden word' });
		await practice.sync();
		const { id } = practice.caseOf(ticket);
		expect(row(practice)).toMatchObject({ ticket: String(ticket.id), case_id: String(id), case_link: `${practice.orocrm.url}/case/view/${id}` });
	});

	test('a ticket that is changed again and again stays one row, and its attempts and its next try stay', async () => {
		const { practice, bad } = await withRefusedTicket();
		const before = row(practice);
		for (const change of ['forbidden, once', 'forbidden, twice', 'forbidden, thrice']) {
			practice.zendesk.store.updateTicket(bad.id, { subject: change });
			await practice.sync();
		}
		const after = row(practice);
		expect(after).toEqual({ ...before, last_failed: after.last_failed });
		expect(Date.parse(String(after.last_failed))).toBeGreaterThan(Date.parse(String(before.last_failed)));
	});
});

describe('retries', () => {
	test('pauses double from ten minutes to a day, and after ten attempts the item is left for a person', async () => {
		const { practice, bad } = await withRefusedTicket();
		const first = Date.parse(String(row(practice).first_failed));
		const pauses = [];
		for (let attempt = 1; attempt < 10; attempt++) {
			expect(row(practice)).toMatchObject({ ticket: String(bad.id), attempts: attempt, state: 'is tried again' });
			expect(Date.parse(String(row(practice).first_failed))).toBe(first);
			pauses.push(minutesToNextTry(practice));
			// Not due yet: nothing is tried.
			expect((await practice.retry()).tries).toEqual([]);
			letPass((pauses[pauses.length - 1] + 1) * MINUTE);
			expect((await retry(practice)).status).toBe('success');
		}
		expect(pauses).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 1440]);
		expect(row(practice)).toMatchObject({ attempts: 10, state: 'left for a person', next_try: null, error: expect.stringContaining('Subjects must not say this.') });
		letPass(30 * 24 * 60 * MINUTE);
		expect((await practice.retry()).tries).toEqual([]);
		expect(practice.recordsOf(bad)).toEqual([]);
	});

	test('an item that goes well leaves the table, and the others are not touched', async () => {
		const { practice, bad, good } = await withRefusedTicket();
		practice.orocrm.store.allowAll();
		letPass(11 * MINUTE);
		practice.resetCounts();
		expect((await retry(practice)).status).toBe('success');
		expect(practice.n8n.failedItems()).toEqual([]);
		expect(practice.expectOneCaseEach([bad, good])).toBe(2);
		expect(practice.counts().oroWrites).toBe(1);
	});

	test('an item that goes well with its next change leaves the table at once', async () => {
		const { practice, bad } = await withRefusedTicket();
		practice.zendesk.store.updateTicket(bad.id, { subject: 'A friendly word' });
		await practice.sync();
		expect(practice.caseOf(bad).subject).toBe('A friendly word');
		expect(practice.n8n.failedItems()).toEqual([]);
	});

	test('a preview of an item takes no row off', async () => {
		const { practice, bad } = await withRefusedTicket();
		practice.orocrm.store.allowAll();
		practice.n8n.node('Publish Case').parameters.previewOnly = true;
		practice.zendesk.store.updateTicket(bad.id, { subject: 'A friendly word' });
		await practice.sync();
		expect(row(practice)).toMatchObject({ ticket: String(bad.id) });
	});

	test('an edited next try has it tried with the next look', async () => {
		const { practice, bad } = await withRefusedTicket();
		practice.orocrm.store.allowAll();
		expect((await practice.retry()).tries).toEqual([]);
		edit(practice, { next_try: new Date().toISOString() });
		await retry(practice);
		expect(practice.n8n.failedItems()).toEqual([]);
		expect(practice.caseOf(bad)).toBeDefined();
	});

	test('so it does with one that was left for a person: still refused it is left again, else it goes', async () => {
		const { practice, bad } = await withRefusedTicket();
		edit(practice, { attempts: 10, state: 'left for a person', next_try: new Date().toISOString() });
		await retry(practice);
		expect(row(practice)).toMatchObject({ attempts: 11, state: 'left for a person', next_try: null });
		edit(practice, { next_try: new Date().toISOString() });
		practice.orocrm.store.allowAll();
		await retry(practice);
		expect(practice.n8n.failedItems()).toEqual([]);
		expect(practice.caseOf(bad)).toBeDefined();
	});

	test('a ticket that was deleted meanwhile stays one row, with words that say so, and keeps its links', async () => {
		const { practice, bad } = await withRefusedTicket();
		const { pair, ticket_link: link } = row(practice);
		practice.zendesk.store.deleteTicket(bad.id);
		letPass(11 * MINUTE);
		await retry(practice);
		expect(row(practice)).toMatchObject({ pair, ticket: String(bad.id), ticket_link: link, attempts: 2, error: expect.stringContaining('no ticket'), tried: 'Get Ticket or Case' });
	});

	test('several that are refused in the same way count one by one: they were asked for', async () => {
		const practice = await startActive();
		practice.orocrm.store.refuse(REFUSAL);
		for (const number of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) practice.ticket({ subject: `forbidden ${number}` });
		practice.ticket();
		await practice.sync();
		letPass(11 * MINUTE);
		expect((await retry(practice)).status).toBe('success');
		expect(practice.n8n.failedItems().map((one) => one.attempts)).toEqual(Array(11).fill(2));
	});

	test('only what is due and its own is tried: other rows stay as they are', async () => {
		const { practice, bad } = await withRefusedTicket();
		letPass(11 * MINUTE);
		const later = { ...row(practice), id: 98, pair: 'x #998', ticket: '998', attempts: 5, next_try: new Date(Date.now() + MINUTE).toISOString() };
		const others = { ...row(practice), id: 99, pair: 'x #999', ticket: '999', workflow: 'another workflow', attempts: 5, next_try: new Date().toISOString() };
		practice.n8n.tables.get(FAILED_ITEMS)?.push(structuredClone(later), structuredClone(others));
		await practice.retry();
		expect(practice.n8n.failedItems()).toMatchObject([{ ticket: String(bad.id), attempts: 2 }, later, others]);
	});

	test('what is due longest goes first, a hundred in a run', async () => {
		const { practice } = await withRefusedTicket();
		const [only] = practice.n8n.failedItems();
		const rows = Array.from({ length: 120 }, (_, index) => ({ ...only, id: index + 1, pair: `x #${index + 900}`, ticket: String(index + 900), next_try: new Date(Date.now() - (index + 1) * MINUTE).toISOString() }));
		practice.n8n.tables.set(FAILED_ITEMS, rows);
		await retry(practice);
		const left = practice.n8n.failedItems().filter((one) => one.attempts === 1);
		expect(left.map((one) => one.ticket).sort()).toEqual(rows.slice(0, 20).map((one) => one.ticket).sort());
	});
});

describe('trouble', () => {
	test('OroCRM down: the run fails, says so, and the attempt does not count', async () => {
		const { practice, bad } = await withRefusedTicket();
		letPass(11 * MINUTE);
		practice.orocrm.faults.add({ effect: { kind: 'answer', status: 503, body: 'maintenance' } });
		const { run, tries } = await practice.retry();
		expect([run.status, only(tries, 'tries').status]).toEqual(['error', 'error']);
		expect(words(run)).toMatch(/^Workflow workflow-\d+ could not try its failed items again: OroCRM: /);
		expect(row(practice)).toMatchObject({ ticket: String(bad.id), attempts: 1 });
		practice.orocrm.faults.clear();
		practice.orocrm.store.allowAll();
		await retry(practice);
		expect(practice.n8n.failedItems()).toEqual([]);
	});

	test('a sync workflow that is switched off tries nothing, and the retries say so', async () => {
		const { practice, bad } = await withRefusedTicket();
		letPass(11 * MINUTE);
		await practice.n8n.deactivate();
		const { run, tries } = await practice.retry();
		expect(tries).toEqual([]);
		expect(words(run)).toContain(`Workflow ${practice.n8n.id} could not try its failed items again: Workflow is not active and cannot be executed. They are left as they are`);
		expect(row(practice)).toMatchObject({ ticket: String(bad.id), attempts: 1 });
	});

	test('a workflow that is gone holds up no other one: each tries its own rows', async () => {
		const { practice, bad } = await withRefusedTicket();
		const [own] = practice.n8n.failedItems();
		practice.n8n.tables.get(FAILED_ITEMS)?.unshift({ ...own, id: 98, workflow: 'deleted', next_try: new Date().toISOString() });
		practice.orocrm.store.allowAll();
		letPass(11 * MINUTE);
		const { run, tries } = await practice.retry();
		expect(words(run)).toContain('Workflow deleted could not try its failed items again: Workflow does not exist.');
		expect(tries).toHaveLength(1);
		expect(practice.n8n.failedItems()).toMatchObject([{ workflow: 'deleted', attempts: 1 }]);
		expect(practice.caseOf(bad)).toBeDefined();
	});
});
