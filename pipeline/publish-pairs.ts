import { ApiError } from '../http/api-error';
import { inParallel, pieces } from '../http/concurrency';
import { readCommentRows } from '../orocrm/comments';
import { findRecordsOfCases, readTicketRecords } from '../orocrm/ticket-records';
import type { RecordWithCase } from '../orocrm/ticket-records';
import type { OroCase, TicketCommentRow } from '../orocrm/types';
import { peopleNow } from '../sync/doubled-people';
import { mapCaseAgain } from '../sync/map-pair';
import type { Pair, Result } from '../sync/pair';
import { PairProblem } from '../sync/pair-problem';
import type { ReadyPair } from '../sync/plan';
import { planPublication } from '../sync/plan-publication';
import type { PublishablePair } from '../sync/plan-publication';
import { requesterFor } from '../sync/zendesk-people';
import { stopWhenAllIsRefused } from './all-refused';
import { alone } from './alone';
import { isFailure } from './clients';
import type { Clients, Failure } from './clients';
import { groupBy } from './group-by';
import { healDoubles } from './heal-doubles';
import { healPeople } from './heal-people';
import { MadeRecords } from './made-records';
import { PairWriter } from './pair-writer';
import type { PublishRun } from './pair-writer';
import { pairsAtOnce } from './pairs-at-once';
import { caseFieldsOf, ticketName } from './resolve-pairs';
import type { ResolvedPair } from './resolve-pairs';
import { linksOf, passedOver, together, withLinks } from './results';
import { RunLooks } from './run-looks';
import { publishTicket } from './ticket-publisher';
import type { PublishedTicket } from './ticket-publisher';
import { lookBothWays } from './two-way-look';

export type { PublishRun };

/** A pair after Publish. */
export type Published = Pair & { result: Result };

/** Pairs whose records are looked at again in one request, just before they are written. */
const FRESH_LOOK = 100;

/**
 * Writes each pair: one request for a new case with all that belongs to it, one for a changed pair, none for an unchanged one; in
 * two-way sync one to the ticket before that, where the case has something new for it.
 *
 * A refused pair comes back as a {@link Failure}. Trouble of a whole system is thrown; what was written until then stays, and is found
 * again by the next run.
 */
export async function publishPairs(pairs: readonly Pair[], clients: Clients, run: PublishRun): Promise<Array<Published | Failure>> {
	const outcomes = new Array<Published | Failure>(pairs.length);
	const made = new MadeRecords();
	const looks = new RunLooks(clients, run.parallel, run.directory);
	const order = problemsFirst(pairs);
	for (const some of pieces(order, FRESH_LOOK)) {
		const lookedAt = clients.time.now();
		const fresh = await freshLook(some.map((index) => pairs[index]), clients);
		const now = new Map(some.map((index) => [index, withFresh(pairs[index], fresh)]));
		const usable = [...now.values()].filter((pair): pair is ResolvedPair => !isFailure(pair));
		if (run.settings.rules.twoWay) await lookBothWays(usable, clients, looks.directory);
		await inParallel(some, pairsAtOnce(some.map((index) => pairs[index]), run), async (index) => {
			const pair = now.get(index) as ResolvedPair | Failure;
			outcomes[index] = isFailure(pair) ? pair : await looks.working(async () => await publishOne(pair, clients, run, made, looks, lookedAt));
		});
	}
	// What was asked for by its number, by a person or by a retry, is told one by one.
	if (!pairs.some((pair) => pair?.thorough)) stopWhenAllIsRefused(outcomes.filter(isFailure).map(({ error }) => error), outcomes.some(wasWritten));
	for (const index of await healDoubles(outcomes, clients, run)) {
		if (run.settings.rules.twoWay) outcomes[index] = await publishAgain(outcomes[index] as ReadyPair & Published, clients, run, made, looks);
	}
	await healPeople(outcomes, clients, run, made);
	return outcomes.map((outcome, index) => withLinks(outcome, pairs[index], clients));
}

function wasWritten(outcome: Published | Failure): boolean {
	return !isFailure(outcome) && ['created', 'updated'].includes(outcome.result.outcome);
}

/** One more look at a pair whose case got comments of people from a twin: they go on to the ticket. */
async function publishAgain(pair: ReadyPair & Published, clients: Clients, run: PublishRun, made: MadeRecords, looks: RunLooks): Promise<Published | Failure> {
	const outcome = await looks.working(async () => {
		const resolved = await looks.again({ pair, known: {}, thorough: true });
		if (isFailure(resolved)) return resolved;
		await looks.bothWays(resolved);
		return await publishOne(resolved, clients, run, made, looks, 0);
	});
	return isFailure(outcome) ? outcome : { ...outcome, result: together(pair.result, outcome.result) };
}

