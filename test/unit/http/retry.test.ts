import { defaultRetryPolicy, pauseAfter, retryAfter, waitBeforeRepeat } from '../../../http/retry';

const DATE = 'Tue, 24 Nov 2026 09:00:00 GMT';
const answer = (status: number, headers: Record<string, string> = {}) => ({ status, headers, text: '' });
const wait = (status: number, headers: Record<string, string> = {}, attempt = 1, safe = true) =>
	waitBeforeRepeat(answer(status, headers), attempt, safe, defaultRetryPolicy, () => 0);

describe('Retry-After', () => {
	test.each([
		['10', 10_000],
		['0', 0],
		['1.5', 1_500],
		[' 7 ', 7_000],
		['Tue, 24 Nov 2026 09:00:30 GMT', 30_000],
		['Tue, 24 Nov 2026 08:00:00 GMT', 0],
	])('%j', (value, expected) => {
		expect(retryAfter({ 'retry-after': value, date: DATE })).toBe(expected);
	});

	test.each([[{}], [{ 'retry-after': '' }], [{ 'retry-after': 'soon' }], [{ 'retry-after': DATE, date: '' }]])('%j says nothing', (headers) => {
		expect(retryAfter({ date: DATE, ...headers } as Record<string, string>)).toBeUndefined();
	});
});

describe('whether and when a request is repeated', () => {
	test('429 and 503 are waited out by Retry-After, also writes', () => {
		expect(wait(429, { 'retry-after': '10' }, 1, false)).toBe(10_000);
		expect(wait(503, { 'retry-after': '3' }, 1, false)).toBe(3_000);
	});

	test('429 without Retry-After is waited for by our own choice, also writes', () => {
		expect(wait(429, {}, 1, false)).toBe(500);
	});

	test('503 without Retry-After is maintenance: only what is safe to repeat', () => {
		expect(wait(503, {}, 1, true)).toBe(500);
		expect(wait(503, {}, 1, false)).toBeUndefined();
	});

	test.each([500, 502, 504, 520, 524])('%i: a write may have been carried out, so it is not sent again', (status) => {
		expect(wait(status, {}, 1, true)).toBe(500);
		expect(wait(status, {}, 1, false)).toBeUndefined();
		expect(wait(status, { 'retry-after': '1' }, 1, false)).toBeUndefined();
	});

	test.each([200, 201, 301, 400, 401, 403, 404, 409, 422])('%i is an answer', (status) => {
		expect(wait(status, { 'retry-after': '1' })).toBeUndefined();
	});

	test('a Retry-After of more than two minutes is left to the next run', () => {
		expect(wait(429, { 'retry-after': '120' })).toBe(120_000);
		expect(wait(429, { 'retry-after': '121' })).toBeUndefined();
	});

	test('five attempts and no more', () => {
		expect(wait(429, { 'retry-after': '1' }, 4)).toBe(1_000);
		expect(wait(429, { 'retry-after': '1' }, 5)).toBeUndefined();
	});

	test('several runs do not come back at the same moment', () => {
		const jittered = waitBeforeRepeat(answer(429, { 'retry-after': '10' }), 1, true, defaultRetryPolicy, () => 1);
		expect(jittered).toBeGreaterThan(10_000);
		expect(jittered).toBeLessThanOrEqual(10_250);
	});

	test('pauses double up to the longest', () => {
		expect([1, 2, 3, 4, 5, 6, 50].map((attempt) => pauseAfter(attempt, defaultRetryPolicy, () => 1))).toEqual([
			1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000,
		]);
		expect(pauseAfter(1, defaultRetryPolicy, () => 0)).toBe(500);
	});
});
