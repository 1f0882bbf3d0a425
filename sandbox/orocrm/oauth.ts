import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../common/clock';
import type { Caller } from './access';
import * as credentials from './credentials';
import type { ApiAnswer, ApiRequest } from './http';

interface Client {
	id: string;
	secret: string;
	grants: string[];
	role: Caller['role'];
	/** Login name of the user that the client acts as. */
	username: string;
}

const CLIENTS: Client[] = [
	{
		id: credentials.PRACTICE_OROCRM_CLIENT_ID,
		secret: credentials.PRACTICE_OROCRM_CLIENT_SECRET,
		grants: ['client_credentials'],
		role: 'administrator',
		username: 'admin',
	},
	{
		id: credentials.PRACTICE_OROCRM_SALES_REP_CLIENT_ID,
		secret: credentials.PRACTICE_OROCRM_SALES_REP_CLIENT_SECRET,
		grants: ['client_credentials'],
		role: 'sales rep',
		username: 'rep',
	},
	{
		id: credentials.PRACTICE_OROCRM_PASSWORD_CLIENT_ID,
		secret: credentials.PRACTICE_OROCRM_PASSWORD_CLIENT_SECRET,
		grants: ['password', 'refresh_token'],
		role: 'administrator',
		username: 'admin',
	},
];

/** Whom a valid token speaks for. */
export interface TokenHolder {
	role: Caller['role'];
	username: string;
}

interface Claims {
	kind: 'access' | 'refresh';
	client: string;
	expires: number;
	id: string;
}

interface IssuedClaims extends Claims {
	/** Which one it is of all that were issued. */
	order: number;
}

const MALFORMED =
	'The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed.';
const UNSUPPORTED = 'The authorization grant type is not supported by the authorization server.';
const REFRESH_SECONDS = 2_592_000;

/** `POST /oauth2-token` and the check of tokens (orocrm-api.md §1.2). Tokens outlive a restart, as signed ones do. */
export class OAuth {
	private readonly revoked = new Set<string>();
	private readonly known = new Map<string, IssuedClaims>();
	private revokedBefore = 0;

	constructor(
		private readonly clock: Clock,
		private readonly accessSeconds: number,
	) {}

	token(request: ApiRequest): ApiAnswer {
		const parameters = readParameters(request);
		if (parameters === undefined) return failure(400, 'unsupported_grant_type', UNSUPPORTED, GRANT_HINT);
		const grant = parameters.grant_type;
		if (!['client_credentials', 'password', 'refresh_token', 'authorization_code'].includes(grant ?? '')) {
			return failure(400, 'unsupported_grant_type', UNSUPPORTED, GRANT_HINT);
		}
		if (parameters.client_id === undefined) {
			return failure(400, 'invalid_request', MALFORMED, 'Check the `client_id` parameter');
		}
		const client = CLIENTS.find((one) => one.id === parameters.client_id && one.secret === parameters.client_secret);
		if (!client || !client.grants.includes(grant!)) {
			return failure(401, 'invalid_client', 'Client authentication failed');
		}
		if (grant === 'password') return this.passwordGrant(client, parameters);
		if (grant === 'refresh_token') return this.refreshGrant(client, parameters);
		return success({ expires_in: this.accessSeconds, access_token: this.issue('access', client) });
	}

	/** Whom the token speaks for; undefined when it is wrong, expired or revoked. */
	check(token: string): TokenHolder | undefined {
		const claims = this.read(token, 'access');
		const client = claims && CLIENTS.find((one) => one.id === claims.client);
		return client && { role: client.role, username: client.username };
	}

	/** Makes every token of now worthless, as an administrator can. */
	revokeAll(): void {
		this.revokedBefore = issueCounter;
	}

	/** Every token that was revoked is good again, as on a server that has just started. */
	reset(): void {
		this.revoked.clear();
		this.revokedBefore = 0;
	}

	/** A token without the round trip, for tests. */
	issueFor(clientId: string): string {
		return this.issue('access', CLIENTS.find((one) => one.id === clientId)!);
	}

