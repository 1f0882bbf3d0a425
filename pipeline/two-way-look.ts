import { readCaseComments, readRowsOfCaseComments } from '../orocrm/comments';
import { withoutRow } from '../sync/outgoing-comments';
import type { ResolvedPair } from './resolve-pairs';
import { groupBy } from './group-by';
import { resolveZendeskPeople } from './resolve-zendesk-people';
import type { PeopleDirectory } from './people-directory';
import type { Clients } from './clients';

/**
 * What has to be known before anything goes out to Zendesk: the comments of the cases, which of them are copies, and who stands in
 * Zendesk for the people. In bulk for all pairs; fills them.
 */
export async function lookBothWays(pairs: readonly ResolvedPair[], clients: Clients, directory: PeopleDirectory): Promise<void> {
	const due = pairs.filter((pair) => pair.case && !pair.resolved.unchanged && pair.resolved.passOver === undefined);
	if (due.length === 0) return;
	const comments = groupBy(
		await readCaseComments(
			clients.oro,
			due.map((pair) => pair.case?.id ?? ''),
		),
		(comment) => comment.case ?? '',
	);
	for (const pair of due) pair.resolved.caseComments = comments.get(pair.case?.id ?? '') ?? [];
	// A row may have lost its record, or belong to a follow-up ticket: only the row itself says that a comment went out.
	const unknown = due.flatMap((pair) => withoutRow(pair.resolved.caseComments, pair.resolved.commentRows ?? []).map((comment) => ({ pair, comment })));
	if (unknown.length > 0) {
		const rows = new Map(
			(
				await readRowsOfCaseComments(
					clients.oro,
					unknown.map(({ comment }) => comment.id),
				)
			).map((row) => [row.relatedComment ?? '', row]),
		);
		for (const { pair, comment } of unknown) {
			const row = rows.get(comment.id);
			if (row) pair.resolved.commentRows = [...(pair.resolved.commentRows ?? []), row];
		}
	}
	await resolveZendeskPeople(due, clients, directory);
}
