import { ApiError } from '../../../http/api-error';
import type { Pair } from '../../../sync/pair';
import { dueNow, startingPosition, TicketFeed } from '../../../pipeline/ticket-feed';
import { pairsOf } from '../../../pipeline/ticket-pairs';
import type { FeedSettings, FeedState } from '../../../pipeline/ticket-feed';
import type { ZendeskClient } from '../../../zendesk/client';
import type { ZendeskTicket } from '../../../zendesk/types';
import { ticket, user } from '../support/examples';
import { settle } from '../support/fake-time';

const MINUTE = 60_000;
const DEADLINE = 60 * MINUTE;

interface Page {
	ids: number[];
	more?: boolean;
	tickets?: ZendeskTicket[];
}

const raw = (id: number, values: Partial<ZendeskTicket> = {}): ZendeskTicket => {
	const { comments: _comments, people: _people, ...one } = ticket({ id });
	return { ...one, ...values };
};

/** An account whose export has the given pages; the cursor is the number of the next one. */
class FakeExport {
	asked: Array<Record<string, unknown>> = [];
	error: Error | undefined;
	hold: Promise<void> | undefined;

	constructor(public pages: Page[]) {}

	async getDated(path: string, query: Record<string, unknown>) {
		return { body: await this.get(path, query), answeredAt: 1_000_000 };
	}

	async get(path: string, query: Record<string, unknown>): Promise<unknown> {
		if (path === 'tickets.json') return { tickets: [raw(90), raw(91), raw(92), raw(93)], users: [] };
		this.asked.push(query);
		await this.hold;
		if (this.error) throw this.error;
		const index = query.cursor === undefined ? 0 : Number(String(query.cursor).slice(1));
		const page = this.pages[index];
		if (!page || page.ids.length + (page.tickets?.length ?? 0) === 0)
			return { tickets: [], after_cursor: null, end_of_stream: true };
		return {
			tickets: page.tickets ?? page.ids.map((id) => raw(id)),
			users: [],
			after_cursor: `c${index + 1}`,
			end_of_stream: !page.more,
		};
	}
}

function feedOver(
	pages: Page[],
	settings: Partial<FeedSettings> = {},
	start: FeedState['position'] = { startTime: 0 },
) {
	const source = new FakeExport(pages);
	const outside = {
		time: 1_000_000,
		saved: [] as FeedState[],
		handed: [] as number[][],
		reports: [] as string[],
		answer: async (_pairs: Pair[]): Promise<boolean> => true,
	};
	const feed = new TicketFeed(
		{ account: 'https://acme.zendesk.com', start: 'now', position: start },
		source as unknown as ZendeskClient,
		{ batchSize: 1000, brands: [], groups: [], tags: [], runDeadline: DEADLINE, ...settings },
		{
			save: (state) => outside.saved.push(state),
			handOut: async (pairs) => {
				outside.handed.push(pairs.map((pair) => pair.ticket?.id ?? 0));
				return await outside.answer(pairs);
			},
			report: (error) => outside.reports.push(error.message),
			now: () => outside.time,
		},
	);
	return { feed, source, outside };
}

/** A run that ends only when the test says so. */
function held() {
	let end: (wentWell: boolean) => void = () => {};
	let fail: (reason: Error) => void = () => {};
	const promise = new Promise<boolean>((resolve, reject) => {
		end = resolve;
		fail = reject;
	});
	return { promise, end, fail };
}

/** Ticks every second of the fake clock until something is handed out again; the pause in milliseconds. */
async function pauseUntilNextTry(
	feed: TicketFeed,
	outside: ReturnType<typeof feedOver>['outside'],
	tries: () => number,
): Promise<number> {
	const before = tries();
	const start = outside.time;
	while (tries() === before) {
		outside.time += 1_000;
		await feed.tick();
		if (outside.time - start > 3_600_000) throw new Error('Nothing was tried again for an hour.');
	}
	return outside.time - start;
}

