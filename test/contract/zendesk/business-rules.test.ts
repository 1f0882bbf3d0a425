import { addTicketField } from '../../../sandbox/zendesk/account';
import { closeAll, start, type Practice } from './practice';

/** Rules that change or refuse a write: what solving needs, what is final, and an administrator's triggers. */

afterEach(closeAll);

const put = (practice: Practice, id: number, ticket: object) =>
	practice.send('PUT', `/api/v2/tickets/${id}.json`, { ticket });

describe('solving without an assignee (About native system ticket rules)', () => {
	test('whoever solves becomes the assignee, and the audit says so', async () => {
		const practice = await start();
		const { id } = practice.store.createTicket();
		const { body } = await put(practice, id, { status: 'solved' });
		expect(body.ticket).toMatchObject({ status: 'solved', assignee_id: practice.store.account.api_user_id });
		expect(body.audit.events.map((event: any) => event.field_name)).toEqual([
			'status',
			'assignee_id',
			'group_id',
			'custom_status_id',
		]);
	});

	test('where the account does not assign by itself, it refuses, and nothing is changed', async () => {
		const practice = await start(undefined, { settings: { solvingWithoutAssignee: 'refused' } });
		const { id } = practice.store.createTicket({ subject: 'before' });
		const reply = await put(practice, id, { status: 'solved', subject: 'after' });
		expect(reply.status).toBe(422);
		const field = [...practice.store.ticketFields.values()].find(({ type }) => type === 'assignee')!;
		expect(reply.body).toEqual({
			error: 'RecordInvalid',
			description: 'Record validation errors',
			details: {
				base: [
					{
						description: 'Assignee: is required when solving a ticket',
						error: null,
						ticket_field_id: field.id,
						ticket_field_type: 'FieldAssignee',
					},
				],
			},
		});
		expect(practice.store.tickets.get(id)).toMatchObject({ subject: 'before', status: 'new' });
		const with_assignee = { status: 'solved', assignee_id: practice.store.account.api_user_id };
		expect((await put(practice, id, with_assignee)).status).toBe(200);
		practice.settings.solvingWithoutAssignee = 'accepted';
		const other = practice.store.createTicket().id;
		expect((await put(practice, other, { status: 'solved' })).body.ticket.assignee_id).toBeNull();
	});
});

describe('fields that are required to solve', () => {
	test('all that is missing is named at once: field, id and type', async () => {
		const practice = await start();
		const order = addTicketField(practice.store, { type: 'integer', title: 'Order number', required: true });
		const cause = addTicketField(practice.store, { type: 'tagger', title: 'Cause', required: true });
		addTicketField(practice.store, { type: 'text', title: 'Not needed' });
		addTicketField(practice.store, { type: 'text', title: 'Gone', required: true, active: false });
		const { id } = practice.store.createTicket();
		const reply = await put(practice, id, { status: 'solved' });
		expect(reply.status).toBe(422);
		expect(reply.body.details.base).toEqual([
			{
				description: 'Order number: is required when solving a ticket',
				error: null,
				ticket_field_id: order.id,
				ticket_field_type: 'FieldInteger',
			},
			{
				description: 'Cause: is required when solving a ticket',
				error: null,
				ticket_field_id: cause.id,
				ticket_field_type: 'FieldTagger',
			},
		]);
		expect((await put(practice, id, { status: 'pending' })).status).toBe(200);
		const custom_fields = [
			{ id: order.id, value: 7 },
			{ id: cause.id, value: 'heat' },
		];
		expect((await put(practice, id, { status: 'solved', custom_fields })).status).toBe(200);
		expect((await put(practice, id, { custom_fields: [{ id: order.id, value: '' }] })).status).toBe(200);
	});

	test('a ticket that is made solved needs them too, and nobody is made for one that is refused', async () => {
		const practice = await start();
		addTicketField(practice.store, { type: 'text', title: 'Order number', required: true });
		const ticket = {
			comment: { body: 'b' },
			status: 'solved',
			requester: { name: 'Maria', email: 'maria@example.com' },
		};
		const reply = await practice.send('POST', '/api/v2/tickets.json', { ticket });
		expect(reply.body.details.base[0].description).toBe('Order number: is required when solving a ticket');
		expect(practice.store.findUser('maria@example.com')).toBeUndefined();
		expect(practice.store.tickets.size).toBe(0);
	});

	test('a field that every account has can be required as well', async () => {
		const practice = await start();
		const priority = [...practice.store.ticketFields.values()].find(({ type }) => type === 'priority')!;
		priority.required = true;
		const { id } = practice.store.createTicket();
		expect((await put(practice, id, { status: 'solved' })).status).toBe(422);
		expect((await put(practice, id, { status: 'solved', priority: 'low' })).status).toBe(200);
	});
});

