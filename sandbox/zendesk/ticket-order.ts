import { compareKeys, type KeyPart, type Order } from './paging';
import type { Ticket } from './types';

const STATUSES = ['new', 'open', 'pending', 'hold', 'solved', 'closed', 'deleted'];
const PRIORITIES = ['low', 'normal', 'high', 'urgent'];

const KEYS: Record<string, (ticket: Ticket) => KeyPart[]> = {
	id: (ticket) => [ticket.id],
	created_at: (ticket) => [new Date(ticket.created_at), ticket.id],
	updated_at: (ticket) => [new Date(ticket.updated_at), ticket.id],
	status: (ticket) => [STATUSES.indexOf(ticket.status), ticket.id],
	priority: (ticket) => [PRIORITIES.indexOf(ticket.priority ?? ''), ticket.id],
	subject: (ticket) => [ticket.subject ?? '', ticket.id],
};

/** `sort=-updated_at` with cursors, `sort_by` and `sort_order` with pages; by number unless asked otherwise (zendesk-api.md §2). */
export function ticketOrder(sort: string | undefined, direction?: string): Order<Ticket> {
	const descending = sort?.startsWith('-') || direction === 'desc';
	const field = sort?.replace(/^-/, '') ?? 'id';
	const key = KEYS[field] ?? KEYS.id;
	if (key === KEYS.id) return { name: 'nice_id', key, descending };
	return { name: `${field},id`, key, descending };
}

export function sortedTickets(tickets: Ticket[], order: Order<Ticket>): Ticket[] {
	if (order.name === 'nice_id' && !order.descending) return tickets;
	const sign = order.descending ? -1 : 1;
	return tickets.sort((a, b) => sign * compareKeys(order.key(a), order.key(b)));
}
