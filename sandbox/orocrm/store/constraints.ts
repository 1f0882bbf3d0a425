import type { Attribute, Row } from '../schema/types';
import type { Table } from './table';

/** A unique index refuses the record: 409 (orocrm-api.md §1.5). */
export class UniqueViolation extends Error {}

/** A value does not fit its column, or a foreign key leads nowhere: 500 `driver exception` (§1.5). */
export class DriverException extends Error {}

const LARGEST = 2n ** 63n - 1n;

/** Throws when a value is longer than its column. Characters are counted, not UTF-16 units, as PostgreSQL does. */
export function checkFits(name: string, attribute: Attribute | undefined, value: unknown): void {
	if (!attribute || value === null || value === undefined) return;
	if (attribute.type === 'bigint') {
		const number = BigInt(value as string);
		if (number > LARGEST || number < -LARGEST - 1n) throw new DriverException(`${name} is beyond 64 bits`);
	}
	if (attribute.column !== undefined && typeof value === 'string' && value.length > attribute.column) {
		if ([...value].length > attribute.column) throw new DriverException(`${name} is too long`);
	}
}

/** Throws when another record has the same values in a unique index. A null anywhere in it never conflicts. */
export function checkUnique(table: Table, row: Row, nullConflicts: boolean): void {
	for (const columns of table.resource.unique ?? []) {
		const values = columns.map((column) => row[column] ?? null);
		if (values[0] === null || (!nullConflicts && values.includes(null))) continue;
		for (const id of table.index(columns[0]!)!.ids(values[0])) {
			if (id === row.id) continue;
			const other = table.get(id)!;
			if (columns.every((column, i) => (other[column] ?? null) === values[i])) {
				throw new UniqueViolation(`${table.resource.type}: ${columns.join(', ')}`);
			}
		}
	}
}
