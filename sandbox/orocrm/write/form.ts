import type { Association } from '../schema/types';
import { InvalidValue, toStored } from './values';
import { addFieldError, addRecordError, type PlanItem, type Target } from './plan';

/** Finds the record that an identifier names: one of the request, one of the store, or none. */
export type Resolve = (type: string, id: string) => Target | undefined;

/** Puts what was sent into the plan item, as OroCRM's form does; values that do not fit a field become errors. */
export function submit(item: PlanItem, resolve: Resolve): void {
	const unknown: string[] = [];
	for (const [name, value] of Object.entries(item.sent.attributes ?? {})) {
		const attribute = item.resource.attributes[name];
		if (!attribute || (attribute.createOnly && item.existing)) {
			if (item.resource.associations[name]) addFieldError(item, name, 'form constraint', 'This value is not valid.');
			else unknown.push(name);
			continue;
		}
		if (attribute.ignored) continue;
		try {
			item.values.set(name, toStored(attribute, value));
		} catch (error) {
			if (!(error instanceof InvalidValue)) throw error;
			addFieldError(item, name, 'form constraint', error.message);
		}
	}
	for (const [name, relationship] of Object.entries(item.sent.relationships ?? {})) {
		const association = item.resource.associations[name];
		if (!association) unknown.push(name);
		else if (!association.ignored) submitAssociation(item, name, association, relationship.data, resolve);
	}
	if (unknown.length > 0) {
		const names = unknown.map((name) => `"${name}"`).join(', ');
		addRecordError(item, 'extra fields constraint', `This form should not contain extra fields: ${names}.`);
	}
}

/** Sets an association from identifiers; an identifier that leads nowhere is an error of the field. */
export function submitAssociation(
	item: PlanItem,
	name: string,
	association: Association,
	data: unknown,
	resolve: Resolve,
): void {
	const empty = data === null || (Array.isArray(data) && data.length === 0);
	if (!empty && Array.isArray(data) !== (association.many === true)) {
		addFieldError(item, name, 'form constraint', 'This value is not valid.');
		return;
	}
	const identifiers = empty ? [] : ((Array.isArray(data) ? data : [data]) as Array<{ type: string; id: string }>);
	const targets: Target[] = [];
	identifiers.forEach((identifier, i) => {
		const target = resolve(identifier.type, identifier.id);
		if (target !== undefined) targets.push(asStored(association, identifier.type, target));
		else if (association.target !== 'webhooktopics') {
			const within = association.many ? `/${i}` : '';
			addFieldError(item, name, 'form constraint', 'The entity does not exist.', within);
		} else addFieldError(item, name, 'valid webhook topic constraint', 'This value is not a known webhook topic.');
	});
	if (association.inverse) item.members.set(name, targets);
	else if (association.many) item.values.set(name, targets);
	else item.values.set(name, targets[0] ?? null);
}

/** A polymorphic association keeps the type beside the id. */
function asStored(association: Association, type: string, target: Target): Target {
	return association.target === '*' && typeof target !== 'object' ? { type, id: target } : target;
}
