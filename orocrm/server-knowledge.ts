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
	readonly ticketIndex = new OriginIndex('zendesktickets');
	readonly peopleIndex = new OriginIndex('zendeskusers');

	constructor(readonly learnedAt: number) {}
}

const HOW_LONG = 60 * 60_000;
const known = new Map<string, ServerKnowledge>();

/** The knowledge of the server at `apiUrl`, fresh after an hour. */
export function serverKnowledge(apiUrl: string, now: number): ServerKnowledge {
	const present = known.get(apiUrl);
	if (present && now - present.learnedAt < HOW_LONG && now >= present.learnedAt) return present;
	const fresh = new ServerKnowledge(now);
	known.set(apiUrl, fresh);
	return fresh;
}

/** Forgets all servers: for tests that start another one on the same address. */
export function forgetServers(): void {
	known.clear();
}
