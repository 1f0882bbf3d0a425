import { Killed, TwoWayWorld } from '../support/two-way-world';
import type { Row } from '../../sandbox/orocrm/schema/types';
import type { Ticket } from '../../sandbox/zendesk/types';

let world: TwoWayWorld;
let ticket: Ticket;
let oroCase: Row;

beforeEach(async () => {
	world = await TwoWayWorld.start();
	world.agent('Anna Agent');
	world.oroUser('Anna', 'anna.agent@desk.example');
	ticket = world.ticket({ requester_id: world.person('Maria Santos').id });
	world.later(60);
	await world.syncTickets(ticket);
	oroCase = world.caseOf(ticket);
	world.later(60).resetCounts();
});
afterEach(async () => await world.close());

const user = (email: string) => world.orocrm.store.all('users').find((row) => row.email === email)!.id;
const comments = () => world.zendesk.store.commentsOf(ticket.id);
const last = () => comments()[comments().length - 1];
const nothing = { zendesk: [], orocrm: [] };

async function expectQuiet(): Promise<void> {
	world.later(120).resetCounts();
	await world.syncCases(oroCase);
	await world.syncTickets(ticket);
	expect(world.writes()).toEqual(nothing);
}

test('a colleague’s public comment goes out in their name, once', async () => {
	world.commentOnCase(oroCase.id, 'We are on it.\nSoon <b>more</b>.', { owner: user('anna.agent@desk.example') });
	await world.syncCases(oroCase);
	expect(last()).toMatchObject({ public: true, author_id: world.zendesk.store.findUser('anna.agent@desk.example')!.id, plain_body: 'We are on it.\nSoon <b>more</b>.' });
	expect(world.writes().zendesk).toHaveLength(1);
	await expectQuiet();
});

test('a comment by someone without a Zendesk user carries the name in its text', async () => {
	world.commentOnCase(oroCase.id, 'I know the customer.', { owner: world.oroUser('Cora', 'cora@desk.example').id, public: false });
	await world.syncCases(oroCase);
	expect(last()).toMatchObject({ public: false, plain_body: expect.stringMatching(/^Cora Desk:\s+I know the customer\.$/) as string });
	await expectQuiet();
});

test('a customer’s comment goes out in the customer’s name; an internal one never as theirs, nor in public', async () => {
	const contact = world.orocrm.store.all('contacts').find((row) => row.primaryEmail === 'maria.santos@customer.example')!.id;
	world.commentOnCase(oroCase.id, 'It still burns.', { contact });
	world.commentOnCase(oroCase.id, 'Noted by phone.', { contact, public: false });
	await world.syncCases(oroCase);
	const [, first, second] = comments();
	expect(first).toMatchObject({ public: true, author_id: ticket.requester_id, plain_body: 'It still burns.' });
	expect(second).toMatchObject({ public: false, plain_body: expect.stringContaining('Maria Santos:') as string });
	expect(second.author_id).not.toBe(ticket.requester_id);
	await expectQuiet();
});

test('several keep their order, each once, also when both sides write at the same time', async () => {
	for (const text of ['one', 'two', 'three']) world.commentOnCase(oroCase.id, text);
	world.zendesk.store.addComment(ticket.id, { body: 'from Zendesk', public: true });
	world.later(60);
	await Promise.all([world.syncCases(oroCase), world.syncTickets(ticket)]).catch(() => undefined);
	world.later(60);
	await world.syncCases(oroCase);
	expect(
		comments()
			.map(({ plain_body }) => plain_body.replace(/^John Doe:\s+/, ''))
			.filter((text) => ['one', 'two', 'three'].includes(text)),
	).toEqual(['one', 'two', 'three']);
	expect(world.caseComments(oroCase.id).filter(({ message }) => message === 'from Zendesk')).toHaveLength(1);
	expect(world.caseComments(oroCase.id)).toHaveLength(comments().length);
	await expectQuiet();
});

