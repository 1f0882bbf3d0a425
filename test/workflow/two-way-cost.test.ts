import { forgetCommentCounts } from '../../zendesk/comment-count';
import type { Row } from '../../sandbox/orocrm/schema/types';
import type { Ticket } from '../../sandbox/zendesk/types';
import { published } from '../support/n8n-harness';
import { closeAll, only, startActive } from '../support/practice';
import type { Practice } from '../support/practice';
import { letPass } from '../support/virtual-time';

/** What two-way sync costs, counted by the practice servers, Zendesk's limits in force: after 1,000 tickets with three comments are linked. */

const LINKED = 1_000;
const EDITED = 10;

const report: string[] = [];
afterAll(() => console.log(['Requests of two-way sync:', ...report].join('\n')));
afterAll(closeAll);

/** Tickets with three comments each, one of them internal. */
function fill(practice: Practice): Ticket[] {
	const agent = practice.agent('Anna Keller');
	practice.oroUser('Anna', agent.email ?? '');
	const customers = Array.from({ length: 100 }, (_, index) => practice.person(`Customer ${index}`, { email: `customer.${index}@example.com` }));
	return Array.from({ length: LINKED }, (_, index) => {
		const customer = customers[index % customers.length];
		const ticket = practice.zendesk.store.createTicket({ subject: `Order ${index}`, description: 'Where is it?', requester_id: customer.id, submitter_id: customer.id, assignee_id: agent.id }, { channel: 'email' });
		practice.zendesk.store.addComment(ticket.id, { body: 'We are looking into it.', public: true, author_id: agent.id }, { channel: 'web' });
		practice.zendesk.store.addComment(ticket.id, { body: 'The depot has it.', public: false, author_id: agent.id }, { channel: 'web' });
		return ticket;
	});
}

/** Requests since the last reset: those of the runs, without the triggers' own looks and without tokens. */
function requests(practice: Practice) {
	const zendesk = practice.zendesk.calls.all().filter(({ path }) => !path.startsWith('/oauth') && !path.includes('/incremental/'));
	const orocrm = practice.orocrm.calls.all().filter(({ path }) => path !== '/oauth2-token');
	const isRead = (call: { effectiveMethod: string }) => call.effectiveMethod === 'GET';
	return {
		zendeskReads: zendesk.filter(isRead).length,
		zendeskWrites: zendesk.filter((call) => !isRead(call)).length,
		commentReads: zendesk.filter(({ path }) => path.endsWith('/comments.json')).length,
		oroReads: orocrm.filter(isRead).length,
		oroWrites: orocrm.filter((call) => !isRead(call)).length,
	};
}

/** People, statuses, integrations: what doesn't change while a run writes. */
const STANDING = /\/(?:users|contacts|zendeskusers|userprofile|integrationchannels|casestatuses|casepriorities)\b/;

/** Questions about what doesn't change in a run that were asked more than once. */
function askedTwice(practice: Practice): string[] {
	const asked = [...practice.zendesk.calls.all(), ...practice.orocrm.calls.all()].filter((call) => call.effectiveMethod === 'GET' && STANDING.test(call.path)).map(({ path, query }) => `${path} ${JSON.stringify(query)}`);
	return asked.filter((address, index) => asked.indexOf(address) !== index);
}

