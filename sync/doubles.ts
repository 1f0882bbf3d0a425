import type { CaseComment, OroCase, TicketCommentRow, TicketRecord } from '../orocrm/types';
import { asText, laterDate } from './text';

/** A second record of a ticket with all that hangs on it, as it is now. */
export interface Twin {
	record: TicketRecord;
	/** Null when its case is gone. */
	case: OroCase | null;
	/** Names of what else people attached to the case: its associations with several records, comments apart, that aren't empty. */
	attached: readonly string[];
	comments: readonly CaseComment[];
	/** The rows of its comments. */
	rows: readonly TicketCommentRow[];
}

/** What becomes of a twin: it stays, and why; or it is removed, and what people wrote in its case moves to the other one. */
export type TwinPlan = { stays: string } | { moves: string[] };

/**
 * Two runs that know nothing of each other can make a record and a case each where no integration guards the ticket's number
 * (orocrm-api.md §3.6). The second one is taken back as long as it holds nothing but what the sync put there.
 *
 * @param key the ticket's case key
 * @param rows the comment rows of the record that stays
 */
export function planTwin({ record, case: oroCase, attached, comments, rows: own }: Twin, key: string, rows: readonly TicketCommentRow[]): TwinPlan {
	if (record.channel !== null) return { stays: 'it belongs to an integration' };
	if (oroCase && oroCase.externalId !== undefined && oroCase.externalId !== key) return { stays: 'its case wasn’t made by this sync' };
	if (oroCase && laterDate(oroCase.updatedAt, record.updatedAt)) return { stays: 'its case was edited' };
	if (attached.length > 0) return { stays: `its case has more than comments (${attached.join(', ')})` };
	const copied = new Set(rows.filter((row) => row.originId !== null && row.relatedComment !== null).map((row) => row.originId));
	if (own.some((row) => row.originId !== null && row.relatedComment !== null && !copied.has(row.originId))) return { stays: 'it has comments that the other case doesn’t have yet' };
	const copies = new Set(own.filter((row) => copied.has(row.originId)).map((row) => row.relatedComment));
	return { moves: comments.filter((comment) => !copies.has(comment.id)).map((comment) => comment.id) };
}

/** A case comment that is there twice, with its row. */
export interface DoubledComment {
	row: TicketCommentRow;
	comment: CaseComment;
}

/**
 * Copies of one and the same comment of a ticket in one case, beside the oldest: only those that say the same in the same openness and
 * hold no file that the oldest lacks.
 *
 * @param rows the rows of one record
 * @param comments the comments of its case
 */
export function doubledComments(rows: readonly TicketCommentRow[], comments: readonly CaseComment[]): DoubledComment[] {
	const byId = new Map(comments.map((comment) => [comment.id, comment]));
	const first = new Map<string, CaseComment>();
	const doubled: DoubledComment[] = [];
	const byAge = [...rows].sort((a, b) => Number(a.relatedComment) - Number(b.relatedComment) || Number(a.id) - Number(b.id));
	for (const row of byAge) {
		const comment = byId.get(row.relatedComment ?? '');
		if (row.originId === null || !comment) continue;
		const oldest = first.get(row.originId);
		if (!oldest) first.set(row.originId, comment);
		else if (isCopy(comment, oldest)) doubled.push({ row, comment });
	}
	return doubled;
}

function isCopy(comment: CaseComment, oldest: CaseComment): boolean {
	return asText(comment.message) === asText(oldest.message) && comment.public === oldest.public && (comment.attachment === null || oldest.attachment !== null);
}

/** Whether one comment of the ticket has several rows with a case comment. */
export function hasDoubledRows(rows: readonly TicketCommentRow[]): boolean {
	const tied = rows.filter((row) => row.originId !== null && row.relatedComment !== null).map((row) => row.originId);
	return new Set(tied).size < tied.length;
}
