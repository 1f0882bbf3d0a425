import type { OroCrmClient } from '../../../orocrm/client';
import type { Resource } from '../../../orocrm/types';
import { dealWithAdded, NO_ROWS, presentRows } from '../../../pipeline/added-rows';
import type { RowFate, RowPosition } from '../../../pipeline/added-rows';

/** Which rows of a resource are new: each rule by itself, over a table in which people write. */

/** A table of OroCRM by its ids, and what was asked of it. */
class Table {
	readonly looks: number[] = [];

	constructor(readonly ids: number[]) {}

	get client(): OroCrmClient {
		const row = (id: number): Resource => ({ type: 'casecomments', id: String(id) });
		const sorted = () => [...this.ids].sort((a, b) => a - b);
		return {
			listAfter: async (_type: string, after: number, _fields: readonly string[], size: number) => {
				this.looks.push(after);
				const data = sorted().filter((id) => id > after).slice(0, size);
				return { data: data.map(row), full: data.length >= size };
			},
			list: async () => ({ data: sorted().slice(-1).map(row), included: [] }),
		} as unknown as OroCrmClient;
	}

	/** One look: what it came to, and which rows were new. */
	async deal(position: RowPosition, fate: (id: number) => RowFate = () => 'done'): Promise<{ next: RowPosition; more: boolean; seen: number[] }> {
		const seen: number[] = [];
		const outcome = await dealWithAdded(this.client, 'casecomments', ['case'], position, async (rows) => {
			seen.push(...rows.map(({ id }) => Number(id)));
			return new Map(rows.map(({ id }) => [id, fate(Number(id))]));
		});
		return { ...outcome, seen };
	}
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('of several rows that are left, the first one holds the position', async () => {
	const table = new Table(numbers(1, 900));
	const { next, more } = await table.deal(NO_ROWS, (id) => (id === 2 || id === 900 ? 'left' : 'done'));
	expect([next.last, more]).toEqual([1, true]);
	const again = await table.deal(next);
	expect(again.seen).toContain(2);
	expect(again.seen).toContain(900);
	expect(again).toMatchObject({ more: false, next: { last: 900 } });
});

test('behind a row that is left nothing more is read', async () => {
	const table = new Table(numbers(1, 2_500));
	await table.deal(NO_ROWS, (id) => (id === 7 ? 'left' : 'done'));
	expect(table.looks).toEqual([0]);
});

test('a late row that is left does not move the position back', async () => {
	const table = new Table([1_000]);
	const { next } = await table.deal(NO_ROWS);
	table.ids.push(700);
	const late = await table.deal(next, () => 'left');
	expect(late).toMatchObject({ seen: [700], more: true, next: { last: 1_000 } });
	expect((await table.deal(late.next)).seen).toEqual([700]);
});

test('a row is looked at once more, and no more than that', async () => {
	const table = new Table([5]);
	const first = await table.deal(NO_ROWS, () => 'again');
	expect(first.next).toMatchObject({ last: 5, done: [], again: [5] });
	const second = await table.deal(first.next, () => 'again');
	expect(second).toMatchObject({ seen: [5], next: { last: 5, done: [5], again: [] } });
	expect((await table.deal(second.next)).seen).toEqual([]);
});

test('a row of a full page is an old one: it is not looked at once more', async () => {
	const table = new Table(numbers(1, 1_000));
	const { next } = await table.deal(NO_ROWS, (id) => (id === 1_000 ? 'again' : 'done'));
	expect(next.again).toEqual([]);
	expect((await table.deal(next)).seen).toEqual([]);
});

test('only rows to which a look goes back are kept', async () => {
	const table = new Table(numbers(1, 990));
	const { next } = await table.deal(NO_ROWS, (id) => (id % 2 === 0 ? 'again' : 'done'));
	expect(Math.min(...next.done, ...next.again)).toBeGreaterThan(490);
	expect(next.done.length + next.again.length).toBe(500);
	const second = await table.deal(next);
	expect(second.seen).toEqual(next.again);
});

test('twenty full pages are a look: there is more, and the next look goes on', async () => {
	const table = new Table(numbers(1, 20_500));
	const first = await table.deal(NO_ROWS);
	expect(table.looks).toHaveLength(20);
	expect([first.next.last, first.more]).toEqual([20_000, true]);
	const second = await table.deal(first.next);
	expect(second).toMatchObject({ seen: numbers(20_001, 20_500), more: false });
});

test('from now on: what is there is not new, a late row is, and so is what comes later', async () => {
	const table = new Table([...numbers(1, 40), ...numbers(60, 80)]);
	const start = await presentRows(table.client, 'casecomments', 'case');
	expect((await table.deal(start)).seen).toEqual([]);
	table.ids.push(50, 81);
	expect((await table.deal(start)).seen).toEqual([50, 81]);
	expect(await presentRows(new Table([]).client, 'casecomments', 'case')).toEqual(NO_ROWS);
});
