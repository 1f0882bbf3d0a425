import { createHash } from 'node:crypto';
import { html, page } from '../common/html';
import type { Api, IncomingRequest } from './api';
import { PRACTICE_OAUTH_CLIENT_ID, PRACTICE_OAUTH_CLIENT_SECRET } from './credentials';
import { FRAME } from './page-frame';
import type { Answer } from './router';
import { REFRESH_SECONDS, type TokenPair } from './tokens';

/** The authorization page and the token endpoint (zendesk-api.md §1; Zendesk: Create Token for Grant Type). */

type Fields = Record<string, string>;

/** Only this machine: the practice client's redirect address is whatever a local n8n uses. */
const LOCAL = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/;

const pageAnswer = (status: number, title: string, body: ReturnType<typeof html>): Answer => ({
	status,
	headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
	body: page(FRAME, title, body),
});

export function authorizationPage(api: Api, query: Fields): Answer {
	const problem = authorizationProblem(query);
	if (problem) return pageAnswer(400, 'Authorization not possible', html`<p class="error">${problem}</p>`);
	const user = api.store.actor();
	const hidden = Object.entries(query).map(
		([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
	);
	return pageAnswer(
		200,
		'Allow access?',
		html`<p>
				The program <strong>${query.client_id}</strong> asks for access to this practice Zendesk as
				<strong>${user.name}</strong> (${user.email}).
			</p>
			<p>It may: <span class="badge">${query.scope || 'read write'}</span></p>
			<form method="post" action="/oauth/authorizations">
				${hidden} <button name="decision" value="allow">Allow</button>
				<button name="decision" value="deny">Deny</button>
			</form>`,
	);
}

function authorizationProblem(query: Fields): string | undefined {
	if (query.response_type !== 'code') return 'response_type must be "code".';
	if (query.client_id !== PRACTICE_OAUTH_CLIENT_ID)
		return `There is no OAuth client with the identifier "${query.client_id ?? ''}".`;
	if (!LOCAL.test(query.redirect_uri ?? ''))
		return 'redirect_uri must be an address on this machine (localhost or 127.0.0.1).';
	if (query.code_challenge && query.code_challenge_method !== 'S256') return 'code_challenge_method must be "S256".';
	return undefined;
}

export function authorizationDecision(api: Api, form: Fields): Answer {
	const problem = authorizationProblem(form);
	if (problem) return pageAnswer(400, 'Authorization not possible', html`<p class="error">${problem}</p>`);
	const target = new URL(form.redirect_uri);
	if (form.decision === 'allow') {
		const { code } = api.tokens.addCode({
			clientId: form.client_id,
			redirectUri: form.redirect_uri,
			scope: form.scope || 'read write',
			userId: api.store.account.api_user_id,
			challenge: form.code_challenge || undefined,
		});
		target.searchParams.set('code', code);
	} else {
		target.searchParams.set('error', 'access_denied');
		target.searchParams.set('error_description', 'The end-user or authorization server denied the request.');
	}
	if (form.state !== undefined) target.searchParams.set('state', form.state);
	return { status: 302, headers: { location: target.toString() } };
}

const oauthError = (status: number, error: string, error_description: string): Answer => ({
	status,
	headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
	body: { error, error_description },
});

const invalidGrant = () =>
	oauthError(
		400,
		'invalid_grant',
		'The provided access grant is invalid, expired, or revoked (e.g. invalid assertion, expired authorization token, bad end-user password credentials, or mismatching authorization code and redirection URI).',
	);

/** `POST /oauth/tokens`, JSON or form. The client names itself in the body. */
export function tokenAnswer(api: Api, request: IncomingRequest): Answer {
	const fields = fieldsOf(request);
	if (!fields) return oauthError(400, 'invalid_request', 'The request body could not be read.');
	if (fields.client_id !== PRACTICE_OAUTH_CLIENT_ID) return invalidClient();
	const provesClient = fields.client_secret === PRACTICE_OAUTH_CLIENT_SECRET;
	if (fields.client_secret && !provesClient) return invalidClient();
	if (fields.grant_type === 'authorization_code') return fromCode(api, fields, provesClient);
	if (!provesClient) return invalidClient();
	if (fields.grant_type === 'refresh_token') return fromRefresh(api, fields);
	if (fields.grant_type === 'client_credentials') {
		return issued(api, api.store.account.api_user_id, fields.scope || 'read write', fields, false);
	}
	return oauthError(
		400,
		'unsupported_grant_type',
		'The authorization grant type is not supported by the authorization server.',
	);
}

const invalidClient = () =>
	oauthError(
		401,
		'invalid_client',
		'The client identifier provided is invalid, the client failed to authenticate, or the client did not include its credentials.',
	);

function fieldsOf(request: IncomingRequest): Fields | undefined {
	const text = request.rawBody.toString('utf8');
	if (/x-www-form-urlencoded/.test(request.headers['content-type'] ?? ''))
		return Object.fromEntries(new URLSearchParams(text));
	try {
		const value = JSON.parse(text) as Record<string, unknown>;
		return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, String(field)]));
	} catch {
		return undefined;
	}
}

/** With PKCE the verifier proves the client too, so that its secret may be missing. */
function fromCode(api: Api, fields: Fields, provesClient: boolean): Answer {
	const code = api.tokens.takeCode(fields.code ?? '');
	if (!code || code.redirectUri !== fields.redirect_uri) return invalidGrant();
	const challenge = createHash('sha256')
		.update(fields.code_verifier ?? '')
		.digest('base64url');
	if (code.challenge && code.challenge !== challenge) return invalidGrant();
	if (!code.challenge && !provesClient) return invalidClient();
	return issued(api, code.userId, code.scope, fields);
}

/** A new pair; the old access and refresh tokens end at once. */
function fromRefresh(api: Api, fields: Fields): Answer {
	const old = api.tokens.findRefresh(fields.refresh_token ?? '');
	if (!old) return invalidGrant();
	const asked = (fields.scope ?? old.scope).split(/\s+/).filter(Boolean);
	if (asked.some((scope) => !old.scope.split(/\s+/).includes(scope))) {
		return oauthError(400, 'invalid_scope', 'The requested scope is invalid, unknown, or malformed.');
	}
	api.tokens.end(old);
	return issued(api, old.userId, asked.join(' '), fields);
}

function issued(api: Api, userId: number, scope: string, fields: Fields, refreshable = true): Answer {
	const accessSeconds = bounded(fields.expires_in, 300, 172_800) ?? api.tokens.accessSeconds;
	const refreshSeconds = bounded(fields.refresh_token_expires_in, 604_800, 7_776_000) ?? REFRESH_SECONDS;
	const pair = api.tokens.issue(userId, scope, { accessSeconds, refreshSeconds, refreshable });
	api.store.changed();
	return {
		status: 200,
		headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
		body: tokenBody(pair, accessSeconds, refreshSeconds),
	};
}

function tokenBody(pair: TokenPair, accessSeconds: number, refreshSeconds: number): Record<string, unknown> {
	return {
		access_token: pair.accessToken,
		...(pair.refreshToken === null ? {} : { refresh_token: pair.refreshToken }),
		token_type: 'bearer',
		scope: pair.scope,
		expires_in: accessSeconds,
		...(pair.refreshToken === null ? {} : { refresh_token_expires_in: refreshSeconds }),
	};
}

function bounded(text: string | undefined, least: number, most: number): number | undefined {
	const number = Number(text);
	return Number.isInteger(number) && number >= least && number <= most ? number : undefined;
}
