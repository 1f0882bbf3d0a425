import type { Send } from '../../http/request';
import type { Time } from '../../http/time';
import { isFailure } from '../../pipeline/clients';
import type { Clients } from '../../pipeline/clients';
import { TicketFeed } from '../../pipeline/ticket-feed';
import type { FeedState } from '../../pipeline/ticket-feed';
import { ManualClock } from '../../sandbox/common/clock';
import { startPracticeOroCrm } from '../../sandbox/orocrm/server';
import type { PracticeOroCrm } from '../../sandbox/orocrm/server';
import { PRACTICE_READ_TOKENS } from '../../sandbox/zendesk/credentials';
import { startPracticeZendesk } from '../../sandbox/zendesk/server';
import type { PracticeZendesk } from '../../sandbox/zendesk/server';
import type { Pair } from '../../sync/pair';
import { ZendeskClient } from '../../zendesk/client';
import { RateBudget } from '../../zendesk/rate-budget';
import { bearerSender, practiceClients, runPipeline } from '../support/pipeline';

/**
 * A whole account is loaded through the practice systems, with Zendesk's real limits on. n8n is killed at every page: in the middle of reading, in
 * the middle of writing, and between the end of a run and its acknowledgement. Meanwhile people go on working. In the end all is there
 * once and as it is, no limit was exceeded, no more than a page was read ahead, and what people did came while the backfill went on.
 *
 * `BACKFILL_TICKETS` says how many tickets the account has.
 */

const TICKETS = Number(process.env.BACKFILL_TICKETS ?? 10_000);
const PAGE = Math.min(1000, Math.max(1, Math.floor(TICKETS / 10)));
const TICKETS_PER_CUSTOMER = 20;
const A_YEAR = 365 * 24 * 3600;

/** What a request takes, in milliseconds of the clock that both systems share. Writing a page takes more than a minute. */
const LATENCY = { zendesk: 200, orocrm: Math.ceil(75_000 / (PAGE / 6)) };

const KILLS = ['in mid-read', 'in mid-write, before a request', 'before the acknowledgement', 'in mid-write, after a request'] as const;
type Kill = (typeof KILLS)[number];

/** Never: whoever waits for a process that is gone. */
const forever = async () => await new Promise<never>(() => {});

/** Both systems, and one n8n after the other. */
class Backfilled {
	stored: FeedState;
	/** Pages by what the run had: where the history stood. A page counts as one, however often it is handed out. */
	readonly pagesKilledAt = new Map<string, Kill>();
	readonly edits: Array<{ id: number; made: number; pages: number }> = [];
	readonly told: string[] = [];
	kills = 0;
	pages = 0;
	mostHeld = 0;
	failures: string[] = [];
	private life = 0;
	private held = 0;
	private die: () => void = () => {};
	/** Requests until the next death, of the kind that it waits for. */
	private plan: { kill: Kill; left: number } | undefined;

	private constructor(
		readonly zendesk: PracticeZendesk,
		readonly orocrm: PracticeOroCrm,
		readonly clock: ManualClock,
		private readonly time: Time,
	) {
		this.stored = { account: zendesk.url, start: 'everything', position: { startTime: 0 } };
	}

	static async start(): Promise<Backfilled> {
		const clock = new ManualClock();
		const zendesk = await startPracticeZendesk({ clock, accessTokenSeconds: A_YEAR });
		const orocrm = await startPracticeOroCrm({ clock, version: '6.1.11', overlay: true, searchLagMs: 0, accessTokenSeconds: A_YEAR });
		orocrm.store.insert('integrationchannels', { name: 'Zendesk', channelType: 'zendesk', enabled: false, isTwoWaySyncEnabled: false });
		const time: Time = { now: () => clock.now().getTime(), sleep: async (milliseconds) => clock.advance(milliseconds) };
		return new Backfilled(zendesk, orocrm, clock, time);
	}

	async close(): Promise<void> {
		await Promise.all([this.zendesk.close(), this.orocrm.close()]);
	}

	/** One ticket a minute, so long ago that all of it is history. */
	fill(): void {
		let customer = 0;
		for (let one = 0; one < TICKETS; one++) {
			if (one % TICKETS_PER_CUSTOMER === 0) customer = this.zendesk.store.createUser({ name: `Customer ${one}`, email: `customer.${one}@customer.example` }).id;
			this.zendesk.store.createTicket({ subject: `Order ${one}`, description: `Something of order ${one} is missing.`, requester_id: customer });
			this.clock.advance(60_000);
		}
		this.clock.advance(3_600_000);
	}

