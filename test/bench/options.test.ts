import { parseBenchOptions } from '../../bench/options';

describe('flags of npm run bench', () => {
	it('none: all parts, a thousand tickets, the latencies of real systems', () => {
		expect(parseBenchOptions([])).toMatchObject({
			tickets: 1_000,
			changed: 10,
			zendeskLatency: 200,
			orocrmLatency: 60,
			parts: ['one-way', 'two-way', 'growth', 'workers'],
			workers: [1, 2, 4],
		});
	});

	it('--quick makes the counts small and nothing else', () => {
		const { tickets, backfills, changed, workers, ...rest } = parseBenchOptions(['--quick']);
		const full = parseBenchOptions([]);
		expect(tickets).toBeLessThan(full.tickets);
		expect(Math.max(...backfills)).toBeLessThan(Math.min(...full.backfills));
		expect(changed).toBeLessThan(full.changed);
		expect(workers.length).toBeLessThan(full.workers.length);
		expect(full).toMatchObject(rest);
	});

	it('--large adds the largest backfill', () => {
		expect(parseBenchOptions(['--large']).backfills.at(-1)).toBe(100_000);
	});

	it('values go before --quick, wherever it stands', () => {
		expect(
			parseBenchOptions(['--tickets', '7', '--quick', '--only', 'growth,one-way', '--backfills', '3,4', '--workers', '2']),
		).toMatchObject({
			tickets: 7,
			backfills: [3, 4],
			workers: [2],
			parts: ['growth', 'one-way'],
		});
	});

	it('no more tickets change than there are', () => {
		expect(parseBenchOptions(['--tickets', '4']).changed).toBe(4);
	});

	it.each([
		[['--fast'], 'does not know "--fast"'],
		[['--only', 'three-way'], 'no part "three-way"'],
		[['--tickets', 'many'], 'whole number'],
		[['--tickets'], 'needs a value'],
	])('%j is refused in words', (args, words) => {
		expect(() => parseBenchOptions(args)).toThrow(words);
	});
});
