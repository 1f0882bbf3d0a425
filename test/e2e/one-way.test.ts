import { eventually, everyTicketHasOneCase, START_TIMEOUT, startTestSandbox, type TestSandbox } from './support';

describe('the one-way template in a real n8n', () => {
	let sandbox: TestSandbox;

	beforeAll(async () => {
		sandbox = await startTestSandbox();
	}, START_TIMEOUT);
	afterAll(async () => await sandbox?.remove());

	test('is active after the start', async () => {
		expect(await sandbox.n8n.client.isActive('one-way-sync')).toBe(true);
	});

	test('brings every ticket of the account to OroCRM as exactly one case', async () => {
		expect(await everyTicketHasOneCase(sandbox)).toBeGreaterThan(20);
	});

	test('brings a ticket that a person creates in Zendesk, and then their comment and edit', async () => {
		const { zendeskFromOutside, oroFromOutside } = sandbox;
		const caseOf = async (ticketId: number) => {
			const cases = (await oroFromOutside.casesByTicket()).get(ticketId) ?? [];
			expect(cases).toHaveLength(1);
			return cases[0];
		};

		const ticketId = await zendeskFromOutside.createByForm('The lamp flickers', 'Since Monday it goes on and off.');
		const created = await eventually(async () => await caseOf(ticketId));
		expect(created.subject).toBe('The lamp flickers');

		await zendeskFromOutside.commentByForm(ticketId, 'A new switch is on its way to you.', 'public');
		await zendeskFromOutside.editByForm(ticketId, { subject: 'The lamp flickers (switch sent)' });
		await eventually(async () => {
			const changed = await caseOf(ticketId);
			expect(changed.id).toBe(created.id);
			expect(changed.subject).toBe('The lamp flickers (switch sent)');
			expect(changed.comments.filter((text) => text.includes('A new switch is on its way to you.'))).toHaveLength(1);
		});
	});

	test('writes nothing to Zendesk: besides GET there are only requests for a token', () => {
		const others = sandbox.zendesk.calls
			.all()
			.filter((call) => call.method !== 'GET' && call.path !== '/oauth/tokens')
			.map((call) => `${call.method} ${call.path}`);
		expect(others).toEqual([]);
	});

	test('keeps Zendesk\'s rate limits', () => {
		expect(sandbox.zendesk.limitBreaches()).toBe(0);
	});
});
