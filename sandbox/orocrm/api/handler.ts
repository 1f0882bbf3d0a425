import { negotiate, bodyIsRead, contentTypeOf, isForm, type MediaMode } from '../answer/negotiation';
import type { AccessRules, Caller } from '../access';
import { alreadyExists, ApiError, driverException, EmptyAnswer, NegotiationError } from '../errors';
import { effectiveMethod, type ApiAnswer, type ApiRequest } from '../http';
import type { OAuth } from '../oauth';
import { parametersOfBody, parseQuery, type Parameter } from '../query/parameters';
import { notAccessible } from '../schema/index';
import type { Resource } from '../schema/types';
import { DriverException, UniqueViolation } from '../store/constraints';
import type { Store } from '../store/store';
import type { Features } from '../version';
import { allowHeader, methodsOf, type AddressKind } from './allow';
import { errorAnswer } from './answers';
import { updateList } from './batch';
import type { ApiServices, Call } from './call';
import { deleteList, deleteRecord, getList, getRecord } from './read';
import { associationOf, changeRelationship, getRelationship, getSubresource } from './relationships';
import { getOperationErrors, getSearch, getUserProfile, SPECIAL_TYPES } from './special';
import { create, update } from './write';

export interface ApiSettings {
	apiPath: string;
	webApi: boolean;
	hateoas: boolean;
}

/** Answers every request under the API's path: who asks, in which format, for what (orocrm-api.md §1). */
export class ApiHandler {
	constructor(
		private readonly store: Store,
		private readonly features: Features,
		private readonly oauth: OAuth,
		private readonly access: AccessRules,
		private readonly services: ApiServices,
		readonly settings: ApiSettings,
	) {}

	async handle(request: ApiRequest): Promise<ApiAnswer> {
		let mode: MediaMode = (request.headers.accept ?? '').includes('vnd.api+json') ? 'json:api' : 'plain';
		try {
			const caller = this.authenticate(request, mode);
			if (!this.settings.webApi) throw new EmptyAnswer(404, { 'Content-Type': contentTypeOf(mode) });
			mode = negotiate(request.headers.accept, request.headers['content-type']);
			return await this.dispatch(request, mode, caller);
		} catch (error) {
			return toAnswer(error, mode);
		}
	}

