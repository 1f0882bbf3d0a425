import { newCase, newPair, start, stopAll, to, type Client, type Json } from './support/client';

/** Files of case comments (orocrm-api.md §9). */

afterEach(stopAll);

const NO_LINKS = { 'X-Include': 'noHateoas' };

const comment = (id: string, file: string) => ({
	type: 'casecomments',
	id,
	attributes: { message: `comment ${id}` },
	relationships: { case: to('cases', '1'), attachment: to('files', file) },
});
const file = (id: string, attributes: Record<string, unknown> = {}) => ({
	type: 'files',
	id,
	attributes: { originalFilename: `${id}.txt`, mimeType: 'text/plain', content: 'aGVsbG8=', ...attributes },
});
const row = (id: string, comment: string, originId: string) => ({
	type: 'zendeskticketcomments',
	id,
	attributes: { originId, body: 'b' },
	relationships: {
		channel: to('integrationchannels', 1),
		ticket: to('zendesktickets', '1'),
		relatedComment: to('casecomments', comment),
	},
});

/** A pair whose update brings two comments with a file each. */
async function pairWithFiles(client: Client): Promise<Json> {
	expect((await client.call('POST', '/api/zendesktickets', newPair('1'))).status).toBe(201);
	const data = {
		type: 'zendesktickets',
		id: '1',
		relationships: { comments: { data: ['r1', 'r2'].map((id) => ({ type: 'zendeskticketcomments', id })) } },
	};
	const included = [
		row('r1', 'c1', '11'),
		comment('c1', 'f1'),
		file('f1'),
		row('r2', 'c2', '12'),
		comment('c2', 'f2'),
		file('f2'),
	];
	const { status, body } = await client.call('PATCH', '/api/zendesktickets/1', { data, included }, NO_LINKS);
	expect(status).toBe(200);
	return body;
}

test('files come along in the update of a pair, and belong to their comments', async () => {
	const client = await start();
	const body = await pairWithFiles(client);
	expect(body.included.map(({ type, meta }: Json) => [type, meta.includeId])).toEqual([
		['zendeskticketcomments', 'r1'],
		['casecomments', 'c1'],
		['files', 'f1'],
		['zendeskticketcomments', 'r2'],
		['casecomments', 'c2'],
		['files', 'f2'],
	]);
	const { store } = client.server;
	expect(
		store.all('files').map(({ parent, parentFieldName, fileSize }) => ({ parent, parentFieldName, fileSize })),
	).toEqual([1, 2].map((id) => ({ parent: { type: 'casecomments', id }, parentFieldName: 'attachment', fileSize: 5 })));
});

test('from the record over its rows and comments down to the files, with chosen fields', async () => {
	const client = await start();
	await pairWithFiles(client);
	const { body } = await client.call(
		'GET',
		'/api/zendesktickets?filter[relatedCase]=1&include=comments.relatedComment.attachment' +
			'&fields[zendesktickets]=comments&fields[zendeskticketcomments]=relatedComment' +
			'&fields[casecomments]=attachment&fields[files]=originalFilename,mimeType,fileSize',
		undefined,
		NO_LINKS,
	);
	expect(body.included.filter(({ type }: Json) => type === 'files')).toEqual(
		[1, 2].map((id) => ({
			type: 'files',
			id: String(id),
			attributes: { mimeType: 'text/plain', originalFilename: `f${id}.txt`, fileSize: 5 },
		})),
	);
	expect(body.included).toHaveLength(6);
	const unasked = await client.call(
		'GET',
		'/api/zendesktickets?include=comments.relatedComment.attachment&fields[casecomments]=message',
	);
	expect(unasked.body.included.some(({ type }: Json) => type === 'files')).toBe(false);
});

test('the content is in the answer unless other fields are chosen', async () => {
	const client = await start();
	await pairWithFiles(client);
	const path = '/api/casecomments?filter[case]=1&sort=id&include=attachment';
	const whole = await client.call('GET', path);
	expect(whole.body.included[0].attributes.content).toBe('aGVsbG8=');
	const chosen = await client.call('GET', `${path}&fields[files]=originalFilename`);
	expect(chosen.body.included[0].attributes).toEqual({ originalFilename: 'f1.txt' });
	expect((await client.call('GET', '/api/files/1')).body.data.attributes.content).toBe('aGVsbG8=');
});

test('files that the installation does not take: 400, and nothing of the request is written', async () => {
	const client = await start({ refusedFileTypes: ['application/x-msdownload', '.bat'], largestFileBytes: 1_000_000 });
	await client.call('POST', '/api/cases', { data: newCase('x') });
	const send = async (attributes: Record<string, unknown>) =>
		await client.call('POST', '/api/casecomments', { data: comment('c', 'f'), included: [file('f', attributes)] });
	const refused = async (attributes: Record<string, unknown>, title: string, detail: string, pointer: string) => {
		const { status, body } = await send(attributes);
		expect(status).toBe(400);
		expect(body.errors).toEqual([{ status: '400', title, detail, source: { pointer } }]);
	};
	const content = '/included/0/attributes/content';
	const type = 'application/x-msdownload';
	await refused({ mimeType: type }, 'file constraint', `The MIME type of the file is invalid ("${type}").`, content);
	await refused(
		{ originalFilename: 'A.BAT' },
		'file constraint',
		'The MIME type of the file is invalid ("text/plain").',
		content,
	);
	await refused(
		{ content: Buffer.alloc(1_000_001).toString('base64') },
		'file constraint',
		'The file is too large (1 MB). Allowed maximum size is 1 MB.',
		content,
	);
	await refused({ content: 'a' }, 'form constraint', 'Cannot decode content encoded with MIME base64.', '/included/0');
	await refused(
		{ originalFilename: '/etc/x' },
		'filename without path constraint',
		'The file name should not have a path.',
		'/included/0/attributes/originalFilename',
	);
	await refused(
		{ originalFilename: `${'x'.repeat(252)}.txt` },
		'length constraint',
		'This value is too long. It should have 255 characters or less.',
		'/included/0/attributes/originalFilename',
	);
	expect([client.server.store.count('casecomments'), client.server.store.count('files')]).toEqual([0, 0]);
	client.server.store.fileRules = { refusedTypes: [], largestBytes: 1_000_000 };
	expect((await send({ mimeType: type })).status).toBe(201);
});
