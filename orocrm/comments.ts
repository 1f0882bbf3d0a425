import { pieces } from '../http/concurrency';
import type { OroCrmClient } from './client';
import { CASE_COMMENT_FIELDS, toCaseComment, toTicketCommentRow } from './resources';
import type { CaseComment, TicketCommentRow } from './types';

const AT_ONCE = 1_000;
const PAGE = 5_000;

/** The comment rows of these records: what was copied already. */
export async function readCommentRows(client: OroCrmClient, recordIds: readonly string[]): Promise<TicketCommentRow[]> {
	const rows: TicketCommentRow[] = [];
	for (const some of pieces(recordIds, AT_ONCE)) {
		const { data } = await client.listAll('zendeskticketcomments', {
			filter: { ticket: some },
			fields: { zendeskticketcomments: ['originId', 'ticket', 'relatedComment'] },
			pageSize: PAGE,
		});
		rows.push(...data.map(toTicketCommentRow));
	}
	return rows;
}

/**
 * Comment rows whose record was deleted: OroCRM keeps them (orocrm-api.md §3.7), and within an integration their numbers stay taken.
 * As a rule there are none.
 */
export async function readOrphanedCommentRows(client: OroCrmClient): Promise<TicketCommentRow[]> {
	const { data } = await client.listAll('zendeskticketcomments', {
		filter: { 'ticket[exists]': 'no' },
		fields: { zendeskticketcomments: ['originId', 'ticket', 'relatedComment'] },
		pageSize: PAGE,
	});
	return data.map(toTicketCommentRow);
}

/** The comments of these cases, in the order in which they were written. */
export async function readCaseComments(client: OroCrmClient, caseIds: readonly string[]): Promise<CaseComment[]> {
	const comments: CaseComment[] = [];
	for (const some of pieces(caseIds, AT_ONCE)) {
		const { data } = await client.listAll('casecomments', { filter: { case: some }, fields: { casecomments: CASE_COMMENT_FIELDS }, pageSize: PAGE });
		comments.push(...data.map(toCaseComment));
	}
	return comments;
}
