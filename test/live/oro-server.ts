import type { HttpRequest } from '../../http/request';
import { readOroCrmError } from '../../orocrm/errors';
import type { OroAccess } from './oro-access';

/** A record with its attributes and, as plain ids, its relationships. */
export type Flat = { id: string; type: string } & Record<string, unknown>;

interface Resource {
	type: string;
	id: string;
	attributes?: Record<string, unknown>;
	relationships?: Record<string, { data: Reference | Reference[] | null }>;
}

export interface Reference {
	type: string;
	id: string;
}

/** A record that is made along with another one; `id` is its name within the request. */
export interface NewIncluded extends Reference {
	attributes: Record<string, unknown>;
	relations?: Record<string, Reference>;
}

interface Answer {
	data?: Resource | Resource[] | null;
	included?: Resource[];
}

const JSON_API = 'application/vnd.api+json';
const PAGE = 1_000;
/** One `DELETE` of a list removes at most 100 rows, and leaves the rest without a word (orocrm-api.md §4.1). */
const DELETED_AT_ONCE = 50;

/** OroCRM's JSON:API by itself, without the package's code: for what the scenarios prepare and look at. */
export class OroServer {
	constructor(
		private readonly access: OroAccess,
		readonly apiUrl: string,
	) {}

	/** Rows of a list; all of them, page by page, in the order of their ids. */
	async list(type: string, query: Record<string, string> = {}): Promise<Flat[]> {
		const rows: Flat[] = [];
		let after = query['filter[id][gt]'] ?? '0';
		for (;;) {
			const page = { ...query, 'filter[id][gt]': after, sort: 'id', 'page[size]': String(PAGE) };
			const { data } = await this.request('GET', `/${type}?${encoded(page)}`);
			const some = (data as Resource[]).map(flat);
			rows.push(...some);
			if (some.length < PAGE) return rows;
			after = some[some.length - 1].id;
		}
	}

	/** One request as it is, for what is no plain list. */
	async query(type: string, query: Record<string, string>): Promise<Flat[]> {
		const { data } = await this.request('GET', `/${type}?${encoded(query)}`);
		return (data as Resource[]).map(flat);
	}

	async one(type: string, id: string): Promise<Flat | undefined> {
		const answer = await this.request('GET', `/${type}/${id}`, undefined, [404]);
		return answer.data ? flat(answer.data as Resource) : undefined;
	}

	/** A resource without an id in its address. */
	async single(type: string): Promise<Flat | undefined> {
		const answer = await this.request('GET', `/${type}`, undefined, [403, 404, 405]);
		return answer.data ? flat(answer.data as Resource) : undefined;
	}

	/** The highest id of a list: what is made later has a higher one. */
	async highestId(type: string): Promise<string> {
		const [row] = await this.query(type, { sort: '-id', 'page[size]': '1' });
		return row?.id ?? '0';
	}

	/** What one request for a list has in its `included`. */
	async queryIncluded(type: string, query: Record<string, string>): Promise<Flat[]> {
		const { included } = await this.request('GET', `/${type}?${encoded(query)}`);
		return (included ?? []).map(flat);
	}

	/** A record with what belongs to it. */
	async withIncluded(type: string, id: string, include: string): Promise<{ record: Flat; included: Flat[] }> {
		const answer = await this.request('GET', `/${type}/${id}?${encoded({ include })}`);
		return { record: flat(answer.data as Resource), included: (answer.included ?? []).map(flat) };
	}

	/**
	 * Makes a record. Relations are given as `{ case: to('cases', '7') }`; `included` is made in the same request.
	 *
	 * @param name by which what is included calls the record
	 */
	async make(
		type: string,
		attributes: Record<string, unknown>,
		relations: Record<string, Reference | Reference[]> = {},
		included: NewIncluded[] = [],
		name?: string,
	): Promise<Flat> {
		const more = included.map(({ relations: theirs = {}, ...one }) => ({ ...one, ...related(theirs) }));
		const { data } = await this.request('POST', `/${type}`, {
			data: { type, ...(name ? { id: name } : {}), attributes, ...related(relations) },
			...(more.length > 0 ? { included: more } : {}),
		});
		return flat(data as Resource);
	}

	async change(
		type: string,
		id: string,
		attributes: Record<string, unknown>,
		relations: Record<string, Reference | Reference[] | null> = {},
	): Promise<void> {
		const filled = Object.keys(attributes).length > 0 ? { attributes } : {};
		await this.request('PATCH', `/${type}/${id}`, { data: { type, id, ...filled, ...related(relations) } });
	}

	/** Removes records; gives back the ids of those that OroCRM doesn't let go. */
	async remove(type: string, ids: readonly string[]): Promise<string[]> {
		const refused: string[] = [];
		for (let i = 0; i < ids.length; i += DELETED_AT_ONCE) {
			const some = ids.slice(i, i + DELETED_AT_ONCE);
			try {
				await this.request('DELETE', `/${type}?${encoded({ 'filter[id]': some.join(',') })}`);
			} catch {
				for (const id of some) {
					await this.request('DELETE', `/${type}/${id}`, undefined, [404]).catch(() => refused.push(id));
				}
			}
		}
		return refused;
	}

	/** @param fine statuses besides 2xx that come back as an empty answer */
	private async request(
		method: HttpRequest['method'],
		path: string,
		body?: unknown,
		fine: number[] = [],
	): Promise<Answer> {
		const request: HttpRequest = {
			method,
			url: `${this.apiUrl}${path}`,
			headers: {
				Accept: JSON_API,
				'X-Include': 'noHateoas',
				...(body === undefined ? {} : { 'Content-Type': JSON_API }),
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		};
		const response = await this.access.exchange(request);
		if (fine.includes(response.status) || response.status === 204) return {};
		if (response.status < 200 || response.status >= 300) throw readOroCrmError(request, response);
		return JSON.parse(response.text) as Answer;
	}
}

export const to = (type: string, id: string): Reference => ({ type, id });

function related(relations: Record<string, Reference | Reference[] | null>) {
	const entries = Object.entries(relations).map(([name, data]) => [name, { data }]);
	return entries.length > 0 ? { relationships: Object.fromEntries(entries) as Record<string, unknown> } : {};
}

function flat(resource: Resource): Flat {
	const relations = Object.entries(resource.relationships ?? {}).map(([name, { data }]) => [
		name,
		Array.isArray(data) ? data.map(({ id }) => id) : (data?.id ?? null),
	]);
	return { id: resource.id, type: resource.type, ...resource.attributes, ...Object.fromEntries(relations) };
}

function encoded(query: Record<string, string>): string {
	return Object.entries(query)
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
		.join('&');
}
