import { closeAll, start } from './practice';

/** Facts of zendesk-api.md for which there is no recording, or that recordings of before 2024 do not show. */

afterEach(closeAll);

const EXPORT = '/api/v2/incremental/tickets/cursor.json';
const ids = (body: any) => body.tickets.map((ticket: any) => ticket.id);
const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

describe('incremental export (§3, §5)', () => {
	test('changes of the last minute are not returned', async () => {
		const practice = await start(undefined, { exportDelaySeconds: 60 });
		const { id } = practice.store.createTicket();
		expect(ids((await practice.get(EXPORT, { start_time: '0' })).body)).toEqual([]);
		practice.clock.advance(59_000);
		expect(ids((await practice.get(EXPORT, { start_time: '0' })).body)).toEqual([]);
		practice.clock.advance(1000);
		expect(ids((await practice.get(EXPORT, { start_time: '0' })).body)).toEqual([id]);
	});

	test('a start_time of the last minute is refused: StartTimeTooRecent', async () => {
		const practice = await start(undefined, { exportDelaySeconds: 60 });
		const now = seconds(practice.clock.now());
		const reply = await practice.get(EXPORT, { start_time: String(now - 59) });
		expect(reply.status).toBe(400);
		expect(reply.body.error).toBe('StartTimeTooRecent');
		expect((await practice.get(EXPORT, { start_time: String(now - 60) })).status).toBe(200);
	});

	test('deleted tickets are in the export unless left out', async () => {
		const practice = await start();
		const kept = practice.store.createTicket().id;
		const gone = practice.store.createTicket({ subject: 'Gone' }).id;
		practice.clock.advance(1000);
		practice.store.deleteTicket(gone);
		const all = await practice.get(EXPORT, { start_time: '0' });
		expect(all.body.tickets.map((ticket: any) => [ticket.id, ticket.status, ticket.subject])).toEqual([
			[kept, 'new', null],
			[gone, 'deleted', 'Gone'],
		]);
		expect(ids((await practice.get(EXPORT, { start_time: '0', exclude_deleted: 'true' })).body)).toEqual([kept]);
	});

	test('a scrubbed ticket has no text, and only its generated_timestamp is new', async () => {
		const practice = await start();
		const { id } = practice.store.createTicket({ priority: 'high', tags: ['a'], external_id: 'x' });
		practice.store.deleteTicket(id);
		const deletion = practice.store.tickets.get(id)!.updated_at;
		practice.clock.advance(30 * 86_400_000);
		practice.store.scrubTicket(id);
		const [ticket] = (await practice.get(EXPORT, { start_time: '0' })).body.tickets;
		expect(ticket).toMatchObject({
			subject: 'SCRUBBED',
			raw_subject: 'SCRUBBED',
			description: 'X',
			tags: [],
			custom_fields: [],
			external_id: null,
			priority: 'high',
			status: 'deleted',
			updated_at: deletion,
		});
		expect(ticket.generated_timestamp).toBe(seconds(practice.clock.now()));
	});

	test('a changed ticket moves to the end; a system change leaves updated_at alone', async () => {
		const practice = await start();
		const [first, second] = [practice.store.createTicket().id, practice.store.createTicket().id];
		practice.clock.advance(5000);
		practice.store.updateTicket(first, { priority: 'low' });
		const changed = practice.store.tickets.get(first)!.updated_at;
		expect(ids((await practice.get(EXPORT, { start_time: '0' })).body)).toEqual([second, first]);
		practice.clock.advance(5000);
		practice.store.touchTicket(first);
		const [ticket] = (await practice.get(EXPORT, { start_time: String(seconds(practice.clock.now())) })).body.tickets;
		expect([ticket.id, ticket.updated_at]).toEqual([first, changed]);
	});

	test('sideloads are lists beside the tickets, comment_count stands on the ticket', async () => {
		const practice = await start();
		const requester = practice.store.createUser({ name: 'Maria', email: 'maria@example.com' });
		practice.store.createTicket({ requester_id: requester.id });
		const { body } = await practice.get(EXPORT, { start_time: '0', include: 'users,comment_count' });
		expect(body.users.map((user: any) => user.email)).toContain('maria@example.com');
		expect(body.tickets[0].comment_count).toBe(1);
		expect(Object.keys(body.tickets[0]).pop()).toBe('generated_timestamp');
	});

	test('a full page says that the stream goes on; the empty page after it has no cursor', async () => {
		const practice = await start();
		practice.store.createTicket();
		practice.store.createTicket();
		const full = await practice.get(EXPORT, { start_time: '0', per_page: '2' });
		expect(full.body.end_of_stream).toBe(false);
		const empty = await practice.get(EXPORT, { cursor: full.body.after_cursor });
		expect(empty.body).toMatchObject({ tickets: [], after_cursor: null, after_url: null, end_of_stream: true });
	});

	test('the time form begins again with its last second, and takes a second that fills a page whole', async () => {
		const practice = await start();
		const early = practice.store.createTicket().id;
		practice.clock.advance(1000);
		const late = [practice.store.createTicket().id, practice.store.createTicket().id, practice.store.createTicket().id];
		const time = (query: Record<string, string>) => practice.get('/api/v2/incremental/tickets.json', query);
		const both = await time({ start_time: '0', per_page: '2' });
		expect(ids(both.body)).toEqual([early, late[0]]);
		const again = await time({ start_time: String(both.body.end_time), per_page: '2' });
		expect(ids(again.body)).toEqual(late);
		expect(again.body.end_time).toBe(both.body.end_time + 1);
	});

	test('ticket events carry comments only when asked for', async () => {
		const practice = await start();
		const { id } = practice.store.createTicket({ description: 'First' });
		practice.store.addComment(id, { body: 'Note', public: false });
		const path = '/api/v2/incremental/ticket_events.json';
		const plain = await practice.get(path, { start_time: '0' });
		expect(plain.body.ticket_events).toHaveLength(2);
		expect(plain.body.ticket_events[1].child_events[0]).toMatchObject({ comment_present: true, comment_public: false });
		const whole = await practice.get(path, { start_time: '0', include: 'comment_events' });
		const [comment] = whole.body.ticket_events[1].child_events;
		expect(comment).toMatchObject({
			type: 'Comment',
			event_type: 'Comment',
			body: 'Note',
			public: false,
			attachments: [],
		});
		expect(comment.audit_id).toBe(whole.body.ticket_events[1].id);
	});

	test('only administrators may export', async () => {
		const practice = await start();
		practice.store.createUser({ name: 'Agent', email: 'agent@example.com', role: 'agent' });
		const reply = await practice.get(EXPORT, { start_time: '0' }, { 'x-on-behalf-of': 'agent@example.com' });
		expect(reply.status).toBe(403);
		expect(reply.body.error.title).toBe('Forbidden');
	});
});

