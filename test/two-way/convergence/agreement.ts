import type { Row } from '../../../sandbox/orocrm/schema/types';
import type { Ticket } from '../../../sandbox/zendesk/types';
import { defaultTables, own } from '../../../sync/field-maps';
import type { TwoWayWorld } from '../../support/two-way-world';

/** What the rules promise once everything is quiet, said without the sync's own code: a list of what is wrong. */
export function disagreements(world: TwoWayWorld): string[] {
	const wrong: string[] = [];
	const records = world.orocrm.store.all('zendesktickets');
	for (const ticket of world.zendesk.store.tickets.values()) {
		const own_ = records.filter((record) => String(record.originId) === String(ticket.id));
		if (own_.length > 1) wrong.push(`ticket ${ticket.id} has ${own_.length} records`);
		if (own_.length === 0 && ticket.status !== 'deleted') wrong.push(`ticket ${ticket.id} has no record`);
		const oroCase = own_[0]?.relatedCase ? world.orocrm.store.get('cases', own_[0].relatedCase as number) : undefined;
		if (oroCase && ticket.status !== 'deleted') wrong.push(...ofPair(world, ticket, oroCase));
	}
	const linked = records.map((record) => record.relatedCase).filter((id) => id !== null);
	if (new Set(linked).size !== linked.length) wrong.push('a case has two records');
	// Where the ticket was deleted before its record was saved, the case stays without one.
	const lost = [...world.zendesk.store.tickets.values()].filter(({ status }) => status === 'deleted').map((ticket) => ticket.external_id);
	for (const oroCase of world.orocrm.store.all('cases')) if (!linked.includes(oroCase.id) && !lost.includes(`orocrm-case-${String(oroCase.id)}`)) wrong.push(`case ${String(oroCase.id)} has no record`);
	wrong.push(...commentsTwice(world), ...nobodyTwice(world));
	return wrong;
}

function ofPair(world: TwoWayWorld, ticket: Ticket, oroCase: Row): string[] {
	const wrong: string[] = [];
	const name = `ticket ${ticket.id}, case ${String(oroCase.id)}`;
	// A closed ticket can't be written: what was edited in its case stays there (sync-rules §5).
	if (ticket.status !== 'closed') {
		if (ticket.subject !== oroCase.subject) wrong.push(`${name}: subjects "${ticket.subject}" and "${String(oroCase.subject)}"`);
		const status = own(defaultTables.status, ticket.status) === oroCase.status || own(defaultTables.caseStatus, String(oroCase.status)) === ticket.status;
		if (!status) wrong.push(`${name}: status ${ticket.status} and ${String(oroCase.status)}`);
		const priority = own(defaultTables.priority, ticket.priority ?? 'none') === oroCase.priority || own(defaultTables.casePriority, String(oroCase.priority)) === ticket.priority;
		if (!priority) wrong.push(`${name}: priority ${String(ticket.priority)} and ${String(oroCase.priority)}`);
		const requester = world.zendesk.store.users.get(ticket.requester_id ?? 0);
		const contact = world.orocrm.store.get('contacts', oroCase.relatedContact as number);
		if (requester?.role === 'end-user' && requester.email !== contact?.primaryEmail) wrong.push(`${name}: requester ${String(requester?.email)} and contact ${String(contact?.primaryEmail)}`);
		const assignee = world.zendesk.store.users.get(ticket.assignee_id ?? 0);
		const user = world.orocrm.store.get('users', oroCase.assignedTo as number);
		const namesakes = assignee?.email === user?.email;
		// The owner stands in for agents whom OroCRM doesn't know and for nobody, the default Zendesk user for users whom Zendesk doesn't know.
		const isKnown = world.orocrm.store.all('users').some(({ email }) => email === assignee?.email);
		const standIn = (!isKnown && oroCase.assignedTo === 1) || (assignee?.email === 'default.agent@desk.example' && user?.email === 'stranger@crm.example');
		if (!namesakes && !standIn) wrong.push(`${name}: assignee ${String(assignee?.email)} and user ${String(user?.email)}`);
	}
	return [...wrong, ...ofComments(world, ticket, oroCase, name)];
}

/** Every comment that somebody wrote is on both sides exactly once, in the same openness. */
function ofComments(world: TwoWayWorld, ticket: Ticket, oroCase: Row, name: string): string[] {
	const wrong: string[] = [];
	const texts = (text: unknown) => /((?:ticket|case) comment \d+)\s*$/.exec(String(text))?.[1];
	const inTicket = world.zendesk.store.commentsOf(ticket.id).map((one) => ({ text: texts(one.plain_body), open: one.public }));
	const inCase = world.caseComments(oroCase.id).map((one) => ({ text: texts(one.message), open: one.public }));
	for (const [list, other, where, there] of [
		[inTicket, inCase, 'ticket', 'case'],
		[inCase, inTicket, 'case', 'ticket'],
	] as const) {
		for (const { text, open } of list) {
			if (text === undefined) continue;
			if (list.filter((one) => one.text === text).length > 1) wrong.push(`${name}: "${text}" is twice in the ${where}`);
			const same = other.filter((one) => one.text === text);
			if (same.length === 0 && !(where === 'case' && ticket.status === 'closed')) wrong.push(`${name}: "${text}" is in the ${where} only`);
			if (same.some((one) => one.open !== open)) wrong.push(`${name}: "${text}" is public on one side and internal in the ${there}`);
		}
	}
	return wrong;
}

/** A comment may also be doubled by way of a second case or a second ticket. */
function commentsTwice(world: TwoWayWorld): string[] {
	const seen = new Map<string, Set<unknown>>();
	for (const row of world.orocrm.store.all('casecomments')) {
		const text = /((?:ticket|case) comment \d+)\s*$/.exec(String(row.message))?.[1];
		if (text) seen.set(text, (seen.get(text) ?? new Set()).add(row.case));
	}
	return [...seen].filter(([, cases]) => cases.size > 1).map(([text, cases]) => `"${text}" is in cases ${[...cases].join(' and ')}`);
}

function nobodyTwice(world: TwoWayWorld): string[] {
	const doubled = (list: unknown[]) => list.filter((entry, index) => entry !== null && list.indexOf(entry) !== index);
	const emails = doubled(world.orocrm.store.all('contacts').map((row) => (row.primaryEmail === null ? null : String(row.primaryEmail).toLowerCase())));
	const people = doubled(world.orocrm.store.all('zendeskusers').map((row) => row.originId));
	const external = doubled([...world.zendesk.store.tickets.values()].filter(({ status }) => status !== 'deleted').map((ticket) => ticket.external_id));
	return [...emails.map((email) => `two contacts have ${String(email)}`), ...people.map((id) => `two rows stand for Zendesk user ${String(id)}`), ...external.map((id) => `two tickets were published as ${String(id)}`)];
}
