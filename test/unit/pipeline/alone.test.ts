import { alone, forgetTurns } from '../../../pipeline/alone';

const time = { now: () => Date.now(), sleep: async () => {} };
const soon = async () => await new Promise((resolve) => setTimeout(resolve, 5));

afterEach(() => forgetTurns());

test('one at a time under a name, in the order in which they came, and told whether somebody was before', async () => {
	const said: string[] = [];
	const work = (name: string) => async (waited: boolean) => {
		said.push(`${name} begins${waited ? ' after another' : ''}`);
		await soon();
		said.push(`${name} ends`);
		return name;
	};
	const all = await Promise.all([alone('ticket 1', time, work('a')), alone('ticket 1', time, work('b')), alone('ticket 1', time, work('c'))]);
	expect(all).toEqual(['a', 'b', 'c']);
	expect(said).toEqual(['a begins', 'a ends', 'b begins after another', 'b ends', 'c begins after another', 'c ends']);
});

test('other names are not waited for, and a failure holds nobody up', async () => {
	const failed = alone('ticket 1', time, async () => {
		await soon();
		throw new Error('refused');
	});
	const other = alone('ticket 2', time, async (waited) => waited);
	const next = alone('ticket 1', time, async (waited) => waited);
	await expect(failed).rejects.toThrow('refused');
	expect([await other, await next]).toEqual([false, true]);
	expect(await alone('ticket 1', time, async (waited) => waited)).toBe(false);
});

test('who has worked for longer than a minute is not waited for', async () => {
	let now = 1_000_000;
	const clock = { now: () => now, sleep: async () => {} };
	let answer: () => void = () => {};
	const silent = alone('ticket 1', clock, async () => await new Promise<void>((resolve) => (answer = resolve)));
	await soon();
	now += 61_000;
	expect(await alone('ticket 1', clock, async (waited) => waited)).toBe(true);
	answer();
	await silent;
});

test('who gives no end within a minute is not waited for any longer', async () => {
	const waits: number[] = [];
	const impatient = {
		...time,
		patience: async (milliseconds: number) => {
			waits.push(milliseconds);
			await soon();
		},
	};
	let answer: () => void = () => {};
	const silent = alone('ticket 1', impatient, async () => await new Promise<void>((resolve) => (answer = resolve)));
	expect(await alone('ticket 1', impatient, async (waited) => waited)).toBe(true);
	expect(waits).toEqual([expect.any(Number)]);
	expect(waits[0]).toBeGreaterThan(59_000);
	answer();
	await silent;
});
