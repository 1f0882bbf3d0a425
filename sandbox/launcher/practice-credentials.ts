import { PRACTICE_OROCRM_CLIENT_ID, PRACTICE_OROCRM_CLIENT_SECRET } from '../orocrm/credentials';
import {
	PRACTICE_OAUTH_CLIENT_ID,
	PRACTICE_OAUTH_CLIENT_SECRET,
	PRACTICE_READ_TOKENS,
	PRACTICE_READ_WRITE_TOKENS,
} from '../zendesk/credentials';

/** A credential as n8n's import takes it: plain here, encrypted in n8n's database. */
export interface ImportedCredential {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

/** What the page of the workflow "Publish a Case" asks for. It is on this machine only, so the password is no secret. */
export const formLogin = { user: 'practice', password: 'practice' };

/**
 * The credentials of the sandbox. The Zendesk one has its tokens already, so that nobody has to click through an authorization page;
 * it may write only when two-way sync is on.
 */
export function practiceCredentials(zendeskUrl: string, orocrmUrl: string, twoWay: boolean): ImportedCredential[] {
	const tokens = twoWay ? PRACTICE_READ_WRITE_TOKENS : PRACTICE_READ_TOKENS;
	return [
		{
			id: 'practice-zendesk',
			name: 'Practice Zendesk',
			type: 'zendeskSyncOAuth2Api',
			data: {
				subdomain: 'practice',
				customHost: true,
				url: zendeskUrl,
				access: twoWay ? 'readWrite' : 'read',
				clientId: PRACTICE_OAUTH_CLIENT_ID,
				clientSecret: PRACTICE_OAUTH_CLIENT_SECRET,
				oauthTokenData: {
					access_token: tokens.accessToken,
					refresh_token: tokens.refreshToken,
					token_type: 'bearer',
					scope: tokens.scope,
				},
			},
		},
		{
			id: 'practice-orocrm',
			name: 'Practice OroCRM',
			type: 'oroCrmOAuth2Api',
			data: {
				url: orocrmUrl,
				clientId: PRACTICE_OROCRM_CLIENT_ID,
				clientSecret: PRACTICE_OROCRM_CLIENT_SECRET,
			},
		},
		{ id: 'practice-form', name: 'Practice Form', type: 'httpBasicAuth', data: formLogin },
	];
}
