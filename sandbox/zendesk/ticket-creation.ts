import { recordInvalid } from './errors';
import { textFromHtml } from './markup';
import type { Store, WriteContext } from './store';
import {
	agent,
	customStatus,
	eventValue,
	requesterOf,
	tagsWithFields,
	writeAudit,
	type NewComment,
	type TicketChanges,
} from './ticket-changes';
import { epochSeconds } from './time';
import { runTriggers } from './triggers';
import type { Audit, FieldChange, Ticket, Via } from './types';

export interface NewTicket extends TicketChanges {
	/** Default: the next number. */
	id?: number;
	/** Becomes the first public comment; `comment` comes first when both are given. */
	description?: string;
	submitter_id?: number;
	recipient?: string | null;
	via?: Via;
	/** A closed ticket that this one follows; passes on its tags (zendesk-api.md §9). */
	followup_source_id?: number;
	created_at?: string;
	/** For tickets of the past: when the last change was. Default: the creation. */
	updated_at?: string;
	/** Unix seconds. Default: that of `updated_at`. */
	generated_timestamp?: number;
	allow_channelback?: boolean;
	allow_attachments?: boolean;
}

/** The fields of a creation's audit that are there without being asked for, in order (zendesk-api.md §8). */
const ALWAYS_AUDITED = ['subject', 'requester_id', 'priority', 'type', 'status', 'organization_id'] as const;
const AUDITED_WHEN_SET = ['assignee_id', 'group_id', 'tags'] as const;
const AUDITED_LAST = ['brand_id', 'ticket_form_id', 'custom_status_id'] as const;
const AUDITED_WHEN_ASKED = ['problem_id', 'due_at', 'external_id'] as const;

export function createTicket(
	store: Store,
	ticket: NewTicket,
	context: WriteContext = {},
): { ticket: Ticket; audit: Audit } {
	const at = ticket.created_at ?? context.at;
	const creation = { ...context, at };
	const comment = firstComment(store, ticket);
	const row = newRow(store, ticket, comment, creation);
	store.nextTicketId = Math.max(store.nextTicketId, row.id + 1);
	if (row.followup_source_id !== null) noteFollowup(store, row);
	const audit = writeAudit(
		store,
		row,
		{
			comment: { ...comment, author_id: comment.author_id ?? row.submitter_id },
			changes: creationEvents(ticket, row),
			creation: true,
			via: auditVia(row.via),
		},
		creation,
	);
	runTriggers(store, row, audit);
	if (ticket.updated_at !== undefined) row.updated_at = ticket.updated_at;
	if (ticket.updated_at !== undefined || ticket.generated_timestamp !== undefined) {
		row.generated_timestamp = ticket.generated_timestamp ?? epochSeconds(row.updated_at);
		store.putTicket(row);
	}
	return { ticket: row, audit };
}

function newRow(store: Store, ticket: NewTicket, comment: NewComment, context: WriteContext): Ticket {
	const created_at = store.now(context);
	const actor = store.actor(context);
	const assignee = ticket.assignee_id ? agent(store, ticket.assignee_id) : undefined;
	const source = followupSource(store, ticket.followup_source_id);
	const customValues = { ...source?.custom_values, ...ticket.custom_values };
	const status = statusOf(store, ticket);
	const requester = ticket.new_requester
		? store.createUser(ticket.new_requester)
		: requesterOf(store, ticket.requester_id ?? actor.id);
	return {
		id: ticket.id ?? store.nextTicketId,
		external_id: ticket.external_id ?? null,
		via: ticket.via ?? { channel: context.channel ?? 'api', source: { from: {}, to: {}, rel: null } },
		created_at,
		updated_at: created_at,
		generated_timestamp: epochSeconds(created_at),
		type: ticket.type ?? null,
		subject: ticket.subject ?? null,
		description: textOf(comment),
		priority: ticket.priority ?? null,
		status: status.category,
		recipient: ticket.recipient ?? null,
		requester_id: requester.id,
		submitter_id: ticket.submitter_id ?? actor.id,
		assignee_id: ticket.assignee_id ?? null,
		organization_id: ticket.organization_id === undefined ? requester.organization_id : ticket.organization_id,
		group_id: ticket.group_id === undefined ? (assignee?.default_group_id ?? null) : ticket.group_id,
		collaborator_ids: ticket.collaborator_ids ?? [],
		follower_ids: ticket.follower_ids ?? [],
		email_cc_ids: ticket.email_cc_ids ?? [],
		problem_id: ticket.problem_id ?? null,
		is_public: true,
		due_at: ticket.due_at ?? null,
		tags: tagsWithFields(store, ticket.tags ?? source?.tags ?? [], {}, customValues)!,
		custom_values: customValues,
		custom_status_id: status.id,
		followup_ids: [],
		followup_source_id: source?.id ?? null,
		ticket_form_id: ticket.ticket_form_id ?? store.account.ticket_form_id,
		brand_id: ticket.brand_id ?? store.account.brand_id,
		allow_channelback: ticket.allow_channelback ?? false,
		allow_attachments: ticket.allow_attachments ?? true,
		from_messaging_channel: false,
		status_before_deletion: null,
		deleted_by: null,
		scrubbed: false,
	};
}

