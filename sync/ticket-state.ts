import type { ZendeskTicket } from '../zendesk/types';

/** What became of a ticket (sync-rules §5), as far as it decides what the sync does. */
export type TicketState = 'live' | 'closed' | 'merged' | 'deleted' | 'scrubbed';

/**
 * Deleted tickets are only seen in exports, as `status: deleted`; about 30 days later their texts read SCRUBBED and X
 * (zendesk-api.md §5). A merged ticket is closed and tagged `closed_by_merge`.
 */
export function ticketState(ticket: Pick<ZendeskTicket, 'status' | 'subject' | 'description' | 'tags'>): TicketState {
	if (ticket.status === 'deleted') return ticket.subject === 'SCRUBBED' && ticket.description === 'X' ? 'scrubbed' : 'deleted';
	if (ticket.status === 'closed') return Array.isArray(ticket.tags) && ticket.tags.includes('closed_by_merge') ? 'merged' : 'closed';
	return 'live';
}
