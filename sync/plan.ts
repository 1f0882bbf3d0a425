import type { WriteDocument } from '../orocrm/types';
import { pendingComments } from './comments';
import type { CommentStep } from './comments';
import { createDocument, updateDocument } from './documents';
import type { CaseChanges } from './documents';
import { casePriority, caseStatus, caseSubject, own } from './field-maps';
import { mergeField } from './reconcile';
import type { Merged, MergeRules } from './reconcile';
import type { Change, Conflict, Link, Outcome, Pair, Resolved, ResolvedPerson, TicketInPair, Mapped } from './pair';
import { recordPriority, recordSubject } from './ticket-record';
import { ticketState } from './ticket-state';
import { sameDate } from './text';

export interface PublishSettings {
	/** Id of OroCRM's Zendesk integration, or null: then creation is not guarded by its unique index. */
	channel: string | null;
	rules: MergeRules;
	/** What becomes of the case of a ticket that was deleted in Zendesk. */
	deletedTickets: 'leave' | 'close';
	/** What becomes of a ticket whose case was deleted in OroCRM. */
	deletedCases: 'leave' | 'recreate';
	/** Most new comments in one request; the rest follows, and the record says "complete" only with the last. */
	commentsPerWrite: number;
}

/** What Publish is to do about one pair: at most one request, or nothing and why. */
export interface Plan {
	outcome: Outcome;
	summary: string;
	changes: Change[];
	conflicts: Conflict[];
	skipped: Array<{ field: string; reason: string }>;
	notes: string[];
	write: { kind: 'create'; document: WriteDocument } | { kind: 'update'; recordId: string; document: WriteDocument } | null;
	/** New contacts and rows of people that this write makes, by their names within the run. */
	makes: string[];
	/** True when more comments follow in a further write. */
	partial: boolean;
}

/** A pair that is ready for Publish. */
export interface ReadyPair extends Pair {
	ticket: TicketInPair;
	mapped: Mapped;
	resolved: Resolved;
}

/** Decides what to do about a ticket and its case. Pure. */
export function planPair(pair: ReadyPair, key: string, settings: PublishSettings): Plan {
	const { ticket, record } = pair;
	const state = ticketState(ticket);
	if (state === 'deleted' || state === 'scrubbed') return planDeleted(pair, settings);
	if (!record) return planCreation(pair, key, settings);
	if (!pair.case) {
		if (settings.deletedCases === 'recreate') return planCreation(pair, key, settings);
		return idle('skipped', `The case of ticket ${ticket.id} was deleted in OroCRM, so it is not made again.`, [{ field: 'case', reason: 'deleted in OroCRM' }]);
	}
	return planUpdate(pair, key, settings);
}

function idle(outcome: Outcome, summary: string, skipped: Plan['skipped'] = [], notes: string[] = []): Plan {
	return { outcome, summary, changes: [], conflicts: [], skipped, notes, write: null, makes: [], partial: false };
}

function planDeleted(pair: ReadyPair, settings: PublishSettings): Plan {
	const { ticket, record, case: oroCase } = pair;
	if (!record || !oroCase) return idle('skipped', `Ticket ${ticket.id} was deleted in Zendesk and has no case.`, [{ field: 'ticket', reason: 'deleted in Zendesk' }]);
	const close = settings.deletedTickets === 'close';
	if (sameDate(record.originUpdatedAt, ticket.updated_at) && (!close || oroCase.status === 'closed')) {
		return idle('unchanged', `Ticket ${ticket.id} was deleted in Zendesk; case ${oroCase.id} is as it should be.`);
	}
	const changes: Change[] = close && oroCase.status !== 'closed' ? [{ field: 'status', from: oroCase.status, to: 'closed' }] : [];
	return {
		...idle(
			close ? 'updated' : 'skipped',
			close ? `Ticket ${ticket.id} was deleted in Zendesk: case ${oroCase.id} is closed.` : `Ticket ${ticket.id} was deleted in Zendesk: case ${oroCase.id} is left as it is.`,
			close ? [] : [{ field: 'ticket', reason: 'deleted in Zendesk' }],
		),
		changes,
		// The record only learns of the deletion: its texts stay, for a deleted ticket's are scrubbed sooner or later.
		write: {
			kind: 'update',
			recordId: record.id,
			document: updateDocument(record.id, {
				attributes: { originUpdatedAt: ticket.updated_at },
				relationships: close ? { status: { data: { type: 'zendeskticketstatuses', id: 'closed' } } } : {},
				caseId: oroCase.id,
				caseChanges: changes.length > 0 ? { attributes: {}, relationships: { status: { data: { type: 'casestatuses', id: 'closed' } } } } : undefined,
			}),
		},
	};
}

