import type { Clock } from '../common/clock';
import type { Store } from './store';
import type { Ticket, User } from './types';

interface Kinds {
	user: User;
	ticket: Ticket;
}

/** A row and how the index knows it. */
export interface Indexed<T> {
	row: T;
	seen: T;
}

/**
 * What searches look through: users and tickets as they were `lag` milliseconds ago (zendesk-api.md §12: the search index is
 * late). An answer shows the row as it is now. Without a lag nothing is copied.
 */
export class SearchIndex {
	private readonly seen = { user: new Map<number, User>(), ticket: new Map<number, Ticket>() };
	private waiting: Array<{ kind: keyof Kinds; row: User | Ticket; from: number }> = [];

	constructor(
		private readonly store: Store,
		private readonly clock: Clock,
		private readonly lag: number,
	) {
		this.reset();
		if (lag > 0) store.onPut((kind, row) => this.note(kind, row));
	}

	/** Everything that is there is known at once: the beginning of a story. */
	reset(): void {
		this.waiting = [];
		for (const kind of ['user', 'ticket'] as const) this.seen[kind].clear();
		if (this.lag === 0) return;
		for (const user of this.store.users.values()) this.seen.user.set(user.id, structuredClone(user));
		for (const ticket of this.store.tickets.values()) this.seen.ticket.set(ticket.id, structuredClone(ticket));
	}

	/** Users who were not deleted. */
	users(): Array<Indexed<User>> {
		return this.rows('user', this.store.users).filter(({ row }) => row.active);
	}

	/** Tickets that were not deleted, by number. */
	tickets(): Array<Indexed<Ticket>> {
		return this.rows('ticket', this.store.tickets)
			.filter(({ row }) => row.status !== 'deleted')
			.sort((a, b) => a.row.id - b.row.id);
	}

	private rows<K extends keyof Kinds>(kind: K, live: Map<number, Kinds[K]>): Array<Indexed<Kinds[K]>> {
		if (this.lag === 0) return [...live.values()].map((row) => ({ row, seen: row }));
		this.catchUp();
		const seen = this.seen[kind] as Map<number, Kinds[K]>;
		return [...live.values()].flatMap((row) => {
			const copy = seen.get(row.id);
			return copy ? [{ row, seen: copy }] : [];
		});
	}

	private note(kind: keyof Kinds, row: User | Ticket): void {
		this.waiting.push({ kind, row: structuredClone(row), from: this.clock.now().getTime() + this.lag });
	}

	private catchUp(): void {
		const now = this.clock.now().getTime();
		for (const { kind, row, from } of this.waiting) {
			if (from <= now) (this.seen[kind] as Map<number, User | Ticket>).set(row.id, row);
		}
		this.waiting = this.waiting.filter(({ from }) => from > now);
	}
}
