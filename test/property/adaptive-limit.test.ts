import fc from 'fast-check';
import { AdaptiveLimit, LimitDecision } from '../../http/adaptive-limit';
import type { RequestSample } from '../../http/adaptive-limit';
import { FakeTime } from '../unit/support/fake-time';

const bounds = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 20 })).map(([least, more]) => ({ least, most: least + more }));
const sample: fc.Arbitrary<RequestSample> = fc.record({ kind: fc.constantFrom('GET', 'batch'), milliseconds: fc.integer({ min: 0, max: 60_000 }), failed: fc.boolean() });
const quick = { kind: 'GET', milliseconds: 100, failed: false };

describe('how many requests are sent at once', () => {
	test('stays within its bounds, whatever the answers', () => {
		fc.assert(
			fc.property(bounds, fc.integer({ min: 1, max: 40 }), fc.array(sample, { maxLength: 100 }), (limits, start, samples) => {
				const decision = new LimitDecision(start);
				for (const one of samples) {
					decision.learn(one, limits);
					expect(decision.size(limits)).toBeGreaterThanOrEqual(limits.least);
					expect(decision.size(limits)).toBeLessThanOrEqual(limits.most);
				}
			}),
		);
	});

	test('a failure halves it, quick answers bring it to the most, from wherever it is', () => {
		fc.assert(
			fc.property(bounds, fc.array(sample, { maxLength: 50 }), (limits, samples) => {
				const decision = new LimitDecision(2);
				for (const one of samples) decision.learn(one, limits);
				const before = decision.size(limits);
				expect(decision.learn({ ...quick, failed: true }, limits)).toBe(true);
				expect(decision.size(limits)).toBeLessThanOrEqual(Math.max(limits.least, Math.ceil(before / 2)));
				for (let round = 0; round < 600; round++) decision.learn(quick, limits);
				expect(decision.size(limits)).toBe(limits.most);
			}),
		);
	});

	test('a slow answer of its kind halves it; a kind that always takes long is not slow', () => {
		const limits = { least: 1, most: 8 };
		const decision = new LimitDecision(8);
		for (let round = 0; round < 20; round++) decision.learn(quick, limits);
		for (let round = 0; round < 20; round++) decision.learn({ kind: 'batch', milliseconds: 9_000, failed: false }, limits);
		expect(decision.size(limits)).toBe(8);
		expect(decision.learn({ ...quick, milliseconds: 9_000 }, limits)).toBe(true);
		expect(decision.size(limits)).toBe(4);
	});
});

describe('a server that is busy', () => {
	/** Answers that are worked out by so many processors: beyond that they wait for each other. Gives back how many were under way in the end. */
	function settled(processors: number, alone: number, most: number): number {
		const limits = { least: 1, most };
		const decision = new LimitDecision(2);
		for (let answer = 0; answer < 600; answer++) {
			const milliseconds = alone * Math.max(1, decision.size(limits) / processors);
			decision.learn({ kind: 'POST zendesktickets', milliseconds, failed: false }, limits);
		}
		return decision.size(limits);
	}

	test('gets what it works on and as much again, and no more', () => {
		fc.assert(
			fc.property(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 200, max: 700 }), (processors, alone) => {
				const size = settled(processors, alone, 32);
				expect(size).toBeGreaterThanOrEqual(processors);
				expect(size).toBeLessThanOrEqual(2 * processors + 1);
			}),
		);
	});

	test('is not held back where answers are quick all the same', () => {
		expect(settled(2, 20, 16)).toBe(16);
	});

	test('one kind that takes long holds back no other one', () => {
		const limits = { least: 1, most: 8 };
		const decision = new LimitDecision(2);
		for (let round = 0; round < 100; round++) {
			decision.learn({ kind: 'GET cases', milliseconds: 40, failed: false }, limits);
			decision.learn({ kind: 'POST contacts', milliseconds: 900, failed: false }, limits);
		}
		expect(decision.size(limits)).toBe(8);
	});
});

describe('AdaptiveLimit', () => {
	test('every request is sent once, in their order, and never more are under way than allowed when the last one started', async () => {
		await fc.assert(
			fc.asyncProperty(bounds, fc.array(fc.tuple(fc.integer({ min: 1, max: 30_000 }), fc.constantFrom('well', 'badly', 'throws')), { maxLength: 40 }), async (limits, requests) => {
				const time = new FakeTime();
				const limit = new AdaptiveLimit(() => time.now(), limits);
				const started: number[] = [];
				let underWay = 0;
				const work = requests.map(async ([milliseconds, end], index) =>
					await limit.run(
						'GET',
						async () => {
							started.push(index);
							underWay++;
							expect(underWay).toBeLessThanOrEqual(limit.size);
							await time.sleep(milliseconds);
							underWay--;
							if (end === 'throws') throw new Error('cut');
							return end;
						},
						(answer) => answer === 'badly',
					),
				);
				const outcomes = await time.finish(Promise.allSettled(work));
				expect(started).toEqual(requests.map((_, index) => index));
				outcomes.forEach((outcome, index) => {
					expect(outcome).toEqual(requests[index][1] === 'throws' ? { status: 'rejected', reason: new Error('cut') } : { status: 'fulfilled', value: requests[index][1] });
				});
			}),
		);
	});

	test('failures of requests that were under way together cut it once', async () => {
		const time = new FakeTime();
		const limit = new AdaptiveLimit(() => time.now(), { least: 1, most: 16 }, 16);
		const all = Array.from({ length: 16 }, async () => await limit.run('GET', async () => await time.sleep(100), () => true));
		await time.finish(Promise.all(all));
		expect(limit.size).toBe(8);
	});

	test('a server that refuses what is beyond its strength is used near to it', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 1, max: 12 }), async (strength) => {
				const time = new FakeTime();
				const limit = new AdaptiveLimit(() => time.now(), { least: 1, most: 16 });
				let underWay = 0;
				let most = 0;
				let refused = 0;
				const request = async () => {
					underWay++;
					const isBeyond = underWay > strength;
					if (isBeyond) refused++;
					else most = Math.max(most, underWay);
					await time.sleep(isBeyond ? 5 : 200);
					underWay--;
					return isBeyond;
				};
				const all = Array.from({ length: 500 }, async () => await limit.run('POST', request, (isBeyond) => isBeyond));
				await time.finish(Promise.all(all));
				expect(most).toBe(strength);
				expect(refused).toBeLessThan(500 / 2);
			}),
			{ numRuns: 12 },
		);
	});
});
