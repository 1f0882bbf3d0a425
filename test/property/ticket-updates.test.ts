import fc from 'fast-check';
import { RateBudget } from '../../zendesk/rate-budget';
import { FakeTime } from '../unit/support/fake-time';

const MINUTE = 60_000;

/** One limit as a server might count it; the package doesn't know which of the two Zendesk does. */
interface Counter {
	/** Counts one request; false when it is over. */
	take(now: number): boolean;
	header(now: number): string;
}

function fixedWindows(total: number, length: number, phase: number): Counter {
	let window = Number.NaN;
	let used = 0;
	const enter = (now: number) => {
		const current = Math.floor((now + phase) / length);
		if (current !== window) used = 0;
		window = current;
	};
	return {
		take: (now) => {
			enter(now);
			return ++used <= total;
		},
		header: (now) => {
			enter(now);
			const resets = Math.ceil((length - ((now + phase) % length)) / 1000);
			return `total=${total}; remaining=${Math.max(0, total - used)}; resets=${resets}`;
		},
	};
}

function slidingWindow(total: number, length: number): Counter {
	let sent: number[] = [];
	return {
		take: (now) => {
			sent = [...sent.filter((at) => at > now - length), now];
			return sent.length <= total;
		},
		header: (now) => {
			sent = sent.filter((at) => at > now - length);
			const resets = Math.ceil(((sent[0] ?? now) + length - now) / 1000);
			return `total=${total}; remaining=${Math.max(0, total - sent.length)}; resets=${resets}`;
		},
	};
}

class Server {
	refusals = 0;
	served = 0;
	private readonly tickets = new Map<number, Counter>();

	constructor(
		private readonly account: Counter,
		private readonly ticketCounter: () => Counter,
		private readonly tellsLimits: boolean,
	) {}

	/** Gives back the answer's headers. */
	update(ticketId: number, now: number): Record<string, string> {
		const ticket = this.tickets.get(ticketId) ?? this.ticketCounter();
		this.tickets.set(ticketId, ticket);
		const good = [this.account.take(now), ticket.take(now)].every(Boolean);
		if (good) this.served += 1;
		else this.refusals += 1;
		if (!this.tellsLimits) return {};
		return {
			'zendesk-ratelimit-tickets-update': this.account.header(now),
			'zendesk-ratelimit-per-ticket-updates': ticket.header(now),
		};
	}

	/** Another app's update. */
	byAnother(now: number): void {
		this.account.take(now);
	}
}

const steps = fc.array(
	fc.record({
		/** Ticket and how many updates of it at once. */
		bursts: fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 45 })), { maxLength: 5 }),
		pause: fc.nat({ max: 5 * MINUTE }),
		latency: fc.nat({ max: 400 }),
	}),
	{ minLength: 1, maxLength: 6 },
);

const serverWith = (sliding: boolean, phase: number, tellsLimits: boolean) => {
	const counter = (total: number, length: number) =>
		sliding ? slidingWindow(total, length) : fixedWindows(total, length, phase);
	return new Server(counter(100, MINUTE), () => counter(30, 10 * MINUTE), tellsLimits);
};

test('no update is ever refused for a limit, whichever way Zendesk counts and whether it tells or not', async () => {
	await fc.assert(
		fc.asyncProperty(
			steps,
			fc.boolean(),
			fc.nat({ max: 10 * MINUTE }),
			fc.boolean(),
			async (plan, sliding, phase, tells) => {
				const time = new FakeTime();
				const budget = new RateBudget(time);
				const server = serverWith(sliding, phase, tells);
				const all: Array<Promise<void>> = [];
				const update = async (ticket: number, latency: number) => {
					await budget.takeUpdate(ticket);
					await time.sleep(latency);
					budget.learn(server.update(ticket, time.now()), ticket);
				};
				for (const { bursts, pause, latency } of plan) {
					for (const [ticket, count] of bursts) for (let i = 0; i < count; i++) all.push(update(ticket, latency));
					await time.advance(pause);
				}
				await time.finish(Promise.all(all));
				expect(server.refusals).toBe(0);
				expect(server.served).toBe(all.length);
			},
		),
		{ numRuns: 80 },
	);
});

test('another app’s updates leave room: what the headers say is left is what is used', async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 1, max: 85 }), fc.nat({ max: MINUTE }), async (others, phase) => {
			const time = new FakeTime();
			const budget = new RateBudget(time);
			const server = serverWith(false, phase, true);
			await time.advance((MINUTE - ((time.now() + phase) % MINUTE)) % MINUTE);
			for (let i = 0; i < others; i++) server.byAnother(time.now());
			for (let ticket = 1; ticket <= 150; ticket++) {
				await time.finish(budget.takeUpdate(ticket));
				budget.learn(server.update(ticket, time.now()), ticket);
			}
			expect(server.refusals).toBe(0);
		}),
		{ numRuns: 30 },
	);
});

test('whatever the clock does, nobody waits longer than the window', async () => {
	const jump = fc.integer({ min: -86_400_000, max: 86_400_000 });
	const headers = fc.record({ remaining: fc.nat({ max: 3 }), resets: fc.nat({ max: 100_000 }) });
	await fc.assert(
		fc.asyncProperty(fc.array(fc.tuple(fc.option(jump), fc.option(headers)), { maxLength: 80 }), async (plan) => {
			let now = Date.parse('2026-11-24T09:00:00Z');
			let waited = 0;
			let jumpInSleep: number | null = null;
			const budget = new RateBudget({
				now: () => now,
				sleep: async (milliseconds) => {
					waited += milliseconds;
					now += milliseconds + (jumpInSleep ?? 0);
					jumpInSleep = null;
				},
			});
			for (const [clock, header] of plan) {
				if (header) {
					const text = `total=30; remaining=${header.remaining}; resets=${header.resets}`;
					budget.learn({ 'zendesk-ratelimit-per-ticket-updates': text, 'zendesk-ratelimit-tickets-update': text }, 7);
				}
				now += clock ?? 0;
				jumpInSleep = clock;
				waited = 0;
				await budget.takeUpdate(7);
				// The jump itself may make one wait twice: once before it, once after.
				expect(waited).toBeLessThanOrEqual(2 * (10 * MINUTE + 500));
			}
		}),
		{ numRuns: 200 },
	);
});

test('only the tickets of the last ten minutes are remembered', async () => {
	const time = new FakeTime();
	const budget = new RateBudget(time);
	let most = 0;
	for (let ticket = 1; ticket <= 5_000; ticket++) {
		await time.finish(budget.takeUpdate(ticket));
		budget.learn({ 'zendesk-ratelimit-per-ticket-updates': 'total=30; remaining=29; resets=600' }, ticket);
		most = Math.max(most, budget.updates.remembered);
	}
	expect(most).toBeLessThanOrEqual(1_000);
	await time.advance(11 * MINUTE);
	await time.finish(budget.takeUpdate(1));
	expect(budget.updates.remembered).toBe(1);
});
