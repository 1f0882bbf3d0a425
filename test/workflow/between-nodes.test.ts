import type { INodeExecutionData, INodeParameters, IRun } from 'n8n-workflow';
import { itemsOf, MAP, published, PUBLISH, RESOLVE, TRIGGER, words } from '../support/n8n-harness';
import type { WorkflowJson } from '../support/n8n-harness';
import { closeAll, startActive } from '../support/practice';
import type { Practice } from '../support/practice';

/** A builder's own nodes between ours, the three ways to treat errors, and what items carry. */

afterEach(closeAll);

/** Puts an Edit Fields node on the first output of `after`. */
function editFields(json: WorkflowJson, after: string, fields: INodeParameters): void {
	const name = `Edit after ${after}`;
	json.nodes.push({
		id: name,
		name,
		type: 'n8n-nodes-base.set',
		typeVersion: 1,
		position: [0, 0],
		parameters: { fields },
	});
	const outputs = json.connections[after].main;
	json.connections[name] = { main: [outputs[0]] };
	outputs[0] = [{ node: name, type: 'main', index: 0 }];
}

function onError(json: WorkflowJson, mode: 'continueRegularOutput' | 'stopWorkflow' | 'continueErrorOutput'): void {
	for (const node of json.nodes) if ([MAP, RESOLVE, PUBLISH].includes(node.name)) node.onError = mode;
}

function refuse(practice: Practice): void {
	practice.orocrm.store.refuse({
		type: 'cases',
		field: 'subject',
		pattern: 'forbidden',
		title: 'regex constraint',
		detail: 'Subjects must not say this.',
	});
}

/** The index of the item that it came from, which n8n's expressions (`$('…').item`) go by. */
function pairedIndexes(items: INodeExecutionData[]): unknown[] {
	return items.map(({ pairedItem }) =>
		typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : pairedItem,
	);
}

const ticketId = (item: INodeExecutionData) => (item.json.ticket as { id: number } | undefined)?.id;

describe('a builder’s own values', () => {
	test('an edited priority and subject between Map and Resolve are what a new case gets', async () => {
		const practice = await startActive({
			edit: (json) =>
				editFields(json, MAP, {
					'mapped.case.priority': 'low',
					'mapped.case.subject': '=[VIP] {{ $json.mapped.case.subject }}',
				}),
		});
		const ticket = practice.ticket({ priority: 'urgent' });
		await practice.sync();
		expect(practice.caseOf(ticket)).toMatchObject({ priority: 'low', subject: '[VIP] Printer on fire' });
		expect(practice.recordOf(ticket)).toMatchObject({ priority: 'urgent', subject: 'Printer on fire' });
	});

	test('an edited value between Resolve and Publish counts, too, and an existing case takes it with the ticket’s next change', async () => {
		const practice = await startActive({
			edit: (json) => editFields(json, RESOLVE, { 'mapped.case.priority': 'low' }),
		});
		const ticket = practice.ticket({ priority: 'normal' });
		await practice.sync();
		expect(practice.caseOf(ticket).priority).toBe('low');
		practice.zendesk.store.updateTicket(ticket.id, { priority: 'urgent' });
		await practice.sync();
		expect(practice.caseOf(ticket).priority).toBe('low');
		practice.zendesk.store.updateTicket(ticket.id, { subject: 'Again' });
		const [pair] = published(await practice.sync());
		expect(pair.result).toMatchObject({
			conflicts: [],
			changes: [{ field: 'subject', from: 'Printer on fire', to: 'Again' }],
		});
	});
});

