import type { ZendeskClient } from './client';
import type { ZendeskComment } from './types';

/**
 * All comments of a ticket, oldest first: one request per 100 (a ticket has at most 5,000).
 * The last page still offers a next one, so only `has_more` ends it (zendesk-api.md §2).
 */
export async function readComments(client: ZendeskClient, ticketId: number): Promise<ZendeskComment[]> {
	const comments: ZendeskComment[] = [];
	let after: string | undefined;
	do {
		const body = await client.get<{ comments?: ZendeskComment[]; meta?: { has_more?: boolean; after_cursor?: string | null } }>(`tickets/${ticketId}/comments.json`, {
			'page[size]': 100,
			'page[after]': after,
		});
		comments.push(...(body.comments ?? []));
		after = body.meta?.has_more ? (body.meta.after_cursor ?? undefined) : undefined;
	} while (after);
	return comments;
}
