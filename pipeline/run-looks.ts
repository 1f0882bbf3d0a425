import { AdaptiveLimit } from '../http/adaptive-limit';
import { findRecordsOfCases, readTicketRecords } from '../orocrm/ticket-records';
import type { RecordWithCase } from '../orocrm/ticket-records';
import type { Pair, Resolved, TicketInPair } from '../sync/pair';
import type { ReadyPair } from '../sync/plan';
import { learnCommentCount } from '../zendesk/comment-count';
import { readComments } from '../zendesk/comments';
import { readSettledTickets } from '../zendesk/settled-tickets';
import type { ZendeskComment } from '../zendesk/types';
import type { Clients, Failure } from './clients';
import { Gathering } from './gathering';
import { groupBy } from './group-by';
import { resolvePeople } from './resolve-people';
import { authorsOfNewComments, caseFieldsOf, resolvePairs, settingsAgain } from './resolve-pairs';
import type { KnownPair, ResolvedPair } from './resolve-pairs';
import { PeopleDirectory } from './people-directory';
import { resolveZendeskPeople } from './resolve-zendesk-people';
import { pairsOf } from './ticket-pairs';
import { lookBothWays } from './two-way-look';

/** So long what was read of OroCRM counts as it is, in milliseconds: one request and its answer. */
export const STILL_FRESH = 1_000;
/** So long after a write its second is over by Zendesk's dates, too, which are whole seconds: then one read is enough, see {@link readSettledTickets}. */
const SECOND_IS_OVER = 2_100;

/** A pair that is to be resolved again, and what is known of it. */
export interface LookAgain {
	pair: Pair & { resolved: Resolved };
	known: KnownPair;
	/** Also when its dates say that nothing changed. */
	thorough: boolean;
}

/**
 * How the pairs of one run look at the two systems while they are written: each asks for itself, and what all of them ask at one time goes
 * out as one request. Nothing is kept: a question that is asked again is a new look. What is kept for the run, because it doesn't change in between,
 * is in the {@link PeopleDirectory}.
 */
export class RunLooks {
	/** Writes to Zendesk at once. */
	readonly zendeskTurns: AdaptiveLimit;
	/** Changes of OroCRM at once. */
	readonly oroTurns: AdaptiveLimit;

	/** The ticket as it is once the second of its last change is over, without its comments; undefined when it is gone. */
	readonly ticket: (id: number) => Promise<TicketInPair | undefined>;
	/** The pair's record and case as they are now; undefined when the record is gone. */
	readonly record: (pair: ReadyPair) => Promise<RecordWithCase | undefined>;
	/** Who the ticket's people and the authors of its new comments are in OroCRM; fills the pair. */
	readonly people: (pair: ReadyPair) => Promise<void>;
	/** Who stands in Zendesk for the people of the case; fills the pair. */
	readonly zendeskPeople: (pair: ReadyPair) => Promise<void>;

	/** Whether a case has a record now. */
	readonly isLinked: (caseId: string) => Promise<boolean>;
	/** The pair's other half and its people anew, in full; see {@link resolvePairs}. */
	readonly again: (look: LookAgain) => Promise<ResolvedPair | Failure>;
	/** What has to be known before anything goes out to the ticket; fills the pair. See {@link lookBothWays}. */
	readonly bothWays: (pair: ResolvedPair) => Promise<void>;

	private readonly gathering: Gathering;

	/** @param parallel requests at once to each system */
	constructor(
		private readonly clients: Clients,
		parallel: number,
		/** What was asked about people in this run already. */
		readonly directory = new PeopleDirectory(),
	) {
		const most = Math.max(1, parallel);
		const turns = () => new AdaptiveLimit(() => clients.time.now(), { least: most, most });
		this.zendeskTurns = turns();
		this.oroTurns = turns();
		this.gathering = new Gathering(clients.time);
		this.ticket = this.gathering.question(async (ids) => await readTicketsSettled(ids, clients));
		this.record = this.gathering.question(async (pairs) => await readRecords(pairs, clients));
		this.people = this.gathering.question(async (pairs) => {
			for (const some of groupBy(pairs, settingsOf).values()) {
				const [{ resolved }] = some;
				await resolvePeople(some, authorsOfNewComments, clients, { owner: resolved.owner, createMissingContacts: resolved.createMissingContacts }, this.directory);
			}
			return pairs.map(() => undefined);
		});
		this.zendeskPeople = this.gathering.question(async (pairs) => {
			await resolveZendeskPeople(pairs, clients, this.directory);
			return pairs.map(() => undefined);
		});
		this.isLinked = this.gathering.question(async (ids) => {
			const linked = new Set((await findRecordsOfCases(clients.oro, ids)).map(({ record }) => record.relatedCase));
			return ids.map((id) => linked.has(id));
		});
		this.again = this.gathering.question(async (looks) => {
			const outcomes = new Map<LookAgain, ResolvedPair | Failure>();
			for (const some of groupBy(looks, ({ pair, thorough }) => `${settingsOf(pair)} ${thorough}`).values()) {
				const [{ pair, thorough }] = some;
				const settings = { ...settingsAgain(pair.resolved), parallel: most, thorough, directory: this.directory, known: some.map(({ known }) => known) };
				const resolved = await resolvePairs(some.map((look) => look.pair), clients, settings);
				some.forEach((look, index) => outcomes.set(look, resolved[index]));
			}
			return looks.map((look) => outcomes.get(look) as ResolvedPair | Failure);
		});
		this.bothWays = this.gathering.question(async (pairs) => {
			await lookBothWays(pairs, clients, this.directory);
			return pairs.map(() => undefined);
		});
	}

	/** Works on one pair. */
	async working<T>(work: () => Promise<T>): Promise<T> {
		return await this.gathering.working(work);
	}

	/** Waits for others, who may be looking at the same time. */
	async aside<T>(wait: () => Promise<T>): Promise<T> {
		return await this.gathering.aside(wait);
	}

	/** All comments of a ticket; there is no request for those of several. */
	async comments({ id, comment_count: count }: Pick<TicketInPair, 'id' | 'comment_count'>): Promise<ZendeskComment[]> {
		const comments = await this.zendeskTurns.run('comments', async () => await readComments(this.clients.zendesk, id), () => false);
		learnCommentCount(this.clients.zendesk.baseUrl, count, comments);
		return comments;
	}
}

async function readTicketsSettled(ids: readonly number[], clients: Clients): Promise<Array<TicketInPair | undefined>> {
	await clients.time.sleep(SECOND_IS_OVER);
	const found = await readSettledTickets(clients.zendesk, ids, clients.time);
	return ids.map((id) => {
		const one = found.get(id);
		return one ? (pairsOf([one.ticket], one.users)[0].ticket ?? undefined) : undefined;
	});
}

async function readRecords(pairs: readonly ReadyPair[], clients: Clients): Promise<Array<RecordWithCase | undefined>> {
	const found = new Map<string, RecordWithCase>();
	// Pairs that came by different ways may map different fields, and what was read is compared as a whole.
	for (const some of groupBy(pairs, (pair) => caseFieldsOf([pair]).sort().join()).values()) {
		const ids = [...new Set(some.map(({ record }) => record?.id ?? '').filter(Boolean))];
		for (const entry of ids.length > 0 ? await readTicketRecords(clients.oro, ids, caseFieldsOf(some)) : []) found.set(entry.record.id, entry);
	}
	return pairs.map(({ record }) => found.get(record?.id ?? ''));
}

function settingsOf({ resolved }: { resolved: Resolved }): string {
	return JSON.stringify([resolved.owner, resolved.createMissingContacts, resolved.zendesk.defaultEmail]);
}
