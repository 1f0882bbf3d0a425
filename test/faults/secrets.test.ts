import '../support/virtual-time';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { formLogin } from '../../sandbox/launcher/practice-credentials';
import type { FaultEffect } from '../../sandbox/common/faults';
import { RESOLVE } from '../support/n8n-harness';
import { closeAll, setParameters, startActive } from '../support/practice';
import type { Practice } from '../support/practice';
import type { WorkflowJson } from '../support/n8n-harness';

/** What a run leaves behind, good or bad: items, errors, what is logged, the position that is kept, the table of failed items. No secret is in any of it. */

afterEach(async () => {
	jest.restoreAllMocks();
	await closeAll();
});

const NAMES = ['clientSecret', 'apiToken', 'password', 'access_token', 'refresh_token', 'accessToken', 'refreshToken'];

/** What a person entered as a secret, and every token that n8n fetched with it; but for the form's login, a word that stands everywhere, which only n8n's own form node asks for. */
function secretsOf({ n8n }: Practice): string[] {
	const found: string[] = [];
	const look = (value: unknown, name: string): void => {
		if (value && typeof value === 'object') for (const [key, inner] of Object.entries(value)) look(inner, key);
		else if (typeof value === 'string' && value.length > formLogin.password.length && NAMES.includes(name)) found.push(value);
	};
	for (const credential of n8n.credentials.values()) look(credential, '');
	return [...new Set(found)];
}

function written(): string[] {
	const lines: string[] = [];
	for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) jest.spyOn(console, name).mockImplementation((...args: unknown[]) => void lines.push(args.map((arg) => inspect(arg, { depth: 8 })).join(' ')));
	return lines;
}

/** The forms in which a secret stands in a text: as it is, in JSON, in an address, in hex, and in base64 whatever stands before and behind it. */
function tracesOf(secret: string, text: string): string[] {
	const bytes = Buffer.from(secret);
	const inBase64 = [0, 1, 2].map((before) => {
		const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').replace(/=+$/, '');
		// The first and the last sign also hold bits of the neighbours.
		return whole.slice(Math.ceil((before * 8) / 6), -1);
	});
	const forms = { plain: secret, json: JSON.stringify(secret).slice(1, -1), address: encodeURIComponent(secret), hex: bytes.toString('hex'), ...Object.fromEntries(inBase64.map((form, offset) => [`base64 at ${offset}`, form])) };
	const lower = text.toLowerCase();
	const asBase64 = text.replace(/-/g, '+').replace(/_/g, '/');
	return Object.entries(forms).flatMap(([name, form]) => ((name === 'hex' ? lower : name.startsWith('base64') ? asBase64 : text).includes(form) ? [`${secret} as ${name}`] : []));
}

const JSON_TYPE = { 'content-type': 'application/json' };
const TROUBLE: Record<string, FaultEffect[]> = {
	nothing: [],
	'both say that the login is not valid': [{ kind: 'answer', status: 401, headers: JSON_TYPE, body: '{"error":"invalid_token"}' }],
	'a page of HTML comes': [{ kind: 'answer', status: 500, headers: { 'content-type': 'text/html' }, body: '<html><title>Oops</title></html>' }],
	'an answer is cut off': [{ kind: 'cut-in-body' }],
	'the connection is cut': [{ kind: 'cut-before' }],
	'a record is refused': [{ kind: 'answer', status: 400, headers: JSON_TYPE, body: '{"errors":[{"status":"400","title":"range constraint","detail":"no"}]}' }],
	'elsewhere is pointed to': [{ kind: 'answer', status: 302, headers: { location: 'http://127.0.0.1:9/elsewhere' }, body: '' }],
};

const byToken = (json: WorkflowJson) => {
	for (const node of json.nodes) if (node.credentials && 'zendeskSyncTokenApi' in node.credentials) node.parameters.authentication = 'apiToken';
};

