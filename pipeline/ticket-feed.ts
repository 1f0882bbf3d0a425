import type { Pair } from '../sync/pair';
import type { ZendeskClient } from '../zendesk/client';
import { isTooRecent } from '../zendesk/errors';
import { readTicketExport } from '../zendesk/ticket-export';
import type { ExportPosition } from '../zendesk/ticket-export';
import { readLatestTickets } from '../zendesk/tickets';
import { BatchFeed } from './batch-feed';
import type { FeedOutside } from './batch-feed';
import { commentExport, letsThrough } from './ticket-pages';
import { pairsOf } from './ticket-pairs';
import { TicketSource } from './ticket-source';
import type { FeedSettings, FeedState, SourceOutside } from './ticket-source';

export type { FeedSettings, FeedState } from './ticket-source';

/** Hands out changed tickets. */
export class TicketFeed extends BatchFeed<FeedState> {
	constructor(state: FeedState, client: ZendeskClient, settings: FeedSettings, outside: FeedOutside<FeedState> & SourceOutside) {
		super(state, new TicketSource(client, settings, state, outside), { what: 'tickets', runDeadline: settings.runDeadline }, outside);
	}

	/** The present's, while there is a backfill. */
	get position(): ExportPosition {
		return this.state.position;
	}
}

/** The position for a starting point. `now` in milliseconds since 1970. */
export function startingPosition(start: { from: 'now' | 'date' | 'everything'; date?: string }, now: number): ExportPosition {
	if (start.from === 'everything') return { startTime: 0 };
	if (start.from === 'now') return { startTime: Math.floor(now / 1000) };
	const time = Date.parse(start.date ?? '');
	if (Number.isNaN(time)) throw new Error(`"${start.date ?? ''}" is no date to start from.`);
	return { startTime: Math.max(0, Math.floor(time / 1000)) };
}

/** Pairs that a look by hand shows when nothing is due. */
const LATEST = 3;

/** What is due now, one batch at most; when nothing is, the latest few, so that a builder sees what an item looks like. Moves nothing. */
export async function dueNow(client: ZendeskClient, state: Pick<FeedState, 'position' | 'events'>, settings: FeedSettings): Promise<Pair[]> {
	const due = await readTicketExport(client, state.position, settings.batchSize).catch((error: unknown) => {
		if (isTooRecent(error)) return undefined;
		throw error;
	});
	const page = due && due.tickets.length > 0 ? due : await readLatestTickets(client, LATEST);
	const tickets = page.tickets.filter((ticket) => letsThrough(ticket, settings));
	return pairsOf(tickets, page.users, page === due ? await commentExport(client, state).commentsOf(tickets) : undefined);
}
