import { published, PUBLISH } from '../support/n8n-harness';
import { closeAll, setParameters, startActive } from '../support/practice';

/** Comments: copied once, in order, with author and visibility. */

afterEach(closeAll);

test('new comments come with author, visibility and order', async () => {
	const practice = await startActive();
	const maria = practice.person('Maria Santos');
	const anna = practice.agent('Anna Keller');
	const oroAnna = practice.oroUser('Anna', anna.email ?? '');
	const ticket = practice.ticket({ requester_id: maria.id, submitter_id: maria.id, assignee_id: anna.id });
	await practice.sync();
	practice.zendesk.store.addComment(ticket.id, { body: 'Is it a laser printer?', author_id: anna.id });
	practice.zendesk.store.addComment(ticket.id, { body: 'They always say no.', author_id: anna.id, public: false });
	practice.zendesk.store.addComment(ticket.id, { body: 'No.', author_id: maria.id });
	practice.resetCounts();
	const run = await practice.sync();
	expect(practice.counts()).toMatchObject({ comments: 1, oroWrites: 1 });
	expect(published(run)[0].result.summary).toContain('3 comments');

	const contact = practice.caseOf(ticket).relatedContact;
	expect(practice.commentsOf(ticket)).toMatchObject([
		{ message: 'Smoke comes out of it.', public: true, contact, owner: 1 },
		{ message: 'Is it a laser printer?', public: true, contact: null, owner: oroAnna.id },
		{ message: 'They always say no.', public: false, contact: null, owner: oroAnna.id },
		{ message: 'No.', public: true, contact, owner: 1 },
	]);
	const rows = practice.all('zendeskticketcomments');
	const originals = practice.zendesk.store.commentsOf(ticket.id);
	expect(rows.map((row) => [row.originId, row.public, row.originCreatedAt])).toEqual(
		originals.map((comment) => [String(comment.id), comment.public, comment.created_at]),
	);
	expect(rows.map((row) => row.relatedComment)).toEqual(practice.commentsOf(ticket).map((row) => row.id));
});

test('an author who is new makes a contact of their own in the same write', async () => {
	const practice = await startActive();
	const ticket = practice.ticket({ requester_id: practice.person('Maria Santos').id });
	await practice.sync();
	const stranger = practice.person('Stranger Danger');
	practice.zendesk.store.addComment(ticket.id, { body: 'Me too!', author_id: stranger.id });
	await practice.sync();
	const contact = practice.all('contacts').find((row) => row.primaryEmail === stranger.email);
	expect(practice.commentsOf(ticket)[1]).toMatchObject({ message: 'Me too!', contact: contact?.id });
	expect(practice.count('contacts')).toBe(2);
});

test('a ticket with 250 comments is written in several requests and is complete at the end', async () => {
	const practice = await startActive();
	const ticket = practice.ticket();
	for (let index = 1; index < 250; index++)
		practice.zendesk.store.addComment(ticket.id, { body: `Comment ${index}`, public: index % 3 !== 0 });
	practice.resetCounts();
	await practice.sync();
	expect(practice.counts()).toMatchObject({ comments: 3, oroWrites: 3 });
	const messages = practice.commentsOf(ticket).map((row) => row.message);
	expect(messages).toHaveLength(250);
	expect(messages.slice(1)).toEqual(Array.from({ length: 249 }, (_, index) => `Comment ${index + 1}`));
	expect(practice.commentsOf(ticket).filter((row) => row.public === false)).toHaveLength(83);
	expect(practice.recordOf(ticket).originUpdatedAt).toBe(practice.zendesk.store.tickets.get(ticket.id)?.updated_at);
});

test('250 comments, broken off after the first write: the rest comes with the next run, nothing twice', async () => {
	const practice = await startActive();
	const ticket = practice.ticket();
	for (let index = 1; index < 250; index++) practice.zendesk.store.addComment(ticket.id, { body: `Comment ${index}` });
	practice.orocrm.faults.add({ method: 'PATCH', path: '/zendesktickets/', effect: { kind: 'answer', status: 503 } });
	const [run] = await practice.n8n.look();
	expect(run.status).toBe('error');
	expect(practice.commentsOf(ticket)).toHaveLength(100);
	expect(practice.recordOf(ticket).originUpdatedAt).toBeNull();
	practice.orocrm.faults.clear();
	await practice.sync(20 * 60_000);
	expect(
		practice
			.commentsOf(ticket)
			.map((row) => row.message)
			.slice(1),
	).toEqual(Array.from({ length: 249 }, (_, index) => `Comment ${index + 1}`));
	expect(practice.count('zendeskticketcomments')).toBe(250);
});

test('how many comments go into one request is a setting', async () => {
	const practice = await startActive({
		edit: (json) => setParameters(json, PUBLISH, { options: { commentsPerWrite: 2 } }),
	});
	const ticket = practice.ticket();
	for (let index = 1; index < 5; index++) practice.zendesk.store.addComment(ticket.id, { body: `Comment ${index}` });
	practice.resetCounts();
	await practice.sync();
	expect(practice.counts().oroWrites).toBe(3);
	expect(practice.commentsOf(ticket)).toHaveLength(5);
});

test('files come along', async () => {
	const practice = await startActive();
	const { store } = practice.zendesk;
	const photo = store.addAttachment({ file_name: 'fire.jpg', content: 'not really', content_type: 'image/jpeg' });
	const ticket = practice.ticket();
	store.addComment(ticket.id, { body: 'See the photo.', attachment_ids: [photo.id] });
	await practice.sync();
	const comment = practice.commentsOf(ticket)[1];
	expect(comment.message).toBe('See the photo.');
	const file = practice.orocrm.store.get('files', comment.attachment as number);
	expect(file).toMatchObject({ originalFilename: 'fire.jpg', mimeType: 'image/jpeg' });
	expect(Buffer.from(String(file?.content), 'base64').toString()).toBe('not really');
});

test('by the setting files are lines with name and address', async () => {
	const practice = await startActive({ edit: (json) => setParameters(json, PUBLISH, { options: { maxFileSize: 0 } }) });
	const { store } = practice.zendesk;
	const photo = store.addAttachment({ file_name: 'fire.jpg', content: 'not really', content_type: 'image/jpeg' });
	const ticket = practice.ticket();
	store.addComment(ticket.id, { body: 'See the photo.', attachment_ids: [photo.id] });
	await practice.sync();
	expect(practice.commentsOf(ticket)[1].message).toMatch(
		/^See the photo\.\n\nAttachment: fire\.jpg http\S+\/attachments\/token\/\S+/,
	);
});

test('a comment that was edited in OroCRM stays as it is there, and is not copied again', async () => {
	const practice = await startActive();
	const ticket = practice.ticket();
	practice.zendesk.store.addComment(ticket.id, { body: 'First answer' });
	await practice.sync();
	practice.orocrm.store.update('casecomments', practice.commentsOf(ticket)[1].id, {
		message: 'First answer (edited here)',
	});
	practice.zendesk.store.addComment(ticket.id, { body: 'Second answer' });
	await practice.sync();
	expect(practice.commentsOf(ticket).map((row) => row.message)).toEqual([
		'Smoke comes out of it.',
		'First answer (edited here)',
		'Second answer',
	]);
});
