import { createdAt, string, updatedAt } from './common';
import type { Attribute, Resource } from './types';

const originId: Attribute = { type: 'bigint', indexed: true };
const overlay = { when: (features: { overlay: boolean }) => features.overlay };
const overlayList = { list: true, ...overlay };

/** OroCRM's ticket record (orocrm-api.md §3.6). Nothing is required, nothing is validated. */
export const zendeskTickets: Resource = {
	type: 'zendesktickets',
	idType: 'integer',
	alias: 'zendeskticket',
	label: 'Ticket',
	attributes: {
		originId,
		url: string(255),
		subject: string(255),
		description: { type: 'text' },
		externalId: string(50, { indexed: true }),
		recipient: string(100),
		hasIncidents: { type: 'boolean', default: false },
		dueAt: { type: 'datetime' },
		createdAt,
		originCreatedAt: { type: 'datetime' },
		updatedAt,
		originUpdatedAt: { type: 'datetime' },
	},
	associations: {
		problem: { target: 'zendesktickets' },
		collaborators: { target: 'zendeskusers', many: true },
		ticketType: { target: 'zendesktickettypes' },
		status: { target: 'zendeskticketstatuses' },
		priority: { target: 'zendeskticketpriorities' },
		requester: { target: 'zendeskusers' },
		submitter: { target: 'zendeskusers' },
		assignee: { target: 'zendeskusers' },
		comments: {
			target: 'zendeskticketcomments',
			many: true,
			inverse: { type: 'zendeskticketcomments', field: 'ticket' },
		},
		relatedCase: { target: 'cases' },
		channel: { target: 'integrationchannels' },
	},
	actions: ['get_list', 'get', 'create', 'update', 'delete', 'delete_list'],
	filters: { originId: overlayList, externalId: overlayList, updatedAt: overlay, originUpdatedAt: overlay },
	sorters: { updatedAt: overlay, originUpdatedAt: overlay },
	unique: [['originId', 'channel'], ['relatedCase']],
	title: (row) => String(row.subject ?? ''),
};

/** orocrm-api.md §3.7 */
export const zendeskTicketComments: Resource = {
	type: 'zendeskticketcomments',
	idType: 'integer',
	alias: 'zendeskticketcomment',
	label: 'Ticket Comment',
	attributes: {
		originId,
		body: { type: 'text' },
		htmlBody: { type: 'text' },
		public: { type: 'boolean', default: false },
		createdAt,
		originCreatedAt: { type: 'datetime' },
		updatedAt,
	},
	associations: {
		author: { target: 'zendeskusers' },
		ticket: { target: 'zendesktickets' },
		relatedComment: { target: 'casecomments' },
		channel: { target: 'integrationchannels' },
	},
	actions: ['get_list', 'get', 'create', 'update', 'delete', 'delete_list'],
	filters: { originId: overlayList },
	unique: [['originId', 'channel'], ['relatedComment']],
};

/** orocrm-api.md §3.8 */
export const zendeskUsers: Resource = {
	type: 'zendeskusers',
	idType: 'integer',
	alias: 'zendeskuser',
	label: 'User',
	attributes: {
		originId,
		url: string(255),
		externalId: string(50),
		name: string(255),
		details: { type: 'text' },
		ticketRestriction: string(30),
		onlyPrivateComments: { type: 'boolean', default: false },
		notes: { type: 'text' },
		verified: { type: 'boolean', default: false },
		active: { type: 'boolean', default: false },
		alias: string(100),
		email: string(255, { indexed: true }),
		phone: string(50),
		timeZone: string(30),
		locale: string(30),
		lastLoginAt: { type: 'datetime' },
		createdAt,
		updatedAt,
		originCreatedAt: { type: 'datetime' },
		originUpdatedAt: { type: 'datetime' },
	},
	associations: {
		role: { target: 'zendeskuserroles' },
		relatedContact: { target: 'contacts' },
		relatedUser: { target: 'users' },
		channel: { target: 'integrationchannels' },
	},
	actions: ['get_list', 'get', 'create', 'update', 'delete', 'delete_list'],
	filters: { originId: overlayList, email: overlayList },
	unique: [['originId', 'channel']],
	title: (row) => String(row.name ?? ''),
};

/** Read-only (orocrm-api.md §3.9). Whether it is two-way is kept in the row but never shown. */
export const integrationChannels: Resource = {
	type: 'integrationchannels',
	idType: 'integer',
	attributes: {
		name: string(255, { indexed: true }),
		channelType: string(255),
		enabled: { type: 'boolean', default: true },
	},
	associations: {},
	actions: ['get_list', 'get'],
	filters: { name: {} },
	sorters: { name: {} },
	title: (row) => String(row.name ?? ''),
};
