import { published } from '../support/n8n-harness';
import { closeAll, startActive } from '../support/practice';
import type { Practice } from '../support/practice';
import type { Ticket } from '../../sandbox/zendesk/types';

/** What many new tickets cost OroCRM, all of it counted: with the overlay they go in synchronous batches. */

const report: string[] = [];
afterAll(() => console.log(['OroCRM requests:', ...report].join('\n')));
afterEach(closeAll);

/** New tickets with three comments each, from several people. */
function fill(practice: Practice, tickets: number, people: number): Ticket[] {
	const agent = practice.agent('Anna Keller');
	practice.oroUser('Anna', agent.email ?? '');
	const customers = Array.from({ length: people }, (_, index) => practice.person(`Customer ${index}`, { email: `customer.${index}@example.com` }));
	return Array.from({ length: tickets }, (_, index) => {
		const customer = customers[index % people];
		const ticket = practice.ticket({ subject: `Order ${index}`, requester_id: customer.id, submitter_id: customer.id, assignee_id: agent.id });
		practice.zendesk.store.addComment(ticket.id, { body: 'We are looking into it.', public: true, author_id: agent.id });
		practice.zendesk.store.addComment(ticket.id, { body: 'The depot has it.', public: false, author_id: agent.id });
		return ticket;
	});
}

test.each([
	{ name: 'with the overlay', overlay: true, requests: 260 },
	{ name: 'stock', overlay: false, requests: 1_040 },
])('1,000 new tickets with 3 comments each, $name: at most $requests requests to OroCRM', async ({ name, overlay, requests }) => {
	const practice = await startActive({ orocrm: { version: '6.1.11', overlay } });
	const tickets = fill(practice, 1_000, 100);
	practice.resetCounts();

	const run = await practice.sync();
	const { oroReads, oroWrites } = practice.counts();
	const batches = practice.orocrm.calls.all().filter((call) => call.method === 'PATCH' && call.path.endsWith('/zendesktickets')).length;
	report.push(`${name}: ${oroReads} reads, ${oroWrites} writes, ${batches} of them batches`);

	expect(new Set(published(run).map((pair) => pair.result.outcome))).toEqual(new Set(['created']));
	expect(practice.expectOneCaseEach(tickets)).toBe(1_000);
	expect(practice.count('casecomments')).toBe(3_000);
	expect(practice.count('zendeskticketcomments')).toBe(3_000);
	expect(practice.count('contacts')).toBe(100);
	practice.expectNobodyTwice();
	expect(oroReads + oroWrites).toBeLessThanOrEqual(requests);
	expect(batches > 0).toBe(overlay);
}, 240_000);

describe('with the overlay', () => {
	const FAULTS = [
		{ name: 'the answer to a batch is lost after it was carried out', kind: 'cut-after' as const },
		{ name: 'the connection is cut before a batch is carried out', kind: 'cut-before' as const },
	];

	test.each(FAULTS)('$name: every ticket has one case, nobody is there twice', async ({ kind }) => {
		const practice = await startActive({ orocrm: { version: '6.1.11', overlay: true } });
		// Tickets of the same new people wait for each other, also while a batch is looked for again.
		const tickets = fill(practice, 60, 20);
		practice.orocrm.faults.add({ method: 'PATCH', path: '/zendesktickets$', times: 2, effect: { kind } });
		const run = await practice.sync();
		expect(published(run).map((pair) => pair.result.outcome)).toEqual(Array(60).fill('created'));
		expect(practice.expectOneCaseEach(tickets)).toBe(60);
		expect(practice.count('casecomments')).toBe(180);
		expect(practice.count('contacts')).toBe(20);
		practice.expectNobodyTwice();
	});

	test('without an integration no batch is sent, for nothing would forbid a second record', async () => {
		const practice = await startActive({ orocrm: { version: '6.1.11', overlay: true }, channel: false });
		const tickets = fill(practice, 20, 5);
		await practice.sync();
		expect(practice.expectOneCaseEach(tickets)).toBe(20);
		expect(practice.orocrm.calls.all().filter((call) => call.method === 'PATCH' && call.path.endsWith('/zendesktickets'))).toHaveLength(0);
	});
});
