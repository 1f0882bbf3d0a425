import { readLateComments } from '../../../pipeline/late-comments';
import { TicketFeed } from '../../../pipeline/ticket-feed';
import type { Pair } from '../../../sync/pair';
import { ExportWorld, HABITS } from '../../support/export-world';

/** Comments of the first batch: the trigger leaves them to whoever learns from OroCRM which of them are needed. */

/** Worlds of this process: all have the same address, and readers are found by it and by the second in which they begin. */
let begun = 0;

function start(tickets: number) {
	const account = new ExportWorld(HABITS);
	const startTime = account.now - 200 - ++begun;
	const ids = Array.from({ length: tickets }, () => account.create());
	account.now += 10;
	for (const id of ids) account.comment(id, 'web');
	account.now += 61;
	const client = account.client();
	const handed: Pair[][] = [];
	const settings = { batchSize: 1000, brands: [], groups: [], tags: [], runDeadline: 3_600_000 };
	const feed = new TicketFeed({ account: client.baseUrl, start: 'everything', position: { startTime } }, client, settings, {
		save: () => {},
		handOut: async (pairs) => {
			handed.push(JSON.parse(JSON.stringify(pairs)) as Pair[]);
			return true;
		},
		report: () => {},
		now: () => account.now * 1000,
	});
	return { account, client, ids, handed, feed, startTime };
}

const counts = (pairs: readonly Pair[]) => pairs.map(({ ticket }) => ticket?.comments?.length ?? null);

test('the first batch asks for no events; those that turn out to need them get their comments by one read', async () => {
	const { account, client, ids, handed, feed, startTime } = start(5);
	await feed.tick();
	expect(counts(handed[0])).toEqual([null, null, null, null, null]);
	expect(new Set(handed[0].map((pair) => pair.eventsSince))).toEqual(new Set([startTime]));
	expect(account.asked.events).toHaveLength(0);

	const found = await readLateComments(handed[0].slice(0, 3), client);
	expect(account.asked.events).toHaveLength(1);
	expect(found.map(({ ticket }) => ticket?.comments)).toEqual(ids.slice(0, 3).map((id) => account.listed(id)));
	// Whoever changed the pair on the way finds the change in it.
	expect(found.map(({ ticket }) => ticket?.people)).toEqual(handed[0].slice(0, 3).map(({ ticket }) => ticket?.people));
});

test('the trigger goes on where Resolve stopped: no event is read twice', async () => {
	const { account, client, ids, handed, feed } = start(5);
	await feed.tick();
	await readLateComments(handed[0], client);
	for (const id of ids) account.comment(id, 'web');
	account.now += 61;
	await feed.tick();
	expect(counts(handed[1])).toEqual([3, 3, 3, 3, 3]);
	expect(handed[1][0].eventsSince).toBeUndefined();
	expect(account.asked.events).toHaveLength(2);
	expect(Number(account.asked.events[1].start_time)).toBeGreaterThan(Number(account.asked.events[0].start_time));
});

test('two at once share what is read', async () => {
	const { account, client, handed, feed } = start(6);
	await feed.tick();
	const parts = await Promise.all([readLateComments(handed[0].slice(0, 3), client), readLateComments(handed[0].slice(3), client)]);
	expect(parts.map(counts)).toEqual([
		[2, 2, 2],
		[2, 2, 2],
	]);
	// The last second may not be over, so it is looked at once more: from there, and no page is read twice.
	const begins = account.asked.events.map((query) => query.start_time);
	expect(new Set(begins).size).toBe(begins.length);
});

test('an empty look is no first batch', async () => {
	const { account, handed, feed } = start(0);
	await feed.tick();
	const ids = [account.create(), account.create()];
	account.now += 61;
	await feed.tick();
	expect(handed.map(counts)).toEqual([ids.map(() => null)]);
	expect(handed[0][0].eventsSince).toBeDefined();
});

describe('in another process than the trigger’s', () => {
	/** As it came from n8n's queue: nothing here knows the reader. */
	const elsewhere = (pairs: readonly Pair[]) => pairs.map((pair) => ({ ...pair, eventsSince: (pair.eventsSince ?? 0) - 1 }));

	test('for 40 tickets and more the events are read anew', async () => {
		const { account, client, handed, feed } = start(40);
		await feed.tick();
		expect(counts(await readLateComments(elsewhere(handed[0]), client))).toEqual(Array(40).fill(2));
		expect(account.asked.events).toHaveLength(1);
	});

	test('for fewer they are left to be read singly', async () => {
		const { account, client, handed, feed } = start(39);
		await feed.tick();
		expect(counts(await readLateComments(elsewhere(handed[0]), client))).toEqual(Array(39).fill(null));
		expect(account.asked.events).toHaveLength(0);
	});
});

test('what is there already, and what names no usable second, is left alone', async () => {
	const { account, client, handed, feed } = start(2);
	await feed.tick();
	const found = await readLateComments(handed[0], client);
	const asked = account.asked.events.length;
	expect(await readLateComments(found, client)).toEqual(found);
	const odd = ['soon', {}, null].map((eventsSince) => ({ ...handed[0][0], eventsSince }) as unknown as Pair);
	expect(await readLateComments(odd, client)).toEqual(odd);
	expect(account.asked.events).toHaveLength(asked);
});

test('a refused export leaves them to be read singly', async () => {
	const { account, client, handed, feed } = start(3);
	await feed.tick();
	account.refuses = 403;
	expect(counts(await readLateComments(handed[0], client))).toEqual([null, null, null]);
});

test('a system in trouble is said, and another try gets them', async () => {
	const { account, client, handed, feed } = start(3);
	await feed.tick();
	account.refuses = 503;
	await expect(readLateComments(handed[0], client)).rejects.toThrow('No.');
	account.refuses = undefined;
	expect(counts(await readLateComments(handed[0], client))).toEqual([2, 2, 2]);
});
