import { findRowsOfContacts } from '../orocrm/people';
import type { OroContact, ZendeskUserRow } from '../orocrm/types';
import { knownComments } from '../sync/comments';
import { outgoingComments } from '../sync/outgoing-comments';
import type { Pair, Resolved, ZendeskPerson } from '../sync/pair';
import { comparableEmail } from '../sync/people';
import { mayNeedDefault, sameEmail, zendeskQuestions } from '../sync/zendesk-people';
import { hostOf } from '../zendesk/address';
import type { Clients } from './clients';
import type { PeopleDirectory } from './people-directory';

/**
 * Finds who stands in Zendesk for the people of these cases, only where that is needed (see {@link zendeskQuestions}): users by the
 * e-mail of an agent, contacts by the stored link, then by e-mail. Fills `resolved.zendesk`; what is there already is not asked again.
 */
export async function resolveZendeskPeople(pairs: ReadonlyArray<Pair & { resolved: Resolved }>, clients: Clients, directory: PeopleDirectory): Promise<void> {
	const questions = pairs.map((pair) => ({ pair, ...zendeskQuestions(pair, outgoingComments(pair.ticket?.comments ?? null, knownComments(pair.resolved))) }));
	await findUsers(questions, clients, directory);
	await findContacts(questions, clients, directory);
	for (const { pair } of questions) await findDefault(pair, clients, directory);
}

interface Questions {
	pair: Pair & { resolved: Resolved };
	users: string[];
	contacts: string[];
}

async function findUsers(questions: readonly Questions[], clients: Clients, directory: PeopleDirectory): Promise<void> {
	const ids = new Set(questions.flatMap(({ users }) => users));
	if (ids.size === 0) return;
	const oroUsers = new Map((await directory.readOroUsers(clients)).map((user) => [user.id, user]));
	const staff = await directory.readStaff(clients);
	const people = new Map<string, ZendeskPerson>();
	for (const id of ids) {
		const user = oroUsers.get(id);
		const agent = user ? staff.find((one) => sameEmail(one.email, user.email) && one.suspended !== true) : undefined;
		people.set(id, { id: agent?.id ?? null, name: user ? `${user.firstName} ${user.lastName}`.trim() : '', email: user?.email ?? null });
	}
	for (const { pair, users } of questions) for (const id of users) pair.resolved.zendesk.users[id] = people.get(id) as ZendeskPerson;
}

async function findContacts(questions: readonly Questions[], clients: Clients, directory: PeopleDirectory): Promise<void> {
	const ids = [...new Set(questions.flatMap(({ contacts }) => contacts))];
	if (ids.length === 0) return;
	const contacts = new Map((await directory.readContacts(ids, clients)).map((contact) => [contact.id, contact]));
	const rows = new Map<string, ZendeskUserRow[]>();
	for (const row of await findRowsOfContacts(clients.oro, ids)) if (row.relatedContact) rows.set(row.relatedContact, [...(rows.get(row.relatedContact) ?? []), row]);
	const stored = new Map(ids.map((id) => [id, storedUser(contacts.get(id), (rows.get(id) ?? []).filter((row) => isOfAccount(row, clients)))]));
	const emails = ids.filter((id) => stored.get(id) === undefined).map((id) => contacts.get(id)?.primaryEmail ?? '').filter(Boolean);
	const found = await directory.findByEmail(emails, clients);
	for (const { pair, contacts: asked } of questions) {
		for (const id of asked) {
			const contact = contacts.get(id);
			const email = contact?.primaryEmail ?? null;
			const name = contact ? `${contact.firstName ?? ''} ${contact.lastName ?? ''}`.trim() : '';
			pair.resolved.zendesk.contacts[id] = { id: stored.get(id) ?? found.get(comparableEmail(email) ?? '')?.id ?? null, name: name || (email ?? ''), email };
		}
	}
}

/** Rows of other Zendesk accounts, or of an account's former address, say nothing about who somebody is in this one. */
export function isOfAccount(row: ZendeskUserRow, clients: Clients): boolean {
	const account = hostOf(clients.zendesk.baseUrl);
	return (hostOf(row.url) ?? account) === account;
}

/** The Zendesk user that a contact is tied to: of several the one with its primary e-mail, then the first that was tied. */
function storedUser(contact: OroContact | undefined, rows: readonly ZendeskUserRow[]): number | undefined {
	const usable = rows.filter((row) => Number.isSafeInteger(Number(row.originId ?? 'none')) && Number(row.originId) > 0).sort((a, b) => Number(a.id) - Number(b.id));
	const row = usable.find((one) => sameEmail(one.email, contact?.primaryEmail)) ?? usable[0];
	return row ? Number(row.originId) : undefined;
}

/** The default Zendesk user, and the user with the owner's e-mail: for a case that is published, or whose user isn't in Zendesk. */
async function findDefault(pair: Pair & { resolved: Resolved }, clients: Clients, directory: PeopleDirectory): Promise<void> {
	if (!mayNeedDefault(pair)) return;
	const { zendesk, owner } = pair.resolved;
	const email = zendesk.defaultEmail.trim();
	const user = email ? (await directory.findByEmail([email], clients)).get(comparableEmail(email) ?? '') : await directory.readCurrent(clients);
	if (email && !user) throw new Error(`Zendesk has no user with the e-mail ${email}: correct the default Zendesk user in Resolve Contact/User.`);
	zendesk.defaultUser = user?.id ?? null;
	if (pair.ticket) return;
	const ownerEmail = (await directory.readOroUsers(clients)).find((one) => one.id === owner)?.email;
	zendesk.ownerUser = ownerEmail ? ((await directory.findByEmail([ownerEmail], clients)).get(comparableEmail(ownerEmail) ?? '')?.id ?? null) : null;
}
