import { createHash } from 'node:crypto';
import type { Clock } from '../common/clock';
import { checkScope, identify } from './authentication';
import { ApiError, forbidden, invalidId, notAuthenticated, notFound, unreadableJson } from './errors';
import type { Idempotency } from './idempotency';
import type { Limits } from './limits';
import type { Answer, ApiRequest, RouteOptions, Router } from './router';
import type { SearchIndex } from './search-index';
import type { Settings } from './settings';
import type { Store } from './store';
import type { Tokens } from './tokens';
import type { Views } from './views';
import { warning } from './warnings';

/** What the endpoints work with. */
export interface Api {
	store: Store;
	views: Views;
	tokens: Tokens;
	limits: Limits;
	router: Router;
	clock: Clock;
	baseUrl: () => string;
	/** How recent a change must be not to be exported yet, in seconds. */
	exportDelaySeconds: number;
	settings: Settings;
	idempotency: Idempotency;
	/** What a search finds; it may know less than the store. */
	search: SearchIndex;
}

export type IncomingRequest = Pick<ApiRequest, 'method' | 'path' | 'query' | 'headers' | 'rawBody' | 'ipAddress'>;

/** From a request under /api/v2 to its answer: who asks, limits, scope, then the endpoint. */
export function answerApi(api: Api, incoming: IncomingRequest): Answer {
	const headers: Record<string, string> = { 'x-zendesk-api-version': 'v2', 'x-zendesk-api-gateway': 'yes' };
	try {
		const answer = carryOut(api, incoming, headers);
		return finish(answer, headers);
	} catch (error) {
		if (!(error instanceof ApiError)) throw error;
		return {
			status: error.status,
			body: error.body,
			headers: {
				'cache-control': 'no-cache',
				'content-type': 'application/json; charset=utf-8',
				...headers,
				...error.headers,
			},
		};
	}
}

function carryOut(api: Api, incoming: IncomingRequest, answerHeaders: Record<string, string>): Answer {
	const found = api.router.find(incoming.method, incoming.path);
	const options: RouteOptions = found?.route.options ?? {};
	const identity = identify(api.store, api.tokens, incoming.headers);
	if (!identity && !options.open) throw notAuthenticated();
	api.limits.takeAccount(answerHeaders);
	const resource =
		incoming.path.split('/')[0] === 'incremental' ? incoming.path.split('/')[1] : incoming.path.split('/')[0];
	if (identity) checkScope(identity, incoming.method, resource);
	if (!found) throw notFound();
	if (options.adminOnly && identity?.user.role !== 'admin') throw forbidden();
	const body = options.raw ? {} : parseBody(incoming.rawBody);
	const request: ApiRequest = {
		...incoming,
		params: found.params,
		body,
		user: identity?.user as ApiRequest['user'],
		identity,
		answerHeaders,
	};
	const warn = options.accepts && warning(body, options.accepts);
	if (warn) answerHeaders['x-zendesk-api-warn'] = warn;
	for (const [name, keyOf] of options.limits ?? []) api.limits.take(name, keyOf(request), answerHeaders);
	return found.route.handler(request);
}

function parseBody(raw: Buffer): Record<string, unknown> {
	if (raw.length === 0) return {};
	try {
		const value: unknown = JSON.parse(raw.toString('utf8'));
		if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
	} catch {
		// Answered below, like a body that is not an object.
	}
	throw unreadableJson();
}

/** Headers of a success: ETag and caching as recorded (zendesk-api.md §1). */
function finish(answer: Answer, headers: Record<string, string>): Answer {
	if (answer.status === 204 || answer.body === undefined) {
		return { status: answer.status, headers: { 'cache-control': 'no-cache', ...headers, ...answer.headers } };
	}
	const text = JSON.stringify(answer.body);
	return {
		status: answer.status,
		body: text,
		headers: {
			'cache-control': 'max-age=0, private, must-revalidate',
			'content-type': 'application/json; charset=utf-8',
			etag: `W/"${createHash('md5').update(text).digest('hex')}"`,
			...headers,
			...answer.headers,
		},
	};
}

const LARGEST_ID = 2n ** 63n - 1n;

/** The id in a path; what is not a whole number in 64 bits is refused (zendesk-api.md §10). */
export function idParam(request: ApiRequest, name = 'id'): number {
	const text = request.params[name];
	if (!/^\d+$/.test(text) || BigInt(text) > LARGEST_ID) throw invalidId();
	return Number(text);
}

/** `ids=1,2,3`. */
export function idList(text: string | undefined): number[] {
	return (text ?? '')
		.split(',')
		.map((id) => id.trim())
		.filter((id) => /^\d+$/.test(id))
		.map(Number);
}
