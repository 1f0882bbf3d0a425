/** One row's place in an export: rows are ordered by time, then id (zendesk-api.md §3). */
export interface ExportPosition {
	timestamp: number;
	id: number;
}

interface Entry extends ExportPosition {
	/** False when the row has moved on to a later entry. */
	live: boolean;
}

const comparePositions = (a: ExportPosition, b: ExportPosition) => a.timestamp - b.timestamp || a.id - b.id;

/** A row that moves leaves a dead entry behind; they are swept out when they are this share of all. */
const DEAD_SHARE = 0.5;
/** An insertion this near to the end is done in place; farther from it, the index is sorted at the next read. */
const NEAR_END = 2000;

/** Rows in export order, kept so while they are written: reading a page never sorts all rows. */
export class ExportIndex {
	private entries: Entry[] = [];
	private readonly current = new Map<number, Entry>();
	private sorted = true;

	clear(): void {
		this.entries = [];
		this.current.clear();
		this.sorted = true;
	}

	/** Puts the row at this time, away from where it was. */
	touch(id: number, timestamp: number): void {
		const old = this.current.get(id);
		if (old?.timestamp === timestamp) return;
		if (old) old.live = false;
		const entry = { timestamp, id, live: true };
		this.current.set(id, entry);
		this.insert(entry);
	}

	remove(id: number): void {
		const old = this.current.get(id);
		if (old) old.live = false;
		this.current.delete(id);
	}

	/** Ids of up to `limit` rows after the position (or at it, when `inclusive`), not later than `upTo`. */
	page(
		from: ExportPosition,
		inclusive: boolean,
		upTo: number,
		limit: number,
		accept: (id: number) => boolean,
	): number[] {
		this.tidy();
		const ids: number[] = [];
		for (let i = this.find(from, inclusive); i < this.entries.length && ids.length < limit; i += 1) {
			const entry = this.entries[i];
			if (entry.timestamp > upTo) break;
			if (entry.live && accept(entry.id)) ids.push(entry.id);
		}
		return ids;
	}

	private insert(entry: Entry): void {
		const last = this.entries[this.entries.length - 1];
		if (!last || !this.sorted || comparePositions(last, entry) < 0) {
			this.entries.push(entry);
			return;
		}
		const place = this.find(entry, true);
		if (this.entries.length - place <= NEAR_END) this.entries.splice(place, 0, entry);
		else {
			this.entries.push(entry);
			this.sorted = false;
		}
	}

	private tidy(): void {
		if (this.entries.length - this.current.size > this.entries.length * DEAD_SHARE) {
			this.entries = this.entries.filter((entry) => entry.live);
		}
		if (!this.sorted) this.entries.sort(comparePositions);
		this.sorted = true;
	}

	private find(position: ExportPosition, inclusive: boolean): number {
		let low = 0;
		let high = this.entries.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			const order = comparePositions(this.entries[middle], position);
			if (order < 0 || (order === 0 && !inclusive)) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
