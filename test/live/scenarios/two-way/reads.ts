import { ApiError } from '../../../../http/api-error';
import { inOro } from '../../two-way';
import { type Flat, to } from '../../oro-server';
import { NotRun, type Scenario } from '../../scenario';
import type { Stage, Stored } from '../../stage';

/** The questions to OroCRM that only two-way sync asks, one by one: what a server refuses shows here, with its words. */
export const reads: readonly Scenario[] = [
	{
		name: 'two-way reads: ticket records by case',
		expected: 'zendesktickets?filter[relatedCase]=a,b finds both',
		run: async (stage) => {
			const { both } = await two(stage);
			const ids = both.map((one) => one.case?.id ?? '');
			const rows = await ask(stage, 'zendesktickets', { 'filter[relatedCase]': ids.join(','), sort: 'id' });
			return found(
				stage,
				rows,
				both.map(({ record }) => record.id),
			);
		},
	},
	{
		name: 'two-way reads: comment rows by case comment',
		expected: 'zendeskticketcomments?filter[relatedComment]=a,b finds both',
		run: async (stage) => {
			const { both } = await two(stage);
			const ids = both.map(({ comments }) => comments[0].id);
			const rows = await ask(stage, 'zendeskticketcomments', { 'filter[relatedComment]': ids.join(','), sort: 'id' });
			return found(
				stage,
				rows,
				both.map((one) => one.rows[0].id),
			);
		},
	},
	{
		name: 'two-way reads: people by contact',
		expected: 'zendeskusers?filter[relatedContact]=a,b finds both',
		run: async (stage) => {
			const { both, people } = await two(stage);
			const ids = both.map((one) => String(one.case?.relatedContact));
			const rows = await ask(stage, 'zendeskusers', { 'filter[relatedContact]': ids.join(','), sort: 'id' });
			const expected = await Promise.all(people.map(async (person) => (await stage.rowOf(person)).id));
			return found(stage, rows, expected);
		},
	},
	{
		name: 'two-way reads: a case comment’s file',
		expected: 'casecomments/{id}?include=attachment gives its name, type and content',
		run: async (stage) => {
			const id = await commentWithFile(stage);
			const { included } = await refused(
				'casecomments/{id}?include=attachment',
				async () => await stage.oro.withIncluded('casecomments', id, 'attachment'),
			);
			stage.check.same('files', included.length, 1);
			stage.check.fields('file', included[0], {
				originalFilename: FILE.name,
				mimeType: FILE.type,
				content: FILE.content.toString('base64'),
			});
			return `${String(included[0]?.originalFilename)}, ${String(included[0]?.mimeType)}`;
		},
	},
	{
		name: 'two-way reads: facts of files without their content',
		expected: 'casecomments?include=attachment&fields[files]=… gives name, type and size alone',
		run: async (stage) => {
			const id = await commentWithFile(stage);
			const query = {
				'filter[id]': id,
				include: 'attachment',
				'fields[casecomments]': 'attachment',
				'fields[files]': 'originalFilename,mimeType,fileSize',
			};
			const [file] = await refused(
				'casecomments?include=attachment&fields[files]=…',
				async () => await stage.oro.queryIncluded('casecomments', query),
			);
			stage.check.fields('file', file, { originalFilename: FILE.name, mimeType: FILE.type, content: undefined });
			stage.check.same('size', Number(file?.fileSize), FILE.content.length);
			return `${String(file?.originalFilename)}, ${String(file?.fileSize)} bytes`;
		},
	},
	{
		name: 'two-way reads: records of tickets that are not closed',
		expected: 'zendesktickets?filter[status][neq_or_null]=closed keeps open ones and those without a status',
		run: notClosed,
	},
	{
		name: 'two-way reads: the same in two questions',
		expected: 'filter[status][neq]=closed and filter[status][exists]=no together find them, too',
		run: async (stage) => {
			const { open, closed, without } = await threeRecords(stage);
			const ids = [open, closed, without].join(',');
			const some = { 'filter[id]': ids, sort: 'id' };
			const others = await ask(stage, 'zendesktickets', { ...some, 'filter[status][neq]': 'closed' });
			const empty = await ask(stage, 'zendesktickets', { ...some, 'filter[status][exists]': 'no' });
			found(stage, others, [open], 'neq');
			return found(stage, empty, [without], 'exists');
		},
	},
	{
		name: 'two-way reads: changed cases by date',
		expected: 'cases?filter[updatedAt][gte]=…&sort=updatedAt,id finds the one that changed',
		run: async (stage) => {
			const { both } = await two(stage);
			const oroCase = both[0].case?.id ?? '';
			await stage.oro.change('cases', oroCase, { subject: stage.marked('Changed') });
			const since = String((await stage.oro.one('cases', oroCase))?.updatedAt);
			const query = { 'filter[updatedAt][gte]': since, sort: 'updatedAt,id', 'page[size]': '100' };
			const rows = await ask(
				stage,
				'cases',
				query,
				'without the overlay; the trigger reads the cases of the tickets that are not closed instead',
			);
			stage.check.same('case', rows.filter(({ id }) => id === oroCase).length, 1);
			return `${rows.length} since ${since}`;
		},
	},
	{
		name: 'two-way reads: files in a request for a record',
		expected: 'POST zendesktickets with row, case comment and file in included: all four are made',
		run: deepFile,
	},
];

