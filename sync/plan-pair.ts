import { updateDocument } from './documents';
import { noFiles } from './files';
import type { PreparedFiles } from './files';
import type { Change } from './pair';
import { idle } from './plan';
import type { Plan, PublishSettings, ReadyPair } from './plan';
import { planCreation, planUpdate } from './plan-case';
import { ticketState } from './ticket-state';
import { laterDate, sameDate } from './text';

/** Decides what to do about a ticket and its case. Pure. */
export function planPair(pair: ReadyPair, key: string, settings: PublishSettings, files: PreparedFiles = noFiles): Plan {
	const { ticket, record } = pair;
	// A run that was handed an older state (a repeated batch, a retry by hand) must not put the clock back (sync-rules §6.6).
	if (record && pair.case && laterDate(record.originUpdatedAt, ticket.updated_at)) {
		return idle('unchanged', `OroCRM knows a later state of ticket ${ticket.id} (${record.originUpdatedAt}): this one of ${ticket.updated_at} changes nothing.`);
	}
	const state = ticketState(ticket);
	if (state === 'deleted' || state === 'scrubbed') return planDeleted(pair, settings);
	if (!record) return planCreation(pair, key, settings, files);
	if (!pair.case) {
		if (settings.deletedCases === 'recreate') return planCreation(pair, key, settings, files);
		return idle('skipped', `The case of ticket ${ticket.id} was deleted in OroCRM, so it is not made again.`, [{ field: 'case', reason: 'deleted in OroCRM' }]);
	}
	return planUpdate(pair, key, settings, files);
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
