import { PRACTICE_READ_TOKENS } from '../../sandbox/zendesk/credentials';
import { TRIGGER, words } from '../support/n8n-harness';
import type { WorkflowJson } from '../support/n8n-harness';
import { closeAll, startActive, startPractice } from '../support/practice';
import type { Practice } from '../support/practice';

/** Wrong, expired and renewed logins. Tokens are fetched and renewed by n8n itself, against the servers' own token endpoints. */

afterEach(closeAll);

function change(practice: Practice, credential: string, values: Record<string, unknown>): void {
	const { credentials } = practice.n8n;
	credentials.set(credential, { ...credentials.get(credential), ...values } as never);
}

function byToken(json: WorkflowJson): void {
	for (const node of json.nodes)
		if (node.credentials && 'zendeskSyncTokenApi' in node.credentials) node.parameters.authentication = 'apiToken';
}

function tokenRequests(practice: Practice, path: string): number {
	return [...practice.zendesk.calls.all(), ...practice.orocrm.calls.all()].filter((call) => call.path === path).length;
}

describe('OroCRM', () => {
	test('the first request fetches a token, later ones and the next run use it', async () => {
		const practice = await startActive();
		practice.ticket();
		await practice.sync();
		practice.ticket();
		await practice.sync();
		expect(tokenRequests(practice, '/oauth2-token')).toBe(1);
		expect(practice.n8n.credentials.get('practice-orocrm')).toMatchObject({
			oauthTokenData: { access_token: expect.any(String) },
		});
	});

	test('a wrong secret: the run fails and says so, nothing is a failed item, and after the correction the ticket arrives', async () => {
		const practice = await startPractice();
		change(practice, 'practice-orocrm', { clientSecret: 'mistyped' });
		await practice.n8n.activate();
		const ticket = practice.ticket();
		const [run] = await practice.n8n.look();
		expect(run.status).toBe('error');
		expect(words(run)).toMatch(/client authentication failed|access token/i);
		expect(practice.n8n.failedItems()).toEqual([]);
		expect(practice.count('cases')).toBe(0);
		change(practice, 'practice-orocrm', { clientSecret: 'practice-administrator-secret' });
		await practice.sync(20 * 60_000);
		expect(practice.expectOneCaseEach([ticket])).toBe(1);
	});

	test('a token that expires in mid-run is renewed, and every ticket has one case', async () => {
		const practice = await startActive();
		const tickets = Array.from({ length: 12 }, (_, index) => practice.ticket({ subject: `Order ${index}` }));
		let writes = 0;
		practice.orocrm.store.onCommit((changes) => {
			if (changes.some((one) => one.type === 'cases') && ++writes === 5) practice.orocrm.oauth.revokeAll();
		});
		await practice.sync();
		expect(writes).toBe(12);
		expect(practice.expectOneCaseEach(tickets)).toBe(12);
		expect(practice.count('casecomments')).toBe(12);
		expect(tokenRequests(practice, '/oauth2-token')).toBeGreaterThanOrEqual(2);
		expect(practice.n8n.failedItems()).toEqual([]);
	});

	test('the Web API switched off: the run fails and names the switch', async () => {
		const practice = await startActive();
		const ticket = practice.ticket();
		practice.orocrm.settings.webApi = false;
		const [run] = await practice.n8n.look();
		expect(run.status).toBe('error');
		expect(words(run)).toMatch(/OroCRM: .*System > Configuration > General Setup > Application Settings > Web API/);
		expect(words(run)).not.toContain('..');
		expect(practice.n8n.failedItems()).toEqual([]);
		practice.orocrm.settings.webApi = true;
		await practice.sync(20 * 60_000);
		expect(practice.expectOneCaseEach([ticket])).toBe(1);
	});

	test('a wrong API path: the run fails and names the setting', async () => {
		const practice = await startPractice();
		change(practice, 'practice-orocrm', { apiPath: '/admin/api' });
		await practice.n8n.activate();
		practice.ticket();
		const [run] = await practice.n8n.look();
		expect(run.status).toBe('error');
		expect(words(run)).toMatch(/API path \(\/api, or \/admin\/api with OroCommerce\)/);
	});

	test('an address that is none: the run fails and names the field', async () => {
		const practice = await startPractice();
		change(practice, 'practice-orocrm', { url: 'crm example' });
		await practice.n8n.activate();
		practice.ticket();
		const [run] = await practice.n8n.look();
		expect(words(run)).toContain('The URL of the OroCRM credential, "crm example", is not an address');
	});
});