function planCreation(pair: ReadyPair, key: string, settings: PublishSettings): Plan {
	const { ticket, mapped, resolved } = pair;
	const comments = pendingComments(ticket.comments ?? [], resolved.commentRows ?? [], resolved.caseComments ?? []);
	const now = comments.slice(0, settings.commentsPerWrite);
	// A problem's incidents may be in OroCRM already: they are tied to it before its record says that all is done.
	const partial = now.length < comments.length || (ticket.type === 'problem' && ticket.has_incidents === true && !pair.case);
	const requester = personOf(resolved, ticket.requester_id);
	const document = createDocument({
		ticket,
		mapped,
		resolved,
		key: resolved.keys ? key : null,
		channel: pair.record?.channel ?? settings.channel,
		comments: now,
		complete: !partial,
		record: pair.record,
		// A case that lost its record keeps what it has: only the record is new.
		existingCase: pair.case,
	});
	const verb = pair.case ? 'The ticket record is made again for' : pair.record ? 'Made again:' : 'Made:';
	return {
		outcome: pair.case ? 'updated' : 'created',
		summary: pair.case ? `${verb} case ${pair.case.id} of ticket ${ticket.id}.` : `${verb} a case for ticket ${ticket.id}.`,
		changes: pair.case
			? [{ field: 'ticket record', from: null, to: ticket.id }]
			: [
					{ field: 'subject', from: null, to: mapped.case.subject },
					{ field: 'status', from: null, to: mapped.case.status ?? 'open' },
					{ field: 'priority', from: null, to: mapped.case.priority ?? 'normal' },
					{ field: 'assignedTo', from: null, to: assigneeOf(resolved, ticket.assignee_id) },
					{ field: 'relatedContact', from: null, to: linkText(requester?.contact ?? null) },
					...now.map((step) => ({ field: 'comment', from: null, to: step.comment.id })),
				],
		conflicts: [],
		skipped: [],
		notes: notesOf(pair),
		write: pair.record ? { kind: 'update', recordId: pair.record.id, document } : { kind: 'create', document },
		makes: madeBy(document),
		partial,
	};
}

function planUpdate(pair: ReadyPair, key: string, settings: PublishSettings): Plan {
	const { ticket, record, case: oroCase, resolved } = pair;
	if (!record || !oroCase) throw new Error('An update needs a record and a case.');
	if (resolved.unchanged) return idle('unchanged', `Ticket ${ticket.id} and case ${oroCase.id} are as they were.`);
	const merged = mergeCase(pair, settings.rules);
	const comments = pendingComments(ticket.comments ?? [], resolved.commentRows ?? [], resolved.caseComments ?? []);
	const now = comments.slice(0, settings.commentsPerWrite);
	const partial = now.length < comments.length;
	const adopts = resolved.keys && oroCase.externalId !== key;
	const document = updateDocument(record.id, {
		ticket,
		resolved,
		channel: record.channel ?? settings.channel,
		complete: !partial,
		caseId: oroCase.id,
		caseChanges: withKey(merged.caseChanges, adopts ? key : null),
		comments: now,
	});
	const changes: Change[] = [...merged.changes, ...now.map((step) => ({ field: 'comment', from: null, to: step.comment.id }))];
	const notes = notesOf(pair);
	if (adopts) notes.push('Adopted: the record was made by OroCRM’s own Zendesk integration; what it lacked is filled in.');
	return {
		outcome: 'updated',
		summary: changes.length > 0 ? `Case ${oroCase.id} takes ${listed(changes)} from ticket ${ticket.id}.` : `Case ${oroCase.id} stays as it is; the record of ticket ${ticket.id} is brought up to date.`,
		changes,
		conflicts: merged.conflicts,
		skipped: merged.skipped,
		notes,
		write: { kind: 'update', recordId: record.id, document },
		makes: madeBy(document),
		partial,
	};
}

interface MergedCase {
	caseChanges: CaseChanges;
	changes: Change[];
	conflicts: Conflict[];
	skipped: Array<{ field: string; reason: string }>;
}

