import { ApiError } from '../http/api-error';
import { pieces } from '../http/concurrency';
import type { ZendeskClient } from './client';
import type { ZendeskTicket, ZendeskUser } from './types';

/** One ticket with the people it names, or undefined when there is none (404: unknown or deleted). */
export async function readTicket(client: Pick<ZendeskClient, 'get'>, id: number): Promise<{ ticket: ZendeskTicket; users: ZendeskUser[] } | undefined> {
	try {
		const body = await client.get<{ ticket: ZendeskTicket; users?: ZendeskUser[] }>(`tickets/${id}.json`, { include: 'users,comment_count' });
		return { ticket: body.ticket, users: body.users ?? [] };
	} catch (error) {
		if (error instanceof ApiError && error.status === 404) return undefined;
		throw error;
	}
}

/**
 * Tickets by id with the people they name, 100 a request, in the order of their ids. Those that Zendesk doesn't know, or that are deleted, are
 * not in the answer.
 */
export async function readTickets(client: Pick<ZendeskClient, 'get'>, ids: readonly number[]): Promise<{ tickets: ZendeskTicket[]; users: ZendeskUser[] }> {
	const tickets: ZendeskTicket[] = [];
	const users = new Map<number, ZendeskUser>();
	for (const some of pieces([...new Set(ids)].sort((a, b) => a - b), 100)) {
		const body = await client.get<{ tickets?: ZendeskTicket[]; users?: ZendeskUser[] }>('tickets/show_many.json', { ids: some.join(','), include: 'users,comment_count' });
		tickets.push(...(body.tickets ?? []));
		for (const user of body.users ?? []) users.set(user.id, user);
	}
	return { tickets, users: [...users.values()] };
}

/**
 * The tickets with this external id, the oldest first, without deleted ones. External ids of tickets are not unique (zendesk-api.md §2); of
 * more than 100 with the same one, the first 100.
 */
export async function findTicketsByExternalId(client: ZendeskClient, externalId: string): Promise<ZendeskTicket[]> {
	const body = await client.get<{ tickets?: ZendeskTicket[] }>('tickets.json', { external_id: externalId });
	return (body.tickets ?? []).filter((ticket) => ticket.external_id === externalId && ticket.status !== 'deleted').sort((a, b) => a.id - b.id);
}

/** The tickets that were changed last, newest first, with their people: for a look by hand when nothing is due. */
export async function readLatestTickets(client: ZendeskClient, count: number): Promise<{ tickets: ZendeskTicket[]; users: ZendeskUser[] }> {
	const body = await client.get<{ tickets?: ZendeskTicket[]; users?: ZendeskUser[] }>('tickets.json', {
		sort_by: 'updated_at',
		sort_order: 'desc',
		per_page: count,
		include: 'users,comment_count',
	});
	return { tickets: (body.tickets ?? []).slice(0, count), users: body.users ?? [] };
}

/** The ids of the incidents of a problem ticket (at most the first 1,000). */
export async function readIncidentIds(client: ZendeskClient, problemId: number): Promise<number[]> {
	const ids: number[] = [];
	for (let page = 1; page <= 10; page++) {
		const body = await client.get<{ tickets?: ZendeskTicket[]; next_page?: string | null }>(`tickets/${problemId}/incidents.json`, { per_page: 100, page }).catch((error: unknown) => {
			if (error instanceof ApiError && error.status === 404) return { tickets: [], next_page: null };
			throw error;
		});
		ids.push(...(body.tickets ?? []).map((ticket) => ticket.id));
		if (!body.next_page) break;
	}
	return ids;
}
