import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, ILoadOptionsFunctions, INodeExecutionData, INodeListSearchResult, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { readZendeskChannels } from '../../orocrm/integrations';
import type { PublishSettings } from '../../sync/plan';
import { isFailure } from '../../pipeline/clients';
import { publishPairs } from '../../pipeline/publish-pairs';
import { clientsOf, oroCrmClient } from '../shared/clients';
import { runOnPairs } from '../shared/run-on-pairs';
import { bothCredentials, zendeskAuthentication } from '../shared/zendesk-login';
import { integrationOf } from './integration';
import type { Integration } from './integration';
import { publishProperties } from './properties';

export class PublishCase implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Publish Case',
		name: 'publishCase',
		icon: { light: 'file:../../icons/publish-case.svg', dark: 'file:../../icons/publish-case.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["previewOnly"] ? "Preview only" : "Zendesk to OroCRM" }}',
		description: 'Makes or updates the OroCRM case of each ticket, with its people and comments, and says what was done',
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
			// Only asked for when there is something to write.
			const due = pairs.some((pair) => pair.resolved && !pair.resolved.unchanged);
			const integration: Integration = due ? await integrationOf(this, clients.oro) : { channel: null, isChosen: false };
			if (integration.warning) this.logger.warn(`${this.getNode().name}: ${integration.warning}`);
			const options = this.getNodeParameter('options', 0, {}) as { parallel?: number; commentsPerWrite?: number };
			const settings: PublishSettings = {
				channel: integration.channel,
				channelIsChosen: integration.isChosen,
				rules: { twoWay: false, winner: 'remote' },
				deletedTickets: this.getNodeParameter('deletedTickets', 0) as PublishSettings['deletedTickets'],
				deletedCases: this.getNodeParameter('deletedCases', 0) as PublishSettings['deletedCases'],
				commentsPerWrite: options.commentsPerWrite ?? 100,
			};
			const published = await publishPairs(pairs, clients, { settings, preview: this.getNodeParameter('previewOnly', 0) as boolean, parallel: options.parallel ?? 4 });
			if (integration.warning) for (const outcome of published) if (!isFailure(outcome) && outcome.result.outcome !== 'unchanged') outcome.result.notes.push(integration.warning);
			return published;
		});
	}
}