/** The merge of every reconciled field, as far as it concerns the case (sync-rules §4). */
export function mergeCase(pair: ReadyPair, rules: MergeRules): MergedCase {
	const { ticket, record, case: oroCase, mapped, resolved } = pair;
	if (!oroCase) throw new Error('There is no case to merge into.');
	const { tables } = mapped;
	const result: MergedCase = { caseChanges: { attributes: {}, relationships: {} }, changes: [], conflicts: [], skipped: [] };
	const take = <R, L>(field: string, merged: Merged<R, L>, from: unknown, apply: (value: L) => void) => {
		if (merged.conflict) result.conflicts.push(merged.conflict);
		if (merged.staysLocal) result.skipped.push({ field, reason: 'changed in OroCRM; one-way sync leaves it so' });
		if (!merged.toCase) return;
		apply(merged.toCase.value);
		result.changes.push({ field, from, to: merged.toCase.value });
	};
	const relate = (name: string, type: string) => (id: string | null) => {
		result.caseChanges.relationships[name] = { data: id === null ? null : { type, id } };
	};

	const subjectMerged = mergeField<string | null, string>(
		{
			field: 'subject',
			remote: recordSubject(ticket.subject),
			base: record ? record.subject : undefined,
			local: oroCase.subject,
			toLocal: (subject) => (subject === recordSubject(ticket.subject) ? mapped.case.subject : caseSubject(subject)),
			toRemote: (subject) => subject,
			baseInLocal: record ? caseSubject(record.subject) : undefined,
		},
		rules,
	);
	take('subject', subjectMerged, oroCase.subject, (value) => {
		result.caseChanges.attributes.subject = value;
	});

	take('status', mergeStatus(pair, oroCase.status, rules), oroCase.status, relate('status', 'casestatuses'));

	take(
		'priority',
		mergeField<string | null, string | null>(
			{
				field: 'priority',
				remote: recordPriority(ticket.priority),
				base: record ? record.priority : undefined,
				local: oroCase.priority,
				toLocal: (priority) => (priority === recordPriority(ticket.priority) ? (mapped.case.priority ?? undefined) : (casePriority(priority, tables) ?? undefined)),
				toRemote: (priority) => own(tables.casePriority, priority ?? ''),
			},
			rules,
		),
		oroCase.priority,
		relate('priority', 'casepriorities'),
	);

	take(
		'assignedTo',
		mergeField<number | string | null, string | null>(
			{
				field: 'assignedTo',
				remote: ticket.assignee_id,
				base: record ? (record.assignee?.originId ?? null) : undefined,
				local: oroCase.assignedTo,
				// Only who the ticket names now is looked up; for the former assignee the record's link counts.
				toLocal: (assignee) => (sameId(assignee, ticket.assignee_id) ? assigneeOf(resolved, assignee) : (record?.assignee?.relatedUser ?? resolved.owner)),
				toRemote: () => undefined,
				baseInLocal: record ? (record.assignee?.relatedUser ?? resolved.owner) : undefined,
				same: sameId,
			},
			rules,
		),
		oroCase.assignedTo,
		relate('assignedTo', 'users'),
	);

	const requester = personOf(resolved, ticket.requester_id);
	take(
		'relatedContact',
		mergeField<number | string | null, string | null>(
			{
				field: 'relatedContact',
				remote: ticket.requester_id,
				base: record ? (record.requester?.originId ?? null) : undefined,
				local: oroCase.relatedContact,
				toLocal: (id) => (sameId(id, ticket.requester_id) ? (linkReference(requester?.contact ?? null) ?? undefined) : (record?.requester?.relatedContact ?? undefined)),
				toRemote: () => undefined,
				// A former requester without a contact left the case without one: that is the base, not an edit.
				baseInLocal: record?.requester ? record.requester.relatedContact : undefined,
				same: sameId,
			},
			rules,
		),
		oroCase.relatedContact,
		(contact) => {
			relate('relatedContact', 'contacts')(contact);
			if (requester?.account) relate('relatedAccount', 'accounts')(requester.account);
		},
	);

	mergeCustomFields(pair, result);
	return result;
}

/**
 * The status. A custom status has no place in the record, only its category: when the case has what another custom status maps to,
 * the custom status was changed within its category, and the case follows.
 */