/** Alone under this name in the process; whoever waits for that doesn't keep the others from looking. */
async function aloneAtWork<T>(name: string, clients: Clients, looks: RunLooks, work: (waited: boolean) => Promise<T>): Promise<T> {
	return await looks.aside(async () => await alone(name, clients.time, async (waited) => await looks.working(async () => await work(waited))));
}

async function publishOne(given: ResolvedPair, clients: Clients, run: PublishRun, made: MadeRecords, looks: RunLooks, lookedAt: number): Promise<Published | Failure> {
	const pair = await ofThisAccount(given, run, looks);
	if (isFailure(pair)) return pair;
	const { passOver } = pair.resolved;
	if (passOver !== undefined) return { ...pair, result: passedOver(pair, passOver, clients) };
	const rival = run.settings.activeChannels?.[pair.record?.channel ?? ''];
	if (rival !== undefined && run.settings.rules.twoWay) {
		return { error: new PairProblem(`Record ${pair.record?.id} belongs to OroCRM’s own Zendesk integration "${rival}", which is active: OroCRM would write to the same ticket. Deactivate it (System > Integrations > Manage Integrations); its records stay and are used.`) };
	}
	if (pair.ticket) {
		const ready = pair as ReadyPair;
		const writer = new PairWriter(ready, clients, run, made, looks, undefined, lookedAt);
		return run.preview ? await writer.write() : await aloneAtWork(ticketName(ready, clients), clients, looks, async (waited) => await writer.write(waited));
	}
	if (!run.settings.rules.twoWay) return { ...pair, result: passedOver(pair, `case ${pair.case?.id} has no ticket, and two-way sync is off: nothing is published`, clients) };
	const publishable = pair as PublishablePair;
	try {
		if (run.preview) return { ...pair, result: previewOf(publishable, clients) };
		return await aloneAtWork(`${clients.oro.apiUrl} case ${publishable.case.id}`, clients, looks, async () => await publishCase(publishable, clients, run, made, looks));
	} catch (error) {
		if (error instanceof PairProblem || (error instanceof ApiError && (!error.concernsEverything || error.status === 404))) return { error };
		throw error;
	}
}

/**
 * A case that OroCRM woke may belong to a ticket that names another address of a Zendesk account: the account's former one, if a person
 * chose the integration for it.
 */
async function ofThisAccount(pair: ResolvedPair, run: PublishRun, looks: RunLooks): Promise<ResolvedPair | Failure> {
	const { otherAccount } = pair.resolved;
	const { channel, channelIsChosen } = run.settings;
	if (!otherAccount || !channelIsChosen || !channel || pair.record?.channel !== channel) return pair;
	const outcome = await looks.again({ pair: { ...pair, ticket: null }, known: { acceptRecord: otherAccount }, thorough: true });
	if (!isFailure(outcome) && run.settings.rules.twoWay) await looks.bothWays(outcome);
	return outcome;
}

/** Makes the ticket of a case, and then its record, as for any ticket of Zendesk's. */
async function publishCase(pair: PublishablePair, clients: Clients, run: PublishRun, made: MadeRecords, looks: RunLooks): Promise<Published | Failure> {
	const published = await publishTicket(pair, clients, looks, run.settings.channel);
	if ('gone' in published) return { ...pair, result: passedOver(pair, published.gone, clients) };
	const ready = await linkable(published, pair.case, looks);
	if (isFailure(ready)) return ready;
	if (!ready.case) return { ...ready, result: passedOver({ ...ready, case: pair.case }, `case ${pair.case.id} was deleted in OroCRM while it was published: ticket ${ready.ticket.id} stays in Zendesk, and no case is made of it here`, clients) };
	const writer = new PairWriter(ready, clients, run, made, looks, { plan: published.publication, sent: published.sent });
	return await aloneAtWork(ticketName(ready, clients), clients, looks, async () => await writer.write());
}

