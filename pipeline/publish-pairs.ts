import { ApiError } from '../http/api-error';
import { inParallel, pieces } from '../http/concurrency';
import { readCommentRows } from '../orocrm/comments';
import { readTicketRecords } from '../orocrm/ticket-records';
import type { RecordWithCase } from '../orocrm/ticket-records';
import type { TicketCommentRow } from '../orocrm/types';
import type { Pair } from '../sync/pair';
import type { ReadyPair } from '../sync/plan';
import { isFailure } from './clients';
import type { Clients, Failure } from './clients';
import { MadeRecords } from './made-records';
import { PairWriter } from './pair-writer';
import type { Published, PublishRun } from './pair-writer';
import { groupBy } from './resolve-pairs';

export type { Published, PublishRun };

/** Pairs whose records are looked at again in one request, just before they are written. */
const FRESH_LOOK = 100;
/** So many refusals of one kind, and nothing that went well: then it is not the records that are bad. */
const ALL_REFUSED = 10;

/**
 * Writes each pair: one request for a new case with all that belongs to it, one for a changed pair, none for an unchanged one.
 *
 * A refused pair comes back as a {@link Failure}. Trouble of OroCRM as a whole is thrown; what was written until then stays, and
 * is found again by the next run.
 */
export async function publishPairs(pairs: readonly Pair[], clients: Clients, run: PublishRun): Promise<Array<Published | Failure>> {
	const outcomes = new Array<Published | Failure>(pairs.length);
	const made = new MadeRecords();
	const order = problemsFirst(pairs);
	for (const some of pieces(order, FRESH_LOOK)) {
		const fresh = await freshLook(some.map((index) => pairs[index]), clients);
		await inParallel(some, run.parallel, async (index) => {
			const pair = withFresh(pairs[index], fresh);
			outcomes[index] = isFailure(pair) ? pair : await new PairWriter(pair, clients, run, made).write();
		});
	}
	stopWhenAllIsRefused(outcomes);
	return outcomes;
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
	/** Comment rows by record id. */
	rows: Map<string, TicketCommentRow[]>;
}

/** Records, cases and comment rows as they are now, for those that may be changed: somebody may have been here since Resolve read them. */
async function freshLook(pairs: readonly Pair[], clients: Clients): Promise<Fresh> {
	const due = pairs.filter((pair) => pair?.record && pair.resolved && !pair.resolved.unchanged);
	if (due.length === 0) return { records: new Map(), rows: new Map() };
	const caseFields = [...new Set(due.flatMap((pair) => Object.keys(pair.mapped?.case?.fields ?? {})))];
	const ids = due.map((pair) => pair.record?.id ?? '');
	const found = await readTicketRecords(clients.oro, ids, caseFields);
	const rows = groupBy(await readCommentRows(clients.oro, ids), (row) => row.ticket ?? '');
	return { records: new Map(found.map((entry) => [entry.record.id, entry])), rows };
}

function withFresh(pair: Pair, fresh: Fresh): ReadyPair | Failure {
	if (!pair?.ticket || !pair.mapped?.case?.fields || !pair.resolved?.people) return { error: new Error('This item was not resolved. Put Map Ticket to Case and Resolve Contact/User before this node.') };
	const ready = pair as ReadyPair;
	const now = fresh.records.get(pair.record?.id ?? '');
	if (!now) return ready;
	// A case that was found by its key, because its record had lost it, stays.
	const oroCase = now.case ?? (now.record.relatedCase === null ? ready.case : null);
	if (now.record.relatedCase && !now.case) return { error: new Error(`OroCRM no longer shows case ${now.record.relatedCase} of ticket ${ready.ticket.id} to the credential’s user.`) };
	return { ...ready, record: now.record, case: oroCase, resolved: { ...ready.resolved, commentRows: fresh.rows.get(now.record.id) ?? [] } };
}

/**
 * Stops the run when OroCRM refused each single pair in the same way, for lack of rights or for trouble of its own: then it is not the
 * tickets that are bad. What one value is to blame for (400, 422) never stops the others.
 */
function stopWhenAllIsRefused(outcomes: readonly (Published | Failure)[]): void {
	const failures = outcomes.filter((outcome) => outcome && isFailure(outcome)) as Failure[];
	if (failures.length < ALL_REFUSED || failures.length < outcomes.length) return;
	const kinds = new Set(failures.map(({ error }) => (error instanceof ApiError ? `${error.status} ${error.code}` : 'other')));
	const [{ error }] = failures;
	if (kinds.size === 1 && error instanceof ApiError && (error.status === 403 || (error.status ?? 0) >= 500)) throw error;
}

