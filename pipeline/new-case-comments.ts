import type { OroCrmClient } from '../orocrm/client';
import { readRowsOfCaseComments } from '../orocrm/comments';
import { one } from '../orocrm/resources';
import { dealWithAdded } from './added-rows';
import type { RowFate, RowPosition } from './added-rows';
import type { CaseBatch, Fate } from './case-batch';

/** A case without a record may be about to get one, and its comments may have been read just before this one was written. */
const ROW_FATES: Record<Fate, RowFate> = { taken: 'done', left: 'left', passed: 'again' };

/**
 * Puts the linked cases of new comments into the batch, whatever the status of their tickets: a comment leaves its case's date as it was
 * (orocrm-api.md §3.1). Copies of Zendesk's comments don't count; they are stored together with the row that ties them.
 */
export async function takeNewComments(position: RowPosition, batch: CaseBatch, client: OroCrmClient): Promise<{ next: RowPosition; more: boolean }> {
	return await dealWithAdded(client, 'casecomments', ['case'], position, async (comments) => {
		const rows = await readRowsOfCaseComments(
			client,
			comments.map((comment) => comment.id),
		);
		const copies = new Set(rows.map((row) => row.relatedComment));
		const own = comments.filter((comment) => !copies.has(comment.id) && one(comment, 'case') !== null);
		const caseOf = new Map(own.map((comment) => [comment.id, one(comment, 'case') ?? '']));
		const fates = await batch.takeLinked([...caseOf.values()]);
		return new Map([...caseOf].map(([comment, id]) => [comment, ROW_FATES[fates.get(id) ?? 'left']]));
	});
}
