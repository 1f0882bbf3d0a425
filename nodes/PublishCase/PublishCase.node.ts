import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, ILoadOptionsFunctions, INodeExecutionData, INodeListSearchResult, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { readZendeskChannels } from '../../orocrm/integrations';
import { isFailure, writeFrugally } from '../../pipeline/clients';
import { publishPairs } from '../../pipeline/publish-pairs';
import { clientsOf, oroCrmClient, zendeskWriter } from '../shared/clients';
import { directoryOf } from '../shared/run-directory';
import { runOnPairs } from '../shared/run-on-pairs';
import { bothCredentials, zendeskAuthentication } from '../shared/zendesk-login';
import { integrationOf } from './integration';
import type { Integration } from './integration';
import { publishProperties } from './properties';
import { publishRunOf, rulesOf } from './settings';

export class PublishCase implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Publish Case',
		name: 'publishCase',
		icon: { light: 'file:../../icons/publish-case.svg', dark: 'file:../../icons/publish-case.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ ($parameter["twoWay"] ? "Both ways, " + $parameter["winner"] + " wins" : "Zendesk to OroCRM") + ($parameter["previewOnly"] === true ? ", preview only" : "") }}',
		description: 'Makes or updates the OroCRM case of each ticket, and in two-way sync the ticket of each case, and says what was done',
		defaults: { name: 'Publish Case' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: bothCredentials,
		properties: [zendeskAuthentication, ...publishProperties],
	};

	methods = {
		listSearch: {
			async searchIntegrations(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
				const wanted = (filter ?? '').toLowerCase();
				const channels = await readZendeskChannels(await oroCrmClient(this));
				const named = channels.map((channel) => ({ name: `${channel.name}${channel.enabled ? ' (active)' : ''}`, value: channel.id }));
				return { results: named.filter((entry) => entry.name.toLowerCase().includes(wanted)) };
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOnPairs(this, async (pairs) => {
			const clients = await clientsOf(this);
			const { twoWay } = rulesOf(this);
			// Without it there is nothing in the run that could send Zendesk anything but GET.
			if (twoWay) clients.zendeskWriter = await zendeskWriter(this);
			// Only asked for when there is something to write.
			const due = pairs.some((pair) => pair.resolved && !pair.resolved.unchanged && (pair.resolved.passOver === undefined || pair.resolved.otherAccount));
			const integration: Integration = due ? await integrationOf(this, clients.oro, twoWay) : { channel: null, isChosen: false, active: {} };
			if (integration.warning) this.logger.warn(`${this.getNode().name}: ${integration.warning}`);
			const run = { ...publishRunOf(this, integration), directory: directoryOf(this, clients) };
			writeFrugally(clients, run.parallel);
			const published = await publishPairs(pairs, clients, run);
			if (integration.warning) for (const outcome of published) if (!isFailure(outcome) && outcome.result.outcome !== 'unchanged') outcome.result.notes.push(integration.warning);
			return published;
		});
	}
}
