import { ApiError } from '../http/api-error';
import { inParallel } from '../http/concurrency';
import { readCaseComments, readCommentRows, readCommentsById, readOrphanedCommentRows, readRowsOfCaseComments } from '../orocrm/comments';
import { findCasesByKey, findRecordsOfCases, findTicketRecords, readCases } from '../orocrm/ticket-records';
import type { RecordWithCase } from '../orocrm/ticket-records';
import type { CaseComment, OroCase, TicketCommentRow } from '../orocrm/types';
import { caseKey } from '../sync/case-key';
import { markOf, publishedCase, siteOf } from '../sync/comment-mark';
import { knownComments, pendingComments, publishedFrom } from '../sync/comments';
import { needsMarks } from '../sync/exported-comments';
import { rowsNamedBy } from '../sync/doubled-people';
import { mapCaseAgain } from '../sync/map-pair';
import type { Pair, Resolved, ResolvedZendesk } from '../sync/pair';
import { isAdopted } from '../sync/plan-case';
import type { ReadyPair } from '../sync/plan';
import { laterDate, sameDate } from '../sync/text';
import { chooseRecord } from '../sync/ticket-record';
import { ticketState } from '../sync/ticket-state';
import { usableTicket } from '../sync/usable-ticket';
import { hostOf } from '../zendesk/address';
import { learnCommentCount } from '../zendesk/comment-count';
import { readComments } from '../zendesk/comments';
import { stopWhenAllIsRefused } from './all-refused';
import type { Clients, Failure } from './clients';
import { isFailure } from './clients';
import { findTickets } from './find-tickets';
import { groupBy } from './group-by';
import { readLateComments } from './late-comments';
import { findPeopleRows, resolvePeople } from './resolve-people';
import { PeopleDirectory } from './people-directory';
import { resolveZendeskPeople } from './resolve-zendesk-people';
import { withLinks } from './results';

/** A run that died or failed comes again within this time as a rule, in milliseconds. */
const MAY_COME_AGAIN = 3_600_000;

/** What is known of a pair that was looked at before. */
export interface KnownPair {
	/** A record, by id, that is taken for the ticket's whatever address it names: the database said that it holds the ticket's number. */
	acceptRecord?: string;
	/** The case that the ticket was published from, where that is known: whatever became of the ticket's external id. */
	publishedCase?: string;
	/** Who stands in Zendesk for people of OroCRM, as far as that is known. */
	zendesk?: ResolvedZendesk;
}

export interface ResolveSettings {
	/** Finds out the id of the OroCRM user who owns what is made. Asked only when something changed. */
	owner: () => Promise<string>;
	createMissingContacts: boolean;
	/** E-mail of the default Zendesk user; empty: the user of the Zendesk credential. */
	defaultZendeskUser: string;
	/** Comment reads at once. */
	parallel: number;
	/** What is known of these pairs from an earlier look, by their place. */
	known?: readonly KnownPair[];
	/** Also pairs that by their dates are as they were are looked at in full: something is to go out to the ticket. */
	thorough?: boolean;
	/** What was asked about people in this run already. */
	directory?: PeopleDirectory;
}

/** The settings by which a pair was resolved, to resolve it again. */
export function settingsAgain({ owner, createMissingContacts, zendesk }: Resolved): Omit<ResolveSettings, 'parallel'> {
	return { owner: async () => owner, createMissingContacts, defaultZendeskUser: zendesk.defaultEmail };
}

/** A pair after Resolve: ready, or a case that has no ticket yet, or one that is passed over. */
export type ResolvedPair = Pair & { resolved: Resolved };

/** A pair on its way through Resolve. */
interface Work {
	pair: ReadyPair;
	/** The case that `mapped.ticket` was made from. */
	mappedCase: OroCase | null;
	key: string;
	known: KnownPair;
	/** True for a case that only the ticket's external id names. */
	byExternalId?: boolean;
	/** Why this pair can't be handled, found on the way. */
	failure?: Error;
}

/**
 * Finds the other half of each pair, and who its people are on the other side: every question once, in bulk, for all pairs of the run.
 * Pairs whose ticket didn't change since the last sync cost nothing more than finding that out.
 *
 * Throws when a system as a whole can't be asked; a pair that is unusable in itself comes back as a {@link Failure}.
 */
