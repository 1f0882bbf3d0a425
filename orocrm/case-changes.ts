import type { OroCrmClient } from './client';
import { toCase } from './resources';
import { unlessUnsupported } from './server-knowledge';
import type { ServerKnowledge } from './server-knowledge';
import type { OroCase, Resource } from './types';

/**
 * Which cases changed, found in the way that the server allows (DESIGN "Know the server"): with the overlay by the date of their last
 * change, cases without a ticket among them; on stock OroCRM by reading the cases of all tickets that are not closed.
 */

/** A changed case in short. A case has no date until its first change (orocrm-api.md §3.1), so one that never changed is not among them. */
export interface CaseChange {
	id: string;
	/** As OroCRM writes it, `2026-11-24T09:00:00Z`: such dates can be compared as texts. */
	updatedAt: string;
	/** The values of the fields that are synced, as one text: tells two changes of the same second apart. */
	values: string;
}

export interface CaseChanges {
	/** The wanted ones, oldest change first, those of one second in the order of their ids. */
	changes: CaseChange[];
	/** Every wanted change before this date is among them; null when no change was seen. */
	readUpTo: string | null;
	/** The latest date on the first page: when the reading began, OroCRM's clock showed this or more. */
	atBeginning: string | null;
	/** The latest date that was seen. */
	latest: string | null;
	/** False when it stopped because there were enough. */
	complete: boolean;
}

const FIELDS = ['updatedAt', 'subject', 'description', 'status', 'priority', 'assignedTo', 'relatedContact'] as const;
const PAGE = 1_000;
const BEGINNING = '1970-01-01T00:00:00Z';

/**
 * Cases that changed at or after a date.
 *
 * @param since null: whenever they changed
 * @param wanted tells which of them count
 * @param most about so many are enough: the oldest ones
 */
export async function readCaseChanges(client: OroCrmClient, knowledge: ServerKnowledge, since: string | null, wanted: (change: CaseChange) => boolean, most: number): Promise<CaseChanges> {
	const byDate = await unlessUnsupported(knowledge, 'caseDates', () => readByDate(client, since ?? BEGINNING, wanted, most));
	return byDate ?? (await readFromOpenTickets(client, knowledge, since ?? BEGINNING, wanted, most));
}

/** The date of the latest change that {@link readCaseChanges} can see; null when there was none. */
export async function readLatestChange(client: OroCrmClient, knowledge: ServerKnowledge): Promise<string | null> {
	const byDate = await unlessUnsupported(knowledge, 'caseDates', async () => {
		const { data } = await client.list('cases', { filter: { 'updatedAt[gte]': BEGINNING }, fields: { cases: ['updatedAt'] }, sort: '-updatedAt', pageSize: 1 });
		return { latest: data.length > 0 ? dateOf(data[0]) : null };
	});
	return (byDate ?? (await readFromOpenTickets(client, knowledge, BEGINNING, () => false, 0))).latest;
}

/**
 * Page after page by date. Each page begins with the last date of the one before, never with a page number: a case that changes while the
 * pages are read moves to the end, and the rows behind it move up, one of them past the border of a page.
 */
async function readByDate(client: OroCrmClient, since: string, wanted: (change: CaseChange) => boolean, most: number): Promise<CaseChanges> {
	const found = new Collected(wanted);
	const page = async (filter: Record<string, string>, sort: string) => {
		const { data, full } = await client.listPage('cases', { filter, fields: { cases: FIELDS }, sort, pageSize: PAGE });
		found.addPage(data);
		return { last: data.at(-1), full };
	};
	let filter: Record<string, string> = { 'updatedAt[gte]': since };
	for (;;) {
		let { last, full } = await page(filter, 'updatedAt,id');
		const lastDate = last ? dateOf(last) : null;
		if (!last || lastDate === null || !full) return found.result(found.latest, true);
		if (lastDate > Object.values(filter)[0]) filter = { 'updatedAt[gte]': lastDate };
		else {
			// More cases of one second than a page holds: the rest of them by id.
			while (last && full) ({ last, full } = await page({ updatedAt: lastDate, 'id[gt]': last.id }, 'id'));
			filter = { 'updatedAt[gt]': lastDate };
		}
		if (found.size >= most) return found.result(lastDate, false);
	}
}

