import type { Resource, TicketRecord, WriteDocument } from '../orocrm/types';
import { isCaseKey } from './case-key';
import { publishedCase } from './comment-mark';
import { knownComments, pendingComments, publishedFrom } from './comments';
import type { CommentStep } from './comments';
import { createDocument, updateDocument } from './documents';
import type { CaseChanges } from './documents';
import { FILE_BYTES_PER_WRITE, withinBytes } from './files';
import type { PreparedFiles } from './files';
import { htmlToText } from './html-text';
import { assigneeOf, personOf } from './links';
import { baseFromTicket, CLOSED, mergePair, withSentBase } from './merge-pair';
import { outgoingComments } from './outgoing-comments';
import type { Change, Link } from './pair';
import { idle, listed } from './plan';
import type { Plan, PublishSettings, ReadyPair } from './plan';
import { publishedValues } from './plan-publication';
import { nextTicketWrite } from './ticket-parts';
import { ticketState } from './ticket-state';
import { sameDate } from './text';

/** A case and its record are made; or the one of the two that is missing. */
export function planCreation(pair: ReadyPair, key: string, settings: PublishSettings, files: PreparedFiles): Plan {
	const { ticket, mapped, resolved, case: existing } = pair;
	const { now, partial } = commentsNow(pair, settings, files);
	const requester = personOf(resolved, ticket.requester_id);
	// A case that lost its record keeps what it has in one-way mode; in two-way mode both sides are merged, as far as that can be told.
	const merged = existing && settings.rules.twoWay ? mergePair({ ...pair, base: pair.base ?? baseWithoutRecord(pair) }, { ...settings.rules, closed: ticketState(ticket) !== 'live' }) : undefined;
	const document = createDocument({
		ticket,
		mapped,
		resolved,
		key: resolved.keys && keyIsOurs(existing?.externalId) ? key : null,
		channel: pair.record?.channel ?? (pair.record && resolved.twins.length > 0 ? null : settings.channel),
		comments: now,
		complete: !partial,
		record: pair.record,
		existingCase: existing,
		caseChanges: merged?.caseChanges,
		files,
	});
	const linked = existing ? (publishedCase(ticket.external_id) === existing.id ? `Ticket ${ticket.id} is tied to the case that it was published from, ${existing.id}.` : `The ticket record is made again for case ${existing.id} of ticket ${ticket.id}.`) : null;
	return {
		...idle(existing ? 'updated' : 'created', linked ?? `${pair.record ? 'Made again:' : 'Made:'} a case for ticket ${ticket.id}.`),
		changes: existing
			? [{ field: 'ticket record', from: null, to: ticket.id }, ...(merged?.changes ?? [])]
			: [
					{ field: 'subject', from: null, to: mapped.case.subject },
					{ field: 'status', from: null, to: mapped.case.status ?? 'open' },
					{ field: 'priority', from: null, to: mapped.case.priority ?? 'normal' },
					{ field: 'assignedTo', from: null, to: assigneeOf(resolved, ticket.assignee_id) },
					{ field: 'relatedContact', from: null, to: linkText(requester?.contact ?? null) },
					...now.map((step) => ({ field: 'comment', from: null, to: step.comment.id })),
				],
		conflicts: merged?.conflicts ?? [],
		notes: notesOf(pair, now, files),
		write: pair.record ? { kind: 'update', recordId: pair.record.id, document } : { kind: 'create', document },
		makes: madeBy(document),
		partial,
		continues: existing !== null && settings.rules.twoWay,
	};
}

/**
 * The base for a case whose record isn't there: for a ticket that was published from it, what it was given, when the case was never
 * edited; the ticket itself, when that wasn't; else none, so that what differs is a conflict.
 */
function baseWithoutRecord(pair: ReadyPair): TicketRecord | undefined {
	const { ticket, mapped, case: oroCase } = pair;
	if (oroCase === null || pair.record || publishedCase(ticket.external_id) !== oroCase.id) return undefined;
	const untouched = sameDate(ticket.created_at, ticket.updated_at);
	if (oroCase.updatedAt !== null || !mapped.ticket) return untouched ? baseFromTicket(pair) : undefined;
	const sent = publishedValues({ ...pair, case: oroCase, mapped: { ...mapped, ticket: mapped.ticket } });
	const base = withSentBase(baseFromTicket(pair), sent);
	// Whom Zendesk chose for a new requester isn't known: only an untouched ticket still has them.
	return sent.requester || untouched ? base : { ...base, requester: null };
}

