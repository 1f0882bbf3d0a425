import type { Ticket } from '../../sandbox/zendesk/types';
import { MAP, published } from '../support/n8n-harness';
import { closeAll, setParameters, startActive } from '../support/practice';
import type { Practice } from '../support/practice';

/** Later changes: a three-way merge of ticket, case and what was known of them (sync-rules §4). */

afterEach(closeAll);

/** A ticket that was synced, with its requester Maria and its assignee Anna, who is a user of OroCRM. */
async function synced(practice: Practice, more: Parameters<Practice['ticket']>[0] = {}): Promise<Ticket> {
	const maria = practice.zendesk.store.findUser('maria.santos@customer.example') ?? practice.person('Maria Santos');
	const anna = practice.zendesk.store.findUser('anna.keller@desk.example') ?? practice.agent('Anna Keller');
	if (!practice.all('users').some((user) => user.email === anna.email)) practice.oroUser('Anna', anna.email ?? '');
	const ticket = practice.ticket({
		requester_id: maria.id,
		submitter_id: maria.id,
		assignee_id: anna.id,
		priority: 'normal',
		status: 'open',
		...more,
	});
	await practice.sync();
	return ticket;
}

function editCase(practice: Practice, ticket: Ticket, values: Record<string, unknown>): void {
	practice.orocrm.store.update('cases', practice.caseOf(ticket).id, {
		...values,
		updatedAt: practice.orocrm.store.now(),
	});
}

async function resultOfNextSync(practice: Practice) {
	return published(await practice.sync())[0].result;
}

test('the case takes every later change of the ticket in one write: status, priority, subject, assignee, requester', async () => {
	const practice = await startActive();
	const ticket = await synced(practice);
	const ben = practice.agent('Ben Okafor');
	const oroBen = practice.oroUser('Ben', 'Ben.Okafor@DESK.example');
	const erik = practice.person('Erik Lund');
	practice.zendesk.store.updateTicket(ticket.id, {
		subject: 'Printer still on fire',
		status: 'pending',
		priority: 'urgent',
		assignee_id: ben.id,
		requester_id: erik.id,
	});
	practice.resetCounts();
	const result = await resultOfNextSync(practice);
	expect(practice.counts().oroWrites).toBe(1);
	expect(result.outcome).toBe('updated');
	expect(result.conflicts).toEqual([]);
	expect(result.changes.map((change) => change.field).sort()).toEqual([
		'assignedTo',
		'priority',
		'relatedContact',
		'status',
		'subject',
	]);
	const contact = practice.all('contacts').find((row) => row.primaryEmail === erik.email);
	expect(practice.caseOf(ticket)).toMatchObject({
		subject: 'Printer still on fire',
		status: 'in_progress',
		priority: 'high',
		assignedTo: oroBen.id,
		relatedContact: contact?.id,
	});
	expect(practice.recordOf(ticket)).toMatchObject({
		subject: 'Printer still on fire',
		status: 'pending',
		priority: 'urgent',
	});
});

test('an assignee who leaves: the case goes to the owner', async () => {
	const practice = await startActive();
	const ticket = await synced(practice);
	expect(practice.caseOf(ticket).assignedTo).not.toBe(1);
	practice.zendesk.store.updateTicket(ticket.id, { assignee_id: null });
	await practice.sync();
	expect(practice.caseOf(ticket).assignedTo).toBe(1);
});

test('a change of nothing that a case holds brings the record up to date and leaves the case alone', async () => {
	const practice = await startActive();
	const ticket = await synced(practice);
	practice.zendesk.store.updateTicket(ticket.id, { tags: ['vip'], type: 'question' });
	const result = await resultOfNextSync(practice);
	expect(result).toMatchObject({ outcome: 'updated', changes: [], summary: expect.stringContaining('stays as it is') });
	expect(practice.caseOf(ticket).updatedAt).toBeNull();
	expect(practice.recordOf(ticket).ticketType).toBe('question');
});

