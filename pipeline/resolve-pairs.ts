import { ApiError } from '../http/api-error';
import { inParallel } from '../http/concurrency';
import { readCaseComments, readCommentRows, readOrphanedCommentRows } from '../orocrm/comments';
import { findCasesByKey, findTicketRecords } from '../orocrm/ticket-records';
import type { RecordWithCase } from '../orocrm/ticket-records';
import type { CaseComment, OroCase, TicketCommentRow } from '../orocrm/types';
import { caseKey } from '../sync/case-key';
import { pendingComments } from '../sync/comments';
import type { Pair } from '../sync/pair';
import { isAdopted } from '../sync/plan';
import type { ReadyPair } from '../sync/plan';
import { laterDate, sameDate } from '../sync/text';
import { chooseRecord } from '../sync/ticket-record';
import { ticketState } from '../sync/ticket-state';
import { hostOf } from '../zendesk/address';
import { readComments } from '../zendesk/comments';
import type { Clients, Failure } from './clients';
import { isFailure } from './clients';
import { resolvePeople } from './resolve-people';

export interface ResolveSettings {
	/** Finds out the id of the OroCRM user who owns what is made. Asked only when something changed. */
	owner: () => Promise<string>;
	createMissingContacts: boolean;
	/** Comment reads at once. */
	parallel: number;
	/** A record, by id, that is taken for the ticket's whatever address it names: the database said that it holds the ticket's number. */
	acceptRecord?: string;
}

/** A pair on its way through Resolve. */
interface Work {
	pair: ReadyPair;
	key: string;
	/** Why this pair can't be handled, found on the way. */
	failure?: Error;
}

/**
 * Finds the other half of each pair, and who its people are in OroCRM: every question once, in bulk, for all pairs of the run.
 * Pairs whose ticket didn't change since the last sync cost nothing more than finding that out.
 *
 * Throws when a system as a whole can't be asked; a pair that is unusable in itself comes back as a {@link Failure}.
 */
export async function resolvePairs(pairs: readonly Pair[], clients: Clients, settings: ResolveSettings): Promise<Array<ReadyPair | Failure>> {
	const outcomes = pairs.map((pair) => begin(pair, clients, settings));
	const all = outcomes.filter((outcome): outcome is Work => !isFailure(outcome));
	if (all.length > 0) {
		await findOtherHalves(all, clients, settings.acceptRecord);
		const changed = all.filter((work) => !work.failure && !work.pair.resolved.unchanged && !isGone(work.pair));
		const owner = changed.length > 0 ? await settings.owner() : '';
		for (const { pair } of changed) pair.resolved.owner = owner;
		await readTicketComments(changed, clients, settings.parallel);
		const readable = changed.filter((work) => !work.failure);
		await readKnownComments(readable, clients);
		await resolvePeople(
			readable.map((work) => work.pair),
			(pair) => authorsOfNewComments(pair),
			clients,
			{ owner, createMissingContacts: settings.createMissingContacts },
		);
	}
	return outcomes.map((outcome) => (isFailure(outcome) ? outcome : outcome.failure ? { error: outcome.failure } : outcome.pair));
}

function begin(pair: Pair, clients: Clients, settings: Pick<ResolveSettings, 'createMissingContacts'>): Work | Failure {
	const problem = unusable(pair);
	if (problem) return { error: new Error(problem) };
	const ready: ReadyPair = {
		...(pair as ReadyPair),
		ticket: { ...(pair as ReadyPair).ticket, people: Array.isArray(pair.ticket?.people) ? pair.ticket.people : [] },
		record: null,
		case: null,
		resolved: {
			owner: '',
			people: {},
			problemRecord: null,
			commentRows: null,
			caseComments: null,
			unchanged: false,
			keys: true,
			twins: [],
			createMissingContacts: settings.createMissingContacts,
		},
	};
	return { pair: ready, key: keyOf(ready, clients) };
}

