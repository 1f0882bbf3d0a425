import type { OroDocument, RelationshipData, Resource, ResourceId, WriteDocument } from './types';

/**
 * Several creations in the one document of a synchronous batch, and the answer taken apart again. OroCRM's limits for a batch
 * (orocrm-api.md §4.3, §9), and one of ours for its size: PHP takes 8 MB by default.
 */
export const BATCH_LIMITS = { primary: 100, included: 50, characters: 1_000_000 };

/** A batch's document. */
export interface JoinedDocument {
	data: Resource[];
	included?: Resource[];
}

/**
 * The creation as it may stand in a batch, or undefined when it can't.
 *
 * - It must be protected by the database: with its channel, a second record of the same number is refused. A batch that OroCRM works off
 *   later than it was waited for then makes nothing twice.
 * - A batch finds the records of `included` by following relationships forward from the primary record (OroPlatform:
 *   `ApiBundle/Batch/IncludeMapManager`); a single request takes links in either direction. So the primary record names its comment
 *   rows, which name it.
 */
export function forBatch(document: WriteDocument): WriteDocument | undefined {
	const { data, included = [] } = document;
	const channel = data.relationships?.channel?.data;
	if (!channel || Array.isArray(channel) || data.attributes?.originId === undefined || included.length > BATCH_LIMITS.included) return undefined;
	const rows = included.filter((resource) => resource.type === 'zendeskticketcomments' && !resource.meta?.update && namesIt(resource, data));
	const linked: WriteDocument =
		rows.length === 0 ? document : { ...document, data: { ...data, relationships: { ...data.relationships, comments: { data: rows.map(({ type, id }) => ({ type, id })) } } } };
	return reachable(linked).size === included.length ? linked : undefined;
}

function namesIt(row: Resource, { type, id }: Resource): boolean {
	return identifiers(row).some((link) => link.type === type && link.id === id);
}

/** Records of `included` to which relationships lead from the primary one. */
function reachable({ data, included = [] }: WriteDocument): Set<Resource> {
	const byKey = new Map(included.map((resource) => [keyOf(resource), resource]));
	const found = new Set<Resource>();
	const next = [data];
	for (let resource = next.pop(); resource; resource = next.pop()) {
		for (const link of identifiers(resource)) {
			const target = byKey.get(keyOf(link));
			if (!target || found.has(target)) continue;
			found.add(target);
			next.push(target);
		}
	}
	return found;
}

/** How many of these, from the first on, fit into one batch: at least one, and no record that exists is changed by two of them. */
export function fitting(documents: readonly WriteDocument[]): number {
	let included = 0;
	let characters = 0;
	const changed = new Set<string>();
	for (const [index, document] of documents.entries()) {
		const updates = (document.included ?? []).filter((resource) => resource.meta?.update === true).map(keyOf);
		included += document.included?.length ?? 0;
		characters += JSON.stringify(document).length;
		const isTooMuch = index >= BATCH_LIMITS.primary || included > BATCH_LIMITS.included || characters > BATCH_LIMITS.characters;
		if (index > 0 && (isTooMuch || updates.some((key) => changed.has(key)))) return index;
		for (const key of updates) changed.add(key);
	}
	return documents.length;
}

/** One document; the names of new records get the number of theirs before them, so that none is there twice. */
export function joined(documents: readonly WriteDocument[]): JoinedDocument {
	const parts = documents.map((document, index) => renamed(document, index));
	const included = parts.flatMap((part) => part.included ?? []);
	return { data: parts.map((part) => part.data), ...(included.length > 0 ? { included } : {}) };
}

function renamed(document: WriteDocument, index: number): WriteDocument {
	const fresh = new Set([document.data, ...(document.included ?? [])].filter((resource) => resource.meta?.update !== true).map(keyOf));
	const name = <T extends ResourceId>(link: T): T => (fresh.has(keyOf(link)) ? { ...link, id: `${index}:${link.id}` } : link);
	const target = (data: RelationshipData): RelationshipData => (Array.isArray(data) ? data.map(name) : data && name(data));
	const resource = (one: Resource): Resource => ({
		...name(one),
		...(one.relationships ? { relationships: Object.fromEntries(Object.entries(one.relationships).map(([key, { data }]) => [key, { data: target(data) }])) } : {}),
	});
	return { data: resource(document.data), ...(document.included ? { included: document.included.map(resource) } : {}) };
}

/**
 * The answer to each document, as if it had been the only one; undefined when the batch's answer doesn't account for every record that
 * was sent. Primary records come in the order of the request; included ones carry their name (recording `overlay.zendesktickets.batch.sync.1`).
 */
export function apart(documents: readonly WriteDocument[], answer: OroDocument): OroDocument[] | undefined {
	const { data } = answer;
	if (!Array.isArray(data) || data.length !== documents.length) return undefined;
	const byName = new Map((answer.included ?? []).map((resource) => [`${resource.type} ${resource.meta?.includeId ?? resource.id}`, resource]));
	const answers: OroDocument[] = [];
	for (const [index, document] of documents.entries()) {
		const primary = data[index];
		if (primary.meta?.dataId !== undefined && primary.meta.dataId !== `${index}:${document.data.id}`) return undefined;
		const included: Resource[] = [];
		for (const { type, id, meta } of document.included ?? []) {
			const found = byName.get(`${type} ${meta?.update ? id : `${index}:${id}`}`);
			if (!found) return undefined;
			included.push({ ...found, meta: { ...found.meta, includeId: id } });
		}
		const own = { ...primary };
		delete own.meta;
		answers.push({ data: own, ...(included.length > 0 ? { included } : {}) });
	}
	return answers;
}

function identifiers(resource: Resource): ResourceId[] {
	return Object.values(resource.relationships ?? {}).flatMap(({ data }) => data ?? []);
}

function keyOf({ type, id }: ResourceId): string {
	return `${type} ${id}`;
}
