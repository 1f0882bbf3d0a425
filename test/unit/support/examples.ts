import type { CaseComment, OroCase, TicketRecord, ZendeskUserRow } from '../../../orocrm/types';
import { defaultTables } from '../../../sync/field-maps';
import type { FieldMapping, MappingTables } from '../../../sync/field-maps';
import { mapPair } from '../../../sync/map-pair';
import type { Resolved, ResolvedPerson, TicketInPair } from '../../../sync/pair';
import type { PublishSettings, ReadyPair } from '../../../sync/plan';
import { rowName } from '../../../sync/people';
import type { ZendeskComment, ZendeskUser } from '../../../zendesk/types';

/** Ready-made halves of a pair; each test changes only what it is about. */

export const OWNER = '1';
export const KEY = 'zd-0abcdef-35';
export const SITE = '0abcdef';
export const REQUESTER = 7001;
export const ANNA = 8001;
export const BEN = 8002;

export const settings: PublishSettings = {
	channel: '5',
	channelIsChosen: true,
	rules: { twoWay: false, winner: 'remote' },
	deletedTickets: 'leave',
	deletedCases: 'leave',
	closedTickets: 'skip',
	commentsSince: null,
	commentsPerWrite: 100,
};

export function user(values: Partial<ZendeskUser> & { id: number }): ZendeskUser {
	return { name: `Person ${values.id}`, email: `person.${values.id}@example.com`, role: 'end-user', ...values };
}

export function ticket(values: Partial<TicketInPair> = {}): TicketInPair {
	return {
		id: 35,
		url: 'https://acme.zendesk.com/api/v2/tickets/35.json',
		external_id: null,
		via: { channel: 'email' },
		created_at: '2026-11-20T08:00:00Z',
		updated_at: '2026-11-21T09:30:00Z',
		type: 'question',
		subject: 'The tent leaks',
		description: 'Water comes in at the seam.',
		priority: 'normal',
		status: 'open',
		recipient: null,
		requester_id: REQUESTER,
		submitter_id: REQUESTER,
		assignee_id: ANNA,
		collaborator_ids: [],
		problem_id: null,
		has_incidents: false,
		due_at: null,
		tags: [],
		custom_fields: [],
		comments: [],
		people: [
			user({ id: REQUESTER, name: 'Maria Santos', email: 'maria@example.com' }),
			user({ id: ANNA, name: 'Anna Keller', email: 'anna@example.com', role: 'agent' }),
			user({ id: BEN, name: 'Ben Okafor', email: 'ben@example.com', role: 'agent' }),
		],
		...values,
	};
}

export function comment(values: Partial<ZendeskComment> & { id: number }): ZendeskComment {
	const body = values.body ?? `Comment ${values.id}`;
	return {
		author_id: REQUESTER,
		body,
		html_body: `<p>${body}</p>`,
		plain_body: body,
		public: true,
		created_at: '2026-11-20T08:00:00Z',
		...values,
	};
}

export function person(values: Partial<ResolvedPerson> & { zendeskUserId: number }): ResolvedPerson {
	const id = values.zendeskUserId;
	return {
		name: `Person ${id}`,
		email: `person.${id}@example.com`,
		role: 'end-user',
		row: { create: rowName(id) },
		contact: null,
		user: null,
		foundBy: 'e-mail',
		account: null,
		...values,
	};
}

/** Maria is contact 41, Anna user 11, Ben user 12; all have rows. */
export function people(): Record<string, ResolvedPerson> {
	return {
		[REQUESTER]: person({
			zendeskUserId: REQUESTER,
			name: 'Maria Santos',
			email: 'maria@example.com',
			row: { id: '71' },
			contact: { id: '41' },
			account: '61',
		}),
		[ANNA]: person({
			zendeskUserId: ANNA,
			name: 'Anna Keller',
			email: 'anna@example.com',
			role: 'agent',
			row: { id: '81' },
			user: '11',
		}),
		[BEN]: person({
			zendeskUserId: BEN,
			name: 'Ben Okafor',
			email: 'ben@example.com',
			role: 'agent',
			row: { id: '82' },
			user: '12',
		}),
	};
}

