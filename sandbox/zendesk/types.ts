/** The rows the practice Zendesk keeps. Names are those of the API; what can be derived (url, fields …) is not kept. */

export type StatusCategory = 'new' | 'open' | 'pending' | 'hold' | 'solved' | 'closed';
export type TicketStatus = StatusCategory | 'deleted';
export type Priority = 'urgent' | 'high' | 'normal' | 'low';
export type TicketType = 'problem' | 'incident' | 'question' | 'task';
export type CustomFieldValue = string | number | boolean | string[] | null;

export interface Via {
	channel: string;
	/** `to` is missing where a business rule wrote (R:tickets.create.4). */
	source: { from: Record<string, unknown>; to?: Record<string, unknown>; rel: string | null };
}

export interface Ticket {
	id: number;
	external_id: string | null;
	via: Via;
	created_at: string;
	updated_at: string;
	/** Unix seconds; also raised by system changes that leave `updated_at` alone (zendesk-api.md §3). */
	generated_timestamp: number;
	type: TicketType | null;
	subject: string | null;
	description: string;
	priority: Priority | null;
	status: TicketStatus;
	recipient: string | null;
	requester_id: number;
	submitter_id: number;
	assignee_id: number | null;
	organization_id: number | null;
	group_id: number | null;
	collaborator_ids: number[];
	follower_ids: number[];
	email_cc_ids: number[];
	problem_id: number | null;
	is_public: boolean;
	due_at: string | null;
	tags: string[];
	/** By field id; only what was ever set. */
	custom_values: Record<string, CustomFieldValue>;
	custom_status_id: number;
	followup_ids: number[];
	followup_source_id: number | null;
	ticket_form_id: number;
	brand_id: number;
	allow_channelback: boolean;
	allow_attachments: boolean;
	from_messaging_channel: boolean;
	/** What a restore brings back. */
	status_before_deletion: StatusCategory | null;
	deleted_by: number | null;
	scrubbed: boolean;
}

export interface Attachment {
	id: number;
	file_name: string;
	content_type: string;
	size: number;
	width: number | null;
	height: number | null;
	inline: boolean;
	deleted: boolean;
	/** Part of the address under which the content is given out. */
	token: string;
	/** Base64, so that it survives the snapshot. */
	content: string;
}

export interface Upload {
	token: string;
	expires_at: string;
	attachment_ids: number[];
}

export interface Comment {
	id: number;
	ticket_id: number;
	audit_id: number;
	author_id: number;
	body: string;
	html_body: string;
	plain_body: string;
	public: boolean;
	attachment_ids: number[];
	created_at: string;
}

export interface AuditMetadata {
	system: Record<string, unknown>;
	custom: Record<string, unknown>;
}

export interface FieldChange {
	field_name: string;
	value: unknown;
	/** Missing for the events of a creation. */
	previous_value?: unknown;
	/** Set when a business rule made the change. */
	via?: Via;
}

/** One update of a ticket. The events' ids follow the audit's id in steps of `ID_STEP`; the comment, if any, is the first. */
export interface Audit {
	id: number;
	ticket_id: number;
	created_at: string;
	author_id: number;
	metadata: AuditMetadata;
	via: Via;
	comment_id: number | null;
	creation: boolean;
	changes: FieldChange[];
}

export interface User {
	id: number;
	name: string;
	email: string | null;
	/** Secondary addresses: they find the user, but are not in `email` (zendesk-api.md §12). */
	other_emails: string[];
	created_at: string;
	updated_at: string;
	phone: string | null;
	photo: Record<string, unknown> | null;
	organization_id: number | null;
	role: 'end-user' | 'agent' | 'admin';
	verified: boolean;
	external_id: string | null;
	tags: string[];
	alias: string | null;
	active: boolean;
	last_login_at: string | null;
	signature: string | null;
	details: string | null;
	notes: string | null;
	role_type: number | null;
	custom_role_id: number | null;
	moderator: boolean;
	ticket_restriction: string | null;
	only_private_comments: boolean;
	restricted_agent: boolean;
	suspended: boolean;
	default_group_id: number | null;
	report_csv: boolean;
	locale: string;
	locale_id: number;
	time_zone: string;
	iana_time_zone: string;
	user_fields: Record<string, unknown>;
	permanently_deleted: boolean;
}

export interface Organization {
	id: number;
	name: string;
	shared_tickets: boolean;
	shared_comments: boolean;
	external_id: string | null;
	created_at: string;
	updated_at: string;
	domain_names: string[];
	details: string | null;
	notes: string | null;
	group_id: number | null;
	tags: string[];
	organization_fields: Record<string, unknown>;
}

export interface Group {
	id: number;
	is_public: boolean;
	name: string;
	description: string;
	default: boolean;
	deleted: boolean;
	created_at: string;
	updated_at: string;
}

export interface GroupMembership {
	id: number;
	user_id: number;
	group_id: number;
	default: boolean;
	created_at: string;
	updated_at: string;
}

export interface CustomStatus {
	id: number;
	status_category: StatusCategory;
	agent_label: string;
	end_user_label: string;
	description: string | null;
	end_user_description: string | null;
	active: boolean;
	default: boolean;
	created_at: string;
	updated_at: string;
}

export interface FieldOption {
	id: number;
	name: string;
	value: string;
}

export interface TicketField {
	id: number;
	type: string;
	title: string;
	title_in_portal: string;
	description: string;
	position: number;
	active: boolean;
	required: boolean;
	removable: boolean;
	tag: string | null;
	options: FieldOption[];
	created_at: string;
	updated_at: string;
}

export interface UserField {
	id: number;
	type: string;
	key: string;
	title: string;
	description: string;
	position: number;
	active: boolean;
	created_at: string;
	updated_at: string;
}

/** What every practice account has from the start. */
export interface Account {
	id: number;
	name: string;
	subdomain: string;
	created_at: string;
	brand_id: number;
	ticket_form_id: number;
	admin_role_id: number;
	description_field_id: number;
	/** With customer satisfaction surveys a ticket that was not rated has a score too (zendesk-api.md §6). */
	satisfaction_surveys: boolean;
	/** The user who acts when nobody else is named: the API user. */
	api_user_id: number;
}
