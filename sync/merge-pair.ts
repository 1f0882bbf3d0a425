import type { TicketRecord } from '../orocrm/types';
import type { CaseChanges } from './documents';
import { casePriority, caseStatus, caseSubject, fieldValue, own } from './field-maps';
import { assigneeOf, linkReference, personOf, sameId } from './links';
import { tagsOf, ticketHolds } from './map-case';
import type { Change, Conflict } from './pair';
import type { ReadyPair } from './plan';
import { mergeField } from './reconcile';
import type { Merged, MergeRules, ReconciledField } from './reconcile';
import { asText, sameDate } from './text';
import { recordPriority, recordSubject } from './ticket-record';
import { ticketState } from './ticket-state';
import { agentFor, isStandIn, requesterFor } from './zendesk-people';
import type { NewRequester } from './zendesk-people';

/** What was sent to a ticket: the base of the merge from then on, until the record says so (the sent values, and those of the case). */
export interface SentBase {
	subject?: string;
	status?: string;
	priority?: string;
	assignee?: { zendesk: number | null; user: string | null };
	requester?: { zendesk: number | null; contact: string | null };
}

export interface TicketChanges {
	/** Keys of the request to Zendesk, without a comment. */
	attributes: Record<string, unknown>;
	/** A requester whom Zendesk doesn't know yet. */
	newRequester: NewRequester | null;
	sent: SentBase;
	/** Custom fields that are sent, by id or name. */
	fields: Record<string, unknown>;
}

export interface MergedPair {
	caseChanges: CaseChanges;
	/** Empty in one-way mode. */
	ticketChanges: TicketChanges;
	/** Changes of the case. */
	changes: Change[];
	/** Changes of the ticket. */
	ticketFields: Change[];
	conflicts: Conflict[];
	skipped: Array<{ field: string; reason: string }>;
}

/** The merge of every reconciled field, for both sides at once (sync-rules §4). The base is the pair's record, as a rule. */
export function mergePair(given: ReadyPair, rules: MergeRules): MergedPair {
	const pair: ReadyPair = { ...given, record: given.base ?? given.record };
	const { ticket, record, case: oroCase, mapped, resolved } = pair;
	if (!oroCase) throw new Error('There is no case to merge into.');
	const { tables } = mapped;
	const result = new Result();

	result.take(
		mergeField<string | null, string>(
			{
				field: 'subject',
				remote: recordSubject(ticket.subject),
				base: record ? record.subject : undefined,
				local: oroCase.subject,
				toLocal: (subject) => (subject === recordSubject(ticket.subject) ? mapped.case.subject : caseSubject(subject)),
				// A ticket doesn't keep an empty subject: it would be sent again and again.
				toRemote: (subject) => (subject === oroCase.subject && mapped.ticket ? mapped.ticket.subject : subject) || undefined,
				baseInLocal: record ? caseSubject(record.subject) : undefined,
			},
			rules,
		),
		{
			field: 'subject',
			ticketField: 'subject',
			local: oroCase.subject,
			remote: ticket.subject,
			noWord: 'there is no text in it',
			toCase: (value) => {
				result.caseChanges.attributes.subject = value;
			},
			toTicket: (value) => {
				result.send('subject', value ?? '');
				result.ticketChanges.sent.subject = value ?? '';
			},
		},
	);

	result.take(mergeStatus(pair, oroCase.status, rules), {
		field: 'status',
		ticketField: 'status',
		local: oroCase.status,
		remote: ticket.status,
		toCase: (value) => result.relate('status', 'casestatuses', value),
		toTicket: (value) => {
			result.send('status', value);
			result.ticketChanges.sent.status = value ?? undefined;
		},
	});

	result.take(
		mergeField<string | null, string | null>(
			{
				field: 'priority',
				remote: recordPriority(ticket.priority),
				base: record ? record.priority : undefined,
				local: oroCase.priority,
				toLocal: (priority) => (priority === recordPriority(ticket.priority) ? (mapped.case.priority ?? undefined) : (casePriority(priority, tables) ?? undefined)),
				toRemote: (priority) => (priority === oroCase.priority && mapped.ticket ? (mapped.ticket.priority ?? undefined) : own(tables.casePriority, priority ?? '')),
			},
			rules,
		),
		{
			field: 'priority',
			ticketField: 'priority',
			local: oroCase.priority,
			remote: ticket.priority,
			toCase: (value) => result.relate('priority', 'casepriorities', value),
			toTicket: (value) => {
				result.send('priority', value);
				result.ticketChanges.sent.priority = value ?? undefined;
			},
		},
	);

	result.take(
		mergeField<number | string | null, string | null>(
			{
				field: 'assignedTo',
				remote: ticket.assignee_id,
				base: record ? (record.assignee?.originId ?? null) : undefined,
				local: oroCase.assignedTo,
				// Only who the ticket names now is looked up; for the former assignee the record's link counts.
				toLocal: (assignee) => (sameId(assignee, ticket.assignee_id) ? assigneeOf(resolved, assignee) : (record?.assignee?.relatedUser ?? resolved.owner)),
				toRemote: (user) => agentFor(resolved.zendesk, user),
				baseInLocal: record ? (record.assignee?.relatedUser ?? resolved.owner) : undefined,
				same: sameId,
			},
			rules,
		),
		{
			field: 'assignedTo',
			ticketField: 'assignee',
			local: oroCase.assignedTo,
			remote: ticket.assignee_id,
			noWord: 'nobody in Zendesk has the e-mail of the case’s user, and there is no default Zendesk user',
			toCase: (value) => result.relate('assignedTo', 'users', value),
			toTicket: (value) => {
				result.send('assignee_id', Number(value));
				result.ticketChanges.sent.assignee = { zendesk: Number(value), user: oroCase.assignedTo };
			},
		},
	);

	mergeContact(pair, rules, result);
	mergeCustomFields(pair, rules, result);
	return result;
}

