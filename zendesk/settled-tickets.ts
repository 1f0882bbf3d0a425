import type { Time } from '../http/time';
import type { ZendeskClient } from './client';
import { DatedReader } from './dated-reader';
import { readTicket, readTickets } from './tickets';
import type { ZendeskTicket, ZendeskUser } from './types';

/**
 * Tickets that won't change unseen. Dates in Zendesk are whole seconds: a ticket that was changed just now may change again within the same
 * one, and nothing would tell. So it is read once more when that second is over.
 */

/** An answer of so much later than a ticket's last change is outside its second, whatever was rounded. Milliseconds. */
const SECOND_IS_OVER = 2_000;

interface TicketWithPeople {
	ticket: ZendeskTicket;
	users: ZendeskUser[];
}

/**
 * True when the second of the last change was over when Zendesk answered.
 *
 * @param updatedAt as Zendesk gives it
 * @param answeredAt by Zendesk's clock, milliseconds since 1970; undefined: not known, so it may not have been over
 */
export function isSettled(updatedAt: string, answeredAt: number | undefined): boolean {
	return answeredAt !== undefined && !(answeredAt - Date.parse(updatedAt) < SECOND_IS_OVER);
}

/** One ticket with the people it names, or undefined when there is none. */
export async function readSettledTicket(client: ZendeskClient, id: number, time: Pick<Time, 'sleep'>): Promise<TicketWithPeople | undefined> {
	const reader = new DatedReader(client);
	const found = await readTicket(reader, id);
	if (!found || isSettled(found.ticket.updated_at, reader.answeredAt)) return found;
	await time.sleep(SECOND_IS_OVER);
	return await readTicket(client, id);
}

/** Tickets by number. Those that Zendesk doesn't know, or that are deleted, are missing. */
export async function readSettledTickets(client: ZendeskClient, ids: readonly number[], time: Pick<Time, 'sleep'>): Promise<Map<number, TicketWithPeople>> {
	const found = new Map<number, TicketWithPeople>();
	const reader = new DatedReader(client);
	const read = async (some: readonly number[]) => {
		if (some.length === 0) return;
		const { tickets, users } = await readTickets(reader, some);
		for (const ticket of tickets) found.set(ticket.id, { ticket, users });
	};
	await read(ids);
	const fresh = [...found.values()].filter(({ ticket }) => !isSettled(ticket.updated_at, reader.answeredAt)).map(({ ticket }) => ticket.id);
	if (fresh.length > 0) await time.sleep(SECOND_IS_OVER);
	for (const id of fresh) found.delete(id);
	await read(fresh);
	return found;
}
