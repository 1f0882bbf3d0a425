import type { PickedFile } from '../common/form';
import type { Api } from './api';
import { recordInvalid } from './errors';
import { solved } from './solve-rules';
import type { WriteContext } from './store';
import type { TicketChanges } from './ticket-changes';
import { blankDescription } from './ticket-creation';
import type { Priority, Ticket, TicketType } from './types';

/** What the pages' forms ask for, carried out. Refusals are thrown as the API would answer them. */

export type Form = Record<string, string | undefined>;

const invalid = (field: string, description: string) => recordInvalid({ [field]: [{ description }] });

export function ticketFromForm(api: Api, form: Form, file?: PickedFile): Ticket {
	const { store } = api;
	if (!form.description?.trim()) throw blankDescription(store);
	const requester = form.requester_id ? { requester_id: Number(form.requester_id) } : newRequester(api, form);
	const { status, assignee_id, ...fields } = fieldsOf(form);
	const ticket = {
		...fields,
		...(status ?? {}),
		...(assignee_id ? { assignee_id } : {}),
		...requester,
		comment: { body: form.description, public: form.public !== 'no', attachment_ids: attachments(api, file) },
	};
	return store.createTicket(solved(store, api.settings, store.actor(), ticket), { channel: 'web' });
}

const attachments = (api: Api, file: PickedFile | undefined): number[] =>
	file ? [api.store.addAttachment({ file_name: file.name, content_type: file.type, content: file.content }).id] : [];

function newRequester(api: Api, form: Form): Pick<TicketChanges, 'requester_id' | 'new_requester'> {
	const email = form.requester_email?.trim();
	const known = email ? api.store.findUser(email) : undefined;
	if (known) return { requester_id: known.id };
	if (!form.requester_name?.trim()) throw invalid('requester', 'Requester: pick one, or give the name of a new one.');
	return { new_requester: { name: form.requester_name.trim(), email: email || null } };
}

function fieldsOf(form: Form) {
	const custom = /^custom:(\d+)$/.exec(form.status ?? '');
	return {
		subject: form.subject ?? '',
		priority: (form.priority || null) as Priority | null,
		type: (form.type || null) as TicketType | null,
		assignee_id: form.assignee_id ? Number(form.assignee_id) : null,
		tags: (form.tags ?? '').split(/[\s,]+/).filter(Boolean),
		status: custom ? { custom_status_id: Number(custom[1]) } : undefined,
	};
}

/** Carries out one of a ticket page's forms and says what was done. */
export function actionFromForm(api: Api, ticket: Ticket, form: Form, file?: PickedFile): string {
	const { store } = api;
	const context: WriteContext = { channel: 'web' };
	switch (form.action) {
		case 'edit':
			store.updateTicket(ticket.id, solved(store, api.settings, store.actor(), edits(form, ticket), ticket), context);
			return 'saved';
		case 'comment':
			addComment(api, ticket, form, file);
			return 'commented';
		case 'delete':
			store.deleteTicket(ticket.id, context);
			return 'deleted';
		case 'restore':
			store.restoreTicket(ticket.id, context);
			return 'restored';
		case 'close':
			store.updateTicket(ticket.id, { status: 'closed' }, context);
			return 'closed';
		case 'merge':
			mergeInto(api, ticket, form, context);
			return 'merged';
		default:
			throw invalid('base', 'This form is not known.');
	}
}

function edits(form: Form, ticket: Ticket): TicketChanges {
	const { status, ...fields } = fieldsOf(form);
	const changed = status && status.custom_status_id !== ticket.custom_status_id ? status : {};
	return { ...fields, ...changed, requester_id: Number(form.requester_id) };
}

/** An answer of the requester opens a ticket that waits or is solved. */
function addComment(api: Api, ticket: Ticket, form: Form, file: PickedFile | undefined): void {
	if (!form.body?.trim() && !file) throw invalid('comment', 'Comment: cannot be blank');
	const author_id = Number(form.author_id) || api.store.account.api_user_id;
	const fromRequester = author_id === ticket.requester_id;
	const reopens = fromRequester && ['pending', 'hold', 'solved'].includes(ticket.status);
	api.store.updateTicket(
		ticket.id,
		{
			comment: {
				body: form.body ?? '',
				public: form.public !== 'no',
				author_id,
				attachment_ids: attachments(api, file),
			},
			...(reopens ? { status: 'open' as const } : {}),
		},
		{ channel: fromRequester ? 'email' : 'web', actorId: author_id },
	);
}

function mergeInto(api: Api, ticket: Ticket, form: Form, context: WriteContext): void {
	const target = Number((form.target ?? '').replace('#', ''));
	if (target === ticket.id) throw invalid('base', 'A ticket cannot be merged into itself.');
	if (!api.store.liveTicket(target)) throw invalid('base', `There is no ticket #${form.target ?? ''} to merge into.`);
	api.store.mergeTicket(ticket.id, target, context);
}
