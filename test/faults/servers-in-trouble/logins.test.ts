import { PRACTICE_READ_WRITE_TOKENS } from '../../../sandbox/zendesk/credentials';
import type { FaultEffect } from '../../../sandbox/common/faults';
import { closeAll } from '../../support/practice';
import type { Practice } from '../../support/practice';
import { contentsOf } from '../support/both-sides';
import { busyDesk, lookOnce, MUCH_LATER, settle, undisturbed } from './desk';
import type { Undisturbed } from './desk';

/** Tokens that expire, are withdrawn, and are renewed by two executions at once; and token endpoints that are in trouble themselves. */

let quiet: Undisturbed;
beforeAll(async () => {
	quiet = await undisturbed('two-way');
	await closeAll();
});
afterEach(closeAll);

const ZENDESK = 'practice-zendesk';
const OROCRM = 'practice-orocrm';
const answer = (status: number, body: string): FaultEffect => ({ kind: 'answer', status, headers: { 'content-type': 'application/json' }, body });
const page: FaultEffect = { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<html><title>Sign in</title></html>' };

function change(practice: Practice, credential: string, values: Record<string, unknown>): void {
	const { credentials } = practice.n8n;
	credentials.set(credential, { ...credentials.get(credential), ...values } as never);
}

/** Requests for tokens since the counts were reset. */
const tokenRequests = ({ zendesk, orocrm }: Practice) => [...zendesk.calls.all(), ...orocrm.calls.all()].filter(({ path }) => path.startsWith('/oauth')).length;

/** Another n8n process renews Zendesk's token, and stores it; the refresh token that is in use here is worth nothing from then on. */
function renewedElsewhere(practice: Practice): void {
	const { zendesk, n8n } = practice;
	const stored = n8n.credentials.get(ZENDESK)?.oauthTokenData as unknown as { access_token: string; refresh_token: string };
	const old = zendesk.tokens.findRefresh(stored.refresh_token);
	if (old) zendesk.tokens.end(old);
	const fresh = zendesk.tokens.issue(zendesk.store.account.api_user_id, 'read write');
	change(practice, ZENDESK, { oauthTokenData: { ...stored, access_token: fresh.accessToken, refresh_token: fresh.refreshToken } });
}

async function expectAllWell(practice: Practice): Promise<void> {
	await settle(practice);
	expect(contentsOf(practice)).toEqual(quiet.contents);
	expect(practice.n8n.failedItems()).toEqual([]);
	practice.expectNobodyTwice();
}

const PLACES = [
	{ name: 'the export is read', request: { method: 'GET', path: '/incremental/tickets/cursor' } },
	{ name: 'a ticket is changed', request: { method: 'PUT', path: '/tickets/' } },
	{ name: 'a case is published', request: { method: 'POST', path: '/tickets\\.json' } },
	{ name: 'a requester is made', request: { method: 'POST', path: '/users\\.json' } },
];

describe.each(PLACES)('Zendesk’s token expires when $name', ({ request }) => {
	const expires: FaultEffect = answer(401, '{"error":"invalid_token","error_description":"The access token provided is expired, revoked, malformed or invalid for other reasons."}');

	test('it is renewed once, and the run goes on', async () => {
		const practice = await busyDesk('two-way');
		practice.zendesk.faults.add({ ...request, times: 1, effect: { kind: 'meanwhile', when: 'before', work: () => practice.zendesk.tokens.expireAccessTokens() } });
		const told = await lookOnce(practice);
		expect(told.messages).toEqual([]);
		expect(tokenRequests(practice)).toBe(1);
		await expectAllWell(practice);
	});

	test('another process renews it at the same moment and was faster: its token is used, and nobody notices', async () => {
		const practice = await busyDesk('two-way');
		practice.zendesk.faults.add({ ...request, times: 1, effect: expires });
		// Our refresh token is taken before our renewal arrives.
		practice.zendesk.faults.add({ path: '/oauth/tokens', times: 1, effect: { kind: 'meanwhile', when: 'before', work: () => renewedElsewhere(practice) } });
		const told = await lookOnce(practice);
		expect(told.messages).toEqual([]);
		expect(told.runs.map(({ status }) => status)).toEqual(quiet.runs.map(({ status }) => status));
		expect(tokenRequests(practice)).toBe(1);
		// Ours was refused; the other one's is waited for once.
		expect(told.pauses.filter((pause) => pause === 2_000).length).toBeGreaterThan(quiet.pauses.filter((pause) => pause === 2_000).length);
		await expectAllWell(practice);
	});

	test('access was withdrawn: people are told which credential to connect, no storm, and a new connection is all that it takes', async () => {
		const practice = await busyDesk('two-way');
		practice.zendesk.faults.add({ ...request, times: 1, effect: { kind: 'meanwhile', when: 'before', work: () => practice.zendesk.tokens.data().forEach((token) => practice.zendesk.tokens.end(token)) } });
		const told = [...(await lookOnce(practice)).messages];
		for (let look = 0; look < 30; look++) told.push(...(await lookOnce(practice, 60_000)).messages);
		expect(practice.n8n.failedItems()).toEqual([]);
		expect(told.length).toBeGreaterThan(0);
		for (const message of told) expect(message).toMatch(/Zendesk: The credential "Zendesk" needs to be reconnected\..*Open the credential "Zendesk" in n8n and connect it again/);
		// Two each time; the pauses between the times grow to a quarter of an hour. Both triggers come to Zendesk.
		expect(tokenRequests(practice)).toBeLessThanOrEqual(50);
		renewedElsewhere(practice);
		await practice.n8n.look(MUCH_LATER);
		await expectAllWell(practice);
	});
});

test('both triggers find Zendesk’s token expired at the same moment: one renewal', async () => {
	const practice = await busyDesk('two-way');
	practice.zendesk.tokens.expireAccessTokens();
	const told = await lookOnce(practice);
	expect(told.messages).toEqual([]);
	expect(tokenRequests(practice)).toBe(1);
	expect((practice.n8n.credentials.get(ZENDESK)?.oauthTokenData as unknown as { refresh_token: string }).refresh_token).not.toBe(PRACTICE_READ_WRITE_TOKENS.refreshToken);
	await expectAllWell(practice);
});

describe('OroCRM', () => {
	test.each(['GET', 'POST', 'PATCH'])('its token is revoked at a %s: another one is fetched, and the run goes on', async (method) => {
		const practice = await busyDesk('two-way');
		practice.orocrm.faults.add({ method, path: '/api/', times: 1, effect: { kind: 'meanwhile', when: 'before', work: () => practice.orocrm.oauth.revokeAll() } });
		const told = await lookOnce(practice);
		expect(told.messages).toEqual([]);
		expect(tokenRequests(practice)).toBeGreaterThanOrEqual(1);
		expect(tokenRequests(practice)).toBeLessThanOrEqual(2);
		await expectAllWell(practice);
	});

	test('the secret was changed while the token ran out: people are told what to check, and the right secret is all that it takes', async () => {
		const practice = await busyDesk('two-way');
		change(practice, OROCRM, { clientSecret: 'the old one' });
		practice.orocrm.oauth.revokeAll();
		const told: string[] = [];
		for (let look = 0; look < 30; look++) told.push(...(await lookOnce(practice, 60_000)).messages);
		expect(practice.n8n.failedItems()).toEqual([]);
		expect(told.length).toBeGreaterThan(0);
		for (const message of told) expect(message).toMatch(/OroCRM: Client authentication failed.*Open the credential "OroCRM" in n8n and check the URL, the client ID and the client secret/);
		expect(tokenRequests(practice)).toBeLessThanOrEqual(30);
		change(practice, OROCRM, { clientSecret: 'practice-administrator-secret' });
		await practice.n8n.look(MUCH_LATER);
		await expectAllWell(practice);
	});
});

describe.each([
	{ name: 'Zendesk’s', server: 'zendesk', expire: (practice: Practice) => practice.zendesk.tokens.expireAccessTokens() },
	{ name: 'OroCRM’s', server: 'orocrm', expire: (practice: Practice) => practice.orocrm.oauth.revokeAll() },
	{ name: 'When there is no token yet, OroCRM’s', server: 'orocrm', expire: (practice: Practice) => change(practice, OROCRM, { oauthTokenData: undefined }) },
] as const)('$name token endpoint', ({ server, expire }) => {
	const TROUBLES: Array<[string, FaultEffect]> = [
		['429', answer(429, '')],
		['503', answer(503, '')],
		['a connection that is cut', { kind: 'cut-before' }],
		['a login page', page],
	];

	test.each(TROUBLES)('has %s once: the request is sent again, and the run goes on', async (_name, effect) => {
		const practice = await busyDesk('two-way');
		expire(practice);
		practice[server].faults.add({ path: '/oauth', times: 1, effect });
		const told = await lookOnce(practice);
		expect(told.messages).toEqual([]);
		expect(tokenRequests(practice)).toBeLessThanOrEqual(3);
		await expectAllWell(practice);
	});

	test.each(TROUBLES)('has %s for half an hour: no item is to blame, no storm, and all is well after', async (_name, effect) => {
		const practice = await busyDesk('two-way');
		expire(practice);
		practice[server].faults.add({ path: '/oauth', effect });
		const told: string[] = [];
		for (let look = 0; look < 30; look++) told.push(...(await lookOnce(practice, 60_000)).messages);
		expect(practice.n8n.failedItems()).toEqual([]);
		expect(told.length).toBeGreaterThan(0);
		for (const message of told) expect(message).toMatch(/(Check that|goes on by itself|tries again by itself|asked to slow down)/);
		expect(tokenRequests(practice)).toBeLessThanOrEqual(120);
		practice[server].faults.clear();
		await practice.n8n.look(MUCH_LATER);
		await expectAllWell(practice);
	});
});
