import { ID_STEP } from './ids';
import type { Store } from './store';
import type {
	Attachment,
	Audit,
	Comment,
	CustomStatus,
	FieldChange,
	Group,
	GroupMembership,
	Organization,
	Ticket,
	TicketField,
	User,
	UserField,
} from './types';

/** What a rule did is a Change in a creation's audit too (R:tickets.create.4). */
export const isCreateEvent = (audit: Audit, change: FieldChange) => audit.creation && change.via === undefined;

/** How rows look in answers: keys in the recorded order, addresses on this server. */
export class Views {
	constructor(
		private readonly store: Store,
		readonly baseUrl: () => string,
	) {}

	private url(path: string, id: number): string {
		return `${this.baseUrl()}/api/v2/${path}/${id}.json`;
	}

	/**
	 * The ticket's 39 keys (zendesk-api.md §6). `fields` is missing in cursor lists (§2); `generated_timestamp` is the last
	 * key in exports and 0 after `updated_at` in the answer to a creation (§3).
	 */
	ticket(
		ticket: Ticket,
		form: 'full' | 'cursor-list' | 'created' | 'export' = 'full',
		extra: Record<string, unknown> = {},
	): Record<string, unknown> {
		const fields = this.customFields(ticket);
		return {
			url: this.url('tickets', ticket.id),
			id: ticket.id,
			external_id: ticket.external_id,
			via: ticket.via,
			created_at: ticket.created_at,
			updated_at: ticket.updated_at,
			...(form === 'created' ? { generated_timestamp: 0 } : {}),
			type: ticket.type,
			subject: ticket.subject,
			raw_subject: ticket.subject,
			description: ticket.description,
			priority: ticket.priority,
			status: ticket.status,
			recipient: ticket.recipient,
			requester_id: ticket.requester_id,
			submitter_id: ticket.submitter_id,
			assignee_id: ticket.assignee_id,
			organization_id: ticket.organization_id,
			group_id: ticket.group_id,
			collaborator_ids: ticket.collaborator_ids,
			follower_ids: ticket.follower_ids,
			email_cc_ids: ticket.email_cc_ids,
			forum_topic_id: null,
			problem_id: ticket.problem_id,
			has_incidents: (this.store.incidentsOf.get(ticket.id)?.size ?? 0) > 0,
			is_public: ticket.is_public,
			due_at: ticket.due_at,
			tags: ticket.tags,
			custom_fields: fields,
			satisfaction_rating: this.store.account.satisfaction_surveys ? { score: 'unoffered' } : null,
			sharing_agreement_ids: [],
			...(extra.comment_count === undefined ? {} : { comment_count: extra.comment_count }),
			custom_status_id: ticket.custom_status_id,
			...(form === 'cursor-list' ? {} : { fields }),
			followup_ids: ticket.followup_ids,
			ticket_form_id: ticket.ticket_form_id,
			brand_id: ticket.brand_id,
			...extra,
			allow_channelback: ticket.allow_channelback,
			allow_attachments: ticket.allow_attachments,
			from_messaging_channel: ticket.from_messaging_channel,
			...(form === 'export' ? { generated_timestamp: ticket.generated_timestamp } : {}),
		};
	}

	/** One entry for every active field; none once the ticket is scrubbed (zendesk-api.md §5, §6). */
	private customFields(ticket: Ticket): Array<{ id: number; value: unknown }> {
		if (ticket.scrubbed) return [];
		return this.store.customFields().map((field) => ({ id: field.id, value: ticket.custom_values[field.id] ?? null }));
	}

