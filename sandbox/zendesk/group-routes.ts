import { idParam, type Api } from './api';
import { notFound, recordInvalid } from './errors';
import { compareKeys, cursorPage, offsetPage, wantsCursor, type Order } from './paging';
import type { ApiRequest } from './router';
import { countOf, objectIn } from './ticket-routes';
import type { Group, GroupMembership } from './types';

const KEYS = ['name', 'description', 'is_public', 'default'];
const ORDER: Order<Group> = { name: 'name,id', key: (group) => [group.name, group.id] };
const MEMBERSHIP_ORDER: Order<GroupMembership> = { name: 'id', key: (membership) => [membership.id] };

export function groupRoutes(api: Api): void {
	const { router, store, views } = api;
	const accepts = (action: string) => ({ controller: 'groups', action, keys: { group: KEYS } });
	const sorted = () =>
		[...store.groups.values()]
			.filter((group) => !group.deleted)
			.sort((a, b) => compareKeys(ORDER.key(a), ORDER.key(b)));
	const find = (request: ApiRequest) => {
		const group = store.groups.get(idParam(request));
		if (!group || group.deleted) throw notFound();
		return group;
	};
	for (const path of ['groups', 'groups/assignable']) {
		router.add('GET', path, {}, ({ query }) => {
			const { rows, ...paging } = wantsCursor(query)
				? cursorPage(sorted(), ORDER, query, api.baseUrl(), path)
				: offsetPage(sorted(), query, api.baseUrl(), path);
			return { status: 200, body: { groups: rows.map((group) => views.group(group)), ...paging } };
		});
	}
	router.add('GET', 'groups/count', {}, () => ({ status: 200, body: countOf(sorted().length, api) }));
	router.add('GET', 'groups/:id', {}, (request) => ({ status: 200, body: { group: views.group(find(request)) } }));
	router.add('POST', 'groups', { accepts: accepts('create') }, (request) => {
		const input = objectIn(request.body, 'group');
		const now = store.now();
		const group: Group = {
			id: store.ids.take(),
			is_public: input.is_public !== false,
			name: nameOf(input),
			description: typeof input.description === 'string' ? input.description : '',
			default: false,
			deleted: false,
			created_at: now,
			updated_at: now,
		};
		store.groups.set(group.id, group);
		store.changed();
		return {
			status: 201,
			headers: { location: `${api.baseUrl()}/api/v2/groups/${group.id}.json` },
			body: { group: views.group(group) },
		};
	});
	router.add('PUT', 'groups/:id', { accepts: accepts('update') }, (request) => {
		const group = find(request);
		const input = objectIn(request.body, 'group');
		if (input.name !== undefined) group.name = nameOf(input);
		if (typeof input.description === 'string') group.description = input.description;
		group.updated_at = store.now();
		store.changed();
		return { status: 200, body: { group: views.group(group) } };
	});
	router.add('DELETE', 'groups/:id', { accepts: { controller: 'groups', action: 'destroy', keys: {} } }, (request) => {
		find(request).deleted = true;
		store.changed();
		return { status: 204 };
	});
	router.add('GET', 'group_memberships', {}, ({ query }) => {
		const all = [...store.memberships.values()].sort((a, b) => a.id - b.id);
		const { rows, ...paging } = wantsCursor(query)
			? cursorPage(all, MEMBERSHIP_ORDER, query, api.baseUrl(), 'group_memberships')
			: offsetPage(all, query, api.baseUrl(), 'group_memberships');
		return { status: 200, body: { group_memberships: rows.map((row) => views.membership(row)), ...paging } };
	});
}

function nameOf(input: Record<string, unknown>): string {
	if (typeof input.name === 'string' && input.name.trim() !== '') return input.name;
	throw recordInvalid({ name: [{ description: 'Name: cannot be blank', error: 'BlankValue' }] });
}
