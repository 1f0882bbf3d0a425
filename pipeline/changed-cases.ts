import { changeOf, readCaseChanges, readLatestChange } from '../orocrm/case-changes';
import type { CaseChange } from '../orocrm/case-changes';
import type { OroCrmClient } from '../orocrm/client';
import type { ServerKnowledge } from '../orocrm/server-knowledge';
import { shortHash } from '../sync/case-key';
import type { CaseBatch } from './case-batch';

/**
 * Which linked cases changed since the last look. All dates are OroCRM's, no other clock is compared with them. The sync's own writes
 * count as changes, too: such a case is handed out once more, so that an edit made at the same moment is not missed.
 */
export interface ChangePosition {
	/** All changes up to this date were handed out, save late ones; null: from the beginning. */
	since: string | null;
	/** The latest date that a look saw. */
	seen: string | null;
	/** Cases that changed since then, or a little before, as they were when they were handed out or passed over: case id → {@link markOf}. */
	recent: Record<string, string>;
}

/** Looks go back so far behind the position, in milliseconds: a change is dated when it is made and seen when its transaction ends. */
const OVERLAP = 2 * 60_000;
/** Changes in one look, as a multiple of the batch: cases without a ticket record are among them and don't count. */
const LOOK_AHEAD = 5;
/** Ends the mark of a case that had no ticket record: it is looked at once more, for it may have been about to get one. */
const ONCE_MORE = ' ?';

/** Puts changed cases into the batch. Gives back the position after it. */
export async function takeChangedCases(position: ChangePosition, batch: CaseBatch, client: OroCrmClient, knowledge: ServerKnowledge): Promise<{ next: ChangePosition; more: boolean }> {
	const isNew = (change: CaseChange) => position.recent[change.id] !== markOf(change);
	const found = await readCaseChanges(client, knowledge, before(position.since), isNew, batch.size * LOOK_AHEAD);
	const fates = await batch.takeLinked(found.changes.map((change) => change.id));
	const recent = { ...position.recent };
	for (const change of found.changes) {
		const fate = fates.get(change.id);
		if (fate === 'left') continue;
		// What a run is given was read after the list: it may be another state, and one that the list had may come back within the second.
		const handedOut = batch.caseOf(change.id);
		const mark = markOf((handedOut && changeOf(handedOut)) ?? change);
		const onceMore = fate === 'passed' && found.complete && position.recent[change.id] !== mark + ONCE_MORE;
		recent[change.id] = onceMore ? mark + ONCE_MORE : mark;
	}
	const left = found.changes.find((change) => fates.get(change.id) === 'left');
	const seen = latest(position.seen, found.latest);
	// A case that was read early and changed before the last one was read carries a date between the two. So the position doesn't pass what
	// was the latest date already when the reading began.
	const since = latest(position.since, earliest(left?.updatedAt ?? found.readUpTo, latest(position.seen, found.atBeginning)));
	return { next: { since, seen, recent: pruned(recent, since) }, more: left !== undefined || !found.complete };
}

/** The position at which only later changes are due. */
export async function presentChanges(client: OroCrmClient, knowledge: ServerKnowledge): Promise<ChangePosition> {
	const since = await readLatestChange(client, knowledge);
	if (since === null) return { since, seen: since, recent: {} };
	const found = await readCaseChanges(client, knowledge, before(since), () => true, Number.POSITIVE_INFINITY);
	return { since, seen: latest(since, found.latest), recent: Object.fromEntries(found.changes.map((change) => [change.id, markOf(change)])) };
}

/** A case at a change: the date, and a fingerprint of what is synced. */
function markOf(change: CaseChange): string {
	return `${change.updatedAt} ${shortHash(change.values)}`;
}

function pruned(recent: Record<string, string>, since: string | null): Record<string, string> {
	const start = before(since);
	return start === null ? recent : Object.fromEntries(Object.entries(recent).filter(([, mark]) => mark >= start));
}

/** Where a look begins. */
function before(date: string | null): string | null {
	return date === null ? null : new Date(Date.parse(date) - OVERLAP).toISOString().replace('.000', '');
}

function latest(a: string | null, b: string | null): string | null {
	if (a === null || b === null) return a ?? b;
	return a > b ? a : b;
}

function earliest(a: string | null, b: string | null): string | null {
	if (a === null || b === null) return null;
	return a < b ? a : b;
}
