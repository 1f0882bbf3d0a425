import { idList, idParam, type Api } from './api';
import { notFound, tooManyValues } from './errors';
import { cursorPage, listParameter, offsetPage, wantsCursor } from './paging';
import { makePrimary } from './people';
import type { Answer, ApiRequest } from './router';
import { matches, parseQuery } from './search-query';
import { countOf, objectIn } from './ticket-routes';
import type { User } from './types';
import { nameOf, USER_KEYS, userChanges } from './user-input';
import { bulkUserRoutes } from './user-jobs';

const ORDER = { name: 'id', key: (user: User) => [user.id] };

/** The answer of `users/me` to nobody (zendesk-api.md §1). */
const ANONYMOUS = { name: 'Anonymous user', email: 'invalid@example.com', role: 'end-user' as const };

export function userRoutes(api: Api): void {
	const { router, store, views } = api;
	const accepts = (action: string) => ({ controller: 'users', action, keys: { user: USER_KEYS } });
	router.add('GET', 'users', {}, (request) => listUsers(api, request, 'users', active(api)));
	router.add('GET', 'users/count', {}, () => ({ status: 200, body: countOf(active(api).length, api) }));
	router.add('GET', 'users/me', { open: true }, (request) => showMe(api, request));
	router.add('GET', 'users/show_many', {}, (request) => showMany(api, request));
	router.add('GET', 'users/search', {}, (request) => search(api, request));
	router.add('GET', 'users/autocomplete', {}, (request) => {
		const start = (request.query.name ?? '').toLowerCase();
		const rows = active(api).filter((user) => user.name.toLowerCase().startsWith(start));
		return listUsers(api, request, 'users/autocomplete', rows);
	});
	router.add('GET', 'users/:id', {}, (request) => {
		const user = store.users.get(idParam(request));
		if (!user) throw notFound();
		return { status: 200, headers: { 'cache-control': 'max-age=5, private' }, body: { user: views.user(user) } };
	});
	router.add('POST', 'users', { accepts: accepts('create') }, (request) => {
		const input = objectIn(request.body, 'user');
		return created(api, store.createUser({ ...userChanges(store, input), name: nameOf(input) }));
	});
	router.add('POST', 'users/create_or_update', { accepts: accepts('create_or_update') }, (request) =>
		createOrUpdate(api, request),
	);
	router.add(
		'PUT',
		'users/:id',
		{ accepts: accepts('update'), limits: [['userUpdates', (request) => `${request.user.id} ${request.params.id}`]] },
		(request) => {
			const user = store.users.get(idParam(request));
			if (!user?.active) throw notFound();
			const input = objectIn(request.body, 'user');
			if (input.name !== undefined) nameOf(input);
			store.updateUser(user.id, userChanges(store, input));
			return { status: 200, body: { user: views.user(user) } };
		},
	);
	router.add('DELETE', 'users/:id', { accepts: { controller: 'users', action: 'destroy', keys: {} } }, (request) => ({
		status: 200,
		body: { user: views.user(store.deleteUser(idParam(request))) },
	}));
	identityRoutes(api);
	bulkUserRoutes(api);
}

const active = (api: Api) => [...api.store.users.values()].filter((user) => user.active).sort((a, b) => a.id - b.id);

function listUsers(api: Api, request: ApiRequest, path: string, all: User[]): Answer {
	const { query } = request;
	// `role[]` may stand there several times.
	const roles = [...(query.role ? [query.role] : []), ...listParameter(query, 'role[]')];
	const wanted = roles.length > 0 ? all.filter((user) => roles.includes(user.role)) : all;
	const { rows, ...paging } = wantsCursor(query)
		? cursorPage(wanted, ORDER, query, api.baseUrl(), path)
		: offsetPage(wanted, query, api.baseUrl(), path);
	return { status: 200, body: { users: rows.map((user) => api.views.user(user)), ...paging } };
}