test.each(Object.keys(TROUBLE).flatMap((trouble) => [[trouble, 'OAuth'] as const, [trouble, 'an API token'] as const]))('%s, login by %s', async (trouble, login) => {
	const lines = written();
	const practice = await startActive({ template: 'two-way', twoWay: { cases: { publish: 'all' } }, ...(login === 'OAuth' ? {} : { edit: byToken }) });
	const { n8n, zendesk, orocrm } = practice;
	const now = orocrm.store.now();
	practice.ticket();
	orocrm.store.insert('cases', { subject: 'Made in OroCRM', description: 'x', source: 'other', status: 'open', priority: 'normal', owner: 1, organization: 1, createdAt: now, reportedAt: now });
	const [effect] = TROUBLE[trouble];
	if (effect) for (const { faults } of [zendesk, orocrm]) faults.add({ path: '^/api', skip: 2, times: 12, effect });
	const runs = [...(await n8n.look()), ...(await n8n.look())];
	for (const { faults } of [zendesk, orocrm]) faults.clear();
	runs.push(...(await n8n.look()));

	const secrets = secretsOf(practice);
	expect(secrets.length).toBeGreaterThanOrEqual(4);
	const behind = [inspect(runs, { depth: 30, maxArrayLength: null, maxStringLength: null }), JSON.stringify(runs), JSON.stringify(n8n.failedItems()), JSON.stringify(n8n.savedPosition() ?? null), ...n8n.reports.map((error) => inspect(error, { depth: 10 })), ...lines].join('\n');
	// The search would find one: what is there of a run holds the addresses that were asked.
	expect(runs.length).toBeGreaterThan(1);
	expect(behind).toContain('Made in OroCRM');
	expect(secrets.flatMap((secret) => tracesOf(secret, behind))).toEqual([]);
});

test('a secret is found in whatever form it is left', () => {
	const secret = 'S3cr&t/+?"ü-of a client';
	const left = [`x${secret}y`, JSON.stringify({ secret }), encodeURIComponent(secret), Buffer.from(secret).toString('hex').toUpperCase()];
	for (const before of ['', 'a', 'ab', 'me@acme.example/token:']) for (const form of ['base64', 'base64url'] as const) left.push(`Basic ${Buffer.from(before + secret + before).toString(form)}`);
	expect(left.filter((text) => tracesOf(secret, text).length === 0)).toEqual([]);
	expect(tracesOf(secret, 'S3cr, of a client')).toEqual([]);
});

test('an answer that points to another host is not followed there, by neither client; a file that lies elsewhere is fetched without the token', async () => {
	const seen: Array<{ url?: string; authorization?: string }> = [];
	const elsewhere = createServer((request, response) => {
		seen.push({ url: request.url, authorization: request.headers.authorization });
		response.writeHead(200, { 'content-type': 'text/plain' }).end('file');
	});
	await new Promise<void>((resolve) => void elsewhere.listen(0, '127.0.0.1', resolve));
	const location = `http://localhost:${(elsewhere.address() as AddressInfo).port}`;
	try {
		const practice = await startActive({ template: 'two-way', twoWay: { cases: { publish: 'all' } } });
		const { n8n, zendesk, orocrm } = practice;
		const ticket = practice.ticket();
		const file = zendesk.store.addAttachment({ file_name: 'a.txt', content_type: 'text/plain', content: Buffer.from('kept') });
		zendesk.store.addComment(ticket.id, { body: 'See the file', public: true, attachment_ids: [file.id] } as never);
		const redirect = (to: string): FaultEffect => ({ kind: 'answer', status: 302, headers: { location: `${location}${to}` }, body: '' });
		zendesk.faults.add({ path: '^/api', effect: redirect('/zendesk') });
		await n8n.look();
		zendesk.faults.clear();
		orocrm.faults.add({ path: '^/api', effect: redirect('/orocrm') });
		await n8n.look(20 * 60_000);
		orocrm.faults.clear();
		expect(seen).toEqual([]);
		zendesk.faults.add({ path: '/attachments/', effect: redirect('/file') });
		await n8n.look(20 * 60_000);
		await n8n.look(20 * 60_000);
		expect(seen.map(({ url, authorization }) => [url, authorization])).toEqual([['/file', undefined]]);
		expect(practice.caseOf(ticket).subject).toBe(ticket.subject);
	} finally {
		await new Promise((resolve) => elsewhere.close(resolve));
	}
});

test('text of tickets is never an expression, nor markup: what is written in it is what comes out', async () => {
	const practice = await startActive({ template: 'two-way', edit: (json) => setParameters(json, RESOLVE, {}) });
	const text = '={{ $env.HOME }} {{ 6 * 7 }} ${6 * 7} <script>alert(1)</script> \\u0022}],"included":[] %0d%0aX-Injected: 1';
	const ticket = practice.ticket({ subject: `${text}\r\nX-Injected: 1`, description: text });
	await practice.sync();
	const oroCase = practice.caseOf(ticket);
	expect(oroCase.subject).toContain('={{ $env.HOME }} {{ 6 * 7 }} ${6 * 7} <script>alert(1)</script>');
	const [comment] = practice.orocrm.store.all('casecomments');
	expect(comment.message).toBe(text);
	expect(practice.orocrm.calls.all().flatMap((call) => Object.keys((call as { headers?: object }).headers ?? {}))).not.toContain('x-injected');
});
