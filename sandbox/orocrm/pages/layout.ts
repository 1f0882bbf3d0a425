import { escapeHtml, html, Markup, page, type PageFrame } from '../../common/html';
import type { Id, Row } from '../schema/types';
import type { Store } from '../store/store';

const FRAME: PageFrame = {
	system: 'Practice OroCRM',
	colour: '#1d5b6b',
	navigation: [
		{ label: 'Cases', href: '/' },
		{ label: 'Contacts', href: '/contact' },
		{ label: 'Zendesk ticket records', href: '/zendesk/ticket' },
	],
};

/** Lists become cards on a narrow screen: every cell names its column. */
const STYLE = new Markup(`<style>
.list td:empty::after{content:"–";opacity:.5}
@media(max-width:48rem){main{padding:.8rem}.list thead{display:none}.list tr{display:block;border:1px solid var(--line);border-radius:.5rem;margin:.6rem 0;padding:.3rem .2rem}.list td{display:grid;grid-template-columns:7.5rem 1fr;border:0;padding:.15rem .6rem;overflow-wrap:anywhere}.list td::before{content:attr(data-label);font-weight:600}}
.comment.box{white-space:normal}.comment.box p{margin:.2rem 0}.text{white-space:pre-wrap;overflow-wrap:anywhere}.list .badge{justify-self:start}input,select,textarea{font-weight:400}
.inline{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center;margin:.8rem 0}.inline form{margin:0}.small{opacity:.75;font-size:.9em}
</style>`);

const NOTICE = html`<p class="notice">
	This is a practice system: it behaves like OroCRM, its data are made up, and nothing in it reaches a real customer.
</p>`;

/** A whole page with the note that this is no real OroCRM. */
export function layout(title: string, body: Markup): string {
	return page(FRAME, title, html`${STYLE}${NOTICE}${body}`);
}

/** A table whose cells carry the name of their column. */
export function table(columns: string[], rows: Array<Array<Markup | string | number | null>>): Markup {
	return html`<table class="list">
		<thead>
			<tr>
				${columns.map((column) => html`<th>${column}</th>`)}
			</tr>
		</thead>
		<tbody>
			${rows.map(
				(cells) =>
					html`<tr>
						${cells.map((cell, i) => html`<td data-label="${columns[i]}">${cell}</td>`)}
					</tr>`,
			)}
		</tbody>
	</table>`;
}

/** Names and values; what is not there is a dash. */
export function definitions(entries: Array<[string, Markup | string | null]>): Markup {
	return html`<dl>
		${entries.map(
			([name, value]) =>
				html`<dt>${name}</dt>
					<dd>${value === null || value === '' ? '–' : value}</dd>`,
		)}
	</dl>`;
}

/** Earlier and later pages of a list. */
export function pager(path: string, query: Record<string, string>, number: number, hasMore: boolean): Markup {
	const link = (to: number, label: string): Markup => {
		const parameters = new URLSearchParams({ ...query, page: String(to) });
		return html`<a href="${path}?${parameters.toString()}">${label}</a>`;
	};
	return html`<p class="inline">
		${number > 1 && link(number - 1, '← Newer')}${hasMore && link(number + 1, 'Older →')}
	</p>`;
}

export const link = (href: string, text: string): Markup => html`<a href="${href}">${text}</a>`;

export const badge = (text: string | null): Markup | null =>
	text === null ? null : html`<span class="badge">${text}</span>`;

/** A text with its line breaks, and no blanks around it that the markup would add. */
export const lines = (text: string): Markup => new Markup(`<div class="text">${escapeHtml(text)}</div>`);

/** A date and time as people read it, in UTC. */
export function when(value: unknown): Markup | null {
	if (typeof value !== 'string') return null;
	return html`<time datetime="${value}">${value.slice(0, 16).replace('T', ' ')}</time>`;
}

export function label(store: Store, type: string, id: unknown): string | null {
	const row = id === null || id === undefined ? undefined : store.get(type, id as Id);
	return row ? String(row.label) : null;
}

export function personName(row: Row): string {
	const name = [row.firstName, row.middleName, row.lastName].filter(Boolean).join(' ');
	return name || String(row.primaryEmail ?? row.email ?? `No name (${row.id})`);
}

export function contactLink(store: Store, id: unknown): Markup | null {
	const row = id === null || id === undefined ? undefined : store.get('contacts', id as Id);
	return row ? link(`/contact/view/${row.id}`, personName(row)) : null;
}

export function userName(store: Store, id: unknown): string | null {
	const row = id === null || id === undefined ? undefined : store.get('users', id as Id);
	return row ? personName(row) : null;
}

/** The ticket record of a case, if it is linked. */
export function ticketOf(store: Store, caseId: Id): Row | undefined {
	const tickets = store.table('zendesktickets');
	const [id] = tickets.index('relatedCase')!.ids(caseId);
	return id === undefined ? undefined : tickets.get(id);
}
