import { pieces } from '../http/concurrency';
import type { OroCrmClient } from './client';
import { CASE_COMMENT_FIELDS, one, toCaseComment, toFileFacts, toTicketCommentRow } from './resources';
import type { CaseComment, OroFile, OroFileFacts, TicketCommentRow } from './types';

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

/** The rows that tie these case comments to Zendesk's: whatever ticket they belong to, or none any more. */
export async function readRowsOfCaseComments(client: OroCrmClient, commentIds: readonly string[]): Promise<TicketCommentRow[]> {
	const rows: TicketCommentRow[] = [];
	for (const some of pieces(commentIds, AT_ONCE)) {
		const { data } = await client.listAll('zendeskticketcomments', {
			filter: { relatedComment: some },
			fields: { zendeskticketcomments: ['originId', 'ticket', 'relatedComment'] },
			pageSize: some.length * 2 + 10,
		});
		rows.push(...data.map(toTicketCommentRow));
	}
	return rows;
}

/** The file of a case comment with its content, or undefined when it has none (orocrm-api.md §9). */
export async function readFile(client: OroCrmClient, commentId: string): Promise<OroFile | undefined> {
	const found = await client.read('casecomments', commentId, { include: ['attachment'], fields: { casecomments: ['attachment'], files: ['originalFilename', 'mimeType', 'content'] } });
	const file = found?.included.find((resource) => resource.type === 'files');
	const { originalFilename, mimeType, content } = file?.attributes ?? {};
	if (typeof content !== 'string') return undefined;
	return { name: typeof originalFilename === 'string' ? originalFilename : 'file', mimeType: typeof mimeType === 'string' ? mimeType : 'application/octet-stream', bytes: Buffer.from(content, 'base64') };
}

/** Name, type and size of the files of these case comments, by comment id, without their contents (`include=attachment` with `fields[files]`). */
export async function readFileFacts(client: OroCrmClient, commentIds: readonly string[]): Promise<Map<string, OroFileFacts>> {
	const facts = new Map<string, OroFileFacts>();
	for (const some of pieces(commentIds, AT_ONCE)) {
		const { data, included } = await client.listAll('casecomments', {
			filter: { id: some },
			include: ['attachment'],
			fields: { casecomments: ['attachment'], files: ['originalFilename', 'mimeType', 'fileSize'] },
			pageSize: some.length + 1,
		});
		const files = new Map(included.filter((resource) => resource.type === 'files').map((resource) => [resource.id, resource]));
		for (const comment of data) {
			const file = files.get(one(comment, 'attachment') ?? '');
			if (file) facts.set(comment.id, toFileFacts(file));
		}
	}
	return facts;
}

/** Case comments by id; those that were deleted are not in the answer. */
export async function readCommentsById(client: OroCrmClient, ids: readonly string[]): Promise<CaseComment[]> {
	return await readCommentsBy(client, 'id', ids);
}

/** The comments of these cases, in the order in which they were written. */
export async function readCaseComments(client: OroCrmClient, caseIds: readonly string[]): Promise<CaseComment[]> {
	return await readCommentsBy(client, 'case', caseIds);
}

async function readCommentsBy(client: OroCrmClient, field: 'id' | 'case', ids: readonly string[]): Promise<CaseComment[]> {
	const comments: CaseComment[] = [];
	for (const some of pieces(ids, AT_ONCE)) {
		const { data } = await client.listAll('casecomments', { filter: { [field]: some }, fields: { casecomments: CASE_COMMENT_FIELDS }, pageSize: PAGE });
		comments.push(...data.map(toCaseComment));
	}
	return comments;
}