describe('creating tickets (§9)', () => {
	const create = (practice: Awaited<ReturnType<typeof start>>, ticket: object, headers?: Record<string, string>) =>
		practice.send('POST', '/api/v2/tickets.json', { ticket }, headers);

	test('the same Idempotency-Key makes one ticket, another body is refused, and after two hours it is free', async () => {
		const practice = await start();
		const key = { 'idempotency-key': 'once' };
		const first = await create(practice, { subject: 'a', comment: { body: 'b' } }, key);
		expect([first.status, first.headers['x-idempotency-lookup']]).toEqual([201, 'miss']);
		const second = await create(practice, { subject: 'a', comment: { body: 'b' } }, key);
		expect([second.status, second.headers['x-idempotency-lookup']]).toEqual([201, 'hit']);
		expect(second.body).toEqual(first.body);
		const other = await create(practice, { subject: 'other', comment: { body: 'b' } }, key);
		expect(other.status).toBe(400);
		expect(other.body).toEqual({
			error: 'IdempotentRequestError',
			description: "Request parameters don't match the given idempotency key",
		});
		practice.clock.advance(2 * 3_600_000);
		expect(
			(await create(practice, { subject: 'other', comment: { body: 'b' } }, key)).headers['x-idempotency-lookup'],
		).toBe('miss');
		expect(practice.store.tickets.size).toBe(2);
	});

	test('a refusal is not remembered for its key', async () => {
		const practice = await start();
		const key = { 'idempotency-key': 'once' };
		const ticket = { comment: { body: 'b' }, assignee_id: 4711 };
		expect((await create(practice, ticket, key)).status).toBe(422);
		const repaired = await create(practice, { comment: { body: 'b' } }, key);
		expect([repaired.status, repaired.headers['x-idempotency-lookup']]).toEqual([201, 'miss']);
	});

	test('without a description there is no ticket', async () => {
		const practice = await start();
		for (const ticket of [
			{ subject: 'x' },
			{ subject: 'x', comment: { body: '  ' } },
			{ subject: 'x', comment: { html_body: '<p></p>' } },
		]) {
			const reply = await create(practice, ticket);
			expect(reply.status).toBe(422);
			expect(reply.body).toEqual({
				error: 'RecordInvalid',
				description: 'Record validation errors',
				details: {
					base: [
						{
							description: 'Description: cannot be blank',
							error: 'BlankValue',
							ticket_field_id: practice.store.account.description_field_id,
							ticket_field_type: 'FieldDescription',
						},
					],
				},
			});
		}
	});

	test('a requester is found by e-mail, capitals or not, or made', async () => {
		const practice = await start();
		const known = practice.store.createUser({ name: 'Known', email: 'Known@Example.com' });
		const found = await create(practice, {
			comment: { body: 'a' },
			requester: { name: 'Other', email: 'known@example.COM' },
		});
		expect(found.body.ticket.requester_id).toBe(known.id);
		const made = await create(practice, {
			comment: { body: 'a' },
			requester: { name: 'New', email: 'new@example.com' },
		});
		expect(practice.store.findUser('new@example.com')).toMatchObject({
			id: made.body.ticket.requester_id,
			role: 'end-user',
		});
		const nameless = await create(practice, {
			comment: { body: 'a' },
			requester: { name: '', email: 'x@example.com' },
		});
		expect(nameless.body.details.requester[0].description).toBe(
			'Requester Name:  is too short (minimum is 1 characters)',
		);
	});

	test('a suspended requester is refused', async () => {
		const practice = await start();
		const user = practice.store.createUser({ name: 'Sam', email: 'sam@example.com', suspended: true });
		const reply = await create(practice, { comment: { body: 'a' }, requester_id: user.id });
		expect(reply.status).toBe(422);
		expect(reply.body.details).toEqual({
			requester: [{ description: 'Requester: Sam is suspended.', error: 'UserSuspended' }],
		});
	});

	test('a follow-up needs a closed ticket and takes its tags', async () => {
		const practice = await start();
		const { store } = practice;
		const closed = store.createTicket({ tags: ['kept'], status: 'closed' });
		const open = store.createTicket({ tags: ['other'] });
		const follow = await create(practice, { comment: { body: 'again' }, via_followup_source_id: closed.id });
		expect(follow.body.ticket.tags).toEqual(['kept']);
		expect((await practice.get(`/api/v2/tickets/${closed.id}.json`)).body.ticket.followup_ids).toEqual([
			follow.body.ticket.id,
		]);
		const plain = await create(practice, { comment: { body: 'again' }, via_followup_source_id: open.id });
		expect(plain.body.ticket.tags).toEqual([]);
	});

	test('an internal first comment makes a ticket that is not public; metadata stands in the audit', async () => {
		const practice = await start();
		const reply = await create(practice, {
			subject: 's',
			comment: { body: 'note', public: false },
			metadata: { case: '7' },
		});
		expect(reply.body.ticket.is_public).toBe(false);
		expect(reply.body.audit.metadata.custom).toEqual({ case: '7' });
		expect(reply.body.audit.metadata.system.client).toBe('Contract test');
	});
});

