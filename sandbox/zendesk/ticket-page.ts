import { html, type Markup } from '../common/html';
import type { Api } from './api';
import { choices, NOTE, personName, priorityBadge, statusBadge, STATUS_NAMES, when } from './page-parts';
import type { Form } from './ticket-forms';
import type { Store } from './store';
import type { Comment, Ticket } from './types';

export interface Notice {
	kind: 'notice' | 'error';
	text: string;
}

const PRIORITIES: Array<[string, string]> = [
	['', '–'],
	['low', 'Low'],
	['normal', 'Normal'],
	['high', 'High'],
	['urgent', 'Urgent'],
];
const TYPES: Array<[string, string]> = [
	['', '–'],
	['question', 'Question'],
	['incident', 'Incident'],
	['problem', 'Problem'],
	['task', 'Task'],
];

const people = (store: Store, agentsOnly: boolean): Array<[string, string]> =>
	[...store.users.values()]
		.filter((user) => user.active && (!agentsOnly || (user.role !== 'end-user' && user.role_type !== 1)))
		.slice(0, 500)
		.map((user) => [
			String(user.id),
			`${user.name}${user.email ? ` (${user.email})` : ''}${user.suspended ? ' – suspended' : ''}`,
		]);

/** Somebody who is set stays to be chosen, also when gone or beyond the list's end. */
function peopleWith(store: Store, agentsOnly: boolean, id: number | null): Array<[string, string]> {
	const listed = people(store, agentsOnly);
	const isThere = id === null || listed.some(([value]) => value === String(id));
	return isThere ? listed : [[String(id), personName(store, id)], ...listed];
}

/** Statuses as an agent sees them: `custom:<id>`, so that a category's several statuses can be told apart. */
function statusChoices(store: Store): Array<[string, string]> {
	return [...store.customStatuses.values()]
		.filter((status) => status.active)
		.map((status) => [
			`custom:${status.id}`,
			status.default ? status.agent_label : `${STATUS_NAMES[status.status_category]}: ${status.agent_label}`,
		]);
}

export function newTicketPage(api: Api, form: Form, problem?: string): Markup {
	const { store } = api;
	return html`${NOTE}${problem ? html`<p class="error">${problem}</p>` : null}
		<form class="stacked" method="post" action="/agent/tickets/new" enctype="multipart/form-data">
			<label
				>Requester
				<select name="requester_id">
					${choices([['', 'someone new (name below)'], ...people(store, false)], form.requester_id)}
				</select></label
			>
			<label>Name of a new requester <input name="requester_name" value="${form.requester_name}" /></label>
			<label
				>E-mail of a new requester <input name="requester_email" type="email" value="${form.requester_email}"
			/></label>
			<label>Subject <input name="subject" value="${form.subject}" /></label>
			<label>Description <textarea name="description" rows="6">${form.description}</textarea></label>
			<label>File <input name="file" type="file" /></label>
			<label
				>Shown to the requester
				<select name="public">
					${choices(
						[
							['yes', 'Public reply'],
							['no', 'Internal note'],
						],
						form.public,
					)}
				</select></label
			>
			<label
				>Status
				<select name="status">
					${choices([['', '(New, or Open with an assignee)'], ...statusChoices(store)], form.status)}
				</select></label
			>
			<label
				>Priority
				<select name="priority">
					${choices(PRIORITIES, form.priority)}
				</select></label
			>
			<label
				>Type
				<select name="type">
					${choices(TYPES, form.type)}
				</select></label
			>
			<label
				>Assignee
				<select name="assignee_id">
					${choices([['', '–'], ...people(store, true)], form.assignee_id)}
				</select></label
			>
			<label>Tags <input name="tags" value="${form.tags}" /></label>
			<div><button>Create ticket</button></div>
		</form>`;
}

/** `typed` is what stood in a form that was refused. */
export function ticketPage(api: Api, ticket: Ticket, notice?: Notice, typed: Form = {}): Markup {
	const { store } = api;
	const writable = ticket.status !== 'closed' && ticket.status !== 'deleted';
	return html`${NOTE}${notice ? html`<p class="${notice.kind}">${notice.text}</p>` : null}
		<div class="columns">
			<section>
				<h2>Conversation</h2>
				${store.commentsOf(ticket.id).map((comment) => commentBlock(api, comment))}
				${writable
					? commentForm(store, ticket, typed.action === 'comment' ? typed : {})
					: html`<p class="notice">
							${ticket.status === 'closed' ? 'A closed ticket cannot be changed.' : 'This ticket is deleted.'}
						</p>`}
			</section>
			<section>
				<h2>Details</h2>
				${details(api, ticket)}
				${writable
					? html`<h2>Edit</h2>
							${editForm(store, ticket, typed.action === 'edit' ? typed : {})}`
					: null}
				<h2>Actions</h2>
				${actions(ticket)}
			</section>
		</div>`;
}

function commentBlock(api: Api, comment: Comment): Markup {
	const files = comment.attachment_ids.map((id) => api.store.attachments.get(id)!);
	const link = (file: (typeof files)[number]) =>
		file.deleted
			? html`${file.file_name} `
			: html`<a href="/attachments/token/${file.token}/?name=${encodeURIComponent(file.file_name)}"
						>${file.file_name}</a
					>
					(${file.size} bytes) `;
	return html`<article class="comment${comment.public ? '' : ' internal'}" style="white-space:normal">
		<strong dir="auto">${personName(api.store, comment.author_id)}</strong> · ${when(comment.created_at)}
		${comment.public ? null : html`<span class="badge">internal</span>`}
		<pre dir="auto" style="white-space:pre-wrap;font:inherit;margin:.4rem 0 0">${comment.body}</pre>
		${files.length > 0 ? html`<p style="margin:.4rem 0 0">Files: ${files.map(link)}</p>` : null}
	</article> `;
}