export async function resolvePairs(pairs: readonly Pair[], clients: Clients, settings: ResolveSettings): Promise<Array<ResolvedPair | Failure>> {
	const { directory = new PeopleDirectory() } = settings;
	const outcomes = pairs.map((pair, index) => begin(pair, clients, settings, settings.known?.[index] ?? {}));
	const all = outcomes.filter((outcome): outcome is Work => !isFailure(outcome));
	await findTickets(
		all.filter((work) => !work.pair.ticket),
		clients,
	);
	const usable = all.filter((work) => !work.failure && work.pair.resolved.passOver === undefined);
	const withTicket = usable.filter((work) => work.pair.ticket);
	for (const work of withTicket) work.key = keyOf(work.pair, clients);
	if (withTicket.length > 0) await findOtherHalves(withTicket, clients, settings);
	const changed = withTicket.filter((work) => !work.failure && work.pair.resolved.passOver === undefined && !work.pair.resolved.unchanged && !isGone(work.pair));
	const unlinked = usable.filter((work) => !work.pair.ticket);
	// Publish looks again at a case of another account, and may take it for this one's.
	const owned = [...changed, ...unlinked, ...all.filter(({ pair }) => pair.resolved.otherAccount !== undefined)];
	const owner = owned.length > 0 ? await settings.owner() : '';
	for (const { pair } of owned) pair.resolved.owner = owner;
	await readTicketComments(changed, clients, settings.parallel);
	if (clients.knowledge.caseKeys === false) {
		await findCasesOfComments(changed.filter(({ pair, failure }) => !failure && !pair.record && !pair.case), clients);
		await readTicketComments(
			changed.filter(({ pair, failure }) => !failure && needsMarks(pair)),
			clients,
			settings.parallel,
		);
	}
	const readable = changed.filter((work) => !work.failure);
	await readKnownComments(readable, clients);
	await resolvePeople(
		readable.map((work) => work.pair),
		(pair) => authorsOfNewComments(pair),
		clients,
		{ owner, createMissingContacts: settings.createMissingContacts },
		directory,
	);
	const fromCases = [...unlinked, ...readable].map((work) => work.pair).filter((pair) => pair.origin === 'orocrm');
	await resolveZendeskPeople(fromCases, clients, directory);
	return outcomes.map((outcome, index) => withLinks<ResolvedPair>(isFailure(outcome) ? outcome : outcome.failure ? { error: outcome.failure } : outcome.pair, pairs[index], clients));
}

function begin(pair: Pair, clients: Clients, settings: Pick<ResolveSettings, 'createMissingContacts' | 'defaultZendeskUser'>, known: KnownPair): Work | Failure {
	const problem = unusable(pair);
	if (problem) return { error: new Error(problem) };
	const ready: ReadyPair = {
		...(pair as ReadyPair),
		ticket: (pair.ticket ? usableTicket(pair.ticket) : null) as ReadyPair['ticket'],
		record: null,
		case: pair.ticket ? null : pair.case,
		resolved: {
			owner: '',
			people: {},
			problemRecord: null,
			commentRows: null,
			caseComments: null,
			adopting: false,
			unchanged: false,
			ticketUnchanged: false,
			keys: true,
			twins: [],
			createMissingContacts: settings.createMissingContacts,
			zendesk: known.zendesk ?? { defaultEmail: settings.defaultZendeskUser, users: {}, contacts: {} },
			site: siteOf(clients.oro.apiUrl),
		},
	};
	return { pair: ready, mappedCase: pair.case, key: '', known };
}

