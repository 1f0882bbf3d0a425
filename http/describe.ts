import type { HttpRequest } from './request';

/** `GET /api/v2/users/me.json`: what was asked, without the query, which may be long. */
export function describeRequest(request: HttpRequest): string {
	const method = request.headers['X-HTTP-Method-Override'] ?? request.method;
	return `${method} ${/^https?:\/\/[^/]+([^?]*)/.exec(request.url)?.[1] || '/'}`;
}
