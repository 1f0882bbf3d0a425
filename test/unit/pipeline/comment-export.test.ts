import { CommentExport } from '../../../pipeline/comment-export';
import { TicketFeed } from '../../../pipeline/ticket-feed';
import { pairsOf } from '../../../pipeline/ticket-pairs';
import type { FeedState } from '../../../pipeline/ticket-feed';
import { markAs } from '../../../sync/comment-mark';
import type { Pair } from '../../../sync/pair';
import { ExportWorld, HABITS } from '../../support/export-world';
import type { ExportHabits } from '../../support/export-world';

const world = (habits: Partial<ExportHabits> = {}) => new ExportWorld({ ...HABITS, ...habits });

/** Tickets that were just made, each with so many comments, ten seconds apart; the exports show them all. */
function withTickets(account: ExportWorld, tickets: number, comments = 3): number[] {
	const ids = Array.from({ length: tickets }, () => account.create());
	for (let more = 1; more < comments; more++) {
		account.now += 10;
		for (const id of ids) account.comment(id, 'web', more % 2 === 0);
	}
	account.now += 61;
	return ids;
}

const reader = (account: ExportWorld, mostCharacters?: number) =>
	new CommentExport(account.client(), 0, mostCharacters);

test('all comments of a batch by as many requests as there are pages', async () => {
	const account = world();
	const ids = withTickets(account, 800);
	const found = await reader(account).commentsOf(account.dueTickets());
	expect(account.asked.events).toHaveLength(3);
	expect([...found.keys()].sort((a, b) => a - b)).toEqual(ids);
	for (const id of ids) expect(found.get(id)?.comments).toEqual(account.listed(id));
});

test('what was read once is not read again: later comments complete it, by the events behind the last one', async () => {
	const account = world();
	const [first, second] = withTickets(account, 2);
	const comments = reader(account);
	await comments.commentsOf(account.dueTickets());
	account.comment(first);
	account.comment(second);
	const later = account.now;
	account.now += 61;
	const found = await comments.commentsOf(account.dueTickets());
	expect(found.get(first)?.comments).toEqual(account.listed(first));
	expect(found.get(first)?.comments).toHaveLength(4);
	expect(account.asked.events).toHaveLength(2);
	expect(Number(account.asked.events[1].start_time)).toBeGreaterThan(later - 100);
	expect(comments.position).toBeGreaterThanOrEqual(later);
});

test('events of tickets that come with a later batch are kept for it', async () => {
	const account = world();
	const ids = withTickets(account, 6);
	const comments = reader(account);
	const due = account.dueTickets();
	await comments.commentsOf(due.slice(0, 3));
	const found = await comments.commentsOf(due.slice(3));
	expect([...found.keys()]).toEqual(ids.slice(3));
	// The last second may not be over: it is looked at once more.
	expect(account.asked.events.length).toBeLessThanOrEqual(2);
});

describe('is not asked', () => {
	test('when nothing is due', async () => {
		const account = world();
		withTickets(account, 3);
		await reader(account).commentsOf([]);
		expect(account.asked.events).toHaveLength(0);
	});

	test('for one ticket: its own comments cost no more', async () => {
		const account = world();
		withTickets(account, 1);
		expect(await reader(account).commentsOf(account.dueTickets())).toEqual(new Map());
		expect(account.asked.events).toHaveLength(0);
	});

	test('for tickets that were there before reading began', async () => {
		const account = world();
		withTickets(account, 3);
		expect(await new CommentExport(account.client(), account.now - 60).commentsOf(account.dueTickets())).toEqual(
			new Map(),
		);
		expect(account.asked.events).toHaveLength(0);
	});

	test('where it is not known where to begin: before the first batch', async () => {
		const account = world();
		const old = withTickets(account, 2);
		const comments = new CommentExport(account.client(), undefined);
		expect(comments.position).toBeUndefined();
		expect(await comments.commentsOf(account.dueTickets())).toEqual(new Map());
		expect(comments.position).toBe(account.tickets.get(old[0])?.generated_timestamp);
		const young = withTickets(account, 2);
		expect([...(await comments.commentsOf(account.dueTickets())).keys()]).toEqual(young);
	});
});

