import type { FastifyInstance, FastifyReply } from 'fastify';
import { acceptForms, formOf } from '../common/form';
import { html, page, type Markup } from '../common/html';
import type { Api } from './api';
import { ApiError } from './errors';
import { FRAME } from './page-frame';
import { NOTE, personName, priorityBadge, statusBadge, STATUS_NAMES, when } from './page-parts';
import { newTicketPage, ticketPage, type Notice } from './ticket-page';
import { actionFromForm, ticketFromForm, type Form } from './ticket-forms';
import type { Ticket, User } from './types';

const ROWS_ON_A_PAGE = 100;

/** Plain pages on which a person sees tickets and works on them while a sync runs. */
export async function registerPages(app: FastifyInstance, api: Api): Promise<void> {
	await acceptForms(app);
	const { store } = api;
	const send = (reply: FastifyReply, title: string, body: Markup, status = 200) =>
		reply
			.code(status)
			.type('text/html; charset=utf-8')
			.send(page(FRAME, title, body));
	const sendTicket = (reply: FastifyReply, ticket: Ticket, notice?: Notice, typed?: Form) =>
		send(
			reply,
			`#${ticket.id} ${ticket.subject ?? ''}`,
			ticketPage(api, ticket, notice, typed),
			notice?.kind === 'error' ? 422 : 200,
		);

	app.get('/', (request, reply) => send(reply, 'Tickets', listPage(api, request.query as Record<string, string>)));
	app.get('/agent/users', (_request, reply) => send(reply, 'People', peoplePage(api)));
	app.get('/agent/tickets/new', (_request, reply) => send(reply, 'New ticket', newTicketPage(api, {})));
	app.post('/agent/tickets/new', async (request, reply) => {
		const { fields, file } = await formOf(request);
		try {
			const ticket = ticketFromForm(api, fields, file);
			return await reply.redirect(`/agent/tickets/${ticket.id}?done=created`, 303);
		} catch (error) {
			return await send(reply, 'New ticket', newTicketPage(api, fields, inWords(error)), 422);
		}
	});
	app.get('/agent/tickets/:id', (request, reply) => {
		const ticket = store.tickets.get(Number((request.params as { id: string }).id));
		if (!ticket) return send(reply, 'Not found', html`<p class="error">There is no ticket with this number.</p>`, 404);
		const done = DONE[(request.query as { done?: string }).done ?? ''];
		return sendTicket(reply, ticket, done ? { kind: 'notice', text: done } : undefined);
	});
	app.post('/agent/tickets/:id', async (request, reply) => {
		const ticket = store.tickets.get(Number((request.params as { id: string }).id));
		if (!ticket)
			return await send(reply, 'Not found', html`<p class="error">There is no ticket with this number.</p>`, 404);
		const { fields, file } = await formOf(request);
		try {
			const done = actionFromForm(api, ticket, fields, file);
			return await reply.redirect(`/agent/tickets/${ticket.id}?done=${done}`, 303);
		} catch (error) {
			return await sendTicket(reply, ticket, { kind: 'error', text: inWords(error) }, fields);
		}
	});
}

const DONE: Record<string, string> = {
	created: 'The ticket was created.',
	saved: 'The changes were saved.',
	commented: 'The comment was added.',
	deleted: 'The ticket was deleted.',
	restored: 'The ticket was restored.',
	merged: 'The ticket was merged and closed.',
	closed: 'The ticket was closed.',
};

/** The words of a refused write; anything else is a fault of the server. */
function inWords(error: unknown): string {
	if (!(error instanceof ApiError)) throw error;
	const body = error.body as { description?: string; details?: Record<string, Array<{ description: string }>> };
	const details = Object.values(body.details ?? {})
		.flat()
		.map((problem) => problem.description);
	return details.length > 0 ? details.join(' ') : (body.description ?? 'That is not possible.');
}

function listPage(api: Api, query: Record<string, string>): Markup {
	const { store } = api;
	const all = store.ticketIds.map((id) => store.tickets.get(id)!);
	const counts = new Map<string, number>();
	for (const ticket of all) counts.set(ticket.status, (counts.get(ticket.status) ?? 0) + 1);
	const shown = all
		.filter((ticket) => (query.status ? ticket.status === query.status : ticket.status !== 'deleted'))
		.reverse();
	const start = (Math.max(1, Number(query.page) || 1) - 1) * ROWS_ON_A_PAGE;
	const rows = shown.slice(start, start + ROWS_ON_A_PAGE);
	const link = (page: number, label: string) =>
		html`<a href="/?${new URLSearchParams({ ...query, page: String(page) }).toString()}">${label}</a> `;
	return html`${NOTE}
		<p>
			<a class="badge" href="/">All</a> ${Object.keys(STATUS_NAMES).map(
				(status) =>
					html`<a class="badge" href="/?status=${status}">${STATUS_NAMES[status]} ${counts.get(status) ?? 0}</a> `,
			)}
		</p>
		<div style="overflow-x:auto">
			<table>
				<thead>
					<tr>
						<th>#</th>
						<th>Subject</th>
						<th>Requester</th>
						<th>Assignee</th>
						<th>Status</th>
						<th>Priority</th>
						<th>Updated</th>
					</tr>
				</thead>
				<tbody>
					${rows.map((ticket) => listRow(api, ticket))}
				</tbody>
			</table>
		</div>
		${rows.length === 0 ? html`<p>No tickets here.</p>` : null}
		<p>
			${start > 0 ? link(start / ROWS_ON_A_PAGE, '← newer') : null}${start + ROWS_ON_A_PAGE < shown.length
				? link(start / ROWS_ON_A_PAGE + 2, 'older →')
				: null}
		</p>`;
}

function listRow(api: Api, ticket: Ticket): Markup {
	const { store } = api;
	return html`<tr>
		<td><a href="/agent/tickets/${ticket.id}">${ticket.id}</a></td>
		<td dir="auto" style="overflow-wrap:anywhere;min-width:12rem">
			<a href="/agent/tickets/${ticket.id}">${ticket.subject || '(no subject)'}</a>
		</td>
		<td dir="auto">${personName(store, ticket.requester_id)}</td>
		<td>${personName(store, ticket.assignee_id)}</td>
		<td>${statusBadge(store, ticket)}</td>
		<td>${priorityBadge(ticket.priority)}</td>
		<td style="white-space:nowrap">${when(ticket.updated_at)}</td>
	</tr> `;
}

function peoplePage(api: Api): Markup {
	const users = [...api.store.users.values()].slice(0, 500);
	return html`${NOTE}
		<div style="overflow-x:auto">
			<table>
				<thead>
					<tr>
						<th>Name</th>
						<th>E-mail</th>
						<th>Role</th>
						<th>State</th>
						<th>Id</th>
					</tr>
				</thead>
				<tbody>
					${users.map(personRow)}
				</tbody>
			</table>
		</div>`;
}

function personRow(user: User): Markup {
	const state = !user.active ? 'deleted' : user.suspended ? 'suspended' : 'active';
	const role = user.role_type === 1 ? 'light agent' : user.role;
	return html`<tr>
		<td dir="auto">${user.name}</td>
		<td>${user.email ?? '–'}</td>
		<td>${role}</td>
		<td>${state}</td>
		<td>${user.id}</td>
	</tr> `;
}
