import type { ErrorItem } from '../errors';
import type { Id, Resource, Row } from '../schema/types';
import type { Store } from '../store/store';

export interface SortField {
	path: string[];
	descending: boolean;
}

/** Reads `sort=-a,b`; fields that cannot be sorted become one error (orocrm-api.md §1.5, §2.4). */
export function parseSort(
	store: Store,
	resource: Resource,
	value: string,
	nestedSort: boolean,
): { fields: SortField[]; errors: ErrorItem[] } {
	const fields: SortField[] = [];
	const refused: string[] = [];
	for (const part of value.split(',').filter(Boolean)) {
		const descending = part.startsWith('-');
		const name = descending ? part.slice(1) : part;
		const path = name.split('.');
		if (isSortable(store, resource, path, nestedSort)) fields.push({ path, descending });
		else refused.push(name);
	}
	if (refused.length === 0) return { fields, errors: [] };
	const names = refused.map((name) => `"${name}"`).join(', ');
	const detail = `Sorting by ${names} ${refused.length > 1 ? 'fields are' : 'field is'} not supported.`;
	return { fields, errors: [{ status: 400, title: 'sort constraint', detail, parameter: 'sort' }] };
}

function isSortable(store: Store, resource: Resource, path: string[], nestedSort: boolean): boolean {
	const [name, ...rest] = path as [string, ...string[]];
	const association = resource.associations[name];
	if (rest.length > 0) {
		const target = nestedSort && association && !association.notFilterable ? association.target : undefined;
		return target !== undefined && isSortable(store, store.resource(target), rest, nestedSort);
	}
	if (name === 'id' || resource.sorters?.[name]) return true;
	return association !== undefined && !association.notFilterable && store.schema.has(association.target);
}

/** True when the ids in ascending order are already the answer. */
export function isIdOrder(fields: SortField[]): boolean {
	return fields.length > 0 && fields[0]!.path[0] === 'id' && fields[0]!.path.length === 1;
}

const collator = new Intl.Collator('en');

/**
 * Sorts by the given fields only. Nulls come first in ascending order; equal rows come in an order that has nothing to do
 * with their ids, so that a reader who forgets to add `,id` is found out (orocrm-api.md §2.1).
 */
export function sortRows(store: Store, type: string, rows: Row[], fields: SortField[], nullsFirst: boolean): Row[] {
	const keyed = rows.map((row) => ({ row, keys: fields.map((field) => keyOf(store, type, row, field.path)) }));
	keyed.sort((a, b) => {
		for (let i = 0; i < fields.length; i += 1) {
			const order = compareKeys(a.keys[i], b.keys[i], nullsFirst);
			if (order !== 0) return fields[i]!.descending ? -order : order;
		}
		return scrambled(a.row.id) - scrambled(b.row.id);
	});
	return keyed.map((entry) => entry.row);
}

function keyOf(store: Store, type: string, row: Row, path: string[]): unknown {
	const [name, ...rest] = path as [string, ...string[]];
	const association = store.resource(type).associations[name];
	const value = association?.many ? store.relatedIds(type, row, name)[0] : row[name];
	const single = Array.isArray(value) ? value[0] : value;
	if (rest.length === 0 || single === null || single === undefined) return single ?? null;
	const target = store.get(association!.target, single as Id);
	return target ? keyOf(store, association!.target, target, rest) : null;
}

function compareKeys(a: unknown, b: unknown, nullsFirst: boolean): number {
	if (a === b) return 0;
	if (a === null) return nullsFirst ? -1 : 1;
	if (b === null) return nullsFirst ? 1 : -1;
	if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b);
	return (a as number) < (b as number) ? -1 : 1;
}

function scrambled(id: Id): number {
	let hash = typeof id === 'number' ? id : [...id].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7);
	hash = Math.imul(hash ^ 0x9e3779b9, 0x85ebca6b);
	return (hash ^ (hash >>> 13)) >>> 0;
}
