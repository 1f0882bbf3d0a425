import { idList, idParam, type Api } from './api';
import { closedTicket, notFound, tooManyValues } from './errors';
import { bulkTicketRoutes } from './ticket-jobs';
import { cursorPage, offsetPage, wantsCursor, type Query } from './paging';
import type { Answer, ApiRequest, RouteOptions } from './router';
import { SIDELOADS_IN_LISTS, sideload, ticketExtras } from './sideloads';
import { solved } from './solve-rules';
import type { WriteContext } from './store';
import { createTicket } from './ticket-creation';
import { updateTicket } from './ticket-changes';
import { checkSafeUpdate, CREATE_KEYS, newTicket, ticketChanges, UPDATE_KEYS } from './ticket-input';
import { sortedTickets, ticketOrder } from './ticket-order';
import { isoSeconds, offsetTime } from './time';
import type { Audit, Ticket } from './types';

/** One update counts for the account and for the ticket (zendesk-api.md §16). */
const UPDATE_LIMITS: RouteOptions['limits'] = [
	['ticketUpdates', () => 'account'],
	['perTicketUpdates', (request) => `${request.user.id} ${request.params.id}`],
];

export function writeContext(request: ApiRequest, input: Record<string, unknown> = {}): WriteContext {
	const custom = input.metadata;
	return {
		actorId: request.user.id,
		client: request.headers['user-agent'],
		ipAddress: request.ipAddress,
		withSignature: true,
		...(typeof custom === 'object' && custom !== null ? { custom: custom as Record<string, unknown> } : {}),
	};
}

export const objectIn = (body: Record<string, unknown>, key: string): Record<string, unknown> =>
	typeof body[key] === 'object' && body[key] !== null ? (body[key] as Record<string, unknown>) : {};

export function ticketRoutes(api: Api): void {
	const { router } = api;
	router.add('GET', 'tickets', { limits: [['ticketsIndex', () => 'account']] }, (request) =>
		listTickets(api, request.query),
	);
	router.add('GET', 'tickets/count', {}, () => ({ status: 200, body: countOf([...liveTickets(api)].length, api) }));
	router.add('GET', 'tickets/show_many', {}, (request) => showMany(api, request.query));
	router.add('GET', 'tickets/:id', {}, (request) => showTicket(api, idParam(request), request.query));
	router.add(
		'POST',
		'tickets',
		{
			limits: [['ticketCreations', (request) => `${request.user.id}`]],
			accepts: { controller: 'tickets', action: 'create', keys: { ticket: CREATE_KEYS } },
		},
		(request) => {
			const key = request.headers['idempotency-key'];
			return key
				? api.idempotency.once(key, request.rawBody, () => makeTicket(api, request))
				: makeTicket(api, request);
		},
	);
	router.add(
		'PUT',
		'tickets/:id',
		{ limits: UPDATE_LIMITS, accepts: { controller: 'tickets', action: 'update', keys: { ticket: UPDATE_KEYS } } },
		(request) => changeTicket(api, request),
	);
	router.add(
		'DELETE',
		'tickets/:id',
		{ limits: [['ticketDeletions', () => 'account']], accepts: { controller: 'tickets', action: 'destroy', keys: {} } },
		(request) => {
			api.store.deleteTicket(idParam(request), writeContext(request));
			return { status: 204 };
		},
	);
	router.add('GET', 'tickets/:id/incidents', {}, (request) => incidents(api, request));
	router.add('GET', 'users/:id/tickets/requested', {}, (request) =>
		listTickets(
			api,
			request.query,
			`users/${request.params.id}/tickets/requested`,
			(ticket) => ticket.requester_id === idParam(request),
		),
	);
	tagRoutes(api);
	bulkTicketRoutes(api);
}

function* liveTickets(api: Api): Iterable<Ticket> {
	for (const id of api.store.ticketIds) {
		const ticket = api.store.liveTicket(id);
		if (ticket) yield ticket;
	}
}

export const countOf = (value: number, api: Api) => ({ count: { value, refreshed_at: offsetTime(api.clock.now()) } });

function listTickets(api: Api, query: Query, path = 'tickets', only: (ticket: Ticket) => boolean = () => true): Answer {
	const { store, views } = api;
	const wanted = (ticket: Ticket) =>
		only(ticket) && (query.external_id === undefined || ticket.external_id === query.external_id);
	if (wantsCursor(query)) {
		const order = ticketOrder(query.sort);
		const all = store.ticketIds.map((id) => store.tickets.get(id)!);
		const page = cursorPage(
			sortedTickets(all, order),
			order,
			query,
			api.baseUrl(),
			path,
			(ticket) => ticket.status !== 'deleted' && wanted(ticket),
		);
		const { meta, links } = page;
		const tickets = page.rows.map((ticket) =>
			views.ticket(ticket, 'cursor-list', ticketExtras(api, ticket, query.include)),
		);
		return {
			status: 200,
			body: { tickets, ...sideload(api, page.rows, query.include, SIDELOADS_IN_LISTS), meta, links },
		};
	}
	const rows = sortedTickets([...liveTickets(api)].filter(wanted), ticketOrder(query.sort_by, query.sort_order));
	const page = offsetPage(rows, query, api.baseUrl(), path);
	const { next_page, previous_page, count } = page;
	const tickets = page.rows.map((ticket) => views.ticket(ticket, 'full', ticketExtras(api, ticket, query.include)));
	return {
		status: 200,
		body: { tickets, ...sideload(api, page.rows, query.include, SIDELOADS_IN_LISTS), next_page, previous_page, count },
	};
}

