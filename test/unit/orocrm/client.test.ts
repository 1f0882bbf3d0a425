import { ApiError } from '../../../http/api-error';
import { OroCrmClient } from '../../../orocrm/client';
import { cut, FakeServer, refused } from '../support/fake-server';
import { FakeTime } from '../support/fake-time';

function clientOver(...answers: ConstructorParameters<typeof FakeServer>) {
	const time = new FakeTime();
	const server = new FakeServer(...answers);
	const client = new OroCrmClient('https://crm.example.com', '/api', server.send, time);
	const failure = async (work: Promise<unknown>): Promise<ApiError> => {
		const error = await time.finish(work).then(
			() => undefined,
			(reason: unknown) => reason,
		);
		if (!(error instanceof ApiError)) throw new Error(`No ApiError: ${String(error)}`);
		return error;
	};
	return { client, server, time, failure };
}

const made = { json: { data: { type: 'zendesktickets', id: '7' } }, status: 201 };
const document = { data: { type: 'zendesktickets', id: 'ticket', attributes: { subject: 'x' } } };
const withNewRow = { ...document, included: [{ type: 'casecomments', id: 'comment:1' }] };
const withUpdates = { ...document, included: [{ type: 'cases', id: '301', meta: { update: true } }] };

describe('a write that may have been carried out is not sent twice', () => {
	test.each([
		['a cut connection', cut()],
		['502', { status: 502 }],
		['500', { status: 500 }],
		['504', { status: 504 }],
	])('creation, %s', async (_name, answer) => {
		const { client, server, failure } = clientOver(answer, made);
		expect(await failure(client.create('zendesktickets', document))).toBeInstanceOf(ApiError);
		expect(server.asked).toHaveLength(1);
	});

	test.each([
		['a refused connection', refused()],
		['429', { status: 429, headers: { 'retry-after': '1' } }],
		['503 with Retry-After', { status: 503, headers: { 'retry-after': '1' } }],
	])('%s came before any work: it is sent again', async (_name, answer) => {
		const { client, server, time } = clientOver(answer, made);
		expect((await time.finish(client.create('zendesktickets', document))).data).toEqual({
			type: 'zendesktickets',
			id: '7',
		});
		expect(server.asked).toHaveLength(2);
	});

	test('an update with new rows is like a creation', async () => {
		const { client, server, failure } = clientOver(cut(), made);
		await failure(client.update('zendesktickets', '7', withNewRow));
		expect(server.asked).toHaveLength(1);
	});

	test('an update that only changes what exists has the same effect twice', async () => {
		const { client, server, time } = clientOver(cut(), { status: 502 }, made);
		await time.finish(client.update('zendesktickets', '7', withUpdates));
		expect(server.asked).toHaveLength(3);
	});
});

