import { findContactsByEmail, findRowsOfContacts, findZendeskUserRows, readContacts } from '../orocrm/people';
import { attachedTo, many, one } from '../orocrm/resources';
import type { RelationshipData, Resource } from '../orocrm/types';
import { contactStays, doubledPerson } from '../sync/doubled-people';
import type { DoubledPerson, MadeForPerson } from '../sync/doubled-people';
import type { Pair, Result } from '../sync/pair';
import { chooseContact, contactName, rowName } from '../sync/people';
import { isFailure } from './clients';
import type { Clients, Failure } from './clients';
import { groupBy } from './group-by';
import { healed, leaves, unremoved } from './healing';
import type { MadeRecords } from './made-records';
import type { PublishRun } from './pair-writer';
import { isOfAccount } from './resolve-zendesk-people';

/** Rows of one answer of OroCRM. */
const PAGE = 1_000;
/** A list of records comes whole up to here (orocrm-api.md §2.2); a longer one isn't written again from what was read. */
const WHOLE_LIST = 100;

/** Roles in which a ticket record names a row of a person. */
const ROLES = ['requester', 'submitter', 'assignee'] as const;

type Target = { data: RelationshipData };
type Outcome = (Pair & { result: Result }) | Failure;

/** A person of whom something may be there twice, the first pair that names them, and what this run made for them. */
interface Due {
	name: string;
	result: Result;
	/** Null when several rows were there before this run. */
	made: MadeForPerson | null;
	/** Their address where a row of before got its contact: it doesn't tell of another one. */
	email: string | null;
}

/**
 * Takes back the second row and the second contact of people whom another run made at the same time: the records, cases and comments that
 * name them name the older ones then. It is looked for where a row was made without an integration, which guards their numbers in the
 * database; where a row that was there got its new contact; and where Resolve noticed several rows.
 *
 * A contact that is more than what the sync made stays, with words in the result. Costs nothing where there is no reason to look.
 */
export async function healPeople(outcomes: readonly Outcome[], clients: Clients, run: PublishRun, made: MadeRecords): Promise<void> {
	const due = peopleDue(outcomes, run, made);
	if (due.size === 0) return;
	const found = await findZendeskUserRows(clients.oro, clients.knowledge, [...due.keys()]);
	const rows = groupBy(found.filter((row) => isOfAccount(row, clients)), (row) => row.originId ?? '');
	const asked = [...due.values()].map(({ email }) => email).filter((email) => email !== null);
	const contacts = asked.length > 0 ? await findContactsByEmail(clients.oro, clients.knowledge, asked) : [];
	for (const [id, { name, result, made: own, email }] of due) {
		const doubled = doubledPerson(rows.get(id) ?? [], own, email === null ? null : chooseContact(contacts, email)?.id);
		if (!doubled) continue;
		const what = partsOf(doubled, name);
		if (run.preview) {
			result.notes.push(`The second ${what} would be removed.`);
			continue;
		}
		try {
			const stays = await heal(doubled, clients);
			if (stays === undefined) healed(result, `Removed: a second ${what}, which another run had made. What named it names ${keptOf(doubled)} now.`);
			else leaves(result, 'contact', `${name} has a second ${what} in OroCRM, which stays because ${stays}: the sync uses ${keptOf(doubled)}. Merge the two contacts by hand (Customers > Contacts)`);
		} catch (error) {
			leaves(result, 'contact', unremoved(what, 'contacts and Zendesk users', error));
		}
	}
}

function peopleDue(outcomes: readonly Outcome[], { settings }: PublishRun, made: MadeRecords): Map<string, Due> {
	const due = new Map<string, Due>();
	for (const outcome of outcomes) {
		if (!outcome || isFailure(outcome) || !outcome.ticket || !outcome.resolved || outcome.resolved.passOver !== undefined) continue;
		const { record, resolved, result, ticket } = outcome;
		const guarded = (record?.channel ?? settings.channel) !== null;
		const users = new Map(ticket.people.map((user) => [String(user.id), user]));
		for (const [id, person] of Object.entries(resolved.people)) {
			if (due.has(id)) continue;
			const user = users.get(id);
			const contact = user ? made.idOf(contactName(user)) : undefined;
			const row = made.idOf(rowName(person.zendeskUserId)) ?? null;
			const ofOldRow = contact !== undefined && row === null;
			if (!person.severalRows && !(row !== null && !guarded) && !ofOldRow) continue;
			due.set(id, { name: person.name, result, made: person.severalRows ? null : { row, contact: contact ?? null }, email: ofOldRow ? (user?.email ?? null) : null });
		}
	}
	return due;
}

