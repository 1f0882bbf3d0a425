import type { Clock } from '../../common/clock';
import { DEFAULT_FILE_RULES, type FileRules } from '../rules/files';
import type { Id, Pointer, Resource, Row, Schema } from '../schema/types';
import { checkFits, checkUnique } from './constraints';
import { pointerKey, Table } from './table';

export interface Change {
	kind: 'created' | 'updated' | 'deleted';
	type: string;
	id: Id;
	/** For an update: the fields that changed. */
	fields: string[];
	row: Row;
}

/** A rule that makes the form refuse a record, as a validation rule of an installation would. */
export interface Refusal {
	type: string;
	field: string;
	/** A regular expression; default: every value. */
	pattern?: string;
	title: string;
	detail: string;
}

export interface StoreRules {
	/** False makes a null channel conflict as well; PostgreSQL and MySQL never do that (orocrm-api.md §3.6). */
	nullChannelDuplicates: boolean;
	/** False cuts a text that is too long instead of failing with 500. */
	failWhenTooLong: boolean;
}

/** A call to Zendesk that OroCRM's own integration would have made (orocrm-api.md §6). */
export interface TwoWayExport {
	caseId: Id;
	ticketRecordId: Id;
	originId: string | null;
	fields: string[];
	at: string;
}

/** What is kept on disk. */
export interface StoreData {
	tables: Record<string, { nextId: number; rows: Row[] }>;
}

/** The records of the practice OroCRM, with transactions, unique indexes and foreign keys. */
export class Store {
	/** What OroCRM itself would have sent to Zendesk so far. A bridge beside it must keep this empty. */
	readonly twoWayExports: TwoWayExport[] = [];
	/** Which files are taken. */
	fileRules: FileRules = DEFAULT_FILE_RULES;
	private readonly tables = new Map<string, Table>();
	private readonly listeners: Array<(changes: Change[], quiet: boolean) => void> = [];
	private readonly refusals: Refusal[] = [];
	private undo: Array<() => void> | undefined;
	private changes: Change[] = [];
	private quiet = false;

	constructor(
		readonly schema: Schema,
		readonly clock: Clock,
		private readonly rules: StoreRules = { nullChannelDuplicates: true, failWhenTooLong: true },
	) {
		for (const resource of schema.values()) this.tables.set(resource.type, new Table(resource));
	}

	table(type: string): Table {
		const table = this.tables.get(type);
		if (!table) throw new Error(`There is no resource ${type} in this version`);
		return table;
	}

	resource(type: string): Resource {
		return this.table(type).resource;
	}

	get(type: string, id: Id): Row | undefined {
		return this.tables.get(type)?.get(id);
	}

	count(type: string): number {
		return this.table(type).rows.size;
	}

	all(type: string): Row[] {
		const table = this.table(type);
		return table.ids().map((id) => table.get(id)!);
	}

	/** Now, as OroCRM writes it: UTC without a fraction. */
	now(): string {
		return `${this.clock.now().toISOString().slice(0, 19)}Z`;
	}

	/** Adds a rule by which records are refused with 400, e.g. to see how a sync treats one bad record of many. */
	refuse(rule: Refusal): void {
		this.refusals.push(rule);
	}

	allowAll(): void {
		this.refusals.length = 0;
	}

	refusalsOf(type: string): Refusal[] {
		return this.refusals.filter((rule) => rule.type === type);
	}

	/** Called with everything a transaction changed, after it is done; `quiet` when it is data of before (see withoutEvents). */
	onCommit(listener: (changes: Change[], quiet: boolean) => void): void {
		this.listeners.push(listener);
	}

	/** Carries out `work` as one database transaction: all of it, or (when it throws) nothing. Sequences keep their gaps. */
	transaction<T>(work: () => T): T {
		if (this.undo) return work();
		this.undo = [];
		this.changes = [];
		try {
			const result = work();
			this.undo = undefined;
			this.announce();
			return result;
		} catch (error) {
			const steps = this.undo ?? [];
			this.undo = undefined;
			for (const step of steps.reverse()) step();
			throw error;
		}
	}

	/** Writes without telling anyone: data that was there before the story begins. */
	withoutEvents<T>(work: () => T): T {
		const before = this.quiet;
		this.quiet = true;
		try {
			return this.transaction(work);
		} finally {
			this.quiet = before;
		}
	}

	nextId(type: string): Id {
		return this.table(type).nextId++;
	}

	/** Adds a record with all its fields. `values.id` may be given; else it is the next of the sequence. */
	insert(type: string, values: Record<string, unknown>): Row {
		const table = this.table(type);
		const row: Row = { id: (values.id as Id | undefined) ?? this.nextId(type) };
		for (const [field, attribute] of Object.entries(table.resource.attributes)) {
			row[field] = values[field] ?? attribute.default ?? (isList(attribute.type) ? [] : null);
		}
		for (const [field, association] of Object.entries(table.resource.associations)) {
			if (!association.inverse) row[field] = values[field] ?? (association.many ? [] : null);
		}
		for (const [field, value] of Object.entries(values)) if (!(field in row)) row[field] = value;
		return this.transaction(() => {
			for (const field of Object.keys(row)) this.fit(table, row, field);
			checkUnique(table, row, !this.rules.nullChannelDuplicates);
			table.insert(row);
			this.undo!.push(() => table.remove(row.id));
			this.changes.push({ kind: 'created', type, id: row.id, fields: [], row });
			return row;
		});
	}

