import { itemsOf, TRIGGER, words } from '../support/n8n-harness';
import type { WorkflowJson, published } from '../support/n8n-harness';
import type { Practice } from '../support/practice';
import { closeAll, setParameters, startActive, startPractice, triggerOptions } from '../support/practice';
import { letPass, takePauses, testClock } from '../support/virtual-time';
import { TicketFeed } from '../../pipeline/ticket-feed';
import type { FeedState } from '../../pipeline/ticket-feed';
import { PRACTICE_READ_TOKENS } from '../../sandbox/zendesk/credentials';
import { ZendeskClient } from '../../zendesk/client';
import { RateBudget } from '../../zendesk/rate-budget';
import { bearerSender } from '../support/pipeline';

/** When the trigger looks, where it begins, what it keeps, and what a run by hand does. */

afterEach(closeAll);

const from =
	(startFrom: string, more: Record<string, unknown> = {}) =>
	(json: WorkflowJson) =>
		setParameters(json, TRIGGER, { startFrom, ...more });
const ago = (minutes: number) => new Date(testClock.now().getTime() - minutes * 60_000).toISOString();

function numbers(run: Parameters<typeof published>[0]): number[] {
	return itemsOf(run, TRIGGER).map((item) => (item.json.ticket as { id: number }).id);
}

describe('starting point', () => {
	test('everything: all tickets, oldest change first', async () => {
		const practice = await startPractice({ edit: from('everything') });
		const tickets = [practice.ticket({ created_at: ago(9_000) }), practice.ticket({ created_at: ago(20_000) })];
		await practice.n8n.activate();
		expect(numbers(await practice.sync())).toEqual([tickets[1].id, tickets[0].id]);
	});

	test('now: only what changes after the activation; the first minute is no error', async () => {
		const practice = await startPractice({ edit: from('now') });
		practice.ticket({ created_at: ago(100) });
		await practice.n8n.activate();
		expect(await practice.n8n.look(10_000)).toHaveLength(0);
		expect(practice.n8n.reports).toEqual([]);
		const later = practice.ticket({ subject: 'After' });
		expect(numbers(await practice.sync())).toEqual([later.id]);
	});

	test('now, restarted before the first change: the starting point doesn’t move', async () => {
		const practice = await startActive({ edit: from('now') });
		letPass(5_000);
		const between = practice.ticket();
		letPass(600_000);
		await practice.n8n.restart();
		expect(numbers(await practice.sync())).toEqual([between.id]);
	});

	test('a date: what changed since', async () => {
		const practice = await startPractice({ edit: from('date', { startDate: ago(60) }) });
		practice.ticket({ created_at: ago(61) });
		const young = practice.ticket({ created_at: ago(59) });
		await practice.n8n.activate();
		expect(numbers(await practice.sync())).toEqual([young.id]);
	});

	test('edited, it begins anew; unedited, a restart repeats at most the last batch', async () => {
		const practice = await startActive({ edit: from('everything') });
		const first = practice.ticket();
		await practice.sync();
		const second = practice.ticket();
		await practice.sync();
		await practice.n8n.restart();
		expect(numbers(await practice.sync())).toEqual([second.id]);
		setParameters(practice.n8n.json, TRIGGER, { startFrom: 'date', startDate: ago(10_000) });
		await practice.n8n.restart();
		expect(numbers(await practice.sync())).toEqual([first.id, second.id]);
		expect(practice.expectOneCaseEach([first, second])).toBe(2);
	});

	test('a date that is none is told at activation', async () => {
		const practice = await startPractice({ edit: from('date', { startDate: 'soon' }) });
		await expect(practice.n8n.activate()).rejects.toThrow('"soon" is no date to start from');
	});
});

test('a change is handed out after the minute that Zendesk holds it back, and not before', async () => {
	const practice = await startActive();
	practice.ticket();
	expect(await practice.n8n.look(50_000)).toHaveLength(0);
	expect(await practice.n8n.look(70_000)).toHaveLength(1);
});

test('batch size 1: one run a ticket, in order, and Zendesk’s export limit is kept', async () => {
	const practice = await startActive({ edit: (json) => triggerOptions(json, { batchSize: 1 }) });
	const tickets = Array.from({ length: 14 }, (_, index) => practice.ticket({ subject: `Order ${index}` }));
	practice.resetCounts();
	const runs = await practice.n8n.look();
	expect(runs.map(numbers)).toEqual(tickets.map((ticket) => [ticket.id]));
	// One for each, one that finds the end, and now and then a look at what changes meanwhile, for it takes more than a minute.
	expect(practice.counts().exports).toBeGreaterThanOrEqual(15);
	expect(practice.counts().exports).toBeLessThanOrEqual(17);
	expect(practice.zendesk.limitBreaches()).toBe(0);
	expect(practice.expectOneCaseEach(tickets)).toBe(14);
});