/** A pair that is linked: its record, its case and its new comments move together, after the ticket. */
export function planUpdate(pair: ReadyPair, key: string, settings: PublishSettings, files: PreparedFiles): Plan {
	const { ticket, record, case: oroCase, resolved } = pair;
	if (!record || !oroCase) throw new Error('An update needs a record and a case.');
	if (resolved.unchanged) return idle('unchanged', `Ticket ${ticket.id} and case ${oroCase.id} are as they were.`);
	const closed = ticketState(ticket) !== 'live';
	const merged = mergePair(pair, { ...settings.rules, closed });
	const { now, partial } = commentsNow(pair, settings, files);
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
		files,
	});
	const outgoing = settings.rules.twoWay ? outgoingComments(ticket.comments, knownComments(resolved), settings.commentsSince) : [];
	const ticketWrite = settings.rules.twoWay && !closed ? nextTicketWrite(merged.ticketChanges, merged.ticketFields, outgoing, pair.refused) : null;
	const followUps = closed && settings.closedTickets === 'followUp' && !pair.refused ? outgoing : [];
	const skipped = [...merged.skipped];
	if (closed && followUps.length === 0) for (const comment of outgoing) skipped.push({ field: 'comment', reason: `comment ${comment.id} stays in OroCRM: ${CLOSED}` });
	if (settings.rules.twoWay && descriptionWasEdited(pair)) skipped.push({ field: 'description', reason: 'changed in OroCRM and left so: a ticket’s description can’t be changed' });
	// A comment that came from here and is only tied to where it came from is no change of the case.
	const copied = now.filter((step) => publishedFrom(step.comment, resolved.site) === undefined);
	const changes: Change[] = [...merged.changes, ...copied.map((step) => ({ field: 'comment', from: null, to: step.comment.id }))];
	const notes = notesOf(pair, now, files);
	if (isAdopted(pair)) notes.push('Adopted: the record was made by OroCRM’s own Zendesk integration; what it lacked is filled in.');
	if (!partial && document.included === undefined && recordIsCurrent(record, document.data)) {
		const nothing = ticketWrite === null && followUps.length === 0;
		const stays = skipped.length > 0 ? `Ticket ${ticket.id} and case ${oroCase.id} are left as they are: ${skipped.map(({ field, reason }) => `${field} ${reason}`).join('; ')}.` : `Ticket ${ticket.id} and case ${oroCase.id} are as they were.`;
		return { ...idle(nothing && skipped.length > 0 ? 'skipped' : 'unchanged', nothing ? stays : '', skipped, notes), conflicts: merged.conflicts, ticketWrite, followUps };
	}
	return {
		...idle('updated', changes.length > 0 ? `Case ${oroCase.id} takes ${listed(changes)} from ticket ${ticket.id}.` : `Case ${oroCase.id} stays as it is; the record of ticket ${ticket.id} is brought up to date.`, skipped, notes),
		changes,
		conflicts: merged.conflicts,
		ticketWrite,
		followUps,
		write: { kind: 'update', recordId: record.id, document },
		makes: madeBy(document),
		partial,
	};
}

/** The comments of the next request to OroCRM, and whether that leaves something for a further one. */
function commentsNow(pair: ReadyPair, settings: PublishSettings, files: PreparedFiles): { now: CommentStep[]; partial: boolean } {
	const pending = pendingComments(pair.ticket.comments ?? [], knownComments(pair.resolved));
	const now = withinBytes(pending, settings.commentsPerWrite, FILE_BYTES_PER_WRITE, files);
	return { now, partial: now.length < pending.length || waitsForIncidents(pair) };
}

/**
 * OroCRM's rich-text field adds markup by itself, and Zendesk's text of a link is another one than ours: so only the words are compared,
 * and only when it is the case that was touched.
 */
function descriptionWasEdited({ origin, case: oroCase, ticket }: ReadyPair): boolean {
	const words = (text: string | null | undefined) => htmlToText(text ?? '').replace(/https?:\/\/[^\s)>\]]+/g, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
	const mine = words(oroCase?.description);
	return origin === 'orocrm' && mine !== '' && mine !== words(ticket.description);
}

/** True when the record says already what this request would say. */
function recordIsCurrent(record: TicketRecord, wanted: Resource): boolean {
	const { attributes = {}, relationships = {} } = wanted;
	const same = (a: unknown, b: unknown) => (a ?? null) === (b ?? null) || sameDate(a, b);
	const known = record as unknown as Record<string, unknown>;
	const fields = Object.entries(attributes).every(([name, value]) => name === 'description' || same(known[name], value));
	const idOf = (value: unknown) => (value && typeof value === 'object' && 'id' in value ? value.id : (value ?? null));
	return (
		fields &&
		Object.entries(relationships).every(([name, { data }]) => {
			if (!Array.isArray(data)) return idOf(known[name]) === (data?.id ?? null);
			const ids = data.map((one) => one.id).sort();
			return JSON.stringify(ids) === JSON.stringify([...record.collaborators].sort());
		})
	);
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

function notesOf(pair: ReadyPair, comments: readonly CommentStep[], files: PreparedFiles): string[] {
	const notes = [...pair.mapped.notes, ...pair.mapped.caseNotes];
	const { ticket, resolved } = pair;
	for (const person of Object.values(resolved.people)) if (person.foundBy === 'owner') notes.push(`${person.name} has no OroCRM user: the owner stands in.`);
	if (ticket.problem_id && !resolved.problemRecord) notes.push(`The problem ticket ${ticket.problem_id} is not in OroCRM (yet): the link is made when it comes.`);
	if (ticketState(ticket) === 'merged') notes.push('The ticket was merged into another one in Zendesk.');
	for (const { comment, caseComment } of comments) {
		for (const file of caseComment === null && Array.isArray(comment.attachments) ? comment.attachments : []) {
			const prepared = files.get(file?.id);
			if (prepared && 'reason' in prepared) notes.push(`File "${file.file_name}" of comment ${comment.id} is a line with its address: ${prepared.reason}.`);
		}
	}
	return notes;
}

/** Names of the contacts and rows that a document makes. */
function madeBy(document: WriteDocument): string[] {
	return (document.included ?? []).filter((resource) => !resource.meta?.update && (resource.type === 'contacts' || resource.type === 'zendeskusers')).map((resource) => resource.id);
}