describe('acknowledged late', () => {
	test('the state that is kept while a run is under way is where its batch begins', async () => {
		const run = held();
		const { feed, outside } = feedOver([{ ids: [1, 2] }]);
		outside.answer = () => run.promise;
		const tick = feed.tick();
		await settle();
		expect(outside.saved).toEqual([{ account: 'https://acme.zendesk.com', start: 'now', position: { startTime: 0 } }]);
		expect(feed.position).toEqual({ startTime: 0 });
		run.end(true);
		await tick;
		expect(feed.position).toEqual({ cursor: 'c1' });
	});

	test('the position moves on only after a run that ended well', async () => {
		const { feed, outside } = feedOver([{ ids: [1] }]);
		outside.answer = async () => false;
		await feed.tick();
		expect(feed.position).toEqual({ startTime: 0 });
		outside.answer = async () => true;
		await pauseUntilNextTry(feed, outside, () => outside.handed.length);
		expect(feed.position).toEqual({ cursor: 'c1' });
	});

	test('a tick during a run does nothing', async () => {
		const run = held();
		const { feed, outside, source } = feedOver([{ ids: [1] }]);
		outside.answer = () => run.promise;
		const tick = feed.tick();
		await settle();
		for (let i = 0; i < 5; i++) await feed.tick();
		expect(outside.handed).toEqual([[1]]);
		expect(source.asked).toHaveLength(1);
		run.end(true);
		await tick;
	});
});

describe('a run that failed is handed the same batch again', () => {
	test.each([
		['that ended badly', async () => false],
		['that was rejected', async () => Promise.reject(new Error('cancelled'))],
	])('one %s', async (_name, answer) => {
		const { feed, outside } = feedOver([{ ids: [1, 2], more: true }, { ids: [3] }]);
		outside.answer = answer;
		await feed.tick();
		await pauseUntilNextTry(feed, outside, () => outside.handed.length);
		expect(outside.handed).toEqual([
			[1, 2],
			[1, 2],
		]);
		expect(feed.position).toEqual({ startTime: 0 });
	});

	test('after growing pauses, of at most a quarter of an hour', async () => {
		const { feed, outside } = feedOver([{ ids: [1] }]);
		outside.answer = async () => false;
		await feed.tick();
		const pauses: number[] = [];
		for (let i = 0; i < 9; i++) pauses.push(await pauseUntilNextTry(feed, outside, () => outside.handed.length));
		const full = [30, 60, 120, 240, 480, 900, 900, 900, 900].map((seconds) => seconds * 1_000);
		pauses.forEach((pause, index) => {
			expect(pause).toBeGreaterThanOrEqual(full[index] / 2);
			expect(pause).toBeLessThanOrEqual(full[index] + 1_000);
		});
	});

	test('a success in between begins the pauses anew', async () => {
		const { feed, outside } = feedOver([{ ids: [1] }, { ids: [2] }]);
		outside.answer = async () => false;
		await feed.tick();
		for (let i = 0; i < 6; i++) await pauseUntilNextTry(feed, outside, () => outside.handed.length);
		outside.answer = async () => true;
		await pauseUntilNextTry(feed, outside, () => outside.handed.length);
		outside.answer = async () => false;
		await feed.tick();
		expect(outside.handed.at(-1)).toEqual([2]);
		expect(await pauseUntilNextTry(feed, outside, () => outside.handed.length)).toBeLessThanOrEqual(31_000);
	});
});

describe('a run that never answers', () => {
	test('is given up at its deadline, and its batch is handed out again', async () => {
		const { feed, outside } = feedOver([{ ids: [1] }]);
		outside.answer = () => held().promise;
		void feed.tick();
		await settle();
		outside.time += DEADLINE - 1;
		await feed.tick();
		expect(outside.reports).toEqual([]);
		outside.time += 1;
		await feed.tick();
		expect(outside.reports).toHaveLength(1);
		outside.answer = async () => true;
		await pauseUntilNextTry(feed, outside, () => outside.handed.length);
		expect(outside.handed).toEqual([[1], [1]]);
		expect(feed.position).toEqual({ cursor: 'c1' });
	});

	test.each(['well', 'badly', 'with an error'])(
		'when it ends %s after all, nothing moves and the new run is not disturbed',
		async (how) => {
			const late = held();
			const next = held();
			const { feed, outside, source } = feedOver([{ ids: [1], more: true }, { ids: [2] }]);
			const runs = [late, next];
			outside.answer = () => (runs.shift() ?? held()).promise;
			const first = feed.tick();
			await settle();
			outside.time += DEADLINE;
			await feed.tick();
			outside.time += 31_000;
			const second = feed.tick();
			await settle();
			expect(outside.handed).toEqual([[1], [1]]);
			if (how === 'with an error') late.fail(new Error('late'));
			else late.end(how === 'well');
			await first;
			expect(feed.position).toEqual({ startTime: 0 });
			expect(source.asked).toHaveLength(2);
			await feed.tick();
			expect(outside.handed).toHaveLength(2);
			next.end(false);
			await second;
			expect(feed.position).toEqual({ startTime: 0 });
			expect(outside.reports).toHaveLength(1);
		},
	);

	test('a read that hangs is given up in the same way', async () => {
		const { feed, outside, source } = feedOver([{ ids: [1] }]);
		source.hold = new Promise(() => {});
		void feed.tick();
		await settle();
		outside.time += DEADLINE;
		await feed.tick();
		source.hold = undefined;
		await pauseUntilNextTry(feed, outside, () => outside.handed.length);
		expect(feed.position).toEqual({ cursor: 'c1' });
	});
});