function mergeStatus(pair: ReadyPair, local: string | null, rules: MergeRules): Merged<string | null, string | null> {
	const { ticket, record, mapped } = pair;
	const { tables } = mapped;
	const wanted = mapped.case.status;
	const customId = String(ticket.custom_status_id ?? '');
	// Also when the case's value stands for this category: or the next reconcile, with the base moved, would be the one that writes.
	const sameCategory = record?.status === ticket.status || own(tables.caseStatus, local ?? '') === ticket.status;
	if (wanted !== null && local !== wanted && own(tables.status, customId) !== undefined && sameCategory) {
		const ofCustomStatuses = Object.entries(tables.status).filter(([key]) => /^\d+$/.test(key)).map(([, status]) => status);
		if (local !== null && ofCustomStatuses.includes(local)) return { toCase: { value: wanted } };
	}
	return mergeField<string | null, string | null>(
		{
			field: 'status',
			remote: ticket.status,
			base: record ? record.status : undefined,
			local,
			toLocal: (status) => (status === ticket.status ? (wanted ?? undefined) : status === null ? undefined : (caseStatus({ status }, tables) ?? undefined)),
			toRemote: (status) => own(tables.caseStatus, status ?? ''),
		},
		rules,
	);
}

/** Custom fields have one direction and no base: the case takes the ticket's value where it differs. */
function mergeCustomFields(pair: ReadyPair, result: MergedCase): void {
	for (const [name, mapped] of Object.entries(pair.mapped.case.fields)) {
		const present = pair.case?.fields?.[name] ?? null;
		const wanted = mapped.value ?? null;
		if (present === wanted || String(present ?? '') === String(wanted ?? '') || sameDate(present, wanted)) continue;
		if (mapped.relatedType) result.caseChanges.relationships[name] = { data: wanted === null ? null : { type: mapped.relatedType, id: String(wanted) } };
		else result.caseChanges.attributes[name] = wanted;
		result.changes.push({ field: name, from: present, to: wanted });
	}
}

function withKey(changes: CaseChanges, key: string | null): CaseChanges {
	return key === null ? changes : { attributes: { ...changes.attributes, externalId: key }, relationships: changes.relationships };
}

/** The OroCRM user for a ticket's assignee: theirs, else the owner; a ticket without an assignee goes to the owner. */
export function assigneeOf(resolved: Resolved, assigneeId: number | string | null): string {
	return personOf(resolved, assigneeId)?.user ?? resolved.owner;
}

export function personOf(resolved: Resolved, zendeskUserId: number | string | null | undefined): ResolvedPerson | undefined {
	return zendeskUserId === null || zendeskUserId === undefined ? undefined : resolved.people[String(zendeskUserId)];
}

function sameId(a: number | string | null, b: number | string | null): boolean {
	return (a === null ? null : String(a)) === (b === null ? null : String(b));
}

/** The id to write: a record's own, or its name within the request. */
export function linkReference(link: Link): string | null {
	if (!link) return null;
	return 'id' in link ? link.id : link.create;
}

function linkText(link: Link): string | null {
	if (!link) return null;
	return 'id' in link ? link.id : 'new contact';
}

function notesOf(pair: ReadyPair): string[] {
	const notes = [...pair.mapped.notes];
	const { ticket, resolved } = pair;
	for (const person of Object.values(resolved.people)) if (person.foundBy === 'owner') notes.push(`${person.name} has no OroCRM user: the owner stands in.`);
	if (ticket.problem_id && !resolved.problemRecord) notes.push(`The problem ticket ${ticket.problem_id} is not in OroCRM (yet): the link is made when it comes.`);
	if (ticketState(ticket) === 'merged') notes.push('The ticket was merged into another one in Zendesk.');
	if (resolved.twins.length > 0) notes.push(`OroCRM has more than one record for this ticket: ${resolved.twins.join(', ')} beside the one used.`);
	return notes;
}

/** Names of the contacts and rows that a document makes. */
function madeBy(document: WriteDocument): string[] {
	return (document.included ?? []).filter((resource) => !resource.meta?.update && (resource.type === 'contacts' || resource.type === 'zendeskusers')).map((resource) => resource.id);
}

function listed(changes: readonly Change[]): string {
	const fields = [...new Set(changes.filter((change) => change.field !== 'comment').map((change) => change.field))];
	const comments = changes.filter((change) => change.field === 'comment').length;
	if (comments > 0) fields.push(comments === 1 ? 'one comment' : `${comments} comments`);
	return fields.length < 2 ? fields.join('') : `${fields.slice(0, -1).join(', ')} and ${fields[fields.length - 1]}`;
}

export type { CommentStep };
