import { ApiError } from '../../../http/api-error';
import type { HttpRequest, HttpResponse } from '../../../http/request';
import { downloadAttachment } from '../../../zendesk/attachments';
import { ZendeskClient } from '../../../zendesk/client';
import { FakeTime } from '../support/fake-time';

const BYTES = Buffer.from([0, 255, 10, 128]);
const FILE = 'https://acme.zendesk.com/attachments/token/abc/?name=a.png';
const MEGABYTE = 1024 * 1024;

type Pages = Record<string, Partial<HttpResponse>>;

function clientOver(pages: Pages, baseUrl = 'https://acme.zendesk.com') {
	const asked: HttpRequest[] = [];
	const time = new FakeTime();
	const client = new ZendeskClient(
		baseUrl,
		async (request) => {
			asked.push(request);
			const page = pages[request.url];
			if (!page) throw new Error(`Nothing is at ${request.url}.`);
			const isFile = page.bytes !== undefined;
			return { status: 200, headers: {}, text: '', ...page, ...(isFile ? { bytes: page.bytes } : {}) };
		},
		time,
	);
	const download = async (url: string, largest = MEGABYTE) =>
		await time.finish(downloadAttachment(client, url, largest));
	return { client, download, asked, time };
}

const to = (location: string, status = 302): Partial<HttpResponse> => ({ status, headers: { location } });
const withToken = (asked: HttpRequest[]) => asked.filter(({ anonymous }) => !anonymous).map(({ url }) => url);

test('from the account’s own address, with the token, as bytes', async () => {
	const { download, asked } = clientOver({ [FILE]: { bytes: BYTES } });
	expect(await download(FILE)).toEqual(BYTES);
	expect(asked).toEqual([{ method: 'GET', url: FILE, headers: { Accept: '*/*' }, binary: true }]);
});

test('the client offers the same', async () => {
	const { client, time } = clientOver({ [FILE]: { bytes: BYTES } });
	expect(await time.finish(client.download(FILE, 4))).toEqual(BYTES);
	expect(await time.finish(client.download(FILE, 3))).toBeUndefined();
});

describe('redirects', () => {
	const store = 'https://p14.zdusercontent.com/attachment/1/abc?token=x';

	test.each([301, 302, 303, 307, 308])('%i is followed, without the token to another host', async (status) => {
		const { download, asked } = clientOver({ [FILE]: to(store, status), [store]: { bytes: BYTES } });
		expect(await download(FILE)).toEqual(BYTES);
		expect(asked.map(({ url }) => url)).toEqual([FILE, store]);
		expect(withToken(asked)).toEqual([FILE]);
	});

	test('the token doesn’t come back with a redirect through another host, unless it is to the account', async () => {
		const other = 'https://other.zendesk.com/a';
		const pages = { [FILE]: to(other), [other]: to(store), [store]: { bytes: BYTES } };
		const { download, asked } = clientOver(pages);
		expect(await download(FILE)).toEqual(BYTES);
		expect(withToken(asked)).toEqual([FILE]);
	});

	test('an address without a host is on the one before', async () => {
		const next = 'https://p14.zdusercontent.com/b';
		const { download, asked } = clientOver({ [FILE]: to(store), [store]: to('/b'), [next]: { bytes: BYTES } });
		expect(await download(FILE)).toEqual(BYTES);
		expect(withToken(asked)).toEqual([FILE]);
	});

	test('three and no more', async () => {
		const at = (step: number) => `https://acme.zendesk.com/attachments/${step}`;
		const chain = Object.fromEntries([1, 2, 3].map((step) => [at(step), to(at(step + 1))]));
		expect(await clientOver({ ...chain, [at(4)]: { bytes: BYTES } }).download(at(1))).toEqual(BYTES);
		const longer = clientOver({ ...chain, [at(4)]: to(at(5)), [at(5)]: { bytes: BYTES } });
		expect(await longer.download(at(1))).toBeUndefined();
		expect(longer.asked).toHaveLength(4);
		const circle = clientOver({ [FILE]: to(FILE) });
		expect(await circle.download(FILE)).toBeUndefined();
	});

	test.each([
		'https://acme.zendesk.com/access/unauthenticated?return_to=x',
		'https://acme.zendesk.com/auth/v2/login/signin',
		'/access/unauthenticated',
	])('to a sign-in, whose page is not the file: %s', async (location) => {
		const { download, asked } = clientOver({ [FILE]: to(location) });
		expect(await download(FILE)).toBeUndefined();
		expect(asked).toHaveLength(1);
	});

	test.each([
		'',
		'https://',
		'https://evil.example/a',
		'http://p14.zdusercontent.com/a',
		'file:///etc/passwd',
		'data:,a',
	])('to nowhere good: %j', async (location) => {
		const { download, asked } = clientOver({ [FILE]: to(location) });
		expect(await download(FILE)).toBeUndefined();
		expect(asked).toHaveLength(1);
	});

	test('without an address', async () => {
		expect(await clientOver({ [FILE]: { status: 302 } }).download(FILE)).toBeUndefined();
	});
});

