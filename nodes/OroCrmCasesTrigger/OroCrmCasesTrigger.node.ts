import { NodeConnectionTypes } from 'n8n-workflow';
import type { ILoadOptionsFunctions, INodePropertyOptions, INodeType, INodeTypeDescription, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { readCaseSources } from '../../orocrm/case-sources';
import { readOroUsers } from '../../orocrm/people';
import { oroCrmClient } from '../shared/clients';
import { nodeError } from '../shared/node-errors';
import { runDeadlineOption, scheduleProperties } from '../shared/schedule';
import { oroCrmCredentials } from '../shared/zendesk-login';
import { startFeed } from './feed';

export class OroCrmCasesTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'OroCRM Cases Trigger',
		name: 'oroCrmCasesTrigger',
		icon: { light: 'file:../../icons/cases-trigger.svg', dark: 'file:../../icons/cases-trigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '=From {{ $parameter["startFrom"] }}',
		description: 'Starts the workflow with OroCRM cases that changed or were commented on, and hands a batch out again until the run ends well',
		eventTriggerDescription: 'Waiting for changed cases',
		activationMessage: 'Changed cases are read from now on.',
		defaults: { name: 'OroCRM Cases Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: oroCrmCredentials,
		properties: [
			...scheduleProperties,
			{
				displayName: 'Start From',
				name: 'startFrom',
				type: 'options',
				options: [
					{ name: 'Everything', value: 'everything', description: 'All linked cases that were ever changed or commented on; oldest change first' },
					{ name: 'Now', value: 'now', description: 'Only what happens after activation' },
				],
				default: 'now',
				description: 'Where to begin at the first activation. Later activations go on where the last one stopped, unless this is changed.',
			},
			{
				displayName: 'Cases Without a Ticket',
				name: 'publish',
				type: 'options',
				options: [
					{ name: 'Leave Them in OroCRM', value: 'none', description: 'Only cases that are linked to a ticket are handed out' },
					{ name: 'Publish All New Ones', value: 'all', description: 'Every new case without a ticket is handed out, and gets one where two-way sync is on' },
					{ name: 'Publish Some New Ones', value: 'some', description: 'Those of certain sources or owners' },
				],
				default: 'none',
				description: 'What to do with cases that are made in OroCRM. With Start From at Everything, those that are there already count as new.',
			},
			{
				displayName: 'Source Names or IDs',
				name: 'sources',
				type: 'multiOptions',
				typeOptions: { loadOptionsMethod: 'getSources' },
				default: [],
				description: 'Only cases of these sources; all when none is chosen. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
				displayOptions: { show: { publish: ['some'] } },
			},
			{
				displayName: 'Owner Names or IDs',
				name: 'owners',
				type: 'multiOptions',
				typeOptions: { loadOptionsMethod: 'getOwners' },
				default: [],
				description: 'Only cases of these owners; all when none is chosen. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
				displayOptions: { show: { publish: ['some'] } },
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [
					{
						displayName: 'Allow Active Integrations',
						name: 'allowActiveIntegrations',
						type: 'boolean',
						default: false,
						description: 'Whether to start although a Zendesk integration of OroCRM’s own is active. Only for one that belongs to another Zendesk account: else OroCRM would sync the same tickets.',
					},
					{
						displayName: 'Batch Size',
						name: 'batchSize',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 1000 },
						default: 200,
						description: 'Most cases in one run. Smaller batches need less memory and more requests.',
					},
					runDeadlineOption,
				],
			},
		],
	};

	methods = {
		loadOptions: {
			async getSources(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return (await readCaseSources(await oroCrmClient(this))).map(({ id, name }) => ({ name, value: id }));
			},
			async getOwners(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				const users = await readOroUsers(await oroCrmClient(this));
				return users.map(({ id, firstName, lastName, email }) => ({ name: `${firstName} ${lastName} (${email})`, value: id }));
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
