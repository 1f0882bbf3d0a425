import { createHash } from 'node:crypto';
import {
	PRACTICE_API_EMAIL,
	PRACTICE_API_TOKEN,
	PRACTICE_OAUTH_CLIENT_ID,
	PRACTICE_OAUTH_CLIENT_SECRET,
	PRACTICE_READ_TOKENS,
	PRACTICE_READ_WRITE_TOKENS,
} from '../../../sandbox/zendesk/credentials';
import { closeAll, start, type Practice } from './practice';

/** Authentication, scopes, OAuth (§1, §15) and rate limits (§16). */

afterEach(closeAll);

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const CLIENT = { client_id: PRACTICE_OAUTH_CLIENT_ID, client_secret: PRACTICE_OAUTH_CLIENT_SECRET };
const REDIRECT = 'http://localhost:5678/rest/oauth2-credential/callback';
const token = (practice: Practice, body: object) => practice.send('POST', '/oauth/tokens', body, { authorization: '' });

describe('authentication', () => {
	test('API token of an agent; anything else is nobody', async () => {
		const practice = await start();
		expect(
			(await practice.get('/api/v2/tickets.json', {}, basic(`${PRACTICE_API_EMAIL}/token:${PRACTICE_API_TOKEN}`)))
				.status,
		).toBe(200);
		for (const text of [
			`${PRACTICE_API_EMAIL}/token:wrong`,
			`${PRACTICE_API_EMAIL}:${PRACTICE_API_TOKEN}`,
			`nobody@example.com/token:${PRACTICE_API_TOKEN}`,
		]) {
			const reply = await practice.get('/api/v2/tickets.json', {}, basic(text));
			expect(reply.status).toBe(401);
			expect(reply.text).toBe(`{"error":"Couldn't authenticate you"}`);
			expect(reply.text).toHaveLength(37);
		}
	});

	test('an unknown or expired access token', async () => {
		const practice = await start(undefined, { accessTokenSeconds: 600 });
		expect((await practice.get('/api/v2/tickets.json', {}, bearer(PRACTICE_READ_TOKENS.accessToken))).status).toBe(200);
		practice.clock.advance(600_000);
		const reply = await practice.get('/api/v2/tickets.json', {}, bearer(PRACTICE_READ_TOKENS.accessToken));
		expect(reply.status).toBe(401);
		expect(reply.body).toEqual({
			error: 'invalid_token',
			error_description: 'The access token provided is expired, revoked, malformed or invalid for other reasons.',
		});
		expect(reply.headers['www-authenticate']).toMatch(
			/^Bearer realm="Zendesk::OAuth Bearer Token Authentication", error="invalid_token"/,
		);
	});

	test('scopes: read reads, write writes', async () => {
		const practice = await start();
		const ticket = { ticket: { comment: { body: 'a' } } };
		const refused = await practice.send(
			'POST',
			'/api/v2/tickets.json',
			ticket,
			bearer(PRACTICE_READ_TOKENS.accessToken),
		);
		expect(refused.status).toBe(403);
		expect(refused.body).toEqual({
			error: 'Forbidden',
			description: 'You are missing the following required scopes: write',
		});
		const update = await practice.send(
			'PUT',
			'/api/v2/tickets/4711.json',
			ticket,
			bearer(PRACTICE_READ_TOKENS.accessToken),
		);
		expect(update.body).toEqual(refused.body);
		expect(
			(await practice.send('POST', '/api/v2/tickets.json', ticket, bearer(PRACTICE_READ_WRITE_TOKENS.accessToken)))
				.status,
		).toBe(201);
		const { accessToken } = practice.tokens.issue(practice.store.account.api_user_id, 'tickets:read');
		expect((await practice.get('/api/v2/tickets.json', {}, bearer(accessToken))).status).toBe(200);
		expect(
			(await practice.get('/api/v2/incremental/tickets.json', { start_time: '0' }, bearer(accessToken))).status,
		).toBe(200);
		expect((await practice.get('/api/v2/users.json', {}, bearer(accessToken))).body.description).toBe(
			'You are missing the following required scopes: read',
		);
	});

	test('unknown paths are RecordNotFound', async () => {
		const reply = await (await start()).get('/api/v2/nothing/here.json');
		expect([reply.status, reply.body]).toEqual([404, { error: 'RecordNotFound', description: 'Not found' }]);
	});

	test('a body that is no JSON is refused', async () => {
		const reply = await (await start()).send('POST', '/api/v2/tickets.json', '{"ticket":');
		expect(reply.status).toBe(422);
	});
});