function showMe(api: Api, request: ApiRequest): Answer {
	if (request.identity) return { status: 200, body: { user: api.views.user(request.identity.user, 'me') } };
	const blank = Object.fromEntries(Object.keys(api.views.user(api.store.actor(), 'me')).map((key) => [key, null]));
	return { status: 200, body: { user: { ...blank, ...ANONYMOUS, tags: [], user_fields: {} } } };
}

/** By `ids` or `external_ids`, ascending ids (zendesk-api.md §2). */
function showMany(api: Api, { query }: ApiRequest): Answer {
	const { store } = api;
	const ids =
		query.external_ids === undefined
			? idList(query.ids)
			: query.external_ids.split(',').flatMap((id) => store.userByExternalId.get(id.trim().toLowerCase()) ?? []);
	if (ids.length > 100) throw tooManyValues();
	const rows = [...new Set(ids)].sort((a, b) => a - b).flatMap((id) => store.users.get(id) ?? []);
	return {
		status: 200,
		body: { users: rows.map((user) => api.views.user(user)), next_page: null, previous_page: null, count: rows.length },
	};
}

/** `query=` in search syntax or `external_id=`; pages only (zendesk-api.md §12). */
function search(api: Api, request: ApiRequest): Answer {
	const { query } = request;
	const terms = parseQuery(query.query ?? '');
	const byExternalId = query.external_id?.toLowerCase();
	const rows = api.search
		.users()
		.filter(({ seen }) =>
			byExternalId === undefined
				? matches(api.store, 'user', seen, terms)
				: seen.external_id?.toLowerCase() === byExternalId,
		)
		.map(({ row }) => row)
		.sort((a, b) => a.id - b.id);
	const { rows: shown, ...paging } = offsetPage(rows, query, api.baseUrl(), 'users/search');
	return { status: 200, body: { users: shown.map((user) => api.views.user(user)), ...paging } };
}

function created(api: Api, user: User, status = 201): Answer {
	return {
		status,
		headers: { location: `${api.baseUrl()}/api/v2/users/${user.id}.json` },
		body: { user: api.views.user(user) },
	};
}

/** Finds the user by e-mail or external id; 200 if there was one, else 201 (zendesk-api.md §12). */
function createOrUpdate(api: Api, request: ApiRequest): Answer {
	const { store } = api;
	const input = objectIn(request.body, 'user');
	const changes = userChanges(store, input);
	const byExternalId = changes.external_id ? store.userByExternalId.get(changes.external_id.toLowerCase()) : undefined;
	const known =
		byExternalId === undefined
			? changes.email
				? store.findUser(changes.email)
				: undefined
			: store.users.get(byExternalId);
	if (!known) return created(api, store.createUser({ ...changes, name: nameOf(input) }));
	store.updateUser(known.id, changes);
	return created(api, known, 200);
}

function identityRoutes(api: Api): void {
	const { router, store } = api;
	const userOf = (request: ApiRequest) => {
		const user = store.users.get(idParam(request));
		if (!user?.active) throw notFound();
		return user;
	};
	const identities = (user: User) =>
		[user.email, ...user.other_emails].flatMap((value, i) =>
			value === null
				? []
				: [
						{
							url: `${api.baseUrl()}/api/v2/users/${user.id}/identities/${user.id + i}.json`,
							id: user.id + i,
							user_id: user.id,
							type: 'email',
							value,
							verified: user.verified,
							primary: value === user.email,
							created_at: user.created_at,
							updated_at: user.updated_at,
						},
					],
		);
	router.add('GET', 'users/:id/identities', {}, (request) => {
		const rows = identities(userOf(request));
		return { status: 200, body: { identities: rows, next_page: null, previous_page: null, count: rows.length } };
	});
	router.add('PUT', 'users/:id/identities/:identity/make_primary', {}, (request) => {
		const user = userOf(request);
		const wanted = identities(user).find((identity) => identity.id === idParam(request, 'identity'));
		if (!wanted) throw notFound();
		makePrimary(store, user, wanted.value);
		const rows = identities(user);
		return { status: 200, body: { identities: rows, next_page: null, previous_page: null, count: rows.length } };
	});
}
