import { limitState } from '../../../zendesk/limit-window';
import { RateBudget } from '../../../zendesk/rate-budget';
import { FakeTime } from '../support/fake-time';

async function times(budget: RateBudget, time: FakeTime, tickets: number[]): Promise<number[]> {
	const start = time.now();
	const sent: number[] = [];
	await time.finish(
		Promise.all(tickets.map(async (ticket) => budget.takeUpdate(ticket).then(() => sent.push(time.now() - start)))),
	);
	return sent;
}

const different = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const same = (count: number) => Array(count).fill(7) as number[];

describe('without headers, the limits of Zendesk’s pages', () => {
	test('one ticket: thirty in ten minutes', async () => {
		const time = new FakeTime();
		const sent = await times(new RateBudget(time), time, same(61));
		expect(sent.slice(0, 30)).toEqual(Array(30).fill(0));
		expect(sent[30]).toBeGreaterThanOrEqual(600_000);
		expect(sent[59]).toBe(sent[30]);
		expect(sent[60]).toBeGreaterThanOrEqual(1_200_000);
	});

	test('the account: a hundred a minute, a tenth of it for others', async () => {
		const time = new FakeTime();
		const sent = await times(new RateBudget(time), time, different(100));
		expect(sent.slice(0, 90)).toEqual(Array(90).fill(0));
		expect(sent[90]).toBeGreaterThanOrEqual(60_000);
	});

	test('reading doesn’t count among them', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		for (let i = 0; i < 200; i++) await time.finish(budget.take('account'));
		expect(await times(budget, time, different(90))).toEqual(Array(90).fill(0));
	});

	test('updates wait for the account’s minute too', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		budget.learn({ 'ratelimit-limit': '700', 'ratelimit-remaining': '70', 'ratelimit-reset': '20' });
		expect(await times(budget, time, [7])).toEqual([20_000]);
	});

	test('other limits can be given', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time, 10, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
		expect(await times(budget, time, same(500))).toEqual(Array(500).fill(0));
	});
});

describe('what the headers say', () => {
	test.each([
		['2024 name', 'zendesk-ratelimit-tickets-update'],
		['2023 name', 'zendesk-rate-limit-tickets-update'],
	])('the account’s updates: %s', async (_name, header) => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		budget.learn({ [header]: 'total=20; remaining=4; resets=30' });
		const sent = await times(budget, time, different(3));
		expect(sent.slice(0, 2)).toEqual([0, 0]);
		expect(sent[2]).toBeGreaterThanOrEqual(30_000);
		expect(sent[2]).toBeLessThan(31_000);
	});

	test('more, with the High Volume add-on', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		budget.learn({ 'zendesk-ratelimit-tickets-update': 'total=300; remaining=299; resets=59' });
		expect(await times(budget, time, different(260))).toEqual(Array(260).fill(0));
	});

	test('one ticket’s updates hold up no other ticket', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		budget.learn({ 'zendesk-ratelimit-per-ticket-updates': 'total=30; remaining=1; resets=468' }, 7);
		const sent = await times(budget, time, [7, 8, 9, 7]);
		expect(sent.slice(0, 3)).toEqual([0, 0, 0]);
		expect(sent[3]).toBeGreaterThanOrEqual(468_000);
		expect(sent[3]).toBeLessThan(469_000);
	});

	test('answers that overtake each other: the lowest count of a window counts', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		budget.learn({ 'zendesk-ratelimit-per-ticket-updates': 'total=30; remaining=1; resets=468' }, 7);
		budget.learn({ 'zendesk-ratelimit-per-ticket-updates': 'total=30; remaining=5; resets=468' }, 7);
		const sent = await times(budget, time, [7, 7]);
		expect(sent[0]).toBe(0);
		expect(sent[1]).toBeGreaterThanOrEqual(468_000);
	});

	test('a new window begins anew', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		budget.learn({ 'zendesk-ratelimit-per-ticket-updates': 'total=30; remaining=0; resets=5' }, 7);
		await time.advance(6_000);
		expect(await times(budget, time, [7])).toEqual([0]);
	});

	test('an end that lies further away than any window is not believed', async () => {
		const time = new FakeTime();
		const budget = new RateBudget(time);
		budget.learn({ 'zendesk-ratelimit-tickets-update': 'total=100; remaining=0; resets=86400' });
		const [sent] = await times(budget, time, [7]);
		expect(sent).toBeLessThan(61_000);
	});

	test.each(['', 'many', 'total=; remaining=x', 'remaining', '; ; =', 'total=0; remaining=-1; resets=1e9'])(
		'%j says nothing',
		async (header) => {
			const time = new FakeTime();
			const budget = new RateBudget(time);
			budget.learn({ 'zendesk-ratelimit-tickets-update': header, 'zendesk-ratelimit-per-ticket-updates': header }, 7);
			expect(await times(budget, time, same(30))).toEqual(Array(30).fill(0));
		},
	);
});

test('the form of the headers', () => {
	expect(limitState('total=100; remaining=99; resets=17')).toEqual({ total: 100, remaining: 99, resets: 17 });
	expect(limitState('remaining=0;resets=1;total=2')).toEqual({ total: 2, remaining: 0, resets: 1 });
	expect(limitState(undefined)).toEqual({});
});

test('a clock that is set back in the middle of a wait holds nobody up for ever', async () => {
	let now = 10_000_000;
	let waited = 0;
	const budget = new RateBudget({
		now: () => now,
		sleep: async (milliseconds) => {
			waited += milliseconds;
			now += milliseconds - 3_600_000;
		},
	});
	for (let i = 0; i < 31; i++) await budget.takeUpdate(7);
	expect(waited).toBeLessThanOrEqual(601_000);
});
