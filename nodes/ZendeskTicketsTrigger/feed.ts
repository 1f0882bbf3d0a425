import { NodeOperationError } from 'n8n-workflow';
import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import type { ZendeskClient } from '../../zendesk/client';
import { DatedReader } from '../../zendesk/dated-reader';
import { readCurrentUser } from '../../zendesk/users';
import { dueNow, startingPosition, TicketFeed } from '../../pipeline/ticket-feed';
import type { FeedSettings, FeedState } from '../../pipeline/ticket-feed';
import { exportsMayBeSpent, zendeskClient } from '../shared/clients';
import { runByHand, runFeed, storedState } from '../shared/run-feed';
import { runDeadline } from '../shared/schedule';
import { inZone } from '../shared/time-zone';

/** Starts the {@link TicketFeed} with the node's settings, where it was left. */
export async function startFeed(context: ITriggerFunctions): Promise<ITriggerResponse> {
	const client = await zendeskClient(context);
	const settings = settingsOf(context);
	const stateAt = (now: number) => stateFrom(storedState(context), context, client, now);
	if (context.getMode() === 'manual') return runByHand(context, async () => await dueNow(client, stateAt(Date.now()), settings));
	// A person who activates it learns at once that the login is no good; a restart of n8n while Zendesk is down must not fail.
	const zendeskNow = context.getActivationMode() === 'activate' ? await checkLogin(context, client) : undefined;
	const state = stateAt(zendeskNow ?? Date.now());
	// In the middle of a backfill n8n may have been killed a second ago.
	if (state.backfill) exportsMayBeSpent(client.baseUrl);
	return runFeed(context, state, (outside) => new TicketFeed(state, client, settings, outside));
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
		runDeadline: runDeadline(options),
	};
}

/** Goes on where the last activation stopped, or begins anew when the account or the starting point is another one. `now` in milliseconds since 1970. */
function stateFrom(stored: FeedState | undefined, context: ITriggerFunctions, client: ZendeskClient, now: number): FeedState {
	const from = context.getNodeParameter('startFrom') as 'now' | 'date' | 'everything';
	const date = from === 'date' ? inZone(String(context.getNodeParameter('startDate')), context.getTimezone()) : undefined;
	const start = date ? `date ${date}` : from;
	if (stored && stored.account === client.baseUrl && stored.start === start && stored.position) return { ...stored, position: { ...stored.position } };
	return { account: client.baseUrl, start, position: startingPosition({ from, date }, now) };
}

/** @returns what time it is for Zendesk: "now" by a clock of n8n that is fast would leave out what changes until then */
async function checkLogin(context: ITriggerFunctions, client: ZendeskClient): Promise<number | undefined> {
	const reader = new DatedReader(client);
	const user = await readCurrentUser(reader);
	if (!user) {
		throw new NodeOperationError(context.getNode(), 'Zendesk does not know the login of the credential', { description: 'Open the Zendesk credential and connect it again.' });
	}
	if (user.role !== 'admin') {
		throw new NodeOperationError(context.getNode(), `${user.name} is no admin in Zendesk`, { description: 'Zendesk lets only admins read the ticket export: connect the credential as an admin.' });
	}
	return reader.answeredAt;
}
