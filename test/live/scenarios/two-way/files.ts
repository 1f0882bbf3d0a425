import type { Scenario } from '../../scenario';
import type { Stage } from '../../stage';
import { TwoWay } from '../../two-way';
import type { NewFile } from '../../zendesk-side';

/** Files of comments (sync-rules §4). */
export const files: readonly Scenario[] = [
	{
		name: 'two-way: one file in Zendesk',
		expected: 'on the case’s comment, byte by byte',
		run: async (stage) => await incoming(stage, [binary('photo.png', 'image/png')]),
	},
	{
		name: 'two-way: three files in one comment in Zendesk',
		expected: 'the first on the comment, the others on follow-on comments; none goes back',
		channels: 'both',
		run: async (stage) =>
			await incoming(stage, [text('a.txt'), binary('Ünïcødé b.png', 'image/png'), text('c with blanks.txt')]),
	},
	{
		name: 'two-way: a file in Zendesk that is too large',
		expected: 'a line with its name and address, and a note',
		run: async (stage) => {
			const sync = new TwoWay(stage, { largestFile: 1_000 });
			const linked = await sync.linked();
			const file = { ...text('large.txt'), content: Buffer.alloc(2_000, 'x') };
			await withFiles(stage, linked, [file]);
			const { notes } = await sync.fromTicket(linked.ticket);
			const comment = (await stage.theOne(linked.ticket)).comments.at(-1);
			const message = String(comment?.message);
			stage.check.that('text', /Attachment: large\.txt http/.test(message), 'a line with name and address', message);
			stage.check.same('file', comment?.attachment, null);
			stage.check.that(
				'note',
				notes.some((note) => note.includes('large.txt')),
				'one with the name',
				notes,
			);
			return `${notes.join(' ')}; ${await sync.quiet(linked.ticket, linked.case)}`;
		},
	},
	{
		name: 'two-way: files in OroCRM',
		expected: 'each goes along with its comment, byte by byte',
		channels: 'both',
		run: outgoing,
	},
	{
		name: 'two-way: a file in OroCRM that is too large',
		expected: 'a line with its name and the case’s address, and a note',
		run: async (stage) => {
			const sync = new TwoWay(stage, { largestFile: 1_000 });
			const linked = await sync.linked();
			const file = { ...text('large.txt'), content: Buffer.alloc(2_000, 'x') };
			await sync.comment(linked.case, stage.marked('A large one'), { file });
			const { notes } = await sync.fromCase(linked.case);
			const comment = (await sync.ticketComments(linked.ticket)).at(-1);
			const body = comment?.plain_body ?? '';
			stage.check.that('text', /Attachment: large\.txt http/.test(body), 'a line with name and address', body);
			stage.check.same('files', comment?.attachments?.length, 0);
			stage.check.that(
				'note',
				notes.some((note) => note.includes('large.txt')),
				'one with the name',
				notes,
			);
			return `${notes.join(' ')}; ${await sync.quiet(linked.ticket, linked.case)}`;
		},
	},
	{
		name: 'two-way: a case with a file is published',
		expected: 'the ticket’s comment has it, too',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const oroCase = await sync.newCase();
			const file = binary('plan.png', 'image/png');
			await sync.comment(oroCase.id, stage.marked('The plan'), { file });
			await sync.fromCase(oroCase.id);
			const ticket = await sync.published(oroCase.id);
			await sameInZendesk(sync, ticket.id, [file]);
			return `ticket ${ticket.id}; ${await sync.quiet(ticket.id, oroCase.id)}`;
		},
	},
	{
		name: 'two-way: more than 4 MB of files in Zendesk',
		expected: 'all copied, in several requests to OroCRM',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const linked = await sync.linked();
			const large = (name: string) => ({ ...text(name), content: Buffer.alloc(2_500_000, name) });
			for (const name of ['first.txt', 'second.txt']) await withFiles(stage, linked, [large(name)]);
			const writes = await sync.writes(async () => await sync.fromTicket(linked.ticket));
			stage.check.same('writes', writes, { zendesk: 0, orocrm: 2 });
			const { comments } = await stage.theOne(linked.ticket);
			const copied = await filesInOro(
				stage,
				comments.map(({ id }) => id),
			);
			stage.check.same(
				'sizes',
				copied.map(({ content }) => content.length),
				[2_500_000, 2_500_000],
			);
			return `${writes.orocrm} writes; ${await sync.quiet(linked.ticket, linked.case)}`;
		},
	},
];

