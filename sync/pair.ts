import type { OroCase, TicketCommentRow, TicketRecord, CaseComment } from '../orocrm/types';
import type { ZendeskComment, ZendeskTicket, ZendeskUser } from '../zendesk/types';
import type { BackfillProgress } from './backfill-progress';
import type { FieldMapping, MappingTables } from './field-maps';

/** A ticket as it travels: raw, with its comments and the people that it names. */
export interface TicketInPair extends ZendeskTicket {
	/** Oldest first; null when they were not read (they are read later, and only where they are needed). */
	comments: ZendeskComment[] | null;
	/** True when the comments may lack the marks of those that were published from OroCRM; they are read again where that matters. */
	marks_unknown?: boolean;
	people: ZendeskUser[];
}

/**
 * What every arrow of the pipeline carries: one ticket, its case, and what was known of them at the last sync.
 * A builder may change `mapped`; the rest is as the systems gave it.
 */
export interface Pair {
	/** Which side woke it. */
	origin: 'zendesk' | 'orocrm';
	/** True when this very pair was asked for, by a person or a retry: it is looked at in full, whatever its dates say. */
	thorough?: boolean;
	/**
	 * Of a ticket whose comments were left to be read where they are needed: since when Zendesk's events of tickets are read, which tell comments by the
	 * thousand. Seconds since 1970.
	 */
	eventsSince?: number;
	/** Of a ticket that a backfill hands out: how far that is. */
	backfill?: BackfillProgress;
	ticket: TicketInPair | null;
	case: OroCase | null;
	/** OroCRM's ticket record: the link, and the base of the merge. */
	record: TicketRecord | null;
	mapped?: Mapped;
	resolved?: Resolved;
	result?: Result;
}

/**
 * By Map Ticket to Case: each side's values in the other side's words. A side that the pair came without is null until Resolve has read
 * it; a side that turns out to have changed since is mapped again, and what a builder set here stays where the raw value is the same.
 */
export interface Mapped {
	case: MappedCase | null;
	ticket: MappedTicket | null;
	tables: MappingTables;
	/** Custom fields of both directions. */
	fields: FieldMapping[];
	/** What of the ticket was made to fit, in words. */
	notes: string[];
	/** The same for the case. */
	caseNotes: string[];
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

/** A case's values as a ticket would hold them; used in two-way sync only. */
export interface MappedTicket {
	subject: string;
	/** Text of the first comment when the case is published; HTML where OroCRM's rich-text field holds some. */
	description: string;
	/** Null: the case's status is not in the table, the ticket's stays as it is. */
	status: string | null;
	/** Null: not in the table; the ticket's stays as it is, a new ticket has none. */
	priority: string | null;
	/** By the id of the ticket's custom field, or the name of a property of the ticket. */
	fields: Record<string, unknown>;
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
	/** True for a colleague who is the requester of a ticket only because its case has no contact. */
	standsIn?: boolean;
	/** Links of an existing row that are empty and are filled in. */
	fillsRow?: boolean;
	/** Several rows stand for them, which two runs made at once. */
	severalRows?: boolean;
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
	/** The case's comments, oldest first, where they were needed; null when they were not read. */
	caseComments: CaseComment[] | null;
	/** Ids of case comments of other cases that came back in this ticket (a follow-up ticket). */
	publishedElsewhere?: string[];
	/** True when the case may hold copies of the ticket's comments that have no row: those of OroCRM's own integration, or of a lost record. */
	adopting: boolean;
	/** True when nothing changed since the record was written, as far as dates tell: people and comments were not read. */
	unchanged: boolean;
	/** True when the ticket's date is the record's: only the case may have changed, so the ticket's comments were not read. */
	ticketUnchanged: boolean;
	/** Why this pair can't be synced though nothing is wrong with it, in words; Publish passes it by. */
	passOver?: string;
	/** Id of the record, when it is passed over because that names another Zendesk account, which may be this one's former address. */
	otherAccount?: string;
	/** True when the server can keep the key on the case. */
	keys: boolean;
	/** Other records with this ticket's number that were found beside the chosen one (twins), by id. */
	twins: string[];
	createMissingContacts: boolean;
	/** Who stands in Zendesk for the case's people. */
	zendesk: ResolvedZendesk;
	/** Marks what comes from this OroCRM in Zendesk's audits. */
	site: string;
	/** Set by Publish when a problem's incidents were tied to it. */
	incidentsTied?: boolean;
}

/** A person of OroCRM, and who they are in Zendesk. */
export interface ZendeskPerson {
	/** Zendesk user id; null when Zendesk has nobody with their e-mail. */
	id: number | null;
	/** As OroCRM names them. */
	name: string;
	email: string | null;
}

/** Who stands in Zendesk for the people of a case: looked up only where a value of the case may go out. */
export interface ResolvedZendesk {
	/** E-mail of the default Zendesk user; empty: the user of the Zendesk credential. */
	defaultEmail: string;
	/** The default Zendesk user; undefined when nobody asked yet, null when there is none. */
	defaultUser?: number | null;
	/** The Zendesk user with the owner's e-mail; undefined when nobody asked yet. */
	ownerUser?: number | null;
	/** By OroCRM user id. */
	users: Record<string, ZendeskPerson>;
	/** By OroCRM contact id. */
	contacts: Record<string, ZendeskPerson>;
}

export type Outcome = 'created' | 'updated' | 'unchanged' | 'skipped';

export interface Change {
	/** A field of the case, or of the ticket where `side` says so, e.g. `status`; `comment` for a copied comment. */
	field: string;
	/** `ticket` when it is the ticket that changes; absent for the case. */
	side?: 'ticket';
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
