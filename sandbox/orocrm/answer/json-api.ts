import type { Association, Attribute, Id, Pointer, Resource, Row } from '../schema/types';
import type { AnswerContext } from './context';

export interface Identifier {
	type: string;
	id: string;
}

export type Document = Record<string, unknown>;

export interface RenderOptions {
	/** Fields to show per type; absent: all. */
	fields: Map<string, Set<string>>;
	metaTitle: boolean;
}

export const everything: RenderOptions = { fields: new Map(), metaTitle: false };

/** Reads one record's fields as they go into an answer. */
export class RecordReader {
	constructor(protected readonly context: AnswerContext) {}

	attribute(row: Row, name: string, attribute: Attribute): unknown {
		const value = row[name] ?? null;
		if (attribute.type === 'bigint' && value !== null) return String(value);
		if (attribute.type === 'emails') return (value as string[]).map((email) => ({ email }));
		if (attribute.type === 'phones') return (value as string[]).map((phone) => ({ phone }));
		return value;
	}

	/** What an association leads to. Records of a type that the caller may not read are not there (recording `cases.show.sales_rep.1`). */
	targets(resource: Resource, row: Row, name: string, association: Association): Identifier | Identifier[] | null {
		const readable = (type: string): boolean => this.context.access.mayType(type, 'VIEW');
		if (association.target !== '*' && !readable(association.target)) return association.many ? [] : null;
		if (association.many) {
			const ids = this.context.store.relatedIds(resource.type, row, name).slice(0, this.context.features.maxRelated);
			return ids.map((id) => identifierOf(association, id)).filter((target) => readable(target.type));
		}
		const value = row[name] as Id | Pointer | null | undefined;
		if (value === null || value === undefined) return null;
		const target = identifierOf(association, value);
		return readable(target.type) ? target : null;
	}

	isCut(resource: Resource, row: Row, name: string, association: Association): boolean {
		if (!association.many) return false;
		return this.context.store.relatedIds(resource.type, row, name).length > this.context.features.maxRelated;
	}
}

function identifierOf(association: Association, value: Id | Pointer): Identifier {
	if (typeof value === 'object') return { type: value.type, id: String(value.id) };
	return { type: association.target, id: String(value) };
}

/** Builds resource objects of JSON:API, keys in OroCRM's order: type, id, meta, links, attributes, relationships. */
export class JsonApiRenderer extends RecordReader {
	resourceObject(
		type: string,
		row: Row,
		options: RenderOptions,
		meta: Document = {},
		emptied: Set<string> = new Set(),
	): Document {
		const resource = this.context.store.resource(type);
		const shown = options.fields.get(type);
		const isShown = (name: string): boolean => !shown || shown.has(name);
		const object: Document = { type, id: String(row.id) };
		const allMeta = options.metaTitle && resource.title ? { ...meta, title: resource.title(row) } : meta;
		if (Object.keys(allMeta).length > 0) object.meta = allMeta;
		const self = `${this.context.apiUrl}/${type}/${row.id}`;
		if (this.context.hateoas) object.links = { self };
		const attributes: Document = {};
		for (const [name, attribute] of Object.entries(resource.attributes)) {
			if (!attribute.writeOnly && isShown(name)) attributes[name] = this.attribute(row, name, attribute);
		}
		if (Object.keys(attributes).length > 0) object.attributes = attributes;
		const relationships: Document = {};
		for (const [name, association] of Object.entries(resource.associations)) {
			if (!isShown(name)) continue;
			const data = emptied.has(name) ? [] : this.targets(resource, row, name, association);
			const links = this.relationshipLinks(resource, row, name, association, self);
			relationships[name] = links ? { links, data } : { data };
		}
		if (Object.keys(relationships).length > 0) object.relationships = relationships;
		return object;
	}

	private relationshipLinks(
		resource: Resource,
		row: Row,
		name: string,
		association: Association,
		self: string,
	): Document | undefined {
		if (!this.context.hateoas || association.noLinks || resource.noRelationshipLinks) return undefined;
		const links: Document = { self: `${self}/relationships/${name}`, related: `${self}/${name}` };
		if (this.isCut(resource, row, name, association)) links.next = `${self}/${name}?page%5Bnumber%5D=2`;
		return links;
	}
}
