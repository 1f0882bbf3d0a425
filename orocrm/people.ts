import { ApiError } from '../http/api-error';
import { pieces } from '../http/concurrency';
import type { OroCrmClient } from './client';
import { CONTACT_FIELDS, USER_FIELDS, ZENDESK_USER_FIELDS, toContact, toUser, toZendeskUserRow } from './resources';
import { unlessUnsupported } from './server-knowledge';
import type { ServerKnowledge } from './server-knowledge';
import type { OroContact, OroUser, ZendeskUserRow } from './types';

const AT_ONCE = 1_000;
/** E-mails in one search expression. */
const SEARCHED_AT_ONCE = 50;
/** Most answers of a search that are looked at: it also finds others of the same domain, but the best come first (orocrm-api.md §9). */
const SEARCH_PAGE = 500;
/** Fewer e-mails than this are not searched for in halves. */
const SMALLEST_SEARCH = 25;

/** Rows of people by Zendesk user id. Several rows may stand for one person (other channels). */
export async function findZendeskUserRows(client: OroCrmClient, knowledge: ServerKnowledge, originIds: readonly string[]): Promise<ZendeskUserRow[]> {
	if (originIds.length === 0) return [];
	const rows: ZendeskUserRow[] = [];
	for (const some of pieces(originIds, AT_ONCE)) {
		const direct = await unlessUnsupported(knowledge, 'originIdFilter', () => readRows(client, { originId: some }));
		if (direct) {
			rows.push(...direct);
			continue;
		}
		const ids = await knowledge.peopleIndex.find(client, some);
		if (ids.length > 0) rows.push(...(await readRows(client, { id: ids })));
	}
	return rows;
}

async function readRows(client: OroCrmClient, filter: Record<string, readonly string[]>): Promise<ZendeskUserRow[]> {
	const size = Math.max(...Object.values(filter).map((list) => list.length));
	const { data } = await client.listAll('zendeskusers', { filter, fields: { zendeskusers: ZENDESK_USER_FIELDS }, pageSize: size * 2 + 10 });
	return data.map(toZendeskUserRow);
}

/** Rows of people that are tied to these contacts. Several may be tied to one. */
export async function findRowsOfContacts(client: OroCrmClient, contactIds: readonly string[]): Promise<ZendeskUserRow[]> {
	const rows: ZendeskUserRow[] = [];
	for (const some of pieces(contactIds, AT_ONCE)) rows.push(...(await readRows(client, { relatedContact: some })));
	return rows;
}

/**
 * Contacts that have one of these e-mails as any of their addresses, whatever the capitals.
 *
 * OroCRM's filter tells capitals apart (orocrm-api.md §2.5), so those it doesn't find are looked for in the full-text search,
 * whose answers are only candidates: the caller compares the addresses.
 */
export async function findContactsByEmail(client: OroCrmClient, knowledge: ServerKnowledge, emails: readonly string[]): Promise<OroContact[]> {
	const askable = emails.filter((email) => /^[^\s,"\\]+@[^\s,"\\]+$/.test(email));
	const found = new Map<string, OroContact>();
	for (const some of pieces(askable, AT_ONCE)) {
		const { data } = await client.listAll('contacts', { filter: { emails: some }, fields: { contacts: CONTACT_FIELDS }, pageSize: some.length * 2 + 10 });
		for (const resource of data) found.set(resource.id, toContact(resource));
	}
	const covered = new Set([...found.values()].flatMap((contact) => [contact.primaryEmail ?? '', ...contact.emails]).map((email) => email.toLowerCase()));
	const missing = askable.filter((email) => !covered.has(email.toLowerCase()));
	for (const some of pieces(missing, SEARCHED_AT_ONCE)) {
		for (const contact of await searchContacts(client, knowledge, some)) found.set(contact.id, contact);
	}
	return [...found.values()];
}

/** Searches in one go, and in halves when there were more answers than a page holds: many people of one large mail provider. */
async function searchContacts(client: OroCrmClient, knowledge: ServerKnowledge, emails: readonly string[]): Promise<OroContact[]> {
	const expression = emails.map((email) => `allText ~ "${email}"`).join(' or ');
	const answers = await unlessUnsupported(knowledge, 'searchQuery', async () => {
		const { data, full } = await client.listPage('contacts', { filter: { searchQuery: expression }, fields: { contacts: CONTACT_FIELDS }, pageSize: SEARCH_PAGE });
		return { contacts: data.map(toContact), full };
	});
	if (!answers) return [];
	if (!answers.full || emails.length <= SMALLEST_SEARCH) return answers.contacts;
	const half = Math.ceil(emails.length / 2);
	return [...(await searchContacts(client, knowledge, emails.slice(0, half))), ...(await searchContacts(client, knowledge, emails.slice(half)))];
}

/** Contacts by id; ids that are gone are not in the answer. */
export async function readContacts(client: OroCrmClient, ids: readonly string[]): Promise<OroContact[]> {
	const contacts: OroContact[] = [];
	for (const some of pieces(ids, AT_ONCE)) {
		const { data } = await client.listAll('contacts', { filter: { id: some }, fields: { contacts: CONTACT_FIELDS }, pageSize: some.length + 1 });
		contacts.push(...data.map(toContact));
	}
	return contacts;
}

/** All users of OroCRM: they are staff, so one page as a rule, and reading them is cheaper than asking for each e-mail (no lists there). */
export async function readOroUsers(client: OroCrmClient): Promise<OroUser[]> {
	const { data } = await client.listAll('users', { fields: { users: USER_FIELDS }, pageSize: AT_ONCE });
	return data.map(toUser);
}

/** Id of the user who the credential acts as (`GET /userprofile`), or undefined where OroCRM doesn't offer that. */
export async function readCurrentOroUser(client: OroCrmClient): Promise<string | undefined> {
	try {
		return await client.readSingle('userprofile');
	} catch (error) {
		if (error instanceof ApiError && (error.status === 404 || error.status === 403 || error.status === 405)) return undefined;
		throw error;
	}
}