describe('pages', () => {
	test('end_of_stream false: reads on at once', async () => {
		const { feed, outside, source } = feedOver([{ ids: [1], more: true }, { ids: [2], more: true }, { ids: [3] }]);
		await feed.tick();
		expect(outside.handed).toEqual([[1], [2], [3]]);
		expect(source.asked.map((query) => query.cursor)).toEqual([undefined, 'c1', 'c2']);
		expect(feed.position).toEqual({ cursor: 'c3' });
	});

	test('a failure in the middle keeps what was done before', async () => {
		const { feed, outside } = feedOver([{ ids: [1], more: true }, { ids: [2] }]);
		outside.answer = async (pairs) => pairs[0].ticket?.id === 1;
		await feed.tick();
		expect(feed.position).toEqual({ cursor: 'c1' });
	});

	test('an empty page keeps the cursor and hands out nothing', async () => {
		const { feed, outside } = feedOver([{ ids: [] }], {}, { cursor: 'c0' });
		await feed.tick();
		expect(feed.position).toEqual({ cursor: 'c0' });
		expect(outside.handed).toEqual([]);
		expect(outside.saved).toEqual([]);
	});

	test('goes on where it was left', async () => {
		const { feed, outside } = feedOver([{ ids: [1] }, { ids: [2] }], {}, { cursor: 'c1' });
		await feed.tick();
		expect(outside.handed).toEqual([[2]]);
	});

	test('asks for the batch size of the settings', async () => {
		const { feed, source } = feedOver([{ ids: [1] }], { batchSize: 25 });
		await feed.tick();
		expect(source.asked[0]).toMatchObject({ per_page: 25, start_time: 0 });
	});
});

describe('filters', () => {
	const tickets = [
		raw(1, { brand_id: 5, group_id: 8, tags: ['vip'] }),
		raw(2, { brand_id: 6, group_id: 8, tags: ['vip', 'b2b'] }),
		raw(3, { brand_id: 5, group_id: null, tags: [] }),
		raw(4, { brand_id: 5, group_id: 8, tags: undefined }),
	];

	test.each([
		['none', {}, [1, 2, 3, 4]],
		['brands', { brands: ['5'] }, [1, 3, 4]],
		['groups', { groups: ['8'] }, [1, 2, 4]],
		['tags: one is enough', { tags: ['b2b', 'vip'] }, [1, 2]],
		['all together', { brands: ['5'], groups: ['8'], tags: ['vip'] }, [1]],
	])('%s', async (_name, settings, expected) => {
		const { feed, outside } = feedOver([{ ids: [], tickets }], settings);
		await feed.tick();
		expect(outside.handed).toEqual([expected]);
	});

	test('when nothing passes, the position moves on without a run', async () => {
		const { feed, outside } = feedOver([{ ids: [], tickets }], { brands: ['99'] });
		await feed.tick();
		expect(outside.handed).toEqual([]);
		expect(feed.position).toEqual({ cursor: 'c1' });
	});
});

describe('trouble', () => {
	const down = (words: string, status = 503) => new ApiError('Zendesk', 'GET /x', status, words, 'Wait.');

	test('is reported once for each kind, and again after things went well', async () => {
		const { feed, outside, source } = feedOver([{ ids: [1] }]);
		const tries = () => source.asked.length;
		source.error = down('busy');
		await feed.tick();
		await pauseUntilNextTry(feed, outside, tries);
		await pauseUntilNextTry(feed, outside, tries);
		expect(outside.reports).toEqual(['Zendesk: busy']);
		source.error = down('Couldn’t authenticate you', 401);
		await pauseUntilNextTry(feed, outside, tries);
		expect(outside.reports).toHaveLength(2);
		source.error = undefined;
		await pauseUntilNextTry(feed, outside, tries);
		source.error = down('Couldn’t authenticate you', 401);
		await feed.tick();
		expect(outside.reports).toHaveLength(3);
	});

	test('a starting point younger than a minute is no failure: the next tick asks again', async () => {
		const { feed, outside, source } = feedOver([{ ids: [1] }]);
		source.error = new ApiError('Zendesk', 'GET /x', 400, 'Start time too recent', '', [], 'StartTimeTooRecent');
		await feed.tick();
		await feed.tick();
		expect(source.asked).toHaveLength(2);
		expect(outside.reports).toEqual([]);
		source.error = undefined;
		await feed.tick();
		expect(outside.handed).toEqual([[1]]);
	});
});

