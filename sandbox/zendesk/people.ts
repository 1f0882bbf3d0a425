import { notFound, recordInvalid } from './errors';
import type { Store } from './store';
import type { User } from './types';

export type NewUser = Partial<User> & { name: string };
export type UserChanges = Partial<
	Pick<
		User,
		| 'name'
		| 'email'
		| 'phone'
		| 'organization_id'
		| 'role'
		| 'verified'
		| 'external_id'
		| 'tags'
		| 'alias'
		| 'signature'
		| 'details'
		| 'notes'
		| 'suspended'
		| 'active'
		| 'user_fields'
		| 'locale'
		| 'time_zone'
		| 'only_private_comments'
		| 'restricted_agent'
		| 'ticket_restriction'
		| 'default_group_id'
		| 'custom_role_id'
	>
>;

/** What a role brings with it (zendesk-api.md §12; R:users.create.1, users.me.1, incremental.users.cursor.1). */
function roleDefaults(store: Store, role: User['role']): Partial<User> {
	if (role === 'end-user') return { ticket_restriction: 'requested', restricted_agent: true, moderator: false };
	const agent = {
		ticket_restriction: null,
		restricted_agent: false,
		default_group_id: firstGroup(store),
		verified: true,
	};
	if (role === 'agent') return { ...agent, moderator: false };
	return { ...agent, moderator: true, role_type: 4, custom_role_id: store.account.admin_role_id, report_csv: true };
}

const firstGroup = (store: Store) => [...store.groups.values()][0]?.id ?? null;

export function createUser(store: Store, user: NewUser): User {
	if (user.email) refuseTakenEmail(store, user.email);
	if (user.external_id) refuseTakenExternalId(store, user.external_id);
	const now = store.now();
	const role = user.role ?? 'end-user';
	const row: User = {
		id: store.ids.take(),
		email: null,
		other_emails: [],
		created_at: now,
		updated_at: user.created_at ?? now,
		phone: null,
		photo: null,
		organization_id: null,
		role,
		verified: false,
		external_id: null,
		tags: [],
		alias: null,
		active: true,
		last_login_at: null,
		signature: null,
		details: null,
		notes: null,
		role_type: null,
		custom_role_id: null,
		moderator: false,
		ticket_restriction: null,
		only_private_comments: false,
		restricted_agent: false,
		suspended: false,
		default_group_id: null,
		report_csv: false,
		locale: 'en-US',
		locale_id: 1,
		time_zone: 'America/New_York',
		iana_time_zone: 'America/New_York',
		user_fields: {},
		permanently_deleted: false,
		...roleDefaults(store, role),
		...user,
	};
	store.putUser(row);
	if (role !== 'end-user' && row.default_group_id !== null) join(store, row, row.default_group_id);
	store.changed();
	return row;
}

function join(store: Store, user: User, groupId: number): void {
	const id = store.ids.take();
	const { created_at, updated_at } = user;
	store.memberships.set(id, { id, user_id: user.id, group_id: groupId, default: true, created_at, updated_at });
}

/** A new `email` becomes a secondary address; the primary one stays (zendesk-api.md §12). */
export function updateUser(store: Store, id: number, changes: UserChanges, at?: Date | string): User {
	const user = store.users.get(id);
	if (!user) throw notFound();
	const { email, external_id, ...plain } = changes;
	if (email && store.findUser(email)?.id !== id) {
		refuseTakenEmail(store, email);
		if (user.email === null) user.email = email;
		else user.other_emails.push(email);
	}
	if (external_id !== undefined && external_id !== user.external_id) {
		if (external_id && store.userByExternalId.get(external_id.toLowerCase()) !== id)
			refuseTakenExternalId(store, external_id);
		if (user.external_id) store.userByExternalId.delete(user.external_id.toLowerCase());
		user.external_id = external_id;
	}
	Object.assign(user, plain);
	user.updated_at = store.now({ at });
	store.putUser(user);
	store.changed();
	return user;
}

/** A deleted user stays, inactive; the addresses become free (zendesk-api.md §12). */
export function deleteUser(store: Store, id: number, at?: Date | string): User {
	const user = store.users.get(id);
	if (!user?.active) throw notFound();
	user.active = false;
	user.updated_at = store.now({ at });
	for (const address of [user.email, ...user.other_emails])
		if (address) store.userByEmail.delete(address.toLowerCase());
	if (user.external_id) store.userByExternalId.delete(user.external_id.toLowerCase());
	store.putUser(user);
	store.changed();
	return user;
}

/** Makes one of a user's addresses the primary one (zendesk-api.md §12, identities). */
export function makePrimary(store: Store, user: User, email: string): void {
	user.other_emails = [user.email, ...user.other_emails].filter(
		(address): address is string => address !== null && address !== email,
	);
	user.email = email;
	user.updated_at = store.now();
	store.putUser(user);
	store.changed();
}

function refuseTakenEmail(store: Store, email: string): void {
	if (!store.findUser(email)) return;
	throw recordInvalid({
		email: [{ description: `Email: ${email} is already being used by another user`, error: 'DuplicateValue' }],
	});
}

function refuseTakenExternalId(store: Store, externalId: string): void {
	if (!store.userByExternalId.has(externalId.toLowerCase())) return;
	throw recordInvalid({ external_id: [{ description: 'External has already been taken', error: 'DuplicateValue' }] });
}
