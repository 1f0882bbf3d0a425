import type { IRun } from 'n8n-workflow';
import { GetTicketOrCase } from '../../nodes/GetTicketOrCase/GetTicketOrCase.node';
import { itemsOf } from '../support/n8n-harness';
import type { WorkflowJson } from '../support/n8n-harness';
import { closeAll, startPractice } from '../support/practice';
import type { Practice, PracticeOptions } from '../support/practice';

/** Get Ticket or Case, for cases. */

afterEach(closeAll);

const NAME = 'Get Ticket or Case';

/** The node alone. */
async function prepared(parameters: Record<string, unknown>, options: PracticeOptions = {}): Promise<Practice> {
	const edit = (json: WorkflowJson) => {
		json.nodes = json.nodes.filter((node) => node.name === NAME);
		json.nodes[0].parameters = parameters as never;
		json.connections = {};
	};
	return await startPractice({ edit, ...options });
}

function newCase(practice: Practice, linked: boolean): string {
	const { store } = practice.orocrm;
	const id = store.insert('cases', {
		subject: 'Printer',
		source: 'web',
		status: 'open',
		priority: 'normal',
		owner: 1,
		organization: 1,
	}).id;
	if (linked) store.insert('zendesktickets', { originId: '7', status: 'open', relatedCase: id });
	return String(id);
}

const get = async (practice: Practice, ...items: object[]): Promise<IRun> =>
	await practice.n8n.run(
		NAME,
		items.map((json) => ({ json: json as never })),
	);
const byCase = { record: 'case', case: '={{ $json.which }}' };

test.each([
	['a number', (id: string) => id],
	['a page', (id: string, url: string) => `${url}/case/view/${id}`],
	['the form', (id: string, url: string) => `${url}/admin/case/update/${id}?x=1`],
	['the API', (id: string, url: string) => `${url}/api/cases/${id}`],
])('%s: a linked case comes with its record, another one without', async (_name, text) => {
	const practice = await prepared(byCase);
	const [linked, unlinked] = [newCase(practice, true), newCase(practice, false)];
	const run = await get(practice, ...[linked, unlinked].map((id) => ({ which: text(id, practice.orocrm.url) })));
	expect(itemsOf(run, NAME).map(({ json }) => json)).toMatchObject([
		{
			origin: 'orocrm',
			ticket: null,
			case: { id: linked, subject: 'Printer' },
			record: { originId: '7', relatedCase: linked },
		},
		{ origin: 'orocrm', ticket: null, case: { id: unlinked }, record: null },
	]);
	expect(practice.zendesk.calls.all()).toEqual([]);
});

test.each([
	['hello', '"hello" is no case'],
	['4711', 'OroCRM has no case 4711'],
	['https://other.example.com/case/view/1', 'is a case of other.example.com, but the credential is for 127.0.0.1'],
	['https://acme.zendesk.com/agent/tickets/1', 'is the address of a ticket'],
])('%s is refused in words', async (which, message) => {
	const practice = await prepared(byCase);
	practice.n8n.json.nodes[0].onError = 'stopWorkflow';
	const run = await get(practice, { which });
	expect(run.data.resultData.error?.message).toContain(message);
});

test('the address of a case in the ticket’s field is told', async () => {
	const practice = await prepared({ ticket: '={{ $json.which }}' });
	practice.n8n.json.nodes[0].onError = 'stopWorkflow';
	const run = await get(practice, { which: 'https://crm.example.com/case/view/1' });
	expect(run.data.resultData.error?.message).toContain('is the address of a case');
});

test('tickets and cases in one run, each by its own login', async () => {
	const practice = await prepared({
		record: '={{ $json.kind }}',
		ticket: '={{ $json.which }}',
		case: '={{ $json.which }}',
	});
	const ticket = practice.ticket({ created_at: '2026-01-01T00:00:00Z' });
	const id = newCase(practice, false);
	const run = await get(practice, { kind: 'case', which: id }, { kind: 'ticket', which: ticket.id });
	expect(itemsOf(run, NAME).map(({ json }) => json)).toMatchObject([
		{ origin: 'orocrm', case: { id } },
		{ origin: 'zendesk', ticket: { id: ticket.id } },
	]);
});

test('a case needs no Zendesk login, a ticket none of OroCRM’s', async () => {
	const practice = await prepared(byCase);
	const [node] = practice.n8n.json.nodes;
	const { oroCrmOAuth2Api, ...zendesk } = node.credentials!;
	node.credentials = { oroCrmOAuth2Api };
	expect(itemsOf(await get(practice, { which: newCase(practice, false) }), NAME)).toHaveLength(1);
	node.credentials = zendesk;
	// As a workflow of the one-way template has it: without a record.
	node.parameters = { ticket: String(practice.ticket({ created_at: '2026-01-01T00:00:00Z' }).id) };
	expect(itemsOf(await get(practice, {}), NAME)).toHaveLength(1);
});

test('n8n’s editor shows Record: the choice of a login is not shown by it', () => {
	const { properties, credentials = [] } = new GetTicketOrCase().description;
	const shownBy = credentials.flatMap((credential) => Object.keys(credential.displayOptions?.show ?? {}));
	const choices = properties.filter((property) => shownBy.includes(property.name));
	expect(choices.map((property) => property.name)).toContain('authentication');
	expect(choices.flatMap((property) => Object.keys(property.displayOptions?.show ?? {}))).toEqual([]);
});