export function resolved(values: Partial<Resolved> = {}): Resolved {
	return {
		owner: OWNER,
		people: people(),
		problemRecord: null,
		commentRows: null,
		caseComments: null,
		adopting: false,
		unchanged: false,
		ticketUnchanged: false,
		keys: true,
		twins: [],
		createMissingContacts: true,
		zendesk: { defaultEmail: '', users: {}, contacts: {} },
		site: SITE,
		...values,
	};
}

/** A comment of the case {@link oroCase}, by its owner. */
export function caseComment(values: Partial<CaseComment> & { id: string }): CaseComment {
	return {
		case: '301',
		message: 'We are on it.',
		public: true,
		contact: null,
		owner: OWNER,
		createdAt: '2026-11-20T09:00:00Z',
		attachment: null,
		...values,
	};
}

export function row(values: Partial<ZendeskUserRow> & { id: string }): ZendeskUserRow {
	return {
		originId: null,
		url: null,
		name: null,
		email: null,
		role: null,
		relatedContact: null,
		relatedUser: null,
		channel: '5',
		...values,
	};
}

export const rows = {
	requester: (): ZendeskUserRow =>
		row({ id: '71', originId: String(REQUESTER), role: 'end-user', relatedContact: '41' }),
	anna: (): ZendeskUserRow => row({ id: '81', originId: String(ANNA), role: 'agent', relatedUser: '11' }),
	ben: (): ZendeskUserRow => row({ id: '82', originId: String(BEN), role: 'agent', relatedUser: '12' }),
};

/** The record as the last sync of {@link ticket} left it. */
export function record(values: Partial<TicketRecord> = {}): TicketRecord {
	return {
		id: '901',
		originId: '35',
		url: 'https://acme.zendesk.com/api/v2/tickets/35.json',
		subject: 'The tent leaks',
		externalId: null,
		recipient: null,
		hasIncidents: false,
		dueAt: null,
		originCreatedAt: '2026-11-20T08:00:00Z',
		originUpdatedAt: '2026-11-20T08:00:00Z',
		updatedAt: '2026-11-20T08:01:00Z',
		status: 'open',
		priority: 'normal',
		ticketType: 'question',
		problem: null,
		collaborators: [],
		requester: rows.requester(),
		submitter: rows.requester(),
		assignee: rows.anna(),
		relatedCase: '301',
		channel: '5',
		...values,
	};
}

/** The case as the last sync of {@link ticket} left it. */
export function oroCase(values: Partial<OroCase> = {}): OroCase {
	return {
		id: '301',
		externalId: KEY,
		subject: 'The tent leaks',
		description: 'Water comes in at the seam.',
		status: 'open',
		priority: 'normal',
		source: 'email',
		assignedTo: '11',
		relatedContact: '41',
		relatedAccount: '61',
		owner: OWNER,
		reportedAt: '2026-11-20T08:00:00Z',
		closedAt: null,
		createdAt: '2026-11-20T08:01:00Z',
		updatedAt: null,
		...values,
	};
}

export interface PairParts {
	ticket?: Partial<TicketInPair>;
	record?: Partial<TicketRecord> | null;
	case?: Partial<OroCase> | null;
	resolved?: Partial<Resolved>;
	tables?: MappingTables;
	fields?: FieldMapping[];
}

/** A pair as Resolve hands it to Publish. Without `record` and `case` the ticket is new. */
export function readyPair(parts: PairParts = {}): ReadyPair {
	const one = ticket(parts.ticket);
	const itsCase = parts.case ? oroCase(parts.case) : null;
	const mapped = mapPair({ ticket: one, case: itsCase }, parts.tables ?? defaultTables, parts.fields ?? []);
	return {
		origin: 'zendesk',
		ticket: one,
		record: parts.record ? record(parts.record) : null,
		case: itsCase,
		mapped: mapped as ReadyPair['mapped'],
		resolved: resolved(parts.resolved),
	};
}
