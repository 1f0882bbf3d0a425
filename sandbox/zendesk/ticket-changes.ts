import { closedTicket, notFound, recordInvalid } from './errors';
import { takeUploads } from './files';
import { ID_STEP } from './ids';
import { textFromHtml, textFromMarkdown } from './markup';
import type { Store, WriteContext } from './store';
import { runTriggers } from './triggers';
import { epochSeconds } from './time';
import type {
	Audit,
	Comment,
	CustomFieldValue,
	CustomStatus,
	FieldChange,
	Priority,
	StatusCategory,
	Ticket,
	TicketType,
	User,
	Via,
} from './types';

export interface NewComment {
	body?: string;
	html_body?: string;
	/** Default true. */
	public?: boolean;
	author_id?: number;
	uploads?: string | string[];
	attachment_ids?: number[];
}

export interface TicketChanges {
	subject?: string | null;
	status?: StatusCategory;
	custom_status_id?: number;
	priority?: Priority | null;
	type?: TicketType | null;
	requester_id?: number;
	/** A requester whom nobody knows yet: made when everything else of the write is found right, so that a refusal leaves nobody behind. */
	new_requester?: { name: string; email: string | null };
	assignee_id?: number | null;
	group_id?: number | null;
	organization_id?: number | null;
	problem_id?: number | null;
	due_at?: string | null;
	external_id?: string | null;
	brand_id?: number;
	ticket_form_id?: number;
	/** Replaces all tags. */
	tags?: string[];
	collaborator_ids?: number[];
	follower_ids?: number[];
	email_cc_ids?: number[];
	/** By field id; other fields stay. */
	custom_values?: Record<string, CustomFieldValue>;
	comment?: NewComment;
}

/** In the order in which changes made by a default follow those that were asked for. */
const CHANGEABLE = [
	'subject',
	'requester_id',
	'priority',
	'type',
	'status',
	'organization_id',
	'assignee_id',
	'group_id',
	'tags',
	'problem_id',
	'due_at',
	'external_id',
	'brand_id',
	'ticket_form_id',
	'collaborator_ids',
	'follower_ids',
	'email_cc_ids',
	'custom_status_id',
] as const;

/**
 * Changes a ticket, writes its audit and lets the triggers run. Without an effect there is no audit and `updated_at` stays
 * (zendesk-api.md §6).
 */
export function updateTicket(
	store: Store,
	id: number,
	changes: TicketChanges,
	context: WriteContext = {},
): { ticket: Ticket; audit: Audit | undefined } {
	const ticket = store.liveTicket(id);
	if (!ticket) throw notFound();
	if (ticket.status === 'closed') throw closedTicket();
	const fieldChanges = applyChanges(store, ticket, changes);
	if (fieldChanges.length === 0 && !changes.comment) return { ticket, audit: undefined };
	const audit = writeAudit(
		store,
		ticket,
		{ comment: changes.comment, changes: fieldChanges, creation: false },
		context,
	);
	runTriggers(store, ticket, audit);
	return { ticket, audit };
}

/** Puts the changes into the ticket and returns those that are any, as events: first what was asked for, in the order of the request. */
export function applyChanges(store: Store, ticket: Ticket, changes: TicketChanges): FieldChange[] {
	const wanted = completeChanges(store, ticket, changes);
	const events: FieldChange[] = [];
	const asked = Object.keys(changes).map((name) => (name === 'new_requester' ? 'requester_id' : name));
	for (const field of [...asked.filter(isChangeable), ...CHANGEABLE.filter((name) => !asked.includes(name))]) {
		const value = wanted[field];
		if (value === undefined || same(value, ticket[field])) continue;
		events.push({
			field_name: field,
			value: eventValue(field, value),
			previous_value: eventValue(field, ticket[field]),
		});
		if (field === 'problem_id') store.setProblem(ticket, value as number | null);
		else Object.assign(ticket, { [field]: value });
	}
	for (const [fieldId, value] of Object.entries(changes.custom_values ?? {})) {
		const previous = ticket.custom_values[fieldId] ?? null;
		if (same(value, previous)) continue;
		events.push({ field_name: fieldId, value, previous_value: previous });
		ticket.custom_values[fieldId] = value;
	}
	return events;
}

function isChangeable(name: string): name is (typeof CHANGEABLE)[number] {
	return (CHANGEABLE as readonly string[]).includes(name);
}

/** Adds what follows from the changes: category and custom status go together, an assignee brings the group. */
function completeChanges(store: Store, ticket: Ticket, changes: TicketChanges): TicketChanges {
	const wanted = { ...changes };
	if (wanted.assignee_id) {
		const assignee = agent(store, wanted.assignee_id);
		if (wanted.group_id === undefined && ticket.group_id === null) wanted.group_id = assignee.default_group_id;
		if (ticket.status === 'new' && !wanted.status && !wanted.custom_status_id) wanted.status = 'open';
	}
	if (wanted.custom_status_id !== undefined) {
		wanted.status = customStatus(store, wanted.custom_status_id).status_category;
	} else if (wanted.status && wanted.status !== ticket.status && wanted.status !== 'closed') {
		wanted.custom_status_id = store.defaultStatus(wanted.status).id;
	}
	wanted.tags = tagsWithFields(
		store,
		wanted.tags ?? (changes.custom_values && ticket.tags),
		ticket.custom_values,
		changes.custom_values,
	);
	if (wanted.new_requester) wanted.requester_id = store.createUser(wanted.new_requester).id;
	if (wanted.requester_id !== undefined && wanted.requester_id !== ticket.requester_id) {
		const requester = requesterOf(store, wanted.requester_id);
		if (wanted.organization_id === undefined) wanted.organization_id = requester.organization_id;
	}
	return wanted;
}