describe('paired items', () => {
	async function twoGoodOneBad(practice: Practice): Promise<{ run: IRun; ids: number[] }> {
		refuse(practice);
		const ids = ['Order 1', 'A forbidden word', 'Order 2'].map((subject) => practice.ticket({ subject }).id);
		const [run] = await practice.n8n.look();
		return { run, ids };
	}

	test('every item of every node leads back to its ticket, on both outputs', async () => {
		const practice = await startActive();
		const { run, ids } = await twoGoodOneBad(practice);
		expect(run.status).toBe('success');
		expect(itemsOf(run, TRIGGER).map(ticketId)).toEqual(ids);
		for (const node of [MAP, RESOLVE]) {
			expect(itemsOf(run, node).map(ticketId)).toEqual(ids);
			expect(pairedIndexes(itemsOf(run, node))).toEqual([0, 1, 2]);
		}
		expect(pairedIndexes(itemsOf(run, PUBLISH))).toEqual([0, 2]);
		expect(itemsOf(run, PUBLISH).map(ticketId)).toEqual([ids[0], ids[2]]);
		expect(pairedIndexes(itemsOf(run, PUBLISH, 1))).toEqual([1]);
		expect(itemsOf(run, 'Synced').map(ticketId)).toEqual([ids[0], ids[2]]);
	});

	test('an item on the error output has the pair, the words, and the details for a retry', async () => {
		const practice = await startActive();
		const { run, ids } = await twoGoodOneBad(practice);
		const [{ json }] = itemsOf(run, PUBLISH, 1);
		expect(json).toMatchObject({
			error: expect.stringContaining('OroCRM: Subjects must not say this.'),
			ticket: { id: ids[1], subject: 'A forbidden word' },
			details: {
				kind: 'record',
				node: PUBLISH,
				ticketId: ids[1],
				service: 'OroCRM',
				status: 400,
				request: 'POST /api/zendesktickets',
				pointers: [expect.stringContaining('subject')],
			},
		});
	});

	test('errors on the regular output: the bad item goes on in its place, with its pair and the error', async () => {
		const practice = await startActive({ edit: (json) => onError(json, 'continueRegularOutput') });
		const { run, ids } = await twoGoodOneBad(practice);
		expect(run.status).toBe('success');
		const items = itemsOf(run, PUBLISH);
		expect(items.map(ticketId)).toEqual(ids);
		expect(pairedIndexes(items)).toEqual([0, 1, 2]);
		expect(items.map(({ json }) => json.error)).toEqual([
			undefined,
			expect.stringContaining('Subjects must not say this.'),
			undefined,
		]);
		expect(practice.count('cases')).toBe(2);
		expect(await practice.n8n.look()).toHaveLength(0);
	});

	test('errors stop the workflow: the run fails with the item and what to do; corrected, all have one case', async () => {
		const practice = await startActive({ edit: (json) => onError(json, 'stopWorkflow') });
		const { run, ids } = await twoGoodOneBad(practice);
		expect(run.status).toBe('error');
		expect(words(run)).toMatch(/OroCRM: Subjects must not say this\..*Correct what OroCRM names/);
		expect(run.data.resultData.error).toMatchObject({ context: { itemIndex: 1 } });
		expect(practice.n8n.failedItems()).toEqual([]);
		practice.zendesk.store.updateTicket(ids[1], { subject: 'A friendly word' });
		await practice.n8n.look(20 * 60_000);
		expect(practice.expectOneCaseEach(ids.map((id) => ({ id })))).toBe(3);
	});

	test('errors on the regular output, OroCRM down: every item says so', async () => {
		const practice = await startActive({ edit: (json) => onError(json, 'continueRegularOutput') });
		practice.ticket();
		practice.orocrm.faults.add({ path: '/api/', effect: { kind: 'answer', status: 503 } });
		const [run] = await practice.n8n.look();
		expect(itemsOf(run, RESOLVE)[0].json).toMatchObject({
			error: expect.stringContaining('OroCRM'),
			details: { kind: 'system', status: 503 },
		});
	});
});

