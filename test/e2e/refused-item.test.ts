import { eventually, START_TIMEOUT, startTestSandbox, type TestSandbox } from './support';

const WORDS = 'This value is not allowed here by a rule of this company.';

interface DataTable {
	id: string;
	name: string;
}

interface Row {
	pair: string;
	first_failed: string;
	last_failed: string;
	next_try: string | null;
}

describe('OroCRM refuses one of many cases', () => {
	let sandbox: TestSandbox;
	let refused: number;

	beforeAll(async () => {
		sandbox = await startTestSandbox({
			// The refusal must be in place before the first look-up.
			zendesk: { seed: 'none' },
			// As shipped, but for the retries' schedule: a test doesn't wait five minutes.
			adjust: (template) => {
				for (const node of template.nodes) {
					if (node.name === 'Every Five Minutes')
						node.parameters = { rule: { interval: [{ field: 'seconds', secondsInterval: 10 }] } };
				}
				return template;
			},
		});
		const { zendeskFromOutside, orocrm } = sandbox;
		const body = JSON.stringify({ errors: [{ status: '400', title: 'company rule', detail: WORDS }] });
		const headers = { 'content-type': 'application/vnd.api+json' };
		orocrm.faults.add({
			path: '/zendesktickets',
			body: 'Refuse me',
			effect: { kind: 'answer', status: 400, headers, body },
		});
		for (const number of [1, 2, 3]) await zendeskFromOutside.createByForm(`Good ticket ${number}`, 'Text.');
		refused = await zendeskFromOutside.createByForm('Refuse me', 'Text.');
		for (const number of [4, 5, 6]) await zendeskFromOutside.createByForm(`Good ticket ${number}`, 'Text.');
	}, START_TIMEOUT);
	afterAll(async () => await sandbox?.remove());

	test('the others arrive', async () => {
		await eventually(async () => {
			const tickets = await sandbox.zendeskFromOutside.tickets();
			const cases = await sandbox.oroFromOutside.casesByTicket();
			const counts = tickets.map(({ id }) => ({ ticket: id, cases: cases.get(id)?.length ?? 0 }));
			expect(counts).toEqual(tickets.map(({ id }) => ({ ticket: id, cases: id === refused ? 0 : 1 })));
		});
	});

	const table = async () => (await sandbox.n8n.client.list<DataTable>('/data-tables')).find(({ name }) => name === 'zendesk orocrm failures');
	const rows = async () => await sandbox.n8n.client.list<Row>(`/data-tables/${(await table())?.id}/rows`);

	/** As a person edits the row of the refused ticket. */
	async function edit(data: object): Promise<void> {
		await sandbox.n8n.client.request('PATCH', `/data-tables/${(await table())?.id}/rows/update`, {
			filter: { type: 'and', filters: [{ columnName: 'ticket', condition: 'eq', value: String(refused) }] },
			data,
		});
	}

	test("it is one row in the table of failed items, with OroCRM's own words, a next try and a link", async () => {
		await eventually(async () => {
			expect(await table()).toBeDefined();
			expect(await rows()).toMatchObject([
				{
					pair: expect.stringContaining(`#${refused}`),
					ticket: String(refused),
					ticket_link: `${sandbox.zendesk.url}/agent/tickets/${refused}`,
					case_id: '',
					error: expect.stringContaining(WORDS),
					tried: 'Publish Case: POST /api/zendesktickets',
					state: 'is tried again',
					status: '400',
					attempts: 1,
					workflow: 'one-way-sync',
				},
			]);
		});
		const [row] = await rows();
		const minutes = (Date.parse(row.next_try ?? '') - Date.parse(row.first_failed)) / 60_000;
		expect(Math.round(minutes)).toBe(10);
	});

	test('an edited next try has it tried at once: still refused, its row counts on, and waits longer', async () => {
		const [before] = await rows();
		await edit({ next_try: new Date().toISOString() });
		await eventually(async () => expect(await rows()).toMatchObject([{ ticket: String(refused), attempts: 2, state: 'is tried again', first_failed: before.first_failed }]));
		const [row] = await rows();
		expect(Math.round((Date.parse(row.next_try ?? '') - Date.parse(row.last_failed)) / 60_000)).toBe(20);
	});

	test('the tenth attempt is the last: then it is left for a person', async () => {
		await edit({ attempts: 9, next_try: new Date().toISOString() });
		await eventually(async () => expect(await rows()).toMatchObject([{ ticket: String(refused), attempts: 10, state: 'left for a person', next_try: null }]));
	});

	test('the person who edits its next try, once OroCRM takes it, brings it and takes it off the table', async () => {
		sandbox.orocrm.faults.clear();
		await edit({ next_try: new Date().toISOString() });
		await eventually(async () => {
			expect((await sandbox.oroFromOutside.casesByTicket()).get(refused)).toHaveLength(1);
			expect(await rows()).toEqual([]);
		});
	});

	test('a failed ticket that goes well with its next change leaves the table, without a retry', async () => {
		const body = JSON.stringify({ errors: [{ status: '400', title: 'company rule', detail: WORDS }] });
		const headers = { 'content-type': 'application/vnd.api+json' };
		sandbox.orocrm.faults.add({ path: '/zendesktickets', body: 'Refuse me', effect: { kind: 'answer', status: 400, headers, body } });
		const other = await sandbox.zendeskFromOutside.createByForm('Refuse me, too', 'Text.');
		await eventually(async () => expect(await rows()).toMatchObject([{ ticket: String(other), attempts: 1 }]));
		await sandbox.n8n.client.deactivate('retry-failed-items');
		sandbox.orocrm.faults.clear();
		sandbox.zendesk.store.updateTicket(other, { subject: 'Take me' });
		await eventually(async () => {
			expect((await sandbox.oroFromOutside.casesByTicket()).get(other)).toHaveLength(1);
			expect(await rows()).toEqual([]);
		});
	});

	test('neither the sync nor the retries have failed executions', async () => {
		const failed = await sandbox.n8n.client.list<{ workflowId: string }>('/executions?status=error');
		expect(failed).toEqual([]);
	});
});
