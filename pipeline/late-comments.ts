import type { Pair } from '../sync/pair';
import type { ZendeskClient } from '../zendesk/client';
import type { ZendeskTicket } from '../zendesk/types';
import { CommentExport, TICKETS_PER_PAGE } from './comment-export';
import { withComments } from './ticket-pairs';

/**
 * Exports of events of which a trigger in this process reads, by account and beginning. They are the triggers' own and end with them: what is kept in one is
 * some megabytes.
 */
const lent = new Map<string, WeakRef<CommentExport>>();

/**
 * Lets Resolve read the comments of a batch in bulk, where it turns out to need them. The first batch that a trigger hands out may well have been
 * handled before, by a copy of the workflow or by a run that died at its end: OroCRM tells, and the trigger doesn't ask OroCRM.
 *
 * Gives back since when the events are read, in seconds since 1970; undefined when these tickets don't tell.
 */
export function lendExport(account: string, comments: CommentExport, tickets: readonly ZendeskTicket[]): number | undefined {
	const since = comments.beginWith(tickets);
	for (const [name, reference] of lent) if (!reference.deref()) lent.delete(name);
	if (since !== undefined) lent.set(nameOf(account, since), new WeakRef(comments));
	return since;
}

/**
 * Pairs whose comments were left to be read later, with the comments of those that the events tell in full. The trigger's own reader goes on; where there
 * is none (n8n's workers are other processes), reading begins anew, if it is worth it.
 *
 * Throws the `ApiError` of a system in trouble.
 */
export async function readLateComments<P extends Pair>(pairs: readonly P[], client: ZendeskClient): Promise<P[]> {
	const late = pairs.filter((pair) => pair.eventsSince !== undefined && pair.ticket && !pair.ticket.comments);
	const found = new Map<P, P>();
	for (const since of new Set(late.map((pair) => pair.eventsSince))) {
		if (typeof since !== 'number') continue;
		const batch = late.filter((pair) => pair.eventsSince === since);
		const tickets = batch.flatMap(({ ticket }) => ticket ?? []);
		const reader = lent.get(nameOf(client.baseUrl, since))?.deref() ?? (tickets.length >= TICKETS_PER_PAGE ? new CommentExport(client, since) : undefined);
		const comments = await reader?.commentsOf(tickets);
		for (const pair of batch) if (pair.ticket && comments?.has(pair.ticket.id)) found.set(pair, { ...pair, ticket: withComments(pair.ticket, comments.get(pair.ticket.id)) });
	}
	return pairs.map((pair) => found.get(pair) ?? pair);
}

function nameOf(account: string, since: number): string {
	return `${account} ${since}`;
}
