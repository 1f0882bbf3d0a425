import { ApiError, conflict, type ErrorItem } from '../errors';
import type { Resource, Row } from '../schema/types';
import type { Store } from '../store/store';
import type { SentResource } from '../write/request-data';

const refused = (detail: string): ApiError => {
	const error: ErrorItem = { status: 400, title: 'value constraint', detail, pointer: '/meta/upsert' };
	return new ApiError([error]);
};

/** The fields that `meta.upsert` looks a record up by; undefined when it is not asked for (orocrm-api.md §4.2). */
export function upsertFields(resource: Resource, sent: SentResource): string[] | undefined {
	const asked = sent.meta?.upsert;
	if (asked === undefined || asked === false) return undefined;
	if (!resource.upsert) throw refused('The upsert operation is not allowed.');
	const fields = Array.isArray(asked) ? asked.map(String) : ['id'];
	if (fields.length === 1 && fields[0] === 'id') {
		throw refused('The upsert operation cannot use the entity identifier to find an entity.');
	}
	const known = resource.upsert.some(
		(one) => one.length === fields.length && one.every((field) => fields.includes(field)),
	);
	if (known) return fields;
	throw refused(
		fields.length === 1
			? 'The upsert operation cannot use this field to find an entity.'
			: 'The upsert operation cannot use these fields to find an entity.',
	);
}

export function findForUpsert(store: Store, resource: Resource, sent: SentResource, fields: string[]): Row | undefined {
	const table = store.table(resource.type);
	const wanted = fields.map((field) => sent.attributes?.[field]);
	const found = table
		.index(fields[0]!)!
		.ids(wanted[0])
		.map((id) => table.get(id)!)
		.filter((row) => fields.every((field, i) => row[field] === wanted[i]));
	if (found.length > 1) throw new ApiError([conflict('The upsert operation found more than one entity.')]);
	return found[0];
}
