import type { Features } from '../version';
import { caseComments, cases } from './cases';
import { dictionary, string } from './common';
import { activity, attachments, files, notes } from './files';
import { asyncOperationErrors, asyncOperations, webhookFormats, webhooks, webhookTopics } from './operations';
import { accounts, businessUnits, contacts, organizations, userRoles, users } from './people';
import type { Association, Attribute, Resource, Schema } from './types';
import { integrationChannels, zendeskTicketComments, zendeskTickets, zendeskUsers } from './zendesk';

/** A known type whose collection can be read, with a name and nothing else. */
function named(type: string): Resource {
	return {
		type,
		idType: 'integer',
		attributes: { name: string(255) },
		associations: {},
		actions: ['get_list', 'get'],
		title: (row) => String(row.name ?? ''),
	};
}

const contactAddresses: Resource = {
	type: 'contactaddresses',
	idType: 'integer',
	attributes: { label: string(255), street: string(500), city: string(255), postalCode: string(255) },
	associations: { owner: { target: 'contacts', onDelete: 'cascade' } },
	actions: ['get_list', 'get'],
};

const all: Resource[] = [
	cases,
	caseComments,
	dictionary('casestatuses', true),
	dictionary('casepriorities', true),
	dictionary('casesources'),
	contacts,
	accounts,
	users,
	organizations,
	businessUnits,
	userRoles,
	dictionary('userauthstatuses'),
	dictionary('contactsources'),
	dictionary('contactmethods'),
	contactAddresses,
	named('contactgroups'),
	named('usergroups'),
	named('tags'),
	/** Marketing channels, not the integrations (recording `channels.list.1`). */
	named('channels'),
	zendeskTickets,
	zendeskTicketComments,
	zendeskUsers,
	dictionary('zendeskticketstatuses'),
	dictionary('zendeskticketpriorities'),
	dictionary('zendesktickettypes'),
	dictionary('zendeskuserroles'),
	integrationChannels,
	files,
	attachments,
	notes,
	activity('emails'),
	activity('calls'),
	activity('tasks'),
	webhooks,
	webhookTopics,
	webhookFormats,
	asyncOperations,
	asyncOperationErrors,
];

/** Types that OroCRM knows but does not expose (orocrm-api.md §1.5). */
export const notAccessible = new Set(['entityidentifiers']);

/** The resources as this release and its api.yml files have them. */
export function buildSchema(features: Features): Schema {
	const schema: Schema = new Map();
	for (const resource of all) {
		if (resource.when && !resource.when(features)) continue;
		schema.set(resource.type, {
			...resource,
			attributes: pick<Attribute>(resource.attributes, features),
			associations: pick<Association>(resource.associations, features),
			filters: pick(resource.filters ?? {}, features),
			sorters: pick(resource.sorters ?? {}, features),
			actions: actionsOf(resource, features),
		});
	}
	for (const resource of schema.values()) {
		for (const field of Object.keys(resource.filters ?? {})) {
			if (!resource.attributes[field]) delete resource.filters![field];
		}
	}
	return schema;
}

function pick<T extends { when?: (features: Features) => boolean }>(
	fields: Record<string, T>,
	features: Features,
): Record<string, T> {
	const kept = Object.entries(fields).filter(([, field]) => !field.when || field.when(features));
	// Without a prototype, so that a field called `constructor` in a request is simply unknown.
	return Object.assign(Object.create(null) as Record<string, T>, Object.fromEntries(kept));
}

function actionsOf(resource: Resource, features: Features): Resource['actions'] {
	const batchByOverlay = resource.type === 'cases' || resource.type === 'zendesktickets';
	return features.overlay && batchByOverlay ? [...resource.actions, 'update_list'] : resource.actions;
}
