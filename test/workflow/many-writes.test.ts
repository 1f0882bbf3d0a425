import { startPracticeOroCrm, type PracticeOroCrm } from '../../sandbox/orocrm/server';
import { startPracticeZendesk, type PracticeZendesk } from '../../sandbox/zendesk/server';
import { pairsOf } from '../../pipeline/ticket-pairs';
import type { Clients } from '../../pipeline/clients';
import { readTicketExport } from '../../zendesk/ticket-export';
import { practiceClients, runPipeline, type SyncOptions } from '../support/pipeline';

/** Tickets that take several writes, with something in between. */

let zendesk: PracticeZendesk;
let orocrm: PracticeOroCrm;
let clients: Clients;

beforeEach(async () => {
	zendesk = await startPracticeZendesk({ exportDelaySeconds: 0, limits: 'off' });
	orocrm = await startPracticeOroCrm({ seed: 'showcase', searchLagMs: 0 });
	clients = await practiceClients({ zendesk, orocrm });
});
afterEach(async () => {
	await Promise.all([zendesk.close(), orocrm.close()]);
});

function ticketWithComments(count: number): number {
	const ticket = zendesk.store.createTicket({ subject: 'Long thread', comment: { body: 'Comment 1' } });
	for (let number = 2; number <= count; number++) zendesk.store.addComment(ticket.id, { body: `Comment ${number}` });
	return ticket.id;
}

/** Syncs all that the export has; each ticket as often as `times` says. */
async function sync(options: SyncOptions, times = 1) {
	const page = await readTicketExport(clients.zendesk, { startTime: 0 }, 1000);
	const pairs = pairsOf(page.tickets, page.users);
	return await runPipeline(Array.from({ length: times }, () => structuredClone(pairs)).flat(), clients, options);
}

const texts = () =>
	[...orocrm.store.all('casecomments')].map((row) => String(row.message)).filter((text) => text.startsWith('Comment '));
const expected = (count: number) => Array.from({ length: count }, (_, index) => `Comment ${index + 1}`);

describe.each([
	['with an integration', '1'],
	['without an integration', null],
])('%s', (_name, channel) => {
	const options = { settings: { channel, commentsPerWrite: 5 } };

	test('a record that is deleted and made again in several writes doubles no comment', async () => {
		ticketWithComments(12);
		await sync(options);
		expect(texts()).toEqual(expected(12));
		const [record] = orocrm.store.all('zendesktickets');
		orocrm.store.remove('zendesktickets', Number(record.id));
		const [outcome] = await sync(options);
		expect(outcome).toMatchObject({ result: { outcome: 'updated' } });
		expect(texts()).toEqual(expected(12));
		expect(orocrm.store.count('zendeskticketcomments')).toBe(12);
		expect(await sync(options)).toMatchObject([{ result: { outcome: 'unchanged' } }]);
	});

	test('a ticket that is twice in a run is written once, also when it takes several writes', async () => {
		ticketWithComments(12);
		await sync(options, 2);
		expect(texts()).toEqual(expected(12));
		expect(orocrm.store.count('zendesktickets')).toBe(1);
	});

	test('a lost answer to the first of several writes: the result says that the case was made, with all comments', async () => {
		ticketWithComments(12);
		orocrm.faults.add({ method: 'POST', path: 'zendesktickets', times: 1, effect: { kind: 'cut-after' } });
		const [outcome] = await sync(options);
		expect(texts()).toEqual(expected(12));
		expect(outcome).toMatchObject({ result: { outcome: 'created' } });
		const { changes } = (outcome as { result: { changes: Array<{ field: string }> } }).result;
		expect(changes.filter((change) => change.field === 'comment')).toHaveLength(12);
	});

	test('Zendesk fails while the incidents of a new problem are read: they are tied all the same', async () => {
		const problem = zendesk.store.createTicket({ subject: 'Cause', type: 'problem', comment: { body: 'x' } });
		const incident = zendesk.store.createTicket({
			subject: 'Effect',
			type: 'incident',
			problem_id: problem.id,
			comment: { body: 'y' },
		});
		const page = await readTicketExport(clients.zendesk, { startTime: 0 }, 1000);
		const [first, second] = [incident.id, problem.id].map((id) =>
			pairsOf(
				page.tickets.filter((ticket) => ticket.id === id),
				page.users,
			),
		);
		await runPipeline(first, clients, options);
		zendesk.faults.add({ path: 'incidents', times: 6, effect: { kind: 'answer', status: 502, body: '' } });
		await runPipeline(second, clients, options);
		const records = [...orocrm.store.all('zendesktickets')];
		const idOf = (ticket: number) => records.find((row) => String(row.originId) === String(ticket));
		expect(Number(idOf(incident.id)?.problem)).toBe(Number(idOf(problem.id)?.id));
		expect(idOf(problem.id)?.originUpdatedAt).not.toBeNull();
	});
});

test('an administrator’s page limit is kept, also by the search for e-mails', async () => {
	const list = clients.oro.list.bind(clients.oro);
	const asked: number[] = [];
	clients.oro.list = async (type, query = {}) => {
		asked.push(query.pageSize ?? 0);
		if ((query.pageSize ?? 0) > 100) {
			const { readOroCrmError } = await import('../../orocrm/errors');
			const body = {
				errors: [
					{
						status: '400',
						title: 'filter constraint',
						detail: 'The value should be less than or equals to 100.',
						source: { parameter: 'page[size]' },
					},
				],
			};
			throw readOroCrmError(
				{ method: 'GET', url: 'https://x/api/y', headers: {} },
				{ status: 400, headers: {}, text: JSON.stringify(body) },
			);
		}
		return await list(type, query);
	};
	ticketWithComments(1);
	expect(await sync({})).toMatchObject([{ result: { outcome: 'created' } }]);
	expect(asked.filter((size) => size > 100)).toHaveLength(1);
});
