import type { ErrorItem } from '../errors';
import type { Id, Pointer, Resource, Row } from '../schema/types';
import type { SentResource } from './request-data';

/** One record that a request makes or changes. */
export interface PlanItem {
	resource: Resource;
	sent: SentResource;
	/** `/data`, `/data/3` or `/included/0`. */
	pointer: string;
	/** The record to change; absent when it is to be made. */
	existing?: Row;
	/** What will be stored: values, ids and links to other items of the same request. */
	values: Map<string, unknown>;
	/** Associations whose other side holds the key, e.g. `comments` of a case. */
	members: Map<string, Target[]>;
	/** Errors of the whole record, then those of its fields in the order of the resource. */
	recordErrors: ErrorItem[];
	fieldErrors: Map<string, ErrorItem[]>;
	/** Set when the record is written. */
	row?: Row;
}

/** What an association leads to: a record that is there, or one of this request. */
export type Target = Id | Pointer | PlanItem;

export function isPlanItem(target: unknown): target is PlanItem {
	return typeof target === 'object' && target !== null && 'members' in target;
}

/** The value that a field will have. */
export function valueOf(item: PlanItem, field: string): unknown {
	if (item.values.has(field)) return item.values.get(field);
	if (item.existing) return item.existing[field];
	return item.resource.attributes[field]?.default ?? null;
}

export function addFieldError(item: PlanItem, field: string, title: string, detail: string, within = ''): void {
	const section = item.resource.attributes[field] ? 'attributes' : 'relationships';
	const pointer = `${item.pointer}/${section}/${field}${section === 'relationships' ? '/data' : ''}${within}`;
	const errors = item.fieldErrors.get(field) ?? [];
	errors.push({ status: 400, title, detail, pointer });
	item.fieldErrors.set(field, errors);
}

/** An error of the whole record: no source for the primary one, the place in `included` for others (orocrm-api.md §1.5). */
export function addRecordError(item: PlanItem, title: string, detail: string): void {
	const pointer = item.pointer === '/data' ? undefined : item.pointer;
	item.recordErrors.push({ status: 400, title, detail, pointer });
}

export function errorsOf(item: PlanItem): ErrorItem[] {
	const names = [...Object.keys(item.resource.attributes), ...Object.keys(item.resource.associations)];
	return [...item.recordErrors, ...names.flatMap((name) => item.fieldErrors.get(name) ?? [])];
}
