import { findContactsByEmail, findZendeskUserRows } from '../orocrm/people';
import type { OroContact, OroUser, ZendeskUserRow } from '../orocrm/types';
import { publishedCase } from '../sync/comment-mark';
import { doubledPerson, rowsNamedBy } from '../sync/doubled-people';
import type { Link, ResolvedPerson } from '../sync/pair';
import { chooseContact, chooseRow, chooseUser, comparableEmail, contactName, isErased, isStaff, newContactAttributes, rowName } from '../sync/people';
import type { ReadyPair } from '../sync/plan';
import { isStandIn } from '../sync/zendesk-people';
import type { ZendeskUser } from '../zendesk/types';
import { readUsers, slimUser } from '../zendesk/users';
import type { Clients } from './clients';
import { groupBy } from './group-by';
import type { PeopleDirectory } from './people-directory';
import { isOfAccount } from './resolve-zendesk-people';

interface PeopleSettings {
	owner: string;
	createMissingContacts: boolean;
}

/** Everything that is known about the people of a run. */
interface Directory {
	users: Map<number, ZendeskUser>;
	rows: Map<string, ZendeskUserRow>;
	/** Zendesk ids of people who have several rows that no integration guards. */
	doubled: Set<string>;
	contactsByEmail: OroContact[];
	contactsById: Map<string, OroContact>;
	staff: OroUser[];
	/** Contacts of whom the other direction knows who stands for them in Zendesk, by Zendesk id. */
	tied: Map<number, string>;
	/** Zendesk ids of people that a case needs as its contact, whatever their role. */
	requesters: Set<number>;
}

/**
 * Finds who the people of these pairs are in OroCRM: by the stored link first, then by e-mail; what is missing is named, and made
 * by Publish in the same request as what needs it. Fills `resolved.people`, and `ticket.people` with those that came without.
 *
 * @param run what was asked in this run already
 */
export async function resolvePeople(pairs: readonly ReadyPair[], authors: (pair: ReadyPair) => number[], clients: Clients, settings: PeopleSettings, run: PeopleDirectory): Promise<void> {
	const needed = new Map(pairs.map((pair) => [pair, peopleOf(pair, authors(pair))]));
	const ids = new Set([...needed.values()].flat());
	if (ids.size === 0) return;
	const users = await usersOf(pairs, ids, clients);
	const directory: Directory = {
		users,
		...(await rowsOf(pairs, ids, clients)),
		contactsByEmail: [],
		contactsById: new Map(),
		staff: [],
		tied: new Map(pairs.flatMap((pair) => Object.entries(pair.resolved.zendesk.contacts).flatMap(([contact, { id }]) => (id === null ? [] : [[id, contact] as const])))),
		requesters: new Set(pairs.filter(({ ticket, case: oroCase }) => !isStandIn(ticket, oroCase, users.get(ticket.requester_id ?? 0))).map((pair) => pair.ticket.requester_id).filter((id) => id !== null)),
	};
	await lookUp(directory, ids, clients, run);
	const standIns = await standInsOf(pairs, directory, clients, run);
	for (const [pair, people] of needed) {
		for (const id of people) pair.resolved.people[String(id)] = personFrom(id, directory, settings, standIns.get(pair) === id);
		const present = new Set(pair.ticket.people.map((user) => user.id));
		const added = people.filter((id) => !present.has(id)).map((id) => directory.users.get(id)).filter((user) => user !== undefined);
		if (added.length > 0) pair.ticket = { ...pair.ticket, people: [...pair.ticket.people, ...added] };
	}
}

/** Of pairs whose ticket's requester only stands in for a customer (see `isStandIn`): the requester. */
async function standInsOf(pairs: readonly ReadyPair[], directory: Directory, clients: Clients, run: PeopleDirectory): Promise<Map<ReadyPair, number>> {
	const published = pairs.filter((pair) => pair.case && !pair.case.relatedContact && publishedCase(pair.ticket.external_id) === pair.case.id && pair.ticket.requester_id !== null);
	const requesterOf = (pair: ReadyPair) => directory.users.get(pair.ticket.requester_id ?? 0);
	// An owner may be an end user in Zendesk; then only their e-mail tells a colleague from a customer.
	const unsure = published.filter((pair) => requesterOf(pair)?.email && !isStaff(requesterOf(pair)?.role));
	if (unsure.length > 0 && directory.staff.length === 0) directory.staff = await run.readOroUsers(clients);
	const isColleague = (pair: ReadyPair) => chooseUser(directory.staff, requesterOf(pair)?.email) !== undefined;
	return new Map(published.filter((pair) => isStaff(requesterOf(pair)?.role) || isColleague(pair)).map((pair) => [pair, pair.ticket.requester_id as number]));
}

function peopleOf(pair: ReadyPair, authors: readonly number[]): number[] {
	const { ticket } = pair;
	const ids = [ticket.requester_id, ticket.submitter_id, ticket.assignee_id, ...(Array.isArray(ticket.collaborator_ids) ? ticket.collaborator_ids : []), ...authors];
	return [...new Set(ids.filter((id): id is number => typeof id === 'number' && Number.isSafeInteger(id) && id > 0))];
}

