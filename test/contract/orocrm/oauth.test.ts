import { ManualClock } from '../../../sandbox/common/clock';
import * as credentials from '../../../sandbox/orocrm/credentials';
import { start, stopAll, type Client, type Json } from './support/client';

afterEach(stopAll);

async function token({ server }: Client, body: Record<string, string>, headers: Record<string, string> = {}) {
	const response = await fetch(`${server.url}/oauth2-token`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', ...headers },
		body: JSON.stringify(body),
	});
	return { status: response.status, body: (await response.json()) as Json };
}

const client = {
	client_id: credentials.PRACTICE_OROCRM_CLIENT_ID,
	client_secret: credentials.PRACTICE_OROCRM_CLIENT_SECRET,
};

const status = async ({ server }: Client, bearer: string): Promise<number> =>
	(await fetch(`${server.url}/api/cases`, { headers: { Authorization: `Bearer ${bearer}` } })).status;

test('a token works until it expires, and a new one is had for the asking (§1.2)', async () => {
	const clock = new ManualClock();
	const practice = await start({ clock, accessTokenSeconds: 60 });
	const first = await token(practice, { grant_type: 'client_credentials', ...client });
	expect(first.body.expires_in).toBe(60);
	expect(await status(practice, first.body.access_token)).toBe(200);
	clock.advance(61_000);
	expect(await status(practice, first.body.access_token)).toBe(401);
	const second = await token(practice, { grant_type: 'client_credentials', ...client });
	expect(await status(practice, second.body.access_token)).toBe(200);
	practice.server.oauth.revokeAll();
	expect(await status(practice, second.body.access_token)).toBe(401);
});

test('the client may name itself by HTTP Basic; empty credentials are refused (§1.2)', async () => {
	const practice = await start();
	const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64');
	const made = await token(practice, { grant_type: 'client_credentials' }, { Authorization: `Basic ${basic}` });
	expect(made.status).toBe(200);
	const empty = await token(practice, { grant_type: 'client_credentials', client_id: '', client_secret: '' });
	expect([empty.status, empty.body.error]).toEqual([401, 'invalid_client']);
});

test('refresh tokens are used once (§1.2)', async () => {
	const practice = await start();
	const login = {
		client_id: credentials.PRACTICE_OROCRM_PASSWORD_CLIENT_ID,
		client_secret: credentials.PRACTICE_OROCRM_PASSWORD_CLIENT_SECRET,
	};
	const user = { username: credentials.PRACTICE_OROCRM_USERNAME, password: credentials.PRACTICE_OROCRM_PASSWORD };
	const first = await token(practice, { grant_type: 'password', ...login, ...user });
	const refresh = { grant_type: 'refresh_token', ...login, refresh_token: first.body.refresh_token };
	const second = await token(practice, refresh);
	expect(second.status).toBe(200);
	expect(await status(practice, second.body.access_token)).toBe(200);
	const again = await token(practice, refresh);
	expect([again.status, again.body.hint]).toEqual([401, 'Cannot decrypt the refresh token']);
});
