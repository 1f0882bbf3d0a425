import { CaseFeed, CaseSource, unbegun } from '../../../pipeline/case-feed';
import type { CaseFeedState } from '../../../pipeline/case-feed';
import { isFailure } from '../../../pipeline/clients';
import type { Failure } from '../../../pipeline/clients';
import type { Published } from '../../../pipeline/publish-pairs';
import { TicketFeed } from '../../../pipeline/ticket-feed';
import type { FeedState } from '../../../pipeline/ticket-feed';
import type { Pair } from '../../../sync/pair';
import { runPipeline } from '../../support/pipeline';
import { Killed } from '../../support/two-way-world';
import type { TwoWayWorld } from '../../support/two-way-world';

/** Longer than any pause after a failure, and than the minute that Zendesk holds back. */
const NEXT_LOOK = 20 * 60;
const DEADLINE = 3600_000;

/**
 * Both triggers as n8n runs them: their own feeds, a state that is stored when a batch is handed out, and the acknowledgement after the
 * run. Items that a run refuses are kept and tried again, as the templates' failed-items table does.
 */
export class TwoTriggers {
	/** Runs that were handed a batch since the last reset. */
	runs = 0;
	/** The run of this number ends well, and then the process is gone before the trigger hears of it. */
	diesBeforeAcknowledging: number | undefined;
	/** Items that left a run by the error output, by what they name; each is tried again at the next look. */
	readonly failed = new Map<string, { pair: Pair; error: Error }>();
	/** How each item of each run ended. */
	readonly outcomes: Array<Published | Failure> = [];
	/** What the feeds reported by themselves. */
	readonly reports: Error[] = [];
	/** As n8n's database has it. */
	private stored: { tickets: FeedState; cases: CaseFeedState };
	private tickets!: TicketFeed;
	private cases!: CaseFeed;

	constructor(private readonly world: TwoWayWorld) {
		const { zendesk, oro } = world.clients;
		this.stored = { tickets: { account: zendesk.baseUrl, start: 'everything', position: { startTime: 0 } }, cases: unbegun(oro.apiUrl, 'everything') };
		this.begin();
	}

	/** One look of each, the Zendesk trigger first. */
	async look(): Promise<void> {
		await this.tickets.tick();
		await this.cases.tick();
	}

	/** kill -9 and a new start: from what is stored. */
	restart(): void {
		this.world.restart();
		this.diesBeforeAcknowledging = undefined;
		this.begin();
	}

	/** Both look until there is nothing more to write; failed items are tried again in between. Gives back how many rounds it took. */
	async settle(): Promise<number> {
		for (let round = 1; round <= 8; round++) {
			this.world.later(NEXT_LOOK).resetCounts();
			await this.tryFailedAgain();
			await this.look();
			const { zendesk, orocrm } = this.world.writes();
			if (round > 1 && zendesk.length + orocrm.length === 0) return round;
		}
		throw new Error(`After eight quiet rounds there was still something to write: ${JSON.stringify(this.world.writes())}`);
	}

	private begin(): void {
		const { world } = this;
		const { clients } = world;
		const outside = { handOut: async (pairs: Pair[]) => await this.handOut(pairs), report: (error: Error) => void this.reports.push(error), now: () => clients.time.now() };
		const { stored } = this;
		const ticketSettings = { batchSize: 100, brands: [], groups: [], tags: [], runDeadline: DEADLINE };
		const caseSettings = { batchSize: 100, published: { sources: [], owners: [] }, runDeadline: DEADLINE };
		this.tickets = new TicketFeed(stored.tickets, clients.zendesk, ticketSettings, { ...outside, save: (state) => (stored.tickets = structuredClone(state)) });
		const source = new CaseSource(clients.oro, () => clients.knowledge, caseSettings);
		this.cases = new CaseFeed(stored.cases, source, caseSettings, { ...outside, save: (state) => (stored.cases = structuredClone(state)) });
	}

	private async handOut(pairs: Pair[]): Promise<boolean> {
		this.runs += 1;
		try {
			await this.run(pairs);
		} catch (error) {
			if (!(error instanceof Killed)) this.reports.push(error as Error);
			return false;
		}
		return this.runs !== this.diesBeforeAcknowledging;
	}

	private async run(pairs: readonly Pair[]): Promise<void> {
		const outcomes = await runPipeline(pairs, this.world.clients, this.world.syncOptions);
		if (outcomes.length !== pairs.length) throw new Error(`${pairs.length} items went into a run, ${outcomes.length} came out.`);
		outcomes.forEach((outcome, index) => {
			const pair = pairs[index];
			this.outcomes.push(outcome);
			const name = pair.ticket ? `ticket ${pair.ticket.id}` : `case ${String(pair.case?.id)}`;
			if (isFailure(outcome)) this.failed.set(name, { pair, error: outcome.error });
			else this.failed.delete(name);
		});
	}

	private async tryFailedAgain(): Promise<void> {
		for (const { pair } of [...this.failed.values()]) await this.run(pair.ticket ? await this.world.pairsOfTickets(pair.ticket) : this.world.pairsOfCases(pair.case as { id: string }));
	}
}
