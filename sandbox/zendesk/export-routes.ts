import type { Api } from './api';
import { cursorExport, timeExport, type ExportSource } from './export-pages';
import type { RouteOptions } from './router';
import { SIDELOADS_IN_EXPORTS, sideload, ticketExtras } from './sideloads';
import { eventOf } from './ticket-events';
import { epochSeconds } from './time';
import type { Audit, Organization, Ticket, User } from './types';

/** All exports share one budget (zendesk-api.md §3). */
const OPTIONS: RouteOptions = { adminOnly: true, limits: [['incremental', () => 'account']] };

export function exportRoutes(api: Api): void {
	ticketExports(api);
	userExports(api);
	organizationExport(api);
	eventExport(api);
}

function ticketExports(api: Api): void {
	const { router, store, views } = api;
	const source = (path: string, excludeDeleted: boolean): ExportSource<Ticket> => ({
		index: store.ticketExport,
		row: (id) => store.tickets.get(id)!,
		timestamp: (ticket) => ticket.generated_timestamp,
		accept: (ticket) => !excludeDeleted || ticket.status !== 'deleted',
		path,
	});
	const shown = (rows: Ticket[], include: string | undefined) => ({
		tickets: rows.map((ticket) => views.ticket(ticket, 'export', ticketExtras(api, ticket, withoutAudits(include)))),
		...sideload(api, rows, include, SIDELOADS_IN_EXPORTS),
	});
	router.add('GET', 'incremental/tickets/cursor', OPTIONS, ({ query }) => {
		const { rows, ...paging } = cursorExport(
			api,
			source('incremental/tickets/cursor', query.exclude_deleted === 'true'),
			query,
		);
		return { status: 200, body: { ...shown(rows, query.include), ...paging } };
	});
	router.add('GET', 'incremental/tickets', OPTIONS, ({ query }) => {
		const { rows, count, end_of_stream, next_page, end_time } = timeExport(
			api,
			source('incremental/tickets', query.exclude_deleted === 'true'),
			query,
		);
		return { status: 200, body: { ...shown(rows, query.include), count, end_of_stream, next_page, end_time } };
	});
}

const withoutAudits = (include: string | undefined) =>
	include
		?.split(',')
		.filter((name) => name !== 'last_audits')
		.join(',');

function userExports(api: Api): void {
	const { router, store, views } = api;
	const source = (path: string): ExportSource<User> => ({
		index: store.userExport,
		row: (id) => store.users.get(id)!,
		timestamp: (user) => epochSeconds(user.updated_at),
		accept: () => true,
		path,
	});
	router.add('GET', 'incremental/users/cursor', OPTIONS, ({ query }) => {
		const { rows, ...paging } = cursorExport(api, source('incremental/users/cursor'), query);
		return { status: 200, body: { users: rows.map((user) => views.user(user, 'export')), ...paging } };
	});
	router.add('GET', 'incremental/users', OPTIONS, ({ query }) => {
		const { rows, ...paging } = timeExport(api, source('incremental/users'), query);
		return { status: 200, body: { users: rows.map((user) => views.user(user, 'export')), ...paging } };
	});
}

/** Organizations and ticket events have no cursor form (zendesk-api.md §4). */
function organizationExport(api: Api): void {
	const { router, store, views } = api;
	const source: ExportSource<Organization> = {
		index: store.organizationExport,
		row: (id) => store.organizations.get(id)!,
		timestamp: (organization) => epochSeconds(organization.updated_at),
		accept: () => true,
		path: 'incremental/organizations',
	};
	router.add('GET', 'incremental/organizations', OPTIONS, ({ query }) => {
		const { rows, ...paging } = timeExport(api, source, query);
		return { status: 200, body: { organizations: rows.map((row) => views.organization(row)), ...paging } };
	});
}

function eventExport(api: Api): void {
	const { router, store } = api;
	const source: ExportSource<Audit> = {
		index: store.auditExport,
		row: (id) => store.audits.get(id)!,
		timestamp: (audit) => epochSeconds(audit.created_at),
		accept: () => true,
		path: 'incremental/ticket_events',
	};
	router.add('GET', 'incremental/ticket_events', OPTIONS, ({ query }) => {
		const { rows, ...paging } = timeExport(api, source, query);
		const withComments = (query.include ?? '').split(',').includes('comment_events');
		return { status: 200, body: { ticket_events: rows.map((audit) => eventOf(api, audit, withComments)), ...paging } };
	});
}