	/** Changes fields of a record and returns the names of those that really changed. */
	update(type: string, id: Id, values: Record<string, unknown>): string[] {
		const table = this.table(type);
		const row = table.get(id);
		if (!row) throw new Error(`No ${type} ${id}`);
		const fields = Object.keys(values).filter((field) => !same(row[field], values[field]));
		if (fields.length === 0) return [];
		return this.transaction(() => {
			for (const field of fields) this.set(table, row, field, values[field]);
			for (const field of fields) this.fit(table, row, field);
			checkUnique(table, row, !this.rules.nullChannelDuplicates);
			this.changes.push({ kind: 'updated', type, id, fields, row });
			return fields;
		});
	}

	/** Deletes a record and does to the others what the foreign keys say (orocrm-api.md §3.2, §3.6). */
	remove(type: string, id: Id): void {
		const table = this.table(type);
		const row = table.get(id);
		if (!row) return;
		this.transaction(() => {
			this.releaseReferences(type, id);
			table.remove(id);
			this.undo!.push(() => table.insert(row));
			this.changes.push({ kind: 'deleted', type, id, fields: [], row });
		});
	}

	/** The ids behind a to-many association, whichever side stores it, in ascending order. */
	relatedIds(type: string, row: Row, field: string): Id[] {
		const association = this.resource(type).associations[field]!;
		if (!association.inverse) return (row[field] as Id[] | undefined) ?? [];
		const other = this.tables.get(association.inverse.type);
		const polymorphic = other?.resource.associations[association.inverse.field]?.target === '*';
		const key = polymorphic ? pointerKey({ type, id: row.id }) : row.id;
		const ids = other?.index(association.inverse.field)?.ids(key) ?? [];
		return ids.length > 1 ? ids.sort((a, b) => (a < b ? -1 : 1)) : ids;
	}

	/** Forgets every record, rule and count; numbers begin anew. */
	reset(): void {
		for (const table of this.tables.values()) table.clear();
		this.twoWayExports.length = 0;
		this.refusals.length = 0;
	}

	data(): StoreData {
		const tables: StoreData['tables'] = {};
		for (const [type, table] of this.tables) tables[type] = { nextId: table.nextId, rows: this.all(type) };
		return { tables };
	}

	load(data: StoreData): void {
		for (const [type, stored] of Object.entries(data.tables)) {
			const table = this.tables.get(type);
			if (!table) continue;
			for (const row of stored.rows) table.insert(row);
			table.nextId = Math.max(table.nextId, stored.nextId);
		}
	}

	private set(table: Table, row: Row, field: string, value: unknown): void {
		const before = row[field];
		table.set(row, field, value);
		this.undo!.push(() => table.set(row, field, before));
	}

	private fit(table: Table, row: Row, field: string): void {
		const attribute = table.resource.attributes[field];
		if (this.rules.failWhenTooLong) return checkFits(field, attribute, row[field]);
		if (attribute?.column && typeof row[field] === 'string') row[field] = row[field].slice(0, attribute.column);
	}

	private releaseReferences(type: string, id: Id): void {
		for (const table of this.tables.values()) {
			for (const [field, association] of Object.entries(table.resource.associations)) {
				if (association.inverse || (association.target !== type && association.target !== '*')) continue;
				const key = association.target === '*' ? pointerKey({ type, id }) : id;
				for (const referring of table.index(field)!.ids(key)) {
					this.release(table, referring, field, key, association.onDelete === 'cascade');
				}
			}
		}
	}

	private release(table: Table, id: Id, field: string, key: Id, cascade: boolean): void {
		const row = table.get(id)!;
		const value = row[field];
		if (cascade) this.remove(table.resource.type, id);
		else if (Array.isArray(value))
			this.set(
				table,
				row,
				field,
				(value as unknown[]).filter((one) => keyOf(one) !== key),
			);
		else this.set(table, row, field, null);
	}

	private announce(): void {
		const changes = this.changes;
		this.changes = [];
		if (changes.length === 0) return;
		for (const listener of this.listeners) listener(changes, this.quiet);
	}
}

function keyOf(value: unknown): Id {
	return typeof value === 'object' && value !== null ? pointerKey(value as Pointer) : (value as Id);
}

function isList(type: string): boolean {
	return type === 'emails' || type === 'phones';
}

/** Equality of stored values; lists and references by content. */
export function same(a: unknown, b: unknown): boolean {
	if (typeof a === 'object' || typeof b === 'object') return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
	return (a ?? null) === (b ?? null);
}
