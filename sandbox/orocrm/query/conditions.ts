import type { Association, Id, Row } from '../schema/types';
import type { Store } from '../store/store';
import type { Condition } from './filters';
import type { FilterValue } from './values';

/** Tells whether records meet conditions, and which ones can at all, by the hash indexes. */
export class ConditionSet {
	private readonly tests: Array<(row: Row) => boolean>;

	constructor(
		private readonly store: Store,
		private readonly type: string,
		private readonly conditions: Condition[],
	) {
		this.tests = conditions.map((condition) => this.compile(condition));
	}

	matches(row: Row): boolean {
		return this.tests.every((test) => test(row));
	}

	/** The ids that need a look: the smallest set that one of the conditions leaves, or a part of all ids. Ascending. */
	candidates(): readonly Id[] {
		let best: Id[] | undefined;
		for (const condition of this.conditions) {
			const ids = this.idsOf(condition);
			if (ids && (!best || ids.length < best.length)) best = ids;
		}
		if (best) return [...new Set(best)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
		return this.idSpan(this.store.table(this.type).ids());
	}

	/** Cuts the ascending ids by `filter[id][gt]` and the like, so that paging by id does not read what came before. */
	private idSpan(ids: readonly Id[]): readonly Id[] {
		let from = 0;
		let to = ids.length;
		for (const { path, field, operator, value } of this.conditions) {
			if (path.length > 0 || field !== 'id' || value.kind !== 'one' || typeof value.value !== 'number') continue;
			if (operator === 'gt') from = Math.max(from, lowerBound(ids, value.value + 1));
			if (operator === 'gte') from = Math.max(from, lowerBound(ids, value.value));
			if (operator === 'lt') to = Math.min(to, lowerBound(ids, value.value));
			if (operator === 'lte') to = Math.min(to, lowerBound(ids, value.value + 1));
		}
		return from === 0 && to === ids.length ? ids : ids.slice(from, to);
	}

	/** The ids that an equality with indexed values leaves, or undefined when no index helps. */
	private idsOf(condition: Condition): Id[] | undefined {
		if (condition.operator !== 'eq') return undefined;
		const values = valuesOf(condition.value);
		if (!values) return undefined;
		const types = [this.type];
		for (const hop of condition.path) types.push(this.association(types[types.length - 1]!, hop).target);
		let ids = this.indexed(types[types.length - 1]!, condition.field, values);
		for (let i = condition.path.length - 1; ids && i >= 0; i -= 1) ids = this.back(types[i]!, condition.path[i]!, ids);
		return ids;
	}

	private indexed(type: string, field: string, values: unknown[]): Id[] | undefined {
		const table = this.store.table(type);
		if (field === 'id') return (values as Id[]).filter((id) => table.get(id));
		const association = table.resource.associations[field];
		if (association?.inverse) return this.back(type, field, values as Id[]);
		const index = table.index(field);
		return index && values.flatMap((value) => index.ids(value));
	}

	/** The records of `type` whose association leads to one of the ids. */
	private back(type: string, field: string, ids: Id[]): Id[] {
		const association = this.association(type, field);
		if (!association.inverse) {
			const index = this.store.table(type).index(field)!;
			return ids.flatMap((id) => index.ids(id));
		}
		const found: Id[] = [];
		for (const id of ids) {
			const value = this.store.get(association.inverse.type, id)?.[association.inverse.field];
			if (Array.isArray(value)) found.push(...(value as Id[]));
			else if (value !== null && value !== undefined) found.push(value as Id);
		}
		return found;
	}

	private compile(condition: Condition): (row: Row) => boolean {
		const types = [this.type];
		for (const hop of condition.path) types.push(this.association(types[types.length - 1]!, hop).target);
		const test = comparison(condition);
		return (row) => {
			let rows: Array<Row | undefined> = [row];
			condition.path.forEach((hop, i) => {
				rows = rows.flatMap((one) => this.follow(types[i]!, one, hop));
			});
			const leafType = types[types.length - 1]!;
			return rows.some((one) => test(one ? this.leaf(leafType, one, condition.field) : null));
		};
	}

	/** An outer join: where nothing is associated, one row of nulls goes on. */
	private follow(type: string, row: Row | undefined, hop: string): Array<Row | undefined> {
		if (!row) return [undefined];
		const association = this.association(type, hop);
		const ids = association.many ? this.store.relatedIds(type, row, hop) : [row[hop] as Id | null];
		const rows = ids.map((id) => (id === null ? undefined : this.store.get(association.target, id)));
		return rows.length > 0 ? rows : [undefined];
	}

	private leaf(type: string, row: Row, field: string): unknown {
		const association = this.store.resource(type).associations[field];
		return association?.many ? this.store.relatedIds(type, row, field) : row[field];
	}

	private association(type: string, name: string): Association {
		return this.store.resource(type).associations[name]!;
	}
}

/** The test of one value; of a list (to-many, e-mails) one element is enough. */
function comparison({ operator, value }: Condition): (actual: unknown) => boolean {
	if (value.kind === 'exists') return (actual) => exists(actual) === value.exists;
	const equals = equality(value);
	const any = (test: (one: unknown) => boolean) => (actual: unknown) =>
		Array.isArray(actual) ? actual.some(test) : exists(actual) && test(actual);
	switch (operator) {
		case 'neq':
			return any((one) => !equals(one));
		case 'neq_or_null':
			return (actual) => !exists(actual) || any((one) => !equals(one))(actual);
		case 'not_contains':
			return (actual) => !any(equals)(actual);
		case 'gt':
			return any((one) => greater(one, lastOf(value)));
		case 'gte':
			return any((one) => !greater(firstOf(value), one));
		case 'lt':
			return any((one) => greater(firstOf(value), one));
		case 'lte':
			return any((one) => !greater(one, lastOf(value)));
		default:
			return any(equals);
	}
}

function equality(value: FilterValue): (one: unknown) => boolean {
	if (value.kind === 'one') return (one) => one === value.value;
	if (value.kind === 'list') {
		const values = new Set<unknown>(value.values);
		return (one) => values.has(one);
	}
	return (one) => !greater(value.from, one) && (value.toIncluded ? !greater(one, value.to) : greater(value.to, one));
}

function valuesOf(value: Condition['value']): unknown[] | undefined {
	if (value.kind === 'one') return [value.value];
	if (value.kind === 'list') return value.values;
	return undefined;
}

function firstOf(value: FilterValue): unknown {
	return value.kind === 'one' ? value.value : value.kind === 'list' ? value.values[0] : value.from;
}

/** For `gt` and `lte` a partial date stands for its beginning, too. */
function lastOf(value: FilterValue): unknown {
	return value.kind === 'span' ? value.from : firstOf(value);
}

function exists(actual: unknown): boolean {
	return Array.isArray(actual) ? actual.length > 0 : actual !== null && actual !== undefined;
}

/** Big integers are texts; they are compared as numbers. */
function greater(a: unknown, b: unknown): boolean {
	if (typeof a === 'string' && typeof b === 'string' && /^-?\d+$/.test(a) && /^-?\d+$/.test(b)) {
		return BigInt(a) > BigInt(b);
	}
	return (a as string) > (b as string);
}

function lowerBound(ids: readonly Id[], value: number): number {
	let low = 0;
	let high = ids.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((ids[middle] as number) < value) low = middle + 1;
		else high = middle;
	}
	return low;
}
