import { forgetServers } from '../../orocrm/server-knowledge';
import type { PracticeOroCrmOptions } from '../../sandbox/orocrm/server';
import type { Ticket } from '../../sandbox/zendesk/types';
import { published } from '../support/n8n-harness';
import { closeAll, startActive } from '../support/practice';
import type { Counts, Practice } from '../support/practice';

/** What a sync costs, counted by the practice servers. Zendesk's rate limits are in force. */

interface Server {
	name: string;
	options: PracticeOroCrmOptions;
	tickets: number;
	people: number;
	/** Most OroCRM requests for 1,000 unchanged tickets: without keys there is one more look, at the number of comments. */
	unchanged: number;
}

const SERVERS: Server[] = [
	{ name: 'stock 6.1.11', options: { version: '6.1.11' }, tickets: 1_000, people: 300, unchanged: 4 },
	{
		name: '6.1.11 with the overlay',
		options: { version: '6.1.11', overlay: true },
		tickets: 300,
		people: 100,
		unchanged: 4,
	},
	{ name: 'stock 5.1', options: { version: '5.1' }, tickets: 300, people: 100, unchanged: 6 },
	{ name: 'stock 7.0.0', options: { version: '7.0.0' }, tickets: 300, people: 100, unchanged: 6 },
];

const report: string[] = [];
afterAll(() => console.log(['Requests:', ...report].join('\n')));
afterEach(closeAll);

function note(server: string, what: string, counts: Counts): void {
	const { exports, comments, zendesk, oroReads, oroWrites } = counts;
	report.push(
		`${server.padEnd(24)} ${what.padEnd(34)} Zendesk ${zendesk} (${exports} export, ${comments} comments)  OroCRM ${oroReads} reads, ${oroWrites} writes`,
	);
}

/** New tickets, some with a comment of an agent. */
function fill(practice: Practice, { tickets, people: persons }: Server): Ticket[] {
	const agents = ['Anna Keller', 'Ben Okafor', 'Chiara Rossi'].map((name) => practice.agent(name));
	practice.oroUser('Anna', agents[0].email ?? '');
	const people = Array.from({ length: persons }, (_, index) =>
		practice.person(`Customer ${index}`, { email: `customer.${index}@example.com` }),
	);
	return Array.from({ length: tickets }, (_, index) => {
		const { id } = people[index % persons];
		const ticket = practice.zendesk.store.createTicket(
			{
				subject: `Order ${index} is late`,
				description: 'Where is it?',
				requester_id: id,
				submitter_id: id,
				assignee_id: index % 4 === 3 ? null : agents[index % 3].id,
				priority: (['low', 'normal', 'high', 'urgent'] as const)[index % 4],
			},
			{ channel: 'email' },
		);
		if (index % 5 === 0)
			practice.zendesk.store.addComment(
				ticket.id,
				{ body: 'We are looking into it.', public: index % 2 === 0, author_id: agents[0].id },
				{ channel: 'web' },
			);
		return ticket;
	});
}

describe.each(SERVERS)('$name', (server) => {
	const { name, options, unchanged, people } = server;
	test('new: a request to Zendesk for 1,000 tickets and for 1,000 events, one write a ticket, at most 40 reads of OroCRM; again unchanged and nothing new: next to nothing', async () => {
		const practice = await startActive({ orocrm: options });
		const tickets = fill(practice, server);
		practice.resetCounts();

		await practice.sync();
		const first = practice.counts();
		note(name, `${tickets.length} new, ${people} people`, first);
		expect(practice.expectOneCaseEach(tickets)).toBe(tickets.length);
		expect(practice.count('contacts')).toBe(people);
		expect(practice.count('casecomments')).toBe(tickets.length * 1.2);
		practice.expectNobodyTwice();
		// A page that is exactly full says that there may be more (zendesk-api.md §3), so one more look finds nothing.
		const exports = practice.zendesk.calls.all().filter((call) => call.path.includes('/incremental/tickets/'));
		expect(exports.filter((call) => call.responseBytes > 500)).toHaveLength(1);
		expect(exports[0].query.include).toContain('users');
		expect(exports).toHaveLength(tickets.length === 1_000 ? 2 : 1);
		// How the 1,200 events fall into pages depends on the seconds in which they were made: a second comes whole.
		const events = first.exports - exports.length;
		expect(events).toBeGreaterThanOrEqual(1);
		expect(events).toBeLessThanOrEqual(2);
		expect(first.comments).toBe(0);
		expect(first.zendesk).toBe(first.exports);
		expect(first.oroWrites).toBeLessThanOrEqual(tickets.length);
		expect(first.oroReads).toBeLessThanOrEqual(40);
		expect(practice.zendesk.limitBreaches()).toBe(0);

		practice.resetCounts();
		expect(await practice.n8n.look()).toHaveLength(0);
		const nothing = practice.counts();
		note(name, 'nothing new', nothing);
		expect(nothing).toEqual({ exports: 1, comments: 0, zendesk: 1, oroReads: 0, oroWrites: 0 });

		// After a restart the batch comes again: everything that was known of the server is forgotten, too.
		for (const cold of [false, true]) {
			if (cold) forgetServers();
			await practice.n8n.restart();
			practice.resetCounts();
			const again = await practice.sync();
			const repeated = practice.counts();
			note(name, cold ? 'unchanged, after a restart' : 'unchanged', repeated);
			expect(new Set(published(again).map((pair) => pair.result.outcome))).toEqual(new Set(['unchanged']));
			expect(published(again).length).toBe(tickets.length);
			expect(repeated).toMatchObject({ comments: 0, oroWrites: 0 });
			// That they are unchanged, OroCRM tells later: the trigger has read their events by then.
			expect(repeated.zendesk).toBeLessThanOrEqual(exports.length + 2);
			expect(repeated.oroReads).toBeLessThanOrEqual(unchanged);
		}
	}, 240_000);
});