/** The people's data: side-loaded with the tickets, else from Zendesk, 100 a request. */
async function usersOf(pairs: readonly ReadyPair[], ids: ReadonlySet<number>, clients: Clients): Promise<Map<number, ZendeskUser>> {
	const users = new Map<number, ZendeskUser>();
	for (const pair of pairs) for (const user of pair.ticket.people ?? []) users.set(user.id, user);
	const missing = [...ids].filter((id) => !users.has(id));
	for (const user of missing.length > 0 ? await readUsers(clients.zendesk, missing) : []) users.set(user.id, slimUser(user));
	return users;
}

/** Their rows: what came with the records, else by Zendesk id. */
async function rowsOf(pairs: readonly ReadyPair[], ids: ReadonlySet<number>, clients: Clients): Promise<Pick<Directory, 'rows' | 'doubled'>> {
	const rows = new Map(pairs.flatMap(({ record }) => rowsNamedBy(record)));
	// A row that no integration guards may be there twice, which its own record can't tell.
	const missing = [...ids].map(String).filter((id) => (rows.get(id)?.channel ?? null) === null);
	const found = await findPeopleRows(missing, clients);
	for (const { originId, row } of found) rows.set(originId, row);
	return { rows, doubled: new Set(found.filter((one) => one.doubled).map(({ originId }) => originId)) };
}

/** The row of each of these Zendesk users who has one, and whether there are several that two runs made. */
export async function findPeopleRows(originIds: readonly string[], clients: Clients): Promise<Array<{ originId: string; row: ZendeskUserRow; doubled: boolean }>> {
	const rows = groupBy(await findZendeskUserRows(clients.oro, clients.knowledge, originIds), (row) => row.originId ?? '');
	return [...rows].flatMap(([originId, list]) => {
		const row = originId === '' ? undefined : chooseRow(list);
		return row ? [{ originId, row, doubled: doubledPerson(list.filter((one) => isOfAccount(one, clients)), null) !== undefined }] : [];
	});
}

/** The look-ups that are left after the stored links: contacts by e-mail, accounts of stored contacts, OroCRM's users. */
async function lookUp(directory: Directory, ids: ReadonlySet<number>, clients: Clients, run: PeopleDirectory): Promise<void> {
	const emails = new Map<string, string>();
	const stored = new Set<string>();
	let wantsStaff = false;
	for (const id of ids) {
		const user = directory.users.get(id);
		const row = directory.rows.get(String(id));
		const contact = row?.relatedContact ?? directory.tied.get(id);
		if (contact) {
			if (directory.requesters.has(id)) stored.add(contact);
		} else if (user?.email && needsContact(user, directory)) {
			emails.set(comparableEmail(user.email) ?? '', String(user.email).trim());
		}
		if (isStaff(user?.role) && !row?.relatedUser) wantsStaff = true;
	}
	if (emails.size > 0) {
		// Asked as written and in small letters: the filter tells them apart, and most contacts are stored in small letters.
		const asked = [...new Set([...emails.keys(), ...emails.values()])];
		directory.contactsByEmail = await findContactsByEmail(clients.oro, clients.knowledge, asked);
	}
	if (stored.size > 0) for (const contact of await run.readContacts([...stored], clients)) directory.contactsById.set(contact.id, contact);
	if (wantsStaff) directory.staff = await run.readOroUsers(clients);
}

function needsContact(user: ZendeskUser, directory: Directory): boolean {
	return !isStaff(user.role) || directory.requesters.has(user.id);
}

function personFrom(id: number, directory: Directory, settings: PeopleSettings, standsIn: boolean): ResolvedPerson {
	const known = directory.users.get(id);
	const user: ZendeskUser = known ?? { id, name: `Zendesk user ${id}`, email: null };
	const stored = directory.rows.get(String(id));
	const row: Link = stored ? { id: stored.id } : { create: rowName(id) };
	const person: ResolvedPerson = { zendeskUserId: id, name: user.name || `Zendesk user ${id}`, email: user.email, role: user.role ?? 'end-user', row, contact: null, user: null, foundBy: 'nothing', account: null };

	const link = stored?.relatedContact ?? directory.tied.get(id);
	if (link) {
		person.contact = { id: link };
		person.account = directory.contactsById.get(link)?.accounts[0] ?? null;
		person.foundBy = stored?.relatedContact ? 'stored link' : 'e-mail';
	} else if (standsIn) {
		person.standsIn = true;
	} else if (needsContact(user, directory)) {
		const contact = user.email ? chooseContact(directory.contactsByEmail, user.email) : undefined;
		if (contact) {
			person.contact = { id: contact.id };
			person.account = contact.accounts[0] ?? null;
			person.foundBy = 'e-mail';
		} else if (settings.createMissingContacts && known && !isErased(known) && newContactAttributes(known)) {
			person.contact = { create: contactName(known) };
			person.foundBy = 'new';
		}
	}
	if (isStaff(user.role)) {
		const found = stored?.relatedUser ? undefined : chooseUser(directory.staff, user.email);
		person.user = stored?.relatedUser ?? found?.id ?? settings.owner;
		person.foundBy = stored?.relatedUser ? 'stored link' : found ? 'e-mail' : 'owner';
	} else if (stored?.relatedUser) {
		person.user = stored.relatedUser;
	}
	const fillsContact = person.contact !== null && !stored?.relatedContact;
	const fillsUser = person.user !== null && !stored?.relatedUser;
	if (stored && (fillsContact || fillsUser)) person.fillsRow = true;
	if (directory.doubled.has(String(id))) person.severalRows = true;
	return person;
}
