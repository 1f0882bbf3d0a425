import { eventually, everyTicketHasOneCase, START_TIMEOUT, startTestSandbox, type TestSandbox } from './support';

/** As shipped, but for what a builder sets, and for looks in seconds: a test doesn't wait a minute for each step. */
const settings: Record<string, Record<string, unknown>> = {
	'Zendesk Tickets Trigger': { interval: 8, unit: 'seconds' },
	'OroCRM Cases Trigger': { interval: 5, unit: 'seconds', publish: 'some', sources: ['phone'] },
};

interface SavedWorkflow {
	name: string;
	nodes: Array<{ name: string; parameters: Record<string, unknown> }>;
	connections: object;
	settings: object;
}

describe('the two-way template in a real n8n', () => {
	let sandbox: TestSandbox;
	/** A ticket that a customer wrote, its case, and an agent who is known on both sides. */
	let ticketId: number;
	let caseId: string;
	const ANNA = 'anna.keller@example.com';

	beforeAll(async () => {
		sandbox = await startTestSandbox({
			twoWay: true,
			adjust: (template) => {
				if (template.id !== 'two-way-sync') return template;
				for (const node of template.nodes) Object.assign(node.parameters as object, settings[node.name] ?? {});
				return template;
			},
		});
	}, START_TIMEOUT);
	afterAll(async () => await sandbox?.remove());

	const ticket = async () => await sandbox.zendeskFromOutside.ticket(ticketId);
	const oroCase = async () => await sandbox.oroFromOutside.caseOf(ticketId);

	/** Both sides edited with nobody looking, as between two looks of the triggers. A run that has begun reads until its end, with the settings of its beginning. */
	async function whileNobodyLooks(edit: () => Promise<void>): Promise<void> {
		const { client } = sandbox.n8n;
		await client.deactivate('two-way-sync');
		await eventually(async () => {
			const { data } = await client.request<{ data: unknown[] }>('GET', '/executions?workflowId=two-way-sync&status=running');
			expect(data).toEqual([]);
		});
		await edit();
		await client.activate('two-way-sync');
	}

	/** A run whose result has this conflict, and which went on to the place where people hear of conflicts. */
	async function expectTold(conflict: Record<string, unknown>): Promise<void> {
		await eventually(async () => {
			const { data } = await sandbox.n8n.client.request<{ data: Execution[] }>('GET', '/executions?workflowId=two-way-sync&includeData=true&limit=25');
			const heard = data
				.flatMap((run) => run.data.resultData.runData['Somewhere to Hear of Conflicts'] ?? [])
				.flatMap((node) => node.data?.main[0] ?? [])
				.map((item) => item.json.result)
				.filter((result) => result.ticketId === ticketId)
				.flatMap((result) => result.conflicts);
			expect(heard).toContainEqual(expect.objectContaining(conflict));
		}, 20_000);
	}

	test('is active with the page that publishes a case; one-way sync is not', async () => {
		const { client } = sandbox.n8n;
		expect(await Promise.all(['two-way-sync', 'publish-a-case', 'one-way-sync'].map(async (id) => await client.isActive(id)))).toEqual([true, true, false]);
	});

	test('brings every ticket of the account to OroCRM as exactly one case', async () => {
		expect(await everyTicketHasOneCase(sandbox)).toBeGreaterThan(20);
	});

	test('a new ticket becomes a case', async () => {
		ticketId = await sandbox.zendeskFromOutside.createByForm('The lamp flickers', 'Since Monday it goes on and off.');
		const made = await eventually(oroCase);
		expect(made).toMatchObject({ subject: 'The lamp flickers', priority: 'high', status: 'open' });
		caseId = made.id;
	});

	test('an edit of the case reaches its ticket', async () => {
		await sandbox.oroFromOutside.editByForm(caseId, { subject: 'The lamp in the hall flickers', status: 'In Progress' });
		await eventually(async () => expect(await ticket()).toMatchObject({ subject: 'The lamp in the hall flickers', status: 'pending', priority: 'high' }));
	});

	test('an edit of the ticket reaches its case', async () => {
		await sandbox.zendeskFromOutside.editByForm(ticketId, { status: 'Solved' });
		await eventually(async () => expect(await oroCase()).toMatchObject({ subject: 'The lamp in the hall flickers', status: 'closed' }));
	});

	test('comments go both ways, once, in the name of who wrote them; internal ones stay internal', async () => {
		const { zendeskFromOutside, oroFromOutside } = sandbox;
		await oroFromOutside.commentByForm(caseId, 'We send you a new switch.', 'public', ANNA);
		await oroFromOutside.commentByForm(caseId, 'Third lamp of this batch.', 'private', ANNA);
		await zendeskFromOutside.commentByForm(ticketId, 'The switch has arrived.', 'public');
		await eventually(async () => {
			const comments = await zendeskFromOutside.comments(ticketId);
			expect(comments.filter(({ body }) => body.includes('We send you a new switch.'))).toEqual([{ body: 'We send you a new switch.', public: true, author: ANNA }]);
			expect(comments.filter(({ body }) => body.includes('Third lamp of this batch.'))).toEqual([{ body: 'Third lamp of this batch.', public: false, author: ANNA }]);
			expect((await oroCase()).comments.filter((text) => text.includes('The switch has arrived.'))).toHaveLength(1);
		});
	});

	test('the same field changed on both sides: remote wins, the rest is merged, and the run says so', async () => {
		await whileNobodyLooks(async () => {
			await sandbox.zendeskFromOutside.editByForm(ticketId, { priority: 'Urgent', status: 'Open' });
			await sandbox.oroFromOutside.editByForm(caseId, { priority: 'Low', subject: 'The lamp in the kitchen flickers' });
		});
		await eventually(async () => {
			expect(await ticket()).toMatchObject({ priority: 'urgent', subject: 'The lamp in the kitchen flickers' });
			expect(await oroCase()).toMatchObject({ priority: 'high', subject: 'The lamp in the kitchen flickers', status: 'open' });
		});
		await expectTold({ field: 'priority', remote: 'high', local: 'low', winner: 'remote' });
	});

	test('local wins, once it is set so', async () => {
		const { client } = sandbox.n8n;
		await whileNobodyLooks(async () => {
			const { name, nodes, connections, settings: kept } = await client.request<SavedWorkflow>('GET', '/workflows/two-way-sync');
			for (const node of nodes) if (node.name === 'Publish Case') node.parameters.winner = 'local';
			await client.request('PUT', '/workflows/two-way-sync', { name, nodes, connections, settings: kept });
			await sandbox.zendeskFromOutside.editByForm(ticketId, { priority: 'Normal' });
			await sandbox.oroFromOutside.editByForm(caseId, { priority: 'Low' });
		});
		await eventually(async () => {
			expect(await ticket()).toMatchObject({ priority: 'low' });
			expect(await oroCase()).toMatchObject({ priority: 'low' });
		});
		await expectTold({ field: 'priority', remote: 'normal', local: 'low', winner: 'local' });
	});

	test('a new case is published when the filter of the trigger lets it through, and only then', async () => {
		const { oroFromOutside, zendeskFromOutside } = sandbox;
		const other = await oroFromOutside.createCase('From the web shop', 'Not for Zendesk.', 'web');
		const phoned = await oroFromOutside.createCase('The customer called', 'Wants a blue lamp.', 'phone');
		const published = await eventually(async () => {
			const id = await oroFromOutside.ticketOf(phoned);
			expect(id).toBeDefined();
			return id as number;
		});
		expect(await zendeskFromOutside.ticket(published)).toMatchObject({ subject: 'The customer called', external_id: `orocrm-case-${phoned}` });
		expect((await zendeskFromOutside.comments(published)).map(({ body }) => body)).toEqual(['Wants a blue lamp.']);
		expect(await oroFromOutside.ticketOf(other)).toBeUndefined();
		expect((await zendeskFromOutside.tickets()).filter((one) => one.subject === 'From the web shop')).toEqual([]);
	});

	test('then nobody writes anything any more', async () => {
		const writes = () => ({
			zendesk: sandbox.zendesk.calls.all().filter((call) => call.method !== 'GET' && call.path !== '/oauth/tokens').length,
			orocrm: sandbox.orocrm.calls.all().filter((call) => call.effectiveMethod !== 'GET' && call.path !== '/oauth2-token').length,
		});
		let before = writes();
		// What was written comes back by the triggers once; after that there are looks, but no writes.
		await eventually(async () => {
			const looked = sandbox.zendesk.calls.all().filter((call) => call.path.includes('/incremental/')).length;
			const quietSince = before;
			await new Promise((resolve) => setTimeout(resolve, 20_000));
			before = writes();
			expect(before).toEqual(quietSince);
			expect(sandbox.zendesk.calls.all().filter((call) => call.path.includes('/incremental/')).length).toBeGreaterThan(looked);
		}, 80_000);
		expect(await everyTicketHasOneCase(sandbox)).toBeGreaterThan(20);
	});

	test("keeps Zendesk's rate limits, and no run failed", async () => {
		expect(sandbox.zendesk.limitBreaches()).toBe(0);
		const failed = await sandbox.n8n.client.request<{ data: unknown[] }>('GET', '/executions?workflowId=two-way-sync&status=error');
		expect(failed.data).toEqual([]);
	});
});

interface Execution {
	data: { resultData: { runData: Record<string, Array<{ data?: { main: Array<Array<{ json: { result: Told } }> | null> } }>> } };
}

interface Told {
	ticketId: number;
	conflicts: Array<Record<string, unknown>>;
}