function text(name: string): NewFile {
	return { name, type: 'text/plain', content: Buffer.from(`Content of ${name}, with ö and 😀\n`) };
}

/** Every byte once, behind a PNG's first ones: nothing on the way may take it for text. */
function binary(name: string, type: string): NewFile {
	const head = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
	return { name, type, content: Buffer.concat([head, Buffer.from(Array.from({ length: 256 }, (_, i) => i))]) };
}

async function withFiles(stage: Stage, linked: { ticket: number; requester: number }, some: NewFile[]): Promise<void> {
	await stage.zendesk.addComment(linked.ticket, {
		body: stage.marked('See the files'),
		public: true,
		author: linked.requester,
		files: some,
	});
}

async function incoming(stage: Stage, given: NewFile[]): Promise<string> {
	const sync = new TwoWay(stage);
	const linked = await sync.linked();
	await withFiles(stage, linked, given);
	const { notes } = await sync.fromTicket(linked.ticket);
	stage.check.same('notes', notes, []);
	const { comments, rows } = await stage.theOne(linked.ticket);
	const [first, ...followOn] = comments.slice(1);
	stage.check.same('text', first?.message, stage.marked('See the files'));
	stage.check.same(
		'follow-on comments',
		followOn.map(({ message, public: open }) => [message, open]),
		given.slice(1).map(({ name }) => [`Attachment: ${name}`, true]),
	);
	stage.check.same('rows', rows.length, 1 + given.length);
	const copied = await filesInOro(
		stage,
		comments.slice(1).map(({ id }) => id),
	);
	stage.check.same(
		'names',
		copied.map(({ name }) => name),
		given.map(({ name }) => name),
	);
	for (const [index, { name, content }] of given.entries())
		stage.check.that(
			`content of ${name}`,
			content.equals(copied[index]?.content ?? Buffer.alloc(0)),
			'the same bytes',
			copied[index]?.content.length,
		);
	const quiet = await sync.quiet(linked.ticket, linked.case);
	stage.check.same('ticket’s comments', (await sync.ticketComments(linked.ticket)).length, 2);
	return `${copied.length} files, ${comments.length} comments; ${quiet}`;
}

async function outgoing(stage: Stage): Promise<string> {
	const sync = new TwoWay(stage);
	const linked = await sync.linked();
	const given = [binary('Ünïcødé photo.png', 'image/png'), text('log of today.txt')];
	for (const file of given) await sync.comment(linked.case, stage.marked(`With ${file.name}`), { file });
	const { notes } = await sync.fromCase(linked.case);
	stage.check.same('notes', notes, []);
	await sameInZendesk(sync, linked.ticket, given);
	const quiet = await sync.quiet(linked.ticket, linked.case);
	stage.check.same('case’s comments', (await stage.theOne(linked.ticket)).comments.length, 3);
	return `${given.length} files; ${quiet}`;
}

/** The ticket's files, in the order of its comments, are these. */
async function sameInZendesk(sync: TwoWay, ticket: number, given: readonly NewFile[]): Promise<void> {
	const { check, zendesk } = sync.stage;
	const attached = (await sync.ticketComments(ticket)).flatMap(({ attachments }) => attachments ?? []);
	check.same(
		'names',
		attached.map((file) => file.file_name),
		given.map(({ name }) => name),
	);
	check.same(
		'types',
		attached.map((file) => file.content_type),
		given.map(({ type }) => type),
	);
	for (const [index, { name, content }] of given.entries()) {
		const seen = attached[index] && (await zendesk.client.download(attached[index].content_url, 10_000_000));
		check.that(`content of ${name}`, seen?.equals(content) === true, 'the same bytes', seen?.length);
	}
}

async function filesInOro(
	stage: Stage,
	commentIds: readonly string[],
): Promise<Array<{ name: string; content: Buffer }>> {
	const found: Array<{ name: string; content: Buffer }> = [];
	for (const id of commentIds) {
		const { included } = await stage.oro.withIncluded('casecomments', id, 'attachment');
		for (const file of included.filter(({ type }) => type === 'files'))
			found.push({ name: String(file.originalFilename), content: Buffer.from(String(file.content), 'base64') });
	}
	return found;
}