	private passwordGrant(client: Client, parameters: Record<string, string>): ApiAnswer {
		const right =
			parameters.username === credentials.PRACTICE_OROCRM_USERNAME &&
			parameters.password === credentials.PRACTICE_OROCRM_PASSWORD;
		if (!right) return failure(400, 'invalid_grant', 'The user credentials were incorrect.');
		return this.withRefresh(client);
	}

	private refreshGrant(client: Client, parameters: Record<string, string>): ApiAnswer {
		const claims = this.read(parameters.refresh_token ?? '', 'refresh');
		if (!claims || claims.client !== client.id) {
			return failure(401, 'invalid_request', 'The refresh token is invalid.', 'Cannot decrypt the refresh token');
		}
		this.revoked.add(claims.id);
		return this.withRefresh(client);
	}

	private withRefresh(client: Client): ApiAnswer {
		return success({
			expires_in: this.accessSeconds,
			access_token: this.issue('access', client),
			refresh_token: this.issue('refresh', client),
		});
	}

	private issue(kind: Claims['kind'], client: Client): string {
		const seconds = kind === 'access' ? this.accessSeconds : REFRESH_SECONDS;
		issueCounter += 1;
		const claims: IssuedClaims = {
			kind,
			client: client.id,
			expires: this.clock.now().getTime() + seconds * 1000,
			id: randomBytes(8).toString('hex'),
			order: issueCounter,
		};
		const head = base64({ typ: 'JWT', alg: 'HS256' });
		const payload = base64(claims);
		return `${head}.${payload}.${sign(`${head}.${payload}`)}`;
	}

	private read(token: string, kind: Claims['kind']): Claims | undefined {
		const claims = this.claimsOf(token);
		const alive = claims?.kind === kind && claims.expires > this.clock.now().getTime();
		return alive && !this.revoked.has(claims.id) && claims.order > this.revokedBefore ? claims : undefined;
	}

	/** What a token with the right signature says. It is remembered: each request brings the same few tokens. */
	private claimsOf(token: string): IssuedClaims | undefined {
		let claims = this.known.get(token);
		if (claims) return claims;
		const [head, payload, signature, ...more] = token.split('.');
		if (!head || !payload || !signature || more.length > 0) return undefined;
		const expected = Buffer.from(sign(`${head}.${payload}`));
		const given = Buffer.from(signature);
		if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
		claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as IssuedClaims;
		if (this.known.size > MOST_KNOWN) this.known.clear();
		this.known.set(token, claims);
		return claims;
	}
}

const MOST_KNOWN = 1000;
let issueCounter = 0;
const GRANT_HINT = 'Check that all required parameters have been provided';

/** Not a secret: it only keeps made-up tokens out of a practice system. */
const SIGNING_KEY = 'practice-orocrm';

function sign(text: string): string {
	return createHmac('sha256', SIGNING_KEY).update(text).digest('base64url');
}

function base64(value: unknown): string {
	return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The parameters of a JSON or form body; client id and secret may come as HTTP Basic. */
function readParameters(request: ApiRequest): Record<string, string> | undefined {
	const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
	let parameters: Record<string, string> = {};
	if (type === 'application/x-www-form-urlencoded') parameters = Object.fromEntries(new URLSearchParams(request.body));
	else {
		try {
			const body: unknown = request.body === '' ? {} : JSON.parse(request.body);
			if (typeof body === 'object' && body !== null) parameters = { ...(body as Record<string, string>) };
		} catch {
			return undefined;
		}
	}
	const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '');
	if (basic) {
		const [id, ...secret] = Buffer.from(basic[1]!, 'base64').toString().split(':');
		parameters.client_id ??= id!;
		parameters.client_secret ??= secret.join(':');
	}
	return parameters;
}

function success(fields: Record<string, unknown>): ApiAnswer {
	return {
		status: 200,
		headers: { 'Content-Type': 'application/json; charset=UTF-8' },
		body: JSON.stringify({ token_type: 'Bearer', ...fields }),
	};
}

function failure(status: number, error: string, message: string, hint?: string): ApiAnswer {
	const body = { error, error_description: message, ...(hint === undefined ? {} : { hint }), message };
	return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}