test('a ticket never goes back to New', async () => {
	const practice = await start();
	const { id } = practice.store.createTicket({ status: 'open' });
	expect((await put(practice, id, { status: 'new' })).status).toBe(422);
	const fresh = practice.store.createTicket().id;
	expect((await put(practice, fresh, { status: 'new', subject: 'x' })).status).toBe(200);
});

describe('triggers', () => {
	test('what a trigger changes stands in the audit of the update, with the rule in via (R:tickets.create.4)', async () => {
		const practice = await start();
		const id = practice.store.addTrigger({
			title: 'Urgent when it says fire',
			run: ({ ticket }) => (ticket.subject?.includes('fire') ? { priority: 'urgent' } : undefined),
		});
		const made = await practice.send('POST', '/api/v2/tickets.json', {
			ticket: { subject: 'fire', comment: { body: 'b' } },
		});
		expect(made.body.ticket.priority).toBe('urgent');
		expect(Object.entries(made.body.audit.events.at(-1))).toEqual([
			['id', expect.any(Number)],
			['type', 'Change'],
			[
				'via',
				{
					channel: 'rule',
					source: {
						from: { deleted: false, title: 'Urgent when it says fire', id, revision_id: 1 },
						rel: 'trigger',
					},
				},
			],
			['value', 'urgent'],
			['field_name', 'priority'],
			['previous_value', null],
		]);
		expect(made.body.audit.events[1].type).toBe('Create');
		practice.clock.advance(5000);
		const changed = await put(practice, made.body.ticket.id, { priority: 'low' });
		expect(changed.body.ticket.priority).toBe('urgent');
		const events = changed.body.audit.events;
		expect(events.map(({ value, via }: any) => [value, via?.channel])).toEqual([
			['low', undefined],
			['urgent', 'rule'],
		]);
		const { body } = await practice.get(`/api/v2/tickets/${made.body.ticket.id}/audits.json`);
		expect(body.audits).toHaveLength(2);
		const ids = body.audits.flatMap((audit: any) => [audit.id, ...audit.events.map((event: any) => event.id)]);
		expect(new Set(ids).size).toBe(ids.length);
	});

	test('a trigger that finds nothing to do leaves no trace; a second one sees what the first did', async () => {
		const practice = await start();
		const { store } = practice;
		store.addTrigger({
			title: 'Opens',
			run: ({ ticket }) => (ticket.status === 'new' ? { status: 'open' } : undefined),
		});
		store.addTrigger({ title: 'Tags', run: ({ ticket }) => (ticket.status === 'open' ? { tags: ['seen'] } : {}) });
		const { id } = store.createTicket();
		expect(store.tickets.get(id)).toMatchObject({ status: 'open', tags: ['seen'] });
		await put(practice, id, { subject: 'x' });
		expect(store.auditsOf(id)[1].changes.map(({ field_name }) => field_name)).toEqual(['subject']);
		expect((await put(practice, id, { subject: 'x' })).body.audit.events).toEqual([]);
	});
});
