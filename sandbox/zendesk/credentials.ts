/** Fixed credentials of the practice Zendesk, for the launcher and the tests. They open nothing else. */

export const PRACTICE_API_EMAIL = 'sync.admin@example.com';
export const PRACTICE_API_TOKEN = 'practice-zendesk-api-token';

export const PRACTICE_OAUTH_CLIENT_ID = 'practice_sync';
export const PRACTICE_OAUTH_CLIENT_SECRET = 'practice-zendesk-client-secret';

export interface PracticeTokenPair {
	accessToken: string;
	refreshToken: string;
	scope: string;
}

/** Ready for use without going through the authorization page; enough for one-way sync. */
export const PRACTICE_READ_TOKENS: PracticeTokenPair = {
	accessToken: 'practice-zendesk-access-read',
	refreshToken: 'practice-zendesk-refresh-read',
	scope: 'read',
};

/** For two-way sync. */
export const PRACTICE_READ_WRITE_TOKENS: PracticeTokenPair = {
	accessToken: 'practice-zendesk-access-read-write',
	refreshToken: 'practice-zendesk-refresh-read-write',
	scope: 'read write',
};