/** What keeps a pair from being handled at all, in words. */
function unusable(pair: Pair): string | undefined {
	const { ticket } = pair;
	if (!ticket && pair.case && typeof pair.case === 'object') {
		if (!/^\d+$/.test(String(pair.case.id))) return `"${String(pair.case.id)}" is no number of a case.`;
		return pair.mapped?.ticket && pair.mapped.tables?.caseStatus ? undefined : `Case ${pair.case.id} was not mapped. Put Map Ticket to Case before this node.`;
	}
	if (!ticket || typeof ticket !== 'object') return 'This item has neither a ticket nor a case. Put a Zendesk Tickets Trigger, an OroCRM Cases Trigger or Get Ticket or Case before this node.';
	if (typeof ticket.id !== 'number' || !Number.isSafeInteger(ticket.id) || ticket.id <= 0) return `The ticket's number "${String(ticket.id)}" is no number that OroCRM can hold.`;
	if (typeof ticket.updated_at !== 'string' || Number.isNaN(Date.parse(ticket.updated_at))) return `Ticket ${ticket.id} has no usable date of its last change (updated_at).`;
	if (!pair.mapped?.case?.fields || !Array.isArray(pair.mapped.notes) || !pair.mapped.tables?.caseStatus) return `Ticket ${ticket.id} was not mapped. Put Map Ticket to Case before this node.`;
	return undefined;
}

/** The Zendesk account of a ticket: what its own address names, else where it was read from. */
export function accountOf(ticket: { url?: string | null }, clients: Clients): string {
	return hostOf(ticket.url) ?? hostOf(clients.zendesk.baseUrl) ?? 'unknown';
}

/** The key of a pair's case. */
export function keyOf(pair: ReadyPair, clients: Clients): string {
	return caseKey(accountOf(pair.ticket, clients), pair.ticket.id);
}

/** How a ticket is called among all that this process syncs. */
export function ticketName(pair: ReadyPair, clients: Clients): string {
	return `${clients.oro.apiUrl} ticket ${accountOf(pair.ticket, clients)} ${pair.ticket.id}`;
}

/** The further fields of the cases that the settings map, in either direction. */
export function caseFieldsOf(pairs: ReadonlyArray<Pick<Pair, 'mapped'>>): string[] {
	return [...new Set(pairs.flatMap(({ mapped }) => [...Object.keys(mapped?.case?.fields ?? {}), ...(mapped?.fields ?? []).filter((field) => field.direction === 'toTicket').map((field) => field.caseField)]))];
}

async function findOtherHalves(all: readonly Work[], clients: Clients, { thorough = false }: Pick<ResolveSettings, 'thorough'>): Promise<void> {
	const { oro, knowledge } = clients;
	const caseFields = caseFieldsOf(all.map((work) => work.pair));
	const numbers = new Map<number, string>();
	for (const { pair, key } of all) {
		numbers.set(pair.ticket.id, key);
		if (pair.ticket.problem_id) numbers.set(pair.ticket.problem_id, caseKey(accountOf(pair.ticket, clients), pair.ticket.problem_id));
	}
	const found = await findTicketRecords(oro, knowledge, [...numbers].map(([id, key]) => ({ originId: String(id), key })), caseFields);
	const byNumber = groupBy(found, (entry) => entry.record.originId ?? '');
	const choose = (id: number, host: string, acceptRecord?: string) => chooseRecord<RecordWithCase>(byNumber.get(String(id)) ?? [], caseKey(host, id), host, hostOf, acceptRecord);

	const without: Work[] = [];
	for (const work of all) {
		const host = accountOf(work.pair.ticket, clients);
		const { chosen, twins } = choose(work.pair.ticket.id, host, work.known.acceptRecord);
		// The record of the case that was looked at, when another one is the ticket's: servers that can't look for numbers don't give it.
		const passedBy = chosen && work.pair.record && work.pair.record.id !== chosen.record.id ? [work.pair.record.id] : [];
		work.pair.record = chosen?.record ?? null;
		work.pair.case = chosen?.case ?? null;
		work.pair.resolved.twins = [...new Set([...twins.map((twin) => twin.record.id), ...passedBy])];
		if (work.pair.ticket.problem_id) work.pair.resolved.problemRecord = choose(work.pair.ticket.problem_id, host).chosen?.record.id ?? null;
		if (chosen?.record.relatedCase && !chosen.case) {
			work.failure = new Error(`OroCRM doesn’t show case ${chosen.record.relatedCase} of ticket ${work.pair.ticket.id} to the credential’s user: give their role the right to view cases of all owners.`);
		} else if (!chosen?.case && !isGone(work.pair)) without.push(work);
	}
	// A case can outlive its record, or its record's link to it: it is found by its key.
	const orphans = new Map<string, OroCase>();
	if (without.length > 0) for (const oroCase of await findCasesByKey(oro, knowledge, without.map((work) => work.key), caseFields)) orphans.set(oroCase.externalId ?? '', oroCase);
	for (const work of without) work.pair.case = orphans.get(work.key) ?? null;
	await findPublishedCases(
		without.filter(({ pair }) => !pair.record && !pair.case),
		clients,
		caseFields,
	);
	for (const work of all) {
		if (work.pair.resolved.passOver !== undefined) continue;
		const { pair } = work;
		pair.resolved.keys = knowledge.caseKeys ?? pair.case?.externalId !== undefined;
		if (pair.case) pair.mapped = { ...mapCaseAgain(pair.mapped, work.mappedCase, pair.case), case: pair.mapped.case };
	}
	await markUnchanged(all, clients, thorough);
}

