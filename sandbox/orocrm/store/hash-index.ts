import type { Id } from '../schema/types';

/** Ids by value. Most values of a foreign key or number have one record, so a set is made only for the second one. */
export class HashIndex {
	private readonly entries = new Map<unknown, Id | Set<Id>>();

	add(value: unknown, id: Id): void {
		const known = this.entries.get(value);
		if (known === undefined) this.entries.set(value, id);
		else if (known instanceof Set) known.add(id);
		else if (known !== id) this.entries.set(value, new Set([known, id]));
	}

	remove(value: unknown, id: Id): void {
		const known = this.entries.get(value);
		if (known instanceof Set) {
			known.delete(id);
			if (known.size === 0) this.entries.delete(value);
		} else if (known === id) {
			this.entries.delete(value);
		}
	}

	clear(): void {
		this.entries.clear();
	}

	ids(value: unknown): Id[] {
		const known = this.entries.get(value);
		if (known === undefined) return [];
		return known instanceof Set ? [...known] : [known];
	}

	count(value: unknown): number {
		const known = this.entries.get(value);
		if (known === undefined) return 0;
		return known instanceof Set ? known.size : 1;
	}
}
