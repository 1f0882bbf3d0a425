import { letPass, setN8nClock, testClock } from '../../support/virtual-time';
import type { Clock } from '../../../sandbox/common/clock';
import { TRIGGER } from '../../support/n8n-harness';
import { closeAll, setParameters, startActive } from '../../support/practice';
import type { PracticeOptions } from '../../support/practice';
import { contentsOf } from '../support/both-sides';
import { busyDesk, lookOnce, MUCH_LATER, settle, undisturbed } from './desk';
import type { Template, Undisturbed } from './desk';

/** Clocks that are minutes apart, and n8n's being set while it runs: all comes to what it comes to with right clocks, in as many requests. */

const MINUTE = 60_000;
const TEMPLATES: Template[] = ['one-way', 'two-way'];

/** A server's own clock. */
const fast = (milliseconds: number): Clock => ({ now: () => new Date(testClock.now().getTime() + milliseconds) });

/** Whose clock is wrong, and by how much. */
const APART: Array<[string, PracticeOptions, number]> = [5 * MINUTE, -5 * MINUTE].flatMap((by): Array<[string, PracticeOptions, number]> => {
	const how = by > 0 ? 'fast' : 'slow';
	return [
		[`Zendesk’s is five minutes ${how}`, { zendesk: { clock: fast(by) } }, 0],
		[`OroCRM’s is five minutes ${how}`, { orocrm: { clock: fast(by) } }, 0],
		[`n8n’s is five minutes ${how}`, {}, by],
	];
});

const quiet = new Map<Template, Undisturbed>();
beforeAll(async () => {
	for (const template of TEMPLATES) quiet.set(template, await undisturbed(template));
	await closeAll();
});
afterEach(async () => {
	await closeAll();
	setN8nClock(0);
});

describe.each(TEMPLATES)('%s', (template) => {
	test.each(APART)('%s', async (_name, options, n8nIsAhead) => {
		setN8nClock(n8nIsAhead);
		const practice = await busyDesk(template, options);
		const told = await lookOnce(practice);
		const expected = quiet.get(template) as Undisturbed;
		expect(told.messages).toEqual([]);
		expect(told.requests).toBeLessThanOrEqual(expected.requests + 4);
		await settle(practice);
		expect(contentsOf(practice)).toEqual(expected.contents);
		practice.expectNobodyTwice();
	});

	test.each([
		['an hour back', -60 * MINUTE],
		['a day back', -24 * 60 * MINUTE],
		['a day forth', 24 * 60 * MINUTE],
	])('n8n’s clock is set %s in mid-run: the run ends well, and the next look comes when it is due', async (_name, by) => {
		const practice = await busyDesk(template);
		practice.orocrm.faults.add({ method: 'POST', path: '/api/zendesktickets$', times: 1, effect: { kind: 'meanwhile', when: 'before', work: () => setN8nClock(by) } });
		const told = await lookOnce(practice);
		expect(told.messages).toEqual([]);
		// Due a minute after the last look, whatever the date is now.
		const more = practice.ticket({ subject: 'One more', requester_id: practice.person('Quin').id });
		letPass(2 * MINUTE);
		await practice.n8n.look(1_000);
		expect(practice.caseOf(more).subject).toBe('One more');
		practice.zendesk.store.deleteTicket(more.id);
		await settle(practice);
		practice.expectNobodyTwice();
	});

	test('n8n’s clock is set an hour back while OroCRM is down: the batch comes again within a quarter of an hour all the same', async () => {
		const practice = await busyDesk(template);
		practice.orocrm.faults.add({ path: '/api/', effect: { kind: 'answer', status: 503 } });
		await lookOnce(practice);
		setN8nClock(-60 * MINUTE);
		practice.orocrm.faults.clear();
		await practice.n8n.look(16 * MINUTE);
		await settle(practice);
		expect(contentsOf(practice)).toEqual((quiet.get(template) as Undisturbed).contents);
	});
});

test('a ticket that changes twice within one second is brought as it is in the end, whatever n8n’s clock says', async () => {
	for (const by of [0, 5 * MINUTE, -5 * MINUTE]) {
		setN8nClock(by);
		const practice = await busyDesk('two-way');
		await settle(practice);
		const [ticket] = [...practice.zendesk.store.tickets.values()].filter(({ subject }) => String(subject).startsWith('New in Zendesk'));
		// The case wakes the pair while somebody is at the ticket.
		practice.orocrm.store.update('cases', practice.caseOf(ticket).id as number, { priority: 'low', updatedAt: practice.orocrm.store.now() });
		practice.zendesk.faults.add({ method: 'GET', path: '/tickets/show_many', times: 1, effect: { kind: 'meanwhile', when: 'before', work: () => void practice.zendesk.store.updateTicket(ticket.id, { subject: 'Changed once' }) } });
		practice.zendesk.faults.add({ method: 'GET', path: '/tickets/show_many', times: 1, effect: { kind: 'meanwhile', when: 'after', work: () => void practice.zendesk.store.updateTicket(ticket.id, { subject: 'Changed twice' }) } });
		const before = practice.zendesk.calls.all().length;
		await practice.n8n.look(2 * MINUTE, 'OroCRM Cases Trigger');
		const made = practice.zendesk.calls.all().slice(before);
		const untilWritten = made.slice(0, made.findIndex(({ method, path }) => method === 'PUT' && path.includes('/tickets/')));
		// Read once more when the second was over, and only then written.
		expect(untilWritten.filter(({ path }) => path.endsWith('show_many.json'))).toHaveLength(2);
		expect(practice.caseOf(ticket).subject).toBe('Changed twice');
		await closeAll();
	}
});

test.each([
	['fast', 5 * MINUTE],
	['slow', -5 * MINUTE],
])('“from now on”, with a clock of n8n that is five minutes %s: nothing that changes after the activation is left out', async (_name, by) => {
	setN8nClock(by);
	const practice = await startActive({ zendesk: { limits: 'off' }, edit: (json) => setParameters(json, TRIGGER, { startFrom: 'now' }) });
	const ticket = practice.ticket({ subject: 'Made a minute after the activation' });
	await practice.n8n.look(MUCH_LATER);
	expect(practice.expectOneCaseEach([ticket])).toBe(1);
});
