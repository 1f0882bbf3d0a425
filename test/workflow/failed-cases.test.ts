import { letPass } from '../support/virtual-time';
import type { IRun } from 'n8n-workflow';

import { FAILED_ITEMS, ORO_TRIGGER, published } from '../support/n8n-harness';
import type { Practice } from '../support/practice';
import { closeAll, only, startActive } from '../support/practice';

/** Failed items of two-way sync: cases that have no ticket, pairs that Zendesk refuses, and whose row is whose. */

afterEach(closeAll);

const MINUTE = 60_000;
const WORDS = 'Subject: is not allowed by a rule of this company';
const REFUSAL = JSON.stringify({ error: 'RecordInvalid', description: 'Record validation errors', details: { subject: [{ description: WORDS }] } });

/** Zendesk refuses to make a ticket, or to change one. */
function refuse(practice: Practice, method: 'POST' | 'PUT'): void {
	const effect = { kind: 'answer' as const, status: 422, headers: { 'content-type': 'application/json' }, body: REFUSAL };
	practice.zendesk.faults.add({ method, path: '^/api/v2/tickets', effect });
}

function newCase(practice: Practice, subject = 'Tent pole broke'): number {
	const { store } = practice.orocrm;
	const common = { source: 'phone', status: 'open', priority: 'normal', owner: 1, organization: 1, createdAt: store.now() };
	return Number(store.insert('cases', { subject, description: 'On the first night.', ...common }).id);
}

/** One start of the retries, and the run of the sync workflow that they called. */
const retry = async (practice: Practice): Promise<IRun> => only((await practice.retry()).tries, 'tries');

async function withRefusedCase() {
	const practice = await startActive({ template: 'two-way', twoWay: { cases: { publish: 'all' } } });
	refuse(practice, 'POST');
	const id = newCase(practice);
	const [run] = await practice.n8n.look(undefined, ORO_TRIGGER);
	expect(run.status).toBe('success');
	return { practice, id };
}

test("a case that Zendesk refuses is one row without a ticket, with Zendesk's own words", async () => {
	const { practice, id } = await withRefusedCase();
	expect(practice.n8n.failedItems()).toMatchObject([{ pair: `case #${id}`, ticket: '', case_id: String(id), attempts: 1, error: expect.stringContaining(WORDS), tried: expect.stringMatching(/^Publish Case: POST \/api\/v2\/tickets/) }]);
	expect(practice.n8n.failedItems()).toMatchObject([{ case_link: `${practice.orocrm.url}/case/view/${id}`, ticket_link: '' }]);
});

test('its retry reads the case again: still refused it stays one row, then it is published and leaves the table', async () => {
	const { practice, id } = await withRefusedCase();
	letPass(11 * MINUTE);
	expect((await retry(practice)).status).toBe('success');
	expect(practice.n8n.failedItems()).toMatchObject([{ case_id: String(id), ticket: '', attempts: 2 }]);

	practice.zendesk.faults.clear();
	practice.orocrm.store.update('cases', id, { subject: 'Tent pole broke, once more' });
	letPass(21 * MINUTE);
	const run = await retry(practice);
	expect(published(run)).toMatchObject([{ origin: 'orocrm', result: { outcome: 'created', caseId: String(id) } }]);
	expect(practice.n8n.failedItems()).toEqual([]);
	expect([...practice.zendesk.store.tickets.values()].map((ticket) => ticket.subject)).toEqual(['Tent pole broke, once more']);
});

test('a case that was deleted meanwhile stays one row, with words that say so', async () => {
	const { practice, id } = await withRefusedCase();
	const [{ pair }] = practice.n8n.failedItems();
	practice.orocrm.store.remove('cases', id);
	letPass(11 * MINUTE);
	await retry(practice);
	expect(practice.n8n.failedItems()).toMatchObject([{ pair, case_id: String(id), case_link: `${practice.orocrm.url}/case/view/${id}`, attempts: 2, error: expect.stringContaining(`no case ${id}`) }]);
});

