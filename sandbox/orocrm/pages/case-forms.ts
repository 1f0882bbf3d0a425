import { html, type Markup } from '../../common/html';
import type { Id, Row } from '../schema/types';
import type { Store } from '../store/store';
import { layout, personName } from './layout';

export interface Option {
	value: string;
	text: string;
}

/** The edit form of a case, with what was typed when it could not be saved. */
export function caseEditPage(store: Store, row: Row, typed: Record<string, string>, error?: string): string {
	const value = (field: string): string => typed[field] ?? String(row[field] ?? '');
	const body = html`${problem(error)}
		<form class="stacked" method="post" action="/case/update/${row.id}">
			${caseFields(store, value)}
			<p class="inline"><button>Save</button> <a href="/case/view/${row.id}">Cancel</a></p>
		</form>`;
	return layout(`Edit case ${row.id}`, body);
}

/** The form of a case that is not there yet. */
export function caseNewPage(store: Store, typed: Record<string, string>, error?: string): string {
	const initial: Record<string, string> = { status: 'open', priority: 'normal', source: 'other', ...typed };
	const value = (field: string): string => initial[field] ?? '';
	const body = html`${problem(error)}
		<form class="stacked" method="post" action="/case/create">
			${caseFields(store, value)} ${select('Source', 'source', dictionary(store, 'casesources'), value('source'))}
			<p class="inline"><button>Create case</button> <a href="/">Cancel</a></p>
		</form>`;
	return layout('New case', body);
}

const problem = (error: string | undefined): Markup | false =>
	error !== undefined && html`<p class="error" role="alert">${error}</p>`;

function caseFields(store: Store, value: (field: string) => string): Markup {
	const contacts = [NOBODY, ...contactChoices(store, value('relatedContact'))];
	return html`<label>Subject <input name="subject" value="${value('subject')}" required /></label>
		<label>Description <textarea name="description" rows="6">${value('description')}</textarea></label>
		<label>Resolution <textarea name="resolution" rows="3">${value('resolution')}</textarea></label>
		${select('Status', 'status', dictionary(store, 'casestatuses'), value('status'))}
		${select('Priority', 'priority', dictionary(store, 'casepriorities'), value('priority'))}
		${select('Assigned to', 'assignedTo', [NOBODY, ...people(store, 'users')], value('assignedTo'))}
		${select('Contact', 'relatedContact', contacts, value('relatedContact'))}`;
}

/** The form by which a comment is added; after a refusal it comes back with what was typed. */
export function commentForm(store: Store, row: Row, typed: Record<string, string> = {}, error?: string): Markup {
	const contact = row.relatedContact === null ? undefined : store.get('contacts', row.relatedContact as Id);
	const authors = people(store, 'users');
	if (contact) authors.push({ value: `contact:${contact.id}`, text: `${personName(contact)} – the contact` });
	return html`<h2>Add a comment</h2>
		${problem(error)}
		<form class="stacked" method="post" action="/case/comment/${row.id}" enctype="multipart/form-data">
			<label
				>Message
				<textarea name="message" rows="4" required${error !== undefined && html` autofocus`}>${typed.message}</textarea>
			</label>
			<label>File <input name="file" type="file" /></label>
			${select('Author', 'owner', authors, typed.owner ?? '1')}
			${select('Visible to', 'visibility', VISIBILITIES, typed.visibility ?? 'public')}
			<p><button>Add comment</button></p>
		</form>`;
}

const NOBODY: Option = { value: '', text: '–' };
const VISIBILITIES: Option[] = [
	{ value: 'public', text: 'Everyone (public)' },
	{ value: 'private', text: 'Agents only (private)' },
];

/** A list of thousands helps nobody; the one that is set is always there. */
const MOST_CHOICES = 500;

function contactChoices(store: Store, chosen: string): Option[] {
	const choices = people(store, 'contacts');
	const shown = choices.slice(0, MOST_CHOICES);
	const current = choices.find((choice) => choice.value === chosen);
	return current && !shown.includes(current) ? [current, ...shown] : shown;
}

function people(store: Store, type: 'users' | 'contacts'): Option[] {
	return store.all(type).map((row) => ({ value: String(row.id), text: personName(row) }));
}

function dictionary(store: Store, type: string): Option[] {
	const rows = store.all(type).sort((a, b) => Number(a.order) - Number(b.order));
	return rows.map((row) => ({ value: String(row.id), text: String(row.label) }));
}

function select(title: string, name: string, options: Option[], chosen: string): Markup {
	const choice = (option: Option): Markup =>
		option.value === chosen
			? html`<option value="${option.value}" selected>${option.text}</option>`
			: html`<option value="${option.value}">${option.text}</option>`;
	return html`<label
		>${title}
		<select name="${name}">
			${options.map(choice)}
		</select></label
	>`;
}
