import type { Outcome, Pair, Result } from '../sync/pair';
import { isFailure } from './clients';
import type { Clients, Failure } from './clients';

/** Addresses for people to click on. */
export function linksOf(pair: Pick<Pair, 'ticket'>, caseId: string | null, clients: Clients): Result['links'] {
	return { ticket: pair.ticket ? ticketLink(pair.ticket.url, pair.ticket.id, clients) : null, case: caseId ? caseLink(caseId, clients) : null };
}

/** A failure with the addresses of what failed: people look at it there. */
export function withLinks<T extends object>(outcome: T | Failure, pair: Pair, clients: Clients): T | Failure {
	if (!isFailure(outcome)) return outcome;
	return { ...outcome, links: linksOf({ ticket: pair?.ticket?.id ? pair.ticket : null }, pair?.case?.id ?? null, clients) };
}

export function ticketLink(url: string | null, id: number, clients: Clients): string {
	const origin = /^https?:\/\/[^/]+/.exec(url ?? '')?.[0] ?? clients.zendesk.baseUrl;
	return `${origin}/agent/tickets/${id}`;
}

/** The case's page in OroCRM; with OroCommerce the back office is below /admin. */
export function caseLink(id: string, clients: Clients): string {
	return `${clients.oro.baseUrl}${clients.oro.apiPath.startsWith('/admin') ? '/admin' : ''}/case/view/${id}`;
}

/** The result of a pair that nothing was tried with, and why. */
export function passedOver(pair: Pair, reason: string, clients: Clients): Result {
	return {
		outcome: 'skipped',
		preview: false,
		summary: `Passed over: ${reason}.`,
		changes: [],
		conflicts: [],
		skipped: [{ field: pair.ticket ? 'ticket' : 'case', reason }],
		notes: [],
		ticketId: pair.ticket?.id ?? null,
		caseId: pair.case?.id ?? null,
		recordId: pair.record?.id ?? null,
		links: linksOf(pair, pair.case?.id ?? null, clients),
	};
}

/** The most that was done of several things. */
export function mostDone(outcomes: readonly Outcome[]): Outcome {
	return (['created', 'updated', 'skipped'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'unchanged';
}

/** What two looks at one pair did, one after the other. */
export function together(first: Result, second: Result): Result {
	const outcome = mostDone([first.outcome, second.outcome]);
	return {
		...second,
		outcome,
		summary: [first, second].filter((result) => result.outcome === outcome).map((result) => result.summary).join(' '),
		changes: [...first.changes, ...second.changes],
		conflicts: [...first.conflicts, ...second.conflicts],
		skipped: [...first.skipped, ...second.skipped],
		notes: [...new Set([...first.notes, ...second.notes])],
	};
}