describe('updating tickets (§10)', () => {
	const put = (practice: Awaited<ReturnType<typeof start>>, id: number, ticket: object) =>
		practice.send('PUT', `/api/v2/tickets/${id}.json`, { ticket });

	test('safe_update with an old stamp is a conflict, false or not', async () => {
		const practice = await start();
		const { id, updated_at } = practice.store.createTicket();
		practice.clock.advance(5000);
		practice.store.updateTicket(id, { priority: 'low' });
		for (const safe_update of [true, false]) {
			const reply = await put(practice, id, { priority: 'high', safe_update, updated_stamp: updated_at });
			expect(reply.status).toBe(409);
			expect(reply.body.error).toBe('UpdateConflict');
		}
		expect(practice.store.tickets.get(id)!.priority).toBe('low');
		const stamp = practice.store.tickets.get(id)!.updated_at;
		expect((await put(practice, id, { priority: 'high', safe_update: true, updated_stamp: stamp })).status).toBe(200);
	});

	test('closed is final', async () => {
		const practice = await start();
		const { id } = practice.store.createTicket({ status: 'solved' });
		expect((await put(practice, id, { status: 'open' })).body.ticket.status).toBe('open');
		expect((await put(practice, id, { status: 'closed' })).status).toBe(200);
		for (const change of [{ status: 'open' }, { comment: { body: 'more' } }, { subject: 'x' }]) {
			const reply = await put(practice, id, change);
			expect(reply.status).toBe(422);
			expect(reply.body).toEqual({
				error: 'RecordInvalid',
				description: 'Record validation errors',
				details: { status: [{ description: 'Status: closed prevents ticket update' }] },
			});
		}
	});

	test('only sent keys change, and without a change updated_at stays', async () => {
		const practice = await start();
		const { id, updated_at } = practice.store.createTicket({ subject: 's', priority: 'low', tags: ['a'] });
		practice.clock.advance(5000);
		const same = await put(practice, id, { priority: 'low' });
		expect(same.body.ticket.updated_at).toBe(updated_at);
		expect(same.body.audit.events).toEqual([]);
		const changed = await put(practice, id, { tags: ['b', 'A'] });
		expect(changed.body.ticket).toMatchObject({ tags: ['a', 'b'], priority: 'low', subject: 's' });
		expect(changed.body.ticket.updated_at).not.toBe(updated_at);
		expect(changed.body.audit.events[0]).toMatchObject({
			type: 'Change',
			field_name: 'tags',
			value: ['a', 'b'],
			previous_value: ['a'],
		});
	});

	test('a comment keeps its author, its kind and its mark', async () => {
		const practice = await start();
		const { store } = practice;
		const author = store.createUser({ name: 'Maria', email: 'm@example.com' });
		const { id } = store.createTicket();
		const reply = await put(practice, id, {
			comment: { body: 'from the case', public: false, author_id: author.id },
			metadata: { orocrm_comment: '12' },
		});
		expect(reply.body.audit.events[0]).toMatchObject({
			type: 'Comment',
			author_id: author.id,
			public: false,
			body: 'from the case',
		});
		const { body } = await practice.get(`/api/v2/tickets/${id}/comments.json`, {
			'page[size]': '100',
			include: 'users',
		});
		expect(body.comments[1].metadata.custom).toEqual({ orocrm_comment: '12' });
		expect(body.users.map((user: any) => user.id)).toContain(author.id);
	});

	test('an agent writes in another one’s name: the comment is the other’s, the audit is the agent’s', async () => {
		const practice = await start();
		const { store } = practice;
		const colleague = store.createUser({ name: 'Ben', email: 'ben@example.com', role: 'agent' });
		const { id } = store.createTicket();
		const reply = await put(practice, id, { comment: { html_body: '<p>Hi <b>you</b></p>', author_id: colleague.id } });
		expect(reply.body.audit).toMatchObject({
			author_id: store.account.api_user_id,
			events: [{ author_id: colleague.id, public: true, plain_body: 'Hi you' }],
		});
		const nobody = await put(practice, id, { comment: { body: 'x', author_id: 4711 } });
		expect(nobody.status).toBe(422);
		expect(store.commentsOf(id)).toHaveLength(2);
	});

	test('a ticket that is not there, or not any more', async () => {
		const practice = await start();
		const { id } = practice.store.createTicket();
		practice.store.deleteTicket(id);
		for (const path of [id, 4711]) {
			const reply = await put(practice, path, { subject: 'x' });
			expect([reply.status, reply.body]).toEqual([404, { error: 'RecordNotFound', description: 'Not found' }]);
		}
		expect((await put(practice, id, { subject: 'x', safe_update: true })).status).toBe(404);
	});

	test('a requester is changed by e-mail, too; for a refused update nobody is made', async () => {
		const practice = await start();
		const { store } = practice;
		const { id } = store.createTicket();
		const requester = { name: 'New', email: 'new@example.com' };
		expect((await put(practice, id, { requester, assignee_id: 4711 })).status).toBe(422);
		expect(store.findUser(requester.email)).toBeUndefined();
		const { body } = await put(practice, id, { requester, subject: 'x' });
		expect(body.ticket.requester_id).toBe(store.findUser(requester.email)!.id);
		expect(body.audit.events.map((event: any) => event.field_name).slice(0, 2)).toEqual(['requester_id', 'subject']);
	});

	test('the answer can carry the creation’s audit, as on a busy account (§8)', async () => {
		const practice = await start(undefined, { settings: { creationAuditInUpdates: true } });
		const { id } = practice.store.createTicket();
		const { body } = await put(practice, id, { priority: 'low' });
		expect(body.ticket.priority).toBe('low');
		expect(body.audit.id).toBe(practice.store.auditsOf(id)[0].id);
		expect((await put(practice, id, { priority: 'low' })).body.audit.id).toBe(body.audit.id);
	});

	test('a custom status brings its category, a category its default status', async () => {
		const practice = await start();
		const made = await practice.send('POST', '/api/v2/custom_statuses.json', {
			custom_status: { agent_label: 'In repair', status_category: 'hold' },
		});
		const customId = made.body.custom_status.id;
		const { id } = practice.store.createTicket();
		expect((await put(practice, id, { custom_status_id: customId })).body.ticket).toMatchObject({
			status: 'hold',
			custom_status_id: customId,
		});
		const open = await put(practice, id, { status: 'open' });
		expect(open.body.ticket.custom_status_id).toBe(practice.store.defaultStatus('open').id);
	});

	test('ids in a path that are no numbers are refused, numbers beyond 64 bits too', async () => {
		const practice = await start();
		for (const id of ['abc', '99999999999999999999']) {
			const reply = await practice.get(`/api/v2/tickets/${id}.json`);
			expect(reply.status).toBe(400);
			expect(reply.body.error.title).toBe('Invalid attribute');
		}
	});

	test('deletion and restore are Change events of the status; a restore comes the way the ticket came', async () => {
		const practice = await start();
		const { id } = practice.store.createTicket({ status: 'open' }, { channel: 'web' });
		expect((await practice.send('DELETE', `/api/v2/tickets/${id}.json`)).status).toBe(204);
		expect((await practice.get(`/api/v2/tickets/${id}.json`)).status).toBe(404);
		await practice.send('PUT', `/api/v2/deleted_tickets/${id}/restore.json`);
		const { audits } = (await practice.get(`/api/v2/tickets/${id}/audits.json`)).body;
		expect(
			audits.map((audit: any) => [audit.via.channel, audit.events[0].value, audit.events[0].previous_value]),
		).toEqual([
			['web', undefined, undefined],
			['api', 'deleted', 'open'],
			['web', 'open', 'deleted'],
		]);
		expect(audits[1].metadata.system.client).toBeUndefined();
	});

	test('tags can be added, taken away and replaced on their own', async () => {
		const practice = await start();
		const { id, updated_at } = practice.store.createTicket({ tags: ['a'] });
		const path = `/api/v2/tickets/${id}/tags.json`;
		expect((await practice.send('PUT', path, { tags: ['b'] })).body.tags).toEqual(['a', 'b']);
		expect((await practice.send('DELETE', path, { tags: ['a'] })).body.tags).toEqual(['b']);
		practice.clock.advance(1000);
		await practice.send('POST', path, { tags: ['c'] });
		expect(
			(await practice.send('PUT', path, { tags: ['d'], safe_update: true, updated_stamp: updated_at })).status,
		).toBe(409);
		expect((await practice.get(path)).body.tags).toEqual(['c']);
	});

	test('a merged ticket is closed, tagged and names the other', async () => {
		const practice = await start();
		const [source, target] = [practice.store.createTicket().id, practice.store.createTicket().id];
		const job = await practice.send('POST', `/api/v2/tickets/${target}/merge.json`, { ids: [source] });
		expect(job.body.job_status.status).toBe('queued');
		expect((await practice.get(`/api/v2/tickets/${source}.json`)).body.ticket).toMatchObject({
			status: 'closed',
			tags: ['closed_by_merge'],
		});
		expect((await practice.get(`/api/v2/tickets/${target}/comments.json`)).body.count).toBe(2);
	});
});

