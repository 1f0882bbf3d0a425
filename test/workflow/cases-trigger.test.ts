import type { INode, IRun } from 'n8n-workflow';
import { itemsOf, ORO_TRIGGER, TRIGGER } from '../support/n8n-harness';
import type { WorkflowJson } from '../support/n8n-harness';
import { closeAll, setParameters, startPractice } from '../support/practice';
import type { Practice, PracticeOptions } from '../support/practice';

/** The OroCRM Cases Trigger in n8n: its activation, what it keeps, failed runs, a run by hand. */

afterEach(closeAll);

const PAUSE = 20 * 60_000;

/** The trigger before nodes that fail on a forbidden word: what is handed out is what counts here. */
function alone(parameters: Record<string, unknown> = {}) {
	return (json: WorkflowJson): void => {
		json.nodes = json.nodes.filter((node) => [ORO_TRIGGER, TRIGGER].includes(node.name));
		const node = (name: string, type: string, more: Record<string, unknown>): INode => ({
			id: name,
			name,
			type: `n8n-nodes-base.${type}`,
			typeVersion: 1,
			position: [0, 0],
			parameters: more as INode['parameters'],
		});
		json.nodes.push(
			node('Forbidden?', 'if', {
				conditions: {
					options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
					conditions: [
						{
							id: '1',
							leftValue: '={{ $json.case.subject }}',
							rightValue: 'forbidden',
							operator: { type: 'string', operation: 'contains' },
						},
					],
					combinator: 'and',
				},
				options: {},
			}),
			node('Stop', 'stopAndError', { errorMessage: 'A forbidden word' }),
		);
		const to = (name: string) => ({ main: [[{ node: name, type: 'main' as const, index: 0 }]] });
		json.connections = { [ORO_TRIGGER]: to('Forbidden?'), 'Forbidden?': to('Stop') };
		setParameters(json, ORO_TRIGGER, parameters);
	};
}

async function prepared(parameters: Record<string, unknown> = {}, options: PracticeOptions = {}): Promise<Practice> {
	return await startPractice({ template: 'two-way', edit: alone(parameters), ...options });
}

function unlinkedCase(practice: Practice, more: Record<string, unknown> = {}): string {
	const { store } = practice.orocrm;
	const row = {
		subject: 'Printer on fire',
		source: 'web',
		status: 'open',
		priority: 'normal',
		owner: 1,
		organization: 1,
		createdAt: store.now(),
	};
	return String(store.insert('cases', { ...row, ...more }).id);
}

function linkedCase(practice: Practice, more: Record<string, unknown> = {}): string {
	const id = unlinkedCase(practice, more);
	practice.orocrm.store.insert('zendesktickets', {
		originId: String(7_000 + Number(id)),
		status: 'open',
		relatedCase: Number(id),
	});
	return id;
}

function edit(practice: Practice, id: string, subject: string): void {
	const { store } = practice.orocrm;
	store.update('cases', Number(id), { subject, updatedAt: store.now() });
}

function comment(practice: Practice, id: string): void {
	const { store } = practice.orocrm;
	store.insert('casecomments', {
		message: 'Call me',
		public: true,
		case: Number(id),
		owner: 1,
		organization: 1,
		createdAt: store.now(),
	});
}

const casesOf = (run: IRun): string[] => itemsOf(run, ORO_TRIGGER).map((item) => (item.json.case as { id: string }).id);
const look = async (practice: Practice, after?: number) => (await practice.n8n.look(after, ORO_TRIGGER)).map(casesOf);

