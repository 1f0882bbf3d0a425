import { NodeOperationError } from 'n8n-workflow';
import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { CaseFeed, CaseSource, casesDueNow, unbegun } from '../../pipeline/case-feed';
import type { CaseFeedSettings, CaseFeedState, CaseStart } from '../../pipeline/case-feed';
import type { PublishedCases } from '../../pipeline/new-unlinked-cases';
import type { OroCrmClient } from '../../orocrm/client';
import { readVisibleChannels } from '../../orocrm/integrations';
import { serverKnowledge } from '../../orocrm/server-knowledge';
import { oroCrmClient, time } from '../shared/clients';
import { runByHand, runFeed, storedState } from '../shared/run-feed';
import { runDeadline } from '../shared/schedule';

/** Starts the {@link CaseFeed} with the node's settings, where it was left. */
export async function startFeed(context: ITriggerFunctions): Promise<ITriggerResponse> {
	const client = await oroCrmClient(context);
	const settings = settingsOf(context);
	const source = new CaseSource(client, () => serverKnowledge(client.apiUrl, time.now()), settings);
	const state = stateFrom(storedState(context), context, client, settings);
	if (context.getMode() === 'manual') return runByHand(context, async () => await casesDueNow(client, source, state));
	const begun = await begin(context, client, source, state);
	return runFeed(context, begun, (outside) => new CaseFeed(begun, source, settings, outside));
}

/**
 * Where the feed begins. A person who activates it learns at once that the login is no good; a restart of n8n while OroCRM is down must
 * not fail: then the first look finds the starting point, where none is kept yet.
 */
async function begin(context: ITriggerFunctions, client: OroCrmClient, source: CaseSource, state: CaseFeedState): Promise<CaseFeedState> {
	if (context.getActivationMode() !== 'activate') return await source.begin(state).catch(() => state);
	await checkLogin(client);
	await refuseRivals(context, client);
	return await source.begin(state);
}

/** An active Zendesk integration of OroCRM's own would sync the same tickets: whoever activates the sync learns it before it begins. */
async function refuseRivals(context: ITriggerFunctions, client: OroCrmClient): Promise<void> {
	const { allowActiveIntegrations = false } = context.getNodeParameter('options', {}) as { allowActiveIntegrations?: boolean };
	if (allowActiveIntegrations) return;
	const active = (await readVisibleChannels(client))?.filter((channel) => channel.enabled) ?? [];
	if (active.length === 0) return;
	const names = active.map((channel) => `"${channel.name}"`).join(', ');
	throw new NodeOperationError(context.getNode(), `OroCRM’s own Zendesk integration ${names} is active`, {
		description: `OroCRM would sync the same tickets beside this workflow. Deactivate it (System > Integrations > Manage Integrations); its records stay and are used. When it is for another Zendesk account, switch on "Allow Active Integrations" in the options of this node.`,
	});
}

function settingsOf(context: ITriggerFunctions): CaseFeedSettings {
	const options = context.getNodeParameter('options', {}) as { batchSize?: number; runDeadline?: number };
	return {
		batchSize: Math.min(1000, Math.max(1, Math.floor(options.batchSize ?? 200))),
		published: publishedCases(context),
		runDeadline: runDeadline(options),
	};
}

function publishedCases(context: ITriggerFunctions): PublishedCases | null {
	const which = context.getNodeParameter('publish') as 'none' | 'all' | 'some';
	if (which === 'none') return null;
	if (which === 'all') return { sources: [], owners: [] };
	const list = (name: string) => (context.getNodeParameter(name, []) as unknown[]).map(String);
	const some = { sources: list('sources'), owners: list('owners') };
	if (some.sources.length + some.owners.length === 0) {
		throw new NodeOperationError(context.getNode(), 'No source and no owner is chosen', { description: 'Choose the sources or the owners of the cases that become tickets, or set "Cases Without a Ticket" to something else.' });
	}
	return some;
}

/** Goes on where the last activation stopped, or begins anew when the server or the starting point is another one. */
function stateFrom(stored: CaseFeedState | undefined, context: ITriggerFunctions, client: OroCrmClient, settings: CaseFeedSettings): CaseFeedState {
	const start = context.getNodeParameter('startFrom') as CaseStart;
	if (!stored || stored.server !== client.apiUrl || stored.start !== start) return unbegun(client.apiUrl, start);
	// Once they are published again, those made from then on count.
	return settings.published ? stored : { ...stored, newCases: null };
}

/** Reads one row of each kind that the feed looks at. A refusal says what to do. */
async function checkLogin(client: OroCrmClient): Promise<void> {
	for (const [type, field] of [['cases', 'subject'], ['casecomments', 'case'], ['zendesktickets', 'originId']]) {
		await client.list(type, { fields: { [type]: [field] }, pageSize: 1 });
	}
}