/** Tickets that were published from a case, by a run that died before it could save the record: their external id names the case. */
async function findPublishedCases(lost: readonly Work[], clients: Clients, caseFields: readonly string[]): Promise<void> {
	const idOf = ({ pair, known }: Work) => known.publishedCase ?? publishedCase(pair.ticket.external_id) ?? '';
	const published = lost.filter((work) => idOf(work) !== '');
	if (published.length === 0) return;
	const ids = [...new Set(published.map(idOf))];
	const cases = new Map((await readCases(clients.oro, ids, caseFields)).map((oroCase) => [oroCase.id, oroCase]));
	const taken = new Set((await findRecordsOfCases(clients.oro, [...cases.keys()])).map(({ record }) => record.relatedCase));
	for (const work of published) {
		const oroCase = cases.get(idOf(work));
		if (!oroCase || taken.has(oroCase.id)) continue;
		work.pair.case = oroCase;
		work.byExternalId = work.known.publishedCase === undefined;
		// Two tickets can't have one case.
		taken.add(oroCase.id);
	}
}

/** The first comment of a published ticket says which OroCRM it came from: another one's case only has the same number. */
function leaveForeignCases(works: readonly Work[]): void {
	for (const { pair, byExternalId } of works) {
		if (!byExternalId) continue;
		const mark = (pair.ticket.comments ?? []).map(markOf).find((one) => one?.kind === 'case');
		if (mark && mark.site !== pair.resolved.site) pair.case = null;
	}
}

async function markUnchanged(all: readonly Work[], clients: Clients, thorough: boolean): Promise<void> {
	const candidates = all.filter(({ pair }) => {
		const { record, ticket, resolved } = pair;
		if (resolved.passOver !== undefined) return false;
		if (!record || !pair.case || record.relatedCase !== pair.case.id || isAdopted(pair)) return false;
		if (laterDate(record.originUpdatedAt, ticket.updated_at)) return true;
		if (!sameDate(record.originUpdatedAt, ticket.updated_at)) return false;
		return !(ticket.problem_id && !record.problem && resolved.problemRecord);
	});
	// Without our key there is no mark on what OroCRM's own integration made: whether it lost comments shows only in their number.
	const unsure = candidates.filter(({ pair, key }) => pair.case?.externalId !== key && typeof pair.ticket.comment_count === 'number');
	const rows = unsure.length > 0 ? groupBy(await readCommentRows(clients.oro, unsure.map(({ pair }) => pair.record?.id ?? '')), (row) => row.ticket ?? '') : new Map<string, TicketCommentRow[]>();
	const doubled = thorough ? new Set<string>() : await doubledPeopleOf(candidates, clients);
	for (const work of candidates) {
		const missing = unsure.includes(work) && (rows.get(work.pair.record?.id ?? '')?.filter((row) => row.relatedComment).length ?? 0) < (work.pair.ticket.comment_count ?? 0);
		const { pair } = work;
		pair.resolved.ticketUnchanged = !missing;
		// Somebody changed the case after the last sync: then it is worth a look, whichever side woke the pair.
		pair.resolved.unchanged = !missing && !peopleOfRecord(pair).some((id) => doubled.has(id)) && !thorough && pair.thorough !== true && pair.origin === 'zendesk' && !laterDate(pair.case?.updatedAt, pair.record?.updatedAt);
	}
}

/**
 * Zendesk ids of people who have several rows that no integration guards. A run that died after it made the second one comes again soon, and by
 * their dates its pairs have nothing to do: so it is asked for those that were written a short while ago.
 */