test('a change and a comment are handed out once, with the record; a quiet case and one without a ticket are not', async () => {
	const practice = await prepared();
	const [edited, commented] = [
		linkedCase(practice),
		linkedCase(practice),
		linkedCase(practice),
		unlinkedCase(practice),
	];
	await practice.n8n.activate();
	expect(await look(practice)).toEqual([]);
	edit(practice, edited, 'Printer is wet');
	comment(practice, commented);
	const runs = await practice.n8n.look(undefined, ORO_TRIGGER);
	expect(runs.map(casesOf)).toEqual([[edited, commented]]);
	expect(itemsOf(runs[0], ORO_TRIGGER)[0].json).toEqual({
		origin: 'orocrm',
		ticket: null,
		case: expect.objectContaining({ id: edited, subject: 'Printer is wet', status: 'open' }),
		record: expect.objectContaining({ originId: String(7_000 + Number(edited)), relatedCase: edited }),
	});
	expect(await look(practice)).toEqual([]);
});

describe('starting point', () => {
	test('now: what was there before is left alone, also after a restart', async () => {
		const practice = await prepared();
		const before = linkedCase(practice);
		edit(practice, before, 'Before');
		comment(practice, before);
		await practice.n8n.activate();
		await practice.n8n.restart();
		expect(await look(practice)).toEqual([]);
		edit(practice, before, 'After');
		expect(await look(practice)).toEqual([[before]]);
	});

	test('what happens while n8n is stopped is handed out after its start, also when nothing was handed out before', async () => {
		const practice = await prepared({ publish: 'all' });
		const linked = linkedCase(practice);
		await practice.n8n.activate();
		await practice.n8n.deactivate();
		edit(practice, linked, 'Meanwhile');
		const made = unlinkedCase(practice);
		await practice.n8n.activate('init');
		expect(await look(practice)).toEqual([[linked, made]]);
	});

	test('everything: what was ever changed or commented on', async () => {
		const practice = await prepared({ startFrom: 'everything' });
		const [quiet, edited, commented] = [linkedCase(practice), linkedCase(practice), linkedCase(practice)];
		edit(practice, edited, 'Before');
		comment(practice, commented);
		await practice.n8n.activate();
		expect(await look(practice)).toEqual([[edited, commented]]);
		expect(quiet).toBeTruthy();
	});

	test('another start begins anew, other settings do not', async () => {
		const practice = await prepared();
		const linked = linkedCase(practice);
		edit(practice, linked, 'Before');
		await practice.n8n.activate();
		edit(practice, linked, 'After');
		expect(await look(practice)).toEqual([[linked]]);
		comment(practice, linked);
		expect(await look(practice)).toEqual([[linked]]);
		setParameters(practice.n8n.json, ORO_TRIGGER, { options: { batchSize: 5 } });
		await practice.n8n.restart();
		// The last batch once more: n8n saves nothing between a run and a stop.
		expect(await look(practice)).toEqual([[linked]]);
		setParameters(practice.n8n.json, ORO_TRIGGER, { startFrom: 'everything' });
		await practice.n8n.restart();
		expect(await look(practice)).toEqual([[linked]]);
		expect(await look(practice)).toEqual([]);
	});
});

describe('cases without a ticket', () => {
	test('all: each new one once, those from before the activation not', async () => {
		const practice = await prepared({ publish: 'all' });
		unlinkedCase(practice);
		await practice.n8n.activate();
		const made = [unlinkedCase(practice), unlinkedCase(practice)];
		const runs = await practice.n8n.look(undefined, ORO_TRIGGER);
		expect(runs.map(casesOf)).toEqual([made]);
		expect(itemsOf(runs[0], ORO_TRIGGER)[0].json).toMatchObject({ ticket: null, record: null });
		expect(await look(practice)).toEqual([]);
	});

	test('some: of these sources and these owners', async () => {
		const practice = await prepared({ publish: 'some', sources: ['email'], owners: [2] });
		await practice.n8n.activate();
		unlinkedCase(practice, { owner: 2 });
		unlinkedCase(practice, { source: 'email' });
		const both = unlinkedCase(practice, { source: 'email', owner: 2 });
		expect(await look(practice)).toEqual([[both]]);
	});

	test('some, and nothing chosen: said at activation', async () => {
		const practice = await prepared({ publish: 'some' });
		await expect(practice.n8n.activate()).rejects.toMatchObject({ message: 'No source and no owner is chosen' });
	});

	test('switched on later, only those made from then on count', async () => {
		const practice = await prepared();
		await practice.n8n.activate();
		unlinkedCase(practice);
		setParameters(practice.n8n.json, ORO_TRIGGER, { publish: 'all' });
		await practice.n8n.restart();
		const made = unlinkedCase(practice);
		expect(await look(practice)).toEqual([[made]]);
	});

	test('the lists of sources and owners', async () => {
		const practice = await prepared();
		expect(await practice.n8n.listed(ORO_TRIGGER, 'getSources')).toEqual(
			expect.arrayContaining([{ name: expect.any(String), value: 'email' }]),
		);
		expect(await practice.n8n.listed(ORO_TRIGGER, 'getOwners')).toEqual(
			expect.arrayContaining([{ name: expect.stringMatching(/@/), value: '1' }]),
		);
	});
});

