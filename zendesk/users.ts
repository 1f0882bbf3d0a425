import { ApiError } from '../http/api-error';
import { inParallel, pieces } from '../http/concurrency';
import type { ZendeskClient } from './client';
import type { ZendeskUser } from './types';

/** People by id, 100 a request. Ids that Zendesk doesn't know any more are simply not in the answer. */
export async function readUsers(client: ZendeskClient, ids: readonly number[]): Promise<ZendeskUser[]> {
	const users: ZendeskUser[] = [];
	for (const some of pieces(ids, 100)) {
		const body = await client.get<{ users?: ZendeskUser[] }>('users/show_many.json', { ids: some.join(',') });
		users.push(...(body.users ?? []));
	}
	return users;
}

/** Who the credential stands for. Without a valid token Zendesk answers 200 with "Anonymous user" and no id (zendesk-api.md §1). */
export async function readCurrentUser(client: Pick<ZendeskClient, 'get'>): Promise<ZendeskUser | undefined> {
	const body = await client.get<{ user?: ZendeskUser & { id: number | null } }>('users/me.json');
	return body.user?.id ? body.user : undefined;
}

/** All agents and admins of the account, 100 a request. Only `has_more` ends the list (zendesk-api.md §2). */
export async function readStaff(client: ZendeskClient): Promise<ZendeskUser[]> {
	const staff: ZendeskUser[] = [];
	let after: string | undefined;
	do {
		const body = await client.get<{ users?: ZendeskUser[]; meta?: { has_more?: boolean; after_cursor?: string | null } }>('users.json', {
			'role[]': ['agent', 'admin'],
			'page[size]': 100,
			'page[after]': after,
		});
		staff.push(...(body.users ?? []));
		after = body.meta?.has_more ? (body.meta.after_cursor ?? undefined) : undefined;
	} while (after);
	return staff;
}

/** Searches at once. */
const SEARCHES = 4;

/**
 * People by e-mail, one search each; keys are the addresses without blanks around them, in small letters. Zendesk's search is late: whoever was
 * made a moment ago may be missing (zendesk-api.md §12). Somebody who has the address as a second one is not among them either.
 */
export async function findUsersByEmail(client: ZendeskClient, emails: readonly string[]): Promise<Map<string, ZendeskUser>> {
	const wanted = [...new Set(emails.map(comparable))].filter(isAskable);
	const users = await inParallel(wanted, SEARCHES, async (email) => await findUser(client, email));
	return new Map(wanted.flatMap((email, index) => (users[index] ? [[email, users[index]] as const] : [])));
}

/** The search finds more than it was asked for, so its answers are checked. */
async function findUser(client: ZendeskClient, email: string): Promise<ZendeskUser | undefined> {
	const body = await client.get<{ users?: ZendeskUser[] }>('users/search.json', { query: `email:"${email}"` }).catch((error: unknown) => {
		// An address that the search can't read is nobody's; it must not hold up the others.
		if (error instanceof ApiError && (error.status === 400 || error.status === 422)) return { users: [] };
		throw error;
	});
	return (body.users ?? []).filter((user) => comparable(user.email) === email && user.active !== false).sort((a, b) => a.id - b.id)[0];
}

function comparable(email: unknown): string {
	return typeof email === 'string' ? email.trim().toLowerCase() : '';
}

/** A quote would end the search term, and a blank begins another one. */
function isAskable(email: string): boolean {
	return email !== '' && !/["\s\\]/.test(email);
}

/** All addresses of a person, in small letters: whichever of them a ticket is made for, it is theirs. (OAS: ListUserIdentities) */
export async function readAddresses(client: ZendeskClient, userId: number): Promise<string[]> {
	const body = await client.get<{ identities?: Array<{ type?: string; value?: unknown }> }>(`users/${userId}/identities.json`, { 'page[size]': 100 });
	return (body.identities ?? []).filter(({ type }) => type === 'email').map(({ value }) => comparable(value));
}

const KEPT: ReadonlyArray<keyof ZendeskUser> = [
	'id', 'url', 'name', 'email', 'phone', 'role', 'external_id', 'alias', 'details', 'notes', 'locale', 'time_zone', 'ticket_restriction',
	'only_private_comments', 'verified', 'active', 'suspended', 'created_at', 'updated_at', 'last_login_at',
];

/** A person without what the sync never uses (photo, user fields, groups …): the same one hangs on many items. */
export function slimUser(user: ZendeskUser): ZendeskUser {
	const slim: Record<string, unknown> = {};
	for (const key of KEPT) if (user[key] !== undefined) slim[key] = user[key];
	return slim as unknown as ZendeskUser;
}