describe('requests', () => {
	test('have the media types of JSON:API, without parameters', async () => {
		const { client, server, time } = clientOver(made, made, { json: { data: [] } });
		await time.finish(client.create('zendesktickets', document));
		await time.finish(client.update('zendesktickets', '7', document));
		await time.finish(client.list('cases'));
		expect(server.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
			'POST https://crm.example.com/api/zendesktickets',
			'PATCH https://crm.example.com/api/zendesktickets/7',
			'GET https://crm.example.com/api/cases',
		]);
		expect(server.asked[0].headers).toMatchObject({
			Accept: 'application/vnd.api+json',
			'Content-Type': 'application/vnd.api+json',
		});
		expect(server.asked[2].headers).not.toHaveProperty('Content-Type');
	});

	test('a short filter goes into the address', async () => {
		const { client, server, time } = clientOver({ json: { data: [] } });
		await time.finish(
			client.list('cases', {
				filter: { externalId: ['a', 'b'], 'id[gt]': '7' },
				fields: { cases: ['subject'] },
				include: ['owner'],
				sort: 'id',
				pageSize: 10,
				pageNumber: 2,
			}),
		);
		expect(server.asked[0].method).toBe('GET');
		expect(Object.fromEntries(new URL(server.asked[0].url).searchParams)).toEqual({
			'filter[externalId]': 'a,b',
			'filter[id][gt]': '7',
			'fields[cases]': 'subject',
			include: 'owner',
			sort: 'id',
			'page[size]': '10',
			'page[number]': '2',
		});
	});

	test('a long one goes into the body, where every value is a text', async () => {
		const { client, server, time } = clientOver({ json: { data: [] } });
		const keys = Array.from({ length: 1_000 }, (_, index) => `zd-0000000-${index}`);
		await time.finish(
			client.list('zendesktickets', {
				filter: { 'relatedCase.externalId': keys, 'id[gt]': '7' },
				pageSize: 2_010,
				pageNumber: 2,
				sort: 'id',
			}),
		);
		const [request] = server.asked;
		expect(request).toMatchObject({
			method: 'POST',
			url: 'https://crm.example.com/api/zendesktickets',
			headers: { 'X-HTTP-Method-Override': 'GET' },
		});
		expect(JSON.parse(String(request.body))).toEqual({
			filter: { 'relatedCase.externalId': keys.join(','), id: { gt: '7' } },
			page: { size: '2010', number: '2' },
			sort: 'id',
		});
	});

	test('all rows, page by page, until one is not full', async () => {
		const page = (...ids: number[]) => ({
			json: {
				data: ids.map((id) => ({ type: 'cases', id: String(id) })),
				included: [{ type: 'users', id: String(ids[0]) }],
			},
		});
		const { client, server, time } = clientOver(page(1, 2), page(3, 4), page(5));
		const { data, included } = await time.finish(client.listAll('cases', { pageSize: 2 }));
		expect(data.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5']);
		expect(included).toHaveLength(3);
		expect(server.asked).toHaveLength(3);
		expect(server.asked.every(({ url }) => url.includes('sort=id'))).toBe(true);
	});
});

describe('answers', () => {
	test('numbers beyond 2^53 stay exact', async () => {
		const { client, time } = clientOver({
			text: '{"data":{"type":"zendesktickets","id":"7","attributes":{"originId":9007199254740993}}}',
		});
		expect((await time.finish(client.read('zendesktickets', '7')))?.data.attributes?.originId).toBe('9007199254740993');
	});

	test('a record that is not there is none; a missing API is an error', async () => {
		const { client, time, failure } = clientOver(
			{
				status: 404,
				json: {
					errors: [
						{ title: 'not found http exception', detail: 'An entity with the requested identifier does not exist.' },
					],
				},
			},
			{ status: 404 },
		);
		expect(await time.finish(client.read('cases', '7'))).toBeUndefined();
		expect(await failure(client.read('cases', '7'))).toMatchObject({ status: 404 });
	});

	const page = { text: '<html><title>Log in</title></html>' };

	test('a web page is no answer: a read is repeated, and in the end the words name the address and who may answer there', async () => {
		const { client, server, failure } = clientOver(page, page, page, page, page);
		expect(await failure(client.list('cases'))).toMatchObject({
			concernsEverything: true,
			words: 'answered with a web page instead of data ("Log in")',
			advice: expect.stringMatching(/^At https:\/\/crm\.example\.com something else answers for now: a maintenance page, a login page or a proxy\. .*URL and the API path in the OroCRM credential/),
		});
		expect(server.asked).toHaveLength(5);
	});

	test('a read goes on after a web page or half an answer that passed', async () => {
		const { client, server, time } = clientOver(page, { text: '{"data":[{"ty' }, { json: { data: [] } });
		expect(await time.finish(client.list('cases'))).toEqual({ data: [], included: [] });
		expect(server.asked).toHaveLength(3);
	});

	test.each([['a web page', page], ['half an answer', { text: '{"data":{"ty' }]])('%s to a creation is a lost answer: it is not sent again', async (_what, answer) => {
		const { client, server, failure } = clientOver(answer);
		expect(await failure(client.create('cases', { data: { type: 'cases', id: 'new' } }))).toMatchObject({ status: undefined });
		expect(server.asked).toHaveLength(1);
	});
});