const FILE = { name: 'read.txt', type: 'text/plain', content: Buffer.from('Read me, ö and 😀') };

/** Two synced tickets of two people, with what OroCRM has of them. */
async function two(stage: Stage): Promise<{ both: Stored[]; people: number[] }> {
	const people = [await stage.person('Rita Read'), await stage.person('Rolf Read')];
	const both: Stored[] = [];
	for (const person of people) {
		const { id } = await stage.ticket(person);
		await stage.sync(id);
		both.push(await stage.theOne(id));
	}
	return { both, people };
}

/**
 * One list as the pipeline asks for it.
 *
 * @param otherwise how the sync does without, when it can: a refusal is no failure then
 */
async function ask(stage: Stage, type: string, query: Record<string, string>, otherwise?: string): Promise<Flat[]> {
	const [filter] = Object.keys(query).filter((name) => name !== 'filter[id]');
	return await refused(`${type}?${filter}=…`, async () => await stage.oro.query(type, query), otherwise);
}

async function refused<T>(question: string, work: () => Promise<T>, otherwise?: string): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof ApiError) || error.status === undefined) throw error;
		const said = `this OroCRM refuses ${question} (${error.status}: ${error.words})`;
		if (otherwise && error.status === 400) throw new NotRun(`${said}: ${otherwise}`);
		throw new Error(`${said}, and two-way sync can’t do without it.`);
	}
}

function found(stage: Stage, rows: readonly Flat[], expected: readonly string[], what = 'ids'): string {
	const ids = rows.map(({ id }) => id).sort((a, b) => Number(a) - Number(b));
	stage.check.same(
		what,
		ids,
		[...expected].sort((a, b) => Number(a) - Number(b)),
	);
	return `${ids.join(', ')} found`;
}

async function commentWithFile(stage: Stage): Promise<string> {
	const { both } = await two(stage);
	const relations = { case: to('cases', both[0].case?.id ?? ''), attachment: to('files', 'file') };
	const values = { message: stage.marked('With a file'), public: true };
	return (await stage.oro.make('casecomments', values, relations, [inOro(FILE)])).id;
}

/** Records with the statuses open and closed, and one without any. */
async function threeRecords(stage: Stage): Promise<{ open: string; closed: string; without: string }> {
	const { both } = await two(stage);
	const [open, closed] = both.map(({ record }) => record.id);
	await stage.oro.change('zendesktickets', open, {}, { status: to('zendeskticketstatuses', 'open') });
	await stage.oro.change('zendesktickets', closed, {}, { status: to('zendeskticketstatuses', 'closed') });
	const values = { subject: stage.marked('Without a status'), url: `https://${stage.run.marks.host}/none` };
	const without = await stage.oro.make('zendesktickets', values);
	return { open, closed, without: without.id };
}

async function notClosed(stage: Stage): Promise<string> {
	const { open, closed, without } = await threeRecords(stage);
	const rows = await ask(
		stage,
		'zendesktickets',
		{ 'filter[status][neq_or_null]': 'closed', 'filter[id]': [open, closed, without].join(',') },
		'the trigger asks two questions instead',
	);
	return found(stage, rows, [open, without]);
}

async function deepFile(stage: Stage): Promise<string> {
	const { both } = await two(stage);
	const [{ record, case: oroCase }] = both;
	const fields = { message: stage.marked('Deep'), public: true };
	const made = await refused(
		'a file in included',
		async () =>
			await stage.oro.make(
				'zendesktickets',
				{ subject: stage.marked('Deep'), url: `https://${stage.run.marks.host}/deep` },
				{},
				[
					{
						...to('zendeskticketcomments', 'row'),
						attributes: { body: stage.marked('Deep'), public: true },
						relations: { ticket: to('zendesktickets', 'ticket'), relatedComment: to('casecomments', 'comment') },
					},
					{
						...to('casecomments', 'comment'),
						attributes: fields,
						relations: { case: to('cases', oroCase?.id ?? ''), attachment: to('files', 'file') },
					},
					inOro(FILE),
				],
				'ticket',
			),
	);
	const rows = await stage.oro.query('zendeskticketcomments', { 'filter[ticket]': made.id });
	stage.check.same('rows', rows.length, 1);
	const { included } = await stage.oro.withIncluded('casecomments', String(rows[0]?.relatedComment), 'attachment');
	stage.check.fields('file', included[0], { originalFilename: FILE.name, content: FILE.content.toString('base64') });
	return `record ${made.id} besides ${record.id}, file ${String(included[0]?.originalFilename)}`;
}