/** Ascending ids, whatever the order of the request (zendesk-api.md §2). */
function showMany(api: Api, query: Query): Answer {
	const ids = idList(query.ids);
	if (ids.length > 100) throw tooManyValues();
	const rows = [...new Set(ids)].sort((a, b) => a - b).flatMap((id) => api.store.liveTicket(id) ?? []);
	const tickets = rows.map((ticket) => api.views.ticket(ticket, 'full', ticketExtras(api, ticket, query.include)));
	const body = {
		tickets,
		...sideload(api, rows, query.include, SIDELOADS_IN_LISTS),
		next_page: null,
		previous_page: null,
		count: rows.length,
	};
	return { status: 200, body };
}

function showTicket(api: Api, id: number, query: Query): Answer {
	const ticket = api.store.liveTicket(id);
	if (!ticket) throw notFound();
	const view = api.views.ticket(ticket, 'full', ticketExtras(api, ticket, query.include));
	return { status: 200, body: { ticket: view, ...sideload(api, [ticket], query.include, SIDELOADS_IN_LISTS) } };
}

function makeTicket(api: Api, request: ApiRequest): Answer {
	const input = objectIn(request.body, 'ticket');
	const wanted = solved(api.store, api.settings, request.user, newTicket(api.store, input, request.user));
	const { ticket, audit } = createTicket(api.store, wanted, writeContext(request, input));
	return {
		status: 201,
		headers: { location: `${api.baseUrl()}/api/v2/tickets/${ticket.id}.json` },
		body: { ticket: api.views.ticket(ticket, 'created'), audit: api.views.audit(audit) },
	};
}

function changeTicket(api: Api, request: ApiRequest): Answer {
	const id = idParam(request);
	const input = objectIn(request.body, 'ticket');
	const ticket = api.store.liveTicket(id);
	checkSafeUpdate(input, ticket);
	if (ticket!.status === 'closed') throw closedTicket();
	const wanted = solved(api.store, api.settings, request.user, ticketChanges(api.store, input, ticket), ticket);
	const { audit } = updateTicket(api.store, id, wanted, writeContext(request, input));
	return {
		status: 200,
		body: { ticket: api.views.ticket(ticket!), audit: shownAudit(api, request, id, audit) },
	};
}

function shownAudit(api: Api, request: ApiRequest, id: number, audit: Audit | undefined): Record<string, unknown> {
	if (api.settings.creationAuditInUpdates) return api.views.audit(api.store.auditsOf(id)[0]);
	return audit ? api.views.audit(audit) : emptyAudit(api, request, id);
}

/** The audit of an update that changed nothing: it has no events and is not kept. */
function emptyAudit(api: Api, request: ApiRequest, ticketId: number): Record<string, unknown> {
	return api.views.audit({
		id: api.store.ids.take(),
		ticket_id: ticketId,
		created_at: isoSeconds(api.clock.now()),
		author_id: request.user.id,
		metadata: { system: { client: request.headers['user-agent'], ip_address: request.ipAddress }, custom: {} },
		via: { channel: 'api', source: { from: {}, to: {}, rel: null } },
		comment_id: null,
		creation: false,
		changes: [],
	});
}

function incidents(api: Api, request: ApiRequest): Answer {
	const id = idParam(request);
	if (!api.store.liveTicket(id)) throw notFound();
	return listTickets(api, request.query, `tickets/${id}/incidents`, (ticket) => ticket.problem_id === id);
}

/** A ticket's tags: GET reads, PUT adds, POST replaces, DELETE takes away; both safe_update keys stand at the top level. */
function tagRoutes(api: Api): void {
	const { router, store } = api;
	const live = (request: ApiRequest) => {
		const ticket = store.liveTicket(idParam(request));
		if (!ticket) throw notFound();
		return ticket;
	};
	const write = (request: ApiRequest, tagsOf: (old: string[], sent: string[]) => string[]): Answer => {
		const ticket = live(request);
		checkSafeUpdate(request.body, ticket);
		const sent = Array.isArray(request.body.tags) ? request.body.tags.map(String) : [];
		store.updateTicket(ticket.id, { tags: tagsOf(ticket.tags, sent) }, writeContext(request));
		return { status: 200, body: { tags: ticket.tags } };
	};
	router.add('GET', 'tickets/:id/tags', {}, (request) => ({ status: 200, body: { tags: live(request).tags } }));
	router.add('PUT', 'tickets/:id/tags', { limits: UPDATE_LIMITS }, (request) =>
		write(request, (old, sent) => [...old, ...sent]),
	);
	router.add('POST', 'tickets/:id/tags', { limits: UPDATE_LIMITS }, (request) => ({
		...write(request, (_old, sent) => sent),
		status: 201,
	}));
	router.add('DELETE', 'tickets/:id/tags', { limits: UPDATE_LIMITS }, (request) =>
		write(request, (old, sent) => old.filter((tag) => !sent.includes(tag))),
	);
}
