import type { OroVersion } from '../../sandbox/orocrm/version';
import { published, PUBLISH } from '../support/n8n-harness';
import { closeAll, setParameters, startActive, startBeside, startPractice } from '../support/practice';
import type { PracticeOptions } from '../support/practice';

/** Versions and kinds of OroCRM, several Zendesk accounts, problems and incidents, preview. */

afterEach(closeAll);

const VERSIONS: Array<{ version: OroVersion; overlay: boolean; channel: boolean; apiPath?: '/admin/api' }> = [
	{ version: '5.1', overlay: false, channel: true },
	{ version: '5.1', overlay: true, channel: false },
	{ version: '6.1.11', overlay: false, channel: false },
	{ version: '6.1.11', overlay: true, channel: true },
	{ version: '7.0.2', overlay: false, channel: true },
	{ version: '7.0.2', overlay: true, channel: false, apiPath: '/admin/api' },
];

describe.each(VERSIONS)(
	'OroCRM $version, overlay: $overlay, integration chosen: $channel',
	({ channel, ...orocrm }) => {
		test('new, changed, unchanged: one case each, the change arrives, the repetition writes nothing', async () => {
			const practice = await startActive({ orocrm, channel });
			const maria = practice.person('Maria Santos');
			const tickets = Array.from({ length: 5 }, (_, index) =>
				practice.ticket({ subject: `Order ${index}`, requester_id: maria.id }),
			);
			const run = await practice.sync();
			expect(practice.expectOneCaseEach(tickets)).toBe(5);
			expect(practice.recordOf(tickets[0]).channel).toBe(practice.channel);
			const { links, caseId } = published(run)[0].result;
			expect(links).toEqual({
				ticket: `${practice.zendesk.url}/agent/tickets/${tickets[0].id}`,
				case: `${practice.orocrm.url}${orocrm.apiPath ? '/admin' : ''}/case/view/${caseId}`,
			});

			practice.zendesk.store.updateTicket(tickets[1].id, { status: 'solved', comment: { body: 'Delivered.' } });
			await practice.sync();
			expect(practice.caseOf(tickets[1]).status).toBe('closed');
			expect(practice.commentsOf(tickets[1])).toHaveLength(2);

			practice.resetCounts();
			await practice.n8n.restart();
			expect(published(await practice.sync())[0].result.outcome).toBe('unchanged');
			expect(practice.counts()).toMatchObject({ oroWrites: 0, comments: 0 });
			expect(practice.expectOneCaseEach(tickets)).toBe(5);
			expect(practice.count('contacts')).toBe(1);
		});
	},
);

describe('problems and incidents', () => {
	const tickets = (practice: Awaited<ReturnType<typeof startActive>>, order: 'problem first' | 'incidents first') => {
		const incidents = () => [1, 2].map((index) => practice.ticket({ type: 'incident', subject: `No e-mail ${index}` }));
		const early = order === 'incidents first' ? incidents() : [];
		const problem = practice.ticket({ type: 'problem', subject: 'Server down' });
		const all = order === 'incidents first' ? early : incidents();
		for (const incident of all) practice.zendesk.store.updateTicket(incident.id, { problem_id: problem.id });
		return { problem, incidents: all };
	};

	test.each(['problem first', 'incidents first'] as const)(
		'in one batch, %s: the link is made, one write a ticket',
		async (order) => {
			const practice = await startActive();
			const { problem, incidents } = tickets(practice, order);
			await practice.sync();
			for (const incident of incidents) expect(practice.recordOf(incident).problem).toBe(practice.recordOf(problem).id);
			expect(practice.expectOneCaseEach([problem, ...incidents])).toBe(3);
		},
	);

	test.each([false, true])(
		'incidents in an earlier run than their problem (overlay: %s): tied when it comes',
		async (overlay) => {
			const practice = await startActive({ orocrm: { overlay } });
			const { problem, incidents } = tickets(practice, 'incidents first');
			// The problem is older than all that is exported: it comes only with its next change.
			setParameters(practice.n8n.json, 'Zendesk Tickets Trigger', { options: { tags: 'incident' } });
			await practice.n8n.restart();
			for (const incident of incidents) practice.zendesk.store.updateTicket(incident.id, { tags: ['incident'] });
			const run = await practice.sync();
			expect(practice.count('cases')).toBe(2);
			expect(published(run)[0].result.notes).toContain(
				`The problem ticket ${problem.id} is not in OroCRM (yet): the link is made when it comes.`,
			);
			practice.zendesk.store.updateTicket(problem.id, { tags: ['incident'] });
			await practice.sync();
			for (const incident of incidents) expect(practice.recordOf(incident).problem).toBe(practice.recordOf(problem).id);
		},
	);
});

test.each([
	{ channel: true, overlay: false },
	{ channel: false, overlay: true },
	{ channel: true, overlay: false, version: '5.1' as const },
])(
	'two Zendesk accounts with the same ticket numbers in one OroCRM ($channel, $overlay, $version): each ticket has its own case',
	async ({ channel, ...orocrm }) => {
		const acme = await startActive({ zendesk: { subdomainUrl: 'https://acme.zendesk.com' }, orocrm, channel });
		const other = await startBeside(acme, { subdomainUrl: 'https://other.zendesk.com' }, channel ? 'own' : 'none');
		const [first, second] = [acme.ticket({ subject: 'Of Acme' }), other.ticket({ subject: 'Of the other' })];
		expect(first.id).toBe(second.id);
		await acme.sync();
		await other.sync();
		acme.zendesk.store.updateTicket(first.id, { subject: 'Of Acme, changed' });
		await acme.sync();
		await other.n8n.restart();
		expect(published(await other.sync())[0].result.outcome).toBe('unchanged');
		expect(
			acme
				.all('cases')
				.map((row) => row.subject)
				.sort(),
		).toEqual(['Of Acme, changed', 'Of the other']);
		expect(acme.count('zendesktickets')).toBe(2);
	},
);

