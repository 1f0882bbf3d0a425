import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject, INodeExecutionData, IRun, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import type { Pair } from '../../sync/pair';
import type { ZendeskClient } from '../../zendesk/client';
import type { ExportPosition } from '../../zendesk/ticket-export';
import { readCurrentUser } from '../../zendesk/users';
import { dueNow, startingPosition, TicketFeed } from '../../pipeline/ticket-feed';
import type { FeedSettings, FeedState } from '../../pipeline/ticket-feed';
import { zendeskClient } from '../shared/clients';
import { nodeError } from '../shared/node-errors';
import { inZone } from '../shared/time-zone';
import { scheduleOf } from './schedule';

/** Wires the {@link TicketFeed} to n8n: its scheduler, its static data, its runs. */
export async function startFeed(context: ITriggerFunctions): Promise<ITriggerResponse> {
	const client = await zendeskClient(context);
	const settings = settingsOf(context);
	// Kept under the node's id: n8n's own place for a node's data goes by its name, and a renamed node would begin anew (n8n.md §1).
	const stored = context.getWorkflowStaticData('global') as Record<string, FeedState | undefined>;
	const place = `feed ${context.getNode().id}`;
	const state = stateFrom(stored[place], context, client);

	if (context.getMode() === 'manual') return { manualTriggerFunction: async () => await emitDue(context, client, state.position, settings) };

	// A person who activates it learns at once that the login is no good; a restart of n8n while Zendesk is down must not fail.
	if (context.getActivationMode() === 'activate') await checkLogin(context, client);
	const schedule = scheduleOf(context);
	// Kept from the first activation on, so that a restart before the first change doesn't move the starting point.
	stored[place] = state;

	const feed = new TicketFeed(state, client, settings, {
		save: (next) => {
			stored[place] = next;
		},
		handOut: async (pairs) => await handOut(context, pairs),
		report: (error) => {
			context.logger.error(`${context.getNode().name}: ${error.message}`);
			context.saveFailedExecution?.(nodeError(context.getNode(), error));
		},
		now: () => Date.now(),
	});
	let lastLook = 0;
	context.helpers.registerCron({ expression: schedule.expression }, () => {
		// One look a little early rather than a whole tick late.
		if (!feed.isInTrouble && Date.now() - lastLook < schedule.interval - 500) return;
		lastLook = Date.now();
		void feed.tick();
	});
	// A cron expression may come once a day: a failed batch, or one whose run was lost, doesn't wait for that.
	if (schedule.interval === 0) {
		context.helpers.registerCron({ expression: '*/30 * * * * *' }, () => {
			if (feed.isInTrouble || feed.isOverdue) void feed.tick();
		});
	}
	return { closeFunction: async () => feed.stop() };
}

/** A run by hand: what is due now. A refusal is told in the node's words, with what to do. */
async function emitDue(context: ITriggerFunctions, client: ZendeskClient, position: ExportPosition, settings: FeedSettings): Promise<void> {
	try {
		context.emit([itemsOf(await dueNow(client, position, settings))]);
	} catch (error) {
		throw nodeError(context.getNode(), error);
	}
}

function settingsOf(context: ITriggerFunctions): FeedSettings {
	const options = context.getNodeParameter('options', {}) as { batchSize?: number; brands?: unknown[]; groups?: unknown[]; tags?: string; runDeadline?: number };
	return {
		batchSize: Math.min(1000, Math.max(1, Math.floor(options.batchSize ?? 1000))),
		brands: (options.brands ?? []).map(String),
		groups: (options.groups ?? []).map(String),
		tags: (options.tags ?? '')
			.split(',')
			.map((tag) => tag.trim())
			.filter(Boolean),
		runDeadline: Math.max(1, options.runDeadline ?? 60) * 60_000,
	};
}

/** Goes on where the last activation stopped, or begins anew when the account or the starting point is another one. */
function stateFrom(stored: FeedState | undefined, context: ITriggerFunctions, client: ZendeskClient): FeedState {
	const from = context.getNodeParameter('startFrom') as 'now' | 'date' | 'everything';
	const date = from === 'date' ? inZone(String(context.getNodeParameter('startDate')), context.getTimezone()) : undefined;
	const start = date ? `date ${date}` : from;
	if (stored && stored.account === client.baseUrl && stored.start === start && stored.position) return { ...stored, position: { ...stored.position } };
	return { account: client.baseUrl, start, position: startingPosition({ from, date }, Date.now()) };
}

async function checkLogin(context: ITriggerFunctions, client: ZendeskClient): Promise<void> {
	const user = await readCurrentUser(client);
	if (!user) {
		throw new NodeOperationError(context.getNode(), 'Zendesk does not know the login of the credential', { description: 'Open the Zendesk credential and connect it again.' });
	}
	if (user.role !== 'admin') {
		throw new NodeOperationError(context.getNode(), `${user.name} is no admin in Zendesk`, { description: 'Zendesk lets only admins read the ticket export: connect the credential as an admin.' });
	}
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
