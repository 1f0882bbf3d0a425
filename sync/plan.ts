import type { CaseComment, TicketRecord, WriteDocument } from '../orocrm/types';
import type { TicketChanges } from './merge-pair';
import type { MergeRules } from './reconcile';
import type { RefusedParts } from './ticket-parts';
import type { Change, Conflict, Mapped, MappedCase, Outcome, Pair, Resolved, TicketInPair } from './pair';

export interface PublishSettings {
	/** Id of OroCRM's Zendesk integration, or null: then creation is not guarded by its unique index. */
	channel: string | null;
	/** True when a person chose it: then its records are this Zendesk account's, also when they name another address. */
	channelIsChosen: boolean;
	/** Names of OroCRM's active Zendesk integrations, by id. In two-way sync their records are refused: OroCRM writes to the same tickets. */
	activeChannels?: Readonly<Record<string, string>>;
	rules: MergeRules;
	/** What becomes of the case of a ticket that was deleted in Zendesk. */
	deletedTickets: 'leave' | 'close';
	/** What becomes of a ticket whose case was deleted in OroCRM. */
	deletedCases: 'leave' | 'recreate';
	/** What becomes of a comment on the case of a closed ticket. */
	closedTickets: 'skip' | 'followUp';
	/** Case comments written before this date stay in OroCRM; null: all go out. ISO 8601. */
	commentsSince: string | null;
	/** Most new comments in one request; the rest follows, and the record says "complete" only with the last. */
	commentsPerWrite: number;
}

/** What Publish is to do about one pair: first the ticket, then one request to OroCRM; or nothing and why. */
export interface Plan {
	outcome: Outcome;
	summary: string;
	changes: Change[];
	conflicts: Conflict[];
	skipped: Array<{ field: string; reason: string }>;
	notes: string[];
	/** The change of the ticket, which goes first: only what it is after that is saved as the base. */
	ticketWrite: TicketWrite | null;
	write: { kind: 'create'; document: WriteDocument } | { kind: 'update'; recordId: string; document: WriteDocument } | null;
	/** Comments that are to open, or to go on, a follow-up ticket of this closed one. */
	followUps: CaseComment[];
	/** New contacts and rows of people that this write makes, by their names within the run. */
	makes: string[];
	/** True when more comments follow in a further write. */
	partial: boolean;
	/** True when the pair has to be looked at again after this write: what goes out to the ticket is only seen with a base. */
	continues: boolean;
}

/** One request to Zendesk: the changed fields, and at most one comment. */
export interface TicketWrite {
	changes: TicketChanges;
	comment: CaseComment | null;
	/** What it changes, for the result. */
	fields: Change[];
	/** Comments that follow in further requests. */
	further: Change[];
}

/** A pair that is ready for Publish. */
export interface ReadyPair extends Pair {
	ticket: TicketInPair;
	mapped: Mapped & { case: MappedCase };
	resolved: Resolved;
	/** The base of the merge where the record isn't it: what was sent to the ticket in this run and isn't saved yet. */
	base?: TicketRecord;
	/** Custom fields that this run sent to the ticket, by id or name. */
	sentFields?: Record<string, unknown>;
	/** Present when Zendesk refused a change in this run: then its parts go out one by one, without these. */
	refused?: RefusedParts;
}

/** Nothing to do, and why. */
export function idle(outcome: Outcome, summary: string, skipped: Plan['skipped'] = [], notes: string[] = []): Plan {
	return { outcome, summary, changes: [], conflicts: [], skipped, notes, ticketWrite: null, write: null, followUps: [], makes: [], partial: false, continues: false };
}

/** `status, priority and 3 comments`. */
export function listed(changes: readonly Change[]): string {
	const fields = [...new Set(changes.filter((change) => change.field !== 'comment').map((change) => change.field))];
	const comments = changes.filter((change) => change.field === 'comment').length;
	if (comments > 0) fields.push(comments === 1 ? 'one comment' : `${comments} comments`);
	return fields.length < 2 ? fields.join('') : `${fields.slice(0, -1).join(', ')} and ${fields[fields.length - 1]}`;
}