/** One field's way into the two requests. */
interface Ways<Remote, Local> {
	field: ReconciledField;
	ticketField: string;
	local: unknown;
	remote: unknown;
	/** Why the case's value can't be said in the ticket. */
	noWord?: string;
	/** The case's value in words for people, where that isn't the value itself. */
	say?: (value: Local) => unknown;
	toCase: (value: Local) => void;
	toTicket: (value: Remote) => void;
}

class Result implements MergedPair {
	readonly caseChanges: CaseChanges = { attributes: {}, relationships: {} };
	readonly ticketChanges: TicketChanges = { attributes: {}, newRequester: null, sent: {}, fields: {} };
	readonly changes: Change[] = [];
	readonly ticketFields: Change[] = [];
	readonly conflicts: Conflict[] = [];
	readonly skipped: MergedPair['skipped'] = [];

	take<Remote, Local>(merged: Merged<Remote, Local>, ways: Ways<Remote, Local>): void {
		const say = (value: unknown) => (ways.say ? ways.say(value as Local) : value);
		if (merged.conflict) this.conflicts.push({ ...merged.conflict, remote: say(merged.conflict.remote) });
		if (merged.staysLocal === 'one way') this.skipped.push({ field: ways.field, reason: 'changed in OroCRM; one-way sync leaves it so' });
		if (merged.staysLocal === 'closed') this.skipped.push({ field: ways.field, reason: `changed in OroCRM and left so: ${CLOSED}` });
		if (merged.staysLocal === 'no word') this.skipped.push({ field: ways.field, reason: `changed in OroCRM and left so: ${ways.noWord ?? 'the table of Map Ticket to Case has no value of the ticket for it'}` });
		if (merged.toCase) {
			ways.toCase(merged.toCase.value);
			this.changes.push({ field: ways.field, from: ways.local, to: say(merged.toCase.value) });
		}
		if (merged.toTicket) {
			ways.toTicket(merged.toTicket.value);
			this.ticketFields.push({ field: ways.ticketField, side: 'ticket', from: ways.remote, to: merged.toTicket.value });
		}
	}

	relate(name: string, type: string, id: string | null): void {
		this.caseChanges.relationships[name] = { data: id === null ? null : { type, id } };
	}

	send(name: string, value: unknown): void {
		this.ticketChanges.attributes[name] = value;
	}
}

/** Why nothing goes out to this ticket. */
export const CLOSED = 'the ticket is closed in Zendesk, and closed tickets can’t be changed';

