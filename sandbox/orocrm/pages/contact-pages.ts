import { html, type Markup } from '../../common/html';
import type { Id, Row } from '../schema/types';
import type { Store } from '../store/store';
import { badge, definitions, label, layout, link, pager, personName, table, userName, when } from './layout';

const ROWS = 50;

export function contactListPage(store: Store, query: { page?: string }): string {
	const number = Math.max(1, Number(query.page) || 1);
	const ids = [...store.table('contacts').ids()].reverse();
	const rows = ids.slice((number - 1) * ROWS, number * ROWS).map((id) => store.get('contacts', id)!);
	const cells = rows.map(
		(row): Array<Markup | string | number | null> => [
			row.id,
			link(`/contact/view/${row.id}`, personName(row)),
			addresses(row),
			((row.phones as string[]) ?? []).join(', '),
			accountNames(store, row),
			String(store.table('cases').index('relatedContact')!.count(row.id)),
		],
	);
	const list = table(['Number', 'Name', 'E-mail', 'Phone', 'Account', 'Cases'], cells);
	return layout('Contacts', html`${list}${pager('/contact', {}, number, ids.length > number * ROWS)}`);
}

export function contactViewPage(store: Store, row: Row): string {
	const cases = store
		.table('cases')
		.index('relatedContact')!
		.ids(row.id)
		.map((id) => store.get('cases', id)!);
	const caseCells = cases.map(
		(one): Array<Markup | string | number | null> => [
			one.id,
			link(`/case/view/${one.id}`, String(one.subject)),
			badge(label(store, 'casestatuses', one.status)),
			when(one.reportedAt),
		],
	);
	const body = html`<div class="columns">
		<section>
			<h2>Cases</h2>
			${cases.length > 0 ? table(['Number', 'Subject', 'Status', 'Reported'], caseCells) : html`<p>None.</p>`}
		</section>
		<aside>
			<h2>Contact</h2>
			${details(store, row)}
		</aside>
	</div>`;
	return layout(personName(row), body);
}

function details(store: Store, row: Row): Markup {
	const zendesk = store
		.table('zendeskusers')
		.index('relatedContact')!
		.ids(row.id)
		.map((id) => store.get('zendeskusers', id)!)
		.map((user) => html`<div>${String(user.name ?? user.email ?? '')} (${String(user.originId ?? 'no number')})</div>`);
	const text = (field: string): string | null => (row[field] === null ? null : String(row[field] ?? ''));
	return definitions([
		['Prefix', text('namePrefix')],
		['First name', text('firstName')],
		['Middle name', text('middleName')],
		['Last name', text('lastName')],
		['Suffix', text('nameSuffix')],
		['E-mail', addresses(row)],
		['Phone', ((row.phones as string[]) ?? []).join(', ')],
		['Account', accountNames(store, row)],
		['Job title', text('jobTitle')],
		['Description', text('description')],
		['Owner', userName(store, row.owner)],
		['Zendesk users', zendesk.length > 0 ? html`${zendesk}` : null],
		['Created', when(row.createdAt)],
		['Updated', when(row.updatedAt)],
	]);
}

function addresses(row: Row): Markup {
	const emails = row.emails as string[];
	return html`${emails.map(
		(email) =>
			html`<div>
				${email}${emails.length > 1 && email === row.primaryEmail && html` <span class="small">primary</span>`}
			</div>`,
	)}`;
}

function accountNames(store: Store, row: Row): string {
	const ids: Id[] = store.relatedIds('contacts', row, 'accounts');
	return ids.map((id) => String(store.get('accounts', id)!.name)).join(', ');
}
