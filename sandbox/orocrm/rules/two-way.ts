import type { Id } from '../schema/types';
import type { Change, Store } from '../store/store';

/** Fields of a case whose change OroCRM's own integration sends to Zendesk (orocrm-api.md §6). */
const EXPORTED = new Set(['subject', 'description', 'status', 'priority', 'relatedContact', 'assignedTo', 'owner']);

/**
 * Counts what OroCRM itself would have sent to Zendesk: changed cases whose ticket record belongs to a channel that is
 * enabled and two-way. A new case never counts (orocrm-api.md §6). Nothing is sent.
 */
export function countTwoWayExports(store: Store): void {
	store.onCommit((changes, quiet) => {
		if (quiet) return;
		for (const change of changes) {
			if (change.kind === 'updated' && change.type === 'cases') countCase(store, change);
		}
	});
}

function countCase(store: Store, change: Change): void {
	if (!change.fields.some((field) => EXPORTED.has(field))) return;
	const table = store.table('zendesktickets');
	for (const ticketId of table.index('relatedCase')!.ids(change.id)) {
		const ticket = table.get(ticketId)!;
		if (!isTwoWay(store, ticket.channel as Id | null)) continue;
		store.twoWayExports.push({
			caseId: change.id,
			ticketRecordId: ticketId,
			originId: ticket.originId as string | null,
			fields: change.fields.filter((field) => EXPORTED.has(field)),
			at: store.now(),
		});
	}
}

export function isTwoWay(store: Store, channelId: Id | null): boolean {
	const channel = channelId === null ? undefined : store.get('integrationchannels', channelId);
	return channel?.enabled === true && channel.isTwoWaySyncEnabled === true;
}
