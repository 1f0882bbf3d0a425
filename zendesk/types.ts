/**
 * Zendesk's objects, as its API hands them out (zendesk-api.md §6, §7, §12). Only what the sync reads is named; everything
 * else a ticket has stays on it, so that a builder's own nodes can use it.
 */
export interface ZendeskTicket {
	id: number;
	/** API address; its host names the account. */
	url: string;
	external_id: string | null;
	via?: { channel?: string | number | null; source?: unknown } | null;
	created_at: string;
	updated_at: string;
	type: string | null;
	subject: string | null;
	raw_subject?: string | null;
	description: string | null;
	priority: string | null;
	/** new, open, pending, hold, solved, closed; in exports also deleted. */
	status: string;
	recipient: string | null;
	requester_id: number | null;
	submitter_id: number | null;
	assignee_id: number | null;
	organization_id?: number | null;
	group_id?: number | null;
	brand_id?: number | null;
	ticket_form_id?: number | null;
	collaborator_ids?: number[];
	problem_id: number | null;
	has_incidents?: boolean;
	is_public?: boolean;
	due_at: string | null;
	tags?: string[];
	custom_fields?: Array<{ id: number; value: unknown }>;
	custom_status_id?: number | null;
	followup_ids?: number[];
	/** Exports only: when the row was last made, also by system updates that leave `updated_at` alone. Seconds since 1970. */
	generated_timestamp?: number;
	/** Side-loaded with `include=comment_count`. */
	comment_count?: number;
	[key: string]: unknown;
}

export interface ZendeskUser {
	id: number;
	url?: string;
	name: string;
	email: string | null;
	phone?: string | null;
	/** end-user, agent or admin. */
	role?: string;
	external_id?: string | null;
	alias?: string | null;
	details?: string | null;
	notes?: string | null;
	locale?: string | null;
	time_zone?: string | null;
	ticket_restriction?: string | null;
	only_private_comments?: boolean;
	verified?: boolean;
	active?: boolean;
	suspended?: boolean;
	created_at?: string;
	updated_at?: string;
	last_login_at?: string | null;
}

export interface ZendeskAttachment {
	id: number;
	file_name: string;
	content_url: string;
	content_type?: string;
	size?: number;
	inline?: boolean;
	deleted?: boolean;
}

export interface ZendeskComment {
	id: number;
	type?: string;
	author_id: number;
	body: string;
	html_body?: string;
	/** The text without markup. */
	plain_body?: string;
	public: boolean;
	attachments?: ZendeskAttachment[];
	audit_id?: number;
	created_at: string;
	via?: { channel?: string | number | null; source?: unknown };
	metadata?: { system?: unknown; custom?: Record<string, unknown> };
}

/** What one change of a ticket did, as answers to writes show it (zendesk-api.md §8). */
export interface TicketAudit {
	id: number;
	created_at: string;
	metadata?: { system?: unknown; custom?: Record<string, unknown> };
	/** A comment has its type `Comment`, and neither `created_at` nor `metadata` of its own. */
	events?: Array<Record<string, unknown>>;
}

/** What a creation or a change of a ticket is answered with. */
export interface WrittenTicket {
	ticket: ZendeskTicket;
	/** May be another write's (zendesk-api.md §8). */
	audit?: TicketAudit;
}

/** A page of the incremental ticket export, with the people that its tickets name. */
export interface TicketExportPage {
	tickets: ZendeskTicket[];
	users: ZendeskUser[];
	/** Zendesk's time of the answer, in milliseconds since 1970; undefined when it didn't say. */
	answeredAt: number | undefined;
	/** Where the next page begins; null when this page has no rows: keep the cursor that was used then. */
	afterCursor: string | null;
	/** True when there is nothing more for now ("page not full": zendesk-api.md §3). */
	endOfStream: boolean;
}

/** One update of a ticket in the event export, with all that it changed (zendesk-api.md §4). No recording exists: nothing of it is taken for granted. */
export interface TicketEvent {
	id: number;
	ticket_id: number;
	/** Seconds since 1970. */
	timestamp: number;
	/** The channel's name for people, e.g. `Email`. */
	via?: unknown;
	system?: unknown;
	/** Of the audit; whether its `custom` part comes by itself or under its name is in no source. */
	metadata?: unknown;
	child_events?: Array<Record<string, unknown>>;
}

/** A page of the ticket event export. */
export interface TicketEventPage {
	events: TicketEvent[];
	/** Where the next page begins: seconds since 1970. */
	endTime: number;
	/** True when there is nothing more for now. */
	endOfStream: boolean;
}

/** What a ticket may be given at its creation and later (zendesk-api.md §9, §10); Zendesk ignores what it doesn't know. */
export interface TicketUpdate {
	subject?: string;
	comment?: NewTicketComment;
	requester_id?: number | null;
	assignee_id?: number | null;
	priority?: string | null;
	status?: string;
	external_id?: string | null;
	custom_fields?: Array<{ id: number; value: unknown }>;
	/** Lands in `metadata.custom` of the change's audit and of its comment: the mark of an own write (zendesk-api.md §8). */
	metadata?: Record<string, string>;
	[key: string]: unknown;
}

export interface TicketCreation extends TicketUpdate {
	/** The first comment is the ticket's description. */
	comment: NewTicketComment;
	/** Instead of `requester_id`: the user with this e-mail, made as an end user when there is none. */
	requester?: { name: string; email: string };
	/** The closed ticket that this one follows. */
	via_followup_source_id?: number;
}

export interface NewTicketComment {
	html_body: string;
	/** False: an internal note. */
	public: boolean;
	/** Default: who the credential stands for. */
	author_id?: number;
	/** Tokens of uploaded files. */
	uploads?: string[];
}