describe('lists (§2)', () => {
	test('beyond 10,000 rows pages are refused', async () => {
		const reply = await (await start()).get('/api/v2/tickets.json', { page: '101' });
		expect(reply.status).toBe(400);
		expect(reply.body.errors[0].code).toBe('InvalidPaginationDepth');
	});

	test('cursor pages go forth and back; the last one still has a next link', async () => {
		const practice = await start();
		for (let i = 0; i < 5; i += 1) practice.store.createTicket();
		const first = await practice.get('/api/v2/tickets.json', { 'page[size]': '2' });
		const second = await practice.send(
			'GET',
			new URL(first.body.links.next).pathname + new URL(first.body.links.next).search,
		);
		expect(ids(second.body)).toEqual([3, 4]);
		const last = await practice.send(
			'GET',
			new URL(second.body.links.next).pathname + new URL(second.body.links.next).search,
		);
		expect([ids(last.body), last.body.meta.has_more]).toEqual([[5], false]);
		expect(last.body.links.next).not.toBeNull();
		const back = await practice.send(
			'GET',
			new URL(second.body.links.prev).pathname + new URL(second.body.links.prev).search,
		);
		expect(ids(back.body)).toEqual([1, 2]);
	});

	test('show_many answers in ascending order; external_id filters; count counts', async () => {
		const practice = await start();
		for (let i = 0; i < 3; i += 1) practice.store.createTicket({ external_id: i === 0 ? 'x' : null });
		practice.store.deleteTicket(2);
		expect(ids((await practice.get('/api/v2/tickets/show_many.json', { ids: '3,2,1' })).body)).toEqual([1, 3]);
		expect(ids((await practice.get('/api/v2/tickets.json', { external_id: 'x' })).body)).toEqual([1]);
		const { count } = (await practice.get('/api/v2/tickets/count.json')).body;
		expect(count.value).toBe(2);
		expect(count.refreshed_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
	});

	test('comments can be sorted the other way', async () => {
		const practice = await start();
		const { id } = practice.store.createTicket({ description: 'first' });
		practice.clock.advance(1000);
		practice.store.addComment(id, { body: 'second' });
		const bodies = (reply: any) => reply.body.comments.map((comment: any) => comment.body);
		const path = `/api/v2/tickets/${id}/comments.json`;
		expect(bodies(await practice.get(path))).toEqual(['first', 'second']);
		expect(bodies(await practice.get(path, { sort_order: 'desc' }))).toEqual(['second', 'first']);
		const page = await practice.get(path, { sort: '-created_at', 'page[size]': '1' });
		expect(bodies(page)).toEqual(['second']);
		expect(
			bodies(
				await practice.get(path, {
					sort: '-created_at',
					'page[size]': '1',
					'page[after]': page.body.meta.after_cursor,
				}),
			),
		).toEqual(['first']);
	});
});

describe('users (§12)', () => {
	test('an e-mail in use is refused, in an update it becomes a second one', async () => {
		const practice = await start();
		practice.store.createUser({ name: 'One', email: 'one@example.com' });
		const taken = await practice.send('POST', '/api/v2/users.json', {
			user: { name: 'Two', email: 'One@example.com' },
		});
		expect(taken.status).toBe(422);
		expect(taken.body.details.email[0]).toEqual({
			description: 'Email: One@example.com is already being used by another user',
			error: 'DuplicateValue',
		});
		const { id } = practice.store.findUser('one@example.com')!;
		const changed = await practice.send('PUT', `/api/v2/users/${id}.json`, { user: { email: 'other@example.com' } });
		expect(changed.body.user.email).toBe('one@example.com');
		const found = await practice.get('/api/v2/users/search.json', { query: 'email:other@example.com' });
		expect(found.body.users.map((user: any) => user.id)).toEqual([id]);
	});

	test('people are found by an e-mail in quotes; the index is late when a test wants it so', async () => {
		const practice = await start(undefined, { searchLagMs: 60_000 });
		const find = async (query: string) =>
			(await practice.get('/api/v2/users/search.json', { query })).body.users.map((user: any) => user.name);
		const made = await practice.send('POST', '/api/v2/users.json', { user: { name: 'One', email: 'o+1@example.com' } });
		expect(await find('email:o+1@example.com')).toEqual([]);
		const again = await practice.send('POST', '/api/v2/users.json', {
			user: { name: 'One', email: 'o+1@example.com' },
		});
		expect(again.status).toBe(422);
		practice.clock.advance(60_000);
		expect(await find('email:o+1@example.com')).toEqual(['One']);
		expect(await find('email:"O+1@example.com"')).toEqual(['One']);
		expect(await find('email:"o+2@example.com"')).toEqual([]);
		await practice.send('PUT', `/api/v2/users/${made.body.user.id}.json`, { user: { name: 'Two' } });
		expect(await find('name:One')).toEqual(['Two']);
		expect(await find('name:Two')).toEqual([]);
		await practice.send('DELETE', `/api/v2/users/${made.body.user.id}.json`);
		expect(await find('email:o+1@example.com')).toEqual([]);
	});

	test('agents and administrators are listed by role, page by page', async () => {
		const practice = await start();
		for (const name of ['a', 'b', 'c']) practice.store.createUser({ name, role: name === 'b' ? 'end-user' : 'agent' });
		const path = '/api/v2/users.json?role[]=agent&role[]=admin&page[size]=2';
		const first = await practice.send('GET', path);
		expect(first.body.users.map((user: any) => user.name)).toEqual(['Sync Admin', 'a']);
		expect(first.body.links.next).toContain('role%5B%5D=agent&role%5B%5D=admin');
		const { pathname, search } = new URL(first.body.links.next);
		const second = await practice.send('GET', pathname + search);
		expect(second.body.users.map((user: any) => user.name)).toEqual(['c']);
		expect(second.body.meta.has_more).toBe(false);
		expect((await practice.get('/api/v2/users.json', { role: 'end-user' })).body.count).toBe(1);
	});

	test('create_or_update says 201 for a new user and 200 for a known one', async () => {
		const practice = await start();
		const send = (name: string) =>
			practice.send('POST', '/api/v2/users/create_or_update.json', { user: { name, email: 'x@example.com' } });
		const first = await send('First');
		const second = await send('Second');
		expect([first.status, second.status]).toEqual([201, 200]);
		expect(second.body.user).toMatchObject({ id: first.body.user.id, name: 'Second' });
		expect(second.headers.location).toBe(first.headers.location);
	});

	test('users/me answers nobody with an anonymous user', async () => {
		const practice = await start();
		const reply = await practice.get('/api/v2/users/me.json', {}, { authorization: '' });
		expect(reply.status).toBe(200);
		expect(reply.body.user).toMatchObject({ id: null, name: 'Anonymous user' });
	});
});

describe('search (§13)', () => {
	test('pages end after 1,000 results', async () => {
		const practice = await start();
		expect((await practice.get('/api/v2/search.json', { query: 'type:ticket', page: '10' })).status).toBe(200);
		const reply = await practice.get('/api/v2/search.json', { query: 'type:ticket', page: '11' });
		expect(reply.status).toBe(422);
		expect(reply.body.error).toBe('invalid');
	});

	test('fields, comparisons, words and exceptions', async () => {
		const practice = await start();
		const { store } = practice;
		const maria = store.createUser({ name: 'Maria', email: 'maria@example.com' });
		store.createTicket({ subject: 'Broken lamp', requester_id: maria.id, tags: ['vip'], status: 'open' });
		store.createTicket({ subject: 'Broken bike', status: 'solved', external_id: 'orocrm-case-7' });
		const search = async (query: string) =>
			(await practice.get('/api/v2/search.json', { query })).body.results.map((row: any) => row.id).sort();
		expect(await search('type:ticket requester:maria@example.com')).toEqual([1]);
		expect(await search('type:ticket status<solved')).toEqual([1]);
		expect(await search('type:ticket broken -tags:vip')).toEqual([2]);
		expect(await search('type:ticket external_id:orocrm-case-7')).toEqual([2]);
	});
});
