import type { ErrorItem } from '../errors';
import type { Row } from '../schema/types';
import type { IncludeTree } from './include';
import { RecordReader, type Document, type RenderOptions } from './json-api';

/** Builds answers of the plain format: no envelope, ids as numbers, associations as ids (orocrm-api.md §1.4). */
export class PlainRenderer extends RecordReader {
	record(type: string, row: Row, options: RenderOptions, tree: IncludeTree = {}): Document {
		const resource = this.context.store.resource(type);
		const shown = options.fields.get(type);
		const document: Document = { id: row.id };
		for (const [name, attribute] of Object.entries(resource.attributes)) {
			if (!attribute.writeOnly && (!shown || shown.has(name))) document[name] = this.attribute(row, name, attribute);
		}
		for (const [name, association] of Object.entries(resource.associations)) {
			if (shown && !shown.has(name)) continue;
			const targets = this.targets(resource, row, name, association);
			const one = (target: { type: string; id: string }): unknown => {
				const integer = this.context.store.resource(target.type).idType === 'integer';
				const id = integer ? Number(target.id) : target.id;
				const expanded = tree[name] && this.context.store.get(target.type, id);
				if (expanded) return this.record(target.type, expanded, options, tree[name]);
				return association.target === '*' ? { entity: target.type, id } : id;
			};
			document[name] = Array.isArray(targets) ? targets.map(one) : targets && one(targets);
		}
		return document;
	}
}

/** `source` is the name of the field, without a status (recording `negotiation.post.json_json.1`). */
export function plainErrors(errors: ErrorItem[]): Document[] {
	return errors.map(({ title, detail, pointer, parameter }) => {
		const source = parameter ?? plainSource(pointer);
		return { title, ...(detail === undefined ? {} : { detail }), ...(source === undefined ? {} : { source }) };
	});
}

function plainSource(pointer: string | undefined): string | undefined {
	const parts = (pointer ?? '')
		.split('/')
		.filter((part) => !['', 'data', 'attributes', 'relationships'].includes(part));
	return parts.length > 0 ? parts.join('.') : undefined;
}
