import type { ZendeskClient } from './client';
import type { TicketExportPage, ZendeskTicket, ZendeskUser } from './types';

/** Where an export goes on: after a cursor that Zendesk gave, or at a time (seconds since 1970) when there is none yet. */
export type ExportPosition = { cursor: string } | { startTime: number };

interface ExportBody {
	tickets?: ZendeskTicket[];
	users?: ZendeskUser[];
	after_cursor?: string | null;
	end_of_stream?: boolean;
}

/**
 * One page of the cursor export with the people side-loaded: one request (zendesk-api.md §3).
 *
 * `pageSize` is at most 1000. Zendesk leaves out the last minute and refuses (400 StartTimeTooRecent) a starting time that
 * is younger than that. `deleted: false` leaves deleted tickets out.
 */
export async function readTicketExport(client: ZendeskClient, position: ExportPosition, pageSize: number): Promise<TicketExportPage> {
	const { body, answeredAt } = await client.getDated<ExportBody>('incremental/tickets/cursor.json', {
		...('cursor' in position ? { cursor: position.cursor } : { start_time: position.startTime }),
		per_page: pageSize,
		include: 'users,comment_count',
	});
	const tickets = Array.isArray(body.tickets) ? body.tickets : [];
	return {
		tickets,
		users: Array.isArray(body.users) ? body.users : [],
		afterCursor: body.after_cursor ?? null,
		answeredAt,
		// A page without rows is the end whatever it says; a page that says nothing is the end when it isn't full.
		endOfStream: tickets.length === 0 || (body.end_of_stream ?? tickets.length < pageSize),
	};
}