function commentForm(store: Store, ticket: Ticket, typed: Form): Markup {
	const authors = people(store, true);
	const requester: Array<[string, string]> = [
		[String(ticket.requester_id), `${personName(store, ticket.requester_id)} – the requester`],
	];
	return html`<h2>Add a comment</h2>
		<form class="stacked" method="post" enctype="multipart/form-data">
			<input type="hidden" name="action" value="comment" />
			<label>Text <textarea name="body" rows="5">${typed.body}</textarea></label>
			<label>File <input name="file" type="file" /></label>
			<label
				>From
				<select name="author_id">
					${choices([...authors, ...requester], typed.author_id ?? String(store.account.api_user_id))}
				</select></label
			>
			<label
				>Kind
				<select name="public">
					${choices(
						[
							['yes', 'Public reply'],
							['no', 'Internal note'],
						],
						typed.public ?? 'yes',
					)}
				</select></label
			>
			<div><button>Add comment</button></div>
		</form>`;
}

function details(api: Api, ticket: Ticket): Markup {
	const { store } = api;
	const number = (id: number | null) => (id === null ? html`–` : html`<a href="/agent/tickets/${id}">#${id}</a>`);
	const numbers = (ids: number[]) => (ids.length === 0 ? html`–` : html`${ids.map((id) => html`${number(id)} `)}`);
	const several = (ids: number[]) => (ids.length === 0 ? '–' : ids.map((id) => personName(store, id)).join(', '));
	const rows: Array<[string, Markup | string | number | null]> = [
		['Status', statusBadge(store, ticket)],
		['Priority', priorityBadge(ticket.priority)],
		['Type', ticket.type],
		['Requester', `${personName(store, ticket.requester_id)} ${store.users.get(ticket.requester_id)?.email ?? ''}`],
		['Submitter', personName(store, ticket.submitter_id)],
		['Assignee', personName(store, ticket.assignee_id)],
		['Group', store.groups.get(ticket.group_id ?? 0)?.name ?? null],
		['Organization', store.organizations.get(ticket.organization_id ?? 0)?.name ?? null],
		['Collaborators', several(ticket.collaborator_ids)],
		['Followers', several(ticket.follower_ids)],
		['E-mail copies', several(ticket.email_cc_ids)],
		['Channel', ticket.via.channel],
		['Received at', ticket.recipient],
		['Tags', ticket.tags.join(', ')],
		['Problem', number(ticket.problem_id)],
		['Incidents', numbers([...(store.incidentsOf.get(ticket.id) ?? [])])],
		['Follows', number(ticket.followup_source_id)],
		['Followed by', numbers(ticket.followup_ids)],
		['Due', ticket.due_at && when(ticket.due_at)],
		['External id', ticket.external_id],
		...store
			.customFields()
			.map((field): [string, string] => [field.title, String(ticket.custom_values[field.id] ?? '–')]),
		['Created', when(ticket.created_at)],
		['Updated', when(ticket.updated_at)],
		['Exported as of', new Date(ticket.generated_timestamp * 1000).toISOString().slice(0, 19)],
	];
	return html`<dl>
		${rows.map(
			([label, value]) =>
				html`<dt>${label}</dt>
					<dd dir="auto">${value === null || value === '' ? '–' : value}</dd>`,
		)}
	</dl>`;
}

function editForm(store: Store, ticket: Ticket, typed: Form): Markup {
	return html`<form class="stacked" method="post">
		<input type="hidden" name="action" value="edit" />
		<label>Subject <input name="subject" value="${typed.subject ?? ticket.subject ?? ''}" /></label>
		<label
			>Status
			<select name="status">
				${choices(statusChoices(store), typed.status ?? `custom:${ticket.custom_status_id}`)}
			</select></label
		>
		<label
			>Priority
			<select name="priority">
				${choices(PRIORITIES, typed.priority ?? ticket.priority)}
			</select></label
		>
		<label
			>Type
			<select name="type">
				${choices(TYPES, typed.type ?? ticket.type)}
			</select></label
		>
		<label
			>Assignee
			<select name="assignee_id">
				${choices(
					[['', '–'], ...peopleWith(store, true, ticket.assignee_id)],
					typed.assignee_id ?? String(ticket.assignee_id ?? ''),
				)}
			</select></label
		>
		<label
			>Requester
			<select name="requester_id">
				${choices(peopleWith(store, false, ticket.requester_id), typed.requester_id ?? String(ticket.requester_id))}
			</select></label
		>
		<label>Tags <input name="tags" value="${typed.tags ?? ticket.tags.join(' ')}" /></label>
		<div><button>Save changes</button></div>
	</form>`;
}

function actions(ticket: Ticket): Markup {
	const button = (action: string, label: string) =>
		html`<form method="post" style="margin:.4rem 0">
			<input type="hidden" name="action" value="${action}" /><button>${label}</button>
		</form>`;
	if (ticket.status === 'deleted')
		return ticket.scrubbed ? html`<p>Nothing is left to do here.</p>` : button('restore', 'Restore ticket');
	const remove = button('delete', 'Delete ticket');
	if (ticket.status === 'closed') return remove;
	return html`${button('close', 'Close ticket for good')}
		<form class="stacked" method="post">
			<input type="hidden" name="action" value="merge" />
			<label>Merge into ticket number <input name="target" inputmode="numeric" required /></label>
			<div><button>Merge</button></div>
		</form>
		${remove}`;
}
