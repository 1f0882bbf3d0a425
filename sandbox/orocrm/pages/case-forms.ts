import { html, type Markup } from '../../common/html';
import type { Row } from '../schema/types';
import type { Store } from '../store/store';
import { layout, personName } from './layout';

export interface Option {
	value: string;
	text: string;
}

/** The edit form of a case, with what was typed when it could not be saved. */
export function caseEditPage(store: Store, row: Row, typed: Record<string, string>, error?: string): string {
	const value = (field: string): string => typed[field] ?? String(row[field] ?? '');
	const body = html`${error !== undefined && html`<p class="error" role="alert">${error}</p>`}
		<form class="stacked" method="post" action="/case/update/${row.id}">
			<label>Subject <input name="subject" value="${value('subject')}" required /></label>
			<label>Description <textarea name="description" rows="6">${value('description')}</textarea></label>
			<label>Resolution <textarea name="resolution" rows="3">${value('resolution')}</textarea></label>
			${select('Status', 'status', dictionary(store, 'casestatuses'), value('status'))}
			${select('Priority', 'priority', dictionary(store, 'casepriorities'), value('priority'))}
			${select('Assigned to', 'assignedTo', [NOBODY, ...people(store, 'users')], value('assignedTo'))}
			${select(
				'Contact',
				'relatedContact',
				[NOBODY, ...contactChoices(store, value('relatedContact'))],
				value('relatedContact'),
			)}
			<p class="inline"><button>Save</button> <a href="/case/view/${row.id}">Cancel</a></p>
		</form>`;
	return layout(`Edit case ${row.id}`, body);
}

/** The form under a case by which a comment is added. */
export function commentForm(store: Store, row: Row): Markup {
	return html`<h2>Add a comment</h2>
		<form class="stacked" method="post" action="/case/comment/${row.id}">
			<label>Message <textarea name="message" rows="4" required></textarea></label>
			${select('Author', 'owner', people(store, 'users'), '1')}
			${select('Visible to', 'visibility', VISIBILITIES, 'public')}
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
