import { idList, idParam, type Api } from './api';
import { notFound, recordInvalid, tooManyNamed, tooManyValues } from './errors';
import { cursorPage, offsetPage, wantsCursor } from './paging';
import type { Answer, ApiRequest } from './router';
import { countOf, objectIn } from './ticket-routes';
import { jobAnswer } from './job-routes';
import type { Organization } from './types';

const KEYS = [
	'name',
	'shared_tickets',
	'shared_comments',
	'external_id',
	'domain_names',
	'details',
	'notes',
	'group_id',
	'tags',
	'organization_fields',
] as const;
const ORDER = { name: 'id', key: (organization: Organization) => [organization.id] };
/** Lists of organizations may be cached for half a minute (zendesk-api.md §1). */
const LIST_HEADERS = { 'cache-control': 'max-age=30, private' };

export function organizationRoutes(api: Api): void {
	const { router, store, views } = api;
	const accepts = (action: string) => ({ controller: 'organizations', action, keys: { organization: KEYS } });
	const find = (request: ApiRequest) => {
		const row = store.organizations.get(idParam(request));
		if (!row) throw notFound();
		return row;
	};
	router.add('GET', 'organizations', {}, ({ query }) => {
		const { rows, ...paging } = wantsCursor(query)
			? cursorPage(byId(api), ORDER, query, api.baseUrl(), 'organizations')
			: offsetPage(byName(api), query, api.baseUrl(), 'organizations');
		return {
			status: 200,
			headers: LIST_HEADERS,
			body: { organizations: rows.map((row) => views.organization(row)), ...paging },
		};
	});
	router.add('GET', 'organizations/count', {}, () => ({ status: 200, body: countOf(store.organizations.size, api) }));
	router.add('GET', 'organizations/show_many', {}, ({ query }) => {
		const ids = idList(query.ids);
		const externalIds = query.external_ids?.split(',');
		if (ids.length > 100) throw tooManyValues();
		const rows = byName(api).filter((row) => ids.includes(row.id) || externalIds?.includes(row.external_id ?? ''));
		return pageOf(api, rows);
	});
	router.add('GET', 'organizations/search', {}, ({ query }) =>
		pageOf(
			api,
			byName(api).filter((row) =>
				query.external_id === undefined ? row.name === query.name : row.external_id === query.external_id,
			),
		),
	);
	router.add('GET', 'organizations/autocomplete', {}, ({ query }) =>
		pageOf(
			api,
			byName(api).filter((row) => row.name.toLowerCase().startsWith((query.name ?? '').toLowerCase())),
		),
	);
	router.add('GET', 'organizations/:id', {}, (request) => ({
		status: 200,
		body: { organization: views.organization(find(request)) },
	}));
	router.add('POST', 'organizations', { accepts: accepts('create') }, (request) => {
		const row = createOrganization(api, objectIn(request.body, 'organization'));
		return {
			status: 201,
			headers: { location: `${api.baseUrl()}/api/v2/organizations/${row.id}.json` },
			body: { organization: views.organization(row) },
		};
	});
	router.add('PUT', 'organizations/:id', { accepts: accepts('update') }, (request) => {
		const row = find(request);
		change(api, row, objectIn(request.body, 'organization'));
		return { status: 200, body: { organization: views.organization(row) } };
	});
	router.add(
		'DELETE',
		'organizations/:id',
		{ accepts: { controller: 'organizations', action: 'destroy', keys: {} } },
		(request) => {
			remove(api, find(request).id);
			return { status: 204 };
		},
	);
	bulkRoutes(api);
}

const byId = (api: Api) => [...api.store.organizations.values()].sort((a, b) => a.id - b.id);
/** Pages, searches and show_many are by name, capitals or not (R:organizations.list.offset.1, show_many.1). */
const byName = (api: Api) =>
	[...api.store.organizations.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));

function pageOf(api: Api, rows: Organization[]): Answer {
	const organizations = rows.map((row) => api.views.organization(row));
	return { status: 200, body: { organizations, next_page: null, previous_page: null, count: rows.length } };
}

function takenFields(input: Record<string, unknown>): Partial<Organization> {
	return Object.fromEntries(KEYS.filter((key) => input[key] !== undefined).map((key) => [key, input[key]]));
}

function createOrganization(api: Api, input: Record<string, unknown>): Organization {
	const { store } = api;
	refuseName(api, input.name);
	const now = store.now();
	const row: Organization = {
		id: store.ids.take(),
		name: '',
		shared_tickets: false,
		shared_comments: false,
		external_id: null,
		created_at: now,
		updated_at: now,
		domain_names: [],
		details: null,
		notes: null,
		group_id: null,
		tags: [],
		organization_fields: {},
		...takenFields(input),
	};
	store.putOrganization(row);
	store.changed();
	return row;
}

function change(api: Api, row: Organization, input: Record<string, unknown>): void {
	if (input.name !== undefined && input.name !== row.name) refuseName(api, input.name);
	Object.assign(row, takenFields(input), { updated_at: api.store.now() });
	api.store.putOrganization(row);
	api.store.changed();
}

function remove(api: Api, id: number): void {
	api.store.organizations.delete(id);
	api.store.organizationExport.remove(id);
	api.store.changed();
}

/** Words as in R:job_statuses.completed.orgs_update_failed.1. */
function refuseName(api: Api, name: unknown): void {
	const text = typeof name === 'string' ? name.trim() : '';
	if (text === '') throw recordInvalid({ name: [{ description: 'Name: cannot be blank', error: 'BlankValue' }] });
	if (![...api.store.organizations.values()].some((row) => row.name.toLowerCase() === text.toLowerCase())) return;
	throw recordInvalid({ name: [{ description: `Name:  ${text} has already been taken`, error: 'DuplicateValue' }] });
}

function bulkRoutes(api: Api): void {
	const { router, store } = api;
	const listIn = (request: ApiRequest) => {
		const rows = (Array.isArray(request.body.organizations) ? request.body.organizations : []) as Array<
			Record<string, unknown>
		>;
		if (rows.length > 100) throw tooManyNamed('organizations');
		return rows;
	};
	router.add('POST', 'organizations/create_many', {}, (request) =>
		jobAnswer(
			api,
			{ job_type: 'Bulk Create Organization', beginning: 'Creating Organizations', step: 'Creating Organization' },
			listIn(request),
			(input) => {
				return { id: createOrganization(api, input).id, status: 'Created' };
			},
			'OrganizationCreateFailed',
		),
	);
	router.add('PUT', 'organizations/update_many', {}, (request) =>
		jobAnswer(
			api,
			{ job_type: 'Bulk Update Organization', beginning: 'Updating Organizations', step: 'Updating Organization' },
			listIn(request),
			(input) => {
				const row = store.organizations.get(Number(input.id));
				if (!row) throw notFound();
				change(api, row, input);
				return { action: 'update', id: row.id, status: 'Updated', success: true };
			},
			'OrganizationUpdateFailed',
		),
	);
	router.add('DELETE', 'organizations/destroy_many', {}, (request) =>
		jobAnswer(
			api,
			{ job_type: 'Bulk Delete Organization', beginning: 'Deleting Organizations', step: 'Deleting Organization' },
			idList(request.query.ids).map((id) => ({ id })),
			({ id }) => {
				if (!store.organizations.has(id)) throw notFound();
				remove(api, id);
				return { action: 'delete', id, status: 'Deleted', success: true };
			},
			'OrganizationDestroyFailed',
		),
	);
}
