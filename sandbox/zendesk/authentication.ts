import { PRACTICE_API_TOKEN } from './credentials';
import { invalidToken, missingScope, notAuthenticated } from './errors';
import type { Store } from './store';
import type { Tokens } from './tokens';
import type { User } from './types';

export interface Identity {
	user: User;
	/** Null: API token, which may do everything the user may. */
	scope: string | null;
}

/**
 * Who sends the request: API token (`{email}/token`) or OAuth access token (zendesk-api.md §1). Undefined: nobody that is
 * known. A bearer token that does not hold is refused at once.
 */
export function identify(store: Store, tokens: Tokens, headers: Record<string, unknown>): Identity | undefined {
	const [kind, value] = String(headers.authorization ?? '').split(/\s+/, 2);
	const identity =
		kind === 'Bearer'
			? byBearer(store, tokens, value ?? '')
			: kind === 'Basic'
				? byApiToken(store, value ?? '')
				: undefined;
	const onBehalfOf = headers['x-on-behalf-of'];
	if (!identity || typeof onBehalfOf !== 'string') return identity;
	const other = store.findUser(onBehalfOf);
	if (!other || identity.user.role !== 'admin') throw notAuthenticated();
	return { ...identity, user: other };
}

function byBearer(store: Store, tokens: Tokens, token: string): Identity {
	const pair = tokens.find(token);
	const user = pair && store.users.get(pair.userId);
	if (!user?.active) throw invalidToken();
	return { user, scope: pair!.scope };
}

function byApiToken(store: Store, encoded: string): Identity | undefined {
	const decoded = Buffer.from(encoded, 'base64').toString('utf8');
	const colon = decoded.indexOf(':');
	const name = decoded.slice(0, colon);
	if (!name.endsWith('/token') || decoded.slice(colon + 1) !== PRACTICE_API_TOKEN) return undefined;
	const user = store.findUser(name.slice(0, -'/token'.length));
	return user?.active && !user.suspended && user.role !== 'end-user' ? { user, scope: null } : undefined;
}

/** `read` covers GET, `write` the other methods; each also for one resource only, as `tickets:read` (zendesk-api.md §15). */
export function checkScope(identity: Identity, method: string, resource: string): void {
	if (identity.scope === null) return;
	const needed = method === 'GET' || method === 'HEAD' ? 'read' : 'write';
	const given = identity.scope.split(/\s+/);
	if (!given.includes(needed) && !given.includes(`${resource}:${needed}`)) throw missingScope(needed);
}
