import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OroCrmClient } from '../../../orocrm/client';
import { apart, joined } from '../../../orocrm/joined-documents';
import type { OroDocument, Resource, WriteDocument } from '../../../orocrm/types';
import { FakeServer } from '../../unit/support/fake-server';
import { FakeTime } from '../../unit/support/fake-time';

/** What a real OroCRM answered to synchronous batches, read by the client. */

interface Recording {
	request: { headers: Record<string, string>; body: { data: Resource[]; included: Resource[] } };
	response: { status: number; body: OroDocument };
}

const recording = (name: string) => JSON.parse(readFileSync(join(__dirname, 'recordings', `${name}.json`), 'utf8')) as Recording;

/** The recorded request as single documents: record number i is called `t<i>`, its case `k<i>`. */
function documentsOf({ request: { body } }: Recording): WriteDocument[] {
	return body.data.map((data, index) => ({ data, included: [body.included[index]] }));
}

/** The recorded answer, with the names that our batch would have sent. */
function withOurNames({ response: { body } }: Recording): OroDocument {
	const named = (resource: Resource, index: number): Resource => {
		const { includeId, dataId } = resource.meta ?? {};
		return { ...resource, meta: includeId ? { includeId: `${index}:${includeId}` } : { dataId: `${index}:${dataId}` } };
	};
	return { data: (body.data as Resource[]).map(named), included: body.included?.map(named) };
}

test('a recorded answer gives each document its own record and case', () => {
	const recorded = recording('overlay.zendesktickets.batch.sync.1');
	const documents = documentsOf(recorded);
	const answers = apart(documents, withOurNames(recorded)) as OroDocument[];
	const found = answers.map(({ data, included }) => [(data as Resource).id, (data as Resource).attributes?.subject, included?.map(({ id, meta }) => [id, meta?.includeId])]);
	expect(found).toEqual([
		['128', 'bulk 0', [['12137', 'k0']]],
		['129', 'bulk 1', [['12138', 'k1']]],
		['130', 'bulk 2', [['12139', 'k2']]],
	]);
});

test('the request has the recorded one’s form, and the recorded refusal is told from an answer', async () => {
	const recorded = recording('overlay.zendesktickets.batch.sync.conflict.1');
	const server = new FakeServer({ json: recorded.response.body, status: recorded.response.status });
	const client = new OroCrmClient('https://orocrm.example', '/api', server.send, new FakeTime());
	const answer = await client.createTogether('zendesktickets', joined(documentsOf(recorded)));
	expect(answer).toMatchObject({ status: 202, document: { data: { type: 'asyncoperations', attributes: { status: 'failed' } } } });
	const [asked] = server.asked;
	expect(asked).toMatchObject({ method: 'PATCH', url: 'https://orocrm.example/api/zendesktickets', headers: recorded.request.headers });
	const plain = (body: unknown) => JSON.parse(JSON.stringify(body).replace(/"\d+:([tk]\d)"/g, '"$1"')) as unknown;
	expect(plain(JSON.parse(String(asked.body)))).toEqual(recorded.request.body);
});
