import type { Resource } from '../schema/types';
import type { JsonObject, SentResource } from '../write/request-data';

/** The body of the plain format as a resource object: associations are ids there (orocrm-api.md §1.4). */
export function plainToResource(resource: Resource, document: JsonObject, id?: string): SentResource {
	const sent: SentResource = { type: resource.type, attributes: {}, relationships: {} };
	if (id !== undefined) sent.id = id;
	for (const [name, value] of Object.entries(document)) {
		const association = resource.associations[name];
		if (name === 'id' && id !== undefined) continue;
		if (!association) sent.attributes![name] = value;
		else if (value === null) sent.relationships![name] = { data: null };
		else {
			const one = (target: unknown): JsonObject => ({ type: association.target, id: String(target) });
			sent.relationships![name] = { data: Array.isArray(value) ? value.map(one) : one(value) };
		}
	}
	return sent;
}