	/** Looks until the backfill is over, each life of n8n to its death. */
	async play(): Promise<void> {
		for (let lives = 0; lives < 100; lives++) {
			const death = await this.live();
			if (!death) return;
			// n8n takes some seconds to start.
			this.clock.advance(10_000);
		}
		throw new Error('After a hundred lives the backfill was not over.');
	}

	/** A life of n8n, from what is stored. True when it was killed. */
	private async live(): Promise<boolean> {
		const life = ++this.life;
		this.held = 0;
		const budget = new RateBudget(this.time);
		if (this.stored.backfill) budget.exportsMayBeSpent();
		const { accessToken } = PRACTICE_READ_TOKENS;
		const wrap = (send: Send) => this.watch(send, life);
		const practice = await practiceClients(this, '/api', 'one', this.time, wrap);
		const clients: Clients = { ...practice, zendesk: new ZendeskClient(this.zendesk.url, wrap(bearerSender(accessToken)), this.time, budget) };
		const death = new Promise<true>((resolve) => (this.die = () => resolve(true)));
		const feed = new TicketFeed(
			structuredClone(this.stored),
			clients.zendesk,
			{ batchSize: PAGE, brands: [], groups: [], tags: [], runDeadline: 24 * 3_600_000 },
			{
				save: (state) => {
					if (life === this.life) this.stored = structuredClone(state);
				},
				handOut: async (pairs) => (life === this.life ? await this.run(pairs, clients) : await forever()),
				report: (error) => this.failures.push(error.message),
				tell: (words) => this.told.push(words),
				now: () => this.time.now(),
			},
		);
		for (let quiet = 0; quiet < 3; quiet++) {
			const before = this.pages;
			if ((await Promise.race([feed.tick(), death])) === true) return true;
			if (this.pages > before) quiet = 0;
			this.clock.advance(120_000);
		}
		return false;
	}

	/** A run with a batch. Each page of the history is met by a kill once, the kinds in turn. */
	private async run(pairs: Pair[], clients: Clients): Promise<boolean> {
		this.pages += 1;
		const isHistory = pairs.some(({ backfill }) => backfill);
		const position = JSON.stringify(this.stored.backfill?.position ?? this.stored.position);
		const isFirst = isHistory || this.pages === 1;
		const kill = isFirst && !this.pagesKilledAt.has(position) ? KILLS[this.kills % KILLS.length] : undefined;
		if (kill) {
			this.pagesKilledAt.set(position, kill);
			if (kill !== 'before the acknowledgement') this.plan = { kill, left: kill === 'in mid-read' ? 1 : 3 + ((this.kills * 37) % Math.max(1, Math.floor(PAGE / 12))) };
			this.kills += 1;
		}
		if (isFirst) this.work();
		for (const outcome of await runPipeline(pairs, clients, { settings: { channel: '1' }, parallel: 4 })) if (isFailure(outcome)) this.failures.push(outcome.error.message);
		if (kill === 'before the acknowledgement') return await this.kill();
		this.held -= 1;
		for (const edit of this.edits) {
			const came = pairs.find(({ ticket }) => ticket?.id === edit.id && (ticket.generated_timestamp ?? 0) >= edit.made);
			if (came) edit.made = Infinity;
			else if (isHistory && edit.made !== Infinity) edit.pages += 1;
		}
		return true;
	}

	/** People do something: with what was handled before, what is read ahead, what is far away, and something new. */
	private work(): void {
		const { store } = this.zendesk;
		const ids = [...store.tickets.keys()];
		const done = this.stored.backfill?.tickets ?? 0;
		for (const place of [Math.floor(done / 2), done + PAGE + 7, TICKETS - 1 - 2 * this.pages]) {
			const id = ids[Math.min(place + this.pages, ids.length - 1)];
			if (this.edits.some((edit) => edit.id === id)) continue;
			const { generated_timestamp } = store.updateTicket(id, { priority: 'urgent', comment: { body: `One more word on ticket ${id}.` } });
			this.edits.push({ id, made: generated_timestamp, pages: 0 });
		}
		const { id, generated_timestamp } = store.createTicket({ subject: `Meanwhile ${this.pages}`, description: 'Something new.', requester_id: [...store.tickets.values()][0].requester_id });
		this.edits.push({ id, made: generated_timestamp, pages: 0 });
	}

