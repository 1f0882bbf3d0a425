import { idList, idParam, type Api } from './api';
import { notFound, tooManyValues } from './errors';
import { jobAnswer, type JobWords } from './job-routes';
import { offsetPage } from './paging';
import type { Answer, ApiRequest } from './router';
import { solved } from './solve-rules';
import { mergeTicket, restoreTicket, scrubTicket, type MergeWords } from './ticket-ends';
import { checkSafeUpdate, newTicket, ticketChanges } from './ticket-input';
import { objectIn, writeContext } from './ticket-routes';

const CREATE: JobWords = { job_type: 'Bulk Create Ticket', beginning: 'Creating Tickets', step: 'Creating ticket' };
/** Deletions are "Bulk Update Ticket" too (R:tickets.destroy_many.1). */
const UPDATE: JobWords = { job_type: 'Bulk Update Ticket', beginning: 'Updating Tickets', step: 'Updating ticket' };
const MERGE: JobWords = { job_type: 'Ticket Merge', beginning: 'Merging Tickets', step: 'Merging ticket' };

type Input = Record<string, unknown>;

export function bulkTicketRoutes(api: Api): void {
	const { router, store } = api;
	const accepts = (action: string, keys: Record<string, 'any'>) => ({ controller: 'tickets', action, keys });
	router.add('POST', 'tickets/create_many', { accepts: accepts('create_many', { tickets: 'any' }) }, (request) =>
		jobAnswer(
			api,
			CREATE,
			listIn(request),
			(input, index) => {
				const wanted = solved(store, api.settings, request.user, newTicket(store, input, request.user));
				const ticket = store.createTicket(wanted, writeContext(request, input));
				return { index, id: ticket.id, account_id: store.account.id };
			},
			'TicketCreateFailed',
		),
	);
	router.add(
		'PUT',
		'tickets/update_many',
		{ accepts: accepts('update_many', { tickets: 'any', ticket: 'any' }) },
		(request) =>
			jobAnswer(
				api,
				UPDATE,
				updatesIn(request),
				(input) => {
					const ticket = store.liveTicket(Number(input.id));
					checkSafeUpdate(input, ticket);
					const wanted = solved(store, api.settings, request.user, ticketChanges(store, input, ticket), ticket);
					store.updateTicket(ticket!.id, wanted, writeContext(request, input));
					return { action: 'update', id: ticket!.id, status: 'Updated', success: true };
				},
				'TicketUpdateFailed',
			),
	);
	router.add('DELETE', 'tickets/destroy_many', { accepts: accepts('destroy_many', {}) }, (request) =>
		jobAnswer(
			api,
			UPDATE,
			idsIn(request),
			({ id }) => {
				store.deleteTicket(id, writeContext(request));
				return { action: 'delete', id, status: 'Deleted', success: true };
			},
			'TicketDestroyFailed',
		),
	);
	router.add('POST', 'tickets/:id/merge', {}, (request) => {
		const target = idParam(request);
		if (!store.liveTicket(target)) throw notFound();
		const sources = (Array.isArray(request.body.ids) ? request.body.ids : []).map((id) => ({ id: Number(id) }));
		return jobAnswer(
			api,
			MERGE,
			sources,
			({ id }) => {
				mergeTicket(store, id, target, request.body as MergeWords, writeContext(request));
				return { action: 'merge', id, status: 'Updated', success: true };
			},
			'TicketMergeFailed',
		);
	});
	deletedTicketRoutes(api);
}

function listIn(request: ApiRequest): Input[] {
	const rows = (Array.isArray(request.body.tickets) ? request.body.tickets : []) as Input[];
	if (rows.length > 100) throw tooManyValues();
	return rows;
}

/** `{tickets: [{id, …}]}`, or `?ids=` with one `ticket` for all. */
function updatesIn(request: ApiRequest): Input[] {
	if (request.query.ids === undefined) return listIn(request);
	const ticket = objectIn(request.body, 'ticket');
	return idsIn(request).map(({ id }) => ({ ...ticket, id }));
}

function idsIn(request: ApiRequest): Array<{ id: number }> {
	const ids = idList(request.query.ids);
	if (ids.length > 100) throw tooManyValues();
	return ids.map((id) => ({ id }));
}

/** zendesk-api.md §5. */
function deletedTicketRoutes(api: Api): void {
	const { router, store } = api;
	router.add('GET', 'deleted_tickets', {}, ({ query }) => {
		const gone = store.ticketIds
			.map((id) => store.tickets.get(id)!)
			.filter((ticket) => ticket.status === 'deleted' && !ticket.scrubbed);
		const { rows, ...paging } = offsetPage(gone, query, api.baseUrl(), 'deleted_tickets');
		const deleted_tickets = rows.map((ticket) => {
			const actor = store.users.get(ticket.deleted_by ?? 0);
			return {
				id: ticket.id,
				subject: ticket.subject,
				actor: { id: actor?.id ?? null, name: actor?.name ?? null },
				deleted_at: ticket.updated_at,
				previous_state: ticket.status_before_deletion,
			};
		});
		return { status: 200, body: { deleted_tickets, ...paging } };
	});
	router.add('PUT', 'deleted_tickets/:id/restore', {}, (request) => {
		restoreTicket(store, idParam(request), writeContext(request));
		return { status: 200, body: {} };
	});
	router.add('PUT', 'deleted_tickets/restore_many', {}, (request) => {
		for (const { id } of idsIn(request)) restoreTicket(store, id, writeContext(request));
		return { status: 200, body: {} };
	});
	router.add('DELETE', 'deleted_tickets/:id', {}, (request) => forever(api, request, [idParam(request)]));
	router.add('DELETE', 'deleted_tickets/destroy_many', {}, (request) =>
		forever(
			api,
			request,
			idsIn(request).map(({ id }) => id),
		),
	);
}

/** The job of a permanent deletion has no total, and an object as result (zendesk-api.md §5). */
function forever(api: Api, request: ApiRequest, ids: number[]): Answer {
	const { store } = api;
	for (const id of ids) {
		const ticket = store.tickets.get(id);
		if (ticket?.status !== 'deleted' || ticket.scrubbed) throw notFound();
	}
	for (const id of ids) scrubTicket(store, id, writeContext(request));
	const words = { job_type: 'Permanently Delete Tickets', beginning: 'Deleting Tickets', step: 'Deleting ticket' };
	const job = store.jobs.add({ ...words, total: null, results: { success: true }, failed: false });
	return { status: 200, body: { job_status: store.jobs.status(job, api.baseUrl()) } };
}
