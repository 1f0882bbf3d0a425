import { createdAt, owner, string, updatedAt } from './common';
import type { Resource } from './types';

const webhooksExist = (features: { webhooks: boolean }): boolean => features.webhooks;

/** orocrm-api.md §5 */
export const webhooks: Resource = {
	type: 'webhooks',
	idType: 'uuid',
	attributes: {
		notificationUrl: string(2048, { notBlank: true, url: true, maxLength: 2048 }),
		enabled: { type: 'boolean', default: true },
		verifySsl: { type: 'boolean', default: true },
		system: { type: 'boolean', default: false, ignored: true },
		createdAt,
		updatedAt,
		secret: string(255, { writeOnly: true, createOnly: true }),
	},
	associations: {
		owner: owner(),
		organization: { target: 'organizations' },
		topic: { target: 'webhooktopics', required: true, noLinks: true, listFilter: true },
		format: { target: 'webhookformats', required: true, noLinks: true, notFilterable: true },
	},
	actions: ['get_list', 'get', 'create', 'update', 'delete', 'delete_list'],
	owned: 'user',
	when: webhooksExist,
};

export const webhookTopics: Resource = {
	type: 'webhooktopics',
	idType: 'string',
	attributes: { label: string(255) },
	associations: {},
	actions: ['get_list', 'get'],
	fixedOrder: true,
	unpaged: true,
	when: webhooksExist,
};

export const webhookFormats: Resource = { ...webhookTopics, type: 'webhookformats' };

/** orocrm-api.md §4.3 */
export const asyncOperations: Resource = {
	type: 'asyncoperations',
	idType: 'integer',
	attributes: {
		status: string(10),
		progress: { type: 'integer' },
		createdAt,
		updatedAt,
		elapsedTime: { type: 'integer' },
		entityType: string(255),
		summary: { type: 'json' },
	},
	associations: { owner: owner(), organization: { target: 'organizations' } },
	actions: ['get'],
	noRelationshipLinks: true,
	noCollection: true,
};

export const asyncOperationErrors: Resource = {
	type: 'asyncoperationerrors',
	idType: 'string',
	attributes: {
		status: { type: 'integer' },
		title: string(255),
		detail: { type: 'text' },
		source: { type: 'json' },
	},
	associations: {},
	actions: [],
};