describe('where files may be', () => {
	test.each(['https://other.zendesk.com/a', 'https://p14.zdusercontent.com/a', 'https://static.zdassets.com/a'])(
		'without the token: %s',
		async (url) => {
			const { download, asked } = clientOver({ [url]: { bytes: BYTES } });
			expect(await download(url)).toEqual(BYTES);
			expect(asked[0].anonymous).toBe(true);
		},
	);

	test.each([
		'',
		'not an address',
		'/attachments/token/abc/',
		'http://acme.zendesk.com/a',
		'https://acme.zendesk.com:8443/a',
		'https://acme.zendesk.com.evil.example/a',
		'https://acme.zendesk.com@evil.example/a',
		'https://user:secret@acme.zendesk.com/a',
		'https://user@p14.zdusercontent.com/a',
		'https://evilzendesk.com/a',
		'https://evilzdusercontent.com/a',
		'https://evil.example/a.zendesk.com',
		'https://evil.example\\.zendesk.com/a',
		'http://p14.zdusercontent.com/a',
		'https://p14.zdusercontent.com:444/a',
		'https://169.254.169.254/latest',
		'http://127.0.0.1/a',
		'http://localhost:5432/a',
		'ftp://acme.zendesk.com/a',
		'file:///etc/passwd',
		'javascript:alert(1)',
	])('not asked at all: %j', async (url) => {
		const { download, asked } = clientOver({});
		expect(await download(url)).toBeUndefined();
		expect(asked).toEqual([]);
	});

	test('a practice account on this machine, with its file store beside it', async () => {
		const pages = { 'http://127.0.0.1:81/a': to('http://localhost:82/b'), 'http://localhost:82/b': { bytes: BYTES } };
		const { download, asked } = clientOver(pages, 'http://127.0.0.1:81');
		expect(await download('http://127.0.0.1:81/a')).toEqual(BYTES);
		expect(withToken(asked)).toEqual(['http://127.0.0.1:81/a']);
	});

	test('an account behind another name keeps its token there', async () => {
		const pages = {
			'https://proxy.example/a': to('https://acme.zendesk.com/a'),
			'https://acme.zendesk.com/a': { bytes: BYTES },
		};
		const { download, asked } = clientOver(pages, 'https://proxy.example/zendesk');
		expect(await download('https://proxy.example/a')).toEqual(BYTES);
		expect(withToken(asked)).toEqual(['https://proxy.example/a']);
	});
});

describe('size', () => {
	test.each([
		['bytes above the limit', { bytes: BYTES }, 3, undefined],
		['bytes at the limit', { bytes: BYTES }, 4, BYTES],
		['announced above the limit', { bytes: BYTES, headers: { 'content-length': '5' } }, 4, undefined],
		['announced at the limit', { bytes: BYTES, headers: { 'content-length': '4' } }, 4, BYTES],
		['announced in an unreadable way', { bytes: BYTES, headers: { 'content-length': 'many' } }, 4, BYTES],
		['empty', { bytes: Buffer.alloc(0) }, 4, Buffer.alloc(0)],
	])('%s', async (_name, page, largest, expected) => {
		expect(await clientOver({ [FILE]: page }).download(FILE, largest)).toEqual(expected);
	});
});

describe('refusals', () => {
	const store = 'https://p14.zdusercontent.com/a';

	test.each([401, 403, 404, 410])('%i by the account, in its words', async (status) => {
		const { download } = clientOver({ [FILE]: { status, text: 'Not for you' } });
		await expect(download(FILE)).rejects.toMatchObject({ service: 'Zendesk', status, words: 'Not for you' });
	});

	test('401 by the file store says nothing about the credential', async () => {
		const { download } = clientOver({ [FILE]: to(store), [store]: { status: 401 } });
		expect(await download(FILE)).toBeUndefined();
	});

	test('403 by the file store', async () => {
		const { download } = clientOver({ [FILE]: to(store), [store]: { status: 403, text: '<Error>Expired</Error>' } });
		await expect(download(FILE)).rejects.toBeInstanceOf(ApiError);
	});

	test('passing trouble is waited out, and thrown when it doesn’t pass', async () => {
		const { download, asked } = clientOver({ [FILE]: { status: 502 } });
		await expect(download(FILE)).rejects.toMatchObject({ status: 502 });
		expect(asked).toHaveLength(5);
	});
});

test('files don’t count among the requests to the API, and what a file store says of limits is not Zendesk’s', async () => {
	const store = 'https://p14.zdusercontent.com/a';
	const headers = { 'ratelimit-limit': '700', 'ratelimit-remaining': '0', 'ratelimit-reset': '60' };
	const { download, time } = clientOver({ [FILE]: to(store), [store]: { bytes: BYTES, headers } });
	const start = time.now();
	for (let i = 0; i < 100; i++) await download(FILE);
	expect(time.now() - start).toBe(0);
});
