import { expectSame } from './compare';
import {
	actAs,
	closeAll,
	expectApiHeaders,
	putOrganization,
	putTicket,
	putUser,
	start,
	type Practice,
} from './practice';
import { describeRecorded, recorded, type Recording } from './recordings';

afterEach(closeAll);

/** Recordings of before 2023 lack these keys and have one that is gone. */
const OLD_TICKET = {
	newer: ['custom_status_id', 'allow_attachments', 'from_messaging_channel'],
	older: ['satisfaction_probability'],
};

/** What no rebuilt situation can have the same: ids, the network's place, the writing program. */
const AUDIT = [
	'audit.id',
	'audit.events.*.id',
	'audit.events.*.audit_id',
	'audit.metadata.system.client',
	'audit.metadata.system.ip_address',
	'audit.metadata.system.location',
	'audit.metadata.system.latitude',
	'audit.metadata.system.longitude',
];

/** Leaves out what triggers and webhooks of the recorded account did. */
function withoutRules(body: any): any {
	const events = body.audit.events.filter((event: any) => event.via?.channel !== 'rule');
	return {
		...body,
		audit: { ...body.audit, events, via: { ...body.audit.via, source: { ...body.audit.via.source, to: {} } } },
	};
}

/** The account as it was just before the recorded creation. */
async function beforeCreation(recording: Recording, signature?: string): Promise<Practice> {
	const { ticket } = recording.responseBody;
	const practice = await start(ticket.created_at);
	actAs(practice, {
		userId: ticket.requester_id,
		organizationId: ticket.organization_id,
		ticket: { ...ticket, status: 'new' },
		signature,
	});
	practice.store.account.satisfaction_surveys = ticket.satisfaction_rating !== null;
	practice.store.nextTicketId = ticket.id;
	return practice;
}

async function expectCreation(
	recording: Recording,
	practice: Practice,
	tolerance: { free?: string[]; ignored?: string[] } = {},
): Promise<void> {
	const reply = await practice.replay(recording);
	expectApiHeaders(reply, recording);
	expect(reply.headers.location).toBe(
		`https://example.zendesk.com/api/v2/tickets/${recording.responseBody.ticket.id}.json`,
	);
	const newer = recording.responseBody.ticket.generated_timestamp === undefined ? ['generated_timestamp'] : [];
	expectSame(reply.body, withoutRules(recording.responseBody), {
		newer,
		free: [...AUDIT, ...(tolerance.free ?? [])],
		ignored: tolerance.ignored,
	});
}

