import { recordInvalid } from './errors';
import type { UserChanges } from './people';
import type { Store } from './store';

/** R:users.update.2: `id` in an update is understood; so are the plain fields of a user. */
export const USER_KEYS: readonly string[] = [
	'id',
	'name',
	'email',
	'phone',
	'organization_id',
	'organization',
	'role',
	'verified',
	'external_id',
	'tags',
	'alias',
	'signature',
	'details',
	'notes',
	'suspended',
	'user_fields',
	'locale',
	'locale_id',
	'time_zone',
	'only_private_comments',
	'restricted_agent',
	'ticket_restriction',
	'default_group_id',
	'custom_role_id',
	'skip_verify_email',
	'identities',
	'remote_photo_url',
	'agent_brand_ids',
	'moderator',
];

const TAKEN = [
	'name',
	'email',
	'phone',
	'organization_id',
	'role',
	'verified',
	'external_id',
	'tags',
	'alias',
	'signature',
	'details',
	'notes',
	'suspended',
	'user_fields',
	'locale',
	'time_zone',
	'only_private_comments',
	'restricted_agent',
	'ticket_restriction',
	'default_group_id',
	'custom_role_id',
] as const;

/** From a request's `user` object to changes of a user. */
export function userChanges(store: Store, input: Record<string, unknown>): UserChanges {
	const changes: Record<string, unknown> = {};
	for (const key of TAKEN) if (input[key] !== undefined) changes[key] = input[key];
	if (typeof changes.external_id === 'number') changes.external_id = String(changes.external_id);
	if (changes.email === '') changes.email = null;
	const organization = input.organization as { name?: string } | undefined;
	if (organization?.name) {
		changes.organization_id =
			[...store.organizations.values()].find((row) => row.name === organization.name)?.id ?? null;
	}
	return changes as UserChanges;
}

export function nameOf(input: Record<string, unknown>): string {
	const name = typeof input.name === 'string' ? input.name.trim() : '';
	if (name === '') {
		throw recordInvalid({
			name: [{ description: 'Name:  is too short (minimum is 1 characters)', error: 'TooShort' }],
		});
	}
	return name;
}
