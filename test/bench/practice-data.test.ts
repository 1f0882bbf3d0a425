import { addIntegration, addTickets, changeTickets, editCases } from '../../bench/practice-data';
import { trafficOf } from '../../bench/traffic';
import { startPracticeOroCrm } from '../../sandbox/orocrm/server';
import { PRACTICE_READ_TOKENS } from '../../sandbox/zendesk/credentials';
import { startPracticeZendesk } from '../../sandbox/zendesk/server';
import { practiceClients, syncEverything } from '../support/pipeline';

/** The data of the bench, carried over by the pipeline without n8n, and counted as the bench counts it. */
describe('what the bench syncs', () => {
	const started: Array<{ close(): Promise<void> }> = [];
	afterEach(async () => {
		for (const server of started.splice(0)) await server.close();
	});

	async function practice() {
		const zendesk = await startPracticeZendesk({ exportDelaySeconds: 0 });
		const orocrm = await startPracticeOroCrm();
		started.push(zendesk, orocrm);
		addIntegration(orocrm);
		return { zendesk, orocrm, clients: await practiceClients({ zendesk, orocrm }) };
	}

	it('tickets with their comments, and a requester for five of them', async () => {
		const { zendesk, orocrm, clients } = await practice();
		const ids = addTickets(zendesk, 12, 3);
		expect(ids.map((id) => zendesk.store.commentsOf(id).length)).toEqual(Array(12).fill(3));
		// Events of one second that don't fit into a page of the export would be an account like no other.
		const written = ids.flatMap((id) => zendesk.store.commentsOf(id).map(({ created_at }) => created_at));
		expect(new Set(ids.map((id) => zendesk.store.liveTicket(id)!.created_at)).size).toBe(12);
		expect(new Set(written).size).toBeGreaterThan(12);
		zendesk.calls.reset();
		orocrm.calls.reset();
		await syncEverything(clients);
		expect([orocrm.store.count('cases'), orocrm.store.count('casecomments'), orocrm.store.count('contacts')]).toEqual([
			12, 36, 3,
		]);
		const { endpoints } = trafficOf({ Zendesk: zendesk.calls.all(), OroCRM: orocrm.calls.all() });
		expect(endpoints).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ endpoint: 'GET /api/v2/tickets/{id}/comments', requests: 12 }),
				expect.objectContaining({ endpoint: 'POST /api/zendesktickets', requests: 12 }),
			]),
		);
	});

	it('changed tickets have one more comment and another priority', async () => {
		const { zendesk } = await practice();
		const [first, second] = addTickets(zendesk, 2, 3);
		const before = zendesk.store.liveTicket(first)!.priority;
		changeTickets(zendesk, [first]);
		expect(zendesk.store.liveTicket(first)!.priority).not.toBe(before);
		expect([first, second].map((id) => zendesk.store.commentsOf(id).length)).toEqual([4, 3]);
	});

	it('edited cases have one more comment and another priority', async () => {
		const { zendesk, orocrm, clients } = await practice();
		addTickets(zendesk, 3, 1);
		await syncEverything(clients);
		const [record] = orocrm.store.all('zendesktickets');
		const before = orocrm.store.get('cases', record.relatedCase as number)!.priority;
		const edits = editCases(orocrm, [record]);
		expect(orocrm.store.get('cases', record.relatedCase as number)!.priority).not.toBe(before);
		expect([...edits.keys()]).toEqual([Number(record.originId)]);
		expect(orocrm.store.count('casecomments')).toBe(4);
	});

	it.each([
		['zendesk', 200],
		['orocrm', 60],
	] as const)('latency of %s delays each answer, and the call log shows it', async (system, milliseconds) => {
		const servers = await practice();
		const server = servers[system];
		server.calls.reset();
		server.faults.add({ effect: { kind: 'latency', milliseconds } });
		const path = system === 'zendesk' ? '/api/v2/users/me.json' : '/api/cases';
		await fetch(`${server.url}${path}`, { headers: { Authorization: `Bearer ${PRACTICE_READ_TOKENS.accessToken}` } });
		const [{ began, ended }] = server.calls.all();
		// Timers may fire a millisecond early.
		expect(ended - began).toBeGreaterThanOrEqual(milliseconds - 2);
	});
});
