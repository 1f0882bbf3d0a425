import fc from 'fast-check';
import { TicketFeed } from '../../pipeline/ticket-feed';
import type { FeedState } from '../../pipeline/ticket-feed';
import { markAs } from '../../sync/comment-mark';
import type { Pair } from '../../sync/pair';
import type { ZendeskComment } from '../../zendesk/types';
import { ExportWorld } from '../support/export-world';
import type { ExportHabits } from '../support/export-world';

/**
 * Random work in Zendesk, random trouble, an export with any of the habits that no source rules out: comments that the feed hands out are those
 * that the ticket has at that moment, all of them and as they are; and no ticket is lost.
 */

const RUNS = Number(process.env.COMMENT_EXPORT_RUNS ?? 400);

const habits: fc.Arbitrary<ExportHabits> = fc.record({
	pageSize: fc.constantFrom(3, 5, 1000, 1000),
	eventDelay: fc.constantFrom(60, 60, 60, 62, 130, 300),
	showsCurrent: fc.boolean(),
	// That redactions and changes of privacy are events is documented (Ticket Audit events reference).
	showsCommentChanges: fc.constant(true),
	commentChangeIs: fc.constantFrom('update', 'system update'),
	extendsSeconds: fc.boolean(),
	metadata: fc.constantFrom('alone', 'under custom', 'not'),
});

const which = fc.nat({ max: 6 });
const channel = fc.constantFrom('email', 'web', 'email', 'web', 'api');

type Action =
	| { kind: 'wait'; seconds: number }
	| { kind: 'create'; channel: string; open: boolean; tickets: number }
	| { kind: 'comment'; which: number; channel: string; open: boolean; published: boolean }
	| { kind: 'change' | 'close' | 'delete' | 'restore' | 'system update'; which: number }
	| { kind: 'make private' | 'redact'; which: number; index: number }
	| { kind: 'look'; endsWell: boolean }
	| { kind: 'restart' | 'refuse' | 'allow' };

const just = <Kind extends string>(kind: Kind) => fc.constant(kind);
const action: fc.Arbitrary<Action> = fc.oneof(
	{ weight: 8, arbitrary: fc.record({ kind: just('wait'), seconds: fc.constantFrom(0, 1, 2, 30, 61, 61, 400) }) },
	{
		weight: 5,
		arbitrary: fc.record({
			kind: just('create'),
			channel,
			open: fc.boolean(),
			tickets: fc.integer({ min: 1, max: 4 }),
		}),
	},
	{
		weight: 6,
		arbitrary: fc.record({ kind: just('comment'), which, channel, open: fc.boolean(), published: fc.boolean() }),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constantFrom('change' as const, 'change', 'close', 'delete', 'restore', 'system update'),
			which,
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constantFrom('make private' as const, 'redact'),
			which,
			index: fc.nat({ max: 3 }),
		}),
	},
	{ weight: 8, arbitrary: fc.record({ kind: just('look'), endsWell: fc.boolean() }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart' as const, 'refuse', 'allow') }) },
);

const seen = { told: 0, notTold: 0 };

/** One account, and a feed that is looked at by the test's own clock. */
class Play {
	private saved: FeedState = { account: 'acme', start: 'now', position: { startTime: 999_900 } };
	private feed!: TicketFeed;
	private endsWell = true;
	readonly latest = new Map<number, string>();

	constructor(
		readonly world: ExportWorld,
		private readonly batchSize: number,
	) {
		this.restart();
	}

	restart(): void {
		this.feed = new TicketFeed(
			JSON.parse(JSON.stringify(this.saved)) as FeedState,
			this.world.client(),
			{ batchSize: this.batchSize, brands: [], groups: [], tags: [], runDeadline: 10 ** 9 },
			{
				save: (state) => {
					this.saved = state;
				},
				handOut: async (pairs) => this.take(pairs),
				report: () => {},
				now: () => this.world.now * 1000,
			},
		);
	}

	async look(endsWell: boolean): Promise<void> {
		this.endsWell = endsWell;
		await this.feed.tick();
	}

	private take(pairs: Pair[]): boolean {
		for (const { ticket } of pairs) {
			if (!ticket) throw new Error('A pair without a ticket');
			if (this.endsWell) this.latest.set(ticket.id, ticket.updated_at);
			seen[ticket.comments ? 'told' : 'notTold'] += 1;
			if (ticket.comments) expect(shown(ticket.comments, ticket.marks_unknown)).toEqual(shown(this.world.listed(ticket.id), ticket.marks_unknown));
		}
		return this.endsWell;
	}
}

/** What must be as it is; without their marks where the feed says that these may be missing. */
const shown = (comments: ZendeskComment[], marksUnknown = false) => (marksUnknown ? comments.map((comment) => ({ ...comment, metadata: undefined })) : comments);

async function play(one: Action, game: Play): Promise<void> {
	const { world } = game;
	const id = 'which' in one ? [...world.tickets.keys()][one.which] : undefined;
	const gone = id === undefined || world.tickets.get(id)?.status === 'deleted';
	if (one.kind === 'wait') world.now += one.seconds;
	else if (one.kind === 'create') for (let more = 0; more < one.tickets; more++) world.create(one.channel, one.open);
	else if (one.kind === 'look') await game.look(one.endsWell);
	else if (one.kind === 'restart') game.restart();
	else if (one.kind === 'refuse') world.refuses = 500;
	else if (one.kind === 'allow') world.refuses = undefined;
	else if (id === undefined || gone !== (one.kind === 'restore')) return;
	else if (one.kind === 'comment') {
		const custom = one.published && one.channel === 'api' ? markAs({ kind: 'comment', id: '7', site: 'abc' }) : {};
		world.comment(id, one.channel, one.open, custom);
	} else if (one.kind === 'make private') world.makePrivate(id, one.index);
	else if (one.kind === 'redact') world.redact(id, one.index);
	else if (one.kind === 'system update') world.systemUpdate(id);
	else world.change(id, { status: { change: 'open', close: 'closed', delete: 'deleted', restore: 'open' }[one.kind] });
}

test('comments come whole and as they are, or not at all', async () => {
	await fc.assert(
		fc.asyncProperty(
			habits,
			fc.constantFrom(1, 3, 5, 1000, 1000),
			fc.array(action, { minLength: 8, maxLength: 60 }),
			async (habit, batchSize, actions) => {
				const game = new Play(new ExportWorld(habit), batchSize);
				for (const one of actions) await play(one, game);
				game.world.refuses = undefined;
				for (let last = 0; last < 3; last++) {
					game.world.now += 2_000;
					await game.look(true);
				}
				for (const { id, updated_at } of game.world.tickets.values()) expect(game.latest.get(id)).toBe(updated_at);
			},
		),
		{ numRuns: RUNS },
	);
	// Not at all is no way out.
	expect(seen.told).toBeGreaterThan(RUNS);
	expect(seen.notTold).toBeGreaterThan(0);
}, 120_000);
