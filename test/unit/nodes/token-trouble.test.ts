import type { INode } from 'n8n-workflow';
import { loginError, tokenTrouble } from '../../../nodes/shared/token-trouble';

/** n8n's errors of token requests, as n8n-core 2.41.1 and its OAuth client throw them. */

const oauthError = (error: string, message: string) => Object.assign(new Error(message), { code: 'EAUTH', body: { error } });
const statusError = (status: number) => Object.assign(new Error(`HTTP status ${status}`), { code: 'ESTATUS', status, body: '' });
const first = (cause: Error) => Object.assign(new Error(`Failed to acquire OAuth2 access token: ${cause.message}`), { cause });

test.each([
	['renewed by another execution, or withdrawn', new Error('The credential "Zendesk" needs to be reconnected.'), 'withdrawn'],
	['the same in older versions of n8n', oauthError('invalid_grant', 'The provided authorization grant is invalid.'), 'withdrawn'],
	['never connected', new Error('OAuth credentials not connected'), 'withdrawn'],
	['another secret, at the first fetch', first(oauthError('invalid_client', 'Client authentication failed')), 'refused'],
	['another secret, at a renewal', oauthError('invalid_client', 'Client authentication failed'), 'refused'],
	['a wrong address', first(statusError(404)), 'refused'],
	['too many token requests', statusError(429), 'passing'],
	['the server is ill', oauthError('server_error', 'The authorization server is ill.'), 'passing'],
	['a web page where a token should be', first(Object.assign(new Error('Expected JSON response from OAuth2 token endpoint (content-type: text/html) but received: <html>'), { code: 'ESTATUS', status: 200 })), 'passing'],
	['a connection that was cut: no word of a token', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), undefined],
	['a refused request', Object.assign(new Error('Request failed with status code 401'), { code: 'ERR_BAD_REQUEST', response: { status: 401 } }), undefined],
])('%s', (_what, error, kind) => {
	expect(tokenTrouble(error)?.kind).toBe(kind);
});

test('the error stops the run, and names the credential as a person called it', () => {
	const node = { credentials: { oroCrmOAuth2Api: { id: '1', name: 'Our CRM' } } } as unknown as INode;
	const request = { method: 'GET', url: 'https://crm.example.com/api/cases', headers: {} } as const;
	const refused = loginError({ kind: 'refused', words: 'Client authentication failed' }, request, node, 'oroCrmOAuth2Api');
	expect(refused).toMatchObject({ service: 'OroCRM', status: 401, concernsEverything: true, message: 'OroCRM: Client authentication failed', advice: expect.stringMatching(/^Open the credential "Our CRM" in n8n and check the URL, the client ID and the client secret/) });
	const withdrawn = loginError({ kind: 'withdrawn', words: 'no' }, request, node, 'zendeskSyncOAuth2Api');
	expect(withdrawn).toMatchObject({ service: 'Zendesk', advice: expect.stringMatching(/^Open the Zendesk credential in n8n and connect it again/) });
});
