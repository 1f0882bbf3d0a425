import type { Id, Row } from '../schema/types';
import type { Store } from '../store/store';

/** A person as OroCRM's own Zendesk integration leaves it behind. */
export interface ImportedPerson {
	originId: string;
	name: string;
	email?: string | null;
	role?: 'admin' | 'agent' | 'end-user';
	relatedContact?: Id | null;
	relatedUser?: Id | null;
}

/** A ticket that OroCRM's own Zendesk integration imported some time ago. */
export interface ImportedTicket {
	originId: string;
	/** Id of the integration channel. */
	channel: Id;
	subject?: string;
	description?: string;
	status?: string;
	priority?: string;
	originCreatedAt?: string;
	originUpdatedAt?: string;
	requester?: ImportedPerson;
	assignee?: ImportedPerson;
	/** Comments with their Zendesk numbers; `caseComment: false` leaves out the case comment. */
	comments?: Array<{ originId: string | null; body: string; public?: boolean; caseComment?: boolean }>;
	/** Number of the problem ticket, when that is imported, too. */
	problem?: string;
	/** False: the record has lost its case. */
	withCase?: boolean;
}

export interface Imported {
	record: Row;
	case: Row | undefined;
}

/** How the integration's built-in map turns a ticket's status and priority into a case's (orocrm-api.md §3.9). */
const CASE_STATUS: Record<string, string> = {
	new: 'open',
	open: 'open',
	hold: 'open',
	pending: 'in_progress',
	solved: 'resolved',
	closed: 'closed',
};
const CASE_PRIORITY: Record<string, string> = { low: 'low', normal: 'normal', high: 'high', urgent: 'high' };

/**
 * Makes the rows that OroCRM's own Zendesk integration would have made for a ticket: the record with its channel, a case
 * WITHOUT an external id, Zendesk users, comments on both sides (orocrm-api.md §6). Nobody is told of them.
 */
export function insertImportedTicket(store: Store, ticket: ImportedTicket): Imported {
	return store.withoutEvents(() => {
		const { status = 'open', priority = 'normal', subject = `Ticket ${ticket.originId}` } = ticket;
		const dates = { createdAt: store.now(), updatedAt: store.now() };
		const requester = ticket.requester && importPerson(store, ticket.channel, ticket.requester);
		const assignee = ticket.assignee && importPerson(store, ticket.channel, ticket.assignee);
		const madeCase =
			ticket.withCase === false
				? undefined
				: store.insert('cases', {
						subject,
						description: ticket.description ?? null,
						source: 'other',
						status: CASE_STATUS[status],
						priority: CASE_PRIORITY[priority],
						relatedContact: requester?.relatedContact ?? null,
						assignedTo: assignee?.relatedUser ?? 1,
						owner: 1,
						organization: 1,
						createdAt: store.now(),
						reportedAt: ticket.originCreatedAt ?? store.now(),
					});
		const record = store.insert('zendesktickets', {
			originId: ticket.originId,
			channel: ticket.channel,
			subject,
			description: ticket.description ?? null,
			status,
			priority,
			originCreatedAt: ticket.originCreatedAt ?? null,
			originUpdatedAt: ticket.originUpdatedAt ?? null,
			requester: requester?.id ?? null,
			submitter: requester?.id ?? null,
			assignee: assignee?.id ?? null,
			problem: ticket.problem === undefined ? null : recordOf(store, ticket.channel, ticket.problem),
			relatedCase: madeCase?.id ?? null,
			...dates,
		});
		for (const comment of ticket.comments ?? []) importComment(store, record, madeCase, comment);
		return { record, case: madeCase };
	});
}

function importComment(
	store: Store,
	record: Row,
	madeCase: Row | undefined,
	comment: NonNullable<ImportedTicket['comments']>[number],
): void {
	const dates = { createdAt: store.now(), updatedAt: store.now() };
	const isPublic = comment.public ?? true;
	const related =
		madeCase && comment.caseComment !== false
			? store.insert('casecomments', {
					case: madeCase.id,
					message: comment.body,
					public: isPublic,
					owner: 1,
					organization: 1,
					...dates,
				})
			: undefined;
	store.insert('zendeskticketcomments', {
		originId: comment.originId,
		channel: record.channel,
		ticket: record.id,
		author: record.requester,
		body: comment.body,
		public: isPublic,
		relatedComment: related?.id ?? null,
		...dates,
	});
}

/** The Zendesk user with this number in the channel, made when it is new. */
function importPerson(store: Store, channel: Id, person: ImportedPerson): Row {
	const users = store.table('zendeskusers');
	const known = users
		.index('originId')!
		.ids(person.originId)
		.map((id) => users.get(id)!)
		.find((row) => row.channel === channel);
	const dates = { createdAt: store.now(), updatedAt: store.now() };
	const { role = 'end-user', email = null, relatedContact = null, relatedUser = null } = person;
	return (
		known ?? store.insert('zendeskusers', { ...person, role, email, relatedContact, relatedUser, channel, ...dates })
	);
}

function recordOf(store: Store, channel: Id, originId: string): Id | null {
	const tickets = store.table('zendesktickets');
	const found = tickets.index('originId')!.ids(originId);
	return found.find((id) => tickets.get(id)!.channel === channel) ?? null;
}
