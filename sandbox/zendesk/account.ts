import { PRACTICE_API_EMAIL } from './credentials';
import type { Store } from './store';
import type { CustomStatus, StatusCategory, TicketField } from './types';

const STATUS_LABELS: Array<[StatusCategory, string]> = [
	['new', 'New'],
	['open', 'Open'],
	['pending', 'Pending'],
	['hold', 'On-hold'],
	['solved', 'Solved'],
];

/** Fields every Zendesk account has; they are not in a ticket's `custom_fields`. */
const SYSTEM_FIELDS: Array<[string, string]> = [
	['subject', 'Subject'],
	['description', 'Description'],
	['status', 'Status'],
	['tickettype', 'Type'],
	['priority', 'Priority'],
	['group', 'Group'],
	['assignee', 'Assignee'],
];

/** An empty account: one brand, one group, the system fields, the default statuses, an organization and the API user. */
export function createAccount(store: Store): void {
	const created_at = store.now();
	const times = { created_at, updated_at: created_at };
	const id = () => store.ids.take();
	store.account = {
		id: 18525119,
		name: 'Practice Zendesk',
		subdomain: 'practice',
		created_at,
		brand_id: id(),
		ticket_form_id: id(),
		admin_role_id: id(),
		description_field_id: 0,
		satisfaction_surveys: false,
		api_user_id: 0,
	};
	for (const [category, label] of STATUS_LABELS) {
		addStatus(store, { status_category: category, agent_label: label, default: true });
	}
	for (const [type, title] of SYSTEM_FIELDS) {
		const field = addTicketField(store, { type, title, removable: false });
		if (type === 'description') store.account.description_field_id = field.id;
	}
	const group = {
		id: id(),
		is_public: true,
		name: 'Support',
		description: '',
		default: true,
		deleted: false,
		...times,
	};
	store.groups.set(group.id, group);
	const organization = {
		id: id(),
		name: 'Practice Company',
		shared_tickets: false,
		shared_comments: false,
		external_id: null,
		...times,
		domain_names: [],
		details: null,
		notes: null,
		group_id: null,
		tags: [],
		organization_fields: {},
	};
	store.putOrganization(organization);
	const admin = store.createUser({
		name: 'Sync Admin',
		email: PRACTICE_API_EMAIL,
		role: 'admin',
		organization_id: organization.id,
		verified: true,
	});
	store.account.api_user_id = admin.id;
}

/** A custom status; of one category only one is the default. */
export function addStatus(
	store: Store,
	status: Pick<CustomStatus, 'status_category' | 'agent_label'> & Partial<CustomStatus>,
): CustomStatus {
	const now = store.now();
	const row: CustomStatus = {
		id: status.id ?? store.ids.take(),
		status_category: status.status_category,
		agent_label: status.agent_label,
		end_user_label: status.end_user_label ?? status.agent_label,
		description: status.description ?? null,
		end_user_description: status.end_user_description ?? null,
		active: status.active ?? true,
		default: status.default ?? false,
		created_at: status.created_at ?? now,
		updated_at: status.updated_at ?? now,
	};
	store.customStatuses.set(row.id, row);
	store.changed();
	return row;
}

/** A ticket field; the removable ones are the custom fields. */
export function addTicketField(
	store: Store,
	field: Pick<TicketField, 'type' | 'title'> &
		Partial<Omit<TicketField, 'options'>> & { options?: Array<[string, string]> },
): TicketField {
	const now = store.now();
	const removable = field.removable ?? true;
	const row: TicketField = {
		id: field.id ?? store.ids.take(),
		type: field.type,
		title: field.title,
		title_in_portal: field.title_in_portal ?? field.title,
		description: field.description ?? field.title,
		position: field.position ?? (removable ? 9999 : store.ticketFields.size + 1),
		active: field.active ?? true,
		required: field.required ?? false,
		removable,
		tag: field.tag ?? null,
		options: (field.options ?? []).map(([name, value]) => ({ id: store.ids.take(), name, value })),
		created_at: field.created_at ?? now,
		updated_at: field.updated_at ?? now,
	};
	store.ticketFields.set(row.id, row);
	store.forgetCustomFields();
	store.changed();
	return row;
}
