import fc from 'fast-check';
import type { Send } from '../../../http/request';
import type { RelationshipData, Resource } from '../../../orocrm/types';
import { odd, oddValue } from './odd-records';

/**
 * Two servers whose answers are odd: in a share of their records some parts are missing or of another kind. A record is odd in the same
 * way in every answer, as one that is stored so would be. What ties records to each other stays: whoever breaks that has another database,
 * not a bad record.
 */
export class BentAnswers {
	/** Records that came with odd parts, by their name. */
	readonly bent = new Set<string>();
	/** Names of records that stay whole, like `user 7`. */
	readonly spared = new Set<string>();
	private isOn = false;
	/** Requests since they are odd: how many times each, by what was asked. */
	private readonly asked = new Map<string, number>();

	constructor(
		private readonly seed: number,
		/** How many of a hundred records are odd. */
		private readonly share: number,
	) {}

	on(): void {
		this.isOn = true;
	}

	off(): void {
		this.isOn = false;
	}

	/** Bends what comes through this sender. */
	readonly wrap = (send: Send): Send => {
		return async (request) => {
			if (this.isOn) this.count(`${request.method} ${request.url.replace(/^https?:\/\/[^/]+|\?.*$/g, '')}`);
			const answer = await send(request);
			if (!this.isOn || answer.status >= 300 || !answer.text.startsWith('{')) return answer;
			const body = JSON.parse(answer.text) as Record<string, unknown>;
			return { ...answer, text: JSON.stringify('data' in body ? this.ofOroCrm(body) : this.ofZendesk(body)) };
		};
	};

	/** An odd record may cost a few tries more, and never a storm. */
	private count(asked: string): void {
		const times = (this.asked.get(asked) ?? 0) + 1;
		this.asked.set(asked, times);
		if (times > MOST_ALIKE) throw new Error(`More than ${MOST_ALIKE} requests are ${asked}.`);
	}

	private ofOroCrm(body: Record<string, unknown>): object {
		const { data, included } = body as { data: Resource | Resource[] | null; included?: Resource[] };
		return {
			...body,
			data: Array.isArray(data) ? data.map((resource) => this.resource(resource)) : data && this.resource(data),
			...(included ? { included: included.map((resource) => this.resource(resource)) } : {}),
		};
	}

	private resource(resource: Resource): Resource {
		const { type, id, attributes = {}, relationships = {} } = resource;
		const kept = KEPT_OF_OROCRM[type];
		const name = `${type} ${id}`;
		if (!kept || !this.isOdd(name)) return resource;
		return {
			...resource,
			attributes: this.oddly(name, attributes, kept, oddValue),
			relationships: this.oddly(`${name}'s ties`, relationships, kept, oddTie) as Record<string, { data: RelationshipData }>,
		};
	}

	private ofZendesk(body: Record<string, unknown>): object {
		const bent = { ...body };
		for (const [name, kept] of Object.entries(KEPT_OF_ZENDESK)) {
			const list = body[`${name}s`];
			if (Array.isArray(list)) bent[`${name}s`] = list.map((entry: { id: number }) => this.object(name, entry, kept));
			else if (body[name] && typeof body[name] === 'object') bent[name] = this.object(name, body[name] as { id: number }, kept);
		}
		return bent;
	}

	private object<T extends { id: number }>(type: string, entry: T, kept: readonly string[]): T {
		const name = `${type} ${entry.id}`;
		// Without its mark nobody can know what came from here.
		const keeps = type === 'comment' && JSON.stringify(entry).includes('"orocrm_') ? [...kept, 'metadata'] : kept;
		return this.isOdd(name) ? this.oddly(name, entry, keeps, oddValue) : entry;
	}

	private isOdd(name: string): boolean {
		return !this.spared.has(name) && this.number(`whether ${name}`) % 100 < this.share;
	}

	private oddly<T extends object>(name: string, record: T, kept: readonly string[], values: fc.Arbitrary<unknown>): T {
		this.bent.add(name);
		// The same parts, whichever of them were asked for: else a record would be odd in another way in each answer.
		const changed = { ...record } as Record<string, unknown>;
		for (const part of Object.keys(record)) {
			if (kept.includes(part) || this.number(`${name} ${part}`) % 3 !== 0) continue;
			const [only] = fc.sample(odd({ [part]: (record as Record<string, unknown>)[part] }, [], values), { seed: this.number(`${name} as ${part}`), numRuns: 1 });
			// That something is public is no odd value: nobody could tell that it isn't.
			if (part in only) changed[part] = part === 'public' && only[part] === true ? 'true' : only[part];
			else delete changed[part];
		}
		return changed as T;
	}

	/** A number that stands for a name, the same as long as the seed is. */
	private number(name: string): number {
		let hash = 2_166_136_261 ^ this.seed;
		for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16_777_619);
		hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
		return (hash ^ (hash >>> 13)) >>> 0;
	}
}

/** More requests of one kind than any honest round has. */
const MOST_ALIKE = 500;

/** Parts that stay, by type; a type that isn't here stays whole. */
const KEPT_OF_OROCRM: Record<string, readonly string[]> = {
	cases: ['externalId'],
	casecomments: ['case'],
	contacts: [],
	users: [],
	zendeskusers: ['originId', 'relatedContact', 'relatedUser', 'channel'],
	zendesktickets: ['originId', 'relatedCase', 'channel'],
};
const KEPT_OF_ZENDESK: Record<string, readonly string[]> = {
	ticket: ['id', 'external_id', 'updated_at', 'url'],
	comment: ['id'],
	user: ['id'],
	audit: ['id', 'ticket_id'],
};

/** What may stand where JSON:API has a relationship. */
const oddTie: fc.Arbitrary<unknown> = fc.constantFrom<unknown[]>(
	null,
	undefined,
	{},
	'1',
	[],
	{ data: null },
	{ data: [] },
	{ data: {} },
	{ data: 'open' },
	{ data: [null] },
	{ data: { type: 'users', id: null } },
	{ data: { type: 'users', id: 1 } },
	{ data: { type: 'users', id: '0' } },
	{ data: { type: 'nothing', id: '9007199254740993' } },
	{ data: { type: 'nothing', id: '__proto__' } },
);