	/** 401 with an empty body; the header only when there were no credentials at all (orocrm-api.md §1.2). */
	private authenticate(request: ApiRequest, mode: MediaMode): Caller {
		const headers = { 'Content-Type': contentTypeOf(mode) };
		const bearer = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '');
		if (!bearer) throw new EmptyAnswer(401, { ...headers, 'WWW-Authenticate': 'Bearer' });
		const holder = this.oauth.check(bearer[1]!);
		const user = holder && this.userOf(holder.username);
		if (!user) throw new EmptyAnswer(401, headers);
		return {
			userId: user.id,
			organizationId: (user.organization as number | null) ?? 1,
			businessUnitId: (user.owner as number | null) ?? 1,
			role: holder.role,
		};
	}

	private userOf(username: string): ReturnType<Store['get']> {
		const [id] = this.store.table('users').index('username')!.ids(username);
		return id === undefined ? undefined : this.store.get('users', id);
	}

	private async dispatch(request: ApiRequest, mode: MediaMode, caller: Caller): Promise<ApiAnswer> {
		const [path, query] = splitUrl(request.url);
		const [type, id, ...rest] = path
			.slice(this.settings.apiPath.length)
			.split('/')
			.filter(Boolean)
			.map(decodeURIComponent);
		const method = effectiveMethod(request);
		const xInclude = new Set((request.headers['x-include'] ?? '').split(';').map((key) => key.trim()));
		const parameters = this.parameters(request, query, method);
		const context = {
			store: this.store,
			features: this.features,
			access: this.access.for(caller),
			mode,
			apiUrl: `http://${request.headers.host ?? '127.0.0.1'}${this.settings.apiPath}`,
			hateoas: this.settings.hateoas && !xInclude.has('noHateoas'),
		};
		const body = bodyIsRead(request.headers['content-type']) && request.body !== '' ? request.body : undefined;
		const base = { ...this.services, context, request, method, parameters, xInclude, body };
		if (type !== undefined && SPECIAL_TYPES.has(type) && id === undefined) {
			requireMethod(method, ['GET'], mode);
			const call: Call = { ...base, resource: this.store.resource('users') };
			return type === 'search' ? getSearch(call) : getUserProfile(call);
		}
		const call: Call = { ...base, resource: this.resource(type, request) };
		return await this.route(call, id, rest);
	}

	private async route(call: Call, id: string | undefined, rest: string[]): Promise<ApiAnswer> {
		const { method, resource } = call;
		const check = (kind: AddressKind): void => requireMethod(method, methodsOf(kind, resource), call.context.mode);
		if (id === undefined) {
			if (resource.noCollection) return getList(call);
			check('list');
			if (method === 'GET') return getList(call);
			if (method === 'POST') return await create(call);
			return method === 'PATCH' ? updateList(call) : deleteList(call);
		}
		if (rest.length === 0) {
			check('record');
			if (method === 'GET') return getRecord(call, id);
			return method === 'PATCH' ? await update(call, id) : deleteRecord(call, id);
		}
		if (resource.type === 'asyncoperations' && rest[0] === 'errors') {
			check('subresource');
			return getOperationErrors(call, id);
		}
		if (rest[0] === 'relationships' && rest.length === 2) {
			const name = rest[1]!;
			check(associationOf(call, name).many ? 'to-many relationship' : 'to-one relationship');
			return method === 'GET' ? getRelationship(call, id, name) : await changeRelationship(call, id, name);
		}
		if (rest.length > 1) throw noRoute(call.request);
		associationOf(call, rest[0]!);
		check('subresource');
		return getSubresource(call, id, rest[0]!);
	}

	private resource(type: string | undefined, request: ApiRequest): Resource {
		if (type === undefined) throw noRoute(request);
		const resource = this.store.schema.get(type);
		if (resource && (resource.actions.length > 0 || resource.noCollection)) return resource;
		if (resource || notAccessible.has(type)) {
			const detail = 'The resource is not accessible.';
			throw new ApiError([{ status: 404, title: 'resource not accessible exception', detail }]);
		}
		throw new ApiError([{ status: 404, title: 'entity type constraint', detail: `Unknown entity type: ${type}.` }]);
	}

	/** Filters and the like: of the address and, when a POST stands for a GET, of the body. */
	private parameters(request: ApiRequest, query: string, method: string): Parameter[] {
		const parameters = parseQuery(query, this.features.comparisonSyntax);
		const overridden = request.method === 'POST' && (method === 'GET' || method === 'DELETE');
		if (!overridden || request.body.trim() === '') return parameters;
		if (isForm(request.headers['content-type'])) {
			return [...parameters, ...parseQuery(request.body, this.features.comparisonSyntax)];
		}
		let body: unknown;
		try {
			body = JSON.parse(request.body);
		} catch {
			const detail = 'Invalid json message received.';
			throw new ApiError([{ status: 400, title: 'bad request http exception', detail }]);
		}
		return [...parameters, ...parametersOfBody(body)];
	}
}

function requireMethod(method: string, methods: string[], mode: MediaMode): void {
	const headers = { 'Content-Type': contentTypeOf(mode), Allow: allowHeader(methods) };
	if (method === 'OPTIONS') throw new EmptyAnswer(200, headers);
	if (!methods.includes(method)) throw new EmptyAnswer(405, headers);
}

function noRoute(request: ApiRequest): ApiError {
	const address = `http://${request.headers.host ?? '127.0.0.1'}${splitUrl(request.url)[0]}`;
	const detail = `No route found for "${request.method} ${address}".`;
	return new ApiError([{ status: 404, title: 'not found http exception', detail }]);
}

function splitUrl(url: string): [string, string] {
	const at = url.indexOf('?');
	return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

function toAnswer(error: unknown, mode: MediaMode): ApiAnswer {
	if (error instanceof ApiError) return errorAnswer(mode, error.status, error.errors);
	if (error instanceof EmptyAnswer) return { status: error.status, headers: error.headers, body: '' };
	if (error instanceof NegotiationError) {
		return errorAnswer('plain', error.status, [{ status: error.status, title: error.title, detail: error.detail }]);
	}
	if (error instanceof UniqueViolation) return errorAnswer(mode, 409, [alreadyExists()]);
	if (error instanceof DriverException) return errorAnswer(mode, 500, [driverException()]);
	if (error instanceof URIError) {
		return errorAnswer(mode, 400, [{ status: 400, title: 'bad request http exception', detail: 'Malformed address.' }]);
	}
	throw error;
}
