import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, ILoadOptionsFunctions, INodeExecutionData, INodeListSearchResult, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { readOroUsers } from '../../orocrm/people';
import { resolvePairs } from '../../pipeline/resolve-pairs';
import { clientsOf, oroCrmClient } from '../shared/clients';
import { directoryOf } from '../shared/run-directory';
import { runOnPairs } from '../shared/run-on-pairs';
import { bothCredentials, zendeskAuthentication } from '../shared/zendesk-login';
import { ownerOf } from './owner';

export class ResolveContactUser implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Resolve Contact/User',
		name: 'resolveContactUser',
		icon: { light: 'file:../../icons/resolve-people.svg', dark: 'file:../../icons/resolve-people.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: 'By stored link, then by e-mail',
		description: 'Finds the other half of each ticket or case, and who its people are on the other side, in bulk for all items',
		defaults: { name: 'Resolve Contact/User' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: bothCredentials,
		properties: [
			zendeskAuthentication,
			{
				displayName: 'Owner',
				name: 'owner',
				type: 'resourceLocator',
				default: { mode: 'list', value: '' },
				description: 'OroCRM user who stands in for Zendesk agents without an OroCRM user, and who owns what is made. Empty: the user of the OroCRM credential.',
				modes: [
					{
						displayName: 'From List',
						name: 'list',
						type: 'list',
						placeholder: 'The user of the credential',
						typeOptions: { searchListMethod: 'searchUsers', searchable: true },
					},
					{
						displayName: 'By E-Mail',
						name: 'email',
						type: 'string',
						placeholder: 'support@example.com',
						validation: [{ type: 'regex', properties: { regex: '^[^\\s@]+@[^\\s@]+$', errorMessage: 'Not an e-mail address' } }],
					},
					{
						displayName: 'By ID',
						name: 'id',
						type: 'string',
						placeholder: '1',
						validation: [{ type: 'regex', properties: { regex: '^[0-9]+$', errorMessage: 'Not an ID: it is a number' } }],
					},
				],
			},
			{
				displayName: 'Default Zendesk User',
				name: 'defaultZendeskUser',
				type: 'string',
				default: '',
				placeholder: 'support@example.com',
				description: 'Two-way sync only: e-mail of the Zendesk agent who gets the tickets of OroCRM users whom Zendesk doesn’t know. Empty: the user of the Zendesk credential.',
			},
			{
				displayName: 'Create Missing Contacts',
				name: 'createMissingContacts',
				type: 'boolean',
				default: true,
				description: 'Whether people who have no contact in OroCRM get one. Off: their cases have no related contact.',
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [
					{
						displayName: 'Comment Reads at Once',
						name: 'parallel',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 20 },
						default: 4,
						description: 'How many tickets’ comments are read from Zendesk at the same time. Zendesk’s limits are kept in any case.',
					},
				],
			},
		],
	};

	methods = {
		listSearch: {
			async searchUsers(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
				const wanted = (filter ?? '').toLowerCase();
				const users = (await readOroUsers(await oroCrmClient(this))).filter((user) => user.enabled);
				const named = users.map((user) => ({ name: `${user.firstName} ${user.lastName} (${user.email})`, value: user.id }));
				return { results: named.filter((entry) => entry.name.toLowerCase().includes(wanted)) };
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOnPairs(this, async (pairs) => {
			const clients = await clientsOf(this);
			const { parallel } = this.getNodeParameter('options', 0, {}) as { parallel?: number };
			return await resolvePairs(pairs, clients, {
				owner: ownerOf(this, clients.oro),
				createMissingContacts: this.getNodeParameter('createMissingContacts', 0) as boolean,
				defaultZendeskUser: String(this.getNodeParameter('defaultZendeskUser', 0, '') ?? ''),
				parallel: parallel ?? 4,
				directory: directoryOf(this, clients),
			});
		});
	}
}