describe('Zendesk', () => {
	test('an expired token is renewed; Zendesk rotates the refresh token, and the new pair is kept and works again', async () => {
		const practice = await startActive();
		const first = practice.ticket();
		practice.zendesk.tokens.expireAccessTokens();
		await practice.sync();
		const kept = practice.n8n.credentials.get('practice-zendesk')?.oauthTokenData as unknown as Record<string, string>;
		expect(kept.access_token).not.toBe(PRACTICE_READ_TOKENS.accessToken);
		expect(kept.refresh_token).not.toBe(PRACTICE_READ_TOKENS.refreshToken);
		expect(practice.zendesk.tokens.findRefresh(PRACTICE_READ_TOKENS.refreshToken)).toBeUndefined();

		practice.zendesk.tokens.expireAccessTokens();
		const second = practice.ticket();
		await practice.sync();
		expect(tokenRequests(practice, '/oauth/tokens')).toBe(2);
		expect(practice.expectOneCaseEach([first, second])).toBe(2);
		expect(practice.n8n.reports).toEqual([]);
	});

	test('a token that expires while comments are read, several at once: one renewal, nothing lost', async () => {
		const practice = await startActive();
		const tickets = Array.from({ length: 12 }, (_, index) => practice.ticket({ subject: `Order ${index}` }));
		practice.zendesk.faults.add({ path: '/incremental/', times: 1, effect: { kind: 'latency', milliseconds: 1 } });
		practice.orocrm.faults.add({ path: '/zendesktickets', times: 1, effect: { kind: 'latency', milliseconds: 300 } });
		practice.n8n.tick();
		while (practice.counts().exports === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		practice.zendesk.tokens.expireAccessTokens();
		await practice.n8n.idle();
		expect(tokenRequests(practice, '/oauth/tokens')).toBe(1);
		expect(practice.expectOneCaseEach(tickets)).toBe(12);
		expect(practice.count('casecomments')).toBe(12);
	});

	test('access withdrawn: the trigger says once what to do, and goes on by itself after a new connection', async () => {
		const practice = await startActive();
		const ticket = practice.ticket();
		for (const token of practice.zendesk.tokens.data()) practice.zendesk.tokens.end(token);
		for (let look = 0; look < 3; look++) expect(await practice.n8n.look(20 * 60_000)).toHaveLength(0);
		expect(practice.n8n.reports).toHaveLength(1);
		expect(practice.n8n.reports[0].message).toMatch(/needs to be reconnected/);
		const pair = practice.zendesk.tokens.issue(practice.zendesk.store.account.api_user_id, 'read');
		change(practice, 'practice-zendesk', {
			oauthTokenData: { access_token: pair.accessToken, refresh_token: pair.refreshToken, token_type: 'bearer' },
		});
		await practice.sync(20 * 60_000);
		expect(practice.expectOneCaseEach([ticket])).toBe(1);
	});

	test('the legacy API token works, and a wrong one is told at activation', async () => {
		const practice = await startPractice({ edit: byToken });
		await practice.n8n.activate();
		const ticket = practice.ticket();
		await practice.sync();
		expect(practice.expectOneCaseEach([ticket])).toBe(1);

		const wrong = await startPractice({ edit: byToken });
		change(wrong, 'practice-zendesk-token', { apiToken: 'mistyped' });
		await expect(wrong.n8n.activate()).rejects.toMatchObject({
			message: 'Zendesk does not know the login of the credential',
			description: expect.stringContaining('connect it again'),
		});
	});

	test('activation refuses an anonymous OAuth login in clear words', async () => {
		const practice = await startPractice();
		change(practice, 'practice-zendesk', {
			oauthTokenData: { access_token: 'never issued', refresh_token: 'neither', token_type: 'bearer' },
		});
		await expect(practice.n8n.activate()).rejects.toMatchObject({
			message: expect.stringMatching(/needs to be reconnected|does not know the login/),
		});
	});

	test('activation refuses an agent: only admins may read the export', async () => {
		const practice = await startPractice();
		const agent = practice.agent('Anna Keller');
		const { accessToken, refreshToken } = practice.zendesk.tokens.issue(agent.id, 'read');
		change(practice, 'practice-zendesk', {
			oauthTokenData: { access_token: accessToken, refresh_token: refreshToken, token_type: 'bearer' },
		});
		await expect(practice.n8n.activate()).rejects.toMatchObject({
			message: 'Anna Keller is no admin in Zendesk',
			description: expect.stringContaining('connect the credential as an admin'),
		});
	});

	test('a subdomain that is none is told at activation, and no request goes anywhere', async () => {
		const practice = await startPractice();
		change(practice, 'practice-zendesk', { customHost: false, subdomain: 'evil.example.com/acme' });
		await expect(practice.n8n.activate()).rejects.toThrow(/subdomain/i);
		expect(practice.zendesk.calls.count()).toBe(0);
	});

	test('a restart while Zendesk is down is no failure: the trigger goes on when it is back', async () => {
		const practice = await startActive();
		practice.zendesk.faults.add({
			effect: { kind: 'answer', status: 503, body: '<html><title>Maintenance</title></html>' },
		});
		const ticket = practice.ticket();
		await practice.n8n.restart();
		expect(await practice.n8n.look()).toHaveLength(0);
		expect(practice.n8n.reports[0]).toMatchObject({
			message: 'Zendesk: Maintenance',
			description: expect.stringContaining('goes on by itself'),
		});
		practice.zendesk.faults.clear();
		await practice.sync(20 * 60_000);
		expect(practice.expectOneCaseEach([ticket])).toBe(1);
	});

	test(`the node "${TRIGGER}" has no parameter that could send a token elsewhere`, async () => {
		const practice = await startPractice();
		change(practice, 'practice-zendesk', { customHost: true, url: 'https://user@evil.example.com' });
		await expect(practice.n8n.activate()).rejects.toThrow(/address/i);
	});
});
