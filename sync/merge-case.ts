import type { CaseChanges } from './documents';
import { casePriority, caseStatus, caseSubject, own } from './field-maps';
import { assigneeOf, linkReference, personOf, sameId } from './links';
import type { Change, Conflict } from './pair';
import type { ReadyPair } from './plan';
import { mergeField } from './reconcile';
import type { Merged, MergeRules } from './reconcile';
import { asText, sameDate } from './text';
import { recordPriority, recordSubject } from './ticket-record';

export interface MergedCase {
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
	const take: Take = (field, merged, from, apply) => {
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

	mergeContact(pair, rules, result, take);
	mergeCustomFields(pair, result);
	return result;
}

type Take = <R, L>(field: string, merged: Merged<R, L>, from: unknown, apply: (value: L) => void) => void;

/** The related contact, and with it its account. */
function mergeContact(pair: ReadyPair, rules: MergeRules, result: MergedCase, take: Take): void {
	const { ticket, record, case: oroCase, resolved } = pair;
	if (!oroCase) return;
	const requester = personOf(resolved, ticket.requester_id);
	const contact = linkReference(requester?.contact ?? null);
	const sameRequester = record !== null && sameId(record.requester?.originId ?? null, ticket.requester_id);
	if (contact === null && record && !sameRequester && oroCase.relatedContact !== null) {
		result.skipped.push({ field: 'relatedContact', reason: 'the ticket has a new requester, who has no contact in OroCRM' });
		return;
	}
	// The contact was deleted in OroCRM, which emptied the case and the stored link: that is no edit of the case, and it is filled again.
	const emptied = oroCase.relatedContact === null && sameRequester && record?.requester?.relatedContact === null;
	const merged: Merged<number | string | null, string | null> = emptied && contact !== null ? { toCase: { value: contact } } : mergeField<number | string | null, string | null>(
			{
				field: 'relatedContact',
				remote: ticket.requester_id,
				base: record ? (record.requester?.originId ?? null) : undefined,
				local: oroCase.relatedContact,
				toLocal: (id) => (sameId(id, ticket.requester_id) ? (contact ?? undefined) : (record?.requester?.relatedContact ?? undefined)),
				toRemote: () => undefined,
				// A former requester without a contact left the case without one: that is the base, not an edit.
				baseInLocal: record?.requester ? record.requester.relatedContact : undefined,
				same: sameId,
			},
			rules,
		);
	take('relatedContact', merged, oroCase.relatedContact, (value) => {
		result.caseChanges.relationships.relatedContact = { data: value === null ? null : { type: 'contacts', id: value } };
		// The former contact's account says nothing about the new one.
		const account = requester?.account ?? null;
		if (account !== oroCase.relatedAccount) result.caseChanges.relationships.relatedAccount = { data: account === null ? null : { type: 'accounts', id: account } };
	});
}

/**
 * The status. A custom status has no place in the record, only its category: when the case has what another custom status maps to,
 * the custom status was changed within its category, and the case follows.
 */
function mergeStatus(pair: ReadyPair, local: string | null, rules: MergeRules): Merged<string | null, string | null> {
	const { ticket, record, mapped } = pair;
	const { tables } = mapped;
	const wanted = mapped.case.status;
	const customId = asText(ticket.custom_status_id);
	// Also when the case's value stands for this category: or the next reconcile, with the base moved, would be the one that writes.
	const sameCategory = record?.status === ticket.status || own(tables.caseStatus, local ?? '') === ticket.status;
	if (wanted !== null && local !== wanted && own(tables.status, customId) !== undefined && sameCategory) {
		const ofCustomStatuses = Object.entries(tables.status).filter(([key]) => /^\d+$/.test(key)).map(([, status]) => status);
		// Whether the case was edited or the custom status was changed can't be told, so it is reported as a conflict.
		if (local !== null && ofCustomStatuses.includes(local)) return { toCase: { value: wanted }, conflict: { field: 'status', remote: wanted, local, base: null, winner: 'remote' } };
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
		// OroCRM gives decimals as text, "1.5000".
		const sameNumber = typeof wanted === 'number' && present !== null && Number(present) === wanted;
		if (present === wanted || String(present ?? '') === String(wanted ?? '') || sameNumber || sameDate(present, wanted)) continue;
		if (mapped.relatedType) result.caseChanges.relationships[name] = { data: wanted === null ? null : { type: mapped.relatedType, id: String(wanted) } };
		else result.caseChanges.attributes[name] = wanted;
		result.changes.push({ field: name, from: present, to: wanted });
	}
}
