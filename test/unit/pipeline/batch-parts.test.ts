import { batchParts } from '../../../pipeline/batch-parts';
import type { Pair } from '../../../sync/pair';
import { ticket } from '../support/examples';

const pairWith = (id: number, values: Record<string, unknown> = {}): Pair => ({ origin: 'zendesk', ticket: { ...ticket({ id }), ...values }, case: null, record: null }) as Pair;
const numbers = (parts: Pair[][]) => parts.map((part) => part.map((pair) => pair.ticket?.id));
const SIZE = JSON.stringify(pairWith(1, { comments: [] })).length;

test('an ordinary page is one part, none is none', () => {
	expect(numbers(batchParts(Array.from({ length: 1000 }, (_, id) => pairWith(id, { comments: [] }))))).toHaveLength(1);
	expect(batchParts([])).toEqual([]);
});

test('parts are as large as the bound allows, in order, and nothing is left out', () => {
	const pairs = [1, 2, 3, 4, 5].map((id) => pairWith(id, { comments: [] }));
	expect(numbers(batchParts(pairs, SIZE * 2))).toEqual([[1, 2], [3, 4], [5]]);
});

test('what is too large by itself goes alone', () => {
	const pairs = [pairWith(1, { comments: [] }), pairWith(2, { comments: [], subject: 'x'.repeat(SIZE * 5) }), pairWith(3, { comments: [] })];
	expect(numbers(batchParts(pairs, SIZE * 2))).toEqual([[1], [2], [3]]);
});

test('comments that are still to be read count too', () => {
	const pairs = [1, 2, 3].map((id) => pairWith(id, { comments: null, comment_count: 100 }));
	expect(numbers(batchParts(pairs, 400_000))).toEqual([[1], [2], [3]]);
	expect(numbers(batchParts(pairs.map((pair) => ({ ...pair, ticket: { ...pair.ticket, comments: [] } }) as unknown as Pair), 400_000))).toEqual([[1, 2, 3]]);
});
