import { readFile, readFileFacts } from '../../../orocrm/comments';
import { startPracticeOroCrm } from '../../../sandbox/orocrm/server';
import type { PracticeOroCrm } from '../../../sandbox/orocrm/server';
import { practiceOroClient } from '../../support/practice-orocrm';

let server: PracticeOroCrm;

beforeAll(async () => {
	server = await startPracticeOroCrm();
});
afterAll(async () => await server.close());

test('a file of a case comment is read with its content, or only what is known of it', async () => {
	const client = await practiceOroClient(server);
	const made = async (document: object) => ((await client.create('casecomments', document as never)).data as { id: string }).id;
	const oroCase = await client.create('cases', {
		data: {
			type: 'cases',
			id: 'c',
			attributes: { subject: 'A' },
			relationships: {
				source: { data: { type: 'casesources', id: 'web' } },
				status: { data: { type: 'casestatuses', id: 'open' } },
				priority: { data: { type: 'casepriorities', id: 'normal' } },
			},
		},
	});
	const of = { case: { data: { type: 'cases', id: (oroCase.data as { id: string }).id } } };
	const withFile = await made({
		data: {
			type: 'casecomments',
			id: 'k',
			attributes: { message: 'see file' },
			relationships: { ...of, attachment: { data: { type: 'files', id: 'f' } } },
		},
		included: [
			{
				type: 'files',
				id: 'f',
				attributes: { mimeType: 'text/plain', originalFilename: 'a.txt', content: 'aGVsbG8=' },
			},
		],
	});
	const plain = await made({
		data: { type: 'casecomments', id: 'k', attributes: { message: 'none' }, relationships: of },
	});
	expect(await readFile(client, withFile)).toEqual({
		name: 'a.txt',
		mimeType: 'text/plain',
		bytes: Buffer.from('hello'),
	});
	expect(await readFile(client, plain)).toBeUndefined();
	expect(await readFile(client, '4711')).toBeUndefined();
	server.calls.reset();
	expect(await readFileFacts(client, [withFile, plain])).toEqual(
		new Map([[withFile, { name: 'a.txt', mimeType: 'text/plain', size: 5 }]]),
	);
	expect(server.calls.all()).toHaveLength(1);
});