describe.each([
	['stock', false],
	['with the overlay', true],
])('%s', (name, overlay) => {
	let practice: Practice;
	let tickets: Ticket[];
	let next = 0;

	/** The next linked tickets that nothing was done about yet. */
	const some = () => tickets.slice(next, (next += EDITED));
	const edit = (oroCase: Row, values: Record<string, unknown>) => void practice.orocrm.store.update('cases', oroCase.id, { ...values, updatedAt: practice.orocrm.store.now() });
	const comment = (oroCase: Row, message: string) => {
		const { store } = practice.orocrm;
		store.insert('casecomments', { case: oroCase.id, message, public: true, owner: 1, organization: 1, createdAt: store.now(), updatedAt: store.now() });
	};
	const newCase = (subject: string) => {
		const { store } = practice.orocrm;
		const [contact] = store.all('contacts');
		return store.insert('cases', { subject, description: 'Made by phone.', source: 'phone', status: 'open', priority: 'normal', relatedContact: contact.id, assignedTo: 1, owner: 1, organization: 1, reportedAt: store.now(), createdAt: store.now(), updatedAt: null });
	};
	const note = (what: string, { zendeskReads, zendeskWrites, commentReads, oroReads, oroWrites }: ReturnType<typeof requests>) => {
		report.push(`${name.padEnd(17)} ${what.padEnd(32)} Zendesk ${zendeskReads} reads (${commentReads} of comments), ${zendeskWrites} writes  OroCRM ${oroReads} reads, ${oroWrites} writes`);
	};
	/** Both triggers look until neither finds anything. */
	const settle = async () => {
		for (let look = 0; look < 10; look++) {
			letPass(120_000);
			if ((await practice.n8n.look()).length === 0) return;
		}
		throw new Error('The two sides never come to rest.');
	};
	/** One look of both triggers, which starts one run, and what it costs. */
	const costOf = async (what: string) => {
		letPass(120_000);
		practice.resetCounts();
		const run = only(await practice.n8n.look(), 'runs');
		expect(run.status).toBe('success');
		const counts = requests(practice);
		note(what, counts);
		expect(published(run).filter((pair) => pair.result.outcome !== 'unchanged')).toHaveLength(EDITED);
		expect(askedTwice(practice)).toEqual([]);
		expect(practice.zendesk.limitBreaches()).toBe(0);
		return counts;
	};

	beforeAll(async () => {
		forgetCommentCounts();
		practice = await startActive({ template: 'two-way', orocrm: { version: '6.1.11', overlay }, twoWay: { cases: { startFrom: 'everything', publish: 'all' } } });
		tickets = fill(practice);
		practice.resetCounts();
		await practice.n8n.look();
		note(`${LINKED} new`, requests(practice));
		expect(askedTwice(practice)).toEqual([]);
		await settle();
		expect(practice.expectOneCaseEach(tickets)).toBe(LINKED);
	}, 300_000);

	test('nothing new from either side: one look of each trigger', async () => {
		letPass(120_000);
		practice.resetCounts();
		expect(await practice.n8n.look()).toEqual([]);
		const counts = requests(practice);
		note('nothing new', counts);
		expect(practice.counts()).toMatchObject({ exports: 1, zendesk: 1, oroWrites: 0 });
		expect(counts.oroReads).toBeLessThanOrEqual(4);
	}, 120_000);

	test('10 cases edited in OroCRM: 10 changes, 2 reads of Zendesk', async () => {
		const edited = some();
		for (const ticket of edited) edit(practice.caseOf(ticket), { subject: `Changed ${ticket.id}`, priority: 'high' });
		const counts = await costOf('10 cases edited');
		for (const ticket of edited) expect(practice.zendesk.store.tickets.get(ticket.id)).toMatchObject({ subject: `Changed ${ticket.id}`, priority: 'high' });
		expect(counts).toMatchObject({ zendeskWrites: EDITED, commentReads: 0, oroWrites: EDITED });
		expect(counts.zendeskReads).toBeLessThanOrEqual(3);
		expect(counts.oroReads).toBeLessThanOrEqual(16);
		// What comes back is known by its dates.
		letPass(120_000);
		practice.resetCounts();
		await practice.n8n.look();
		note('the look after', requests(practice));
		expect(requests(practice)).toMatchObject({ zendeskReads: 0, zendeskWrites: 0, oroWrites: 0 });
		await settle();
	}, 120_000);

	test('10 comments written in OroCRM: 10 changes, at most 4 reads of Zendesk', async () => {
		const edited = some();
		for (const ticket of edited) comment(practice.caseOf(ticket), `Answer to ${ticket.id}`);
		const counts = await costOf('10 comments written');
		for (const ticket of edited) expect(practice.zendesk.store.commentsOf(ticket.id).at(-1)?.body).toContain(`Answer to ${ticket.id}`);
		expect(counts).toMatchObject({ zendeskWrites: EDITED, commentReads: 0, oroWrites: EDITED });
		expect(counts.zendeskReads).toBeLessThanOrEqual(4);
		expect(counts.oroReads).toBeLessThanOrEqual(22);
		await settle();
	}, 120_000);

	test('10 tickets edited in Zendesk: one change of OroCRM each, the comments of each read once', async () => {
		const edited = some();
		for (const ticket of edited) practice.zendesk.store.updateTicket(ticket.id, { subject: `Changed ${ticket.id}`, priority: 'urgent' }, { channel: 'web' });
		const counts = await costOf('10 tickets edited');
		for (const ticket of edited) expect(practice.caseOf(ticket)).toMatchObject({ subject: `Changed ${ticket.id}`, priority: 'high' });
		expect(counts).toMatchObject({ zendeskWrites: 0, oroWrites: EDITED });
		expect(counts.zendeskReads).toBeLessThanOrEqual(EDITED);
		expect(counts.oroReads).toBeLessThanOrEqual(16);
		await settle();
	}, 120_000);

	test('10 cases published: for each one look for its ticket, the creation and its record', async () => {
		const made = Array.from({ length: EDITED }, (_, index) => newCase(`By phone ${index}`));
		const counts = await costOf('10 cases published');
		const records = practice.all('zendesktickets');
		for (const { id } of made) expect(records.filter((record) => record.relatedCase === id)).toHaveLength(1);
		expect(counts).toMatchObject({ zendeskWrites: EDITED, commentReads: 0 });
		expect(counts.zendeskReads).toBeLessThanOrEqual(EDITED + 6);
		expect(counts.oroWrites).toBeLessThanOrEqual(EDITED);
		expect(counts.oroReads).toBeLessThanOrEqual(50);
		await settle();
	}, 120_000);
});