/** What keeps a pair from being handled at all, in words. */
function unusable(pair: Pair): string | undefined {
	const { ticket } = pair;
	if (!ticket || typeof ticket !== 'object') return 'This item has no ticket. Put a Zendesk Tickets Trigger or Get Ticket or Case before this node.';
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

async function findOtherHalves(all: readonly Work[], clients: Clients, acceptRecord?: string): Promise<void> {
	const { oro, knowledge } = clients;
	const caseFields = [...new Set(all.flatMap((work) => Object.keys(work.pair.mapped.case.fields ?? {})))];
	const numbers = new Map<number, string>();
	for (const { pair, key } of all) {
		numbers.set(pair.ticket.id, key);
		if (pair.ticket.problem_id) numbers.set(pair.ticket.problem_id, caseKey(accountOf(pair.ticket, clients), pair.ticket.problem_id));
	}
	const found = await findTicketRecords(oro, knowledge, [...numbers].map(([id, key]) => ({ originId: String(id), key })), caseFields);
	const byNumber = groupBy(found, (entry) => entry.record.originId ?? '');
	const choose = (id: number, host: string) => chooseRecord<RecordWithCase>(byNumber.get(String(id)) ?? [], caseKey(host, id), host, hostOf, acceptRecord);

	const without: Work[] = [];
	for (const work of all) {
		const host = accountOf(work.pair.ticket, clients);
		const { chosen, twins } = choose(work.pair.ticket.id, host);
		work.pair.record = chosen?.record ?? null;
		work.pair.case = chosen?.case ?? null;
		work.pair.resolved.twins = twins.map((twin) => twin.record.id);
		if (work.pair.ticket.problem_id) work.pair.resolved.problemRecord = choose(work.pair.ticket.problem_id, host).chosen?.record.id ?? null;
		if (chosen?.record.relatedCase && !chosen.case) {
			work.failure = new Error(`OroCRM doesn’t show case ${chosen.record.relatedCase} of ticket ${work.pair.ticket.id} to the credential’s user: give their role the right to view cases of all owners.`);
		} else if (!chosen?.case && !isGone(work.pair)) without.push(work);
	}
	// A case can outlive its record, or its record's link to it: it is found by its key.
	const orphans = new Map<string, OroCase>();
	if (without.length > 0) for (const oroCase of await findCasesByKey(oro, knowledge, without.map((work) => work.key), caseFields)) orphans.set(oroCase.externalId ?? '', oroCase);
	for (const work of without) work.pair.case = orphans.get(work.key) ?? null;

	for (const { pair } of all) pair.resolved.keys = knowledge.caseKeys ?? pair.case?.externalId !== undefined;
	await markUnchanged(all, clients);
}

async function markUnchanged(all: readonly Work[], clients: Clients): Promise<void> {
	const candidates = all.filter(({ pair }) => {
		const { record, ticket, resolved } = pair;
		if (!record || !pair.case || record.relatedCase !== pair.case.id || isAdopted(pair)) return false;
		if (laterDate(record.originUpdatedAt, ticket.updated_at)) return true;
		if (!sameDate(record.originUpdatedAt, ticket.updated_at)) return false;
		return !(ticket.problem_id && !record.problem && resolved.problemRecord);
	});
	// Without our key there is no mark on what OroCRM's own integration made: whether it lost comments shows only in their number.
	const unsure = candidates.filter(({ pair, key }) => pair.case?.externalId !== key && typeof pair.ticket.comment_count === 'number');
	const rows = unsure.length > 0 ? groupBy(await readCommentRows(clients.oro, unsure.map(({ pair }) => pair.record?.id ?? '')), (row) => row.ticket ?? '') : new Map<string, TicketCommentRow[]>();
	for (const work of candidates) {
		const missing = unsure.includes(work) && (rows.get(work.pair.record?.id ?? '')?.filter((row) => row.relatedComment).length ?? 0) < (work.pair.ticket.comment_count ?? 0);
		work.pair.resolved.unchanged = !missing;
	}
}

/** Comments of tickets that need them and that came without. A ticket that is gone meanwhile has none. */
async function readTicketComments(changed: readonly Work[], clients: Clients, parallel: number): Promise<void> {
	const needed = changed.filter(({ pair }) => !Array.isArray(pair.ticket.comments));
	await inParallel(needed, parallel, async (work) => {
		const { pair } = work;
		try {
			pair.ticket = { ...pair.ticket, comments: await readComments(clients.zendesk, pair.ticket.id) };
		} catch (error) {
			if (!(error instanceof ApiError) || (error.concernsEverything && error.status !== 404)) throw error;
			if (error.status !== 404) {
				work.failure = error;
				return;
			}
			pair.ticket = { ...pair.ticket, comments: [] };
			pair.mapped = { ...pair.mapped, notes: [...pair.mapped.notes, 'The ticket’s comments could not be read: Zendesk no longer has the ticket.'] };
		}
	});
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
	const unsure = changed.filter((work) => isUnsure(work) || recordLost.includes(work));
	if (unsure.length === 0) return;
	const comments = groupBy<CaseComment>(await readCaseComments(clients.oro, unsure.map(({ pair }) => pair.case?.id ?? '')), (comment) => comment.case ?? '');
	for (const { pair } of unsure) pair.resolved.caseComments = comments.get(pair.case?.id ?? '') ?? [];
}

/** True when the case may hold comments of the ticket that have no row. */
function isUnsure({ pair, key }: Work): boolean {
	if (!pair.record || !pair.case) return false;
	return isAdopted(pair) || (pair.case.externalId !== key && pendingComments(pair.ticket.comments ?? [], pair.resolved.commentRows ?? []).length > 0);
}

/** Those of the rows that stand for comments of this ticket. */
export function rowsOfTicket(rows: readonly TicketCommentRow[], pair: ReadyPair): TicketCommentRow[] {
	const ids = new Set((pair.ticket.comments ?? []).map((comment) => String(comment.id)));
	return rows.filter((row) => ids.has(row.originId ?? ''));
}

function authorsOfNewComments(pair: ReadyPair): number[] {
	const { ticket, resolved } = pair;
	return pendingComments(ticket.comments ?? [], resolved.commentRows ?? [], resolved.caseComments ?? []).map((step) => step.comment.author_id);
}

export function groupBy<T>(list: readonly T[], key: (entry: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const entry of list) {
		const name = key(entry);
		const group = groups.get(name);
		if (group) group.push(entry);
		else groups.set(name, [entry]);
	}
	return groups;
}
