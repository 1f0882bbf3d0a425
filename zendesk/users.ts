import { pieces } from '../http/concurrency';
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
export async function readCurrentUser(client: ZendeskClient): Promise<ZendeskUser | undefined> {
	const body = await client.get<{ user?: ZendeskUser & { id: number | null } }>('users/me.json');
	return body.user?.id ? body.user : undefined;
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
