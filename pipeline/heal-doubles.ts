import { readCaseComments, readCommentRows } from '../orocrm/comments';
import { attachedTo } from '../orocrm/resources';
import { findTicketRecords, readTicketRecords } from '../orocrm/ticket-records';
import type { RecordWithCase } from '../orocrm/ticket-records';
import type { TicketCommentRow } from '../orocrm/types';
import { doubledComments, hasDoubledRows, planTwin } from '../sync/doubles';
import type { Twin } from '../sync/doubles';
import type { Pair, Result } from '../sync/pair';
import type { ReadyPair } from '../sync/plan';
import { chooseRecord } from '../sync/ticket-record';
import { hostOf } from '../zendesk/address';
import { alone } from './alone';
import { isFailure } from './clients';
import type { Clients, Failure } from './clients';
import { groupBy } from './group-by';
import { healed, leaves, unremoved } from './healing';
import type { PublishRun } from './pair-writer';
import { accountOf, keyOf, ticketName } from './resolve-pairs';
import { linksOf } from './results';

/** What a credential's user has to be allowed to delete. */
const RIGHTS = 'cases, their comments and ticket records';

/** A pair after Publish, with its ticket. */
type Done = ReadyPair & { result: Result };

/** What a ticket has in OroCRM: its own record, the others, and the rows of all their comments. */
interface Found {
	own: RecordWithCase;
	twins: RecordWithCase[];
	rows: Map<string, TicketCommentRow[]>;
}

/**
 * Takes back what runs that knew nothing of each other made twice: a second record with its case, and second copies of a comment. OroCRM
 * keeps them out by itself only where an integration guards the numbers (orocrm-api.md §3.6); elsewhere a run looks for them after it
 * wrote. What people did is never removed: their comments move to the other case, and anything else of theirs lets a twin stay, with
 * words in the result.
 *
 * Costs nothing where there is no reason to look.
 *
 * @returns the indexes of pairs whose case got comments of people that way, which have to go on to the ticket
 */
export async function healDoubles(outcomes: ReadonlyArray<(Pair & { result: Result }) | Failure>, clients: Clients, run: PublishRun): Promise<number[]> {
	const due = [...outcomes.keys()].filter((index) => mayBeDouble(outcomes[index], run));
	if (due.length === 0) return [];
	const pairs = due.map((index) => outcomes[index] as Done);
	const records = await findTicketRecords(clients.oro, clients.knowledge, pairs.map((pair) => ({ originId: String(pair.ticket.id), key: keyOf(pair, clients) })));
	const present = new Set(records.map(({ record }) => record.id));
	// One whose case has no key, or another one, is only known by the case that was looked at.
	records.push(...(await readTicketRecords(clients.oro, pairs.flatMap(({ resolved }) => resolved.twins).filter((id) => !present.has(id)))));
	const byNumber = groupBy(records, (entry) => entry.record.originId ?? '');
	const rows = groupBy(await readCommentRows(clients.oro, records.map(({ record }) => record.id)), (row) => row.ticket ?? '');
	const enriched: number[] = [];
	const seen = new Set<string>();
	for (const [position, pair] of pairs.entries()) {
		const { chosen, twins } = chooseRecord(byNumber.get(String(pair.ticket.id)) ?? [], keyOf(pair, clients), accountOf(pair.ticket, clients), hostOf);
		// Another record is this pair's: that of the account's former address. Nobody is to guess there.
		if (!chosen?.case || ![chosen, ...twins].some(({ record }) => record.id === pair.result.recordId)) continue;
		if (seen.has(chosen.record.id)) continue;
		seen.add(chosen.record.id);
		if (twins.length === 0 && !hasDoubledRows(rows.get(chosen.record.id) ?? [])) continue;
		const moved = await alone(ticketName(pair, clients), clients.time, async () => await heal(pair, { own: chosen, twins, rows }, clients, run.preview));
		if (moved) enriched.push(due[position]);
	}
	return enriched;
}