/** The published pair with its people, as a pair that Zendesk woke would have them. */
async function linkable({ pair, requester }: PublishedTicket, { id, relatedContact }: OroCase, looks: RunLooks): Promise<ReadyPair | Failure> {
	const { owner, zendesk, caseComments } = pair.resolved;
	// Zendesk chose the requester for the contact's address, which may be the second one of somebody: they are the same person.
	if (relatedContact !== null && requester !== null && requesterFor(zendesk, relatedContact)) zendesk.contacts[relatedContact] = { ...zendesk.contacts[relatedContact], id: requester };
	const outcome = await looks.again({ pair, known: { zendesk, publishedCase: id }, thorough: true });
	if (isFailure(outcome)) return outcome;
	return { ...(outcome as ReadyPair), resolved: { ...outcome.resolved, owner, caseComments: outcome.resolved.caseComments ?? caseComments } };
}

function previewOf(pair: PublishablePair, clients: Clients): Result {
	const { changes, summary } = planPublication(pair);
	return {
		outcome: 'created',
		preview: true,
		summary: `Preview, nothing was written. ${summary}`,
		changes,
		conflicts: [],
		skipped: [],
		notes: pair.mapped.caseNotes,
		ticketId: null,
		caseId: pair.case.id,
		recordId: null,
		links: linksOf(pair, pair.case.id, clients),
	};
}

/** Problem tickets before their incidents, so that the link can be made at once; else in the order of the input. */
function problemsFirst(pairs: readonly Pair[]): number[] {
	const problems = new Set(pairs.map((pair) => pair.ticket?.problem_id).filter((id) => typeof id === 'number'));
	const indexes = pairs.map((_, index) => index);
	const isProblem = (index: number) => problems.has(pairs[index].ticket?.id ?? -1);
	return [...indexes.filter(isProblem), ...indexes.filter((index) => !isProblem(index))];
}

interface Fresh {
	records: Map<string, RecordWithCase>;
	/** Cases that were without a ticket and have one now. */
	linked: Set<string>;
	/** Comment rows by record id. */
	rows: Map<string, TicketCommentRow[]>;
}

/** Records, cases and comment rows as they are now, for those that may be changed: somebody may have been here since Resolve read them. */
async function freshLook(pairs: readonly Pair[], clients: Clients): Promise<Fresh> {
	const due = pairs.filter((pair) => pair?.record && pair.ticket && pair.resolved && !pair.resolved.unchanged);
	const unlinked = pairs.filter((pair) => pair?.case && !pair.ticket && pair.resolved && pair.resolved.passOver === undefined);
	const linked = new Set(
		unlinked.length > 0
			? (
					await findRecordsOfCases(
						clients.oro,
						unlinked.map((pair) => pair.case?.id ?? ''),
					)
				).map(({ record }) => record.relatedCase ?? '')
			: [],
	);
	if (due.length === 0) return { records: new Map(), linked, rows: new Map() };
	const ids = due.map((pair) => pair.record?.id ?? '');
	const found = await readTicketRecords(clients.oro, ids, caseFieldsOf(due));
	const rows = groupBy(await readCommentRows(clients.oro, ids), (row) => row.ticket ?? '');
	return { records: new Map(found.map((entry) => [entry.record.id, entry])), linked, rows };
}

function withFresh(pair: Pair, fresh: Fresh): ResolvedPair | Failure {
	const isReady = pair?.ticket && pair.mapped?.case?.fields && pair.resolved?.people;
	const isCase = pair && !pair.ticket && pair.case && pair.mapped?.ticket && pair.resolved?.zendesk;
	if (!isReady && !isCase) return { error: new Error('This item was not resolved. Put Map Ticket to Case and Resolve Contact/User before this node.') };
	const resolved = { ...pair, resolved: pair.resolved } as ResolvedPair;
	if (!pair.ticket) {
		if (!fresh.linked.has(pair.case?.id ?? '')) return resolved;
		return { ...resolved, resolved: { ...resolved.resolved, passOver: `case ${pair.case?.id} was linked to a ticket meanwhile; its next change takes it from there` } };
	}
	const now = fresh.records.get(pair.record?.id ?? '');
	if (!now || !pair.mapped) return resolved;
	// A case that was found by its key, because its record had lost it, stays.
	const oroCase = now.case ?? (now.record.relatedCase === null ? resolved.case : null);
	if (now.record.relatedCase && !now.case) return { error: new Error(`OroCRM no longer shows case ${now.record.relatedCase} of ticket ${pair.ticket.id} to the credential’s user.`) };
	const mapped = oroCase ? { ...mapCaseAgain(pair.mapped, pair.case, oroCase), case: pair.mapped.case } : pair.mapped;
	return { ...resolved, record: now.record, case: oroCase, mapped, resolved: { ...resolved.resolved, people: peopleNow(resolved.resolved.people, now.record), commentRows: fresh.rows.get(now.record.id) ?? [] } };
}
