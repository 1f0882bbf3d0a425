import type { INodeProperties } from 'n8n-workflow';

export const publishProperties: INodeProperties[] = [
	{
		displayName: 'OroCRM Integration',
		name: 'integration',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description: 'The Zendesk integration in OroCRM that the ticket records belong to. It lets OroCRM itself make sure that no ticket gets two cases, and keeps several Zendesk accounts apart. Use a deactivated one (System > Integrations). Empty: the only Zendesk integration of OroCRM, if it is deactivated; where there is none, it works too as long as one workflow writes at a time.',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Automatic',
				typeOptions: { searchListMethod: 'searchIntegrations', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: '1',
				validation: [{ type: 'regex', properties: { regex: '^[0-9]*$', errorMessage: 'Not an ID: it is a number' } }],
			},
		],
	},
	{
		displayName: 'When a Ticket Is Deleted in Zendesk',
		name: 'deletedTickets',
		type: 'options',
		options: [
			{ name: 'Close the Case', value: 'close' },
			{ name: 'Leave the Case', value: 'leave' },
		],
		default: 'leave',
		description: 'A case is never deleted',
	},
	{
		displayName: 'When a Case Was Deleted in OroCRM',
		name: 'deletedCases',
		type: 'options',
		options: [
			{ name: 'Leave It Deleted', value: 'leave' },
			{ name: 'Make It Again', value: 'recreate', description: 'When its ticket changes next' },
		],
		default: 'leave',
	},
	{
		displayName: 'Preview Only',
		name: 'previewOnly',
		type: 'boolean',
		default: false,
		description: 'Whether to only say what would be done. Nothing is written.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Comments in One Request',
				name: 'commentsPerWrite',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 500 },
				default: 100,
				description: 'A ticket with more comments is written in several requests; it counts as done with the last one',
			},
			{
				displayName: 'Writes at Once',
				name: 'parallel',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 16 },
				default: 4,
				description: 'How many cases are written at the same time',
			},
		],
	},
];
