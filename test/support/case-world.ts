import type { HttpResponse, Send } from '../../http/request';
import { OroCrmClient } from '../../orocrm/client';
import { ServerKnowledge } from '../../orocrm/server-knowledge';
import { CaseFeed, CaseSource, unbegun } from '../../pipeline/case-feed';
import type { CaseFeedSettings, CaseFeedState, CaseStart } from '../../pipeline/case-feed';
import type { Pair } from '../../sync/pair';
import { ManualClock } from '../../sandbox/common/clock';
import { startPracticeOroCrm } from '../../sandbox/orocrm/server';
import type { PracticeOroCrm, PracticeOroCrmOptions } from '../../sandbox/orocrm/server';
import { bearerSender, hastyTime, oroCrmToken } from './pipeline';

/** What becomes of a run that is given a batch. `dies`: the whole process is gone in the middle of it. */
export type RunEnd = 'well' | 'badly' | 'dies';

/** What this OroCRM doesn't support, of what it might be asked. */
export type Refused = 'dates' | 'sorting by date' | 'neq_or_null';

export interface CaseWorldOptions {
	orocrm?: PracticeOroCrmOptions;
	start?: CaseStart;
	settings?: Partial<CaseFeedSettings>;
	/** Rows in a page that this OroCRM allows. */
	largestPage?: number;
	refused?: Refused;
	/** Milliseconds that n8n's clock is ahead of OroCRM's. */
	skew?: number;
}

/** An OroCRM in which people work, and the feed that looks at it. Both clocks stand still until they are told to move. */
export class CaseWorld {
	readonly clock = new ManualClock();
	readonly requests: string[] = [];
	/** Batches by the ids of their cases, in the order in which runs got them. */
	readonly handed: string[][] = [];
	readonly reports: string[] = [];
	/** Called with each batch; says how its run ends. Default: well. */
	run: (pairs: Pair[]) => RunEnd | Promise<RunEnd> = () => 'well';
	feed!: CaseFeed;
	/** As n8n's database has it. */
	saved!: CaseFeedState;
	/** After so many more requests the process dies, or OroCRM refuses to work. */
	trouble: { after: number; kind: 'dies' | 'refuses' } | undefined;
	/** What happens just before the request after so many more. */
	between: { after: number; work: () => void } | undefined;
	refused: Refused | undefined;
	client!: OroCrmClient;
	knowledge = new ServerKnowledge(0);
	private died: () => void = () => {};

	private constructor(
		readonly server: PracticeOroCrm,
		private readonly options: CaseWorldOptions,
	) {
		this.refused = options.refused;
	}

	static async start(options: CaseWorldOptions = {}): Promise<CaseWorld> {
		const clock = new ManualClock();
		const server = await startPracticeOroCrm({ accessTokenSeconds: 100 * 365 * 86_400, ...options.orocrm, clock });
		const world = Object.assign(new CaseWorld(server, options), { clock });
		const token = await oroCrmToken(server.url);
		world.client = new OroCrmClient(
			server.url,
			server.settings.apiPath,
			world.watched(bearerSender(token)),
			hastyTime,
			{ attempts: 1, firstPause: 0, longestPause: 0, longestRetryAfter: 0 },
		);
		return world;
	}

	get settings(): CaseFeedSettings {
		return { batchSize: 200, published: null, runDeadline: 3_600_000, ...this.options.settings };
	}

	get source(): CaseSource {
		return new CaseSource(this.client, () => this.knowledge, this.settings);
	}

	/** Switches the trigger on, as the node does: the starting point is found and kept. */
	async activate(): Promise<void> {
		const state = unbegun(this.client.apiUrl, this.options.start ?? 'now');
		this.saved = await this.source.begin(state);
		this.startFrom(this.saved);
	}

	/** A start of n8n: the feed goes on from what the database has. */
	restart(): void {
		this.startFrom(this.saved);
	}

	/** One look, until it is over or the process has died. Gives back the batches that runs got. */
	async look(): Promise<string[][]> {
		const before = this.handed.length;
		const death = new Promise<'died'>((resolve) => {
			this.died = () => resolve('died');
		});
		if ((await Promise.race([this.feed.tick(), death])) === 'died') {
			this.trouble = undefined;
			this.restart();
		}
		return this.handed.slice(before);
	}

	/** Looks until nothing is handed out any more; the batches that runs got. */
	async settle(): Promise<string[][]> {
		const all: string[][] = [];
		for (let turn = 0, quiet = 0; quiet < 3; turn++) {
			if (turn > 60) throw new Error(`There is always something to hand out: ${JSON.stringify(all.slice(-5))}`);
			this.later(20 * 60);
			const batches = await this.look();
			quiet = batches.length === 0 ? quiet + 1 : 0;
			all.push(...batches);
		}
		if (this.feed.isInTrouble) throw new Error(`The last look failed: ${this.reports.at(-1)}`);
		return all;
	}

	later(seconds: number): void {
		this.clock.advance(seconds * 1_000);
	}