/** Whether there is any sign of doubles, or no guard against them where something was made. */
function mayBeDouble(outcome: (Pair & { result: Result }) | Failure, { settings }: PublishRun): boolean {
	if (!outcome || isFailure(outcome) || !outcome.ticket || !outcome.resolved || !outcome.result.recordId) return false;
	const { resolved, result, record } = outcome;
	if (resolved.passOver !== undefined) return false;
	if (resolved.twins.length > 0 || hasDoubledRows(resolved.commentRows ?? [])) return true;
	const guarded = (record?.channel ?? settings.channel) !== null;
	const made = result.changes.some(({ field, side }) => side !== 'ticket' && (field === 'comment' || field === 'ticket record'));
	return !guarded && (result.outcome === 'created' || made) && !result.preview;
}

/** True when comments of people came to the pair's case. */
async function heal(pair: Done, { own, twins, rows }: Found, clients: Clients, preview: boolean): Promise<boolean> {
	const { result } = pair;
	const ownRows = rows.get(own.record.id) ?? [];
	let moved = false;
	for (const { record, case: oroCase } of twins) {
		const where = `record ${record.id}${oroCase ? ` with case ${oroCase.id}` : ''}`;
		const twin = await look(record, oroCase, rows.get(record.id) ?? [], clients);
		const plan = planTwin(twin, keyOf(pair, clients), ownRows);
		if ('stays' in plan) {
			leaves(result, 'ticket record', `ticket ${pair.ticket.id} has a second ${where} in OroCRM, which stays because ${plan.stays}: the sync uses case ${own.case?.id}. Move what is only in the other one there, then delete record ${record.id}`);
		} else if (preview) {
			result.notes.push(`The second ${where} of this ticket would be removed.`);
		} else {
			try {
				await remove(twin, plan.moves, own.case?.id ?? '', clients);
				if (result.recordId === record.id) Object.assign(result, { recordId: own.record.id, caseId: own.case?.id, links: linksOf(pair, own.case?.id ?? null, clients) });
				moved ||= plan.moves.length > 0;
				const taken = plan.moves.length === 0 ? '' : ` ${plan.moves.length === 1 ? 'A comment' : `${plan.moves.length} comments`} that people wrote in it moved to case ${own.case?.id}.`;
				healed(result, `Removed: a second ${where}, which another run had made of this ticket.${taken}`);
			} catch (error) {
				leaves(result, 'ticket record', unremoved(where, RIGHTS, error));
			}
		}
	}
	if (hasDoubledRows(ownRows)) {
		const comments = await readCaseComments(clients.oro, [own.case?.id ?? '']);
		for (const { row, comment } of doubledComments(ownRows, comments)) {
			const where = `comment ${comment.id} of case ${own.case?.id}`;
			if (preview) {
				result.notes.push(`The second copy of a comment, ${where}, would be removed.`);
				continue;
			}
			try {
				// The comment first: one without a row would pass for a comment that a person wrote.
				await clients.oro.remove('casecomments', comment.id);
				await clients.oro.remove('zendeskticketcomments', row.id);
				healed(result, `Removed: ${where}, a second copy that another run had made of a comment of this ticket.`);
			} catch (error) {
				leaves(result, 'ticket record', unremoved(where, RIGHTS, error));
			}
		}
	}
	return moved;
}

/** The twin as it is now. */
async function look(record: RecordWithCase['record'], oroCase: RecordWithCase['case'], rows: TicketCommentRow[], clients: Clients): Promise<Twin> {
	if (!oroCase) return { record, case: null, attached: [], comments: [], rows };
	const whole = await clients.oro.read('cases', oroCase.id);
	return {
		record,
		case: whole ? oroCase : null,
		attached: whole ? attachedTo(whole.data).filter((name) => name !== 'comments') : [],
		comments: await readCaseComments(clients.oro, [oroCase.id]),
		rows,
	};
}

/** The case first: what is left when this is cut off is a record without a case, which nobody sees and nothing depends on. */
async function remove({ record, case: oroCase, rows }: Twin, moves: readonly string[], to: string, { oro }: Clients): Promise<void> {
	for (const id of moves) await oro.update('casecomments', id, { data: { type: 'casecomments', id, relationships: { case: { data: { type: 'cases', id: to } } } } });
	if (oroCase) await oro.remove('cases', oroCase.id);
	for (const row of rows) await oro.remove('zendeskticketcomments', row.id);
	await oro.remove('zendesktickets', record.id);
}
