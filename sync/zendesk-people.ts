import type { CaseComment } from '../orocrm/types';
import { publishedCase } from './comment-mark';
import { assigneeOf, linkReference, personOf } from './links';
import type { Pair, Resolved, ResolvedZendesk } from './pair';
import { comparableEmail, isStaff, usableEmail } from './people';
import { columnText } from './text';

/** Someone whom Zendesk is to make, with the ticket or before it. */
export interface NewRequester {
	name: string;
	email: string;
}

/** Who is to be asked for in Zendesk, by OroCRM ids. */
export interface ZendeskQuestions {
	users: string[];
	contacts: string[];
}

/**
 * The Zendesk agent for a case's user: by e-mail, else the default Zendesk user (sync-rules §3). Undefined when there is neither, or
 * when nobody asked.
 */
export function agentFor(zendesk: ResolvedZendesk, user: string | null): number | undefined {
	const found = user === null ? undefined : zendesk.users[user];
	if (user !== null && !found) return undefined;
	return found?.id ?? zendesk.defaultUser ?? undefined;
}

/** The requester for a case's contact: who has the e-mail, else someone new; undefined for a contact without an e-mail, and for none. */
export function requesterFor(zendesk: ResolvedZendesk, contact: string | null): { id: number } | { create: NewRequester } | undefined {
	const found = contact === null ? undefined : zendesk.contacts[contact];
	if (!found) return undefined;
	if (found.id !== null) return { id: found.id };
	const email = usableEmail(found.email);
	return email ? { create: { name: columnText(found.name, 255) ?? email, email } } : undefined;
}

/** The requester of a new ticket: the contact's, else the user with the owner's e-mail, else the default Zendesk user (sync-rules §3). */
export function publishRequester(zendesk: ResolvedZendesk, contact: string | null): { id: number } | { create: NewRequester } | undefined {
	const own = requesterFor(zendesk, contact);
	if (own) return own;
	const instead = zendesk.ownerUser ?? zendesk.defaultUser;
	return typeof instead === 'number' ? { id: instead } : undefined;
}

/**
 * True when a ticket's requester only stands in for a customer: the ticket was published from a case without a contact, or whose contact
 * has no e-mail, so an agent (the owner, the default Zendesk user) had to be it.
 */
export function isStandIn(ticket: { external_id: unknown }, oroCase: { id: string } | null, requester: { role?: string; standsIn?: boolean } | undefined): boolean {
	return oroCase !== null && publishedCase(ticket.external_id) === oroCase.id && (isStaff(requester?.role) || requester?.standsIn === true);
}

/**
 * Whom of a case somebody has to be found for in Zendesk: only those whose value differs from the ticket's, for what is equal is not
 * sent; all of a case that has no ticket yet; and the authors of comments that go out.
 */
export function zendeskQuestions(pair: Pair & { resolved: Resolved }, outgoing: readonly CaseComment[]): ZendeskQuestions {
	const { case: oroCase, ticket, resolved } = pair;
	const users = new Set<string>();
	const contacts = new Set<string>();
	if (oroCase?.assignedTo && (!ticket || assigneeOf(resolved, ticket.assignee_id) !== oroCase.assignedTo)) users.add(oroCase.assignedTo);
	if (oroCase?.relatedContact && (!ticket || linkReference(personOf(resolved, ticket.requester_id)?.contact ?? null) !== oroCase.relatedContact)) contacts.add(oroCase.relatedContact);
	for (const comment of outgoing) {
		if (comment.contact) contacts.add(comment.contact);
		else if (comment.owner) users.add(comment.owner);
	}
	return { users: [...users].filter((id) => !resolved.zendesk.users[id]), contacts: [...contacts].filter((id) => !resolved.zendesk.contacts[id]) };
}

/** True when the default Zendesk user may be needed: for a case's user or contact who isn't in Zendesk, or who isn't set. */
export function mayNeedDefault(pair: Pair & { resolved: Resolved }): boolean {
	const { case: oroCase, ticket, resolved } = pair;
	if (!oroCase || resolved.zendesk.defaultUser !== undefined) return false;
	return !ticket || assigneeOf(resolved, ticket.assignee_id) !== oroCase.assignedTo;
}

/** The same address, whatever the capitals. */
export function sameEmail(a: string | null | undefined, b: string | null | undefined): boolean {
	const first = comparableEmail(a);
	return first !== null && first === comparableEmail(b);
}