test('one page for 40 tickets at most: with more events in between, tickets are covered anew from there', async () => {
	const account = world({ pageSize: 10 });
	const busy = account.create();
	for (let change = 0; change < 30; change++) {
		account.now += 5;
		account.change(busy, { subject: `Change ${change}` });
	}
	account.now += 100;
	withTickets(account, 2, 1);
	const comments = reader(account);
	const due = account.dueTickets().slice(-2);
	expect(await comments.commentsOf(due)).toEqual(new Map());
	expect(account.asked.events).toHaveLength(1);
	expect(comments.position).toBe(due[1].generated_timestamp);
	const young = withTickets(account, 2, 1);
	expect([...(await comments.commentsOf(account.dueTickets().slice(-2))).keys()]).toEqual(young);
});

test('pages that run out: tickets whose events were all read by then have their comments', async () => {
	const account = world({ pageSize: 4 });
	const [first, second] = [account.create(), account.create()];
	account.now += 5;
	for (let ticket = 0; ticket < 6; ticket++) account.create();
	account.now += 61;
	const found = await reader(account).commentsOf(account.dueTickets());
	expect(account.asked.events).toHaveLength(1);
	expect([...found.keys()]).toEqual([first, second]);
});

test('more events in one second than fit into a page: reading gets past it, and trusts nothing before', async () => {
	const account = world({ pageSize: 3, extendsSeconds: false });
	const swamped = Array.from({ length: 90 }, () => account.create());
	account.now += 61;
	const comments = reader(account);
	expect((await comments.commentsOf(account.dueTickets())).size).toBe(0);
	expect(comments.position).toBeGreaterThan(account.now - 62);
	const young = withTickets(account, 2, 1);
	const found = await comments.commentsOf(account.dueTickets().filter(({ id }) => id > swamped.length));
	expect([...found.keys()]).toEqual(young);
});

test('an event that comes after its ticket: not all are in hand, so none are given', async () => {
	const account = world({ eventDelay: 65 });
	const [first, second] = withTickets(account, 2, 2);
	expect(await reader(account).commentsOf(account.dueTickets())).toEqual(new Map());
	account.now += 5;
	expect([...(await reader(account).commentsOf(account.dueTickets())).keys()]).toEqual([first, second]);
});

describe('comments that were changed later', () => {
	const cases: Array<[string, Partial<ExportHabits>]> = [
		['shown by an event', { showsCurrent: false, showsCommentChanges: true, commentChangeIs: 'update' }],
		[
			'shown by the ticket’s dates only',
			{ showsCurrent: false, showsCommentChanges: false, commentChangeIs: 'system update' },
		],
		['shown by both', { showsCurrent: false, showsCommentChanges: true, commentChangeIs: 'system update' }],
	];

	test.each(cases)('%s: what was written is not given for what is', async (_how, habits) => {
		for (const change of ['redact', 'makePrivate'] as const) {
			const account = world(habits);
			const [first, second, third] = withTickets(account, 3, 3);
			account[change](first, 0);
			account.now += 70;
			const found = await reader(account).commentsOf(account.dueTickets());
			expect([...found.keys()]).toEqual([second, third]);
		}
	});
});

test('a change that only the row showed is remembered: what was kept of the ticket is not given any more', async () => {
	const account = world({ showsCurrent: true, showsCommentChanges: false });
	const [first, second] = withTickets(account, 2);
	const comments = reader(account);
	await comments.commentsOf(account.dueTickets());
	account.makePrivate(first, 0);
	account.now += 61;
	await comments.commentsOf(account.dueTickets());
	for (const id of [first, second]) account.change(id, { subject: 'Later' });
	account.now += 61;
	expect([...(await comments.commentsOf(account.dueTickets())).keys()]).toEqual([second]);
});

describe('marks of published comments', () => {
	const mark = markAs({ kind: 'comment', id: '77', site: '0abcdef' });

	test('not shown: of what came by API that is said', async () => {
		const account = world({ metadata: 'not' });
		const [marked, other] = withTickets(account, 2, 1);
		account.comment(marked, 'api', true, mark);
		account.now += 61;
		const found = await reader(account).commentsOf(account.dueTickets());
		expect([found.get(marked)?.marksUnknown, found.get(other)?.marksUnknown]).toEqual([true, false]);
		expect(pairsOf(account.dueTickets(), [], found).map(({ ticket }) => ticket?.marks_unknown)).toEqual([undefined, true]);
	});

	test.each(['alone', 'under custom'] as const)(
		'shown %s: they come along, and from then on their absence counts too',
		async (metadata) => {
			const account = world({ metadata });
			const [marked, other] = withTickets(account, 2, 1);
			account.comment(marked, 'api', true, mark);
			account.comment(other, 'api');
			account.now += 61;
			const found = await reader(account).commentsOf(account.dueTickets());
			expect(found.get(marked)?.comments).toEqual(account.listed(marked));
			expect(found.get(marked)?.comments[1].metadata?.custom).toEqual(mark);
			expect(found.get(other)?.comments).toEqual(account.listed(other));
		},
	);
});