test('local changes stay local and are reported, and a change of another field doesn’t undo them', async () => {
	const practice = await startActive();
	const ticket = await synced(practice);
	editCase(practice, ticket, { subject: 'Fire in office 3', priority: 'low', status: 'in_progress', assignedTo: 1 });
	practice.zendesk.store.addComment(ticket.id, { body: 'Any news?' });
	const result = await resultOfNextSync(practice);
	expect(practice.caseOf(ticket)).toMatchObject({
		subject: 'Fire in office 3',
		priority: 'low',
		status: 'in_progress',
		assignedTo: 1,
	});
	expect(result.skipped.map(({ field }) => field).sort()).toEqual(['assignedTo', 'priority', 'status', 'subject']);
	expect(result.skipped[0].reason).toContain('one-way sync leaves it so');
	expect(result.conflicts).toEqual([]);
	expect(practice.zendesk.store.tickets.get(ticket.id)?.subject).toBe('Printer on fire');
});

test('both changed to different values: remote wins, field by field, and both values are reported', async () => {
	const practice = await startActive();
	const ticket = await synced(practice);
	editCase(practice, ticket, { subject: 'Fire in office 3', priority: 'low' });
	practice.zendesk.store.updateTicket(ticket.id, { subject: 'Fire is out' });
	const result = await resultOfNextSync(practice);
	expect(result.conflicts).toEqual([
		{ field: 'subject', remote: 'Fire is out', local: 'Fire in office 3', base: 'Printer on fire', winner: 'remote' },
	]);
	expect(result.skipped.map(({ field }) => field)).toEqual(['priority']);
	expect(practice.caseOf(ticket)).toMatchObject({ subject: 'Fire is out', priority: 'low' });
});

test('both changed to equal values: only the base moves', async () => {
	const practice = await startActive();
	const ticket = await synced(practice);
	editCase(practice, ticket, { status: 'resolved', priority: 'high' });
	practice.zendesk.store.updateTicket(ticket.id, { status: 'solved', priority: 'urgent' });
	const result = await resultOfNextSync(practice);
	expect(result).toMatchObject({ changes: [], conflicts: [], skipped: [] });
	expect(practice.caseOf(ticket)).toMatchObject({ status: 'resolved', priority: 'high' });
	expect(practice.recordOf(ticket)).toMatchObject({ status: 'solved', priority: 'urgent' });
});

test('an In progress case under a ticket on hold is left alone', async () => {
	const practice = await startActive();
	const ticket = await synced(practice, { status: 'hold' });
	expect(practice.caseOf(ticket).status).toBe('in_progress');
	practice.zendesk.store.addComment(ticket.id, { body: 'Waiting for parts.', public: false });
	const result = await resultOfNextSync(practice);
	expect(result.changes.map(({ field }) => field)).toEqual(['comment']);
	expect(practice.caseOf(ticket).status).toBe('in_progress');
	practice.zendesk.store.updateTicket(ticket.id, { status: 'pending' });
	expect((await resultOfNextSync(practice)).changes).toEqual([]);
});

test('a requester without a contact, by setting: the case keeps none, and that is no conflict', async () => {
	const practice = await startActive({
		edit: (json) => setParameters(json, 'Resolve Contact/User', { createMissingContacts: false }),
	});
	const ticket = await synced(practice);
	expect(practice.caseOf(ticket).relatedContact).toBeNull();
	expect(practice.count('contacts')).toBe(0);
	practice.zendesk.store.updateTicket(ticket.id, { subject: 'Again' });
	expect(await resultOfNextSync(practice)).toMatchObject({ conflicts: [], skipped: [] });
});

test('after a sync the same batch again writes nothing, whatever was edited locally', async () => {
	const practice = await startActive();
	const ticket = await synced(practice);
	editCase(practice, ticket, { subject: 'Fire in office 3' });
	practice.zendesk.store.updateTicket(ticket.id, { priority: 'low' });
	await practice.sync();
	practice.resetCounts();
	await practice.n8n.restart();
	expect(await resultOfNextSync(practice)).toMatchObject({ outcome: 'unchanged' });
	expect(practice.counts()).toMatchObject({ oroWrites: 0, comments: 0 });
});

