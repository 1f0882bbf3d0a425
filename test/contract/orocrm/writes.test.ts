import { newCase, newPair, start, stopAll, to, type Json } from './support/client';

afterEach(stopAll);

const error = (title: string, detail: string, pointer?: string) => ({
	status: '400',
	title,
	detail,
	...(pointer === undefined ? {} : { source: { pointer } }),
});

test('a refused request leaves nothing behind, and its numbers are lost (§4.1)', async () => {
	const { call, server } = await start();
	expect((await call('POST', '/api/zendesktickets', newPair('1'))).status).toBe(201);
	expect((await call('POST', '/api/zendesktickets', newPair('1'))).status).toBe(409);
	expect(server.store.count('cases')).toBe(1);
	const next = await call('POST', '/api/cases', { data: newCase('after') });
	expect(next.body.data.id).toBe('3');
});

test('four creations of one pair at the same moment: one 201, three 409, one case (races.md)', async () => {
	const { call, server } = await start({ raceWindowMs: 20 });
	const answers = await Promise.all(
		[1, 2, 3, 4].map(async (i) => await call('POST', '/api/zendesktickets', newPair('7', { externalId: `E-${i}` }))),
	);
	expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
	expect(server.store.count('cases')).toBe(1);
});

test('the external id alone does not guard when requests overtake each other (races.md)', async () => {
	const racing = await start({ raceWindowMs: 20 });
	const bodies = [1, 2].map(() => ({ data: newCase('twin', { externalId: 'E' }) }));
	const twins = await Promise.all(bodies.map(async (body) => await racing.call('POST', '/api/cases', body)));
	expect(twins.map(({ status }) => status)).toEqual([201, 201]);
	const { call } = await start();
	const one = await Promise.all(bodies.map(async (body) => await call('POST', '/api/cases', body)));
	expect(one.map(({ status }) => status).sort()).toEqual([201, 400]);
});

test('all errors of all records come at once, validation before a conflict (§1.5)', async () => {
	const { call } = await start();
	await call('POST', '/api/zendesktickets', newPair('1'));
	const document = newPair('1') as Json;
	document.included[0].attributes.subject = '';
	document.included.push({ type: 'contacts', id: 'c', attributes: { primaryEmail: 'nothing' } });
	document.included[0].relationships.relatedContact = to('contacts', 'c');
	const { status, body } = await call('POST', '/api/zendesktickets', document);
	expect(status).toBe(400);
	expect(body.errors).toEqual([
		error('not blank constraint', 'This value should not be blank.', '/included/0/attributes/subject'),
		error('email constraint', 'This value is not a valid email address.', '/included/1/attributes/primaryEmail'),
	]);
});

test('a record that a rule refuses is a 400 with its place; the others are written', async () => {
	const { call, server } = await start();
	server.store.refuse({
		type: 'cases',
		field: 'subject',
		pattern: '13$',
		title: 'regex constraint',
		detail: 'Unlucky.',
	});
	expect((await call('POST', '/api/zendesktickets', newPair('12'))).status).toBe(201);
	const { status, body } = await call('POST', '/api/zendesktickets', newPair('13'));
	expect(status).toBe(400);
	expect(body.errors).toEqual([error('regex constraint', 'Unlucky.', '/included/0/attributes/subject')]);
});

test('deleting a case deletes its comments and leaves the ticket record (§3.2, §3.6)', async () => {
	const { call, server } = await start();
	await call('POST', '/api/zendesktickets', newPair('1'));
	const data = { type: 'casecomments', attributes: { message: 'm' }, relationships: { case: to('cases', 1) } };
	const comment = await call('POST', '/api/casecomments', { data });
	const row = {
		type: 'zendeskticketcomments',
		relationships: { relatedComment: to('casecomments', comment.body.data.id) },
	};
	await call('POST', '/api/zendeskticketcomments', { data: row });
	expect((await call('DELETE', '/api/cases/1')).status).toBe(204);
	expect(server.store.count('casecomments')).toBe(0);
	expect(server.store.get('zendesktickets', 1)!.relatedCase).toBeNull();
	expect(server.store.get('zendeskticketcomments', 1)!.relatedComment).toBeNull();
});

test('a file is sent with its comment and comes back (§9); an unknown file is refused', async () => {
	const { call, server } = await start();
	await call('POST', '/api/cases', { data: newCase('x') });
	const data = {
		type: 'casecomments',
		attributes: { message: 'm' },
		relationships: { case: to('cases', 1), attachment: to('files', 'f') },
	};
	const file = { type: 'files', id: 'f', attributes: { originalFilename: 'a.txt', content: 'aGVsbG8=' } };
	const made = await call('POST', '/api/casecomments', { data, included: [file] });
	expect(made.body.included[0]).toMatchObject({ type: 'files', meta: { includeId: 'f' }, attributes: { fileSize: 5 } });
	const read = await call('GET', '/api/casecomments/1?include=attachment');
	expect(read.body.included[0].attributes.content).toBe('aGVsbG8=');
	data.relationships.attachment = to('files', '99');
	expect((await call('POST', '/api/casecomments', { data })).body.errors[0].detail).toBe('The entity does not exist.');
	expect((await call('GET', '/api/files')).status).toBe(405);
	expect(server.store.count('files')).toBe(1);
});