	/** The user's 37 keys (zendesk-api.md §12). */
	user(user: User, form: 'full' | 'export' | 'me' = 'full'): Record<string, unknown> {
		return {
			id: user.id,
			url: this.url('users', user.id),
			name: user.name,
			email: user.email,
			created_at: user.created_at,
			updated_at: user.updated_at,
			time_zone: user.time_zone,
			iana_time_zone: user.iana_time_zone,
			phone: user.phone,
			shared_phone_number: user.phone === null ? null : false,
			photo: user.photo,
			locale_id: user.locale_id,
			locale: user.locale,
			organization_id: user.organization_id,
			role: user.role,
			verified: user.verified,
			...(form === 'me' ? { authenticity_token: 'practice-authenticity-token' } : {}),
			external_id: user.external_id,
			tags: user.tags,
			alias: user.alias,
			active: user.active,
			shared: false,
			shared_agent: false,
			last_login_at: user.last_login_at,
			two_factor_auth_enabled: null,
			signature: user.signature,
			details: user.details,
			notes: user.notes,
			role_type: user.role_type,
			custom_role_id: user.custom_role_id,
			moderator: user.moderator,
			ticket_restriction: user.ticket_restriction,
			only_private_comments: user.only_private_comments,
			restricted_agent: user.restricted_agent,
			suspended: user.suspended,
			default_group_id: user.default_group_id,
			report_csv: user.report_csv,
			user_fields: this.userFields(user),
			...(form === 'export' && !user.active ? { permanently_deleted: user.permanently_deleted } : {}),
		};
	}

	private userFields(user: User): Record<string, unknown> {
		const fields: Record<string, unknown> = {};
		for (const field of this.store.userFields.values()) fields[field.key] = user.user_fields[field.key] ?? null;
		return fields;
	}

	attachment(attachment: Attachment): Record<string, unknown> {
		const content_url = `${this.baseUrl()}/attachments/token/${attachment.token}/?name=${encodeURIComponent(attachment.file_name)}`;
		return {
			url: this.url('attachments', attachment.id),
			id: attachment.id,
			file_name: attachment.file_name,
			content_url,
			mapped_content_url: content_url,
			content_type: attachment.content_type,
			size: attachment.size,
			width: attachment.width,
			height: attachment.height,
			inline: attachment.inline,
			deleted: attachment.deleted,
			malware_access_override: false,
			malware_scan_result: 'not_scanned',
			thumbnails: [],
		};
	}

	/** As in audits; in a ticket's comment list via, created_at and metadata follow (zendesk-api.md §7). */
	comment(comment: Comment, form: 'event' | 'list' = 'event', inlineImages = true): Record<string, unknown> {
		const files = comment.attachment_ids
			.map((id) => this.store.attachments.get(id)!)
			.filter((file) => inlineImages || !file.inline);
		const audit = this.store.audits.get(comment.audit_id)!;
		return {
			id: comment.id,
			type: 'Comment',
			author_id: comment.author_id,
			body: comment.body,
			html_body: comment.html_body,
			plain_body: comment.plain_body,
			public: comment.public,
			attachments: files.map((file) => this.attachment(file)),
			audit_id: comment.audit_id,
			...(form === 'list' ? { via: audit.via, created_at: comment.created_at, metadata: audit.metadata } : {}),
		};
	}

	audit(audit: Audit): Record<string, unknown> {
		const { id, ticket_id, created_at, author_id, metadata, via } = audit;
		return { id, ticket_id, created_at, author_id, metadata, events: this.events(audit), via };
	}

	/** The audit's events: the comment first, then one for each field (zendesk-api.md §8). */
	private events(audit: Audit): Array<Record<string, unknown>> {
		const comment = audit.comment_id === null ? undefined : this.store.comments.get(audit.comment_id);
		const firstId = audit.id + ID_STEP * (comment ? 2 : 1);
		const fields = audit.changes.map((change, i) => ({
			id: firstId + ID_STEP * i,
			type: isCreateEvent(audit, change) ? 'Create' : 'Change',
			...(change.via ? { via: change.via } : {}),
			value: change.value,
			field_name: change.field_name,
			...(isCreateEvent(audit, change) ? {} : { previous_value: change.previous_value }),
		}));
		return comment ? [this.comment(comment), ...fields] : fields;
	}

