import { isUnsupportedFilter } from './errors';
import { OriginIndex } from './origin-index';

/**
 * What is known of one OroCRM server: which filters it has (DESIGN "Know the server"), found out by using them. `undefined` = not tried.
 * Kept between runs of a process as a hint; a server that was upgraded is tried again after a while.
 */
export class ServerKnowledge {
	/** `filter[originId]` on the zendesk resources: only with the overlay. */
	originIdFilter: boolean | undefined;
	/** `externalId` on cases and as a path filter: 6.1.10+, 7.0.2+. */
	caseKeys: boolean | undefined;
	/** `filter[searchQuery]` on contacts. */
	searchQuery: boolean | undefined;
	/** Filter and sort by `updatedAt` on cases: only with the overlay. */
	caseDates: boolean | undefined;
	/** `filter[status][neq_or_null]` on zendesktickets: measured nowhere, so not relied on. */
	neqOrNull: boolean | undefined;
	/** Synchronous batches of ticket records: false once the server refused them, or put one off. Tried only with the overlay. */
	batches: boolean | undefined;
	ticketIndex = new OriginIndex('zendesktickets');
	peopleIndex = new OriginIndex('zendeskusers');

	/** @param learnedAt see `Time` */
	constructor(readonly learnedAt: number) {}

	/** Forgets which rows there are: after a conflict, for the database may have been restored. */
	forgetRows(): void {
		this.ticketIndex = new OriginIndex('zendesktickets');
		this.peopleIndex = new OriginIndex('zendeskusers');
	}
}

/** What a server may or may not be able to do, and how its refusal names the filter. */
const FILTERS = { originIdFilter: /originId/, caseKeys: /externalId/, searchQuery: /searchQuery/, caseDates: /updatedAt|^sort$/, neqOrNull: /neq_or_null/ };

/** Runs a read that needs a certain filter; undefined when the server is known not to have it, or says so now. */
export async function unlessUnsupported<T>(knowledge: ServerKnowledge, ability: keyof typeof FILTERS, read: () => Promise<T>): Promise<T | undefined> {
	if (knowledge[ability] === false) return undefined;
	try {
		const result = await read();
		knowledge[ability] = true;
		return result;
	} catch (error) {
		if (!isUnsupportedFilter(error, FILTERS[ability])) throw error;
		knowledge[ability] = false;
		return undefined;
	}
}


const HOW_LONG = 60 * 60_000;
const known = new Map<string, ServerKnowledge>();

/** The knowledge of the server at `apiUrl`, fresh after an hour. */
export function serverKnowledge(apiUrl: string, now: number): ServerKnowledge {
	const present = known.get(apiUrl);
	if (present && now - present.learnedAt < HOW_LONG) return present;
	const fresh = new ServerKnowledge(now);
	// The rows stay known: which Zendesk id a row stands for never changes, and reading them all again is dear.
	if (present) [fresh.ticketIndex, fresh.peopleIndex] = [present.ticketIndex, present.peopleIndex];
	known.set(apiUrl, fresh);
	return fresh;
}

/** Forgets all servers: for tests that start another one on the same address. */
export function forgetServers(): void {
	known.clear();
}
