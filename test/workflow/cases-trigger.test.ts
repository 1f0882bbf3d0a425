import type { IRun } from 'n8n-workflow';
import { itemsOf, ORO_TRIGGER, TRIGGER } from '../support/n8n-harness';
import type { WorkflowJson } from '../support/n8n-harness';
import { closeAll, setParameters, startPractice } from '../support/practice';
import type { Practice, PracticeOptions } from '../support/practice';
import { letPass } from '../support/virtual-time';

/** The OroCRM Cases Trigger in n8n: its activation, what it keeps, failed runs, a run by hand. */

afterEach(closeAll);

/** The trigger alone, before a node that does nothing: what is handed out is what counts here. */
function alone(parameters: Record<string, unknown> = {}) {
	return (json: WorkflowJson): void => {
		json.nodes = json.nodes.filter((node) => [ORO_TRIGGER, TRIGGER].includes(node.name));
		json.connections = {};
		setParameters(json, ORO_TRIGGER, parameters);
	};
}

async function started(parameters: Record<string, unknown> = {}, options: PracticeOptions = {}): Promise<Practice> {
	return await startPractice({ template: 'two-way', edit: alone(parameters), ...options });
}

/** A case with a ticket record. */
function linkedCase(practice: Practice, subject = 'Printer on fire', status = 'open'): string {
	const id = unlinkedCase(practice, subject);
	practice.orocrm.store.insert('zendesktickets', { originId: String(7_000 + Number(id)), subject, status, relatedCase: Number(id) });
	return id;
}

function unlinkedCase(practice: Practice, subject = 'Printer on fire', more: Record<string, unknown> = {}): string {
	const { store } = practice.orocrm;
	return String(
		store.insert('cases', {
			subject,
			source: 'web',
			status: 'open',
			priority: 'normal',
			owner: 1,
			organization: 1,
			createdAt: store.now(),
			...more,
		}).id,
	);
}

function edit(practice: Practice, id: string, subject: string): void {
	const { store } = practice.orocrm;
	store.update('cases', Number(id), { subject, updatedAt: store.now() });
}

function comment(practice: Practice, id: string): void {
	const { store } = practice.orocrm;
	store.insert('casecomments', { message: 'Call me', public: true, case: Number(id), owner: 1, organization: 1, createdAt: store.now() });
}

const looked = async (practice: Practice) => (await practice.n8n.look(undefined, ORO_TRIGGER)).map(casesOf);
const casesOf = (run: IRun): string[] => itemsOf(run, ORO_TRIGGER).map((item) => (item.json.case as { id: string }).id);

test('a change, a comment, and nothing else', async () => {
	const practice = await started();
	const [edited, commented] = [linkedCase(practice), linkedCase(practice), linkedCase(practice), unlinkedCase(practice)];
	await practice.n8n.activate();
	expect(await looked(practice)).toEqual([]);
	edit(practice, edited, 'Printer is wet');
	comment(practice, commented);
	const runs = await practice.n8n.look(undefined, ORO_TRIGGER);
	expect(runs.map(casesOf)).toEqual([[edited, commented]]);
	expect(itemsOf(runs[0], ORO_TRIGGER)[0].json).toMatchObject({
		origin: 'orocrm',
		ticket: null,
		case: { id: edited, subject: 'Printer is wet' },
		record: { originId: String(7_000 + Number(edited)), relatedCase: edited },
	});
	expect(await looked(practice)).toEqual([]);
});