	/** R:organizations.show.1. */
	organization(organization: Organization): Record<string, unknown> {
		const { id, name, shared_tickets, shared_comments, external_id, created_at, updated_at } = organization;
		const { domain_names, details, notes, group_id, tags, organization_fields } = organization;
		return {
			url: this.url('organizations', id),
			id,
			name,
			shared_tickets,
			shared_comments,
			external_id,
			created_at,
			updated_at,
			domain_names,
			details,
			notes,
			group_id,
			tags,
			organization_fields,
		};
	}

	/** R:groups.list.cursor.1. */
	group(group: Group): Record<string, unknown> {
		const { id, is_public, name, description, deleted, created_at, updated_at } = group;
		return {
			url: this.url('groups', id),
			id,
			is_public,
			name,
			description,
			default: group.default,
			deleted,
			created_at,
			updated_at,
		};
	}

	/** R:group_memberships.list.cursor.1. */
	membership(membership: GroupMembership): Record<string, unknown> {
		const { id, user_id, group_id, created_at, updated_at } = membership;
		return {
			url: this.url('group_memberships', id),
			id,
			user_id,
			group_id,
			default: membership.default,
			created_at,
			updated_at,
		};
	}

	/** R:custom_statuses.create.1. */
	customStatus(status: CustomStatus): Record<string, unknown> {
		return {
			url: this.url('custom_statuses', status.id),
			id: status.id,
			status_category: status.status_category,
			agent_label: status.agent_label,
			raw_agent_label: status.agent_label,
			end_user_label: status.end_user_label,
			raw_end_user_label: status.end_user_label,
			description: status.description,
			raw_description: status.description,
			end_user_description: status.end_user_description,
			raw_end_user_description: status.end_user_description,
			active: status.active,
			default: status.default,
			created_at: status.created_at,
			updated_at: status.updated_at,
		};
	}

	/** R:ticket_fields.update.1. */
	ticketField(field: TicketField): Record<string, unknown> {
		return {
			url: this.url('ticket_fields', field.id),
			id: field.id,
			type: field.type,
			title: field.title,
			raw_title: field.title,
			description: field.description,
			raw_description: field.description,
			position: field.position,
			active: field.active,
			required: field.required,
			collapsed_for_agents: false,
			regexp_for_validation: null,
			title_in_portal: field.title_in_portal,
			raw_title_in_portal: field.title_in_portal,
			visible_in_portal: false,
			editable_in_portal: false,
			required_in_portal: false,
			tag: field.tag,
			created_at: field.created_at,
			updated_at: field.updated_at,
			removable: field.removable,
			key: null,
			agent_description: null,
			...(field.type === 'tagger' || field.type === 'multiselect' ? { custom_field_options: this.options(field) } : {}),
		};
	}

	private options(field: TicketField) {
		return field.options.map(({ id, name, value }) => ({ id, name, raw_name: name, value, default: false }));
	}

	/** R:user_fields.update.1. */
	userField(field: UserField): Record<string, unknown> {
		return {
			url: this.url('user_fields', field.id),
			id: field.id,
			type: field.type,
			key: field.key,
			title: field.title,
			description: field.description,
			raw_title: field.title,
			raw_description: field.description,
			position: field.position,
			active: field.active,
			system: false,
			regexp_for_validation: null,
			created_at: field.created_at,
			updated_at: field.updated_at,
		};
	}

	/** R:brands.show.1. */
	brand(): Record<string, unknown> {
		const { account } = this.store;
		return {
			url: this.url('brands', account.brand_id),
			id: account.brand_id,
			name: account.name,
			brand_url: this.baseUrl(),
			subdomain: account.subdomain,
			host_mapping: null,
			has_help_center: true,
			help_center_state: 'enabled',
			active: true,
			default: true,
			is_deleted: false,
			logo: null,
			ticket_form_ids: [account.ticket_form_id],
			signature_template: '{{agent.signature}}',
			created_at: account.created_at,
			updated_at: account.created_at,
		};
	}
}
