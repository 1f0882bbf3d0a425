import { ApiError } from '../http/api-error';
import { inParallel, pieces } from '../http/concurrency';
import { readCommentRows } from '../orocrm/comments';
import { findRecordsOfCases, readTicketRecords } from '../orocrm/ticket-records';
import type { RecordWithCase } from '../orocrm/ticket-records';
import type { TicketCommentRow } from '../orocrm/types';
import { mapCaseAgain } from '../sync/map-pair';
import type { Pair, Result } from '../sync/pair';
import type { ReadyPair } from '../sync/plan';
import { planPublication } from '../sync/plan-publication';
import type { PublishablePair } from '../sync/plan-publication';
import { isFailure } from './clients';
import type { Clients, Failure } from './clients';
import { MadeRecords } from './made-records';
import { PairWriter } from './pair-writer';
import type { PublishRun } from './pair-writer';
import { caseFieldsOf, groupBy, resolvePairs } from './resolve-pairs';
import type { ResolvedPair } from './resolve-pairs';
import { ZendeskDirectory } from './resolve-zendesk-people';
import { linksOf, passedOver } from './results';
import { publishTicket } from './ticket-publisher';
import { lookBothWays } from './two-way-look';

export type { PublishRun };

/** A pair after Publish. */
export type Published = Pair & { result: Result };

/** Pairs whose records are looked at again in one request, just before they are written. */
const FRESH_LOOK = 100;
/** So many refusals of one kind, and nothing that went well: then it is not the records that are bad. */
const ALL_REFUSED = 10;

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
	const directory = new ZendeskDirectory();
	const order = problemsFirst(pairs);
	for (const some of pieces(order, FRESH_LOOK)) {
		const fresh = await freshLook(some.map((index) => pairs[index]), clients);
		const now = new Map(some.map((index) => [index, withFresh(pairs[index], fresh)]));
		const usable = [...now.values()].filter((pair): pair is ResolvedPair => !isFailure(pair));
		if (run.settings.rules.twoWay) await lookBothWays(usable, clients, directory);
		await inParallel(some, run.parallel, async (index) => {
			const pair = now.get(index) as ResolvedPair | Failure;
			outcomes[index] = isFailure(pair) ? pair : await publishOne(pair, clients, run, made, directory);
		});
	}
	stopWhenAllIsRefused(outcomes);
	return outcomes;
}

async function publishOne(pair: ResolvedPair, clients: Clients, run: PublishRun, made: MadeRecords, directory: ZendeskDirectory): Promise<Published | Failure> {
	const { passOver } = pair.resolved;
	if (passOver !== undefined) return { ...pair, result: passedOver(pair, passOver, clients) };
	if (pair.ticket) return await new PairWriter(pair as ReadyPair, clients, run, made, directory).write();
	if (!run.settings.rules.twoWay) return { ...pair, result: passedOver(pair, `case ${pair.case?.id} has no ticket, and two-way sync is off: nothing is published`, clients) };
	try {
		const publishable = pair as PublishablePair;
		if (run.preview) return { ...pair, result: previewOf(publishable, clients) };
		const published = await publishTicket(publishable, clients);
		if ('gone' in published) return { ...pair, result: passedOver(pair, `ticket ${published.gone}, published from case ${pair.case?.id}, was deleted in Zendesk: it is not made again`, clients) };
		const ready = await linkable(published.pair, clients);
		if (isFailure(ready)) return ready;
		return await new PairWriter(ready, clients, run, made, directory, { plan: published.publication, sent: published.sent }).write();
	} catch (error) {
		if (error instanceof ApiError && error.concernsEverything && error.status !== 404) throw error;
		return { error: error as Error };
	}
}

/** The published pair with its people, as a pair that Zendesk woke would have them. */
async function linkable(pair: ReadyPair, clients: Clients): Promise<ReadyPair | Failure> {
	const { owner, createMissingContacts, zendesk, caseComments } = pair.resolved;
	const [outcome] = await resolvePairs([pair], clients, { owner: async () => owner, createMissingContacts, defaultZendeskUser: zendesk.defaultEmail, parallel: 1, thorough: true });
	if (isFailure(outcome)) return outcome;
	return { ...(outcome as ReadyPair), resolved: { ...outcome.resolved, owner, zendesk: { ...outcome.resolved.zendesk, ...zendesk }, caseComments: outcome.resolved.caseComments ?? caseComments } };
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
	return { ...resolved, record: now.record, case: oroCase, mapped, resolved: { ...resolved.resolved, commentRows: fresh.rows.get(now.record.id) ?? [] } };
}

/**
 * Stops the run when a server refused each single pair in the same way, for lack of rights or for trouble of its own: then it is not the
 * tickets that are bad. What one value is to blame for (400, 422) never stops the others.
 */
function stopWhenAllIsRefused(outcomes: readonly (Published | Failure)[]): void {
	const failures = outcomes.filter((outcome) => outcome && isFailure(outcome)) as Failure[];
	if (failures.length < ALL_REFUSED || failures.length < outcomes.length) return;
	const kinds = new Set(failures.map(({ error }) => (error instanceof ApiError ? `${error.service} ${error.status} ${error.code}` : 'other')));
	const [{ error }] = failures;
	if (kinds.size === 1 && error instanceof ApiError && (error.status === 403 || error.status === 429 || (error.status ?? 0) >= 500)) throw error;
}