/** The related contact, and with it its account. */
function mergeContact(pair: ReadyPair, rules: MergeRules, result: Result): void {
	const { ticket, record, case: oroCase, resolved } = pair;
	if (!oroCase) return;
	const requester = personOf(resolved, ticket.requester_id);
	const contact = linkReference(requester?.contact ?? null);
	const sameRequester = record !== null && sameId(record.requester?.originId ?? null, ticket.requester_id);
	if (contact === null && !sameRequester && oroCase.relatedContact !== null) {
		if (record) result.skipped.push({ field: 'relatedContact', reason: 'the ticket has a new requester, who has no contact in OroCRM' });
		return;
	}
	// The contact was deleted in OroCRM, which emptied the case and the stored link: that is no edit of the case, and it is filled again.
	const emptied = oroCase.relatedContact === null && sameRequester && record?.requester?.relatedContact === null;
	const stands = requesterFor(resolved.zendesk, oroCase.relatedContact);
	// Nobody in Zendesk can be the contact without an e-mail whom the requester stands in for: that is as it was published.
	if (contact === null && sameRequester && !stands && isStandIn(ticket, oroCase, requester)) return;
	const merged: Merged<number | string | null, string | null> =
		emptied && contact !== null
			? { toCase: { value: contact } }
			: mergeField<number | string | null, string | null>(
					{
						field: 'relatedContact',
						remote: ticket.requester_id,
						base: record ? (record.requester?.originId ?? null) : undefined,
						local: oroCase.relatedContact,
						toLocal: (id) => (sameId(id, ticket.requester_id) ? contact : (record?.requester?.relatedContact ?? undefined)),
						toRemote: (id) => (id === oroCase.relatedContact && stands ? ('id' in stands ? stands.id : `new ${stands.create.email}`) : undefined),
						// A former requester without a contact left the case without one: that is the base, not an edit.
						baseInLocal: record?.requester ? record.requester.relatedContact : undefined,
						same: sameId,
					},
					rules,
				);
	result.take(merged, {
		field: 'relatedContact',
		ticketField: 'requester',
		local: oroCase.relatedContact,
		remote: ticket.requester_id,
		noWord: oroCase.relatedContact === null ? 'a ticket always has a requester' : 'the contact has no e-mail, so nobody in Zendesk can stand for it',
		say: (value) => (requester?.contact && 'create' in requester.contact && value === requester.contact.create ? `new contact ${requester.email ?? requester.name}` : value),
		toCase: (value) => {
			result.relate('relatedContact', 'contacts', value);
			// The former contact's account says nothing about the new one.
			const account = requester?.account ?? null;
			if (account !== oroCase.relatedAccount) result.relate('relatedAccount', 'accounts', account);
		},
		toTicket: () => {
			if (!stands) return;
			if ('id' in stands) result.send('requester_id', stands.id);
			else result.ticketChanges.newRequester = stands.create;
			result.ticketChanges.sent.requester = { zendesk: 'id' in stands ? stands.id : null, contact: oroCase.relatedContact };
		},
	});
}

/**
 * The status. A custom status has no place in the record, only its category: when the case has what another custom status maps to,
 * the custom status was changed within its category, and the case follows.
 */
function mergeStatus(pair: ReadyPair, local: string | null, rules: MergeRules): Merged<string | null, string | null> {
	const { ticket, record, mapped } = pair;
	const { tables } = mapped;
	// What was merged into another ticket has come to its end: that isn't up to the case (sync-rules §5).
	const winner = ticketState(ticket) === 'merged' || !rules.twoWay ? 'remote' : (rules.winners?.status ?? rules.winner);
	const wanted = mapped.case.status;
	const customId = asText(ticket.custom_status_id);
	// Also when the case's value stands for this category: or the next reconcile, with the base moved, would be the one that writes.
	const sameCategory = record?.status === ticket.status || own(tables.caseStatus, local ?? '') === ticket.status;
	const ticketChanged = pair.base === undefined && !sameDate(record?.originUpdatedAt, ticket.updated_at);
	if (wanted !== null && local !== wanted && own(tables.status, customId) !== undefined && sameCategory && ticketChanged) {
		const ofCustomStatuses = Object.entries(tables.status).filter(([key]) => /^\d+$/.test(key)).map(([, status]) => status);
		// Whether the case was edited or the custom status was changed can't be told, so it is reported as a conflict.
		if (local !== null && ofCustomStatuses.includes(local)) {
			const conflict: Conflict = { field: 'status', remote: wanted, local, base: null, winner };
			const out = winner === 'local' ? (mapped.ticket?.status ?? own(tables.caseStatus, local)) : undefined;
			if (out === ticket.status) return {};
			if (winner === 'remote') return { toCase: { value: wanted }, conflict };
			if (rules.closed) return { conflict, staysLocal: 'closed' };
			return out === undefined ? { conflict, staysLocal: 'no word' } : { toTicket: { value: out }, conflict };
		}
	}
	return mergeField<string | null, string | null>(
		{
			field: 'status',
			remote: ticket.status,
			base: record ? record.status : undefined,
			local,
			toLocal: (status) => (status === ticket.status ? (wanted ?? undefined) : status === null ? undefined : (caseStatus({ status }, tables) ?? undefined)),
			toRemote: (status) => (status === pair.case?.status && mapped.ticket ? (mapped.ticket.status ?? undefined) : own(tables.caseStatus, status ?? '')),
		},
		{ ...rules, winners: { ...rules.winners, status: winner } },
	);
}

