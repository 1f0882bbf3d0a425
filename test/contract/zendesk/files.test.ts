import { closeAll, start, type Practice } from './practice';

/** Uploads, the comments that take them, and downloads (§7, §14). */

afterEach(closeAll);

async function upload(practice: Practice, name: string, content: Buffer, type = 'text/plain', token?: string) {
	const query = new URLSearchParams({ filename: name, ...(token ? { token } : {}) });
	const reply = await practice.send('POST', `/api/v2/uploads.json?${query}`, content, { 'content-type': type });
	expect(reply.status).toBe(201);
	return reply.body.upload;
}

const download = (practice: Practice, address: string, headers: Record<string, string> = {}) =>
	fetch(address.replace('https://example.zendesk.com', practice.url), { headers, redirect: 'manual' });

const PICTURE = Buffer.from('89504e470d0a1a0a0001fffe', 'hex');

test('a comment takes its uploads, several of one token too, and uses them up', async () => {
	const practice = await start();
	const first = await upload(practice, 'a b ü.txt', Buffer.from('hello'));
	await upload(practice, 'c.png', PICTURE, 'image/png', first.token);
	const other = await upload(practice, 'd.txt', Buffer.from('x'));
	const comment = { body: 'with files', public: false, uploads: [first.token, other.token] };
	const made = await practice.send('POST', '/api/v2/tickets.json', { ticket: { subject: 's', comment } });
	expect(made.status).toBe(201);
	const [event] = made.body.audit.events;
	expect(event.attachments.map(({ file_name, size, content_type }: any) => [file_name, size, content_type])).toEqual([
		['a b ü.txt', 5, 'text/plain'],
		['c.png', PICTURE.length, 'image/png'],
		['d.txt', 1, 'text/plain'],
	]);
	const { id } = made.body.ticket;
	const again = await practice.send('PUT', `/api/v2/tickets/${id}.json`, {
		ticket: { comment: { body: 'again', uploads: [first.token] } },
	});
	expect(again.body.audit.events[0].attachments).toEqual([]);
	const { body } = await practice.get(`/api/v2/tickets/${id}/comments.json`);
	expect(body.comments.map(({ attachments }: any) => attachments.length)).toEqual([3, 0]);
});

test('what was uploaded comes back byte for byte, with its type', async () => {
	const practice = await start();
	const { attachment } = await upload(practice, 'c.png', PICTURE, 'image/png');
	const reply = await download(practice, attachment.content_url);
	expect(reply.status).toBe(200);
	expect(reply.headers.get('content-type')).toBe('image/png');
	expect(Buffer.from(await reply.arrayBuffer()).equals(PICTURE)).toBe(true);
	expect(practice.fileRequests).toEqual([{ host: 'account', file_name: 'c.png', authorized: false }]);
	expect((await download(practice, `${practice.url}/attachments/token/nothing/`)).status).toBe(404);
});

test('a file store on another host: a redirect, and credentials are refused there', async () => {
	const practice = await start(undefined, { fileStore: true });
	const { attachment } = await upload(practice, 'c.png', PICTURE, 'image/png');
	const authorization = 'Bearer practice-zendesk-access-read';
	const away = await download(practice, attachment.content_url, { authorization });
	expect(away.status).toBe(302);
	const target = away.headers.get('location')!;
	expect(new URL(target).hostname).not.toBe(new URL(practice.url).hostname);
	const given = await fetch(target);
	expect(given.headers.get('content-type')).toBe('image/png');
	expect(Buffer.from(await given.arrayBuffer()).equals(PICTURE)).toBe(true);
	expect((await fetch(target, { headers: { authorization } })).status).toBe(403);
	expect(practice.fileRequests.map(({ host, authorized }) => [host, authorized])).toEqual([
		['account', true],
		['file store', false],
		['file store', true],
	]);
});

test('faults hit downloads too, and downloads are no API calls', async () => {
	const practice = await start();
	const { attachment } = await upload(practice, 'c.png', PICTURE, 'image/png');
	practice.calls.reset();
	practice.faults.add({ path: '/attachments/', effect: { kind: 'answer', status: 503 }, times: 1 });
	expect((await download(practice, attachment.content_url)).status).toBe(503);
	expect((await download(practice, attachment.content_url)).status).toBe(200);
	expect(practice.calls.count()).toBe(0);
});

test('an upload without a type is refused, an upload that nobody took is gone after three days', async () => {
	const practice = await start();
	const bare = await fetch(`${practice.url}/api/v2/uploads.json?filename=a.txt`, {
		method: 'POST',
		headers: { authorization: 'Bearer practice-zendesk-access-read-write' },
		body: Buffer.from('hello'),
	});
	expect(bare.status).toBe(422);
	expect(((await bare.json()) as any).details.content_type[0].error).toBe('BlankValue');
	const { token } = await upload(practice, 'a.txt', Buffer.from('hello'));
	practice.clock.advance(3 * 86_400_000 + 1000);
	expect((await practice.send('DELETE', `/api/v2/uploads/${token}`)).status).toBe(404);
});

test('a token that may only read uploads nothing', async () => {
	const practice = await start();
	const reply = await practice.send('POST', '/api/v2/uploads.json?filename=a.txt', 'hello', {
		authorization: 'Bearer practice-zendesk-access-read',
		'content-type': 'text/plain',
	});
	expect([reply.status, reply.body.description]).toEqual([403, 'You are missing the following required scopes: write']);
	expect(practice.store.uploads.size).toBe(0);
});
