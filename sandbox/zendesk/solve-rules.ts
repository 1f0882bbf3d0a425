import { recordInvalid, type RecordProblem } from './errors';
import type { Settings } from './settings';
import type { Store } from './store';
import type { TicketChanges } from './ticket-changes';
import type { Ticket, TicketField, User } from './types';

/** What must be there when a ticket is solved. */

/** Where a ticket holds the value of a field that every account has. */
const SYSTEM_VALUES: Record<string, keyof Ticket & keyof TicketChanges> = {
	subject: 'subject',
	tickettype: 'type',
	priority: 'priority',
	group: 'group_id',
	assignee: 'assignee_id',
};

/** The changes, with the assignee that solving brings; throws the 422 when something is missing. Other changes pass. */
export function solved<T extends TicketChanges>(
	store: Store,
	settings: Settings,
	actor: User,
	changes: T,
	current?: Ticket,
): T {
	if (!isSolving(store, changes, current)) return changes;
	const isUnassigned = (changes.assignee_id === undefined ? current?.assignee_id : changes.assignee_id) == null;
	const wanted =
		isUnassigned && settings.solvingWithoutAssignee === 'assigned' ? { ...changes, assignee_id: actor.id } : changes;
	const missing = [...store.ticketFields.values()]
		.filter((field) => isRequired(field, isUnassigned, settings) && isEmpty(valueOf(field, wanted, current)))
		.sort((a, b) => a.position - b.position || a.id - b.id);
	// The assignee is named before all others, whatever its place in the form.
	missing.sort((a, b) => Number(b.type === 'assignee') - Number(a.type === 'assignee'));
	if (missing.length > 0) throw recordInvalid({ base: missing.map(problem) });
	return wanted;
}

function isSolving(store: Store, changes: TicketChanges, current: Ticket | undefined): boolean {
	const category =
		changes.custom_status_id === undefined
			? changes.status
			: store.customStatuses.get(changes.custom_status_id)?.status_category;
	return category === 'solved' && current?.status !== 'solved';
}

function isRequired(field: TicketField, isUnassigned: boolean, settings: Settings): boolean {
	if (field.type === 'assignee' && isUnassigned && settings.solvingWithoutAssignee === 'refused') return true;
	return field.active && field.required;
}

function valueOf(field: TicketField, changes: TicketChanges, current: Ticket | undefined): unknown {
	if (field.removable) return changes.custom_values?.[field.id] ?? current?.custom_values[field.id];
	const name = SYSTEM_VALUES[field.type];
	if (!name) return true;
	return changes[name] === undefined ? current?.[name] : changes[name];
}

const isEmpty = (value: unknown) =>
	value === null ||
	value === undefined ||
	value === '' ||
	value === false ||
	(Array.isArray(value) && value.length === 0);

/** `error` is there and null (zenpy#114, zenpy#257). */
function problem(field: TicketField): RecordProblem {
	return {
		description: `${field.title}: is required when solving a ticket`,
		error: null,
		ticket_field_id: field.id,
		ticket_field_type: field.type === 'tickettype' ? 'FieldTicketType' : `Field${capital(field.type)}`,
	};
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
