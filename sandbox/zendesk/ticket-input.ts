import { notFound, recordInvalid, updateConflict } from './errors';
import type { Store } from './store';
import { agent, customStatus, type NewComment, type TicketChanges } from './ticket-changes';
import { blankDescription, type NewTicket } from './ticket-creation';
import type { CustomFieldValue, Ticket, User } from './types';

/** From a request's `ticket` object to what the store takes. What a ticket may hold is checked here. */

type Input = Record<string, unknown>;

const COMMON_KEYS = [
	'subject',
	'comment',
	'description',
	'requester',
	'requester_id',
	'assignee_id',
	'assignee_email',
	'group_id',
	'organization_id',
	'collaborators',
	'collaborator_ids',
	'additional_collaborators',
	'email_ccs',
	'followers',
	'problem_id',
	'due_at',
	'tags',
	'custom_fields',
	'fields',
	'priority',
	'type',
	'status',
	'custom_status_id',
	'external_id',
	'metadata',
	'brand_id',
	'ticket_form_id',
	'sharing_agreement_ids',
	'attribute_value_ids',
	'macro_ids',
] as const;

export const UPDATE_KEYS: readonly string[] = [...COMMON_KEYS, 'safe_update', 'updated_stamp'];
export const CREATE_KEYS: readonly string[] = [
	...COMMON_KEYS,
	'submitter_id',
	'recipient',
	'raw_subject',
	'via',
	'via_followup_source_id',
	'macro_id',
	'voice_comment',
	'email_cc_ids',
	'follower_ids',
	'safe_update',
];

const CHOICES: Record<string, { words: string; values: string[] }> = {
	status: { words: 'Status', values: ['new', 'open', 'pending', 'hold', 'solved', 'closed'] },
	priority: { words: 'Priority', values: ['urgent', 'high', 'normal', 'low'] },
	type: { words: 'Type', values: ['problem', 'incident', 'question', 'task'] },
};

export function newTicket(store: Store, input: Input, actor: User): NewTicket {
	const changes = ticketChanges(store, input);
	const comment = commentInput(input.comment) ?? describe(input.description);
	if (!comment || (isBlank(comment.body) && isBlank(comment.html_body))) throw blankDescription(store);
	checkComment(store, comment);
	const via = input.via as { channel?: string } | undefined;
	return {
		...changes,
		comment,
		...(changes.new_requester ? {} : { requester_id: changes.requester_id ?? actor.id }),
		submitter_id: submitter(store, input.submitter_id) ?? comment.author_id ?? actor.id,
		...(typeof input.recipient === 'string' ? { recipient: input.recipient } : {}),
		...(typeof via?.channel === 'string'
			? { via: { channel: via.channel, source: { from: {}, to: {}, rel: null } } }
			: {}),
		...(input.via_followup_source_id ? { followup_source_id: Number(input.via_followup_source_id) } : {}),
	};
}

const isBlank = (text: string | undefined) => (text ?? '').replace(/<[^>]+>/g, '').trim() === '';
const describe = (description: unknown): NewComment | undefined =>
	typeof description === 'string' ? { body: description } : undefined;

/** `current` is the ticket as it is, when one is updated. */
export function ticketChanges(store: Store, input: Input, current?: Ticket): TicketChanges {
	const changes: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(input)) {
		if (name in CHOICES) changes[name] = choice(name, value, current);
		else if (name === 'subject' || name === 'raw_subject') changes.subject ??= text(value);
		else if (name === 'external_id' || name === 'due_at') changes[name] = text(value);
		else if (name === 'requester_id') changes.requester_id = optionalId(value) ?? changes.requester_id;
		else if (name === 'requester') Object.assign(changes, requester(store, value));
		else if (name === 'assignee_email') changes.assignee_id = assigneeByEmail(store, value);
		else if (ID_KEYS.includes(name)) changes[name] = optionalId(value) ?? null;
		else if (name === 'custom_status_id' || name === 'brand_id' || name === 'ticket_form_id')
			changes[name] = optionalId(value);
		else if (name === 'tags') changes.tags = tagList(value);
		else if (name === 'custom_fields' || name === 'fields') changes.custom_values = customValues(store, value);
	}
	Object.assign(changes, peopleLists(store, input, current));
	const comment = current && commentInput(input.comment);
	if (comment) {
		if (isBlank(comment.body) && isBlank(comment.html_body) && !comment.uploads) delete changes.comment;
		else changes.comment = checkComment(store, comment);
	}
	if (typeof changes.assignee_id === 'number') agent(store, changes.assignee_id);
	if (typeof changes.custom_status_id === 'number') customStatus(store, changes.custom_status_id);
	return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

const ID_KEYS = ['assignee_id', 'group_id', 'organization_id', 'problem_id'];

function optionalId(value: unknown): number | undefined {
	if (value === null || value === undefined || value === '') return undefined;
	const id = Number(value);
	return Number.isInteger(id) ? id : undefined;
}

function submitter(store: Store, value: unknown): number | undefined {
	const id = optionalId(value);
	if (id === undefined || store.users.has(id)) return id;
	throw recordInvalid({ submitter: [{ description: 'Submitter: is invalid', error: 'InvalidValue' }] });
}

const text = (value: unknown) => (value === null || value === undefined ? null : String(value));

/** A ticket that has left New never goes back to it (Zendesk: About native system ticket rules). */
function choice(name: string, value: unknown, current: Ticket | undefined): unknown {
	if (value === null || value === '') return name === 'status' ? undefined : null;
	const again = name === 'status' && value === 'new' && current !== undefined && current.status !== 'new';
	if (again || !CHOICES[name].values.includes(String(value))) {
		throw recordInvalid({
			[name]: [{ description: `${CHOICES[name].words}: ${String(value)} is not valid`, error: 'InvalidValue' }],
		});
	}
	if (name === 'status' && current && value === current.status) return undefined;
	return value;
}

