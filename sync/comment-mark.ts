import type { ZendeskComment } from '../zendesk/types';
import { shortHash } from './case-key';

/**
 * How what was published from OroCRM is known when it comes back: a line in the metadata of Zendesk's audit, which every comment of a
 * ticket shows (zendesk-api.md §7, §8). It holds also when the run died before it could save its row, and when a person and the
 * integration share an account.
 */
export interface Mark {
	kind: 'case' | 'comment';
	/** Id of the case or of the case comment. */
	id: string;
	/** Which OroCRM: several may publish to one Zendesk account. */
	site: string;
}

const NAMES = { case: 'orocrm_case', comment: 'orocrm_comment' } as const;

/** Tells one OroCRM from another, by the address of its API. */
export function siteOf(apiUrl: string): string {
	return shortHash(apiUrl.toLowerCase());
}

/** The metadata of a request to Zendesk; it lands in the audit's `metadata.custom`. */
export function markAs(mark: Mark): Record<string, string> {
	return { [NAMES[mark.kind]]: `${mark.site}:${mark.id}` };
}

/** The mark on a comment, if it has one. */
export function markOf(comment: Pick<ZendeskComment, 'metadata'>): Mark | undefined {
	const custom = comment.metadata?.custom;
	if (!custom || typeof custom !== 'object') return undefined;
	for (const kind of ['comment', 'case'] as const) {
		const [, site, id] = /^([0-9a-z]+):(\d+)$/.exec(String(custom[NAMES[kind]] ?? '')) ?? [];
		if (site && id) return { kind, site, id };
	}
	return undefined;
}

/** What a published ticket carries: the way back to its case (sync-rules §3). */
export function publishedId(caseId: string): string {
	return `orocrm-case-${caseId}`;
}

/** The case that a ticket was published from, by its external id. */
export function publishedCase(externalId: unknown): string | undefined {
	return /^orocrm-case-(\d{1,18})$/.exec(typeof externalId === 'string' ? externalId.trim() : '')?.[1];
}
