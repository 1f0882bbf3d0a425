import type { CaseComment, IntegrationChannel, OroCase, OroContact, OroFileFacts, OroUser, Resource, ResourceId, TicketCommentRow, TicketRecord, ZendeskUserRow } from './types';

/** Reads JSON:API resources into the flat forms of `types.ts`. */

/** Numbers and truth values by their words; what is no text at all (a list, an object) is none. */
function text(resource: Resource, name: string): string | null {
	const value = resource.attributes?.[name];
	return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function flag(resource: Resource, name: string): boolean {
	return resource.attributes?.[name] === true;
}

/** The id of a to-one relationship. */
export function one(resource: Resource, name: string): string | null {
	const data = resource.relationships?.[name]?.data;
	return isIdentifier(data) ? data.id : null;
}

/** Names of the to-many relationships in which there is something: what hangs on a record. */
export function attachedTo({ relationships }: Resource): string[] {
	return Object.entries(relationships ?? {}).filter(([, { data }]) => Array.isArray(data) && data.length > 0).map(([name]) => name);
}

/** The ids of a to-many relationship. */
export function many(resource: Resource, name: string): string[] {
	const data = resource.relationships?.[name]?.data;
	return Array.isArray(data) ? data.filter(isIdentifier).map((entry) => entry.id) : [];
}

function isIdentifier(data: unknown): data is ResourceId {
	return typeof data === 'object' && data !== null && 'id' in data && typeof data.id === 'string';
}

export const CASE_FIELDS = [
	'externalId', 'subject', 'description', 'reportedAt', 'closedAt', 'createdAt', 'updatedAt',
	'source', 'status', 'priority', 'relatedContact', 'relatedAccount', 'assignedTo', 'owner',
] as const;

/** @param furtherFields names of attributes or to-one relationships that the settings map */
export function toCase(resource: Resource, furtherFields: readonly string[] = []): OroCase {
	const externalId = resource.attributes && 'externalId' in resource.attributes ? text(resource, 'externalId') : undefined;
	const fields: Record<string, unknown> = {};
	for (const name of furtherFields) {
		if (resource.attributes && name in resource.attributes) fields[name] = resource.attributes[name];
		else if (resource.relationships && name in resource.relationships) fields[name] = one(resource, name);
	}
	return {
		id: resource.id,
		...(externalId === undefined ? {} : { externalId }),
		subject: text(resource, 'subject') ?? '',
		description: text(resource, 'description'),
		status: one(resource, 'status'),
		priority: one(resource, 'priority'),
		source: one(resource, 'source'),
		assignedTo: one(resource, 'assignedTo'),
		relatedContact: one(resource, 'relatedContact'),
		relatedAccount: one(resource, 'relatedAccount'),
		owner: one(resource, 'owner'),
		reportedAt: text(resource, 'reportedAt'),
		closedAt: text(resource, 'closedAt'),
		createdAt: text(resource, 'createdAt'),
		updatedAt: text(resource, 'updatedAt'),
		...(furtherFields.length > 0 ? { fields } : {}),
	};
}

export const ZENDESK_USER_FIELDS = ['originId', 'url', 'name', 'email', 'role', 'relatedContact', 'relatedUser', 'channel'] as const;

export function toZendeskUserRow(resource: Resource): ZendeskUserRow {
	return {
		id: resource.id,
		originId: text(resource, 'originId'),
		url: text(resource, 'url'),
		name: text(resource, 'name'),
		email: text(resource, 'email'),
		role: one(resource, 'role'),
		relatedContact: one(resource, 'relatedContact'),
		relatedUser: one(resource, 'relatedUser'),
		channel: one(resource, 'channel'),
	};
}

export const TICKET_RECORD_FIELDS = [
	'originId', 'url', 'subject', 'externalId', 'recipient', 'hasIncidents', 'dueAt', 'originCreatedAt', 'originUpdatedAt', 'updatedAt',
	'status', 'priority', 'ticketType', 'problem', 'collaborators', 'requester', 'submitter', 'assignee', 'relatedCase', 'channel',
] as const;

/** @param people rows of people that came with it, by row id */
export function toTicketRecord(resource: Resource, people: ReadonlyMap<string, ZendeskUserRow>): TicketRecord {
	const person = (name: string) => people.get(one(resource, name) ?? '') ?? null;
	return {
		id: resource.id,
		originId: text(resource, 'originId'),
		url: text(resource, 'url'),
		subject: text(resource, 'subject'),
		externalId: text(resource, 'externalId'),
		recipient: text(resource, 'recipient'),
		hasIncidents: flag(resource, 'hasIncidents'),
		dueAt: text(resource, 'dueAt'),
		originCreatedAt: text(resource, 'originCreatedAt'),
		originUpdatedAt: text(resource, 'originUpdatedAt'),
		updatedAt: text(resource, 'updatedAt'),
		status: one(resource, 'status'),
		priority: one(resource, 'priority'),
		ticketType: one(resource, 'ticketType'),
		problem: one(resource, 'problem'),
		collaborators: many(resource, 'collaborators'),
		requester: person('requester'),
		submitter: person('submitter'),
		assignee: person('assignee'),
		relatedCase: one(resource, 'relatedCase'),
		channel: one(resource, 'channel'),
	};
}

export const CONTACT_FIELDS = ['firstName', 'lastName', 'primaryEmail', 'emails', 'accounts'] as const;

export function toContact(resource: Resource): OroContact {
	const emails = resource.attributes?.emails;
	return {
		id: resource.id,
		firstName: text(resource, 'firstName'),
		lastName: text(resource, 'lastName'),
		primaryEmail: text(resource, 'primaryEmail'),
		emails: Array.isArray(emails) ? emails.map((entry: { email?: unknown } | null) => (typeof entry?.email === 'string' ? entry.email : '')).filter(Boolean) : [],
		// In no fixed order (orocrm-api.md §2.1): the oldest first.
		accounts: many(resource, 'accounts').sort((a, b) => Number(a) - Number(b)),
	};
}

export const USER_FIELDS = ['email', 'firstName', 'lastName', 'enabled'] as const;

export function toUser(resource: Resource): OroUser {
	return {
		id: resource.id,
		email: text(resource, 'email') ?? '',
		firstName: text(resource, 'firstName') ?? '',
		lastName: text(resource, 'lastName') ?? '',
		enabled: flag(resource, 'enabled'),
	};
}

export function toTicketCommentRow(resource: Resource): TicketCommentRow {
	return { id: resource.id, originId: text(resource, 'originId'), ticket: one(resource, 'ticket'), relatedComment: one(resource, 'relatedComment') };
}

export const CASE_COMMENT_FIELDS = ['message', 'public', 'case', 'contact', 'owner', 'createdAt', 'attachment'] as const;

export function toCaseComment(resource: Resource): CaseComment {
	return {
		id: resource.id,
		case: one(resource, 'case'),
		message: text(resource, 'message') ?? '',
		public: flag(resource, 'public'),
		contact: one(resource, 'contact'),
		owner: one(resource, 'owner'),
		createdAt: text(resource, 'createdAt'),
		attachment: one(resource, 'attachment'),
	};
}

export function toFileFacts(resource: Resource): OroFileFacts {
	const size = resource.attributes?.fileSize;
	return { name: text(resource, 'originalFilename') ?? 'file', mimeType: text(resource, 'mimeType') ?? 'application/octet-stream', size: typeof size === 'number' ? size : null };
}

export function toChannel(resource: Resource): IntegrationChannel {
	return { id: resource.id, name: text(resource, 'name') ?? '', channelType: text(resource, 'channelType') ?? '', enabled: flag(resource, 'enabled') };
}