test('contacts: the list replaces, the primary one must be in it (§3.3)', async () => {
	const { call } = await start();
	const emails = [{ email: 'a@example.com' }, { email: 'b@example.com' }];
	const post = await call('POST', '/api/contacts', {
		data: { type: 'contacts', attributes: { lastName: 'L', emails, primaryEmail: 'b@example.com' } },
	});
	expect(post.body.data.attributes).toMatchObject({ primaryEmail: 'b@example.com', emails });
	const patch = async (attributes: Record<string, unknown>) =>
		await call('PATCH', '/api/contacts/1', { data: { type: 'contacts', id: '1', attributes } });
	const shorter = await patch({ emails: [{ email: 'b@example.com' }] });
	expect(shorter.body.data.attributes.emails).toEqual([{ email: 'b@example.com' }]);
	expect((await patch({ emails: [{ email: 'c@example.com' }] })).body.errors).toEqual([
		error('contains primary constraint', 'One of the emails must be set as primary.', '/data/attributes/emails'),
	]);
	expect((await patch({ emails: [{ email: 'c@example.com' }], primaryEmail: 'b@example.com' })).body.errors).toEqual([
		error('primary item constraint', 'Unknown primary email address.', '/data/attributes/primaryEmail'),
	]);
});

test('closing sets the date, a date sent with it is overwritten in a PATCH and kept in a POST (§3.1)', async () => {
	const { call, server } = await start();
	const made = newCase('x', { closedAt: '2020-01-01T00:00:00Z' }) as Json;
	made.relationships.status = to('casestatuses', 'closed');
	expect((await call('POST', '/api/cases', { data: made })).body.data.attributes.closedAt).toBe('2020-01-01T00:00:00Z');
	await call('POST', '/api/cases', { data: newCase('y') });
	const { body } = await call('PATCH', '/api/cases/2', {
		data: {
			type: 'cases',
			id: '2',
			attributes: { closedAt: '2020-01-01T00:00:00Z' },
			relationships: { status: to('casestatuses', 'closed') },
		},
	});
	expect(body.data.attributes.closedAt).toBe(server.store.get('cases', 2)!.updatedAt);
});

test('comments sent with a case replace its comments (orphan removal, §3.1)', async () => {
	const { call, server } = await start();
	await call('POST', '/api/cases', { data: newCase('x') });
	for (const message of ['a', 'b']) {
		const data = { type: 'casecomments', attributes: { message }, relationships: { case: to('cases', 1) } };
		await call('POST', '/api/casecomments', { data });
	}
	const relationships = { comments: { data: [{ type: 'casecomments', id: '2' }] } };
	await call('PATCH', '/api/cases/1', { data: { type: 'cases', id: '1', relationships } });
	expect(server.store.all('casecomments').map(({ id }) => id)).toEqual([2]);
});

test('relationship addresses set, add and take away (§4.1)', async () => {
	const { call, server } = await start();
	for (const name of ['a', 'b'])
		await call('POST', '/api/zendeskusers', { data: { type: 'zendeskusers', attributes: { name } } });
	await call('POST', '/api/zendesktickets', newPair('1'));
	const path = '/api/zendesktickets/1/relationships/collaborators';
	const users = (...ids: string[]) => ({ data: ids.map((id) => ({ type: 'zendeskusers', id })) });
	const collaborators = () => server.store.get('zendesktickets', 1)!.collaborators;
	expect((await call('POST', path, users('1', '2'))).status).toBe(204);
	expect(collaborators()).toEqual([1, 2]);
	await call('DELETE', path, users('1'));
	expect(collaborators()).toEqual([2]);
	await call('PATCH', path, users());
	expect(collaborators()).toEqual([]);
	expect((await call('GET', path)).body).toMatchObject({ data: [] });
	expect((await call('PATCH', '/api/cases/1/relationships/status', { data: null })).status).toBe(400);
});

test('meta.validate writes nothing', async () => {
	const { call, server } = await start();
	const data = { ...newCase('x'), meta: { validate: true } };
	expect((await call('POST', '/api/cases', { data })).status).toBe(201);
	expect(server.store.count('cases')).toBe(0);
});

test('a two-way channel: changes of linked cases are counted, creations and other fields are not (§6)', async () => {
	const { call, server } = await start();
	await call('POST', '/api/zendesktickets', newPair('1'));
	const patch = async (attributes: Record<string, unknown>) =>
		await call('PATCH', '/api/cases/1', { data: { type: 'cases', id: '1', attributes } });
	await patch({ subject: 'a' });
	expect(server.store.twoWayExports).toEqual([]);
	server.store.update('integrationchannels', 1, { enabled: true, isTwoWaySyncEnabled: true });
	await patch({ resolution: 'r' });
	await call('POST', '/api/zendesktickets', newPair('2'));
	expect(server.store.twoWayExports).toEqual([]);
	await patch({ subject: 'b' });
	expect(server.store.twoWayExports).toMatchObject([{ caseId: 1, originId: '1', fields: ['subject'] }]);
});

test('a note hangs on a case and shows in its activities (§9)', async () => {
	const { call } = await start();
	await call('POST', '/api/cases', { data: newCase('x') });
	const relationships = { activityTargets: { data: [{ type: 'cases', id: '1' }] } };
	const note = await call('POST', '/api/notes', {
		data: { type: 'notes', attributes: { message: 'n' }, relationships },
	});
	expect(note.body.data.relationships.activityTargets.data).toEqual([{ type: 'cases', id: '1' }]);
	const read = await call('GET', '/api/cases/1?include=activityNotes');
	expect(read.body.included).toMatchObject([{ type: 'notes', attributes: { message: 'n' } }]);
	expect((await call('GET', '/api/cases/1/activityNotes')).body.data).toHaveLength(1);
	await call('DELETE', '/api/cases/1');
	expect((await call('GET', '/api/notes/1')).body.data.relationships.activityTargets.data).toEqual([]);
});
