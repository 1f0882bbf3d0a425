import type { OroContact, OroUser, ZendeskUserRow } from '../orocrm/types';
import type { ZendeskUser } from '../zendesk/types';
import { asText, columnText, cutText, longText, storableDate, storableText } from './text';

/** The person's e-mail for comparing: e-mails are compared without case. Null when there is none. */
export function comparableEmail(email: string | null | undefined): string | null {
	return asText(email).trim().toLowerCase() || null;
}

/** The contact for an e-mail: the one whose primary e-mail it is, then the lowest id (sync-rules §2). */
export function chooseContact(candidates: readonly OroContact[], email: string): OroContact | undefined {
	const wanted = comparableEmail(email);
	if (!wanted) return undefined;
	const holders = candidates.filter((contact) => [contact.primaryEmail, ...contact.emails].some((address) => comparableEmail(address) === wanted));
	const primary = holders.filter((contact) => comparableEmail(contact.primaryEmail) === wanted);
	return lowestId(primary.length > 0 ? primary : holders);
}

/** The OroCRM user for an agent: by primary e-mail. An enabled user goes before a disabled one. */
export function chooseUser(users: readonly OroUser[], email: string | null | undefined): OroUser | undefined {
	const wanted = comparableEmail(email);
	if (!wanted) return undefined;
	const holders = users.filter((user) => comparableEmail(user.email) === wanted);
	const enabled = holders.filter((user) => user.enabled);
	return lowestId(enabled.length > 0 ? enabled : holders);
}

/** Of several rows for one person: one that is linked already, then the lowest id. */
export function chooseRow(rows: readonly ZendeskUserRow[]): ZendeskUserRow | undefined {
	const linked = rows.filter((row) => row.relatedContact ?? row.relatedUser);
	return lowestId(linked.length > 0 ? linked : rows);
}

/** Ids are numbers in strings: "9" goes before "10". */
export function lowestId<T extends { id: string }>(list: readonly T[]): T | undefined {
	return list.reduce<T | undefined>((best, entry) => (best === undefined || Number(entry.id) < Number(best.id) ? entry : best), undefined);
}

/** Agents and admins work in Zendesk and become OroCRM users; everybody else is a customer. */
export function isStaff(role: string | null | undefined): boolean {
	return role === 'agent' || role === 'admin';
}

/** True when a Zendesk user is only the remains of one, whose name is nobody's. */
export function isErased(user: Pick<ZendeskUser, 'name' | 'email' | 'active'>): boolean {
	return user.active === false && !user.email && /^permanently deleted user/i.test(asText(user.name));
}

/** How a contact that is to be made is known within a run: one per e-mail; people without one are never merged. */
export function contactName(user: Pick<ZendeskUser, 'id' | 'email'>): string {
	const email = comparableEmail(user.email);
	return email ? `contact:${email}` : `contact:zendesk-user-${user.id}`;
}

export function rowName(zendeskUserId: number): string {
	return `row:${zendeskUserId}`;
}

const PREFIXES = new Set(['mr', 'mrs', 'ms', 'miss', 'mx', 'dr', 'prof', 'rev', 'sir']);
const SUFFIXES = new Set(['jr', 'sr', 'ii', 'iii', 'iv', 'md', 'phd', 'esq']);

export interface NameParts {
	namePrefix: string | null;
	firstName: string | null;
	middleName: string | null;
	lastName: string | null;
	nameSuffix: string | null;
}

/**
 * The parts of a name as OroCRM's contacts have them (sync-rules §2): a title before and a suffix after it, the first word, the last
 * word, and what is between them. One word is first and last name. First and last name have at most 100 characters (orocrm-api.md §3.3).
 */
export function splitName(name: string): NameParts {
	const words = storableText(asText(name)).trim().split(/[\s,]+/).filter(Boolean);
	const isOneOf = (word: string | undefined, list: ReadonlySet<string>) => list.has((word ?? '').toLowerCase().replace(/\./g, ''));
	const prefix = words.length > 1 && isOneOf(words[0], PREFIXES) ? words.shift() : undefined;
	const suffix = words.length > 2 && isOneOf(words[words.length - 1], SUFFIXES) ? words.pop() : undefined;
	return {
		namePrefix: columnText(prefix, 255),
		firstName: columnText(words[0], 100),
		middleName: columnText(words.slice(1, -1).join(' '), 255),
		lastName: columnText(words[words.length - 1], 100),
		nameSuffix: columnText(suffix, 255),
	};
}

/**
 * Attributes of a new contact, or undefined when nothing is known that OroCRM accepts as one: it wants at least a name, an
 * e-mail or a phone number.
 */
export function newContactAttributes(user: ZendeskUser): Record<string, unknown> | undefined {
	const name = Object.entries(splitName(user.name ?? '')).filter(([, part]) => part !== null);
	const email = usableEmail(user.email);
	const phone = columnText(user.phone, 255);
	if (name.length === 0 && !email && !phone) return undefined;
	return {
		...Object.fromEntries(name),
		...(email ? { primaryEmail: email } : {}),
		...(phone ? { primaryPhone: phone } : {}),
	};
}

/** The e-mail as either system takes it for a person: what is plainly no address is left out, or all that goes with it would be refused. */
export function usableEmail(email: string | null | undefined): string | null {
	const trimmed = columnText(email, 255);
	return trimmed && /^[^\s@,"]+@[^\s@,"]+\.[^\s@,".]+$/.test(trimmed) ? trimmed : null;
}

const ROLES = new Set(['admin', 'agent', 'end-user']);

/** The role that OroCRM's dictionary knows; null for others. */
export function knownRole(role: string | null | undefined): string | null {
	return role && ROLES.has(role) ? role : null;
}

/** Attributes of a `zendeskusers` row, cut to its columns (orocrm-api.md §3.8). */
export function zendeskUserAttributes(user: ZendeskUser): Record<string, unknown> {
	return {
		originId: String(user.id),
		url: columnText(user.url, 255),
		externalId: columnText(user.external_id, 50),
		name: columnText(user.name, 255) ?? cutText(`Zendesk user ${user.id}`, 255),
		details: longText(user.details),
		ticketRestriction: columnText(user.ticket_restriction, 30),
		onlyPrivateComments: user.only_private_comments === true,
		notes: longText(user.notes),
		verified: user.verified === true,
		active: user.active !== false,
		alias: columnText(user.alias, 100),
		email: columnText(user.email, 255),
		phone: columnText(user.phone, 50),
		timeZone: columnText(user.time_zone, 30),
		locale: columnText(user.locale, 30),
		lastLoginAt: storableDate(user.last_login_at),
		originCreatedAt: storableDate(user.created_at),
		originUpdatedAt: storableDate(user.updated_at),
	};
}
