import type { Id, Pointer, Resource, Row } from '../schema/types';
import { HashIndex } from './hash-index';

/** All records of one resource, with the hash indexes that its look-ups need. Knows no constraints and no events. */
export class Table {
	readonly rows = new Map<Id, Row>();
	nextId = 1;
	private readonly indexes = new Map<string, HashIndex>();
	private order: Id[] = [];
	private orderIsStale = false;

	constructor(readonly resource: Resource) {
		for (const [field, attribute] of Object.entries(resource.attributes)) {
			if (attribute.indexed) this.indexes.set(field, new HashIndex());
		}
		for (const [field, association] of Object.entries(resource.associations)) {
			if (!association.inverse) this.indexes.set(field, new HashIndex());
		}
	}

	get(id: Id): Row | undefined {
		return this.rows.get(id);
	}

	index(field: string): HashIndex | undefined {
		return this.indexes.get(field);
	}

	/** All ids in ascending order. */
	ids(): readonly Id[] {
		if (this.orderIsStale) {
			this.order = [...this.rows.keys()].sort(compareIds);
			this.orderIsStale = false;
		}
		return this.order;
	}

	clear(): void {
		this.rows.clear();
		this.nextId = 1;
		this.order = [];
		this.orderIsStale = false;
		for (const index of this.indexes.values()) index.clear();
	}

	insert(row: Row): void {
		this.rows.set(row.id, row);
		const last = this.order[this.order.length - 1];
		if (this.orderIsStale || (last !== undefined && compareIds(last, row.id) >= 0)) this.orderIsStale = true;
		else this.order.push(row.id);
		if (typeof row.id === 'number' && row.id >= this.nextId) this.nextId = row.id + 1;
		for (const [field, index] of this.indexes) {
			for (const key of indexKeys(row[field])) index.add(key, row.id);
		}
	}

	remove(id: Id): void {
		const row = this.rows.get(id);
		if (!row) return;
		this.rows.delete(id);
		if (this.order[this.order.length - 1] === id && !this.orderIsStale) this.order.pop();
		else this.orderIsStale = true;
		for (const [field, index] of this.indexes) {
			for (const key of indexKeys(row[field])) index.remove(key, id);
		}
	}

	set(row: Row, field: string, value: unknown): void {
		const index = this.indexes.get(field);
		if (index) for (const key of indexKeys(row[field])) index.remove(key, row.id);
		row[field] = value;
		if (index) for (const key of indexKeys(value)) index.add(key, row.id);
	}
}

/** Numbers before and among themselves by value, texts by their characters. */
export function compareIds(a: Id, b: Id): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** A polymorphic reference as the key of an index. */
export function pointerKey(pointer: Pointer): string {
	return `${pointer.type}:${pointer.id}`;
}

function indexKeys(value: unknown): unknown[] {
	if (value === null || value === undefined) return [];
	if (Array.isArray(value)) return value.flatMap(indexKeys);
	if (typeof value === 'object') return [pointerKey(value as Pointer)];
	return [value];
}
