import type { WriteDocument } from '../orocrm/types';
import { pendingComments } from './comments';
import { createDocument, updateDocument } from './documents';
import type { CaseChanges } from './documents';
import { assigneeOf, personOf } from './links';
import { mergeCase } from './merge-case';
import type { MergeRules } from './reconcile';
import type { Change, Conflict, Link, Mapped, Outcome, Pair, Resolved, TicketInPair } from './pair';
import { isCaseKey } from './case-key';
import { ticketState } from './ticket-state';
import { laterDate, sameDate } from './text';

export interface PublishSettings {
	/** Id of OroCRM's Zendesk integration, or null: then creation is not guarded by its unique index. */
	channel: string | null;
	/** True when a person chose it: then its records are this Zendesk account's, also when they name another address. */
	channelIsChosen: boolean;
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
	// A run that was handed an older state (a repeated batch, a retry by hand) must not put the clock back (sync-rules §6.6).
	if (record && pair.case && laterDate(record.originUpdatedAt, ticket.updated_at)) {
		return idle('unchanged', `OroCRM knows a later state of ticket ${ticket.id} (${record.originUpdatedAt}): this one of ${ticket.updated_at} changes nothing.`);
	}
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
	// Closed once: a case that a person opens again afterwards stays open, also when the ticket is scrubbed later.
	if (sameDate(record.originUpdatedAt, ticket.updated_at) && (!close || oroCase.status === 'closed' || record.status === 'closed')) {
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
	const partial = now.length < comments.length || waitsForIncidents(pair);
	const requester = personOf(resolved, ticket.requester_id);
	const document = createDocument({
		ticket,
		mapped,
		resolved,
		key: resolved.keys && keyIsOurs(pair.case?.externalId) ? key : null,
		channel: pair.record?.channel ?? (pair.record && resolved.twins.length > 0 ? null : settings.channel),
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
	const partial = now.length < comments.length || waitsForIncidents(pair);
	const adopts = isAdopted(pair);
	const document = updateDocument(record.id, {
		ticket,
		resolved,
		// With a twin about, the number may be taken in the integration: the record stays where it is.
		channel: record.channel ?? (resolved.twins.length === 0 ? settings.channel : null),
		complete: !partial,
		caseId: oroCase.id,
		// The key says that nothing is missing any more, so it comes with the last of the comments.
		caseChanges: withKey(merged.caseChanges, resolved.keys && keyIsOurs(oroCase.externalId) && oroCase.externalId !== key && !partial ? key : null),
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

/** A problem's incidents may be in OroCRM before it: they are tied to it before its record says that all is done. */
function waitsForIncidents(pair: ReadyPair): boolean {
	const { ticket, record, resolved } = pair;
	return ticket.type === 'problem' && ticket.has_incidents === true && !resolved.incidentsTied && (record?.originUpdatedAt ?? null) === null;
}

/** True for a case that OroCRM's own integration made, and that the sync hasn't completed yet. A key of somebody else's says nothing. */
export function isAdopted(pair: Pick<ReadyPair, 'record' | 'case' | 'resolved'>): boolean {
	return pair.record !== null && pair.case !== null && pair.resolved.keys && (pair.case.externalId ?? '') === '';
}

/** Only an empty key, or one of this sync, may be set: another one is somebody else's (sync-rules §4: unmapped fields are never touched). */
function keyIsOurs(externalId: string | null | undefined): boolean {
	return (externalId ?? '') === '' || isCaseKey(externalId);
}

function withKey(changes: CaseChanges, key: string | null): CaseChanges {
	return key === null ? changes : { attributes: { ...changes.attributes, externalId: key }, relationships: changes.relationships };
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

/** `status, priority and 3 comments`. */
export function listed(changes: readonly Change[]): string {
	const fields = [...new Set(changes.filter((change) => change.field !== 'comment').map((change) => change.field))];
	const comments = changes.filter((change) => change.field === 'comment').length;
	if (comments > 0) fields.push(comments === 1 ? 'one comment' : `${comments} comments`);
	return fields.length < 2 ? fields.join('') : `${fields.slice(0, -1).join(', ')} and ${fields[fields.length - 1]}`;
}
