import type { ZendeskClient } from './client';
import type { TicketEvent, TicketEventPage } from './types';

/** Rows of a full page (zendesk-api.md §3, §4). */
const FULL_PAGE = 1000;

interface EventBody {
	ticket_events?: TicketEvent[];
	end_time?: number | null;
	end_of_stream?: boolean;
}

/**
 * One page of the ticket event export with the texts of comments: one request, which counts with the other exports (zendesk-api.md §4).
 *
 * `startTime` in seconds since 1970, that second included. Zendesk leaves out the last minute and refuses (400 StartTimeTooRecent) a
 * starting time that is younger than that. The last second of a page may come again with the next one.
 */
export async function readTicketEvents(client: ZendeskClient, startTime: number): Promise<TicketEventPage> {
	const body = await client.get<EventBody>('incremental/ticket_events.json', { start_time: startTime, include: 'comment_events' });
	const events = Array.isArray(body.ticket_events) ? body.ticket_events : [];
	return {
		events,
		// A page without rows has none (zendesk-api.md §4): the old one stays.
		endTime: typeof body.end_time === 'number' ? body.end_time : startTime,
		endOfStream: events.length === 0 || (body.end_of_stream ?? events.length < FULL_PAGE),
	};
}