describeRecorded('recorded tickets', () => {
	recorded('tickets.create.1', async (recording) => {
		const practice = await beforeCreation(recording);
		const file = recording.responseBody.audit.events[0].attachments[0];
		const upload = await practice.send(
			'POST',
			`/api/v2/uploads.json?filename=${file.file_name}`,
			Buffer.alloc(file.size),
			{ 'content-type': file.content_type },
		);
		(recording.requestBody as any).ticket.comment.uploads = upload.body.upload.token;
		const address = ['url', 'id', 'content_url', 'mapped_content_url'].map(
			(key) => `audit.events.0.attachments.0.${key}`,
		);
		await expectCreation(recording, practice, { free: address });
	});
	recorded('tickets.create.2', async (recording) => await expectCreation(recording, await beforeCreation(recording)));
	recorded('tickets.create.3', async (recording) => await expectCreation(recording, await beforeCreation(recording)));
	recorded('tickets.create.4', async (recording) => {
		// A trigger of the recorded account opened the ticket, and its user's tag came with it.
		const practice = await beforeCreation(recording, 'My Signature\n\n[Link display text](http://example.zendesk.com)');
		recording.responseBody.audit.events = recording.responseBody.audit.events.filter(
			(event: any) => event.field_name !== 'tags',
		);
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		const newer = ['generated_timestamp'];
		const events = reply.body.audit.events.filter((event: any) => event.field_name !== 'custom_status_id');
		const ignored = ['ticket.tags', 'ticket.status', 'audit.events.*.id'];
		expectSame({ ...reply.body, audit: { ...reply.body.audit, events } }, withoutRules(recording.responseBody), {
			newer,
			free: AUDIT,
			ignored,
		});
	});

	recorded('tickets.show.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		putTicket(practice, recording.responseBody.ticket);
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expectSame(reply.body, recording.responseBody);
	});

	async function expectUpdate(recording: Recording, tolerance: object = {}): Promise<void> {
		const { ticket, audit } = recording.responseBody;
		const practice = await start(audit.created_at);
		actAs(practice, { userId: audit.author_id, ticket });
		const change = audit.events[0];
		putTicket(practice, { ...ticket, updated_at: ticket.created_at, [change.field_name]: change.previous_value });
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expectSame(reply.body, recording.responseBody, { free: AUDIT, ...tolerance });
		expect(reply.headers['zendesk-ratelimit-per-ticket-updates']).toMatch(/^total=30; remaining=29; resets=\d+$/);
	}
	recorded('tickets.update.1', async (recording) => await expectUpdate(recording));
	recorded('tickets.update.2', async (recording) => {
		// The answer holds the creation's audit, with what a trigger did then: a creation of the same second goes before.
		const { ticket, audit } = recording.responseBody;
		const practice = await start(audit.created_at);
		actAs(practice, {
			userId: audit.author_id,
			organizationId: ticket.organization_id,
			ticket,
			signature: 'My Signature\n\n[Link display text](http://example.zendesk.com)',
		});
		const { store } = practice;
		store.nextTicketId = ticket.id;
		store.account.satisfaction_surveys = true;
		const events = audit.events.filter((event: any) => ['Comment', 'Create', 'Change'].includes(event.type));
		const rule = events.at(-1).via.source.from;
		store.addTrigger({
			title: rule.title,
			run: ({ ticket: { status } }) => (status === 'new' ? { status: 'open' } : {}),
		});
		store.triggers[0].id = rule.id;
		const { requester_id, organization_id, tags } = ticket;
		store.createTicket(
			// The tag was the requester's, so it stands where fields do that nobody asked for.
			{
				subject: 'test',
				requester_id,
				priority: null,
				type: null,
				status: 'new',
				organization_id,
				tags,
				description: 'test',
			},
			{ actorId: audit.author_id, client: 'Contract test', ipAddress: '127.0.0.1', withSignature: true },
		);
		practice.settings.creationAuditInUpdates = true;
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		const shown = reply.body.audit.events.filter((event: any) => event.field_name !== 'custom_status_id');
		expectSame(
			{ ...reply.body, audit: { ...reply.body.audit, events: shown } },
			{ ...recording.responseBody, audit: { ...audit, events } },
			{ free: AUDIT },
		);
	});
	recorded('tickets.update.3', async (recording) => await expectUpdate(recording, OLD_TICKET));

	for (const name of ['tickets.update.notfound.1', 'tickets.delete.notfound.1']) {
		recorded(name, async (recording) => {
			const reply = await (await start(recording.source.recordedAt)).replay(recording);
			expectApiHeaders(reply, recording);
			expectSame(reply.body, recording.responseBody);
		});
	}

	recorded('tickets.delete.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		const { id } = practice.store.createTicket({ id: 4017, subject: 'test' });
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expect(reply.text).toBe('');
		expect(practice.store.tickets.get(id)?.status).toBe('deleted');
	});
	recorded('deleted_tickets.restore.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		const { id } = practice.store.createTicket({ id: 4017, subject: 'test' });
		practice.store.deleteTicket(id);
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expectSame(reply.body, recording.responseBody);
		expect(practice.store.tickets.get(id)?.status).toBe('new');
	});
	recorded('deleted_tickets.restore.notfound.1', async (recording) => {
		const reply = await (await start(recording.source.recordedAt)).replay(recording);
		expectApiHeaders(reply, recording);
		expectSame(reply.body, recording.responseBody);
	});
});