describe('failed runs', () => {
	test('the same batch comes again, with what changed since, and then the rest', async () => {
		const practice = await prepared({ options: { batchSize: 2 } });
		const cases = [linkedCase(practice), linkedCase(practice), linkedCase(practice)];
		await practice.n8n.activate();
		edit(practice, cases[0], 'A forbidden word');
		edit(practice, cases[1], 'A fine word');
		comment(practice, cases[2]);
		const [failed, ...none] = await practice.n8n.look(undefined, ORO_TRIGGER);
		expect([failed.status, casesOf(failed), none]).toEqual(['error', [cases[0], cases[1]], []]);
		edit(practice, cases[0], 'Another fine word');
		const later = (await look(practice, PAUSE)).flat();
		expect(new Set(later)).toEqual(new Set(cases));
		expect(await look(practice)).toEqual([]);
	});

	test('killed in mid-run, the next life begins with the same batch', async () => {
		const practice = await prepared({ options: { batchSize: 1 } });
		const cases = [linkedCase(practice), linkedCase(practice)];
		await practice.n8n.activate();
		for (const id of cases) edit(practice, id, 'Changed');
		practice.n8n.tick(undefined, ORO_TRIGGER);
		practice.n8n.kill();
		await practice.n8n.activate('init');
		expect(await look(practice)).toEqual([[cases[0]], [cases[1]]]);
	});

	test('OroCRM is down: reported once, and caught up with afterwards', async () => {
		const practice = await prepared();
		const linked = linkedCase(practice);
		await practice.n8n.activate();
		edit(practice, linked, 'Changed');
		practice.orocrm.faults.add({ path: '/api/', effect: { kind: 'answer', status: 503 } });
		expect(await look(practice)).toEqual([]);
		expect(await look(practice, PAUSE)).toEqual([]);
		expect(practice.n8n.reports).toHaveLength(1);
		practice.orocrm.faults.clear();
		expect(await look(practice, PAUSE)).toEqual([[linked]]);
	});

	test('n8n starts while OroCRM is down: no error, and nothing is lost', async () => {
		const practice = await prepared();
		const linked = linkedCase(practice);
		await practice.n8n.activate();
		await practice.n8n.deactivate();
		edit(practice, linked, 'Changed');
		practice.orocrm.faults.add({ path: '/api/', effect: { kind: 'answer', status: 503 } });
		await practice.n8n.activate('init');
		practice.orocrm.faults.clear();
		expect(await look(practice, PAUSE)).toEqual([[linked]]);
	});
});

