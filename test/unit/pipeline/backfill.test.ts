import { TicketFeed } from '../../../pipeline/ticket-feed';
import type { FeedState } from '../../../pipeline/ticket-feed';
import type { Pair } from '../../../sync/pair';
import { ExportWorld } from '../../support/export-world';
import { settle } from '../support/fake-time';

/** An account with years behind it, and a feed that begins with everything; one ticket a day. */
function history(tickets: number, batchSize = 10) {
	const world = new ExportWorld();
	for (let one = 0; one < tickets; one++) {
		world.create();
		world.now += 86_400;
	}
	return { world, ...feedOver(world, { account: 'acme', start: 'everything', position: { startTime: 0 } }, batchSize) };
}

function feedOver(world: ExportWorld, state: FeedState, batchSize: number) {
	const outside = {
		saved: [] as FeedState[],
		handed: [] as number[][],
		pairs: [] as Pair[][],
		told: [] as string[],
		reports: [] as string[],
		/** What happens in a run, by its number; it ends well unless that says otherwise. A run takes ten seconds. */
		runs: {} as Record<number, () => boolean | void | Promise<boolean | void>>,
	};
	const feed = new TicketFeed(
		state,
		world.client(),
		{ batchSize, brands: [], groups: [], tags: [], runDeadline: 3_600_000 },
		{
			save: (next) => outside.saved.push(JSON.parse(JSON.stringify(next)) as FeedState),
			handOut: async (pairs) => {
				outside.handed.push(pairs.map((pair) => pair.ticket?.id ?? 0));
				outside.pairs.push(pairs);
				await settle();
				world.now += 10;
				return (await outside.runs[outside.handed.length]?.()) !== false;
			},
			report: (error) => outside.reports.push(error.message),
			tell: (words) => outside.told.push(words),
			now: () => world.now * 1000,
		},
	);
	return { feed, outside };
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('a change of now comes after the page that is being written, not after the history', async () => {
	const { world, feed, outside } = history(60);
	outside.runs[2] = () => {
		world.change(55, { status: 'open' });
		world.now += 150;
	};
	await feed.tick();
	expect(outside.handed).toEqual([range(1, 10), range(11, 20), [55], range(21, 30), range(31, 40), range(41, 50), [51, 52, 53, 54, 56, 57, 58, 59, 60]]);
});

test('what was read ahead and changed since comes as it is now, and not once more as it was', async () => {
	const { world, feed, outside } = history(40);
	outside.runs[2] = () => {
		// The page from 21 on is there already.
		world.change(25, { status: 'open' });
		world.now += 150;
	};
	await feed.tick();
	expect(outside.handed).toEqual([range(1, 10), range(11, 20), [25], range(21, 30).filter((id) => id !== 25), range(31, 40)]);
});

test('one page ahead is read while one is written, and no more', async () => {
	const { world, feed, outside } = history(60);
	const asked: number[] = [];
	for (const run of range(1, 6)) outside.runs[run] = () => void asked.push(world.asked.tickets.length);
	await feed.tick();
	expect(asked).toEqual([2, 3, 4, 5, 6, 7]);
});

test('the next page waits for the run: a failed one is read and handed out again', async () => {
	const { world, feed, outside } = history(40);
	outside.runs[2] = () => {
		world.change(15, { status: 'open' });
		return false;
	};
	await feed.tick();
	expect(outside.handed).toEqual([range(1, 10), range(11, 20)]);
	world.now += 40;
	await feed.tick();
	// As it is read again, the changed one has moved on to the present.
	expect(outside.handed.slice(2)).toEqual([range(11, 21).filter((id) => id !== 15), range(22, 31), range(32, 40)]);
	world.now += 120;
	await feed.tick();
	expect(outside.handed.at(-1)).toEqual([15]);
	expect(outside.reports).toEqual([]);
});

test('a failed first page begins anew, as a backfill or not', async () => {
	const { world, feed, outside } = history(30);
	outside.runs[1] = () => false;
	await feed.tick();
	world.now += 40;
	await feed.tick();
	expect(outside.handed).toEqual([range(1, 10), range(1, 10), range(11, 20), range(21, 30)]);
	expect(outside.told.filter((words) => words.startsWith('There is more'))).toHaveLength(1);
});

test('killed and started again, it goes on with the page that was being written, and what changed meanwhile is there', async () => {
	const { world, feed, outside } = history(50);
	outside.runs[3] = async () => await new Promise<never>(() => {});
	void feed.tick();
	while (outside.handed.length < 3) await settle();
	await settle();
	world.change(3, { status: 'open' });
	world.now += 300;
	const next = feedOver(world, outside.saved.at(-1) as FeedState, 10);
	await next.feed.tick();
	expect(next.outside.handed).toEqual([[3], range(21, 30), range(31, 40), range(41, 50)]);
});

test('few changes are no backfill, many of a moment ago neither', async () => {
	const world = new ExportWorld();
	for (let one = 0; one < 25; one++) world.create();
	world.now += 100;
	const { feed, outside } = feedOver(world, { account: 'acme', start: 'now', position: { startTime: world.now - 200 } }, 10);
	await feed.tick();
	expect(outside.pairs.flat().every((pair) => pair.backfill === undefined)).toBe(true);
	expect(outside.saved.every((state) => state.backfill === undefined)).toBe(true);
	expect(world.asked.tickets).toHaveLength(3);
});

test('when nothing came meanwhile, the history’s cursor goes on as the only one', async () => {
	const { world, feed, outside } = history(20);
	await feed.tick();
	expect(feed.position).toEqual({ cursor: `${world.tickets.get(20)?.generated_timestamp}|20` });
	expect(outside.told.at(-1)).toBe('The backfill is done: 20 tickets. From now on only changes come.');
	world.change(7, { status: 'open' });
	world.now += 100;
	await feed.tick();
	expect(outside.handed.at(-1)).toEqual([7]);
	expect(outside.saved.at(-1)?.backfill).toBeUndefined();
});

test('each item says how far it is, and so does the log', async () => {
	const { feed, outside } = history(90);
	await feed.tick();
	const last = outside.pairs.at(-1)?.[0].backfill;
	// Ten tickets in ten seconds, the moments between them are none.
	expect(last).toMatchObject({ tickets: 90, perMinute: 60, page: { from: '1970-04-02T13:46:40.000Z', to: '1970-04-11T13:46:40.000Z' } });
	expect(Date.parse(last?.endsAbout ?? '')).toBeGreaterThan(0);
	expect(outside.pairs[0][0].backfill).toBeUndefined();
	expect(outside.told).toContain(last?.summary);
});

test('the answers’ dates are ten minutes ahead of the export: what Zendesk finds too recent is no trouble, and nothing is left out', async () => {
	const { world, feed, outside } = history(60);
	world.dateAhead = 600;
	outside.runs[2] = () => {
		world.change(7, { status: 'open' });
		world.now += 61;
	};
	await feed.tick();
	world.now += 120;
	await feed.tick();
	expect(outside.reports).toEqual([]);
	expect(outside.handed.flat()).toEqual([...range(1, 60), 7]);
});

test('an end that was read before the present began proves nothing: what Zendesk held back then comes all the same', async () => {
	const { world, feed, outside } = history(25);
	// The dividing second lies three minutes ahead of the export's own time.
	world.dateAhead = 300;
	outside.runs[2] = () => {
		// The last page is there already, and this isn't in it: Zendesk shows it a minute later.
		world.change(3, { status: 'open' });
		world.now += 400;
		world.change(4, { status: 'open' });
		world.now += 100;
	};
	await feed.tick();
	expect(outside.handed).toEqual([range(1, 10), range(11, 20), [4], range(21, 25), [3]]);
});
