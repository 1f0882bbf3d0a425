import type { Clock } from '../../common/clock';
import type { Id, Row } from '../schema/types';
import type { Change, Store } from '../store/store';
import { parseSearchQuery, SearchSyntaxError, type SearchExpression } from './search-query';
import { TypeIndex } from './type-index';
import { wordsOf } from './words';

export { SearchSyntaxError };

/**
 * The full-text search of OroCRM (orocrm-api.md §2.3, §9): capitals do not count, one word that begins like a searched word
 * is enough, best match first. It lags behind the data by `lag` milliseconds.
 */
export class SearchIndex {
	private readonly indexes = new Map<string, TypeIndex>();
	private readonly waiting: Array<{ type: string; id: Id; from: number }> = [];

	constructor(
		private readonly store: Store,
		private readonly clock: Clock,
		private readonly lag: number,
	) {
		store.onCommit((changes, quiet) => this.note(changes, quiet));
	}

	/** Forgets what is known and what is on its way; what is in the store then is found at once. */
	reset(): void {
		this.indexes.clear();
		this.waiting.length = 0;
	}

	/** Ids by `filter[searchText]`, best match first. */
	byText(type: string, text: string): Id[] {
		return ranked(this.fresh(type).scores(wordsOf(text)));
	}

	/** Ids by `filter[searchQuery]`, e.g. `allText ~ "a@example.com" or subject ~ "printer"`. */
	byQuery(type: string, text: string): Id[] {
		const expression = parseSearchQuery(text, (field) => this.knows(type, field));
		return ranked(this.evaluate(type, this.fresh(type), expression));
	}

	private knows(type: string, field: string): boolean {
		if (field === 'allText' || field === 'all_text' || field === 'id') return true;
		const fields = this.store.resource(type).searchFields ?? [];
		return fields.includes(field) || (field === 'email' && fields.includes('emails'));
	}

	private evaluate(type: string, index: TypeIndex, expression: SearchExpression): Map<Id, number> {
		if (expression.kind === 'and') {
			const [first, ...rest] = expression.parts.map((part) => this.evaluate(type, index, part));
			return new Map([...first!].filter(([id]) => rest.every((scores) => scores.has(id))));
		}
		if (expression.kind === 'or') {
			const sum = new Map<Id, number>();
			for (const part of expression.parts) {
				for (const [id, score] of this.evaluate(type, index, part)) sum.set(id, (sum.get(id) ?? 0) + score);
			}
			return sum;
		}
		const { field, operator, value } = expression;
		if (operator === '~' && /^all_?text$/i.test(field)) return index.scores(wordsOf(value));
		return this.byField(type, index, field, operator, value);
	}

	private byField(type: string, index: TypeIndex, field: string, operator: string, value: string): Map<Id, number> {
		const scores = new Map<Id, number>();
		const words = wordsOf(value);
		for (const id of index.ids()) {
			const row = this.store.get(type, id);
			if (!row) continue;
			const texts = field === 'id' ? [String(id)] : textsOf(this.store, type, row, field);
			const has = texts.some((text) => wordsOf(text).some((word) => words.some((one) => word.startsWith(one))));
			const equal = field !== 'email' && texts.includes(value);
			const hit = { '~': has, '!~': !has, '=': equal, '!=': !equal, in: equal }[operator];
			if (hit) scores.set(id, 1);
		}
		return scores;
	}

	private note(changes: Change[], quiet: boolean): void {
		const now = this.clock.now().getTime();
		const from = quiet ? 0 : now + this.lag;
		if (this.waiting.length > 20_000) {
			const useful = this.waiting.filter((one) => one.from > now || this.indexes.has(one.type));
			this.waiting.splice(0, this.waiting.length, ...useful);
		}
		for (const { type, id } of changes) {
			if (this.store.resource(type).searchFields) this.waiting.push({ type, id, from });
			if (type === 'casecomments') this.noteCase(id, from);
		}
	}

	/** The text of a comment is found through its case. */
	private noteCase(commentId: Id, from: number): void {
		const owner = this.store.get('casecomments', commentId)?.case;
		if (owner) this.waiting.push({ type: 'cases', id: owner as Id, from });
	}

	/** The index of a type, with everything that is due by now. A type that is never searched costs nothing. */
	private fresh(type: string): TypeIndex {
		const now = this.clock.now().getTime();
		let index = this.indexes.get(type);
		if (!index) {
			index = new TypeIndex();
			this.indexes.set(type, index);
			const later = new Set(this.waiting.filter((one) => one.type === type && one.from > now).map((one) => one.id));
			for (const row of this.store.all(type)) if (!later.has(row.id)) this.put(index, type, row.id);
		}
		const stillWaiting = [];
		for (const entry of this.waiting) {
			const target = this.indexes.get(entry.type);
			if (entry.from > now) stillWaiting.push(entry);
			else if (target) this.put(target, entry.type, entry.id);
		}
		this.waiting.length = 0;
		for (const entry of stillWaiting) this.waiting.push(entry);
		return index;
	}

	private put(index: TypeIndex, type: string, id: Id): void {
		const row = this.store.get(type, id);
		const fields = this.store.resource(type).searchFields ?? [];
		index.put(id, row ? fields.flatMap((field) => textsOf(this.store, type, row, field)).flatMap(wordsOf) : []);
	}
}

function textsOf(store: Store, type: string, row: Row, field: string): string[] {
	if (field === 'email') return textsOf(store, type, row, 'emails');
	if (field.includes('.')) {
		const [association, inner] = field.split('.') as [string, string];
		const target = store.resource(type).associations[association]!.target;
		return store.relatedIds(type, row, association).map((id) => String(store.get(target, id)?.[inner] ?? ''));
	}
	const value = row[field];
	if (Array.isArray(value)) return value.map(String);
	return value === null || value === undefined ? [] : [String(value)];
}

/** More matching words first, then the newer record (recordings `contacts.list.filter_searchtext.email.1`, `cases.list.filter_searchtext.2`). */
function ranked(scores: Map<Id, number>): Id[] {
	return [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? 1 : -1)).map(([id]) => id);
}
