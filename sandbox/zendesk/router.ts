import type { Identity } from './authentication';
import type { LimitName } from './limits';
import type { Query } from './paging';
import type { User } from './types';
import type { Accepted } from './warnings';

export interface ApiRequest {
	method: string;
	/** Without query and `.json`. */
	path: string;
	params: Record<string, string>;
	query: Query;
	headers: Record<string, string | undefined>;
	rawBody: Buffer;
	/** The parsed JSON body; an empty object when there is none. */
	body: Record<string, unknown>;
	ipAddress: string;
	/** The user who asks; routes for anybody look at `identity` instead. */
	user: User;
	identity: Identity | undefined;
	/** Headers that the answer will carry, whatever it is. */
	answerHeaders: Record<string, string>;
}

export interface Answer {
	status: number;
	body?: unknown;
	headers?: Record<string, string>;
}

export type Handler = (request: ApiRequest) => Answer;

export interface RouteOptions {
	/** Rate limits of this endpoint; the key tells what each is kept for. */
	limits?: Array<[LimitName, (request: ApiRequest) => string]>;
	adminOnly?: boolean;
	/** Answered to anybody. */
	open?: boolean;
	accepts?: Accepted;
	/** The body is a file or a form, not JSON. */
	raw?: boolean;
}

interface Route {
	method: string;
	segments: string[];
	options: RouteOptions;
	handler: Handler;
}

/** Routes by method and path; `:name` stands for one segment, a fixed segment goes before it. */
export class Router {
	private readonly routes: Route[] = [];

	add(method: string, path: string, options: RouteOptions, handler: Handler): void {
		this.routes.push({ method, segments: path.split('/'), options, handler });
	}

	find(method: string, path: string): { route: Route; params: Record<string, string> } | undefined {
		const segments = path.split('/');
		let best: { route: Route; params: Record<string, string>; fixed: number } | undefined;
		for (const route of this.routes) {
			if (route.method !== method || route.segments.length !== segments.length) continue;
			const params: Record<string, string> = {};
			let fixed = 0;
			const fits = route.segments.every((segment, i) => {
				if (!segment.startsWith(':')) {
					fixed += 1;
					return segment === segments[i];
				}
				params[segment.slice(1)] = decodeURIComponent(segments[i]);
				return true;
			});
			if (fits && (!best || fixed > best.fixed)) best = { route, params, fixed };
		}
		return best;
	}
}
