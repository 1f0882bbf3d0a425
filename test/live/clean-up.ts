import type { Marks } from './marks';
import type { Flat, OroServer } from './oro-server';

/** In the order in which they are removed: what points at others goes first. A case takes its comments along. */
export const KINDS = [
	'zendeskticketcomments',
	'zendesktickets',
	'cases',
	'zendeskusers',
	'contacts',
	'accounts',
] as const;
export type Kind = (typeof KINDS)[number];

export type Marked = Record<Kind, string[]>;

/** What is read of the rows, to see whose they are. */
const FIELDS: Record<Kind, string> = {
	zendeskticketcomments: 'originId,ticket,relatedComment',
	zendesktickets: 'originId,url,subject,externalId,relatedCase',
	cases: 'subject,externalId',
	zendeskusers: 'originId,url,name,email,externalId',
	contacts: 'firstName,lastName,primaryEmail,emails',
	accounts: 'name',
};

/** A record that somebody else holds on to for a moment may go at the next try. */
const TRIES = 3;

/** The highest ids of all kinds: rows of a run that starts now have higher ones. */
export async function highestIds(oro: OroServer): Promise<Record<Kind, string>> {
	const ids = {} as Record<Kind, string>;
	for (const kind of KINDS) ids[kind] = await oro.highestId(kind);
	return ids;
}

/** Ids of the rows that carry the run's marks. */
export async function findMarked(oro: OroServer, marks: Marks, before: Partial<Record<Kind, string>>): Promise<Marked> {
	const rows = {} as Record<Kind, Flat[]>;
	for (const kind of KINDS) {
		rows[kind] = await oro.list(kind, { 'filter[id][gt]': before[kind] ?? '0', [`fields[${kind}]`]: FIELDS[kind] });
	}
	const records = rows.zendesktickets.filter((row) => marks.isTicketRecord(row));
	const recordIds = new Set(records.map(({ id }) => id));
	const caseIds = new Set(records.map(({ relatedCase }) => relatedCase));
	const ids = (kind: Kind, isMarked: (row: Flat) => boolean) => rows[kind].filter(isMarked).map(({ id }) => id);
	return {
		zendeskticketcomments: ids(
			'zendeskticketcomments',
			(row) => marks.isCommentRow(row) || recordIds.has(String(row.ticket)),
		),
		zendesktickets: [...recordIds],
		cases: ids('cases', (row) => marks.isCase(row) || caseIds.has(row.id)),
		zendeskusers: ids('zendeskusers', (row) => marks.isZendeskUser(row)),
		contacts: ids('contacts', (row) => marks.isContact(row)),
		accounts: ids('accounts', (row) => marks.isAccount(row)),
	};
}

/** Removes everything that carries the marks; gives back what is left after it, which should be nothing. */
export async function cleanUp(
	oro: OroServer,
	marks: Marks,
	before: Partial<Record<Kind, string>>,
): Promise<{ removed: number; left: Marked }> {
	let removed = 0;
	for (let attempt = 1; ; attempt++) {
		const marked = await findMarked(oro, marks, before);
		if (countOf(marked) === 0 || attempt > TRIES) return { removed, left: marked };
		for (const kind of KINDS) removed += marked[kind].length - (await oro.remove(kind, marked[kind])).length;
	}
}

export function countOf(marked: Marked): number {
	return KINDS.reduce((sum, kind) => sum + marked[kind].length, 0);
}

/** E.g. `3 cases (7, 8, 9), 1 contact (4)`. */
export function markedInWords(marked: Marked): string {
	return KINDS.filter((kind) => marked[kind].length > 0)
		.map((kind) => `${marked[kind].length} ${kind} (${marked[kind].slice(0, 20).join(', ')})`)
		.join(', ');
}
