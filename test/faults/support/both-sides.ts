import type { Row } from '../../../sandbox/orocrm/schema/types';
import type { PracticeOroCrm } from '../../../sandbox/orocrm/server';
import type { Ticket } from '../../../sandbox/zendesk/types';
import type { PracticeZendesk } from '../../../sandbox/zendesk/server';

/** What the two systems hold, without what may differ from one good run to the next: ids, dates, the order of what was made at once. */

interface Servers {
	zendesk: PracticeZendesk;
	orocrm: PracticeOroCrm;
}

/** How many there are of each kind. */
export function countsOf({ zendesk, orocrm }: Servers) {
	const rows = (type: string) => orocrm.store.count(type);
	const tickets = liveTickets(zendesk);
	return {
		tickets: tickets.length,
		cases: rows('cases'),
		'ticket records': rows('zendesktickets'),
		contacts: rows('contacts'),
		'ticket comments': tickets.reduce((sum, { id }) => sum + zendesk.store.commentsOf(id).length, 0),
		'case comments': rows('casecomments'),
		files: rows('files'),
	};
}

/** Every ticket, case, person and tie, in words that two good runs have in common. */
export function contentsOf(servers: Servers) {
	const { zendesk, orocrm } = servers;
	const { store } = orocrm;
	const tickets = liveTickets(zendesk);
	const email = (id: number | null) => (id === null ? null : (zendesk.store.users.get(id)?.email ?? 'unknown'));
	const subjectOf = (id: unknown) => tickets.find((ticket) => String(ticket.id) === String(id))?.subject ?? `no ticket ${String(id)}`;
	const contact = (id: unknown) => (id === null || id === undefined ? null : (store.get('contacts', id as number)?.primaryEmail ?? 'unknown'));
	const caseSubject = (id: unknown) => store.get('cases', id as number)?.subject ?? `no case ${String(id)}`;
	return {
		counts: { ...countsOf(servers), 'people rows': store.count('zendeskusers'), 'comment rows': store.count('zendeskticketcomments'), 'Zendesk users': zendesk.store.users.size },
		tickets: sorted(
			tickets.map((ticket) => ({
				...pick(ticket, ['subject', 'description', 'status', 'priority', 'type', 'external_id']),
				problem: ticket.problem_id === null ? null : subjectOf(ticket.problem_id),
				requester: email(ticket.requester_id),
				assignee: email(ticket.assignee_id),
				comments: sorted(zendesk.store.commentsOf(ticket.id).map((one) => [one.plain_body, one.public, email(one.author_id), one.attachment_ids.map((id) => zendesk.store.attachments.get(id)?.file_name)])),
			})),
		),
		cases: sorted(
			store.all('cases').map((row) => ({
				...pick(row, ['subject', 'description', 'status', 'priority', 'source', 'assignedTo']),
				contact: contact(row.relatedContact),
				comments: sorted(store.all('casecomments').filter((one) => one.case === row.id).map((one) => [one.message, one.public, contact(one.contact), one.owner, one.attachment ? store.get('files', one.attachment as number)?.originalFilename : null])),
			})),
		),
		records: sorted(store.all('zendesktickets').map((row) => ({ ...pick(row, ['subject', 'status', 'priority', 'channel', 'description']), ticket: subjectOf(row.originId), case: caseSubject(row.relatedCase) }))),
		commentRows: sorted(
			store.all('zendeskticketcomments').map((row) => ({ ticket: subjectOf(store.get('zendesktickets', row.ticket as number)?.originId), message: store.get('casecomments', row.relatedComment as number)?.message ?? null })),
		),
		contacts: sorted(store.all('contacts').map((row) => pick(row, ['firstName', 'lastName', 'primaryEmail']))),
		people: sorted(store.all('zendeskusers').map((row) => [email(Number(row.originId)), contact(row.relatedContact), row.relatedUser ?? null])),
	};
}

function liveTickets(zendesk: PracticeZendesk): Ticket[] {
	return [...zendesk.store.tickets.values()].filter(({ status }) => status !== 'deleted');
}

function pick(row: Row | Ticket, names: readonly string[]): Record<string, unknown> {
	return Object.fromEntries(names.map((name) => [name, (row as Record<string, unknown>)[name] ?? null]));
}

function sorted<T>(list: T[]): T[] {
	return [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