/** @returns why the second contact stays, in words, and then all of it does; undefined when it is gone */
async function heal(doubled: DoubledPerson, clients: Clients): Promise<string | undefined> {
	const { keep, rows, contacts } = doubled;
	const cases = new Set<string>();
	for (const id of contacts) {
		const stays = await useOf(id, doubled, cases, clients);
		if (stays !== undefined) return stays;
	}
	const { oro } = clients;
	const to = (type: string, id: string): Target => ({ data: { type, id } });
	if (doubled.tie && keep.relatedContact) await oro.update('zendeskusers', keep.id, { data: { type: 'zendeskusers', id: keep.id, relationships: { relatedContact: to('contacts', keep.relatedContact) } } });
	const isTwin = (id: string | null) => rows.some((row) => row.id === id);
	for (const record of await recordsNaming(rows.map((row) => row.id), clients)) {
		const people = Object.fromEntries(ROLES.filter((role) => isTwin(one(record, role))).map((role) => [role, to('zendeskusers', keep.id)]));
		const others = many(record, 'collaborators');
		const collaborators = others.length < WHOLE_LIST && others.some(isTwin) ? [...new Set(others.map((id) => (isTwin(id) ? keep.id : id)))] : undefined;
		const oroCase = one(record, 'relatedCase');
		const contact = oroCase !== null && cases.has(oroCase) && keep.relatedContact;
		const relationships = {
			...people,
			...(collaborators ? { collaborators: { data: collaborators.map((id) => ({ type: 'zendeskusers', id })) } } : {}),
			...(contact ? { relatedCase: to('cases', oroCase) } : {}),
		};
		if (Object.keys(relationships).length === 0) continue;
		await oro.update('zendesktickets', record.id, {
			data: { type: 'zendesktickets', id: record.id, relationships },
			// With its record, so that it is no edit of the case by itself.
			...(contact ? { included: [{ type: 'cases', id: oroCase, meta: { update: true }, relationships: { relatedContact: to('contacts', contact) } }] } : {}),
		});
		if (contact) cases.delete(oroCase);
	}
	for (const id of cases) if (keep.relatedContact) await oro.update('cases', id, { data: { type: 'cases', id, relationships: { relatedContact: to('contacts', keep.relatedContact) } } });
	await move('zendeskticketcomments', 'author', rows.map((row) => row.id), to('zendeskusers', keep.id), clients);
	if (keep.relatedContact) await move('casecomments', 'contact', contacts, to('contacts', keep.relatedContact), clients);
	for (const { id } of rows) await oro.remove('zendeskusers', id);
	for (const id of contacts) await oro.remove('contacts', id);
	return undefined;
}

/** Why a contact stays; the ids of its cases go into `cases`. */
async function useOf(id: string, { keep, rows }: DoubledPerson, cases: Set<string>, { oro }: Clients): Promise<string | undefined> {
	const contact = await oro.read('contacts', id);
	if (!contact) return undefined;
	const [kept] = await readContacts(oro, keep.relatedContact ? [keep.relatedContact] : []);
	const its = await oro.listAll('cases', { filter: { relatedContact: [id] }, fields: { cases: ['relatedContact'] }, pageSize: PAGE });
	const ids = its.data.map((oroCase) => oroCase.id);
	for (const caseId of ids) cases.add(caseId);
	const linked = new Set<string | null>();
	if (ids.length > 0) {
		const { data } = await oro.listAll('zendesktickets', { filter: { relatedCase: ids }, fields: { zendesktickets: ['relatedCase'] }, pageSize: PAGE });
		for (const record of data) linked.add(one(record, 'relatedCase'));
	}
	const ownCases = ids.filter((caseId) => !linked.has(caseId));
	const twins = new Set(rows.map((row) => row.id));
	const otherRows = (await findRowsOfContacts(oro, [id])).map((row) => row.id).filter((row) => !twins.has(row) && row !== keep.id);
	return contactStays({ contact: contact.data, attached: attachedTo(contact.data), ownCases, otherRows }, kept);
}

/** Ticket records that name one of these rows in any way. */
async function recordsNaming(rowIds: readonly string[], { oro }: Clients): Promise<Resource[]> {
	const records = new Map<string, Resource>();
	if (rowIds.length === 0) return [];
	for (const name of [...ROLES, 'collaborators']) {
		const { data } = await oro.listAll('zendesktickets', { filter: { [name]: rowIds }, fields: { zendesktickets: [...ROLES, 'collaborators', 'relatedCase'] }, pageSize: PAGE });
		for (const record of data) records.set(record.id, record);
	}
	return [...records.values()];
}

/** Lets all rows of this type that name one of these name another one. */
async function move(type: string, name: string, ids: readonly string[], to: Target, { oro }: Clients): Promise<void> {
	if (ids.length === 0) return;
	const { data } = await oro.listAll(type, { filter: { [name]: ids }, fields: { [type]: [name] }, pageSize: PAGE });
	for (const { id } of data) await oro.update(type, id, { data: { type, id, relationships: { [name]: to } } });
}

function partsOf({ rows, contacts }: DoubledPerson, name: string): string {
	const parts = [...contacts.map((id) => `contact ${id}`), ...rows.map((row) => `Zendesk user row ${row.id}`)];
	return `${parts.join(', ')} of ${name}`;
}

function keptOf({ keep }: DoubledPerson): string {
	return keep.relatedContact ? `contact ${keep.relatedContact} (row ${keep.id})` : `row ${keep.id}`;
}
