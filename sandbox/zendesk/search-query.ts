import type { Store } from './store';
import type { Group, Organization, Ticket, User } from './types';

/** The part of Zendesk's search language that names fields: `type:ticket status<solved email:a@b.c created>2026-01-01 words`. */
export interface Term {
	field: string | null;
	operator: ':' | '<' | '>' | '<=' | '>=';
	value: string;
	negated: boolean;
}

export type Searchable = 'ticket' | 'user' | 'organization' | 'group';

export function parseQuery(query: string): Term[] {
	const terms: Term[] = [];
	for (const match of query.matchAll(/(-?)(?:([a-z_]+)(<=|>=|:|<|>))?(?:"([^"]*)"|(\S+))/gi)) {
		const [, minus, field, operator, quoted, word] = match;
		terms.push({
			field: field?.toLowerCase() ?? null,
			operator: (operator ?? ':') as Term['operator'],
			value: quoted ?? word,
			negated: minus === '-',
		});
	}
	return terms;
}

/** The type named in the query, if any. */
export function typeIn(terms: Term[]): string | undefined {
	return terms.find((term) => term.field === 'type')?.value.toLowerCase();
}

const STATUSES = ['new', 'open', 'pending', 'hold', 'solved', 'closed'];
const PRIORITIES = ['low', 'normal', 'high', 'urgent'];

type Row = Ticket | User | Organization | Group;

export function matches(store: Store, type: Searchable, row: Row, terms: Term[]): boolean {
	return terms.every((term) => {
		if (term.field === 'type') return true;
		return holds(store, type, row, term) !== term.negated;
	});
}

function holds(store: Store, type: Searchable, row: Row, term: Term): boolean {
	if (term.field === null) return textOf(store, type, row).includes(term.value.replace(/\*$/, '').toLowerCase());
	const values = valuesOf(store, type, row, term.field);
	if (term.value === 'none') return values.length === 0;
	return values.some((value) => compare(value, term));
}

function compare(value: string, term: Term): boolean {
	const wanted = term.value.toLowerCase();
	if (term.operator === ':')
		return wanted.endsWith('*') ? value.startsWith(wanted.slice(0, -1)) : value === wanted || isSameDay(value, wanted);
	const [left, right] = [rank(value), rank(wanted)];
	if (term.operator === '<') return left < right;
	if (term.operator === '<=') return left <= right;
	return term.operator === '>' ? left > right : left >= right;
}

const isSameDay = (value: string, wanted: string) => /^\d{4}-\d\d-\d\d$/.test(wanted) && value.startsWith(wanted);

function rank(value: string): number {
	if (STATUSES.includes(value)) return STATUSES.indexOf(value);
	if (PRIORITIES.includes(value)) return PRIORITIES.indexOf(value);
	return /^\d+$/.test(value) ? Number(value) : Date.parse(value);
}

function valuesOf(store: Store, type: Searchable, row: Row, field: string): string[] {
	const common: Record<string, unknown> = {
		id: row.id,
		created: row.created_at,
		created_at: row.created_at,
		updated: row.updated_at,
		updated_at: row.updated_at,
	};
	const special =
		type === 'ticket'
			? ticketValues(store, row as Ticket, field)
			: type === 'user'
				? userValues(row as User, field)
				: undefined;
	const value = common[field] ?? special ?? (row as unknown as Record<string, unknown>)[field];
	const all = Array.isArray(value) ? value : [value];
	return all.filter((item) => item !== null && item !== undefined).map((item) => String(item).toLowerCase());
}

function ticketValues(store: Store, ticket: Ticket, field: string): unknown {
	const person = (id: number | null) => {
		const user = id === null ? undefined : store.users.get(id);
		return user ? [user.id, user.email, user.name] : [];
	};
	if (field === 'requester') return person(ticket.requester_id);
	if (field === 'assignee') return person(ticket.assignee_id);
	if (field === 'submitter') return person(ticket.submitter_id);
	if (field === 'commenter') return store.commentsOf(ticket.id).flatMap((comment) => person(comment.author_id));
	if (field === 'ticket_type') return ticket.type;
	if (field === 'organization') return ticket.organization_id;
	if (field === 'group') return ticket.group_id;
	if (field === 'via') return ticket.via.channel;
	return undefined;
}

function userValues(user: User, field: string): unknown {
	if (field === 'email') return [user.email, ...user.other_emails];
	if (field === 'organization') return user.organization_id;
	return undefined;
}

function textOf(store: Store, type: Searchable, row: Row): string {
	if (type === 'ticket') {
		const ticket = row as Ticket;
		return [
			String(ticket.id),
			ticket.subject,
			ticket.description,
			...store.commentsOf(ticket.id).map((comment) => comment.plain_body),
		]
			.join('\n')
			.toLowerCase();
	}
	const user = row as User;
	return [user.name, user.email, user.phone, user.notes].filter(Boolean).join('\n').toLowerCase();
}