describe('activation', () => {
	test.each([
		[
			'no right to see comments',
			(practice: Practice) => practice.orocrm.access.deny({ type: 'casecomments', permission: 'VIEW' }),
			/No access to this type of entities/,
			/rights to view/,
		],
		[
			'the Web API is off',
			(practice: Practice) => void (practice.orocrm.settings.webApi = false),
			/404|No route|OroCRM/,
			/Web API/,
		],
	])('%s: refused in words', async (_name, spoil, message, description) => {
		const practice = await prepared();
		spoil(practice);
		await expect(practice.n8n.activate()).rejects.toMatchObject({
			message: expect.stringMatching(message),
			description: expect.stringMatching(description),
		});
	});

	test('a wrong secret is refused', async () => {
		const practice = await prepared();
		const { credentials } = practice.n8n;
		credentials.set('practice-orocrm', { ...credentials.get('practice-orocrm'), clientSecret: 'mistyped' } as never);
		await expect(practice.n8n.activate()).rejects.toThrow(/client authentication failed|access token/i);
	});

	test('an active Zendesk integration of OroCRM’s own is found, and said', async () => {
		const practice = await prepared();
		practice.orocrm.store.update('integrationchannels', practice.channel as number, { enabled: true });
		await expect(practice.n8n.activate()).rejects.toMatchObject({ message: 'OroCRM’s own Zendesk integration "Zendesk" is active', description: expect.stringMatching(/Deactivate it .*Allow Active Integrations/) });
	});

	test('an active one of another account can be allowed, and who may not see integrations is not held up', async () => {
		const allowed = await prepared({ options: { allowActiveIntegrations: true } });
		allowed.orocrm.store.update('integrationchannels', allowed.channel as number, { enabled: true });
		await allowed.n8n.activate();
		const blind = await prepared();
		blind.orocrm.access.deny({ type: 'integrationchannels', permission: 'VIEW' });
		await blind.n8n.activate();
	});
});

describe('a run by hand', () => {
	test('takes what is due, one batch, and moves nothing', async () => {
		const practice = await prepared({ options: { batchSize: 2 } });
		const cases = [linkedCase(practice), linkedCase(practice), linkedCase(practice)];
		await practice.n8n.activate();
		for (const id of cases) edit(practice, id, 'Changed');
		const before = JSON.stringify(practice.n8n.database);
		expect(casesOf(await practice.n8n.runByHand(ORO_TRIGGER))).toEqual([cases[0], cases[1]]);
		expect(JSON.stringify(practice.n8n.database)).toBe(before);
		expect((await look(practice)).flat()).toEqual(cases);
	});

	test('shows the three cases that were linked last when nothing is due', async () => {
		const practice = await prepared();
		const cases = Array.from({ length: 5 }, () => linkedCase(practice));
		unlinkedCase(practice);
		expect(casesOf(await practice.n8n.runByHand(ORO_TRIGGER))).toEqual([cases[4], cases[3], cases[2]]);
		expect(practice.n8n.database).toEqual({});
	});

	test('with a login that may not says so', async () => {
		const practice = await prepared();
		practice.orocrm.access.deny({ type: 'zendesktickets', permission: 'VIEW' });
		await expect(practice.n8n.runByHand(ORO_TRIGGER)).rejects.toMatchObject({
			message: expect.stringContaining('No access'),
			description: expect.stringContaining('rights to view'),
		});
	});
});

test('a trigger that is added while the other one goes on is not erased by what that one keeps', async () => {
	const practice = await prepared();
	const linked = linkedCase(practice);
	const { nodes } = practice.n8n.json;
	const added = nodes.find((node) => node.name === ORO_TRIGGER)!;
	practice.n8n.json.nodes = nodes.filter((node) => node !== added);
	await practice.n8n.activate();
	practice.n8n.json.nodes = nodes;
	await practice.n8n.activateAlso(ORO_TRIGGER);
	practice.ticket();
	expect(await practice.n8n.look(undefined, TRIGGER)).toHaveLength(1);
	await practice.n8n.deactivate();
	edit(practice, linked, 'While n8n is stopped');
	await practice.n8n.activate('init');
	expect(await look(practice)).toEqual([[linked]]);
});
