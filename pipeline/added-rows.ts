import type { OroCrmClient } from '../orocrm/client';
import type { Resource } from '../orocrm/types';

/** Which rows of a resource are new, by their ids: `filter[id][gt]` works on every OroCRM (orocrm-api.md §2.1). */
export interface RowPosition {
	/** All rows up to this id were dealt with, save late ones. */
	last: number;
	/** Ids near that one, and some beyond it, that were dealt with. */
	done: number[];
	/** Ids near that one that are looked at once more. */
	again: number[];
}

/** What became of a row. `again`: nothing yet, it is looked at once more. */
export type RowFate = 'done' | 'left' | 'again';

/** Looks go back so many ids: a row may be committed after one with a higher id. */
const OVERLAP = 500;
const PAGE = 1_000;
/** Pages in one look. */
const MOST_PAGES = 20;

/**
 * Has new rows dealt with, page by page in the order of their ids, until one is left for the next batch. Gives back the position after it.
 *
 * @param deal gets rows that are new, gives back the fate of each by its id
 */
export async function dealWithAdded(
	client: OroCrmClient,
	type: string,
	fields: readonly string[],
	position: RowPosition,
	deal: (rows: readonly Resource[]) => Promise<Map<string, RowFate>>,
): Promise<{ next: RowPosition; more: boolean }> {
	const done = new Set(position.done);
	const again: number[] = [];
	let left: number | undefined;
	let highest = position.last;
	let full = true;
	for (let page = 1, after = before(position.last); full && left === undefined && page <= MOST_PAGES; page++) {
		const read = await client.listAfter(type, after, fields, PAGE);
		const rows = read.data.filter((row) => !done.has(Number(row.id)));
		const fates = rows.length > 0 ? await deal(rows) : new Map<string, RowFate>();
		for (const row of rows) {
			const id = Number(row.id);
			const fate = fates.get(row.id) ?? 'done';
			if (fate === 'left') left ??= id;
			// Behind a full page there is more: this row is an old one, nobody is at work on it now.
			else if (fate === 'again' && !read.full && !position.again.includes(id)) again.push(id);
			else done.add(id);
		}
		full = read.full;
		after = Number(read.data.at(-1)?.id ?? after);
		highest = Math.max(highest, after);
	}
	const last = left === undefined ? highest : Math.max(position.last, left - 1);
	const near = (id: number) => id > before(last);
	return { next: { last, done: [...done].filter(near), again: again.filter(near) }, more: full || left !== undefined };
}

/** The position at which all rows count as new. */
export const NO_ROWS: RowPosition = { last: 0, done: [], again: [] };

/** The position at which only later rows are new. */
export async function presentRows(client: OroCrmClient, type: string, field: string): Promise<RowPosition> {
	const { data } = await client.list(type, { fields: { [type]: [field] }, sort: '-id', pageSize: 1 });
	const start = { ...NO_ROWS, last: Number(data[0]?.id ?? 0) };
	return (await dealWithAdded(client, type, [field], start, async () => new Map())).next;
}

function before(id: number): number {
	return Math.max(0, id - OVERLAP);
}
