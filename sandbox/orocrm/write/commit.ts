import type { Caller } from '../access';
import { ApiError } from '../errors';
import { complete, sideEffects, type LifecycleRules } from '../rules/lifecycle';
import type { Association, Id, Row } from '../schema/types';
import { same, type Store } from '../store/store';
import { isPlanItem, type PlanItem, type Target } from './plan';
import type { WritePlan } from './prepare';

/** Writes a checked plan as one transaction (orocrm-api.md §4.1). */
export function commit(store: Store, plan: WritePlan, caller: Caller, rules: LifecycleRules): void {
	store.transaction(() => new Writer(store, caller, rules).write([...plan.included, ...plan.primaries]));
}

class Writer {
	private readonly ids = new Map<PlanItem, Id>();

	constructor(
		private readonly store: Store,
		private readonly caller: Caller,
		private readonly rules: LifecycleRules,
	) {}

	write(items: PlanItem[]): void {
		const created = items.filter((item) => !item.existing);
		for (const item of created) this.prepareNew(item);
		for (const item of created) this.insert(item);
		for (const item of items) if (item.existing) this.update(item, item.existing);
		for (const item of items) {
			for (const [name, targets] of item.members) this.setMembers(item, name, targets);
		}
	}

	private readonly completed = new Map<PlanItem, Record<string, unknown>>();

	/** The owner and the dates are set, and the number is drawn, before any record is written: they may point at each other. */
	private prepareNew(item: PlanItem): void {
		const { resource } = item;
		const values = Object.fromEntries([...item.values].filter(([, value]) => !isPlanItem(value)));
		complete(this.store, resource, values, this.caller, this.rules);
		if (resource.idType === 'integer') values.id = this.store.nextId(resource.type);
		this.completed.set(item, values);
		this.ids.set(item, values.id as Id);
	}

	private insert(item: PlanItem): void {
		const values = { ...this.completed.get(item)!, ...this.resolved(item, true) };
		item.row = this.store.insert(item.resource.type, values);
		this.adoptFiles(item);
	}

	private update(item: PlanItem, row: Row): void {
		item.row = row;
		const values = this.resolved(item, false);
		const changed = Object.fromEntries(Object.entries(values).filter(([field, value]) => !same(row[field], value)));
		if (Object.keys(changed).length === 0) return;
		if ('channel' in changed && changed.channel === null) {
			throw new ApiError([{ status: 500, title: 'type error' }]);
		}
		const effects = sideEffects(this.store, item.resource, row, changed, this.caller);
		this.store.update(item.resource.type, row.id, { ...changed, ...effects });
		this.adoptFiles(item);
	}

	/** The values with links to new records turned into their ids. */
	private resolved(item: PlanItem, linksOnly: boolean): Record<string, unknown> {
		const values: Record<string, unknown> = {};
		for (const [field, value] of item.values) {
			const association = item.resource.associations[field];
			const list = Array.isArray(value) && association !== undefined;
			if (linksOnly && !isPlanItem(value) && !list) continue;
			values[field] = list
				? (value as Target[]).map((target) => this.idOf(target, association))
				: isPlanItem(value)
					? this.idOf(value, association)
					: value;
		}
		return values;
	}

	private idOf(target: Target, association: Association | undefined): unknown {
		if (!isPlanItem(target)) return target;
		const id = target.existing?.id ?? this.ids.get(target)!;
		return association?.target === '*' ? { type: target.resource.type, id } : id;
	}

	/** A new file belongs to the record that it was sent with (recording `casecomments.create.attachment.1`). */
	private adoptFiles(item: PlanItem): void {
		for (const [field, association] of Object.entries(item.resource.associations)) {
			const value = item.values.get(field);
			if (association.target !== 'files' || !isPlanItem(value)) continue;
			const parent = { type: item.resource.type, id: item.row!.id };
			this.completeFile(value, { parent, parentFieldName: field });
		}
	}

	private completeFile(file: PlanItem, values: Record<string, unknown>): void {
		if (file.row) this.store.update('files', file.row.id, values);
		else Object.assign(this.completed.get(file) ?? {}, values);
	}

	private setMembers(item: PlanItem, name: string, targets: Target[]): void {
		const association = item.resource.associations[name]!;
		const inverse = association.inverse!;
		const own = item.row!;
		const wanted = new Set(targets.map((target) => this.idOf(target, undefined) as Id));
		const before = this.store.relatedIds(item.resource.type, own, name);
		const many = this.store.resource(inverse.type).associations[inverse.field]!.many;
		for (const id of wanted) {
			if (before.includes(id)) continue;
			const list = many ? [...(this.store.get(inverse.type, id)![inverse.field] as Id[]), own.id] : own.id;
			this.store.update(inverse.type, id, { [inverse.field]: list });
		}
		for (const id of before) if (!wanted.has(id)) this.dropMember(association, inverse, own, id, many === true);
	}

	private dropMember(
		association: Association,
		inverse: { type: string; field: string },
		own: Row,
		id: Id,
		many: boolean,
	): void {
		if (association.orphanRemoval) this.store.remove(inverse.type, id);
		else if (many) {
			const list = (this.store.get(inverse.type, id)![inverse.field] as Id[]).filter((one) => one !== own.id);
			this.store.update(inverse.type, id, { [inverse.field]: list });
		} else if (inverse.type !== 'zendeskticketcomments') {
			// Ticket::removeComment does nothing, so a ticket keeps its comments (orocrm-api.md §3.6).
			this.store.update(inverse.type, id, { [inverse.field]: null });
		}
	}
}
