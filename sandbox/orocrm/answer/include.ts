import type { Row } from '../schema/types';
import { RecordReader } from './json-api';

/** Association names to follow, with what to follow from there. */
export interface IncludeTree {
	[name: string]: IncludeTree;
}

export interface Included {
	type: string;
	row: Row;
}

/**
 * `include=a,b.c` as a tree. Unknown names lead nowhere and are no error (orocrm-api.md §2.3).
 */
export function includeTree(paths: string[][]): IncludeTree {
	const empty = (): IncludeTree => Object.create(null) as IncludeTree;
	const tree = empty();
	for (const path of paths) {
		let level = tree;
		for (const name of path) level = level[name] ??= empty();
	}
	return tree;
}

/**
 * Collects included records as OroCRM orders them: for each record its associations in the order of the resource,
 * what hangs on a record before the record itself, nothing twice (recordings `zendesktickets.list.include.1`, `.2`).
 */
export class IncludeCollector extends RecordReader {
	private readonly found: Included[] = [];
	private readonly seen = new Set<string>();

	/** `fields` per type: an association that is not asked for there is not followed. */
	collect(type: string, rows: Row[], tree: IncludeTree, fields: Map<string, Set<string>>): Included[] {
		if (Object.keys(tree).length === 0) return [];
		for (const row of rows) this.seen.add(`${type}:${row.id}`);
		for (const row of rows) this.follow(type, row, tree, fields);
		return this.found;
	}

	private follow(type: string, row: Row, tree: IncludeTree, fields: Map<string, Set<string>>): void {
		const resource = this.context.store.resource(type);
		const shown = fields.get(type);
		for (const [name, association] of Object.entries(resource.associations)) {
			const deeper = tree[name];
			if (!deeper || (shown && !shown.has(name))) continue;
			const targets = this.targets(resource, row, name, association);
			for (const target of targets === null ? [] : Array.isArray(targets) ? targets : [targets]) {
				this.add(target.type, target.id, deeper, fields);
			}
		}
	}

	private add(type: string, id: string, tree: IncludeTree, fields: Map<string, Set<string>>): void {
		const key = `${type}:${id}`;
		const integer = this.context.store.resource(type).idType === 'integer';
		const row = this.context.store.get(type, integer ? Number(id) : id);
		if (!row) return;
		const known = this.seen.has(key);
		if (!known) this.seen.add(key);
		this.follow(type, row, tree, fields);
		if (!known) this.found.push({ type, row });
	}
}
