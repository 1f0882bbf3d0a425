import type { Access } from '../access';
import { accessDenied, ApiError, requestData, type ErrorItem } from '../errors';
import { validate } from '../rules/validation';
import type { Id, Resource } from '../schema/types';
import type { Store } from '../store/store';
import { submit } from './form';
import { errorsOf, isPlanItem, type PlanItem, type Target } from './plan';
import { RequestDataValidator, type SentResource } from './request-data';

export interface WritePlan {
	primaries: PlanItem[];
	included: PlanItem[];
}

const CONNECTED =
	'The entity should have a relationship with the primary entity and this should be explicitly specified in the request';

/** Collects what a write request makes and changes, checks all of it and throws all errors at once (orocrm-api.md §4.1). */
export class Preparation {
	private readonly byKey = new Map<string, PlanItem>();

	constructor(
		private readonly store: Store,
		private readonly access: Access,
	) {}

	prepare(primaries: PlanItem[], included: SentResource[]): WritePlan {
		for (const item of primaries) this.register(item, item.existing ? String(item.existing.id) : item.sent.id);
		const plan = { primaries, included: this.loadIncluded(included) };
		this.requireConnections(plan);
		const items = [...plan.primaries, ...plan.included];
		const malformed = items.flatMap((item) => this.malformed(item));
		if (malformed.length > 0) throw new ApiError(malformed);
		for (const item of items) submit(item, (type, id) => this.resolve(type, id));
		for (const item of items) linkMembers(item);
		for (const item of items) validate(this.store, item);
		const errors = items.flatMap(errorsOf);
		if (errors.length > 0) throw new ApiError(errors);
		return plan;
	}

	/** A record of this request first, then one that is there. */
	resolve(type: string, id: string): Target | undefined {
		const item = this.byKey.get(`${type}:${id}`);
		if (item) return item;
		const resource = this.store.schema.get(type)!;
		const row = this.store.get(type, toId(resource, id));
		return row && row.id;
	}

	private register(item: PlanItem, id: string | undefined): void {
		if (id !== undefined) this.byKey.set(`${item.resource.type}:${id}`, item);
	}

	private loadIncluded(included: SentResource[]): PlanItem[] {
		const errors: ErrorItem[] = [];
		const items = included.map((sent, i): PlanItem | undefined => {
			const pointer = `/included/${i}`;
			const resource = this.store.schema.get(sent.type);
			if (!resource) {
				errors.push(unknownType(sent.type, `${pointer}/type`));
				return undefined;
			}
			const item = newItem(resource, sent, pointer);
			const update = sent.meta?.update === true;
			if (!this.access.mayType(sent.type, update ? 'EDIT' : 'CREATE')) {
				errors.push({ ...accessDenied('No access to this type of entities.'), pointer });
			}
			if (update) {
				const row = this.store.get(sent.type, toId(resource, sent.id!));
				if (row) item.existing = row;
				else errors.push({ status: 400, title: 'form constraint', detail: 'The entity does not exist.', pointer });
			}
			this.register(item, sent.id);
			return item;
		});
		if (errors.length > 0) throw new ApiError(errors);
		return items as PlanItem[];
	}

	/** Every included record must hang together with a primary one, over others if need be, in either direction. */
	private requireConnections(plan: WritePlan): void {
		const neighbours = new Map<PlanItem, Set<PlanItem>>();
		for (const item of [...plan.primaries, ...plan.included]) neighbours.set(item, new Set());
		for (const [item, near] of neighbours) {
			for (const { type, id } of identifiersOf(item.sent)) {
				const other = this.byKey.get(`${type}:${id}`);
				if (!other || other === item) continue;
				near.add(other);
				neighbours.get(other)!.add(item);
			}
		}
		const reached = new Set<PlanItem>(plan.primaries);
		for (const item of reached) for (const near of neighbours.get(item)!) reached.add(near);
		const orphans = plan.included.filter((item) => !reached.has(item));
		if (orphans.length > 0) throw new ApiError(orphans.map((item) => requestData(CONNECTED, item.pointer)));
	}

	/** What is wrong with a record before its values are looked at: its shape, the types and ids that it names. */
	private malformed(item: PlanItem): ErrorItem[] {
		const validator = new RequestDataValidator();
		if (item.pointer.startsWith('/included')) validator.validateIncludedFields({ ...item.sent }, item.pointer);
		if (validator.errors.length > 0) return validator.errors;
		const errors: ErrorItem[] = [];
		for (const [name, relationship] of Object.entries(item.sent.relationships ?? {})) {
			const association = item.resource.associations[name];
			const { data } = relationship;
			const many = Array.isArray(data);
			listOf(data).forEach((identifier, i) => {
				const pointer = `${item.pointer}/relationships/${name}/data${many ? `/${i}` : ''}`;
				const accepted = association && (association.target === '*' ? association.accepts : [association.target]);
				errors.push(...this.identifierErrors(identifier, pointer, accepted));
			});
		}
		return errors;
	}

	identifierErrors(
		identifier: { type: string; id: string },
		pointer: string,
		accepted: string[] | undefined,
	): ErrorItem[] {
		const resource = this.store.schema.get(identifier.type);
		if (!resource) return [unknownType(identifier.type, `${pointer}/type`)];
		if (accepted && !accepted.includes(identifier.type)) {
			const title = 'entity type constraint';
			return [{ status: 400, title, detail: 'Not acceptable entity type.', pointer: `${pointer}/type` }];
		}
		if (this.byKey.has(`${identifier.type}:${identifier.id}`)) return [];
		if (resource.idType === 'integer' && !/^-?\d+$/.test(identifier.id)) {
			const detail = `Expected integer value. Given "${identifier.id}".`;
			return [{ status: 400, title: 'entity identifier constraint', detail, pointer: `${pointer}/id` }];
		}
		return [];
	}
}

export function newItem(resource: Resource, sent: SentResource, pointer: string): PlanItem {
	return { resource, sent, pointer, values: new Map(), members: new Map(), recordErrors: [], fieldErrors: new Map() };
}

export function toId(resource: Resource, id: string): Id {
	return resource.idType === 'integer' ? Number(id) : id;
}

/** `comments` of a new case that name new comments: the comments get their case before they are checked. */
function linkMembers(item: PlanItem): void {
	for (const [name, targets] of item.members) {
		const inverse = item.resource.associations[name]!.inverse!;
		for (const target of targets) {
			if (isPlanItem(target) && !target.resource.associations[inverse.field]?.many)
				target.values.set(inverse.field, item);
		}
	}
}

function unknownType(type: string, pointer: string): ErrorItem {
	return { status: 400, title: 'entity type constraint', detail: `Unknown entity type: ${type}.`, pointer };
}

export function identifiersOf(sent: SentResource): Array<{ type: string; id: string }> {
	return Object.values(sent.relationships ?? {}).flatMap((relationship) => listOf(relationship?.data));
}

function listOf(data: unknown): Array<{ type: string; id: string }> {
	if (Array.isArray(data)) return data as Array<{ type: string; id: string }>;
	const one = data as { type: string; id: string } | null | undefined;
	return one && Object.keys(one).length > 0 ? [one] : [];
}
