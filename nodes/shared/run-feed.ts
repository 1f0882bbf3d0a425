import type { IDataObject, INodeExecutionData, IRun, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import type { BatchFeed, FeedOutside } from '../../pipeline/batch-feed';
import type { Pair } from '../../sync/pair';
import { time } from './clients';
import { nodeError } from './node-errors';
import { scheduleOf } from './schedule';

/** How a trigger's {@link BatchFeed} is tied to n8n: its scheduler, its static data, its runs. */

/** What was kept of this trigger, if anything. */
export function storedState<State>(context: ITriggerFunctions): State | undefined {
	return staticData<State>(context)[placeOf(context)];
}

/**
 * The saved states of the feeds that are switched on, by workflow and place. n8n keeps a workflow's static data as one piece, last writer
 * wins, and triggers that were not registered at the same moment hold copies of their own (n8n.md §1): so each writes what all of them saved.
 */
const saved = new Map<string, Map<string, unknown>>();

/** Writes a sentence that is no trouble into n8n's log. */
interface Teller {
	tell(words: string): void;
}

/** Starts the feed. Its state is kept from now on, so that a restart before the first change doesn't move the starting point. */
export function runFeed<State>(context: ITriggerFunctions, state: State, feedWith: (outside: FeedOutside<State> & Teller) => BatchFeed<State>): ITriggerResponse {
	const schedule = scheduleOf(context);
	const data = staticData<unknown>(context);
	const place = placeOf(context);
	const ofWorkflow = saved.get(workflowOf(context)) ?? new Map<string, unknown>();
	saved.set(workflowOf(context), ofWorkflow);
	const save = (next: State) => {
		ofWorkflow.set(place, next);
		for (const [key, value] of ofWorkflow) if (data[key] !== value) data[key] = value;
	};
	save(state);

	const feed = feedWith({
		save,
		handOut: async (pairs) => await handOut(context, pairs),
		report: (error) => {
			context.logger.error(`${context.getNode().name}: ${error.message}`);
			context.saveFailedExecution?.(nodeError(context.getNode(), error));
		},
		tell: (words) => context.logger.info(`${context.getNode().name}: ${words}`),
		now: time.now,
	});
	let lastLook = Number.NEGATIVE_INFINITY;
	context.helpers.registerCron({ expression: schedule.expression }, () => {
		// One look a little early rather than a whole tick late.
		if (!feed.isInTrouble && time.now() - lastLook < schedule.interval - 500) return;
		lastLook = time.now();
		void feed.tick();
	});
	// A cron expression may come once a day: a failed batch, or one whose run was lost, doesn't wait for that.
	if (schedule.interval === 0) {
		context.helpers.registerCron({ expression: '*/30 * * * * *' }, () => {
			if (feed.isInTrouble || feed.isOverdue) void feed.tick();
		});
	}
	return {
		closeFunction: async () => {
			feed.stop();
			ofWorkflow.delete(place);
		},
	};
}

/** A run by hand: what is due now. A refusal is told in the node's words, with what to do. */
export function runByHand(context: ITriggerFunctions, dueNow: () => Promise<Pair[]>): ITriggerResponse {
	return {
		manualTriggerFunction: async () => {
			try {
				context.emit([itemsOf(await dueNow())]);
			} catch (error) {
				throw nodeError(context.getNode(), error);
			}
		},
	};
}

/** Kept under the node's id: n8n's own place for a node's data goes by its name, and a renamed node would begin anew (n8n.md §1). */
function placeOf(context: ITriggerFunctions): string {
	return `feed ${context.getNode().id}`;
}

function staticData<Value>(context: ITriggerFunctions): Record<string, Value | undefined> {
	return context.getWorkflowStaticData('global') as Record<string, Value | undefined>;
}

function workflowOf(context: ITriggerFunctions): string {
	return context.getWorkflow().id ?? '';
}

/** Starts a run and waits for its end. Anything but a success, also a run that was stopped or timed out, is handed out again. */
async function handOut(context: ITriggerFunctions, pairs: Pair[]): Promise<boolean> {
	const done = context.helpers.createDeferredPromise<IRun>();
	context.emit([itemsOf(pairs)], undefined, done);
	try {
		// In queue mode only the status can be relied on (n8n.md §3).
		return (await done.promise)?.status === 'success';
	} catch {
		return false;
	}
}

function itemsOf(pairs: readonly Pair[]): INodeExecutionData[] {
	return pairs.map((pair) => ({ json: pair as unknown as IDataObject }));
}