/** Custom fields have one direction and no base: one side takes the other's value where it differs. */
function mergeCustomFields(pair: ReadyPair, rules: MergeRules, result: Result): void {
	for (const [name, mapped] of Object.entries(pair.mapped.case.fields)) {
		const present = pair.case?.fields?.[name] ?? null;
		const wanted = mapped.value ?? null;
		// OroCRM gives decimals as text, "1.5000".
		const sameNumber = typeof wanted === 'number' && present !== null && Number(present) === wanted;
		if (present === wanted || String(present ?? '') === String(wanted ?? '') || sameNumber || sameDate(present, wanted)) continue;
		if (mapped.relatedType) result.relate(name, mapped.relatedType, wanted === null ? null : String(wanted));
		else result.caseChanges.attributes[name] = wanted;
		result.changes.push({ field: name, from: present, to: wanted });
	}
	if (!rules.twoWay || rules.closed) return;
	const custom: Array<{ id: number; value: unknown }> = [];
	for (const [name, wanted] of Object.entries(pair.mapped.ticket?.fields ?? {})) {
		const present = fieldValue(pair.ticket, name);
		if (present === undefined) {
			result.skipped.push({ field: name, reason: 'the ticket has no such field' });
			continue;
		}
		if (ticketHolds(present, wanted)) continue;
		if (Object.prototype.hasOwnProperty.call(pair.sentFields ?? {}, name) && ticketHolds(pair.sentFields?.[name], wanted)) {
			// A rule of Zendesk's, or the kind of the field, made something else of it: sending it again would never end.
			result.skipped.push({ field: name, reason: `${JSON.stringify(wanted)} was sent; Zendesk keeps ${JSON.stringify(present)}` });
			continue;
		}
		const value = Array.isArray(present) ? tagsOf(wanted) : wanted;
		if (/^\d+$/.test(name)) custom.push({ id: Number(name), value });
		else result.send(name, value);
		result.ticketChanges.fields[name] = value;
		result.ticketFields.push({ field: name, side: 'ticket', from: present, to: value });
	}
	if (custom.length > 0) result.send('custom_fields', custom);
}

/** The record as the base of the next merge, after these values were sent to the ticket. */
export function withSentBase(record: TicketRecord, sent: SentBase): TicketRecord {
	const nobody = { id: '', url: null, name: null, email: null, role: null, channel: null };
	return {
		...record,
		...(sent.subject === undefined ? {} : { subject: recordSubject(sent.subject) }),
		...(sent.status === undefined ? {} : { status: sent.status }),
		...(sent.priority === undefined ? {} : { priority: sent.priority }),
		...(sent.assignee === undefined
			? {}
			: { assignee: { ...(record.assignee ?? nobody), originId: sent.assignee.zendesk === null ? null : String(sent.assignee.zendesk), relatedUser: sent.assignee.user, relatedContact: null } }),
		...(sent.requester === undefined
			? {}
			: { requester: { ...(record.requester ?? nobody), originId: sent.requester.zendesk === null ? null : String(sent.requester.zendesk), relatedContact: sent.requester.contact, relatedUser: null } }),
	};
}

/** A ticket's own values as a base: nothing has changed in it since (a ticket that was just made). */
export function baseFromTicket(pair: ReadyPair): TicketRecord {
	const { ticket, resolved } = pair;
	const requester = personOf(resolved, ticket.requester_id);
	const nobody = { id: '', url: null, name: null, email: null, role: null, channel: null };
	return {
		id: '',
		originId: String(ticket.id),
		url: ticket.url,
		subject: recordSubject(ticket.subject),
		externalId: null,
		recipient: null,
		hasIncidents: false,
		dueAt: null,
		originCreatedAt: null,
		originUpdatedAt: null,
		updatedAt: null,
		status: ticket.status,
		priority: recordPriority(ticket.priority),
		ticketType: null,
		problem: null,
		collaborators: [],
		submitter: null,
		assignee: ticket.assignee_id === null ? null : { ...nobody, originId: String(ticket.assignee_id), relatedUser: assigneeOf(resolved, ticket.assignee_id), relatedContact: null },
		requester: ticket.requester_id === null ? null : { ...nobody, originId: String(ticket.requester_id), relatedContact: linkReference(requester?.contact ?? null), relatedUser: null },
		relatedCase: null,
		channel: null,
	};
}
