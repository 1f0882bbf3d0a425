import { addStatus, addTicketField } from './account';
import { idParam, type Api } from './api';
import { notFound, recordInvalid } from './errors';
import { offsetPage, cursorPage, wantsCursor } from './paging';
import type { ApiRequest } from './router';
import { countOf, objectIn } from './ticket-routes';
import type { CustomStatus, TicketField, UserField } from './types';

/** Ticket fields, user fields and custom statuses. `type` and `status_category` are for creations only (zendesk-api.md §14). */
export function fieldRoutes(api: Api): void {
	ticketFieldRoutes(api);
	userFieldRoutes(api);
	customStatusRoutes(api);
	api.router.add('GET', 'brands', {}, () => ({
		status: 200,
		body: { brands: [api.views.brand()], next_page: null, previous_page: null, count: 1 },
	}));
	api.router.add('GET', 'brands/:id', {}, (request) => {
		if (idParam(request) !== api.store.account.brand_id) throw notFound();
		return { status: 200, body: { brand: api.views.brand() } };
	});
}

const FIELD_KEYS = [
	'title',
	'description',
	'position',
	'active',
	'required',
	'collapsed_for_agents',
	'regexp_for_validation',
	'title_in_portal',
	'visible_in_portal',
	'editable_in_portal',
	'required_in_portal',
	'tag',
	'agent_description',
	'custom_field_options',
];

function requireTitle(input: Record<string, unknown>): string {
	if (typeof input.title === 'string' && input.title !== '') return input.title;
	throw recordInvalid({ title: [{ description: 'Title: cannot be blank', error: 'BlankValue' }] });
}

function ticketFieldRoutes(api: Api): void {
	const { router, store, views } = api;
	const accepts = (action: string, keys: string[]) => ({
		controller: 'ticket_fields',
		action,
		keys: { ticket_field: keys },
	});
	const find = (request: ApiRequest) => {
		const field = store.ticketFields.get(idParam(request));
		if (!field) throw notFound();
		return field;
	};
	const byPosition = () => [...store.ticketFields.values()].sort((a, b) => a.position - b.position || a.id - b.id);
	router.add('GET', 'ticket_fields', {}, ({ query }) => {
		const all = byPosition();
		const order = { name: 'position,id', key: (field: TicketField) => [field.position, field.id] };
		const { rows, ...paging } = wantsCursor(query)
			? cursorPage(all, order, query, api.baseUrl(), 'ticket_fields')
			: offsetPage(all, query, api.baseUrl(), 'ticket_fields');
		return { status: 200, body: { ticket_fields: rows.map((field) => views.ticketField(field)), ...paging } };
	});
	router.add('GET', 'ticket_fields/count', {}, () => ({ status: 200, body: countOf(store.ticketFields.size, api) }));
	router.add('GET', 'ticket_fields/:id', {}, (request) => ({
		status: 200,
		body: { ticket_field: views.ticketField(find(request)) },
	}));
	router.add('POST', 'ticket_fields', { accepts: accepts('create', ['type', ...FIELD_KEYS]) }, (request) => {
		const input = objectIn(request.body, 'ticket_field');
		const options = (input.custom_field_options ?? []) as Array<{ name: string; value: string }>;
		const field = addTicketField(store, {
			...pick<TicketField>(input, ['description', 'title_in_portal', 'position', 'active', 'required', 'tag']),
			title: requireTitle(input),
			type: typeof input.type === 'string' ? input.type : 'text',
			options: options.map(({ name, value }) => [name, value]),
		});
		const location = `${api.baseUrl()}/api/v2/ticket_fields/${field.id}.json`;
		return { status: 201, headers: { location }, body: { ticket_field: views.ticketField(field) } };
	});
	router.add('PUT', 'ticket_fields/:id', { accepts: accepts('update', FIELD_KEYS) }, (request) => {
		const field = find(request);
		const input = objectIn(request.body, 'ticket_field');
		if (typeof input.title === 'string' && input.title_in_portal === undefined) input.title_in_portal = input.title;
		Object.assign(
			field,
			pick(input, ['title', 'description', 'title_in_portal', 'position', 'active', 'required', 'tag']),
			{ updated_at: store.now() },
		);
		store.forgetCustomFields();
		store.changed();
		return { status: 200, body: { ticket_field: views.ticketField(field) } };
	});
	router.add(
		'DELETE',
		'ticket_fields/:id',
		{ accepts: { controller: 'ticket_fields', action: 'destroy', keys: {} } },
		(request) => {
			store.ticketFields.delete(find(request).id);
			store.forgetCustomFields();
			store.changed();
			return { status: 204 };
		},
	);
}

function pick<T>(input: Record<string, unknown>, keys: string[]): Partial<T> {
	return Object.fromEntries(
		keys.filter((key) => input[key] !== undefined).map((key) => [key, input[key]]),
	) as Partial<T>;
}

