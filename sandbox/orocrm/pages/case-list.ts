import { html, type Markup } from '../../common/html';
import type { Row } from '../schema/types';
import type { Store } from '../store/store';
import { badge, contactLink, label, layout, link, pager, table, ticketOf, userName, when } from './layout';

const ROWS = 50;

/** All cases, the newest first, maybe of one status. */
export function caseListPage(store: Store, query: { status?: string; page?: string }): string {
	const status = query.status ?? '';
	const number = Math.max(1, Number(query.page) || 1);
	const ids = status ? store.table('cases').index('status')!.ids(status) : [...store.table('cases').ids()];
	const newest = ids.sort((a, b) => (a < b ? 1 : -1));
	const rows = newest.slice((number - 1) * ROWS, number * ROWS).map((id) => store.get('cases', id)!);
	const columns = ['Number', 'Subject', 'Contact', 'Assigned to', 'Status', 'Priority', 'Source', 'Reported', 'Ticket'];
	const list =
		rows.length === 0
			? html`<p>No cases${status ? ' with this status' : ''} yet.</p>`
			: table(
					columns,
					rows.map((row) => cells(store, row)),
				);
	const body = html`<p class="inline"><a href="/case/create">New case</a></p>
		${filter(store, status)}
		<p class="small">${newest.length} cases</p>
		${list} ${pager('/', status ? { status } : {}, number, newest.length > number * ROWS)}`;
	return layout('Cases', body);
}

function cells(store: Store, row: Row): Array<Markup | string | number | null> {
	const ticket = ticketOf(store, row.id);
	return [
		row.id,
		link(`/case/view/${row.id}`, String(row.subject)),
		contactLink(store, row.relatedContact),
		userName(store, row.assignedTo),
		badge(label(store, 'casestatuses', row.status)),
		label(store, 'casepriorities', row.priority),
		label(store, 'casesources', row.source),
		when(row.reportedAt),
		ticket ? `#${String(ticket.originId ?? '?')}` : null,
	];
}

function filter(store: Store, chosen: string): Markup {
	const statuses = store.all('casestatuses').sort((a, b) => Number(a.order) - Number(b.order));
	const choice = (value: string, text: string): Markup =>
		value === chosen ? html`<strong>${text}</strong>` : link(value ? `/?status=${value}` : '/', text);
	return html`<p class="inline">
		Status: ${choice('', 'All')} ${statuses.map((row) => choice(String(row.id), String(row.label)))}
	</p>`;
}
