/** JSON:API as OroCRM speaks it (orocrm-api.md §1–§4). */
export interface ResourceId {
	type: string;
	id: string;
}

export type RelationshipData = ResourceId | ResourceId[] | null;

export interface Resource extends ResourceId {
	attributes?: Record<string, unknown>;
	relationships?: Record<string, { data: RelationshipData }>;
	/** `update: true` on an included resource changes the existing one; answers carry `includeId`, those of a batch `dataId`. */
	meta?: { update?: boolean; includeId?: string; dataId?: string };
}

/** A write: one request, one transaction (orocrm-api.md §4.1). */
export interface WriteDocument {
	data: Resource;
	included?: Resource[];
}

export interface OroDocument {
	data: Resource | Resource[] | null;
	included?: Resource[];
}

/** A case with its relationships as plain ids (orocrm-api.md §3.1). */
export interface OroCase {
	id: string;
	/** The key by which the sync finds it again; OroCRM 6.1.10+, 7.0.2+ (undefined before). */
	externalId?: string | null;
	subject: string;
	description: string | null;
	status: string | null;
	priority: string | null;
	source: string | null;
	assignedTo: string | null;
	relatedContact: string | null;
	relatedAccount: string | null;
	owner: string | null;
	reportedAt: string | null;
	closedAt: string | null;
	createdAt: string | null;
	/** Null until the first change after creation. */
	updatedAt: string | null;
	/** Further fields that the settings map, by their API name; relationships as their id. */
	fields?: Record<string, unknown>;
}

/** OroCRM's row for a Zendesk person (orocrm-api.md §3.8). */
export interface ZendeskUserRow {
	id: string;
	/** Zendesk's user id. */
	originId: string | null;
	/** Its API address in Zendesk; the host names the account. */
	url: string | null;
	name: string | null;
	email: string | null;
	role: string | null;
	relatedContact: string | null;
	relatedUser: string | null;
	channel: string | null;
}

/** OroCRM's own record of a ticket: the link and the base of the merge (orocrm-api.md §3.6). */
export interface TicketRecord {
	id: string;
	originId: string | null;
	url: string | null;
	subject: string | null;
	externalId: string | null;
	recipient: string | null;
	hasIncidents: boolean;
	dueAt: string | null;
	originCreatedAt: string | null;
	originUpdatedAt: string | null;
	/** When OroCRM last stored a change of this record. */
	updatedAt: string | null;
	status: string | null;
	priority: string | null;
	ticketType: string | null;
	/** Record id of the problem ticket. */
	problem: string | null;
	/** Rows of people, by row id. */
	collaborators: string[];
	requester: ZendeskUserRow | null;
	submitter: ZendeskUserRow | null;
	assignee: ZendeskUserRow | null;
	/** Null when the case was deleted in OroCRM: the record stays. */
	relatedCase: string | null;
	channel: string | null;
}

export interface OroContact {
	id: string;
	firstName: string | null;
	lastName: string | null;
	primaryEmail: string | null;
	emails: string[];
	/** Ids, lowest first. */
	accounts: string[];
}

export interface OroUser {
	id: string;
	email: string;
	firstName: string;
	lastName: string;
	enabled: boolean;
}

/** OroCRM's row for a comment: ties a Zendesk comment to a case comment (orocrm-api.md §3.7). */
export interface TicketCommentRow {
	id: string;
	originId: string | null;
	/** Record id of its ticket. */
	ticket: string | null;
	/** Id of the case comment; null when the row was stored without one. */
	relatedComment: string | null;
}

export interface CaseComment {
	id: string;
	case: string | null;
	message: string;
	public: boolean;
	/** The contact who wrote it, when a customer did. */
	contact: string | null;
	/** The user who wrote it, when no contact did. */
	owner: string | null;
	createdAt: string | null;
	/** Id of its one file. */
	attachment: string | null;
}

/** A file of a case comment (orocrm-api.md §9). */
export interface OroFile {
	name: string;
	mimeType: string;
	bytes: Buffer;
}

/** What is known of such a file without its content. */
export interface OroFileFacts {
	name: string;
	mimeType: string;
	/** Bytes; null where OroCRM doesn't say. */
	size: number | null;
}

export interface IntegrationChannel {
	id: string;
	name: string;
	channelType: string;
	enabled: boolean;
}