test('a case that got its ticket is noted under that, its attempts begin anew, and of the rows of cases only its own goes', async () => {
	const { practice, id } = await withRefusedCase();
	letPass(11 * MINUTE);
	await retry(practice);
	const [own] = practice.n8n.failedItems();
	expect(own).toMatchObject({ pair: `case #${id}`, attempts: 2 });
	const others = [
		{ ...own, id: 98, pair: 'case #777', case_id: '777', next_try: null },
		{ ...own, id: 99, workflow: 'another workflow', next_try: null },
	];
	practice.n8n.tables.get(FAILED_ITEMS)?.push(...structuredClone(others));

	// Zendesk takes it now, and OroCRM refuses the record of its ticket.
	practice.zendesk.faults.clear();
	const refusal = { errors: [{ status: '400', title: 'company rule', detail: 'No records today.' }] };
	practice.orocrm.faults.add({ method: 'POST', path: '/zendesktickets', effect: { kind: 'answer', status: 400, headers: { 'content-type': 'application/vnd.api+json' }, body: JSON.stringify(refusal) } });
	letPass(21 * MINUTE);
	await retry(practice);
	const ticket = only([...practice.zendesk.store.tickets.values()], 'tickets');
	expect(practice.n8n.failedItems()).toMatchObject([{ pair: `case #${id}`, ticket: '', attempts: 3 }, ...others]);
	// The ticket comes by itself, and names the case.
	await practice.n8n.look();
	expect(practice.n8n.failedItems()).toMatchObject([
		...others,
		{ pair: expect.stringMatching(new RegExp(`^[^ ]+ #${ticket.id}$`)), ticket: String(ticket.id), case_id: String(id), attempts: 1, state: 'is tried again', error: expect.stringContaining('No records today.') },
	]);

	practice.orocrm.faults.clear();
	letPass(11 * MINUTE);
	await retry(practice);
	expect(practice.n8n.failedItems()).toEqual(others);
	expect(practice.caseOf(ticket).id).toBe(id);
	expect(practice.zendesk.store.tickets.size).toBe(1);
});

test('so is one that was linked by others before its retry: the retry moves the row', async () => {
	const { practice, id } = await withRefusedCase();
	const [row] = structuredClone(practice.n8n.failedItems());
	// Another workflow would tie it just so, and knows nothing of this one's row.
	const ticket = practice.ticket({ external_id: `orocrm-case-${id}` });
	await practice.n8n.look();
	expect(practice.caseOf(ticket).id).toBe(id);
	practice.n8n.tables.set(FAILED_ITEMS, [row]);

	refuse(practice, 'PUT');
	practice.orocrm.store.update('cases', id, { subject: 'Edited in OroCRM', updatedAt: practice.orocrm.store.now() });
	letPass(11 * MINUTE);
	await retry(practice);
	expect(practice.n8n.failedItems()).toMatchObject([
		{ pair: expect.stringMatching(new RegExp(`^[^ ]+ #${ticket.id}$`)), ticket: String(ticket.id), case_id: String(id), attempts: 1, error: expect.stringContaining(WORDS) },
	]);
});

test('Zendesk refuses the edit of a case that has a ticket: its row names both, and the retry goes by the ticket', async () => {
	const practice = await startActive({ template: 'two-way' });
	const ticket = practice.ticket({ requester_id: practice.person('Maria Silva').id });
	await practice.n8n.look();
	refuse(practice, 'PUT');
	const { id } = practice.caseOf(ticket);
	letPass(2 * MINUTE);
	practice.orocrm.store.update('cases', id, { subject: 'Edited in OroCRM', updatedAt: practice.orocrm.store.now() });
	const runs = await practice.n8n.look(undefined, ORO_TRIGGER);
	expect(runs.map((run) => run.status)).toEqual(['success']);
	expect(practice.n8n.failedItems()).toMatchObject([{ pair: expect.stringMatching(new RegExp(`^[^ ]+ #${ticket.id}$`)), ticket: String(ticket.id), case_id: String(id), error: expect.stringContaining(WORDS) }]);

	practice.zendesk.faults.clear();
	letPass(11 * MINUTE);
	expect(published(await retry(practice))).toMatchObject([{ origin: 'zendesk', result: { outcome: 'updated' } }]);
	expect(practice.zendesk.store.tickets.get(ticket.id)?.subject).toBe('Edited in OroCRM');
	expect(practice.n8n.failedItems()).toEqual([]);
});

test('Zendesk down while cases are published: the run fails, and no case is to blame', async () => {
	const practice = await startActive({ template: 'two-way', twoWay: { cases: { publish: 'all' } } });
	practice.zendesk.faults.add({ effect: { kind: 'answer', status: 503, body: 'maintenance' } });
	const id = newCase(practice);
	const [run] = await practice.n8n.look(undefined, ORO_TRIGGER);
	expect(run.status).toBe('error');
	expect(practice.n8n.failedItems()).toEqual([]);

	practice.zendesk.faults.clear();
	const [again] = await practice.n8n.look(undefined, ORO_TRIGGER);
	expect(published(again)).toMatchObject([{ result: { outcome: 'created', caseId: String(id) } }]);
});

test("a row of another workflow is not this one's: neither tried, nor changed, nor taken off", async () => {
	const { practice, id } = await withRefusedCase();
	const [own] = practice.n8n.failedItems();
	const other = { ...own, id: 99, workflow: 'another workflow', attempts: 3, next_try: null };
	practice.n8n.tables.get(FAILED_ITEMS)?.push(structuredClone(other));

	letPass(11 * MINUTE);
	await retry(practice);
	const [mine, theirs] = practice.n8n.failedItems();
	expect(mine).toMatchObject({ pair: own.pair, attempts: 2 });
	expect(theirs).toEqual(other);

	practice.zendesk.faults.clear();
	letPass(21 * MINUTE);
	expect(published(await retry(practice))).toMatchObject([{ result: { caseId: String(id) } }]);
	expect(practice.n8n.failedItems()).toEqual([other]);
});