describe('n8n is started anew', () => {
	/** Another process loads the account until it has used up the exports of a minute, and is killed. Gives back what it has saved. */
	async function killedInBackfill(practice: Practice): Promise<FeedState> {
		const zendeskUrl = practice.zendesk.url;
		let saved: FeedState = { account: zendeskUrl, start: 'everything', position: { startTime: 0 } };
		let die = () => {};
		const death = new Promise<void>((resolve) => (die = resolve));
		const forever = new Promise<never>(() => {});
		const sleep = async () => {
			die();
			await forever;
		};
		const time = { now: () => performance.now(), sleep };
		const client = new ZendeskClient(zendeskUrl, bearerSender(PRACTICE_READ_TOKENS.accessToken), time, new RateBudget(time));
		const settings = { batchSize: 1, brands: [], groups: [], tags: [], runDeadline: 3_600_000 };
		const feed = new TicketFeed(saved, client, settings, {
			save: (state) => (saved = structuredClone(state)),
			handOut: async () => true,
			report: (error) => {
				throw error;
			},
			tell: () => {},
			now: time.now,
		});
		await Promise.race([feed.tick(), death]);
		practice.n8n.kill();
		return saved;
	}

	test('in the middle of a backfill: the exports that the killed process sent in this minute count', async () => {
		const practice = await startPractice({ edit: (json) => triggerOptions(json, { batchSize: 1 }) });
		const tickets = Array.from({ length: 14 }, (_, index) => practice.ticket({ created_at: ago(9_000 - index) }));
		const saved = await killedInBackfill(practice);
		expect(saved.backfill).toBeDefined();
		expect(practice.counts().exports).toBe(10);

		practice.n8n.database = { global: { [`feed ${practice.n8n.node(TRIGGER).id}`]: JSON.parse(JSON.stringify(saved)) } };
		await practice.n8n.activate('init');
		practice.resetCounts();
		const runs = await practice.n8n.look(5_000);
		expect(practice.zendesk.limitBreaches()).toBe(0);
		const handedOut = runs.flatMap(numbers);
		expect(handedOut.length).toBeGreaterThan(0);
		// All that the first process had not saved as done, in the order of the history.
		expect(handedOut).toEqual(tickets.slice(-handedOut.length).map(({ id }) => id));
		expect(practice.count('cases')).toBe(handedOut.length);
	});

	test('outside of a backfill nobody waits for that', async () => {
		const practice = await startPractice();
		const ticket = practice.ticket({ created_at: ago(9_000) });
		await practice.n8n.activate('init');
		takePauses();
		expect((await practice.n8n.look(5_000)).flatMap(numbers)).toEqual([ticket.id]);
		expect(Math.max(0, ...takePauses())).toBeLessThan(10_000);
	});
});

test('a run that fails in the middle of many batches stops there; the next look goes on with the same batch', async () => {
	const practice = await startActive({ edit: (json) => triggerOptions(json, { batchSize: 2 }) });
	const tickets = Array.from({ length: 6 }, (_, index) => practice.ticket({ subject: `Order ${index}` }));
	practice.orocrm.faults.add({
		method: 'POST',
		path: '/zendesktickets',
		skip: 2,
		effect: { kind: 'answer', status: 503 },
	});
	const runs = await practice.n8n.look();
	expect(runs.map((run) => run.status)).toEqual(['success', 'error']);
	practice.orocrm.faults.clear();
	const rest = await practice.n8n.look(20 * 60_000);
	expect(rest.map(numbers)).toEqual([
		[tickets[2].id, tickets[3].id],
		[tickets[4].id, tickets[5].id],
	]);
	expect(practice.expectOneCaseEach(tickets)).toBe(6);
});

describe('filters', () => {
	test('only tickets of these tags, groups and brands are handed out, and the others are passed over', async () => {
		const practice = await startActive({ edit: (json) => triggerOptions(json, { tags: 'vip, contract' }) });
		const [plain, vip] = [practice.ticket(), practice.ticket({ tags: ['red', 'contract'] })];
		expect(numbers(await practice.sync())).toEqual([vip.id]);
		practice.zendesk.store.updateTicket(plain.id, { priority: 'high' });
		expect(await practice.n8n.look()).toHaveLength(0);
		expect(practice.count('cases')).toBe(1);
	});

	test('a group and a brand', async () => {
		const practice = await startPractice();
		const { store } = practice.zendesk;
		const group = [...store.groups.keys()][0];
		const [inGroup, elsewhere] = [practice.ticket({ group_id: group }), practice.ticket()];
		Object.assign(store.tickets.get(elsewhere.id)!, { group_id: null, brand_id: 4711 });
		triggerOptions(practice.n8n.json, { groups: [String(group)] });
		await practice.n8n.activate();
		expect(numbers(await practice.sync())).toEqual([inGroup.id]);
		setParameters(practice.n8n.json, TRIGGER, {
			startFrom: 'date',
			startDate: ago(1_000),
			options: { brands: ['4711'] },
		});
		await practice.n8n.restart();
		expect(numbers(await practice.sync())).toEqual([elsewhere.id]);
	});
});