	now(secondsBack = 0): string {
		return `${new Date(this.clock.now().getTime() - secondsBack * 1_000).toISOString().slice(0, 19)}Z`;
	}

	/** A case without a ticket. */
	unlinkedCase(values: Record<string, unknown> = {}): string {
		const row = {
			subject: 'Printer on fire',
			source: 'web',
			status: 'open',
			priority: 'normal',
			owner: 1,
			organization: 1,
			createdAt: this.now(),
			...values,
		};
		return String(this.server.store.insert('cases', row).id);
	}

	/** Ties a case to a ticket. */
	link(id: string, status: string | null = 'open'): void {
		this.server.store.insert('zendesktickets', {
			originId: String(7_000 + Number(id)),
			subject: 'Printer on fire',
			status,
			relatedCase: Number(id),
		});
	}

	linkedCase(values: Record<string, unknown> = {}, status: string | null = 'open'): string {
		const id = this.unlinkedCase(values);
		this.link(id, status);
		return id;
	}

	/** @param secondsBack a change is dated when it is made, and seen when its transaction ends */
	edit(id: string, values: Record<string, unknown>, secondsBack = 0): void {
		this.server.store.update('cases', Number(id), { ...values, updatedAt: this.now(secondsBack) });
	}

	/** @param commentId of a row whose transaction began earlier */
	comment(id: string, commentId?: number): string {
		return String(
			this.server.store.insert('casecomments', {
				...(commentId === undefined ? {} : { id: commentId }),
				message: 'Call me',
				public: true,
				case: Number(id),
				owner: 1,
				organization: 1,
				createdAt: this.now(),
			}).id,
		);
	}

	/** A copy of a Zendesk comment, as the sync stores it: with its row. */
	copiedComment(id: string): void {
		const comment = this.comment(id);
		const [ticket] = this.server.store.table('zendesktickets').index('relatedCase')?.ids(Number(id)) ?? [];
		this.server.store.insert('zendeskticketcomments', {
			originId: `9${comment}`,
			ticket: ticket ?? null,
			relatedComment: Number(comment),
		});
	}

	async close(): Promise<void> {
		this.feed?.stop();
		await this.server.close();
	}

	private startFrom(state: CaseFeedState): void {
		// From a database: whatever is shared with a former life is gone.
		const own = JSON.parse(JSON.stringify(state)) as CaseFeedState;
		this.feed = new CaseFeed(own, this.source, this.settings, {
			save: (next) => {
				this.saved = JSON.parse(JSON.stringify(next)) as CaseFeedState;
			},
			handOut: async (pairs) => {
				this.handed.push(pairs.map((pair) => pair.case?.id ?? ''));
				const end = await this.run(pairs);
				if (end === 'dies') return await this.dead();
				return end === 'well';
			},
			report: (error) => this.reports.push(error.message),
			now: () => this.clock.now().getTime() + (this.options.skew ?? 0),
		});
	}

	private async dead(): Promise<never> {
		this.died();
		return await new Promise<never>(() => {});
	}

	private watched(send: Send): Send {
		return async (request) => {
			if (this.between && this.between.after-- <= 0) {
				const { work } = this.between;
				this.between = undefined;
				work();
			}
			if (this.trouble && this.trouble.after-- <= 0) {
				if (this.trouble.kind === 'dies') return await this.dead();
				return { status: 503, headers: {}, text: '' };
			}
			this.requests.push(decodeURIComponent(request.url.slice(this.server.apiUrl.length)));
			return (
				refusalOf(decodeURIComponent(request.url), this.options.largestPage, this.refused) ?? (await send(request))
			);
		};
	}
}

/** OroCRM's refusal of a page that is larger than an administrator allows, or of what it doesn't support (orocrm-api.md §1.5, §2.1). */
function refusalOf(
	url: string,
	largestPage: number | undefined,
	refused: Refused | undefined,
): HttpResponse | undefined {
	const answer = (title: string, detail: string, parameter: string): HttpResponse => ({
		status: 400,
		headers: {},
		text: JSON.stringify({ errors: [{ status: '400', title, detail, source: { parameter } }] }),
	});
	const size = Number(/page\[size\]=(\d+)/.exec(url)?.[1] ?? 0);
	if (largestPage !== undefined && size > largestPage) {
		return answer('filter constraint', `The value should be less than or equals to ${largestPage}.`, 'page[size]');
	}
	if (refused === 'dates' && url.includes('filter[updatedAt]'))
		return answer('filter constraint', 'The filter is not supported.', 'filter[updatedAt][gte]');
	if (refused === 'sorting by date' && /sort=-?updatedAt/.test(url))
		return answer('sort constraint', 'Sorting by "updatedAt" field is not supported.', 'sort');
	if (refused === 'neq_or_null' && url.includes(refused))
		return answer('filter constraint', 'The operator "neq_or_null" is not supported.', 'filter[status][neq_or_null]');
	return undefined;
}