describe('OAuth', () => {
	const ask = {
		response_type: 'code',
		client_id: PRACTICE_OAUTH_CLIENT_ID,
		redirect_uri: REDIRECT,
		scope: 'read',
		state: 'abc',
	};
	const decide = async (practice: Practice, fields: Record<string, string>) => {
		const reply = await practice.send('POST', '/oauth/authorizations', new URLSearchParams(fields).toString(), {
			'content-type': 'application/x-www-form-urlencoded',
		});
		return { reply, target: reply.headers.location ? new URL(reply.headers.location) : undefined };
	};

	test('the page asks; Allow gives a code that works once', async () => {
		const practice = await start();
		const shown = await practice.get('/oauth/authorizations/new', ask);
		expect(shown.status).toBe(200);
		expect(shown.text).toContain('Allow');
		const { reply, target } = await decide(practice, { ...ask, decision: 'allow' });
		expect(reply.status).toBe(302);
		expect(target!.searchParams.get('state')).toBe('abc');
		const code = target!.searchParams.get('code')!;
		const body = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, ...CLIENT, scope: 'read' };
		const given = await token(practice, body);
		expect(given.body).toMatchObject({ token_type: 'bearer', scope: 'read' });
		expect((await practice.get('/api/v2/users/me.json', {}, bearer(given.body.access_token))).body.user.email).toBe(
			PRACTICE_API_EMAIL,
		);
		expect((await token(practice, body)).body.error).toBe('invalid_grant');
	});

	test('Deny goes back with the reason; a foreign address never gets anything', async () => {
		const practice = await start();
		const { target } = await decide(practice, { ...ask, decision: 'deny' });
		expect(target!.searchParams.get('error')).toBe('access_denied');
		const { reply } = await decide(practice, { ...ask, decision: 'allow', redirect_uri: 'https://example.org/' });
		expect([reply.status, reply.headers.location]).toEqual([400, undefined]);
	});

	test('a code is good for two minutes and for its redirect address only', async () => {
		const practice = await start();
		const code = async () => (await decide(practice, { ...ask, decision: 'allow' })).target!.searchParams.get('code')!;
		const body = { grant_type: 'authorization_code', redirect_uri: REDIRECT, ...CLIENT };
		expect((await token(practice, { ...body, code: await code(), redirect_uri: `${REDIRECT}/x` })).status).toBe(400);
		const late = await code();
		practice.clock.advance(120_000);
		expect((await token(practice, { ...body, code: late })).status).toBe(400);
	});

	test('PKCE', async () => {
		const practice = await start();
		const verifier = 'v'.repeat(50);
		const code_challenge = createHash('sha256').update(verifier).digest('base64url');
		const code = async () =>
			(
				await decide(practice, { ...ask, code_challenge, code_challenge_method: 'S256', decision: 'allow' })
			).target!.searchParams.get('code')!;
		const body = { grant_type: 'authorization_code', redirect_uri: REDIRECT, client_id: PRACTICE_OAUTH_CLIENT_ID };
		expect((await token(practice, { ...body, code: await code(), code_verifier: 'wrong' })).body.error).toBe(
			'invalid_grant',
		);
		expect(
			(await token(practice, { ...body, code: await code(), code_verifier: verifier })).body.access_token,
		).toBeTruthy();
	});

	test('a refresh ends the old pair; forms are understood as well as JSON', async () => {
		const practice = await start();
		const fields = { grant_type: 'refresh_token', refresh_token: PRACTICE_READ_WRITE_TOKENS.refreshToken, ...CLIENT };
		const form = new URLSearchParams(fields).toString();
		const first = await practice.send('POST', '/oauth/tokens', form, {
			authorization: '',
			'content-type': 'application/x-www-form-urlencoded',
		});
		expect(first.body.scope).toBe('read write');
		expect(
			(await practice.get('/api/v2/tickets.json', {}, bearer(PRACTICE_READ_WRITE_TOKENS.accessToken))).status,
		).toBe(401);
		expect((await token(practice, fields)).body.error).toBe('invalid_grant');
		const second = await token(practice, { ...fields, refresh_token: first.body.refresh_token });
		expect((await practice.get('/api/v2/tickets.json', {}, bearer(second.body.access_token))).status).toBe(200);
		expect((await practice.get('/api/v2/tickets.json', {}, bearer(first.body.access_token))).status).toBe(401);
	});

	test('client credentials; a wrong secret; an unknown grant', async () => {
		const practice = await start();
		const given = await token(practice, {
			grant_type: 'client_credentials',
			scope: 'read',
			...CLIENT,
			expires_in: 301,
		});
		expect(given.body).toMatchObject({ scope: 'read', expires_in: 301 });
		expect(given.body.refresh_token).toBeUndefined();
		expect((await token(practice, { grant_type: 'client_credentials', ...CLIENT, client_secret: 'x' })).status).toBe(
			401,
		);
		expect((await token(practice, { grant_type: 'password', ...CLIENT })).body.error).toBe('unsupported_grant_type');
	});
});

