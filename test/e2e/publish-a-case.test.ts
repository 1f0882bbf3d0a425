import { formLogin } from '../../sandbox/launcher/practice-credentials';
import { fillIn, type LastPage, openForm } from './form';
import { eventually, START_TIMEOUT, startTestSandbox, type TestSandbox } from './support';

/** The seed's case with comments of both kinds, and who it is about. */
const TENT = 'Tent pole broke on the first night';
const LUND = 'erik.lund@fjord.example';
const BEN = 'ben.okafor@example.com';
const PREVIEW = ['Only say what would be done'];

describe('the page on which a case is published, in a real n8n', () => {
	let sandbox: TestSandbox;
	let caseId: string;
	let ticketId: number;
	let address: string;

	beforeAll(async () => {
		// Without the sync beside it: whatever happens, the page did it.
		sandbox = await startTestSandbox({ twoWay: true });
		await sandbox.n8n.client.deactivate('two-way-sync');
		address = `${sandbox.n8n.url}/form/publish-a-case`;
		caseId = await sandbox.oroFromOutside.caseNamed(TENT);
	}, START_TIMEOUT);
	afterAll(async () => await sandbox?.remove());

	const publish = async (which: string, preview: string[] = []): Promise<LastPage> => await fillIn(address, formLogin, { Case: which, Preview: preview });
	const writes = (): string[] =>
		sandbox.zendesk.calls
			.all()
			.filter((call) => call.method !== 'GET' && call.path !== '/oauth/tokens')
			.map((call) => `${call.method} ${call.path}`);

	test('opens to those who have its password only', async () => {
		// n8n answers an activation before the form is there.
		await eventually(async () => expect((await openForm(address)).status).toBe(401));
		expect((await openForm(address, { ...formLogin, password: 'guessed' })).status).toBe(401);
		expect((await openForm(address, formLogin)).status).toBe(200);
		const body = new FormData();
		body.append('field-0', caseId);
		expect((await fetch(address, { method: 'POST', body })).status).toBe(401);
		expect(writes()).toEqual([]);
	});

	test('a link in OroCRM fills the case in', async () => {
		const page = await (await openForm(`${address}?case=42`, formLogin)).text();
		expect(/<input[^>]*name='field-0'[^>]*>/.exec(page)?.[0]).toContain('value="42"');
	});

	test('preview says what would be done, and nothing is written', async () => {
		const before = writes();
		const page = await publish(caseId, PREVIEW);
		expect(page.title).toBe('This Would Be Done');
		expect(page.text).toContain(TENT);
		expect(writes()).toEqual(before);
		expect(await sandbox.oroFromOutside.ticketOf(caseId)).toBeUndefined();
	});

	test('makes the ticket, with people and comments, and says so with links to both', async () => {
		const page = await publish(caseId);
		expect(page.title).toBe('Published');
		ticketId = (await sandbox.oroFromOutside.ticketOf(caseId)) as number;
		expect(page.links).toEqual({
			[`Ticket ${ticketId} in Zendesk`]: `${sandbox.zendesk.url}/agent/tickets/${ticketId}`,
			[`Case ${caseId} in OroCRM`]: `${sandbox.orocrm.url}/case/view/${caseId}`,
		});

		const { zendeskFromOutside } = sandbox;
		const ticket = await zendeskFromOutside.ticket(ticketId);
		expect(ticket).toMatchObject({ subject: TENT, status: 'pending', priority: 'high', external_id: `orocrm-case-${caseId}` });
		expect([await zendeskFromOutside.emailOf(ticket.requester_id), await zendeskFromOutside.emailOf(ticket.assignee_id)]).toEqual([LUND, BEN]);
		expect((await zendeskFromOutside.comments(ticketId)).slice(1)).toEqual([
			{ body: 'Thanks for the call. A new pole leaves our warehouse tomorrow.', public: true, author: BEN },
			{ body: 'Second report for this batch, told Purchasing.', public: false, author: BEN },
		]);
	});

	test('once more: nothing to do, by the address of the case this time', async () => {
		const before = writes();
		const page = await publish(`${sandbox.orocrm.url}/case/view/${caseId}`);
		expect(page.title).toBe('Nothing to Do');
		expect(Object.keys(page.links)).toContain(`Ticket ${ticketId} in Zendesk`);
		expect(writes()).toEqual(before);
	});

	test('a case that has its ticket is brought in step', async () => {
		await sandbox.oroFromOutside.editByForm(caseId, { status: 'Resolved' });
		expect((await publish(caseId)).title).toBe('In Step Again');
		expect(await sandbox.zendeskFromOutside.ticket(ticketId)).toMatchObject({ status: 'solved' });
	});

	test.each([
		['no number', 'the tent', /the tent/],
		['a case that OroCRM does not have', '99999', /99999/],
	])('%s: the page says what is wrong', async (_, which, words) => {
		const page = await publish(which);
		expect(page.title).toBe('Not Published');
		expect(page.text).toMatch(words);
	});

	test("refused by Zendesk: the page has Zendesk's own words and what to do", async () => {
		const words = 'Subject: must not be in capitals by a rule of this company';
		const body = JSON.stringify({ error: 'RecordInvalid', description: 'Record validation errors', details: { subject: [{ description: words }] } });
		sandbox.zendesk.faults.add({ path: '/api/v2/tickets', method: 'POST', effect: { kind: 'answer', status: 422, headers: { 'content-type': 'application/json' }, body } });
		const refused = await sandbox.oroFromOutside.createCase('A <b>LOUD</b> case & more', 'Text.', 'phone');
		const page = await publish(refused);
		sandbox.zendesk.faults.clear();
		expect(page.title).toBe('Not Published');
		expect(page.text).toContain(words);
		expect(await sandbox.oroFromOutside.ticketOf(refused)).toBeUndefined();

		expect((await publish(refused)).title).toBe('Published');
		expect((await sandbox.zendeskFromOutside.tickets()).filter((one) => one.external_id === `orocrm-case-${refused}`)).toHaveLength(1);
	});

	test('OroCRM is down: the page says so', async () => {
		sandbox.orocrm.faults.add({ path: '/api', effect: { kind: 'answer', status: 503, headers: { 'retry-after': '1' }, body: '' } });
		const page = await publish(caseId);
		sandbox.orocrm.faults.clear();
		expect(page.title).toBe('Not Published');
		expect(page.text).toMatch(/OroCRM/);
	});
});
