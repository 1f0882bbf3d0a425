import fc from 'fast-check';
import { TicketFeed } from '../../pipeline/ticket-feed';
import type { FeedState } from '../../pipeline/ticket-feed';
import type { Pair } from '../../sync/pair';
import { ExportWorld } from '../support/export-world';

/**
 * Two cursors side by side, with random work in Zendesk, random ends of runs and kills in any moment: every ticket comes as it is in the end,
 * none comes in an older state than before, and a change of now comes soon, however much history there is.
 */

const RUNS = Number(process.env.BACKFILL_RUNS ?? 300);

/** What happens while a run has a batch, and how that ends. */
interface Round {
	/** Tickets that are changed meanwhile, by their place among all. */
	changed: number[];
	created: number;
	/** How long the run takes, in seconds. */
	seconds: number;
	end: 'well' | 'well' | 'badly' | 'killed';
}

const round: fc.Arbitrary<Round> = fc.record({
	changed: fc.array(fc.nat({ max: 60 }), { maxLength: 3 }),
	created: fc.constantFrom(0, 0, 0, 1, 7),
	seconds: fc.constantFrom(0, 20, 61, 61, 300),
	end: fc.constantFrom('well' as const, 'well', 'well', 'badly', 'killed'),
});

const seen = { divided: 0, history: 0, present: 0 };

class Play {
	saved: FeedState = { account: 'acme', start: 'everything', position: { startTime: 0 } };
	readonly handled = new Map<number, number>();
	private readonly newest = new Map<number, number>();
	/** Changes that happened while a backfill went on, and how many batches ended well since they could be seen. */
	private readonly waiting = new Map<number, { at: number; batches: number }>();
	private feed!: TicketFeed;
	private life = 0;
	private killed = false;

	constructor(
		readonly world: ExportWorld,
		private readonly batchSize: number,
		private readonly rounds: Round[],
	) {
		this.restart();
	}

	restart(): void {
		const life = ++this.life;
		this.killed = false;
		this.feed = new TicketFeed(
			JSON.parse(JSON.stringify(this.saved)) as FeedState,
			this.world.client(),
			{ batchSize: this.batchSize, brands: [], groups: [], tags: [], runDeadline: 10 ** 9 },
			{
				save: (state) => {
					if (life === this.life) this.saved = JSON.parse(JSON.stringify(state)) as FeedState;
				},
				handOut: async (pairs) => (life === this.life ? await this.run(pairs) : await new Promise<never>(() => {})),
				report: () => {},
				now: () => this.world.now * 1000,
			},
		);
	}

	async look(): Promise<void> {
		let over = false;
		const tick = this.feed.tick().finally(() => {
			over = true;
		});
		while (!over && !this.killed) await new Promise((resolve) => setImmediate(resolve));
		if (over) await tick;
		else this.restart();
	}

	private async run(pairs: Pair[]): Promise<boolean> {
		if (this.saved.backfill) seen.divided += 1;
		const { changed, created, seconds, end } = this.rounds.shift() ?? { changed: [], created: 0, seconds: 30, end: 'well' };
		for (const { ticket, backfill } of pairs) {
			if (!ticket) throw new Error('A pair without a ticket');
			seen[backfill ? 'history' : 'present'] += 1;
			const made = ticket.generated_timestamp ?? 0;
			expect(made).toBeGreaterThanOrEqual(this.newest.get(ticket.id) ?? 0);
			this.newest.set(ticket.id, made);
		}
		const ids = [...this.world.tickets.keys()];
		for (let one = 0; one < created; one++) this.world.create();
		for (const place of changed) if (ids[place] !== undefined) this.world.change(ids[place], { status: 'open' });
		this.world.now += seconds;
		await new Promise((resolve) => setImmediate(resolve));
		if (end === 'killed') {
			this.killed = true;
			return await new Promise<never>(() => {});
		}
		if (end === 'badly') return false;
		for (const { ticket } of pairs) if (ticket) this.handled.set(ticket.id, ticket.generated_timestamp ?? 0);
		this.checkWaiting(pairs, changed.map((place) => ids[place]));
		return true;
	}

	/** Once Zendesk shows a change and the minute between two looks at the present is over, two batches at most come before it, and those of the present. */
	private checkWaiting(pairs: readonly Pair[], changed: Array<number | undefined>): void {
		const isHistory = pairs.some(({ backfill }) => backfill);
		for (const [id, { at }] of this.waiting) if ((this.handled.get(id) ?? 0) >= at) this.waiting.delete(id);
		for (const [id, wait] of this.waiting) {
			if (isHistory && this.world.now - wait.at > 61 + 61 + 300) wait.batches += 1;
			expect({ id, batches: wait.batches }).toEqual({ id, batches: Math.min(wait.batches, 3) });
		}
		const { backfill } = this.saved;
		// Before the dividing second it is history itself; with a date that is ahead that is so for a while.
		for (const id of changed) {
			const at = this.world.tickets.get(id ?? -1)?.generated_timestamp ?? 0;
			if (id !== undefined && backfill && at >= backfill.until) this.waiting.set(id, { at, batches: 0 });
		}
	}
}

test('a backfill loses nothing, brings nothing older after newer, and lets changes of now pass', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 50 }),
			fc.constantFrom(1, 3, 7),
			fc.constantFrom(0, 0, 0, -300, 300),
			fc.array(round, { maxLength: 40 }),
			async (tickets, batchSize, ahead, rounds) => {
				const world = new ExportWorld();
				world.dateAhead = ahead;
				for (let one = 0; one < tickets; one++) {
					world.create();
					world.now += one % 5 === 0 ? 400 : 1;
				}
				const game = new Play(world, batchSize, rounds);
				for (let look = 0; look < 200 && (look < 3 || rounds.length > 0 || game.saved.backfill); look++) {
					world.now += 1_000;
					await game.look();
				}
				for (let last = 0; last < 3; last++) {
					world.now += 2_000;
					await game.look();
				}
				for (const { id, generated_timestamp } of world.tickets.values()) expect({ id, at: game.handled.get(id) }).toEqual({ id, at: generated_timestamp });
			},
		),
		{ numRuns: RUNS },
	);
	// Both kinds were there.
	expect(seen.divided).toBeGreaterThan(RUNS);
	expect(seen.history).toBeGreaterThan(RUNS);
	expect(seen.present).toBeGreaterThan(RUNS);
}, 120_000);
