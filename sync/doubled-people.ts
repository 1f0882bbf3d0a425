import type { OroContact, Resource, TicketRecord, ZendeskUserRow } from '../orocrm/types';
import type { ResolvedPerson } from './pair';
import { chooseRow, comparableEmail } from './people';

/** What stands for one Zendesk user more than once, and what of it is to stay. */
export interface DoubledPerson {
	keep: ZendeskUserRow;
	/** Whether that row is yet to be tied to its contact: two runs may have tied a row of before, and the later one's contact is there now. */
	tie: boolean;
	/** Rows of no integration beside it. */
	rows: ZendeskUserRow[];
	/** Ids of contacts beside that of the row that stays. */
	contacts: string[];
}

/** What this run made for somebody, by id. */
export interface MadeForPerson {
	row: string | null;
	contact: string | null;
}

/**
 * Two runs that know nothing of each other can make a row and a contact each for somebody who is new to OroCRM: only an integration guards
 * the numbers of the rows (orocrm-api.md §3.8), and nothing guards the contacts' addresses (§3.3).
 *
 * @param rows all that stand for this user in this account
 * @param made only this goes: another run may still be writing what names what it made. Null: what was there before this run, all of it
 * @param oldest the contact that another run made first, where it isn't the one that the row names
 * @returns undefined when there is nothing twice
 */
export function doubledPerson(rows: readonly ZendeskUserRow[], made: MadeForPerson | null, oldest: string | null = null): DoubledPerson | undefined {
	// Rows of an integration are its own, and never twice.
	const unguarded = rows.filter((row) => row.channel === null);
	const row = chooseRow(unguarded.length > 1 ? unguarded : rows);
	if (!row) return undefined;
	const keep = oldest === null ? row : { ...row, relatedContact: oldest };
	const twins = unguarded.length > 1 ? unguarded.filter(({ id }) => id !== keep.id && (made === null || id === made.row)) : [];
	// A row without a contact gets one by itself, the next time that it is needed: there nothing is twice.
	const contacts = keep.relatedContact === null ? [] : [...twins.map((twin) => twin.relatedContact), made?.contact ?? null].filter((id): id is string => id !== null && id !== keep.relatedContact);
	return twins.length + contacts.length > 0 ? { keep, tie: keep.relatedContact !== row.relatedContact, rows: twins, contacts: [...new Set(contacts)] } : undefined;
}

/** Where a second contact of somebody is used. */
export interface ContactUse {
	contact: Resource;
	/** Names of what people attached to it: its associations with several records that aren't empty. */
	attached: readonly string[];
	/** Ids of its cases that have no ticket record: people made them. */
	ownCases: readonly string[];
	/** Ids of other rows of people that are tied to it. */
	otherRows: readonly string[];
}

/** Why a second contact can't be taken back, in words; undefined when it holds nothing but what the sync put there. */
export function contactStays({ contact, attached, ownCases, otherRows }: ContactUse, kept: OroContact | undefined): string | undefined {
	const { createdAt, updatedAt, primaryEmail } = contact.attributes ?? {};
	if (!kept) return 'the other contact is gone';
	if (typeof createdAt !== 'string' || updatedAt !== createdAt) return 'it was edited';
	const email = comparableEmail(primaryEmail as string | null);
	if (email !== null && ![kept.primaryEmail, ...kept.emails].some((one) => comparableEmail(one) === email)) return `its e-mail isn’t among those of contact ${kept.id}`;
	if (attached.length > 0) return `something hangs on it (${attached.join(', ')})`;
	if (ownCases.length > 0) return `case ${ownCases.join(', ')} was made for it`;
	if (otherRows.length > 0) return 'it stands for another Zendesk user, too';
	return undefined;
}

/** The rows of people that a record names, by Zendesk user id. */
export function rowsNamedBy(record: TicketRecord | null): Array<[string, ZendeskUserRow]> {
	return [record?.requester, record?.submitter, record?.assignee].flatMap((row) => (row?.originId ? [[row.originId, row]] : []));
}

/** The people of a pair after its record was read again: rows that it names by now were made by another run meanwhile. */
export function peopleNow(people: Readonly<Record<string, ResolvedPerson>>, record: TicketRecord): Record<string, ResolvedPerson> {
	const rows = new Map(rowsNamedBy(record));
	return Object.fromEntries(
		Object.entries(people).map(([id, person]) => {
			const row = rows.get(id);
			return [id, row ? withRow(person, row) : person];
		}),
	);
}

function withRow(person: ResolvedPerson, row: ZendeskUserRow): ResolvedPerson {
	if (!person.row || !('create' in person.row)) return person;
	const contact = row.relatedContact !== null && (person.contact === null || 'create' in person.contact) && person.standsIn !== true ? { id: row.relatedContact } : person.contact;
	const fillsRow = (contact !== null && row.relatedContact === null) || (person.user !== null && row.relatedUser === null);
	return { ...person, row: { id: row.id }, contact, ...(fillsRow ? { fillsRow } : {}) };
}