test('a run that died before it could save the row: the comment is known by its mark', async () => {
	world.commentOnCase(oroCase.id, 'Once only');
	world.on({ method: 'PUT', path: /tickets/, kills: 'after' });
	await expect(world.syncCases(oroCase)).rejects.toThrow(Killed);
	world.restart();
	world.later(90);
	// It comes back by the other trigger first.
	await world.syncTickets(ticket);
	await world.syncCases(oroCase);
	expect(comments().filter(({ body }) => body.includes('Once only'))).toHaveLength(1);
	expect(world.caseComments(oroCase.id).filter(({ message }) => message === 'Once only')).toHaveLength(1);
	await expectQuiet();
});

test('what a person writes in Zendesk with the integration’s own account is no echo', async () => {
	world.commentOnCase(oroCase.id, 'From OroCRM');
	await world.syncCases(oroCase);
	const mine = last().author_id;
	world.later(60);
	world.zendesk.store.addComment(ticket.id, { body: 'From OroCRM', public: true, author_id: mine } as never);
	world.later(60);
	await world.syncTickets(ticket);
	expect(world.caseComments(oroCase.id).filter(({ message }) => message === 'From OroCRM')).toHaveLength(2);
	await expectQuiet();
});

test('a retry by the ticket’s number also takes out what only the case has', async () => {
	world.commentOnCase(oroCase.id, 'Failed before');
	const [pair] = await world.pairsOfTickets(ticket);
	await world.syncPairs([{ ...pair, thorough: true }]);
	expect(last().plain_body).toContain('Failed before');
	await expectQuiet();
});

describe('files', () => {
	const bytes = (size: number) => Buffer.alloc(size, 'x');

	test('a ticket’s comment with three files: one on the comment, the others on comments of their own', async () => {
		const ids = ['a.txt', 'b.txt', 'c.txt'].map((name) => world.zendesk.store.addAttachment({ file_name: name, content: Buffer.from(`content of ${name}`), content_type: 'text/plain' }).id);
		world.zendesk.store.addComment(ticket.id, { body: 'See the logs', public: true, attachment_ids: ids } as never);
		world.later(60);
		await world.syncTickets(ticket);
		const rows = world.caseComments(oroCase.id).slice(-3);
		expect(rows.map(({ message }) => message)).toEqual(['See the logs', 'Attachment: b.txt', 'Attachment: c.txt']);
		const files = rows.map(({ attachment }) => world.orocrm.store.get('files', attachment as number)!);
		expect(files.map(({ originalFilename }) => originalFilename)).toEqual(['a.txt', 'b.txt', 'c.txt']);
		expect(comments()).toHaveLength(2);
		await expectQuiet();
	});

	test('one that is too large becomes a line with its address, and is reported', async () => {
		const { id } = world.zendesk.store.addAttachment({ file_name: 'big.bin', content: bytes(2000), content_type: 'application/octet-stream' });
		world.zendesk.store.addComment(ticket.id, { body: 'Big one', public: true, attachment_ids: [id] } as never);
		world.options.sync = { largestFile: 1000 };
		world.later(60);
		const [{ result }] = await world.syncTickets(ticket);
		expect(world.caseComments(oroCase.id).pop()!.message).toMatch(/^Big one\n\nAttachment: big\.bin http/);
		expect(result.notes).toEqual([expect.stringContaining('"big.bin"')]);
		await expectQuiet();
	});

	test('a case comment’s file goes along', async () => {
		const file = world.orocrm.store.insert('files', { originalFilename: 'photo.png', mimeType: 'image/png', content: Buffer.from('png').toString('base64'), fileSize: 3, owner: 1 });
		const row = world.commentOnCase(oroCase.id, 'A photo', { attachment: file.id });
		world.orocrm.store.update('files', file.id as number, { parentId: row.id });
		await world.syncCases(oroCase);
		expect(last()).toMatchObject({ plain_body: expect.stringContaining('A photo') as string });
		const [id] = last().attachment_ids;
		expect(world.zendesk.store.attachments.get(id)).toMatchObject({ file_name: 'photo.png', content_type: 'image/png' });
		await expectQuiet();
	});
});
