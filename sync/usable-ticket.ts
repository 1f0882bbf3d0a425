import type { TicketInPair } from './pair';

/** A ticket whose lists are lists and whose numbers are numbers: Zendesk may answer oddly, and a builder's own node may have bent it. */
export function usableTicket(ticket: TicketInPair): TicketInPair {
	const { problem_id: problem, people } = ticket;
	return { ...ticket, people: Array.isArray(people) ? people : [], problem_id: isNumber(problem) ? problem : null };
}

function isNumber(id: unknown): boolean {
	return typeof id === 'number' && Number.isSafeInteger(id) && id > 0;
}
