import type { Conflict } from './pair';

/** One field of a pair, with the means to compare its two languages. */
export interface MergeField<Remote, Local> {
	field: ReconciledField;
	/** The ticket's value now. */
	remote: Remote;
	/** The ticket's value at the last sync; undefined when there is no base (the record was lost). */
	base: Remote | undefined;
	/** The case's value now. */
	local: Local;
	/** What the ticket's value is in the case's words; undefined when there is no word for it: the case is left alone then. */
	toLocal: (remote: Remote) => Local | undefined;
	/** What the case's value is in the ticket's words; undefined when there is none. */
	toRemote: (local: Local) => Remote | undefined;
	/** What `toLocal` gave at the last sync, where that may differ from what it gives now. */
	baseInLocal?: Local;
	same?: (a: Remote, b: Remote) => boolean;
}

export interface MergeRules {
	/** Off: nothing is allowed out to the ticket, and a conflict is won by the remote side. */
	twoWay: boolean;
	winner: Winner;
	/** Another winner for single fields. */
	winners?: Partial<Record<ReconciledField, Winner>>;
	/** The ticket is closed and can't be written: what was changed in the case stays there. */
	closed?: boolean;
}

export type Winner = 'remote' | 'local';

/** The fields of sync-rules §4, by their names in the case. */
export type ReconciledField = 'subject' | 'status' | 'priority' | 'assignedTo' | 'relatedContact';

/** What becomes of one field. `toCase` and `toTicket` are absent when that side stays as it is. */
export interface Merged<Remote, Local> {
	toCase?: { value: Local };
	toTicket?: { value: Remote };
	conflict?: Conflict;
	/** The case was changed by hand and stays so: nothing may go out, or the ticket has no word for it. */
	staysLocal?: 'one way' | 'closed' | 'no word';
}

/**
 * The three-way merge of sync-rules §4, for one field. Pure: the same for both directions and whichever side woke it.
 *
 * A case's value and a ticket's value are *equal* when either maps to the other, so that High and `urgent`, Resolved and `solved`
 * leave each other alone.
 */
export function mergeField<Remote, Local>(field: MergeField<Remote, Local>, rules: MergeRules): Merged<Remote, Local> {
	const same = field.same ?? Object.is;
	const equal = (local: Local, remote: Remote): boolean => {
		const inLocal = field.toLocal(remote);
		const inRemote = field.toRemote(local);
		return (inLocal !== undefined && Object.is(inLocal, local)) || (inRemote !== undefined && same(inRemote, remote));
	};
	if (equal(field.local, field.remote)) return {};
	const wanted = field.toLocal(field.remote);
	// What the ticket has can't be said in the case, so nobody can tell whether the case says something else.
	if (wanted === undefined) return {};
	const remoteChanged = field.base === undefined || !same(field.remote, field.base);
	const localChanged =
		field.base === undefined || !(equal(field.local, field.base) || (field.baseInLocal !== undefined && Object.is(field.baseInLocal, field.local)));
	if (!remoteChanged) {
		if (!localChanged) return {};
		if (!rules.twoWay) return { staysLocal: 'one way' };
		if (rules.closed) return { staysLocal: 'closed' };
		const out = field.toRemote(field.local);
		return out === undefined ? { staysLocal: 'no word' } : { toTicket: { value: out } };
	}
	if (!localChanged) return { toCase: { value: wanted } };
	const winner = rules.twoWay ? (rules.winners?.[field.field] ?? rules.winner) : 'remote';
	const conflict: Conflict = { field: field.field, remote: wanted, local: field.local, base: field.base === undefined ? null : (field.toLocal(field.base) ?? field.base), winner };
	if (winner === 'remote') return { toCase: { value: wanted }, conflict };
	if (rules.closed) return { conflict, staysLocal: 'closed' };
	const out = field.toRemote(field.local);
	return out === undefined ? { conflict, staysLocal: 'no word' } : { toTicket: { value: out }, conflict };
}
