import type { Caller } from '../access';
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
	const subject = (form.subject ?? '').trim();
	if (subject === '') throw new FormError('The subject must not be blank.');
	if ([...subject].length > 255) throw new FormError('The subject must not be longer than 255 characters.');
	const values: Record<string, unknown> = {
		subject,
		description: text(form.description),
		resolution: text(form.resolution),
		status: reference(store, 'casestatuses', form.status ?? ''),
		priority: reference(store, 'casepriorities', form.priority ?? ''),
		assignedTo: form.assignedTo ? reference(store, 'users', Number(form.assignedTo)) : null,
		relatedContact: form.relatedContact ? reference(store, 'contacts', Number(form.relatedContact)) : null,
	};
	const changed = Object.fromEntries(Object.entries(values).filter(([field, value]) => row[field] !== value));
	if (Object.keys(changed).length === 0) return;
	const effects = sideEffects(store, store.resource('cases'), row, changed, ADMINISTRATOR);
	store.update('cases', row.id, { ...changed, ...effects });
}

/** Adds a comment. With a two-way channel OroCRM would send it to Zendesk, which is counted (orocrm-api.md §6). */
export function addComment(store: Store, row: Row, form: Record<string, string>, rules: LifecycleRules): void {
	const message = (form.message ?? '').trim();
	if (message === '') throw new FormError('The comment must not be blank.');
	const values: Record<string, unknown> = {
		case: row.id,
		message,
		public: form.visibility !== 'private',
		owner: reference(store, 'users', Number(form.owner ?? 1)),
	};
	complete(store, store.resource('casecomments'), values, ADMINISTRATOR, rules);
	store.insert('casecomments', values);
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

function text(value: string | undefined): string | null {
	const normalized = (value ?? '').replace(/\r\n/g, '\n').trim();
	return normalized === '' ? null : normalized;
}

function reference(store: Store, type: string, id: Id): Id {
	if (!store.get(type, id)) throw new FormError(`There is no such value in ${type}.`);
	return id;
}
