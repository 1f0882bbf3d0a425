import type { Id } from '../schema/types';

/** An inverted index of one resource: how often each record has each word. */
export class TypeIndex {
	private readonly words = new Map<string, Map<Id, number>>();
	private readonly records = new Map<Id, string[]>();
	private sorted: string[] | undefined;

	ids(): Iterable<Id> {
		return this.records.keys();
	}

	/** Replaces what is known of a record; no words forget it. */
	put(id: Id, words: string[]): void {
		for (const word of this.records.get(id) ?? []) this.words.get(word)?.delete(id);
		this.records.delete(id);
		if (words.length === 0) return;
		this.records.set(id, words);
		for (const word of words) {
			let counts = this.words.get(word);
			if (!counts) {
				counts = new Map();
				this.words.set(word, counts);
				this.sorted = undefined;
			}
			counts.set(id, (counts.get(id) ?? 0) + 1);
		}
	}

	/** The records with a word that begins like one of these, and how many such words they have. */
	scores(prefixes: string[]): Map<Id, number> {
		const scores = new Map<Id, number>();
		for (const prefix of new Set(prefixes)) {
			for (const word of this.beginningWith(prefix)) {
				for (const [id, count] of this.words.get(word)!) scores.set(id, (scores.get(id) ?? 0) + count);
			}
		}
		return scores;
	}

	private *beginningWith(prefix: string): Iterable<string> {
		this.sorted ??= [...this.words.keys()].sort();
		let low = 0;
		let high = this.sorted.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.sorted[middle]! < prefix) low = middle + 1;
			else high = middle;
		}
		for (let i = low; i < this.sorted.length && this.sorted[i]!.startsWith(prefix); i += 1) yield this.sorted[i]!;
	}
}
