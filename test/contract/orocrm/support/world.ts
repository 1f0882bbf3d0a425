import { type ManualClock } from '../../../../sandbox/common/clock';
import type { Id, Row } from '../../../../sandbox/orocrm/schema/types';
import type { Store } from '../../../../sandbox/orocrm/store/store';
import type { Identifier, RecordedObject } from './recording';

const LONG_AGO = '2026-11-23T21:10:00Z';

/** Builds the situation of a recording in a practice server: records with the ids and values that it shows. */
export class World {
	private readonly starts = new Map<string, number>();

	constructor(
		readonly store: Store,
		readonly clock: ManualClock,
	) {}

	/** Records as an answer shows them, with stubs for what they point at. */
	place(object: RecordedObject): void {
		const { type } = object;
		const resource = this.store.resource(type);
		const values: Record<string, unknown> = {};
		for (const [name, value] of Object.entries(object.attributes ?? {})) {
			const kind = resource.attributes[name]?.type;
			const list = kind === 'emails' ? 'email' : kind === 'phones' ? 'phone' : undefined;
			values[name] = list ? (value as Array<Record<string, string>>).map((one) => one[list]) : value;
		}
		this.put(type, this.id(type, object.id), values);
		for (const [name, relationship] of Object.entries(object.relationships ?? {})) {
			if (relationship.data !== undefined) this.relate(object, name, relationship.data);
		}
	}

	/** A record with the given values, and for the rest what makes it a whole one. */
	put(type: string, id: Id, values: Record<string, unknown> = {}): Row {
		const known = this.store.get(type, id);
		if (known) {
			this.store.update(type, id, values);
			return known;
		}
		return this.store.insert(type, { ...this.defaults(type), ...values, id });
	}

	/** `count` more records of a kind, with ids above all others. */
	more(type: string, count: number, values: Record<string, unknown> = {}): void {
		for (let i = 0; i < count; i += 1) this.store.insert(type, { ...this.defaults(type), ...values });
	}

	/** The next record of this type gets this number; of several the lowest. */
	next(type: string, id: Id): void {
		if (typeof id !== 'number') return;
		const lowest = Math.min(id, this.starts.get(type) ?? id);
		this.starts.set(type, lowest);
		this.store.table(type).nextId = lowest;
	}

	ensure(target: Identifier): void {
		const id = this.id(target.type, target.id);
		if (!this.store.get(target.type, id)) this.put(target.type, id);
	}

	id(type: string, id: string): Id {
		return this.store.resource(type).idType === 'integer' ? Number(id) : id;
	}

	private relate(object: RecordedObject, name: string, data: Identifier | Identifier[] | null): void {
		const own = this.id(object.type, object.id);
		const association = this.store.resource(object.type).associations[name]!;
		const targets = data === null ? [] : Array.isArray(data) ? data : [data];
		for (const target of targets) this.ensure(target);
		const ids = targets.map((target) => this.id(target.type, target.id));
		if (!association.inverse) {
			const pointers = targets.map((target, i) =>
				association.target === '*' ? { type: target.type, id: ids[i] } : ids[i],
			);
			this.store.update(object.type, own, { [name]: association.many ? pointers : (pointers[0] ?? null) });
			return;
		}
		const { type, field } = association.inverse;
		const many = this.store.resource(type).associations[field]!.many;
		for (const id of ids) {
			const before = this.store.get(type, id)![field] as Id[];
			this.store.update(type, id, { [field]: many ? [...new Set([...before, own])] : own });
		}
	}

	private defaults(type: string): Record<string, unknown> {
		const dates = { createdAt: LONG_AGO, updatedAt: LONG_AGO };
		const owned = { owner: 1, organization: 1 };
		switch (type) {
			case 'cases':
				return {
					...owned,
					createdAt: LONG_AGO,
					reportedAt: LONG_AGO,
					subject: 'another case',
					source: 'email',
					status: 'open',
					priority: 'normal',
				};
			case 'casecomments':
				return { ...owned, ...dates, message: 'another comment' };
			case 'contacts':
				return { ...owned, ...dates, firstName: 'Another', createdBy: 1, updatedBy: 1 };
			case 'integrationchannels':
				return { name: 'Zendesk A', channelType: 'zendesk', enabled: true };
			case 'webhooks':
				return { ...owned, ...dates, topic: 'case.created', format: 'default', enabled: true };
			default:
				return dates;
		}
	}
}