describeRecorded('recorded ticket lists', () => {
	/** The recorded rows, and one more ticket where the recording says that there is more. */
	async function expectCursorList(
		recording: Recording,
		truncated: { size?: string; ignored?: string[] } = {},
	): Promise<void> {
		const practice = await start(recording.source.recordedAt);
		const { tickets, meta } = recording.responseBody;
		for (const ticket of tickets) putTicket(practice, ticket);
		if (recording.query['page[after]']) putTicket(practice, { ...tickets[0], id: 1 });
		if (meta.has_more) putTicket(practice, { ...tickets[0], id: 99_999_999 });
		if (truncated.size) recording.query['page[size]'] = truncated.size;
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expectSame(reply.body, recording.responseBody, { ignored: truncated.ignored });
		if (recording.responseHeaders['zendesk-ratelimit-tickets-index']) {
			expect(reply.headers['zendesk-ratelimit-tickets-index']).toMatch(/^total=100; remaining=\d+; resets=\d+$/);
		}
	}
	recorded('tickets.list.cursor.1', async (recording) => await expectCursorList(recording));
	recorded('tickets.list.cursor.2', async (recording) => await expectCursorList(recording));
	recorded('tickets.list.cursor.4', async (recording) => {
		// Six of the hundred rows are kept in the recording: the cursors are those of others.
		await expectCursorList(recording, { size: '6', ignored: ['meta.after_cursor', 'links.prev', 'links.next'] });
	});

	for (const name of ['tickets.list.offset.2', 'tickets.list.offset.3']) {
		recorded(name, async (recording) => {
			const practice = await start(recording.source.recordedAt);
			const { tickets, count } = recording.responseBody;
			const page = Number(recording.query.page);
			// The kept rows are the first two and the last of the page; others stand in for the rest.
			const before = (page - 1) * 100;
			const { store } = practice;
			const template = putTicket(practice, tickets[0]);
			for (let i = 0; i < before; i += 1) store.putTicket({ ...template, id: i + 1 });
			const between = tickets[1].id as number;
			for (const ticket of tickets) putTicket(practice, ticket);
			for (let i = 1; i <= 97; i += 1) store.putTicket({ ...template, id: between + i });
			for (let i = 1; store.tickets.size < count; i += 1) store.putTicket({ ...template, id: 10_000_000 + i });
			const reply = await practice.replay(recording);
			expectApiHeaders(reply, recording);
			const rows = reply.body.tickets;
			expect(rows).toHaveLength(100);
			expectSame({ ...reply.body, tickets: [rows[0], rows[1], rows[99]] }, recording.responseBody, OLD_TICKET);
		});
	}

	recorded('tickets.list.sideload.1', async (recording) => {
		// 2017: the lists and addresses are compared, not the keys that rows had then.
		const practice = await start(recording.source.recordedAt);
		const { tickets, users, groups, organizations, last_audits, sharing_agreements, next_page, previous_page } =
			recording.responseBody;
		for (const user of users) putUser(practice, user);
		for (const organization of organizations) putOrganization(practice, organization);
		const group = { is_public: true, description: '', default: true, ...groups[0] };
		delete group.url;
		practice.store.groups.set(group.id, group);
		for (let id = 1; id <= 300; id += 1) {
			const { requester_id, assignee_id, group_id, organization_id } = tickets[0];
			practice.store.createTicket(
				{
					id,
					requester_id,
					submitter_id: requester_id,
					assignee_id,
					group_id,
					organization_id,
					subject: 'ass',
					description: 'grass',
				},
				{ actorId: requester_id },
			);
		}
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expect(reply.body).toMatchObject({ next_page, previous_page, sharing_agreements });
		expect(reply.body.tickets).toHaveLength(100);
		const [ticket] = reply.body.tickets;
		expect(ticket.id).toBe(tickets[0].id);
		expect(ticket.comment_count).toBe(tickets[0].comment_count);
		expectSame(Object.keys(ticket.dates), Object.keys(tickets[0].dates));
		expectSame(Object.keys(ticket.slas), Object.keys(tickets[0].slas));
		expect(reply.body.users.map((user: any) => user.id)).toEqual(users.map((user: any) => user.id));
		expect(reply.body.groups.map((row: any) => row.id)).toEqual(groups.map((row: any) => row.id));
		expectSame(reply.body.organizations, organizations);
		expect(Object.keys(reply.body.last_audits[0])).toEqual(Object.keys(last_audits[0]));
		expect(reply.body.last_audits[0].events[0].plain_body).toBe(last_audits[0].events[0].plain_body);
	});
});
