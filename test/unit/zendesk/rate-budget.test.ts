import { RateBudget } from '../../../zendesk/rate-budget';
import { FakeTime } from '../support/fake-time';

async function times(budget: RateBudget, time: FakeTime, kind: 'account' | 'export', count: number): Promise<number[]> {
	const start = time.now();
	const sent: number[] = [];
	await time.finish(
		Promise.all(Array.from({ length: count }, async () => budget.take(kind).then(() => sent.push(time.now() - start)))),
	);
	return sent;
}

describe('incremental exports', () => {
	test('ten go out at once, the eleventh a minute after the first', async () => {
		const time = new FakeTime();
		const sent = await times(new RateBudget(time), time, 'export', 11);
		expect(sent.slice(0, 10)).toEqual(Array(10).fill(0));
		expect(sent[10]).toBeGreaterThanOrEqual(60_000);
		expect(sent[10]).toBeLessThan(61_000);
	});

	test('thirty with the High Volume add-on', async () => {
		const time = new FakeTime();
		expect(await times(new RateBudget(time, 30), time, 'export', 30)).toEqual(Array(30).fill(0));
	});

	test('after another process, they are taken for spent: the first goes out a minute later, and no more than ten then', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		budget.exportsMayBeSpent();
		const sent = await times(budget, time, 'export', 11);
		expect(sent[0]).toBeGreaterThanOrEqual(60_000);
		expect(sent[9]).toBeLessThan(62_000);
		expect(sent[10]).toBeGreaterThanOrEqual(120_000);
	});

	test('a process that has sent some itself knows better', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		await times(budget, time, 'export', 2);
		budget.exportsMayBeSpent();
		expect(await times(budget, time, 'export', 8)).toEqual(Array(8).fill(0));
	});

	test('other requests do not count among them', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		await times(budget, time, 'account', 50);
		expect(await times(budget, time, 'export', 10)).toEqual(Array(10).fill(0));
	});

	test('those that wait for the account’s minute go out no faster afterwards', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		budget.learn({ 'ratelimit-limit': '700', 'ratelimit-remaining': '5', 'ratelimit-reset': '60' });
		const sent = await times(budget, time, 'export', 20);
		expect(sent.filter((at) => at < 120_000)).toHaveLength(10);
		expect(sent[0]).toBeGreaterThanOrEqual(60_000);
	});

	test('a clock that was set back holds nothing up for ever', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		await times(budget, time, 'export', 10);
		await time.advance(-3_600_000);
		expect(await times(budget, time, 'export', 1)).toEqual([0]);
	});
});

describe('the account’s minute', () => {
	test.each([
		['2024 names', { 'ratelimit-limit': '700', 'ratelimit-remaining': '70', 'ratelimit-reset': '20' }, 20_000],
		['2023 names', { 'rate-limit': '700', 'rate-limit-remaining': '70', 'rate-limit-reset': '20' }, 20_000],
		['oldest names, which don’t say when it ends', { 'x-rate-limit': '700', 'x-rate-limit-remaining': '70' }, 60_000],
	])('a tenth is kept for others: %s', async (_name, headers, expected) => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		budget.learn(headers as unknown as Record<string, string>);
		expect(await times(budget, time, 'account', 1)).toEqual([expected]);
		expect(budget.waited).toBe(expected);
	});

	test('what is above the tenth goes out at once, the rest waits', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		budget.learn({ 'ratelimit-limit': '700', 'ratelimit-remaining': '73', 'ratelimit-reset': '30' });
		expect(await times(budget, time, 'account', 5)).toEqual([0, 0, 0, 30_000, 30_000]);
	});

	test('an answer without headers changes nothing', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		budget.learn({ 'retry-after': '10' });
		budget.learn({ 'ratelimit-remaining': 'many' });
		expect(await times(budget, time, 'account', 1000)).toEqual(Array(1000).fill(0));
	});

	test('a new minute begins anew', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		budget.learn({ 'ratelimit-limit': '700', 'ratelimit-remaining': '0', 'ratelimit-reset': '5' });
		await time.advance(5_000);
		expect(await times(budget, time, 'account', 1)).toEqual([0]);
	});
});

test('a clock that is set back by an hour makes nobody wait for an hour', async () => {
	let now = 10_000_000;
	const pauses: number[] = [];
	const budget = new RateBudget({
		now: () => now,
		sleep: async (milliseconds) => {
			pauses.push(milliseconds);
			now += milliseconds;
		},
	});
	await budget.take('account');
	budget.learn({ 'x-rate-limit': '700', 'x-rate-limit-remaining': '0', 'ratelimit-reset': '30' });
	now -= 3_600_000;
	await budget.take('account');
	expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(60_000);
});
