import type { PracticeOroCrm } from '../sandbox/orocrm/server';
import { addTickets, changeTickets, editCases } from './practice-data';
import type { BenchOptions, Part } from './options';
import { ScaleOutStage } from './scale-out-stage';
import type { QueueServers } from '../sandbox/launcher/queue-mode';
import { type Measure, type Side, Stage } from './stage';

/** One scenario of one side and what it cost. */
export interface Result extends Measure {
	part: Part;
	/** Which workflow, and for two-way which OroCRM. */
	side: string;
	scenario: string;
	/** How many tickets or cases it was about. */
	items: number;
	/** Cases and their comments in OroCRM when it was over. */
	cases: number;
	caseComments: number;
}

export type Tell = (words: string) => void;

type Take = (scenario: string, items: number, measure: Promise<Measure>) => Promise<void>;

const EXPORT = /^\/api\/v2\/incremental\//;
const OROCRM = /^\/api\/(cases|casecomments|zendesktickets)/;

/** A workflow, and the OroCRM that it works with where that is not the stock one. */
export const nameOf = (side: Side, overlay = false): string => (overlay ? `${side}, with the overlay` : side);

/** Runs `play` on a stage of its own and gives back what was measured there. */
async function onStage(
	part: Result['part'],
	side: Side,
	options: BenchOptions & { overlay?: boolean },
	tell: Tell,
	play: (stage: Stage, take: Take) => Promise<void>,
): Promise<Result[]> {
	const results: Result[] = [];
	// Both sides of a comparison have the same n8n.
	const stage = await Stage.start({ ...options, side, heap: part === 'one-way' ? undefined : options.heap });
	try {
		await play(stage, async (scenario, items, measure) => {
			const of = { part, side: nameOf(side, options.overlay), scenario, items };
			results.push(resultOf(of, await measure, stage.orocrm, tell));
		});
	} finally {
		await stage.stop();
	}
	return results;
}

function resultOf(
	of: Pick<Result, 'part' | 'side' | 'scenario' | 'items'>,
	measured: Measure,
	{ store }: PracticeOroCrm,
	tell: Tell,
): Result {
	const result = { ...of, cases: store.count('cases'), caseComments: store.count('casecomments'), ...measured };
	tell(`${of.part} · ${of.side} · ${of.scenario}: ${result.requests} requests, ${Math.round(result.seconds)} s`);
	return result;
}

/** What is in OroCRM when so many tickets with so many comments are there; the workflow by hand copies the same comments. */
const holds = (stage: Pick<Stage, 'orocrm'>, tickets: number, comments: number) => () =>
	stage.orocrm.store.count('cases') >= tickets && stage.orocrm.store.count('casecomments') >= comments;

/** The same job by the bundled template or by hand: new tickets, all of them again, some that changed, nothing. */
export async function oneWay(
	side: 'one-way-sync' | 'by-hand',
	overlay: boolean,
	options: BenchOptions,
	tell: Tell,
): Promise<Result[]> {
	const { tickets, comments, changed } = options;
	return await onStage('one-way', side, { ...options, overlay }, tell, async (stage, take) => {
		const ids = addTickets(stage.zendesk, tickets, comments);
		const start = async (): Promise<void> => (side === 'by-hand' ? await stage.runByHand() : undefined);
		const startAnew = async (): Promise<void> => {
			await stage.switchOnAnew();
			await start();
		};
		const pages = Math.ceil(tickets / 1_000);
		await take(
			'new',
			tickets,
			stage.measure(startAnew, { reached: holds(stage, tickets, tickets * comments), runs: pages }),
		);
		await take(
			'again',
			tickets,
			stage.measure(startAnew, { reached: holds(stage, tickets, tickets * comments), runs: pages }),
		);
		const change = async (): Promise<void> => {
			changeTickets(stage.zendesk, ids.slice(0, changed));
			if (side === 'by-hand') await new Promise((resolve) => setTimeout(resolve, 2_500));
			await start();
		};
		await take(
			'changed',
			changed,
			stage.measure(change, { reached: holds(stage, tickets, tickets * comments + changed), runs: 1 }),
		);
		await take(
			'nothing new',
			0,
			stage.measure(start, { reached: () => true, runs: side === 'by-hand' ? 1 : 0, asked: [EXPORT] }),
		);
	});
}

/** Linked cases, some edited in OroCRM, and the looks after that. */
export async function twoWay(overlay: boolean, options: BenchOptions, tell: Tell): Promise<Result[]> {
	const { tickets, comments, changed } = options;
	return await onStage('two-way', 'two-way-sync', { ...options, overlay }, tell, async (stage, take) => {
		addTickets(stage.zendesk, tickets, comments);
		const { zendesk, orocrm } = stage;
		const linked = holds(stage, tickets, tickets * comments);
		await take(
			'new',
			tickets,
			stage.measure(async () => await stage.switchOnAnew(), { reached: linked, runs: 1, asked: [EXPORT, OROCRM] }),
		);
		const bothLook = { reached: () => true, runs: 0, asked: [EXPORT, OROCRM] };
		await take(
			'nothing new',
			0,
			stage.measure(() => undefined, bothLook),
		);
		const edits = new Map<number, string>();
		const edit = (): void => {
			for (const [ticket, message] of editCases(orocrm, orocrm.store.all('zendesktickets').slice(0, changed)))
				edits.set(ticket, message);
		};
		const arrived = () =>
			edits.size === changed &&
			[...edits].every(([ticket, message]) =>
				zendesk.store.commentsOf(ticket).some(({ body }) => body.includes(message)),
			);
		await take('edited in OroCRM', changed, stage.measure(edit, { reached: arrived, runs: 1 }));
		await take(
			'the look after',
			changed,
			stage.measure(() => undefined, bothLook),
		);
	});
}

/** A backfill of so many tickets. */
export async function backfill(tickets: number, options: BenchOptions, tell: Tell): Promise<Result[]> {
	return await onStage('growth', 'one-way-sync', options, tell, async (stage, take) => {
		addTickets(stage.zendesk, tickets, options.comments);
		const goal = {
			reached: holds(stage, tickets, tickets * options.comments),
			runs: Math.ceil(tickets / 1_000),
			within: 12 * 3_600_000,
		};
		await take(
			`backfill of ${tickets}`,
			tickets,
			stage.measure(async () => await stage.switchOnAnew(), goal),
		);
	});
}

/** Zendesk accounts of the part about workers: each has a workflow of its own, so that as many runs can be under way. */
export const ACCOUNTS = 4;

/** New tickets of several Zendesk accounts, one workflow each, in n8n's queue mode with so many workers. */
export async function scaleOut(
	workers: number,
	servers: QueueServers,
	options: BenchOptions,
	tell: Tell,
): Promise<Result> {
	const tickets = Math.ceil(options.tickets / ACCOUNTS);
	const stage = await ScaleOutStage.start({ ...options, workers, accounts: ACCOUNTS }, servers);
	try {
		for (const zendesk of stage.zendesks) addTickets(zendesk, tickets, options.comments);
		const all = tickets * ACCOUNTS;
		const measured = await stage.measure(holds(stage, all, all * options.comments));
		const side = `one-way-sync, ${ACCOUNTS} accounts`;
		const scenario = `${workers} worker${workers > 1 ? 's' : ''}`;
		return resultOf({ part: 'workers', side, scenario, items: all }, measured, stage.orocrm, tell);
	} finally {
		await stage.stop();
	}
}