describe('a run by hand', () => {
	test('syncs what is due and moves no cursor', async () => {
		const practice = await startActive();
		practice.ticket();
		await practice.sync();
		const before = JSON.stringify(practice.n8n.database);
		const due = practice.ticket({ subject: 'Due' });
		letPass(120_000);
		const run = await practice.n8n.runByHand();
		expect(numbers(run)).toContain(due.id);
		expect(practice.caseOf(due).subject).toBe('Due');
		expect(JSON.stringify(practice.n8n.database)).toBe(before);
		expect(numbers(await practice.sync())).toContain(due.id);
		expect(practice.count('cases')).toBe(2);
	});

	test('shows the latest three when nothing is due', async () => {
		const practice = await startPractice({ edit: from('now') });
		const tickets = Array.from({ length: 5 }, (_, index) => practice.ticket({ created_at: ago(50 - index) }));
		const run = await practice.n8n.runByHand();
		expect(numbers(run)).toEqual([tickets[4].id, tickets[3].id, tickets[2].id]);
		expect(practice.n8n.database).toEqual({});
	});

	test('with a wrong login says so', async () => {
		const practice = await startPractice();
		practice.zendesk.faults.add({
			path: '/api/v2',
			effect: {
				kind: 'answer',
				status: 403,
				body: '{"error":"Forbidden","description":"You do not have access to this page"}',
			},
		});
		await expect(practice.n8n.runByHand()).rejects.toMatchObject({
			message: expect.stringContaining('You do not have access to this page'),
			description: expect.stringContaining('Exports need an admin'),
		});
	});
});

describe('schedule', () => {
	test('n8n’s scheduler itself wakes it', async () => {
		const practice = await startPractice({
			edit: from('everything', { interval: 2, unit: 'seconds' }),
			zendesk: { exportDelaySeconds: 0 },
		});
		const ticket = practice.ticket();
		letPass(2_000);
		await practice.n8n.activate('activate', true);
		for (let turn = 0; turn < 100 && practice.n8n.runs.length === 0; turn++)
			await new Promise((resolve) => setTimeout(resolve, 50));
		expect(practice.n8n.runs[0]?.status).toBe('success');
		expect(practice.caseOf(ticket).subject).toBe('Printer on fire');
	}, 15_000);

	test('an interval of minutes is kept, whatever n8n’s ticks', async () => {
		const practice = await startActive({ edit: from('everything', { interval: 5, unit: 'minutes' }) });
		await practice.n8n.look();
		practice.resetCounts();
		for (let tick = 0; tick < 20; tick++) await practice.n8n.look(10_000);
		expect(practice.counts().exports).toBe(0);
		await practice.n8n.look(100_000);
		expect(practice.counts().exports).toBe(1);
	});

	test('a cron expression is taken, a wrong one refused in words', async () => {
		const practice = await startActive({
			edit: from('everything', { schedule: 'cron', cronExpression: '*/5 8-18 * * 1-5' }),
		});
		practice.ticket();
		await practice.sync();
		const wrong = await startPractice({
			edit: from('everything', { schedule: 'cron', cronExpression: 'every morning' }),
		});
		await expect(wrong.n8n.activate()).rejects.toThrow(/"every morning" is no cron expression/);
	});
});

test('a run that says nothing for too long is given up and its batch handed out again: one case', async () => {
	const practice = await startActive({ edit: (json) => triggerOptions(json, { runDeadline: 30 }) });
	const ticket = practice.ticket();
	practice.orocrm.faults.add({ method: 'POST', path: '/zendesktickets', times: 1, effect: { kind: 'silence' } });
	practice.n8n.tick();
	const silent = async () => await new Promise((resolve) => setTimeout(resolve, 400));
	await silent();
	practice.n8n.tick(10 * 60_000);
	await silent();
	expect(practice.n8n.reports).toEqual([]);
	practice.n8n.tick(31 * 60_000);
	await silent();
	expect(practice.n8n.reports.map(({ message }) => message)).toEqual([
		expect.stringContaining('said nothing for 30 minutes. The same batch is handed out again'),
	]);
	practice.n8n.tick(20 * 60_000);
	while (practice.n8n.runs.length === 0) await silent();
	expect(words(practice.n8n.runs[0])).toBe('');
	expect(practice.expectOneCaseEach([ticket])).toBe(1);
});

test('switched off and on while a run is under way: both runs have the same batch, each ticket has one case', async () => {
	const practice = await startActive();
	const maria = practice.person('Maria Santos');
	const tickets = Array.from({ length: 20 }, (_, index) =>
		practice.ticket({ subject: `Order ${index}`, requester_id: maria.id, submitter_id: maria.id }),
	);
	practice.n8n.tick();
	while (practice.count('cases') < 3) await new Promise((resolve) => setImmediate(resolve));
	await practice.n8n.restart();
	practice.n8n.tick();
	await practice.n8n.idle();
	expect(practice.n8n.runs.map((run) => run.status)).toEqual(['success', 'success']);
	expect(practice.expectOneCaseEach(tickets)).toBe(20);
	expect(practice.count('casecomments')).toBe(20);
	expect(practice.n8n.failedItems()).toEqual([]);
});