describe('memory', () => {
	test('is bounded: the oldest tickets go first, and are read singly', async () => {
		const account = world();
		const old = account.create();
		account.now += 10;
		const ids = withTickets(account, 3, 1);
		const comments = reader(account, 4_500);
		const found = await comments.commentsOf(account.dueTickets());
		expect([...found.keys()]).toEqual([old, ...ids]);
		// Now there is no room for the first one any more.
		account.comment(old, 'web');
		account.comment(ids[1], 'web');
		account.comment(ids[2], 'web');
		account.now += 61;
		const again = await comments.commentsOf(account.dueTickets().slice(-3));
		expect([...again.keys()]).toEqual(ids.slice(1));
	});

	test('tickets that are closed go when the next batch comes, not before', async () => {
		const account = world();
		const ids = withTickets(account, 3);
		for (const id of ids) account.change(id, { status: 'closed' });
		account.now += 61;
		const comments = reader(account);
		const due = account.dueTickets();
		expect((await comments.commentsOf(due)).size).toBe(3);
		expect((await comments.commentsOf(due)).size).toBe(3);
		await comments.commentsOf([]);
		expect((await comments.commentsOf(due)).size).toBe(0);
	});
});

test.each([400, 403, 404, 422])('a refusal of the export (%i) leaves the tickets to be read singly', async (status) => {
	const account = world();
	withTickets(account, 3);
	account.refuses = status;
	expect(await reader(account).commentsOf(account.dueTickets())).toEqual(new Map());
});

test.each([401, 429, 500, 503])('a system in trouble (%i) is said', async (status) => {
	const account = world();
	withTickets(account, 3);
	account.refuses = status;
	await expect(reader(account).commentsOf(account.dueTickets())).rejects.toThrow('No.');
});

describe('in the feed', () => {
	function feedOf(account: ExportWorld, stored?: FeedState) {
		const saved: FeedState[] = [];
		const handed: Pair[][] = [];
		const state = stored ?? {
			account: 'https://acme.zendesk.com',
			start: 'now',
			position: { startTime: account.now - 200 },
		};
		const run = { endsWell: true };
		const settings = { batchSize: 1000, brands: [], groups: [], tags: [], runDeadline: 3_600_000 };
		const feed = new TicketFeed(state, account.client(), settings, {
			save: (next) => saved.push(JSON.parse(JSON.stringify(next)) as FeedState),
			handOut: async (pairs) => {
				handed.push(pairs);
				return run.endsWell;
			},
			report: () => {},
			now: () => account.now * 1000,
		});
		return { feed, saved, handed, run };
	}
	/** Those of the first batch are read later (late-comments.test.ts). */
	const comments = (pairs: Pair[] | undefined) => pairs?.map(({ ticket }) => ticket?.comments?.length ?? null);

	test('the position of the events is kept with that of the tickets; a restart repeats the batch, and names where its comments are read', async () => {
		const account = world();
		const { feed, saved, handed } = feedOf(account);
		withTickets(account, 3, 2);
		await feed.tick();
		withTickets(account, 2, 3);
		await feed.tick();
		withTickets(account, 4, 1);
		await feed.tick();
		expect(handed.map(comments)).toEqual([
			[null, null, null],
			[3, 3],
			[1, 1, 1, 1],
		]);
		const { events } = saved.at(-1) ?? {};
		expect(events).toBeGreaterThan(account.now - 250);
		const again = feedOf(account, saved.at(-1));
		await again.feed.tick();
		expect(again.handed[0].map((pair) => [pair.ticket?.comments, pair.eventsSince])).toEqual(Array(4).fill([null, events]));
	});

	test('a run that failed is given the same batch with its comments', async () => {
		const account = world();
		const { feed, handed, run } = feedOf(account);
		withTickets(account, 3, 2);
		run.endsWell = false;
		await feed.tick();
		account.now += 60;
		run.endsWell = true;
		await feed.tick();
		expect(handed.map(comments)).toEqual([
			[null, null, null],
			[2, 2, 2],
		]);
	});

	test('nothing new asks for tickets only', async () => {
		const account = world();
		const { feed } = feedOf(account);
		withTickets(account, 3, 2);
		await feed.tick();
		const { tickets, events } = account.asked;
		const before = [tickets.length, events.length];
		await feed.tick();
		expect([tickets.length, events.length]).toEqual([before[0] + 1, before[1]]);
	});
});
