import type { RelationshipData, Resource, ResourceId, WriteDocument } from '../../../orocrm/types';
import type { Plan } from '../../../sync/plan';

/** The document that a plan would send; fails when it would send none. */
export function documentOf(plan: Pick<Plan, 'write'>): WriteDocument {
	if (!plan.write) throw new Error('Nothing would be written.');
	return plan.write.document;
}

export function includedOf(document: WriteDocument, type: string): Resource[] {
	return (document.included ?? []).filter((resource) => resource.type === type);
}

/** The only record of a type in `included`. */
export function only(document: WriteDocument, type: string): Resource {
	const found = includedOf(document, type);
	if (found.length !== 1) throw new Error(`${found.length} records of type ${type} instead of one.`);
	return found[0];
}

export function linked(resource: Resource, name: string): string | null | undefined {
	const data: RelationshipData | undefined = resource.relationships?.[name]?.data;
	if (data === undefined) return undefined;
	return data === null ? null : (data as ResourceId).id;
}