describe('nodes out of their place', () => {
	test('Publish without Resolve says what is missing', async () => {
		const practice = await startActive({
			edit: (json) => {
				json.connections[MAP].main[0] = [{ node: PUBLISH, type: 'main', index: 0 }];
			},
		});
		practice.ticket();
		await practice.n8n.look();
		expect(practice.n8n.failedItems()).toMatchObject([
			{ error: expect.stringContaining('Put Map Ticket to Case and Resolve Contact/User before this node') },
		]);
	});

	test('Resolve without Map says what is missing', async () => {
		const practice = await startActive({
			edit: (json) => {
				json.connections[TRIGGER].main[0] = [{ node: RESOLVE, type: 'main', index: 0 }];
			},
		});
		const ticket = practice.ticket();
		await practice.n8n.look();
		expect(practice.n8n.failedItems()).toMatchObject([
			{ ticket: String(ticket.id), error: expect.stringContaining('Put Map Ticket to Case before this node') },
		]);
	});

	test('an item that is no pair is a failed item, and does not stop the others', async () => {
		const practice = await startActive();
		const ticket = practice.ticket();
		const trigger = itemsOf(await practice.sync(), TRIGGER);
		practice.zendesk.store.updateTicket(ticket.id, { subject: 'Changed' });
		const run = await practice.n8n.run(TRIGGER, [{ json: { hello: 'world' } }, ...trigger]);
		expect(run.status).toBe('success');
		expect(published(run)).toHaveLength(1);
		expect(practice.n8n.failedItems()).toMatchObject([
			{ ticket: '', pair: expect.stringMatching(/./), error: expect.stringContaining('neither a ticket nor a case') },
		]);
	});
});

describe('Get Ticket or Case', () => {
	const NAME = 'Get Ticket or Case';
	const withGet = (ticket: string) => (json: WorkflowJson) => {
		const trigger = json.nodes.find((node) => node.name === TRIGGER)!;
		json.nodes.push({
			...trigger,
			id: NAME,
			name: NAME,
			type: trigger.type.replace('zendeskTicketsTrigger', 'getTicketOrCase'),
			parameters: { ticket },
		});
		json.connections[NAME] = structuredClone(json.connections[TRIGGER]);
	};

	test.each([
		['a number', (id: number) => `${id}`],
		['an address', (id: number) => `https://acme.zendesk.com/agent/tickets/${id}`],
	])('%s syncs this ticket now, and again when it failed before', async (_, text) => {
		const practice = await startActive({ edit: withGet('={{ $json.which }}') });
		refuse(practice);
		const ticket = practice.ticket({ subject: 'A forbidden word' });
		await practice.n8n.look();
		expect(practice.n8n.failedItems()).toHaveLength(1);
		practice.orocrm.store.allowAll();
		const run = await practice.n8n.run(NAME, [{ json: { which: text(ticket.id) } }]);
		expect(run.status).toBe('success');
		expect(published(run)[0].result).toMatchObject({ outcome: 'created', ticketId: ticket.id });
		expect(practice.expectOneCaseEach([ticket])).toBe(1);
	});

	test('what is no ticket, or none that Zendesk has, is told', async () => {
		const practice = await startActive({ edit: withGet('={{ $json.which }}') });
		for (const [which, message] of [
			['hello', '"hello" is no ticket'],
			['4711', 'Zendesk has no ticket 4711'],
		]) {
			const run = await practice.n8n.run(NAME, [{ json: { which } }]);
			expect(run.status).toBe('error');
			expect(run.data.resultData.error?.message).toContain(message);
		}
	});
});

test('each failed item has one row, brought up to date with every failure', async () => {
	const practice = await startActive();
	refuse(practice);
	const ticket = practice.ticket({ subject: 'A forbidden word' });
	await practice.n8n.look();
	practice.zendesk.store.updateTicket(ticket.id, { subject: 'Another forbidden word' });
	await practice.n8n.look();
	expect(practice.n8n.failedItems()).toHaveLength(1);
	expect(practice.n8n.failedItems()[0]).toMatchObject({
		ticket: String(ticket.id),
		last_failed: expect.stringMatching(/^\d{4}-/),
	});
});
