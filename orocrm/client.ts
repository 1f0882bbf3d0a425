import type { AdaptiveLimit } from '../http/adaptive-limit';
import { ApiError } from '../http/api-error';
import { describeRequest } from '../http/describe';
import { parseJson } from '../http/json';
import { insteadOfData, whoMayAnswer } from '../http/instead-of-data';
import { ConnectionError } from '../http/request';
import type { HttpRequest, HttpResponse, Send } from '../http/request';
import { defaultRetryPolicy, pauseAfter, waitBeforeRepeat } from '../http/retry';
import type { RetryPolicy } from '../http/retry';
import type { Time } from '../http/time';
import { allowedPageSize, readOroCrmError } from './errors';
import type { JoinedDocument } from './joined-documents';
import type { BatchAnswer, TicketBatches } from './ticket-batches';
import type { OroDocument, Resource, WriteDocument } from './types';

const JSON_API = 'application/vnd.api+json';

/** A request line over 8 KB is a 414 behind nginx's default buffers (orocrm-api.md §1.1); longer filters go in the body. */
const LONGEST_QUERY = 4_000;

export interface ListQuery {
	/** Filter by field or path, e.g. `{ originId: ['1', '2'], 'id[gt]': '7' }`. Lists are joined with commas. */
	filter?: Record<string, string | readonly string[]>;
	/** Fields by resource type; what is absent comes in full. */
	fields?: Record<string, readonly string[]>;
	include?: readonly string[];
	sort?: string;
	pageSize?: number;
	pageNumber?: number;
}

/**
 * OroCRM's JSON:API. Reads are repeated when they fail for a passing reason; a write only when its answer says that it was
 * refused before any work, for after a lost answer the caller has to look first.
 */
export class OroCrmClient {
	private largestPage = Number.POSITIVE_INFINITY;
	/** Puts new ticket records into batches; absent where nobody writes many. */
	batches: TicketBatches | undefined;
	/** How many requests may be under way; absent where whoever calls sees to it. */
	limit: AdaptiveLimit | undefined;

	constructor(
		/** Application address without a slash at its end, e.g. `https://crm.example.com`. */
		readonly baseUrl: string,
		/** `/api`, or `/admin/api` with OroCommerce. */
		readonly apiPath: string,
		private readonly send: Send,
		private readonly time: Time,
		private readonly policy: RetryPolicy = defaultRetryPolicy,
	) {}

	get apiUrl(): string {
		return `${this.baseUrl}${this.apiPath}`;
	}

	/** One page of a list, as a GET, or as a POST with the method override when the query is long. */
	async list(type: string, query: ListQuery = {}): Promise<{ data: Resource[]; included: Resource[] }> {
		const parameters = listParameters(query);
		const queryString = parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
		const request: HttpRequest =
			queryString.length <= LONGEST_QUERY
				? { method: 'GET', url: `${this.apiUrl}/${type}${queryString ? `?${queryString}` : ''}`, headers: this.headers() }
				: {
						method: 'POST',
						url: `${this.apiUrl}/${type}`,
						headers: { ...this.headers(), 'Content-Type': JSON_API, 'X-HTTP-Method-Override': 'GET' },
						body: JSON.stringify(overrideBody(query)),
					};
		const document = await this.exchange(request, true);
		return { data: Array.isArray(document.data) ? document.data : [], included: document.included ?? [] };
	}

	/** All rows of a list that has no paging worth keeping in one request, page by page. Rows are in the order of their ids. */
	async listAll(type: string, query: Omit<ListQuery, 'pageNumber'> & { pageSize: number }): Promise<{ data: Resource[]; included: Resource[] }> {
		const all: { data: Resource[]; included: Resource[] } = { data: [], included: [] };
		for (let pageNumber = 1; ; pageNumber++) {
			const page = await this.listPage(type, { sort: 'id', ...query, pageNumber });
			all.data.push(...page.data);
			all.included.push(...page.included);
			if (!page.full) return all;
		}
	}

	/** One page, as large as asked or as this server allows; `full` says that there may be more. */
	async listPage(type: string, query: ListQuery & { pageSize: number }): Promise<{ data: Resource[]; included: Resource[]; full: boolean }> {
		for (;;) {
			const pageSize = Math.min(query.pageSize, this.largestPage);
			try {
				const page = await this.list(type, { ...query, pageSize });
				return { ...page, full: page.data.length >= pageSize };
			} catch (error) {
				const allowed = allowedPageSize(error);
				if (allowed === undefined || allowed >= pageSize) throw error;
				// An administrator may have set a limit; there is none by default. Pages of another size begin anew.
				this.largestPage = allowed;
				if ((query.pageNumber ?? 1) > 1) throw error;
			}
		}
	}