/** A ticket that has an assignee starts open (R:tickets.list.sideload.1). */
function statusOf(store: Store, ticket: NewTicket) {
	if (ticket.custom_status_id !== undefined) {
		const custom = customStatus(store, ticket.custom_status_id);
		return { category: custom.status_category, id: custom.id };
	}
	const category = ticket.status ?? (ticket.assignee_id ? 'open' : 'new');
	return { category, id: store.defaultStatus(category === 'closed' ? 'solved' : category).id };
}

/** Only a closed ticket can be followed; for others the request is without effect (zendesk-api.md §9). */
function followupSource(store: Store, id: number | undefined): Ticket | undefined {
	const source = id === undefined ? undefined : store.liveTicket(id);
	return source?.status === 'closed' ? source : undefined;
}

function noteFollowup(store: Store, ticket: Ticket): void {
	const source = store.tickets.get(ticket.followup_source_id!)!;
	source.followup_ids.push(ticket.id);
	ticket.via = {
		channel: ticket.via.channel,
		source: {
			...ticket.via.source,
			from: { ...ticket.via.source.from, ticket_id: source.id, subject: source.subject },
			rel: 'follow_up',
		},
	};
}

function firstComment(store: Store, ticket: NewTicket): NewComment {
	const comment = ticket.comment ?? { body: ticket.description ?? (ticket.subject || 'Practice ticket') };
	if (textOf(comment).trim() === '') throw blankDescription(store);
	return comment;
}

/** As the comment's own text will be: HTML goes first. */
const textOf = (comment: NewComment): string =>
	comment.html_body === undefined ? (comment.body ?? '') : textFromHtml(comment.html_body).body;

/** zendesk-api.md §15. */
export function blankDescription(store: Store) {
	return recordInvalid({
		base: [
			{
				description: 'Description: cannot be blank',
				error: 'BlankValue',
				ticket_field_id: store.account.description_field_id,
				ticket_field_type: 'FieldDescription',
			},
		],
	});
}

/** First what was asked for, in the request's order, then the rest (R:tickets.create.1, ticket_audits.list.cursor.1). */
function creationEvents(asked: NewTicket, row: Ticket): FieldChange[] {
	const known: string[] = [...ALWAYS_AUDITED, ...AUDITED_WHEN_SET, ...AUDITED_LAST, ...AUDITED_WHEN_ASKED];
	const explicit = Object.keys(asked)
		.filter((name) => asked[name as keyof NewTicket] !== undefined)
		.map((name) => (name === 'new_requester' ? 'requester_id' : name))
		.filter((name) => known.includes(name));
	const set = AUDITED_WHEN_SET.filter((name) => (name === 'tags' ? row.tags.length > 0 : row[name] !== null));
	const names = [...new Set([...explicit, ...ALWAYS_AUDITED, ...set, ...AUDITED_LAST])];
	const events = names.map((name) => ({ field_name: name, value: eventValue(name, row[name as keyof Ticket]) }));
	const custom = Object.entries(row.custom_values).filter(([, value]) => value !== null);
	return [...events, ...custom.map(([fieldId, value]) => ({ field_name: fieldId, value }))];
}

/** The audit of a creation says how the ticket came in. */
const auditVia = (via: Via): Via => ({ channel: via.channel, source: { ...via.source } });
