import type { INode } from 'n8n-workflow';
import { ApiError } from '../../http/api-error';
import { describeRequest } from '../../http/describe';
import type { HttpRequest } from '../../http/request';

/**
 * Why n8n has no token for a request. The request itself was not carried out then: it never went out, or was answered with 401.
 *
 * - `withdrawn`: what n8n keeps is no longer good (`invalid_grant`). Also so for a moment when another execution renewed it just now.
 * - `refused`: the server doesn't know the client, or has no such address.
 * - `passing`: the server that gives out tokens is down or busy.
 */
export interface TokenTrouble {
	kind: 'withdrawn' | 'refused' | 'passing';
	words: string;
}

interface ErrorLike {
	message?: string;
	code?: string;
	status?: number;
	body?: { error?: unknown; error_description?: unknown };
	cause?: ErrorLike;
}

/** Answers of a token endpoint that mean "not now" (RFC 6749 §4.1.2.1). */
const NOT_NOW = ['server_error', 'temporarily_unavailable'];

/**
 * Reads n8n's error of a token request; undefined when it is another one. n8n's OAuth client throws an `AuthError` (code EAUTH, `body.error`)
 * or a `ResponseError` (code ESTATUS, `status`), the first fetch of a token wraps them, and a refused renewal becomes "needs to be reconnected"
 * (n8n.md §9; n8n-core 2.41.1, request-helpers/oauth.js).
 */
export function tokenTrouble(error: unknown): TokenTrouble | undefined {
	for (let one = error as ErrorLike | undefined; one && typeof one === 'object'; one = one.cause) {
		const message = one.message ?? '';
		const said = one.code === 'EAUTH' ? String(one.body?.error ?? '') : '';
		if (said === 'invalid_grant' || /needs to be reconnected|OAuth credentials not connected|^invalid_grant/.test(message)) return { kind: 'withdrawn', words: message };
		if (one.code === 'EAUTH') return { kind: NOT_NOW.includes(said) ? 'passing' : 'refused', words: message };
		// A page where a token should be: the server is closed for now, or something else answers.
		if (/^Expected JSON response from OAuth2 token endpoint/.test(message)) return { kind: 'passing', words: 'the address that gives out tokens answered with something else' };
		if (one.code === 'ESTATUS') {
			const isPassing = one.status === 429 || (one.status ?? 0) >= 500;
			return { kind: isPassing ? 'passing' : 'refused', words: `the address that gives out tokens answered with status ${one.status}` };
		}
	}
	return undefined;
}

/** The same as an error that stops the run and says which credential to open. A refused login is a 401, whatever the status was. */
export function loginError(trouble: TokenTrouble, request: HttpRequest, node: INode, credentialType: string): ApiError {
	const isOroCrm = credentialType === 'oroCrmOAuth2Api';
	const name = node.credentials?.[credentialType]?.name;
	const credential = name ? `the credential "${name}"` : `the ${isOroCrm ? 'OroCRM' : 'Zendesk'} credential`;
	const advice =
		trouble.kind === 'withdrawn' || !isOroCrm
			? `Open ${credential} in n8n and connect it again: its access was withdrawn, or has expired. Nothing was lost; the sync goes on by itself then.`
			: `Open ${credential} in n8n and check the URL, the client ID and the client secret (OroCRM: System > User Management > OAuth Applications). The sync goes on by itself then.`;
	return new ApiError(isOroCrm ? 'OroCRM' : 'Zendesk', describeRequest(request), 401, trouble.words, advice);
}
