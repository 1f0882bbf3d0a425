import { activities, contactStatistics, createdAt, externalId, owner, tags, updatedAt } from './common';
import type { Resource } from './types';

/** orocrm-api.md §3.1. Names in the order in which OroCRM lists them (recording `cases.create.1`). */
export const cases: Resource = {
	type: 'cases',
	idType: 'integer',
	alias: 'case',
	label: 'Case',
	attributes: {
		subject: { type: 'string', column: 255, notBlank: true, maxLength: 255 },
		description: { type: 'text' },
		resolution: { type: 'text' },
		createdAt,
		updatedAt,
		reportedAt: { type: 'datetime' },
		closedAt: { type: 'datetime' },
		externalId,
		...contactStatistics,
	},
	associations: {
		source: { target: 'casesources', required: true },
		status: { target: 'casestatuses', required: true },
		priority: { target: 'casepriorities', required: true },
		relatedContact: { target: 'contacts' },
		relatedAccount: { target: 'accounts' },
		assignedTo: { target: 'users' },
		owner: { target: 'users' },
		comments: {
			target: 'casecomments',
			many: true,
			inverse: { type: 'casecomments', field: 'case' },
			orphanRemoval: true,
		},
		organization: { target: 'organizations' },
		...activities('Notes', 'Emails', 'Calls', 'Tasks'),
		tags,
	},
	actions: ['get_list', 'get', 'create', 'update', 'delete', 'delete_list'],
	filters: {
		reportedAt: {},
		externalId: { list: true },
		updatedAt: { when: (features) => features.overlay },
		createdAt: { when: (features) => features.overlay },
		closedAt: { when: (features) => features.overlay },
	},
	sorters: {
		reportedAt: {},
		updatedAt: { when: (features) => features.overlay },
		createdAt: { when: (features) => features.overlay },
	},
	searchFields: ['subject', 'description', 'resolution', 'comments.message'],
	title: (row) => String(row.subject ?? ''),
	owned: 'user',
};

/** orocrm-api.md §3.2 */
export const caseComments: Resource = {
	type: 'casecomments',
	idType: 'integer',
	alias: 'casecomment',
	label: 'Case Comment',
	attributes: {
		public: { type: 'boolean', default: false },
		message: { type: 'text', notBlank: true },
		createdAt,
		updatedAt,
	},
	associations: {
		case: { target: 'cases', required: true, onDelete: 'cascade' },
		contact: { target: 'contacts' },
		updatedBy: { target: 'users' },
		owner: owner(),
		organization: { target: 'organizations' },
		attachment: { target: 'files' },
	},
	actions: ['get_list', 'get', 'create', 'update', 'delete', 'delete_list'],
	filters: {
		createdAt: { when: (features) => features.overlay },
		updatedAt: { when: (features) => features.overlay },
		public: { when: (features) => features.overlay },
	},
	sorters: {
		createdAt: { when: (features) => features.overlay },
		updatedAt: { when: (features) => features.overlay },
	},
	owned: 'user',
};
