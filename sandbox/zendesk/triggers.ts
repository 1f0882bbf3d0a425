import type { Store } from './store';
import { applyChanges, type TicketChanges } from './ticket-changes';
import type { Audit, Ticket, Via } from './types';

/** A business rule as an administrator makes them: it looks at each creation and update and changes the ticket once more. */
export interface Trigger {
	title: string;
	/** What it changes of the ticket, which is as the update left it; nothing or undefined: the trigger does not fire. */
	run: (event: { ticket: Ticket; audit: Audit }) => Omit<TicketChanges, 'comment' | 'new_requester'> | undefined;
}

/** A trigger of this account, with the number that its events name. */
export interface ActiveTrigger extends Trigger {
	id: number;
}

/**
 * Runs every trigger once, in order; a later one sees what the earlier ones did. Their changes stand in the same audit as the
 * update's, after its own events, as Change with the rule in `via` – in a creation's audit too (R:tickets.update.2, tickets.create.4).
 */
export function runTriggers(store: Store, ticket: Ticket, audit: Audit): void {
	for (const trigger of store.triggers) {
		const changes = trigger.run({ ticket, audit });
		if (!changes) continue;
		const events = applyChanges(store, ticket, changes);
		if (events.length === 0) continue;
		const via = ruleVia(trigger);
		store.ids.take(events.length);
		audit.changes.push(...events.map((event) => ({ ...event, via })));
		store.putTicket(ticket);
		store.changed();
	}
}

function ruleVia(trigger: ActiveTrigger): Via {
	const from = { deleted: false, title: trigger.title, id: trigger.id, revision_id: 1 };
	return { channel: 'rule', source: { from, rel: 'trigger' } };
}