describe('stopping', () => {
	test('in the middle of a read: nothing is handed out any more', async () => {
		let release = () => {};
		const { feed, outside, source } = feedOver([{ ids: [1] }]);
		source.hold = new Promise((resolve) => {
			release = () => resolve();
		});
		const tick = feed.tick();
		await settle();
		feed.stop();
		release();
		await tick;
		await feed.tick();
		expect(outside.handed).toEqual([]);
		expect(source.asked).toHaveLength(1);
	});

	test('in the middle of a run: the run may end, but no further batch is read', async () => {
		const run = held();
		const { feed, outside, source } = feedOver([{ ids: [1], more: true }, { ids: [2] }]);
		outside.answer = () => run.promise;
		const tick = feed.tick();
		await settle();
		feed.stop();
		run.end(true);
		await tick;
		expect(outside.handed).toEqual([[1]]);
		expect(source.asked).toHaveLength(1);
	});
});

describe('pairs', () => {
	test('each ticket with the people that it names, slim, and without the second list of its fields', () => {
		const people = [{ ...user({ id: 1 }), photo: 'big' }, user({ id: 2 }), user({ id: 3 }), user({ id: 4 })];
		const [pair] = pairsOf(
			[
				raw(9, {
					requester_id: 1,
					submitter_id: 2,
					assignee_id: null,
					collaborator_ids: [3, 99],
					fields: [{ id: 1 }],
					custom_fields: [{ id: 1, value: 'x' }],
				}),
			],
			people,
		);
		expect(pair).toMatchObject({ origin: 'zendesk', case: null, record: null });
		expect(pair.ticket?.people.map(({ id }) => id)).toEqual([1, 2, 3]);
		expect(pair.ticket?.people[0]).not.toHaveProperty('photo');
		expect(pair.ticket).not.toHaveProperty('fields');
		expect(pair.ticket?.custom_fields).toEqual([{ id: 1, value: 'x' }]);
		expect(pair.ticket?.comments).toBeNull();
	});
});

describe('starting point', () => {
	const now = Date.parse('2026-11-24T09:00:00.900Z');

	test('everything, now, a date', () => {
		expect(startingPosition({ from: 'everything' }, now)).toEqual({ startTime: 0 });
		expect(startingPosition({ from: 'now' }, now)).toEqual({ startTime: Date.parse('2026-11-24T09:00:00Z') / 1000 });
		expect(startingPosition({ from: 'date', date: '2026-01-01T00:00:00Z' }, now)).toEqual({
			startTime: Date.parse('2026-01-01T00:00:00Z') / 1000,
		});
	});

	test('before 1970 is everything', () => {
		expect(startingPosition({ from: 'date', date: '1950-01-01' }, now)).toEqual({ startTime: 0 });
	});

	test.each(['', 'soon', undefined])('%j is no date', (date) => {
		expect(() => startingPosition({ from: 'date', date }, now)).toThrow(/date/);
	});
});

describe('a look by hand', () => {
	const look = async (pages: Page[], error?: Error, brands: string[] = []) => {
		const source = new FakeExport(pages);
		source.error = error;
		return (
			await dueNow(
				source as unknown as ZendeskClient,
				{ position: { startTime: 0 } },
				{ batchSize: 10, brands, groups: [], tags: [], runDeadline: DEADLINE },
			)
		).map((pair) => pair.ticket?.id);
	};

	test('shows what is due, one batch at most', async () => {
		expect(await look([{ ids: [1, 2], more: true }, { ids: [3] }])).toEqual([1, 2]);
	});

	test('when nothing is due, the latest few', async () => {
		expect(await look([{ ids: [] }])).toEqual([90, 91, 92]);
		expect(await look([], new ApiError('Zendesk', 'GET /x', 400, '', '', [], 'StartTimeTooRecent'))).toEqual([
			90, 91, 92,
		]);
	});

	test('lets through what the filters let through', async () => {
		expect(
			await look([{ ids: [], tickets: [raw(1, { brand_id: 5 }), raw(2, { brand_id: 6 })] }], undefined, ['6']),
		).toEqual([2]);
	});

	test('other trouble is not hidden', async () => {
		await expect(look([], new ApiError('Zendesk', 'GET /x', 401, 'no', ''))).rejects.toThrow('no');
	});
});
