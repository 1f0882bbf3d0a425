import { NodeConnectionTypes } from 'n8n-workflow';
import type { ILoadOptionsFunctions, INodePropertyOptions, INodeType, INodeTypeDescription, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { readBrands, readGroups } from '../../zendesk/settings-lists';
import { zendeskClient } from '../shared/clients';
import { nodeError } from '../shared/node-errors';
import { runDeadlineOption, scheduleProperties } from '../shared/schedule';
import { zendeskAuthentication, zendeskCredentials } from '../shared/zendesk-login';
import { startFeed } from './feed';

export class ZendeskTicketsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Zendesk Tickets Trigger',
		name: 'zendeskTicketsTrigger',
		icon: { light: 'file:../../icons/tickets-trigger.svg', dark: 'file:../../icons/tickets-trigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '=From {{ $parameter["startFrom"] === "date" ? $parameter["startDate"] : $parameter["startFrom"] }}',
		description: 'Starts the workflow with new and changed Zendesk tickets, and hands a batch out again until the run ends well',
		eventTriggerDescription: 'Waiting for changed tickets',
		activationMessage: 'Changed tickets are read from now on. Zendesk holds back the last minute, so a change takes a little over a minute to arrive.',
		defaults: { name: 'Zendesk Tickets Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: zendeskCredentials,
		properties: [
			zendeskAuthentication,
			...scheduleProperties,
			{
				displayName: 'Start From',
				name: 'startFrom',
				type: 'options',
				options: [
					{ name: 'A Date', value: 'date', description: 'Tickets that were changed since then' },
					{ name: 'Everything', value: 'everything', description: 'All tickets of the account, oldest change first' },
					{ name: 'Now', value: 'now', description: 'Only what changes after activation' },
				],
				default: 'now',
				description: 'Where to begin at the first activation. Later activations go on where the last one stopped, unless this is changed.',
			},
			{
				displayName: 'Date',
				name: 'startDate',
				type: 'dateTime',
				default: '',
				required: true,
				displayOptions: { show: { startFrom: ['date'] } },
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [
					{
						displayName: 'Batch Size',
						name: 'batchSize',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 1000 },
						default: 1000,
						description: 'Most tickets in one run. Smaller batches need less memory and more requests: Zendesk allows 10 export requests a minute.',
					},
					{
						displayName: 'Brand Names or IDs',
						name: 'brands',
						type: 'multiOptions',
						typeOptions: { loadOptionsMethod: 'getBrands' },
						default: [],
						description: 'Only tickets of these brands. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
					},
					runDeadlineOption,
					{
						displayName: 'Group Names or IDs',
						name: 'groups',
						type: 'multiOptions',
						typeOptions: { loadOptionsMethod: 'getGroups' },
						default: [],
						description: 'Only tickets of these groups. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
					},
					{
						displayName: 'Tags',
						name: 'tags',
						type: 'string',
						default: '',
						placeholder: 'vip,contract',
						description: 'Only tickets with at least one of these tags, separated by commas',
					},
				],
			},
		],
	};

	methods = {
		loadOptions: {
			async getBrands(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return (await readBrands(await zendeskClient(this))).map(({ id, name }) => ({ name, value: String(id) }));
			},
			async getGroups(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return (await readGroups(await zendeskClient(this))).map(({ id, name }) => ({ name, value: String(id) }));
			},
		},
	};

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		try {
			return await startFeed(this);
		} catch (error) {
			throw nodeError(this.getNode(), error);
		}
	}
}