function userFieldRoutes(api: Api): void {
	const { router, store, views } = api;
	const keys = ['title', 'description', 'position', 'active', 'tag', 'regexp_for_validation', 'custom_field_options'];
	const find = (request: ApiRequest) => {
		const field = store.userFields.get(idParam(request));
		if (!field) throw notFound();
		return field;
	};
	router.add('GET', 'user_fields', {}, ({ query }) => {
		const { rows, ...paging } = offsetPage([...store.userFields.values()], query, api.baseUrl(), 'user_fields');
		return { status: 200, body: { user_fields: rows.map((field) => views.userField(field)), ...paging } };
	});
	router.add('GET', 'user_fields/:id', {}, (request) => ({
		status: 200,
		body: { user_field: views.userField(find(request)) },
	}));
	router.add(
		'POST',
		'user_fields',
		{ accepts: { controller: 'user_fields', action: 'create', keys: { user_field: ['type', 'key', ...keys] } } },
		(request) => {
			const input = objectIn(request.body, 'user_field');
			const now = store.now();
			const title = requireTitle(input);
			const field: UserField = {
				id: store.ids.take(),
				type: 'text',
				key: title.toLowerCase().replace(/\W+/g, '_'),
				description: title,
				position: store.userFields.size,
				active: true,
				created_at: now,
				updated_at: now,
				...pick<UserField>(input, ['type', 'key', 'description', 'position', 'active']),
				title,
			};
			store.userFields.set(field.id, field);
			store.changed();
			const location = `${api.baseUrl()}/api/v2/user_fields/${field.id}.json`;
			return { status: 201, headers: { location }, body: { user_field: views.userField(field) } };
		},
	);
	router.add(
		'PUT',
		'user_fields/:id',
		{ accepts: { controller: 'user_fields', action: 'update', keys: { user_field: keys } } },
		(request) => {
			const field = find(request);
			Object.assign(field, pick(objectIn(request.body, 'user_field'), ['title', 'description', 'position', 'active']), {
				updated_at: store.now(),
			});
			store.changed();
			return { status: 200, body: { user_field: views.userField(field) } };
		},
	);
	router.add(
		'DELETE',
		'user_fields/:id',
		{ accepts: { controller: 'user_fields', action: 'destroy', keys: {} } },
		(request) => {
			store.userFields.delete(find(request).id);
			store.changed();
			return { status: 204 };
		},
	);
}

const STATUS_KEYS = ['agent_label', 'end_user_label', 'description', 'end_user_description', 'active'];

function customStatusRoutes(api: Api): void {
	const { router, store, views } = api;
	const accepts = (action: string, keys: string[]) => ({
		controller: 'custom_statuses',
		action,
		keys: { custom_status: keys },
	});
	const find = (request: ApiRequest) => {
		const status = store.customStatuses.get(idParam(request));
		if (!status) throw notFound();
		return status;
	};
	router.add('GET', 'custom_statuses', {}, ({ query }) => {
		const categories = query.status_categories?.split(',');
		const rows = [...store.customStatuses.values()].filter(
			(status) =>
				(!categories || categories.includes(status.status_category)) &&
				(query.active === undefined || String(status.active) === query.active) &&
				(query.default === undefined || String(status.default) === query.default),
		);
		return { status: 200, body: { custom_statuses: rows.map((status) => views.customStatus(status)) } };
	});
	router.add('GET', 'custom_statuses/:id', {}, (request) => ({
		status: 200,
		body: { custom_status: views.customStatus(find(request)) },
	}));
	router.add(
		'POST',
		'custom_statuses',
		{ accepts: accepts('create', ['status_category', ...STATUS_KEYS]) },
		(request) => {
			const input = objectIn(request.body, 'custom_status') as Partial<CustomStatus>;
			if (!['new', 'open', 'pending', 'hold', 'solved'].includes(input.status_category ?? '')) {
				throw recordInvalid({
					status_category: [{ description: 'Status category: is invalid', error: 'InvalidValue' }],
				});
			}
			const row = addStatus(store, {
				...pick<CustomStatus>(input, STATUS_KEYS),
				status_category: input.status_category!,
				agent_label: input.agent_label ?? '',
			});
			const location = `${api.baseUrl()}/api/v2/custom_statuses/${row.id}.json`;
			return { status: 201, headers: { location }, body: { custom_status: views.customStatus(row) } };
		},
	);
	router.add('PUT', 'custom_statuses/:id', { accepts: accepts('update', STATUS_KEYS) }, (request) => {
		const status = find(request);
		Object.assign(status, pick(objectIn(request.body, 'custom_status'), STATUS_KEYS), { updated_at: store.now() });
		store.changed();
		return { status: 200, body: { custom_status: views.customStatus(status) } };
	});
}