/** The cases of all tickets that are not closed: a closed ticket takes no changes, so its case doesn't matter. */
async function readFromOpenTickets(client: OroCrmClient, knowledge: ServerKnowledge, since: string, wanted: (change: CaseChange) => boolean, most: number): Promise<CaseChanges> {
	const found = new Collected((change) => change.updatedAt >= since && wanted(change));
	const read = async (filter: Record<string, string>): Promise<true> => {
		for (let after = '0', full = true; full; ) {
			const page = await client.listPage('zendesktickets', {
				filter: { ...filter, 'id[gt]': after },
				include: ['relatedCase'],
				fields: { zendesktickets: ['relatedCase'], cases: FIELDS },
				sort: 'id',
				pageSize: PAGE,
			});
			found.addPage(page.included.filter((resource) => resource.type === 'cases'));
			found.keepOldest(most);
			full = page.full;
			after = page.data.at(-1)?.id ?? after;
		}
		return true;
	};
	// A record may be without a status, and `neq` alone leaves those out (orocrm-api.md §2.2).
	const inOneGo = await unlessUnsupported(knowledge, 'neqOrNull', () => read({ 'status[neq_or_null]': 'closed' }));
	if (!inOneGo) {
		await read({ 'status[neq]': 'closed' });
		await read({ 'status[exists]': 'no' });
	}
	return found.wasCut ? found.result(found.lastKept, false) : found.result(found.latest, true);
}

/** Gathers changes from pages. */
class Collected {
	latest: string | null = null;
	wasCut = false;
	private atBeginning: string | null | undefined;
	/** By case: one that changes while the pages are read may be on two of them, the later one is right. */
	private changes = new Map<string, CaseChange>();

	constructor(private readonly wanted: (change: CaseChange) => boolean) {}

	get size(): number {
		return this.changes.size;
	}

	get lastKept(): string | null {
		return [...this.changes.values()].at(-1)?.updatedAt ?? null;
	}

	addPage(cases: readonly Resource[]): void {
		for (const resource of cases) {
			const change = changeOf(toCase(resource));
			if (change === null) continue;
			if (this.latest === null || change.updatedAt > this.latest) this.latest = change.updatedAt;
			if (this.wanted(change)) this.changes.set(change.id, change);
		}
		if (this.atBeginning === undefined) this.atBeginning = this.latest;
	}

	/** Lets go of all but the oldest ones. */
	keepOldest(most: number): void {
		const sorted = [...this.changes.values()].sort(byDateAndId);
		if (sorted.length > most) this.wasCut = true;
		this.changes = new Map(sorted.slice(0, most).map((change) => [change.id, change]));
	}

	result(readUpTo: string | null, complete: boolean): CaseChanges {
		return { changes: [...this.changes.values()].sort(byDateAndId), readUpTo, atBeginning: this.atBeginning ?? null, latest: this.latest, complete };
	}
}

function byDateAndId(a: CaseChange, b: CaseChange): number {
	if (a.updatedAt !== b.updatedAt) return a.updatedAt < b.updatedAt ? -1 : 1;
	return Number(a.id) - Number(b.id);
}

function dateOf(resource: Resource): string | null {
	return usableDate(resource.attributes?.updatedAt);
}

/** Only a date of this form can be compared as a text; a case with another one must not move the position. */
function usableDate(updatedAt: unknown): string | null {
	return typeof updatedAt === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(updatedAt) && !Number.isNaN(Date.parse(updatedAt)) ? updatedAt : null;
}

/** A case in short; null when it has no usable date. */
export function changeOf(oroCase: OroCase): CaseChange | null {
	const { id, subject, description, status, priority, assignedTo, relatedContact } = oroCase;
	const updatedAt = usableDate(oroCase.updatedAt);
	return updatedAt === null ? null : { id, updatedAt, values: JSON.stringify([subject, description, status, priority, assignedTo, relatedContact]) };
}