	private async kill(): Promise<never> {
		this.life += 1;
		this.plan = undefined;
		this.die();
		return await forever();
	}

	/** Requests take their time, and die with their process. */
	private watch(send: Send, life: number): Send {
		return async (request) => {
			if (life !== this.life) return await forever();
			const toZendesk = request.url.startsWith(this.zendesk.url);
			this.clock.advance(toZendesk ? LATENCY.zendesk : LATENCY.orocrm);
			const meant = this.plan && (this.plan.kill === 'in mid-read') === request.url.includes('/incremental/') && --this.plan.left === 0 ? this.plan.kill : undefined;
			if (meant === 'in mid-write, before a request') return await this.kill();
			const answer = await send(request);
			if (meant) return await this.kill();
			if (life !== this.life) return await forever();
			if (request.url.includes('/incremental/tickets/') && answer.status === 200 && !answer.text.includes('"after_cursor":null')) {
				this.held += 1;
				this.mostHeld = Math.max(this.mostHeld, this.held);
			}
			return answer;
		};
	}
}

test(`a backfill of ${TICKETS} tickets, killed at every page: nothing lost, nothing twice, no limit exceeded, and changes meanwhile come in between`, async () => {
	const world = await Backfilled.start();
	try {
		world.fill();
		const begun = world.clock.now().getTime();
		await world.play();
		const { zendesk, orocrm } = world;
		const tickets = [...zendesk.store.tickets.values()];
		expect(world.failures).toEqual([]);
		expect(zendesk.limitBreaches()).toBe(0);

		// All of it, once, as it is.
		const records = new Map(orocrm.store.all('zendesktickets').map((row) => [Number(row.originId), row]));
		expect({ records: orocrm.store.count('zendesktickets'), distinct: records.size, cases: orocrm.store.count('cases') }).toEqual({ records: tickets.length, distinct: tickets.length, cases: tickets.length });
		const comments = tickets.reduce((sum, { id }) => sum + zendesk.store.commentsOf(id).length, 0);
		expect({ comments: orocrm.store.count('casecomments'), rows: orocrm.store.count('zendeskticketcomments') }).toEqual({ comments, rows: comments });
		expect(orocrm.store.count('contacts')).toBe(Math.ceil(TICKETS / TICKETS_PER_CUSTOMER));
		const different = tickets.filter(({ id, subject, priority }) => {
			const oroCase = orocrm.store.get('cases', records.get(id)?.relatedCase as number);
			return oroCase?.subject !== subject || (oroCase.priority === 'high') !== (priority === 'urgent');
		});
		expect(different).toEqual([]);
		// Who comes by both ways is written once: an edit costs one write at most.
		const patches = orocrm.calls.all().filter((call) => call.effectiveMethod === 'PATCH' && call.path.includes('/zendesktickets/')).length;
		expect(patches).toBeLessThanOrEqual(world.edits.length);

		// Every page of the history met a kill, and each kind was there.
		expect(world.pagesKilledAt.size).toBeGreaterThanOrEqual(Math.ceil(TICKETS / PAGE) - 1);
		expect(new Set(world.pagesKilledAt.values()).size).toBe(KILLS.length);
		// One page under way, one ahead, and one of the present.
		expect(world.mostHeld).toBeLessThanOrEqual(3);

		// What people did came, and as a rule long before the end.
		expect(world.edits.filter(({ made }) => made !== Infinity)).toEqual([]);
		for (const { id, pages } of world.edits) expect({ id, late: pages > 3 }).toEqual({ id, late: false });
		const minutes = Math.round((world.clock.now().getTime() - begun) / 60_000);
		const exports = zendesk.calls.all().filter((call) => call.path.includes('/incremental/')).length;
		process.stdout.write(
			`backfill: ${tickets.length} tickets in ${world.pages} runs, ${minutes} min of the clock, ${world.kills} kills, ${exports} exports, ${world.edits.length} edits and new tickets meanwhile, each behind ${Math.max(...world.edits.map(({ pages }) => pages))} pages of the history at most, ${world.mostHeld} pages held at most, ${zendesk.limitBreaches()} limits exceeded\n`,
		);
	} finally {
		await world.close();
	}
}, 600_000);
