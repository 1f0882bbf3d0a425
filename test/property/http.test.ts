import fc from 'fast-check';
import { inParallel, pieces } from '../../http/concurrency';
import { parseJson } from '../../http/json';
import { defaultRetryPolicy, retryAfter, waitBeforeRepeat } from '../../http/retry';
import { RateBudget } from '../../zendesk/rate-budget';
import { FakeTime, settle } from '../unit/support/fake-time';

describe('parseJson', () => {
	test('whole numbers of any length keep all their digits', () => {
		fc.assert(
			fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.string(), (id, text) => {
				const parsed = parseJson(`{"text":${JSON.stringify(text)},"id":${id},"list":[${id}]}`) as {
					text: string;
					id: unknown;
					list: unknown[];
				};
				expect(String(parsed.id)).toBe(String(id));
				expect(String(parsed.list[0])).toBe(String(id));
				expect(parsed.text).toBe(text);
			}),
		);
	});

	test('everything that JSON.stringify writes comes back as JSON.parse reads it', () => {
		fc.assert(
			fc.property(fc.jsonValue({ noUnicodeString: false } as never), (value) => {
				const text = JSON.stringify(value);
				expect(parseJson(text)).toEqual(withLongNumbersAsText(JSON.parse(text)));
			}),
			{ numRuns: 500 },
		);
	});

	test('no text makes it throw', () => {
		fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseJson(text)));
	});
});

/** JSON.stringify writes doubles up to 1e21 as whole numbers. */
function withLongNumbersAsText(value: unknown): unknown {
	if (typeof value === 'number')
		return Number.isInteger(value) && !Number.isSafeInteger(value) && !String(value).includes('e')
			? String(JSON.stringify(value))
			: value;
	if (Array.isArray(value)) return value.map(withLongNumbersAsText);
	if (value !== null && typeof value === 'object')
		return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withLongNumbersAsText(entry)]));
	return value;
}

describe('retries', () => {
	test('a wait is never shorter than what the server asked for, and ends', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 200, max: 599 }),
				fc.option(fc.nat({ max: 300 })),
				fc.integer({ min: 1, max: 6 }),
				fc.boolean(),
				(status, seconds, attempt, safe) => {
					const headers: Record<string, string> = seconds === null ? {} : { 'retry-after': String(seconds) };
					const wait = waitBeforeRepeat({ status, headers, text: '' }, attempt, safe, defaultRetryPolicy);
					if (wait === undefined) return;
					expect(wait).toBeGreaterThanOrEqual(retryAfter(headers) ?? 500);
					expect(wait).toBeLessThanOrEqual(120_250);
					expect(attempt).toBeLessThan(5);
					if (!safe) expect([429, 503]).toContain(status);
				},
			),
			{ numRuns: 1000 },
		);
	});

	test('no header makes it throw or wait for a negative time', () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), (value, date) => {
				const asked = retryAfter({ 'retry-after': value, date });
				if (asked !== undefined) expect(asked).toBeGreaterThanOrEqual(0);
			}),
		);
	});
});

describe('inParallel', () => {
	test('keeps the order and the limit, whatever ends first', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.nat({ max: 5 }), { maxLength: 30 }),
				fc.integer({ min: 1, max: 8 }),
				async (turns, limit) => {
					let running = 0;
					let most = 0;
					const results = await inParallel(turns, limit, async (turn, index) => {
						most = Math.max(most, ++running);
						for (let i = 0; i < turn; i++) await Promise.resolve();
						running -= 1;
						return index;
					});
					expect(results).toEqual(turns.map((_, index) => index));
					expect(most).toBeLessThanOrEqual(limit);
					if (turns.length > 0) expect(most).toBeGreaterThan(0);
				},
			),
		);
	});

	test('uses the limit', async () => {
		let most = 0;
		let running = 0;
		await inParallel(Array(10).fill(0), 4, async () => {
			most = Math.max(most, ++running);
			await settle();
			running -= 1;
		});
		expect(most).toBe(4);
	});

	test('a rejection starts nothing more, and is thrown only when those under way have ended', async () => {
		const started: number[] = [];
		const ended: number[] = [];
		const work = inParallel([0, 1, 2, 3, 4, 5], 3, async (item) => {
			started.push(item);
			if (item === 1) throw new Error('bad');
			await settle();
			await settle();
			ended.push(item);
			return item;
		});
		await expect(work).rejects.toThrow('bad');
		expect(started).toEqual([0, 1, 2]);
		expect(ended).toEqual([0, 2]);
	});

	test('the first rejection is the one that is thrown', async () => {
		await expect(
			inParallel([1, 2], 2, async (item) => {
				await Promise.resolve();
				throw new Error(String(item));
			}),
		).rejects.toThrow('1');
	});

	test('pieces put together are the list', () => {
		fc.assert(
			fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 7 }), (list, size) => {
				const cut = pieces(list, size);
				expect(cut.flat()).toEqual(list);
				for (const piece of cut) expect(piece.length).toBeLessThanOrEqual(size);
			}),
		);
	});
});

describe('RateBudget', () => {
	test('never more than ten export requests in any 60 seconds, whatever the account’s headers say meanwhile', async () => {
		const step = fc.record({
			requests: fc.array(fc.constantFrom('export' as const, 'export' as const, 'account' as const), { maxLength: 15 }),
			pause: fc.nat({ max: 40_000 }),
			headers: fc.option(fc.record({ remaining: fc.nat({ max: 100 }), reset: fc.nat({ max: 70 }) })),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
				const time = new FakeTime();
				const budget = new RateBudget(time);
				const exports: number[] = [];
				const all: Array<Promise<void>> = [];
				for (const { requests, pause, headers } of steps) {
					if (headers)
						budget.learn({
							'ratelimit-limit': '700',
							'ratelimit-remaining': String(headers.remaining),
							'ratelimit-reset': String(headers.reset),
						});
					for (const kind of requests)
						all.push(
							budget.take(kind).then(() => {
								if (kind === 'export') exports.push(time.now());
							}),
						);
					await time.advance(pause);
				}
				await time.finish(Promise.all(all));
				exports.sort((a, b) => a - b);
				for (let i = 10; i < exports.length; i++) expect(exports[i] - exports[i - 10]).toBeGreaterThanOrEqual(60_000);
			}),
			{ numRuns: 60 },
		);
	});
});
