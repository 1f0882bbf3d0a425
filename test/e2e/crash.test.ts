import { eventually, everyTicketHasOneCase, START_TIMEOUT, startTestSandbox, type TestSandbox } from './support';

describe('n8n is killed in the middle of a batch', () => {
	let sandbox: TestSandbox;

	beforeAll(async () => {
		sandbox = await startTestSandbox({
			// Slow enough to be caught at it.
			prepare: ({ orocrm }) =>
				orocrm.faults.add({ method: 'POST', path: '/zendesktickets', effect: { kind: 'latency', milliseconds: 700 } }),
		});
	}, START_TIMEOUT);
	afterAll(async () => await sandbox?.remove());

	test(
		'after the restart every ticket has exactly one case',
		async () => {
			const { n8n, oroFromOutside, zendeskFromOutside, orocrm } = sandbox;
			const all = (await zendeskFromOutside.tickets()).length;
			await eventually(async () => expect((await oroFromOutside.casesByTicket()).size).toBeGreaterThan(2));
			await n8n.kill();
			const atTheCrash = (await oroFromOutside.casesByTicket()).size;
			expect(atTheCrash).toBeLessThan(all);

			orocrm.faults.clear();
			await n8n.restart();
			expect(await everyTicketHasOneCase(sandbox, 120_000)).toBe(all);
		},
		START_TIMEOUT,
	);
});