test.each([{ overlay: false }, { overlay: true }])(
	'a renamed Zendesk account with the integration chosen ($overlay): found by the integration’s unique row, updated, not doubled',
	async (orocrm) => {
		const zendesk = { subdomainUrl: 'https://old-name.zendesk.com' };
		const practice = await startActive({ zendesk, orocrm });
		const ticket = practice.ticket({ requester_id: practice.person('Maria Santos').id });
		await practice.sync();
		const before = practice.caseOf(ticket).id;
		zendesk.subdomainUrl = 'https://new-name.zendesk.com';
		practice.zendesk.store.updateTicket(ticket.id, { subject: 'Under a new name', comment: { body: 'Still here.' } });
		await practice.sync();
		expect(practice.caseOf(ticket)).toMatchObject({ id: before, subject: 'Under a new name' });
		expect(practice.commentsOf(ticket)).toHaveLength(2);
		expect(practice.recordOf(ticket).url).toContain('new-name');
		practice.zendesk.store.updateTicket(ticket.id, { priority: 'high' });
		const [pair] = published(await practice.sync());
		expect(pair.result.outcome).toBe('updated');
		expect(practice.expectOneCaseEach([ticket])).toBe(1);
		practice.expectNobodyTwice();
	},
);

test('two accounts and one integration that nobody chose: the second account’s ticket is a failed item that says what to choose', async () => {
	const acme = await startActive({ zendesk: { subdomainUrl: 'https://acme.zendesk.com' }, chosen: false });
	const other = await startBeside(acme, { subdomainUrl: 'https://other.zendesk.com' }, 'none');
	const ticket = acme.ticket({ subject: 'Of Acme' });
	await acme.sync();
	expect(acme.recordOf(ticket).channel).toBe(acme.channel);
	other.ticket({ subject: 'Of the other' });
	await other.sync();
	expect(acme.caseOf(ticket).subject).toBe('Of Acme');
	expect(acme.count('cases')).toBe(1);
	expect(other.n8n.failedItems()).toMatchObject([
		{
			ticket: '1',
			error: expect.stringMatching(
				/already has a ticket 1, of acme\.zendesk\.com\. Choose the integration in Publish Case/,
			),
		},
	]);
});

test('an integration that is active: everything arrives, and the result warns', async () => {
	const practice = await startActive();
	practice.orocrm.store.update('integrationchannels', practice.channel as number, { enabled: true });
	const ticket = practice.ticket();
	const [pair] = published(await practice.sync());
	expect(practice.expectOneCaseEach([ticket])).toBe(1);
	expect(pair.result.notes.join()).toMatch(/integration "Zendesk" is active.*Deactivate it/);
});

test('an integration that is gone: the run fails and says what to choose, nothing is written', async () => {
	const practice = await startActive();
	practice.orocrm.store.remove('integrationchannels', practice.channel as number);
	practice.ticket();
	const [run] = await practice.n8n.look();
	expect(run.status).toBe('error');
	expect(run.data.resultData.error?.message).toMatch(
		/OroCRM has no Zendesk integration with the ID \d+.*Choose one from the list/,
	);
	expect(practice.count('cases')).toBe(0);
});

describe('preview', () => {
	const preview: PracticeOptions['edit'] = (json) => setParameters(json, PUBLISH, { previewOnly: true });

	test('says what would be done, and writes nothing', async () => {
		const practice = await startActive({ edit: preview });
		const ticket = practice.ticket({ requester_id: practice.person('Maria Santos').id });
		const [pair] = published(await practice.sync());
		expect(pair.result).toMatchObject({
			outcome: 'created',
			preview: true,
			caseId: null,
			summary: `Preview, nothing was written. Made: a case for ticket ${ticket.id}.`,
		});
		expect(pair.result.changes.map(({ field }) => field)).toEqual([
			'subject',
			'status',
			'priority',
			'assignedTo',
			'relatedContact',
			'comment',
		]);
		expect(practice.counts().oroWrites).toBe(0);
		for (const type of ['cases', 'zendesktickets', 'zendeskusers', 'contacts', 'casecomments'])
			expect(practice.count(type)).toBe(0);
	});

	test('of a change shows from and to', async () => {
		const practice = await startPractice();
		await practice.n8n.activate();
		const ticket = practice.ticket();
		await practice.sync();
		setParameters(practice.n8n.json, PUBLISH, { previewOnly: true });
		await practice.n8n.restart();
		practice.zendesk.store.updateTicket(ticket.id, { status: 'solved' });
		practice.resetCounts();
		const [pair] = published(await practice.sync());
		expect(pair.result).toMatchObject({ preview: true, changes: [{ field: 'status', from: 'open', to: 'closed' }] });
		expect(practice.counts().oroWrites).toBe(0);
		expect(practice.caseOf(ticket).status).toBe('open');
	});
});
