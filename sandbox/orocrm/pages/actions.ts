import type { PickedFile, SentForm } from '../../common/form';
import type { Caller } from '../access';
import { refusal } from '../rules/files';
import { complete, sideEffects, type LifecycleRules } from '../rules/lifecycle';
import { isTwoWay } from '../rules/two-way';
import type { Id, Row } from '../schema/types';
import type { Store } from '../store/store';
import { ticketOf } from './layout';

/** The person at the screen. */
const ADMINISTRATOR: Caller = { userId: 1, organizationId: 1, businessUnitId: 1, role: 'administrator' };

export class FormError extends Error {}

/** Saves the edit form of a case as OroCRM's own page does: dates move, webhooks fire, a two-way channel would export. */
export function saveCase(store: Store, row: Row, form: Record<string, string>): void {
	const values = caseValues(store, form);
	const changed = Object.fromEntries(Object.entries(values).filter(([field, value]) => row[field] !== value));
	if (Object.keys(changed).length === 0) return;
	const effects = sideEffects(store, store.resource('cases'), row, changed, ADMINISTRATOR);
	store.update('cases', row.id, { ...changed, ...effects });
}

/** Makes a case of what a person typed. */
export function createCase(store: Store, form: Record<string, string>, rules: LifecycleRules): Row {
	const values = { ...caseValues(store, form), source: reference(store, 'casesources', form.source ?? 'other') };
	complete(store, store.resource('cases'), values, ADMINISTRATOR, rules);
	return store.insert('cases', values);
}

function caseValues(store: Store, form: Record<string, string>): Record<string, unknown> {
	const subject = (form.subject ?? '').trim();
	if (subject === '') throw new FormError('The subject must not be blank.');
	if ([...subject].length > 255) throw new FormError('The subject must not be longer than 255 characters.');
	return {
		subject,
		description: text(form.description),
		resolution: text(form.resolution),
		status: reference(store, 'casestatuses', form.status ?? ''),
		priority: reference(store, 'casepriorities', form.priority ?? ''),
		assignedTo: form.assignedTo ? reference(store, 'users', Number(form.assignedTo)) : null,
		relatedContact: form.relatedContact ? reference(store, 'contacts', Number(form.relatedContact)) : null,
	};
}

/**
 * Adds a comment of a user, or of a contact (`contact:7`). With a two-way channel OroCRM would send it to Zendesk, which is
 * counted (orocrm-api.md §6).
 */
export function addComment(store: Store, row: Row, { fields, file }: SentForm, rules: LifecycleRules): void {
	const message = (fields.message ?? '').trim();
	if (message === '') throw new FormError('The comment must not be blank.');
	const contact = /^contact:(\d+)$/.exec(fields.owner ?? '');
	const values: Record<string, unknown> = {
		case: row.id,
		message,
		public: fields.visibility !== 'private',
		owner: reference(store, 'users', contact ? 1 : Number(fields.owner ?? 1)),
		...(contact ? { contact: reference(store, 'contacts', Number(contact[1])) } : {}),
	};
	const problem = file && refusal(file.content.length, file.name, file.type, store.fileRules);
	if (problem) throw new FormError(problem);
	complete(store, store.resource('casecomments'), values, ADMINISTRATOR, rules);
	store.transaction(() => {
		const id = store.nextId('casecomments');
		if (file) values.attachment = insertFile(store, file, id, rules);
		store.insert('casecomments', { ...values, id });
	});
	const ticket = ticketOf(store, row.id);
	if (!ticket || !isTwoWay(store, ticket.channel as Id | null)) return;
	store.twoWayExports.push({
		caseId: row.id,
		ticketRecordId: ticket.id,
		originId: ticket.originId as string | null,
		fields: ['comments'],
		at: store.now(),
	});
}

function insertFile(store: Store, file: PickedFile, commentId: Id, rules: LifecycleRules): Id {
	const values: Record<string, unknown> = {
		originalFilename: file.name,
		mimeType: file.type,
		content: file.content.toString('base64'),
		parent: { type: 'casecomments', id: commentId },
		parentFieldName: 'attachment',
	};
	complete(store, store.resource('files'), values, ADMINISTRATOR, rules);
	return store.insert('files', values).id;
}

function text(value: string | undefined): string | null {
	const normalized = (value ?? '').trim();
	return normalized === '' ? null : normalized;
}

function reference(store: Store, type: string, id: Id): Id {
	if (!store.get(type, id)) throw new FormError(`There is no such value in ${type}.`);
	return id;
}