/** `requester: {name, email}`: the user with the address, else a new end user (zendesk-api.md §9). */
function requester(store: Store, value: unknown): Pick<TicketChanges, 'requester_id' | 'new_requester'> {
	if (typeof value !== 'object' || value === null) return {};
	const { name, email } = value as { name?: unknown; email?: unknown };
	const address = typeof email === 'string' && email !== '' ? email : null;
	const known = address === null ? undefined : store.findUser(address);
	if (known) return { requester_id: known.id };
	if (typeof name !== 'string' || name.trim() === '') {
		throw recordInvalid({
			requester: [{ description: 'Requester Name:  is too short (minimum is 1 characters)', error: 'TooShort' }],
		});
	}
	return { new_requester: { name, email: address } };
}

function assigneeByEmail(store: Store, email: unknown): number | undefined {
	return typeof email === 'string' ? store.findUser(email)?.id : undefined;
}

function tagList(value: unknown): string[] {
	if (Array.isArray(value)) return value.map(String);
	return typeof value === 'string' ? value.split(/[\s,]+/) : [];
}

function customValues(store: Store, value: unknown): Record<string, CustomFieldValue> {
	const entries: Array<[string, unknown]> = Array.isArray(value)
		? value.map((entry: { id: unknown; value: unknown }) => [String(entry.id), entry.value])
		: Object.entries((value ?? {}) as object);
	const known = entries.filter(([id]) => store.ticketFields.get(Number(id))?.removable);
	return Object.fromEntries(known.map(([id, entry]) => [id, entry === '' ? null : (entry as CustomFieldValue)]));
}

/** About 64 kB of text (zendesk-api.md §7). */
const LONGEST_COMMENT = 65_535;

/** The author must exist, and the text must not be too long. */
function checkComment(store: Store, comment: NewComment): NewComment {
	if (comment.author_id !== undefined && !store.users.has(comment.author_id)) {
		throw recordInvalid({ author: [{ description: 'Author: is invalid', error: 'InvalidValue' }] });
	}
	if (Buffer.byteLength(comment.html_body ?? comment.body ?? '') > LONGEST_COMMENT) {
		throw recordInvalid({
			base: [
				{ description: `Description: is too long (maximum is ${LONGEST_COMMENT} characters)`, error: 'InvalidValue' },
			],
		});
	}
	return comment;
}

function commentInput(value: unknown): NewComment | undefined {
	if (typeof value === 'string') return { body: value };
	if (typeof value !== 'object' || value === null) return undefined;
	const comment = value as Record<string, unknown>;
	const body = comment.body ?? comment.value;
	return {
		...(typeof body === 'string' ? { body } : {}),
		...(typeof comment.html_body === 'string' ? { html_body: comment.html_body } : {}),
		...(comment.public === undefined ? {} : { public: comment.public === true || comment.public === 'true' }),
		...(optionalId(comment.author_id) === undefined ? {} : { author_id: optionalId(comment.author_id) }),
		...(comment.uploads ? { uploads: comment.uploads as string | string[] } : {}),
	};
}

/** Collaborators, e-mail copies and followers in all the forms a request may give them (zendesk-api.md §9). */
function peopleLists(store: Store, input: Input, current: Ticket | undefined): TicketChanges {
	const copies = list(input.email_ccs, current?.email_cc_ids, store);
	const followers = list(input.followers, current?.follower_ids, store);
	let collaborators: number[] | undefined;
	if (Array.isArray(input.collaborators)) collaborators = input.collaborators.map((entry) => personId(store, entry));
	if (Array.isArray(input.collaborator_ids)) collaborators = input.collaborator_ids.map(Number);
	if (Array.isArray(input.additional_collaborators)) {
		collaborators = [
			...(current?.collaborator_ids ?? []),
			...input.additional_collaborators.map((entry) => personId(store, entry)),
		];
	}
	return {
		...(collaborators ? { collaborator_ids: [...new Set(collaborators)] } : {}),
		...(copies ? { email_cc_ids: copies } : {}),
		...(followers ? { follower_ids: followers } : {}),
	};
}

function list(entries: unknown, current: number[] | undefined, store: Store): number[] | undefined {
	if (!Array.isArray(entries)) return undefined;
	const ids = new Set(current);
	for (const entry of entries as Array<Record<string, unknown>>) {
		const id = personId(store, entry.user_id ?? { name: entry.user_name, email: entry.user_email });
		if (entry.action === 'delete') ids.delete(id);
		else ids.add(id);
	}
	return [...ids];
}

function personId(store: Store, entry: unknown): number {
	if (typeof entry === 'number' || /^\d+$/.test(String(entry))) return Number(entry);
	const { name, email } =
		typeof entry === 'string' ? { name: entry, email: entry } : (entry as { name?: string; email?: string });
	return (store.findUser(email ?? '') ?? store.createUser({ name: name ?? email ?? 'Unknown', email: email ?? null }))
		.id;
}

/** `safe_update` in any value asks for the check (zendesk-api.md §10). */
export function checkSafeUpdate(input: Input, ticket: Ticket | undefined): void {
	if (!ticket) throw notFound();
	if (input.safe_update === undefined) return;
	if (Date.parse(String(input.updated_stamp)) !== Date.parse(ticket.updated_at)) throw updateConflict();
}
