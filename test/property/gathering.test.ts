import fc from 'fast-check';
import { Gathering } from '../../pipeline/gathering';

/** What many who work at the same time ask, asked together. */

const still = { now: () => 1_000, sleep: async () => {} };
const turns = async (count: number) => {
	for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

type Step = { kind: 'work'; turns: number } | { kind: 'first' | 'second' } | { kind: 'waits for another' };

const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ kind: fc.constant('work' as const), turns: fc.nat(200) }),
	fc.record({ kind: fc.constantFrom('first' as const, 'second' as const) }),
	fc.record({ kind: fc.constant('waits for another' as const) }),
);

test('everybody gets the answer to their own question, and nobody waits for ever, whoever waits for whom', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.array(step, { maxLength: 6 }), { minLength: 1, maxLength: 12 }), async (workers) => {
			const gathering = new Gathering(still);
			const first = gathering.question(async (asked: string[]) => asked.map((one) => `first ${one}`));
			const second = gathering.question(async (asked: string[]) => {
				await turns(30);
				return asked.map((one) => `second ${one}`);
			});
			const ends: Array<Promise<void>> = [];
			for (const [index, steps] of workers.entries()) {
				const before = ends[index - 1];
				ends.push(
					gathering.working(async () => {
						for (const [at, one] of steps.entries()) {
							const name = `${index}.${at}`;
							if (one.kind === 'work') await turns(one.turns);
							else if (one.kind === 'first') expect(await first(name)).toBe(`first ${name}`);
							else if (one.kind === 'second') expect(await second(name)).toBe(`second ${name}`);
							else await gathering.aside(async () => await before);
						}
					}),
				);
			}
			await Promise.all(ends);
		}),
		{ numRuns: 500 },
	);
});

test('whoever takes the same steps asks once for all, however long each of them works in between', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.nat(300), { minLength: 1, maxLength: 30 }), fc.nat(5), async (pauses, rounds) => {
			const gathering = new Gathering(still);
			let requests = 0;
			const ask = gathering.question(async (asked: number[]) => {
				requests++;
				return asked;
			});
			await Promise.all(
				pauses.map(async (pause, index) =>
					await gathering.working(async () => {
						for (let round = 0; round < rounds; round++) {
							await turns(pause);
							expect(await ask(index)).toBe(index);
						}
					}),
				),
			);
			expect(requests).toBe(rounds);
		}),
		{ numRuns: 200 },
	);
});

test('a failure reaches all who asked, and the next question is asked as ever', async () => {
	const gathering = new Gathering(still);
	let fails = true;
	const ask = gathering.question(async (asked: number[]) => {
		if (fails) throw new Error('down');
		return asked;
	});
	const all = async () => await Promise.allSettled([1, 2, 3].map(async (one) => await gathering.working(async () => await ask(one))));
	expect((await all()).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
	fails = false;
	expect(await all()).toEqual([1, 2, 3].map((value) => ({ status: 'fulfilled', value })));
});

test('after ten seconds a question is asked with the next one, though somebody is still at work', async () => {
	let now = 0;
	const gathering = new Gathering({ ...still, now: () => now });
	const asked: number[][] = [];
	const ask = gathering.question(async (some: number[]) => {
		asked.push(some);
		return some;
	});
	let end: () => void = () => {};
	const busy = gathering.working(async () => await new Promise<void>((resolve) => (end = resolve)));
	const first = gathering.working(async () => await ask(1));
	await turns(200);
	expect(asked).toEqual([]);
	now = 10_000;
	const second = gathering.working(async () => await ask(2));
	expect(await Promise.all([first, second])).toEqual([1, 2]);
	expect(asked).toEqual([[1, 2]]);
	end();
	await busy;
});
