import { eventually, START_TIMEOUT, startTestSandbox, type TestSandbox } from './support';

const WORDS = 'This value is not allowed here by a rule of this company.';

interface DataTable {
	id: string;
	name: string;
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

	test("it is in the table of failed items, with OroCRM's own words", async () => {
		const { client } = sandbox.n8n;
		await eventually(async () => {
			const table = (await client.list<DataTable>('/data-tables')).find(({ name }) => /fail/.test(name));
			expect(table).toBeDefined();
			const rows = await client.list<Record<string, unknown>>(`/data-tables/${table?.id}/rows`);
			const about = rows.filter((row) => Object.values(row).some((value) => String(value) === String(refused)));
			expect(about).toHaveLength(1);
			expect(JSON.stringify(about[0])).toContain(WORDS);
		});
	});

	test('once OroCRM takes it, the retry brings it, and takes it off the table', async () => {
		const { client } = sandbox.n8n;
		const table = (await client.list<DataTable>('/data-tables')).find(({ name }) => /fail/.test(name));
		const rows = () => client.list<Record<string, unknown>>(`/data-tables/${table?.id}/rows`);
		expect(await rows()).toMatchObject([{ attempts: 1 }]);
		sandbox.orocrm.faults.clear();
		// As a person would who doesn't want to wait for the next try.
		await client.request('PATCH', `/data-tables/${table?.id}/rows/update`, {
			filter: { type: 'and', filters: [{ columnName: 'attempts', condition: 'eq', value: 1 }] },
			data: { next_try: new Date().toISOString() },
		});
		await eventually(async () => {
			expect((await sandbox.oroFromOutside.casesByTicket()).get(refused)).toHaveLength(1);
			expect(await rows()).toEqual([]);
		});
	});
});