async function doubledPeopleOf(works: readonly Work[], clients: Clients): Promise<Set<string>> {
	const since = clients.time.now() - MAY_COME_AGAIN;
	const fresh = works.filter(({ pair: { record } }) => record && record.channel === null && Date.parse(record.updatedAt ?? '') > since);
	const ids = new Set(fresh.flatMap(({ pair }) => peopleOfRecord(pair)));
	return new Set((await findPeopleRows([...ids], clients)).filter(({ doubled }) => doubled).map(({ originId }) => originId));
}

function peopleOfRecord({ record }: Pair): string[] {
	return rowsNamedBy(record).map(([id]) => id);
}

/**
 * On servers without keys a case whose record was deleted is only known by its comments: their rows outlive the record (orocrm-api.md
 * §3.7), and name the case comment.
 */
async function findCasesOfComments(lost: readonly Work[], clients: Clients): Promise<void> {
	const orphans = lost.length > 0 ? await readOrphanedCommentRows(clients.oro) : [];
	const copies = new Map(lost.map((work) => [work, rowsOfTicket(orphans, work.pair).flatMap((row) => (row.relatedComment === null ? [] : [row.relatedComment]))]));
	const ids = [...new Set([...copies.values()].flat())];
	if (ids.length === 0) return;
	const caseOf = new Map((await readCommentsById(clients.oro, ids)).map((comment) => [comment.id, comment.case ?? '']));
	const caseIds = [...new Set([...caseOf.values()].filter(Boolean))];
	const taken = new Set((await findRecordsOfCases(clients.oro, caseIds)).map(({ record }) => record.relatedCase));
	const cases = new Map((await readCases(clients.oro, caseIds, caseFieldsOf(lost.map(({ pair }) => pair)))).map((oroCase) => [oroCase.id, oroCase]));
	for (const work of lost) {
		const found = (copies.get(work) ?? []).map((id) => cases.get(caseOf.get(id) ?? '')).find((oroCase) => oroCase && !taken.has(oroCase.id));
		if (!found) continue;
		taken.add(found.id);
		const { mapped } = work.pair;
		work.pair.case = found;
		work.pair.mapped = { ...mapCaseAgain(mapped, work.mappedCase, found), case: mapped.case };
	}
}

/**
 * Comments of tickets that need them and that came without. A ticket that is gone meanwhile has none. One that is refused is that ticket's
 * failure, unless all are.
 */
async function readTicketComments(changed: readonly Work[], clients: Clients, parallel: number): Promise<void> {
	const worth = changed.filter(({ pair }) => !pair.resolved.ticketUnchanged);
	const told = await readLateComments(worth.map(({ pair }) => pair), clients.zendesk);
	worth.forEach((work, index) => (work.pair = told[index]));
	const needed = worth.filter(({ pair }) => !Array.isArray(pair.ticket.comments) || needsMarks(pair));
	await inParallel(needed, parallel, async (work) => {
		const { pair } = work;
		try {
			const comments = await readComments(clients.zendesk, pair.ticket.id);
			learnCommentCount(clients.zendesk.baseUrl, pair.ticket.comment_count, comments);
			pair.ticket = { ...pair.ticket, comments, marks_unknown: false };
		} catch (error) {
			if (!(error instanceof ApiError) || (error.concernsEverything && error.status !== 404)) throw error;
			if (error.status !== 404) {
				work.failure = error;
				return;
			}
			pair.ticket = { ...pair.ticket, comments: [], marks_unknown: false };
			pair.mapped = { ...pair.mapped, notes: [...pair.mapped.notes, 'The ticket’s comments could not be read: Zendesk no longer has the ticket.'] };
		}
	});
	if (!needed.some(({ pair }) => pair.thorough)) stopWhenAllIsRefused(needed.flatMap(({ failure }) => failure ?? []), needed.some(({ failure }) => !failure));
	leaveForeignCases(changed);
}

/** Deleted tickets bring nothing new: neither their people nor their comments are looked at. */
function isGone(pair: Pick<ReadyPair, 'ticket'>): boolean {
	const state = ticketState(pair.ticket);
	return state === 'deleted' || state === 'scrubbed';
}