describe('rate limits', () => {
	test('the account’s budget is told in every answer and is new every minute', async () => {
		const practice = await start('2026-11-24T09:00:30Z', { limits: { account: 3 } });
		const first = await practice.get('/api/v2/users/me.json');
		expect(first.headers).toMatchObject({
			'x-rate-limit': '3',
			'x-rate-limit-remaining': '2',
			'ratelimit-limit': '3',
			'ratelimit-remaining': '2',
			'ratelimit-reset': '30',
		});
		await practice.get('/api/v2/tickets/404404.json');
		expect((await practice.get('/api/v2/users/me.json')).headers['x-rate-limit-remaining']).toBe('0');
		const over = await practice.get('/api/v2/users/me.json');
		expect([over.status, over.headers['retry-after']]).toEqual([429, '30']);
		expect(over.body).toEqual({
			error: 'APIRateLimitExceeded',
			description: 'Number of allowed API requests per minute exceeded',
		});
		expect(practice.limitBreaches()).toBe(1);
		practice.clock.advance(30_000);
		expect((await practice.get('/api/v2/users/me.json')).status).toBe(200);
	});

	test('thirty updates of one ticket in ten minutes, a hundred of all in one', async () => {
		const practice = await start('2026-11-24T09:00:00Z');
		const put = (id: number, i: number) =>
			practice.send('PUT', `/api/v2/tickets/${id}.json`, { ticket: { subject: `${i}` } });
		const [one, ...others] = Array.from({ length: 5 }, () => practice.store.createTicket().id);
		for (let i = 0; i < 30; i += 1) expect((await put(one, i)).status).toBe(200);
		const refused = await put(one, 31);
		expect([refused.status, refused.headers['retry-after']]).toEqual([429, '600']);
		for (let i = 0; i < 69; i += 1) expect((await put(others[i % 4], i)).status).toBe(200);
		expect((await put(others[0], 99)).status).toBe(429);
		expect(practice.limitBreaches()).toBe(2);
	});

	test('off: nothing is limited or told', async () => {
		const practice = await start(undefined, { limits: 'off' });
		for (let i = 0; i < 12; i += 1)
			expect((await practice.get('/api/v2/incremental/tickets.json', { start_time: '0' })).status).toBe(200);
		expect((await practice.get('/api/v2/users/me.json')).headers['x-rate-limit']).toBeUndefined();
	});
});