describe('tables and fields', () => {
	test('edited tables decide, a custom status by its id goes before its category', async () => {
		const practice = await startActive();
		const { store } = practice.zendesk;
		const { addStatus } = await import('../../sandbox/zendesk/account');
		const repair = addStatus(store, { status_category: 'open', agent_label: 'In repair' });
		setParameters(practice.n8n.json, MAP, {
			statusTable: {
				rows: [
					{ from: 'open', to: 'open' },
					{ from: String(repair.id), to: 'in_progress' },
					{ from: 'solved', to: 'resolved' },
				],
			},
			priorityTable: { rows: [{ from: 'none', to: 'low' }] },
		});
		await practice.n8n.restart();
		const ticket = await synced(practice, { status: undefined, custom_status_id: repair.id, priority: null });
		expect(practice.caseOf(ticket)).toMatchObject({ status: 'in_progress', priority: 'low' });
		store.updateTicket(ticket.id, { status: 'solved' });
		await practice.sync();
		expect(practice.caseOf(ticket).status).toBe('resolved');
	});

	test('custom fields fill fields of the case when it is made, and follow the ticket', async () => {
		const practice = await startActive();
		const { addTicketField } = await import('../../sandbox/zendesk/account');
		const order = addTicketField(practice.zendesk.store, { type: 'text', title: 'Order number' });
		setParameters(practice.n8n.json, MAP, {
			fields: { rows: [{ caseField: 'resolution', kind: 'text', ticketField: String(order.id) }] },
		});
		await practice.n8n.restart();
		const ticket = await synced(practice, { custom_values: { [order.id]: 'A-1001' } });
		expect(practice.caseOf(ticket).resolution).toBe('A-1001');
		practice.zendesk.store.updateTicket(ticket.id, { custom_values: { [order.id]: 'A-2002' } });
		const result = await resultOfNextSync(practice);
		expect(result.changes).toEqual([{ field: 'resolution', from: 'A-1001', to: 'A-2002' }]);
		expect(practice.caseOf(ticket).resolution).toBe('A-2002');
	});

	test('a case field that OroCRM doesn’t have is a failed item with OroCRM’s words', async () => {
		const practice = await startActive();
		setParameters(practice.n8n.json, MAP, {
			fields: { rows: [{ caseField: 'no_such_field', kind: 'text', ticketField: 'subject' }] },
		});
		await practice.n8n.restart();
		const ticket = practice.ticket();
		await practice.n8n.look();
		expect(practice.count('cases')).toBe(0);
		const told = JSON.stringify([
			practice.n8n.failedItems(),
			practice.n8n.runs.map((run) => run.data.resultData.error?.message),
		]);
		expect(told).toContain('no_such_field');
		expect(ticket.id).toBe(1);
	});
});

test('a ticket comes with its record in full', async () => {
	const practice = await startActive();
	const helper = practice.person('Helper Hand');
	const ticket = await synced(practice, {
		type: 'task',
		due_at: '2027-01-31T09:00:00Z',
		external_id: 'erp-7',
		recipient: 'help@desk.example',
		collaborator_ids: [helper.id],
		priority: 'urgent',
		status: 'pending',
	});
	const record = practice.recordOf(ticket);
	expect(record).toMatchObject({
		originId: String(ticket.id),
		recipient: 'help@desk.example',
		status: 'pending',
		ticketType: 'task',
		priority: 'urgent',
		subject: 'Printer on fire',
		externalId: 'erp-7',
		dueAt: '2027-01-31T09:00:00Z',
		hasIncidents: false,
		channel: practice.channel,
	});
	expect(record.url).toBe(`${practice.zendesk.url}/api/v2/tickets/${ticket.id}.json`);
	expect(record.originCreatedAt).toBe(ticket.created_at);
	expect(record.originUpdatedAt).toBe(ticket.updated_at);
	const person = (id: unknown) => practice.all('zendeskusers').find((row) => row.id === id);
	expect(person(record.requester)).toMatchObject({
		originId: String(ticket.requester_id),
		name: 'Maria Santos',
		role: 'end-user',
		relatedUser: null,
	});
	expect(person(record.submitter)?.id).toBe(person(record.requester)?.id);
	expect(person(record.assignee)).toMatchObject({ name: 'Anna Keller', role: 'agent', relatedContact: null });
	expect((record.collaborators as unknown[]).map((id) => person(id)?.name)).toEqual(['Helper Hand']);
	expect(practice.caseOf(ticket)).toMatchObject({
		reportedAt: ticket.created_at,
		source: 'other',
		description: 'Smoke comes out of it.',
	});
});