/**
 * What OroCRM has of the comments: their rows, also those of a record whose case was deleted and those that outlived their record.
 * For adopted cases and for cases without a complete record also the case comments, to recognise those without a row.
 */
async function readKnownComments(changed: readonly Work[], clients: Clients): Promise<void> {
	const withRecord = changed.filter(({ pair }) => pair.record);
	if (withRecord.length > 0) {
		const rows = groupBy(await readCommentRows(clients.oro, withRecord.map(({ pair }) => pair.record?.id ?? '')), (row) => row.ticket ?? '');
		for (const { pair } of withRecord) pair.resolved.commentRows = rows.get(pair.record?.id ?? '') ?? [];
	}
	// A record that isn't complete may be one that is being made again, and not all of the old rows may be tied to it yet.
	const recordLost = changed.filter(({ pair }) => pair.case && (!pair.record || pair.record.originUpdatedAt === null));
	if (recordLost.length > 0) {
		const orphans = await readOrphanedCommentRows(clients.oro);
		for (const { pair } of recordLost) pair.resolved.commentRows = [...(pair.resolved.commentRows ?? []), ...rowsOfTicket(orphans, pair)];
	}
	for (const work of changed) work.pair.resolved.adopting = isUnsure(work) || (recordLost.includes(work) && publishedCase(work.pair.ticket.external_id) !== work.pair.case?.id);
	await readPublishedComments(changed, clients);
	const wanted = changed.filter(({ pair }) => pair.case && (pair.resolved.adopting || pair.origin === 'orocrm' || hasMarked(pair)));
	if (wanted.length === 0) return;
	const comments = groupBy<CaseComment>(await readCaseComments(clients.oro, wanted.map(({ pair }) => pair.case?.id ?? '')), (comment) => comment.case ?? '');
	for (const { pair } of wanted) pair.resolved.caseComments = comments.get(pair.case?.id ?? '') ?? [];
}

/** Case comments that came back in a ticket whose case isn't there yet: in a follow-up ticket. They are known by their id alone. */
async function readPublishedComments(changed: readonly Work[], clients: Clients): Promise<void> {
	const returned = changed.filter(({ pair }) => !pair.case).map(({ pair }) => ({ pair, ids: markedIds(pair) })).filter(({ ids }) => ids.length > 0);
	const ids = [...new Set(returned.flatMap((one) => one.ids))];
	if (ids.length === 0) return;
	const present = new Set((await readCommentsById(clients.oro, ids)).map((comment) => comment.id));
	const rows = await readRowsOfCaseComments(clients.oro, [...present]);
	for (const { pair, ids: mine } of returned) {
		pair.resolved.publishedElsewhere = mine.filter((id) => present.has(id));
		pair.resolved.commentRows = [...(pair.resolved.commentRows ?? []), ...rowsOfTicket(rows, pair)];
	}
}

/** True when a comment that was published from here came back and has no row yet. */
function hasMarked(pair: ReadyPair): boolean {
	return markedIds(pair).length > 0;
}

/** Ids of the case comments that came back in this ticket and have no row yet. */
function markedIds({ ticket, resolved }: ReadyPair): string[] {
	const known = new Set((resolved.commentRows ?? []).map((row) => row.originId));
	return (ticket.comments ?? []).flatMap((comment) => (known.has(String(comment.id)) ? [] : (publishedFrom(comment, resolved.site) ?? [])));
}

/** True when the case may hold comments of the ticket that have no row. */
function isUnsure({ pair, key }: Work): boolean {
	if (!pair.record || !pair.case) return false;
	return isAdopted(pair) || (pair.case.externalId !== key && pendingComments(pair.ticket.comments ?? [], knownComments(pair.resolved)).length > 0);
}

/** Those of the rows that stand for comments of this ticket. */
export function rowsOfTicket(rows: readonly TicketCommentRow[], pair: ReadyPair): TicketCommentRow[] {
	const ids = new Set((pair.ticket.comments ?? []).map((comment) => String(comment.id)));
	return rows.filter((row) => ids.has(row.originId ?? ''));
}

/** Authors of comments that are about to be copied or tied. */
export function authorsOfNewComments(pair: ReadyPair): number[] {
	const { ticket, resolved } = pair;
	return pendingComments(ticket.comments ?? [], knownComments(resolved)).map((step) => step.comment.author_id);
}
