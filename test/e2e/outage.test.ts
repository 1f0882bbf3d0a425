import { eventually, everyTicketHasOneCase, START_TIMEOUT, startTestSandbox, type TestSandbox } from './support';

describe('OroCRM goes down in the middle of a batch', () => {
	let sandbox: TestSandbox;

	beforeAll(async () => {
		sandbox = await startTestSandbox({
			// Slow enough to be in the middle of it.
			prepare: ({ orocrm }) =>
				orocrm.faults.add({ method: 'POST', path: '/zendesktickets', effect: { kind: 'latency', milliseconds: 700 } }),
		});
	}, START_TIMEOUT);
	afterAll(async () => await sandbox?.remove());

	test(
		'once it is back every ticket has exactly one case',
		async () => {
			const { n8n, orocrm, oroFromOutside, zendeskFromOutside } = sandbox;
			const all = (await zendeskFromOutside.tickets()).length;
			const before = await eventually(async () => {
				const { size } = await oroFromOutside.casesByTicket();
				expect(size).toBeGreaterThan(2);
				return size;
			});
			expect(before).toBeLessThan(all);
			orocrm.faults.clear();
			orocrm.faults.add({ effect: { kind: 'cut-before' } });

			// The run fails as a whole: no ticket is to blame.
			await eventually(async () => {
				const runs = await n8n.client.list<{ status: string }>('/executions?workflowId=one-way-sync');
				expect(runs.map((run) => run.status)).toContain('error');
			}, 150_000);

			orocrm.faults.clear();
			expect(await everyTicketHasOneCase(sandbox, 150_000)).toBe(all);
		},
		START_TIMEOUT + 120_000,
	);
});
