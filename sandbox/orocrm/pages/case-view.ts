import { html, type Markup } from '../../common/html';
import type { Id, Row } from '../schema/types';
import type { Store } from '../store/store';
import { commentForm } from './case-forms';
import { badge, contactLink, definitions, label, layout, lines, link, ticketOf, userName, when } from './layout';
import { ticketDetails } from './ticket-pages';

export interface Refused {
	typed: Record<string, string>;
	error: string;
}

/** One case with its ticket record and its comments. `refused` is a comment that could not be added. */
export function caseViewPage(store: Store, row: Row, saved: boolean, refused?: Refused): string {
	const ticket = ticketOf(store, row.id);
	const comments = store.relatedIds('cases', row, 'comments').map((id) => store.get('casecomments', id)!);
	const body = html`${saved && html`<p class="notice" role="status">Saved.</p>`}
		<div class="inline">
			<a href="/case/update/${row.id}">Edit</a>
			<form method="post" action="/case/delete/${row.id}"><button>Delete case</button></form>
		</div>
		<div class="columns">
			<section>
				<h2>Description</h2>
				<div class="comment box">${lines(String(row.description ?? '') || 'None')}</div>
				${Boolean(row.resolution) &&
				html`<h2>Resolution</h2>
					<div class="comment box">${lines(String(row.resolution))}</div>`}
				<h2>Comments (${comments.length})</h2>
				${comments.map((comment) => commentBox(store, comment))}
				${commentForm(store, row, refused?.typed, refused?.error)}
			</section>
			<aside>
				<h2>Case</h2>
				${details(store, row)}
				<h2>Zendesk ticket record</h2>
				${ticket ? ticketDetails(store, ticket) : html`<p>None: this case is not linked to a ticket.</p>`}
			</aside>
		</div>`;
	return layout(`Case ${row.id}: ${String(row.subject)}`, body);
}

function details(store: Store, row: Row): Markup {
	const account = row.relatedAccount === null ? null : store.get('accounts', row.relatedAccount as Id);
	const entries: Array<[string, Markup | string | null]> = [
		['Status', badge(label(store, 'casestatuses', row.status))],
		['Priority', label(store, 'casepriorities', row.priority)],
		['Source', label(store, 'casesources', row.source)],
		['Contact', contactLink(store, row.relatedContact)],
		['Account', account ? String(account.name) : null],
		['Assigned to', userName(store, row.assignedTo)],
		['Owner', userName(store, row.owner)],
		['Reported', when(row.reportedAt)],
		['Created', when(row.createdAt)],
		['Updated', when(row.updatedAt) ?? 'never'],
		['Closed', when(row.closedAt)],
		['External ID', row.externalId === null ? null : String(row.externalId ?? '')],
	];
	return definitions(entries);
}

function commentBox(store: Store, comment: Row): Markup {
	const author = contactLink(store, comment.contact) ?? userName(store, comment.owner) ?? 'unknown';
	const edited = comment.updatedAt !== comment.createdAt;
	const kind = comment.public === true ? 'public' : 'private';
	return html`<article class="comment box${comment.public === true ? '' : ' internal'}">
		<p class="small">
			${author} · ${when(comment.createdAt)} · ${badge(kind)}${edited && html` · edited ${when(comment.updatedAt)}`}
		</p>
		${lines(String(comment.message))}${attachment(store, comment)}
	</article>`;
}

function attachment(store: Store, comment: Row): Markup | false {
	const file = comment.attachment === null ? undefined : store.get('files', comment.attachment as Id);
	if (!file) return false;
	return html`<p class="small">
		Attachment: ${link(`/file/${file.id}`, String(file.originalFilename ?? `file ${file.id}`))}
		(${Number(file.fileSize)} bytes)
	</p>`;
}
