import type { OroCase, TicketCommentRow, TicketRecord, CaseComment } from '../orocrm/types';
import type { ZendeskComment, ZendeskTicket, ZendeskUser } from '../zendesk/types';
import type { MappingTables } from './field-maps';

/** A ticket as it travels: raw, with its comments and the people that it names. */
export interface TicketInPair extends ZendeskTicket {
	/** Oldest first; null when they were not read (they are read later, and only where they are needed). */
	comments: ZendeskComment[] | null;
	people: ZendeskUser[];
}

/**
 * What every arrow of the pipeline carries: one ticket, its case, and what was known of them at the last sync.
 * A builder may change `mapped`; the rest is as the systems gave it.
 */
export interface Pair {
	/** Which side woke it. */
	origin: 'zendesk' | 'orocrm';
	ticket: TicketInPair | null;
	case: OroCase | null;
	/** OroCRM's ticket record: the link, and the base of the merge. */
	record: TicketRecord | null;
	mapped?: Mapped;
	resolved?: Resolved;
	result?: Result;
}

/** By Map Ticket to Case: each side's values in the other side's words. */
export interface Mapped {
	case: MappedCase;
	tables: MappingTables;
	/** What was made to fit, in words. */
	notes: string[];
}

/** A ticket's values as a case would hold them. */
export interface MappedCase {
	subject: string;
	description: string | null;
	/** Null: the ticket's status is not in the table; a new case is open then, an existing one keeps its own. */
	status: string | null;
	/** Null: not in the table; a new case gets `normal`. */
	priority: string | null;
	source: string;
	/** ISO 8601. */
	reportedAt: string | null;
	/** Custom fields by the case field's API name. */
	fields: Record<string, MappedField>;
}

export interface MappedField {
	value: unknown;
	/** For fields that are relationships in OroCRM (option lists): the type of the related records. */
	relatedType?: string;
}

/** A record that exists (`id`), one that Publish makes in the same request (`create` = its name among the pair's new records), or none. */
export type Link = { id: string } | { create: string } | null;

/** A Zendesk person and what stands for them in OroCRM. */
export interface ResolvedPerson {
	zendeskUserId: number;
	name: string;
	email: string | null;
	/** end-user, agent, admin. */
	role: string;
	/** Their `zendeskusers` row; `create` when there is none yet. */
	row: Link;
	contact: Link;
	/** OroCRM user id, for agents and admins. */
	user: string | null;
	/** How they were found. */
	foundBy: 'stored link' | 'e-mail' | 'owner' | 'new' | 'nothing';
	/** Links of an existing row that are empty and are filled in. */
	fillsRow?: boolean;
	/** The contact's account, where it has one. */
	account: string | null;
}

/** By Resolve Contact/User: the other half of the pair, and its people. */
export interface Resolved {
	/** OroCRM user id: stands in for agents without an OroCRM user, and owns what is created. */
	owner: string;
	/** By Zendesk user id. */
	people: Record<string, ResolvedPerson>;
	/** Record id of the problem ticket, when this is an incident and the problem is known in OroCRM. */
	problemRecord: string | null;
	/** Comments that were copied before, or null when they were not read. */
	commentRows: TicketCommentRow[] | null;
	/** Comments of a case that OroCRM's own integration linked, to recognise what has no row; null otherwise. */
	caseComments: CaseComment[] | null;
	/** True when nothing of the ticket changed since the record was written: people and comments were not read. */
	unchanged: boolean;
	/** True when the server can keep the key on the case. */
	keys: boolean;
	/** Other records with this ticket's number that were found beside the chosen one (twins), by id. */
	twins: string[];
	createMissingContacts: boolean;
	/** Set by Publish when a problem's incidents were tied to it. */
	incidentsTied?: boolean;
}

export type Outcome = 'created' | 'updated' | 'unchanged' | 'skipped';

export interface Change {
	/** case field, e.g. `status`; `comment` for a copied comment. */
	field: string;
	from: unknown;
	to: unknown;
}

export interface Conflict {
	field: string;
	/** In the case's words. */
	remote: unknown;
	local: unknown;
	base: unknown;
	winner: 'remote' | 'local';
}

/** By Publish Case: what was done and why. */
export interface Result {
	outcome: Outcome;
	/** True: nothing was written, this is what would be. */
	preview: boolean;
	/** One sentence for people. */
	summary: string;
	changes: Change[];
	conflicts: Conflict[];
	/** What was left alone, and why. */
	skipped: Array<{ field: string; reason: string }>;
	/** What was made to fit or filled in. */
	notes: string[];
	ticketId: number | null;
	caseId: string | null;
	recordId: string | null;
	links: { ticket: string | null; case: string | null };
}
