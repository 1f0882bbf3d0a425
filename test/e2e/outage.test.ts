import { eventually, everyTicketHasOneCase, START_TIMEOUT, startTestSandbox, type TestSandbox } from './support';

describe('OroCRM goes down in the middle of a batch', () => {
	let sandbox: TestSandbox;

	beforeAll(async () => {
		sandbox = await startTestSandbox();
		const { faults } = sandbox.orocrm;
		// Five cases are made, then the server is in maintenance.
		faults.add({ method: 'POST', path: '/zendesktickets', skip: 5, effect: { kind: 'answer', status: 503, body: 'Maintenance' } });
	}, START_TIMEOUT);
	afterAll(async () => await sandbox?.remove());

	test(
		'once it is back every ticket has exactly one case',
		async () => {
			const { n8n, orocrm, oroFromOutside, zendeskFromOutside } = sandbox;
			const all = (await zendeskFromOutside.tickets()).length;
			await eventually(async () => {
				expect(orocrm.calls.count((call) => call.status === 503)).toBeGreaterThan(0);
				const runs = await n8n.client.list<{ status: string }>('/executions?workflowId=one-way-sync');
				expect(runs.map((run) => run.status)).toContain('error');
			}, 150_000);
			expect((await oroFromOutside.casesByTicket()).size).toBeLessThan(all);

			orocrm.faults.clear();
			expect(await everyTicketHasOneCase(sandbox, 150_000)).toBe(all);
		},
		START_TIMEOUT + 120_000,
	);
});