export function customStatus(store: Store, id: number): CustomStatus {
	const status = store.customStatuses.get(id);
	if (status) return status;
	throw recordInvalid({ custom_status_id: [{ description: 'Custom status: is invalid', error: 'InvalidValue' }] });
}

export function agent(store: Store, id: number): User {
	const user = store.users.get(id);
	if (!user || user.role === 'end-user' || !user.active || user.suspended) {
		throw recordInvalid({ assignee: [{ description: 'Assignee: is invalid', error: 'InvalidValue' }] });
	}
	return user;
}

/** A requester must exist and not be suspended (zendesk-api.md §12). */
export function requesterOf(store: Store, id: number): User {
	const user = store.users.get(id);
	if (!user?.active)
		throw recordInvalid({ requester: [{ description: 'Requester: is invalid', error: 'InvalidValue' }] });
	if (user.suspended) {
		throw recordInvalid({
			requester: [{ description: `Requester: ${user.name} is suspended.`, error: 'UserSuspended' }],
		});
	}
	return user;
}

/** Zendesk keeps tags in lower case, sorted, each once (R:tickets.list.cursor.4). */
export function cleanTags(tags: string[]): string[] {
	return [
		...new Set(
			tags
				.flatMap((tag) =>
					tag
						.toLowerCase()
						.trim()
						.split(/[\s,]+/),
				)
				.filter(Boolean),
		),
	].sort();
}

/** The value of a drop-down field is also a tag (R:tickets.list.cursor.4). Undefined: tags stay as they are. */
export function tagsWithFields(
	store: Store,
	tags: string[] | undefined,
	before: Record<string, CustomFieldValue>,
	after: Record<string, CustomFieldValue> = {},
): string[] | undefined {
	if (!tags) return undefined;
	const all = new Set(tags);
	for (const [fieldId, value] of Object.entries(after)) {
		if (store.ticketFields.get(Number(fieldId))?.type !== 'tagger') continue;
		const old = before[fieldId];
		if (typeof old === 'string') all.delete(old);
		if (typeof value === 'string') all.add(value);
	}
	return cleanTags([...all]);
}

/** In events ids are text (zendesk-api.md §8, the trap). */
export function eventValue(field: string, value: unknown): unknown {
	if (field.endsWith('_ids')) return (value as number[]).map(String);
	if (field.endsWith('_id') && field !== 'external_id') return value === null ? null : String(value);
	return value;
}

const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);

/**
 * Writes the audit with its comment and moves the ticket's times. An audit's author is who writes, also when the comment is
 * another one's (R:ticket_audits.list.cursor.1); a plain call that names nobody is the comment's author's own.
 */
export function writeAudit(
	store: Store,
	ticket: Ticket,
	entry: { comment?: NewComment; changes: FieldChange[]; creation: boolean; via?: Via },
	context: WriteContext,
): Audit {
	const created_at = store.now(context);
	const actor = store.actor(context);
	const eventCount = entry.changes.length + (entry.comment ? 1 : 0);
	const id = store.ids.take(1 + eventCount);
	const audit: Audit = {
		id,
		ticket_id: ticket.id,
		created_at,
		author_id: context.actorId ?? entry.comment?.author_id ?? actor.id,
		metadata: { system: systemMetadata(context), custom: context.custom ?? {} },
		via: entry.via ?? { channel: context.channel ?? 'api', source: { from: {}, to: {}, rel: null } },
		comment_id: null,
		creation: entry.creation,
		changes: entry.changes,
	};
	if (entry.comment) {
		const comment = makeComment(store, audit, entry.comment, context);
		audit.comment_id = comment.id;
		store.putComment(comment);
		if (entry.creation) ticket.is_public = comment.public;
		else if (comment.public) ticket.is_public = true;
	}
	store.putAudit(audit);
	ticket.updated_at = created_at;
	ticket.generated_timestamp = epochSeconds(created_at);
	store.putTicket(ticket);
	store.changed();
	return audit;
}

function makeComment(store: Store, audit: Audit, comment: NewComment, context: WriteContext): Comment {
	const author = store.users.get(comment.author_id ?? audit.author_id)!;
	const isPublic = comment.public ?? true;
	let text = comment.html_body === undefined ? textFromMarkdown(comment.body ?? '') : textFromHtml(comment.html_body);
	if (context.withSignature && isPublic && author.signature && author.role !== 'end-user') {
		text = textFromMarkdown(`${text.body}\n\n${author.signature}`);
	}
	const tokens = comment.uploads === undefined ? [] : [comment.uploads].flat();
	return {
		id: audit.id + ID_STEP,
		ticket_id: audit.ticket_id,
		audit_id: audit.id,
		author_id: author.id,
		...text,
		public: isPublic,
		attachment_ids: [...(comment.attachment_ids ?? []), ...takeUploads(store, tokens)],
		created_at: audit.created_at,
	};
}

/** What Zendesk notes of the writing program (zendesk-api.md §8). The place is made up. */
function systemMetadata(context: WriteContext): Record<string, unknown> {
	return {
		...(context.client === undefined ? {} : { client: context.client }),
		...(context.ipAddress === undefined ? {} : { ip_address: context.ipAddress }),
		location: 'Practice Town, Germany',
		latitude: 52.5,
		longitude: 13.4,
	};
}