	/** The rows after an id, a page of them. `filter[id][gt]` works on every version. */
	async listAfter(type: string, id: number, fields: readonly string[], size: number): Promise<{ data: Resource[]; full: boolean }> {
		return await this.listPage(type, { filter: { 'id[gt]': String(id) }, fields: { [type]: fields }, sort: 'id', pageSize: size });
	}

	/** One record, or undefined when there is none. */
	async read(type: string, id: string, query: Pick<ListQuery, 'fields' | 'include'> = {}): Promise<{ data: Resource; included: Resource[] } | undefined> {
		const parameters = listParameters(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
		const request: HttpRequest = { method: 'GET', url: `${this.apiUrl}/${type}/${encodeURIComponent(id)}${parameters.length ? `?${parameters.join('&')}` : ''}`, headers: this.headers() };
		try {
			const document = await this.exchange(request, true);
			return document.data && !Array.isArray(document.data) ? { data: document.data, included: document.included ?? [] } : undefined;
		} catch (error) {
			if (error instanceof ApiError && error.status === 404 && /does not exist/i.test(error.words)) return undefined;
			throw error;
		}
	}

	/** The id of a resource that has no id in its address, like `userprofile`. */
	async readSingle(type: string): Promise<string | undefined> {
		const document = await this.exchange({ method: 'GET', url: `${this.apiUrl}/${type}`, headers: this.headers() }, true);
		return document.data && !Array.isArray(document.data) ? document.data.id : undefined;
	}

	/** Creates a record with everything in `included`; the answer holds the new ids. New ticket records may go together in a batch. */
	async create(type: string, document: WriteDocument): Promise<OroDocument> {
		if (type === 'zendesktickets' && this.batches) return await this.batches.create(document);
		return await this.createAlone(type, document);
	}

	/** Creates a record by a request of its own. */
	async createAlone(type: string, document: WriteDocument): Promise<OroDocument> {
		return await this.exchange({ method: 'POST', url: `${this.apiUrl}/${type}`, headers: this.writeHeaders(), body: JSON.stringify(document) }, false);
	}

	/** Creates several records in one transaction: a synchronous batch (orocrm-api.md §4.3), only with the overlay and from 6.1 on. */
	async createTogether(type: string, document: JoinedDocument): Promise<BatchAnswer> {
		const headers = { ...this.writeHeaders(), 'X-Mode': 'sync' };
		const { status, body } = await this.answerTo({ method: 'PATCH', url: `${this.apiUrl}/${type}`, headers, body: JSON.stringify(document) }, false);
		return { status, document: body };
	}

	/** Changes a record, and in the same transaction what is in `included`. */
	async update(type: string, id: string, document: WriteDocument): Promise<OroDocument> {
		// Without new rows the same change may be sent twice with the same effect.
		const safeToRepeat = (document.included ?? []).every((resource) => resource.meta?.update === true);
		return await this.exchange({ method: 'PATCH', url: `${this.apiUrl}/${type}/${encodeURIComponent(id)}`, headers: this.writeHeaders(), body: JSON.stringify(document) }, safeToRepeat);
	}

	/** Deletes one record. One that is gone already is fine. */
	async remove(type: string, id: string): Promise<void> {
		try {
			await this.exchange({ method: 'DELETE', url: `${this.apiUrl}/${type}/${encodeURIComponent(id)}`, headers: this.headers() }, true);
		} catch (error) {
			if (!(error instanceof ApiError && error.status === 404)) throw error;
		}
	}

	private headers(): Record<string, string> {
		return { Accept: JSON_API, 'X-Include': 'noHateoas' };
	}

	private writeHeaders(): Record<string, string> {
		return { ...this.headers(), 'Content-Type': JSON_API };
	}

	private async exchange(request: HttpRequest, safeToRepeat: boolean): Promise<OroDocument> {
		return (await this.answerTo(request, safeToRepeat)).body;
	}

	private async answerTo(request: HttpRequest, safeToRepeat: boolean): Promise<{ status: number; body: OroDocument }> {
		for (let attempt = 1; ; attempt++) {
			let response: HttpResponse;
			try {
				response = await this.sendWithinLimit(request);
			} catch (error) {
				if (!(error instanceof ConnectionError)) throw error;
				const mayRepeat = (safeToRepeat || error.neverSent) && attempt < this.policy.attempts;
				if (!mayRepeat) {
					throw new ApiError('OroCRM', describeRequest(request), undefined, error.message, 'Check that OroCRM is up and can be reached from n8n, and the URL in the OroCRM credential. The sync tries again by itself.');
				}
				await this.time.sleep(pauseAfter(attempt, this.policy));
				continue;
			}
			// OroCRM's own words in a 500 mean a value that doesn't fit: the same request gives the same (orocrm-api.md §1.5).
			const final = response.status === 500 && readOroCrmError(request, response).code !== '';
			const wait = final ? undefined : waitBeforeRepeat(response, attempt, safeToRepeat, this.policy);
			if (wait !== undefined) {
				await this.time.sleep(wait);
				continue;
			}
			if (response.status === 204) return { status: 204, body: { data: null } };
			if (response.status < 200 || response.status >= 300) throw readOroCrmError(request, response);
			const body = parseJson(response.text);
			if (typeof body === 'object' && body !== null && 'data' in body) return { status: response.status, body: body as OroDocument };
			if (!safeToRepeat || attempt >= this.policy.attempts) throw noDocument(request, response);
			await this.time.sleep(pauseAfter(attempt, this.policy));
		}
	}

	private async sendWithinLimit(request: HttpRequest): Promise<HttpResponse> {
		if (!this.limit) return await this.send(request);
		return await this.limit.run(this.kindOf(request), () => this.send(request), isTrouble);
	}

	/** `POST contacts`; a batch has its time by itself, however many are in it. */
	private kindOf({ headers, method, url }: HttpRequest): string {
		const [, type] = /^\/([a-z]+)/.exec(url.slice(this.apiUrl.length)) ?? [];
		return headers['X-Mode'] ? 'batch' : `${headers['X-HTTP-Method-Override'] ?? method} ${type}`;
	}
}

/** A lost answer, so without a status: a write may have been carried out. */
function noDocument(request: HttpRequest, { text }: HttpResponse): ApiError {
	return new ApiError(
		'OroCRM',
		describeRequest(request),
		undefined,
		insteadOfData(text),
		`${whoMayAnswer(request.url)} If it stays, check the URL and the API path in the OroCRM credential. The sync tries again by itself.`,
	);
}

/** The server has too much to do, or is ill. OroCRM's own words in a 500 are about a value. */
function isTrouble({ status, text }: HttpResponse): boolean {
	return status === 429 || status > 500 || (status === 500 && !/"errors"/.test(text));
}

function listParameters(query: ListQuery): Array<[string, string]> {
	const parameters: Array<[string, string]> = [];
	for (const [field, value] of Object.entries(query.filter ?? {})) parameters.push([filterName(field), joined(value)]);
	if (query.include?.length) parameters.push(['include', query.include.join(',')]);
	for (const [type, names] of Object.entries(query.fields ?? {})) parameters.push([`fields[${type}]`, names.join(',')]);
	if (query.sort) parameters.push(['sort', query.sort]);
	if (query.pageSize !== undefined) parameters.push(['page[size]', String(query.pageSize)]);
	if (query.pageNumber !== undefined && query.pageNumber > 1) parameters.push(['page[number]', String(query.pageNumber)]);
	return parameters;
}

/** `id[gt]` → `filter[id][gt]`. */
function filterName(field: string): string {
	const [, name, operator] = /^([^[]+)(\[[a-z_]+\])?$/.exec(field) ?? [];
	return `filter[${name}]${operator ?? ''}`;
}

/** The same query as a body; every value must be a string, a number is a 500 (orocrm-api.md §9). */
function overrideBody(query: ListQuery): Record<string, unknown> {
	const filter: Record<string, unknown> = {};
	for (const [field, value] of Object.entries(query.filter ?? {})) {
		const [, name, operator] = /^([^[]+)(?:\[([a-z_]+)\])?$/.exec(field) ?? [];
		filter[name] = operator ? { [operator]: joined(value) } : joined(value);
	}
	const body: Record<string, unknown> = { filter };
	if (query.include?.length) body.include = query.include.join(',');
	if (query.fields) body.fields = Object.fromEntries(Object.entries(query.fields).map(([type, names]) => [type, names.join(',')]));
	if (query.sort) body.sort = query.sort;
	const page: Record<string, string> = {};
	if (query.pageSize !== undefined) page.size = String(query.pageSize);
	if (query.pageNumber !== undefined && query.pageNumber > 1) page.number = String(query.pageNumber);
	if (Object.keys(page).length > 0) body.page = page;
	return body;
}

function joined(value: string | readonly string[]): string {
	return typeof value === 'string' ? value : value.join(',');
}
