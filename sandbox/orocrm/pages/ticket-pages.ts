import { html, type Markup } from '../../common/html';
import type { Id, Row } from '../schema/types';
import type { Store } from '../store/store';
import { badge, contactLink, definitions, label, layout, lines, link, pager, table, userName, when } from './layout';

const ROWS = 50;

/** Everything that OroCRM knows of a ticket, with the people behind it. */
export function ticketDetails(store: Store, row: Row): Markup {
	const channel = row.channel === null ? undefined : store.get('integrationchannels', row.channel as Id);
	const problem = row.problem === null ? undefined : store.get('zendesktickets', row.problem as Id);
	const collaborators = (row.collaborators as Id[]).map((id) => html`<div>${zendeskUser(store, id)}</div>`);
	const text = (field: string): string | null => (row[field] === null ? null : String(row[field]));
	return definitions([
		['Ticket', text('originId') && `#${text('originId')}`],
		['Subject', text('subject')],
		['Description', row.description === null ? null : lines(String(row.description))],
		['Status', badge(label(store, 'zendeskticketstatuses', row.status))],
		['Priority', label(store, 'zendeskticketpriorities', row.priority)],
		['Type', label(store, 'zendesktickettypes', row.ticketType)],
		['Requester', zendeskUser(store, row.requester)],
		['Submitter', zendeskUser(store, row.submitter)],
		['Assignee', zendeskUser(store, row.assignee)],
		['Collaborators', collaborators.length > 0 ? html`${collaborators}` : null],
		['Problem', problem ? `#${String(problem.originId)}` : null],
		['Has incidents', row.hasIncidents === true ? 'yes' : 'no'],
		['Recipient', text('recipient')],
		['External ID', text('externalId')],
		['Address', text('url')],
		['Due', when(row.dueAt)],
		['Created in Zendesk', when(row.originCreatedAt)],
		['Updated in Zendesk', when(row.originUpdatedAt)],
		['Created here', when(row.createdAt)],
		['Updated here', when(row.updatedAt)],
		['Comments', String(store.relatedIds('zendesktickets', row, 'comments').length)],
		['Integration', channel ? String(channel.name) : 'none'],
	]);
}

/** A Zendesk user and whom OroCRM takes it for. */
function zendeskUser(store: Store, id: unknown): Markup | null {
	const row = id === null || id === undefined ? undefined : store.get('zendeskusers', id as Id);
	if (!row) return null;
	const known = contactLink(store, row.relatedContact) ?? userName(store, row.relatedUser);
	const role = label(store, 'zendeskuserroles', row.role);
	return html`${String(row.name ?? row.email ?? row.originId ?? row.id)}${role &&
	html` <span class="small">${role}</span>`}${known && html` → ${known}`}`;
}

/** All ticket records, the newest first. */
export function ticketListPage(store: Store, query: { page?: string }): string {
	const number = Math.max(1, Number(query.page) || 1);
	const ids = [...store.table('zendesktickets').ids()].reverse();
	const rows = ids.slice((number - 1) * ROWS, number * ROWS).map((id) => store.get('zendesktickets', id)!);
	const columns = ['Ticket', 'Subject', 'Status', 'Priority', 'Requester', 'Assignee', 'Updated in Zendesk', 'Case'];
	const cells = rows.map(
		(row): Array<Markup | string | null> => [
			row.originId === null ? null : `#${String(row.originId)}`,
			String(row.subject ?? ''),
			badge(label(store, 'zendeskticketstatuses', row.status)),
			label(store, 'zendeskticketpriorities', row.priority),
			zendeskUser(store, row.requester),
			zendeskUser(store, row.assignee),
			when(row.originUpdatedAt),
			row.relatedCase === null
				? html`<span class="small">none, or deleted</span>`
				: link(`/case/view/${String(row.relatedCase)}`, `Case ${String(row.relatedCase)}`),
		],
	);
	const list = rows.length === 0 ? html`<p>No ticket records yet: nothing has been synced.</p>` : table(columns, cells);
	return layout(
		'Zendesk ticket records',
		html`${list}${pager('/zendesk/ticket', {}, number, ids.length > number * ROWS)}`,
	);
}
