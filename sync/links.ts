import type { Link, Resolved, ResolvedPerson } from './pair';

/** The OroCRM user for a ticket's assignee: theirs, else the owner; a ticket without an assignee goes to the owner. */
export function assigneeOf(resolved: Resolved, assigneeId: number | string | null): string {
	return personOf(resolved, assigneeId)?.user ?? resolved.owner;
}

export function personOf(resolved: Resolved, zendeskUserId: number | string | null | undefined): ResolvedPerson | undefined {
	return zendeskUserId === null || zendeskUserId === undefined ? undefined : resolved.people[String(zendeskUserId)];
}

/** Ids are numbers in Zendesk and strings in OroCRM. */
export function sameId(a: number | string | null, b: number | string | null): boolean {
	return (a === null ? null : String(a)) === (b === null ? null : String(b));
}

/** The id to write: a record's own, or its name within the request. */
export function linkReference(link: Link): string | null {
	if (!link) return null;
	return 'id' in link ? link.id : link.create;
}
