import type { SandboxOptions } from '../../sandbox/launcher/sandbox';
import { START_TIMEOUT, startTestSandbox, type TestSandbox } from '../e2e/support';
import { InterruptedSync, withQuickLooks } from './interrupted-sync';
import { type Interruption, interruptions } from './interruptions';

/** Milliseconds for one interruption and what comes after it. */
const TIMEOUT = 300_000;

/** Milliseconds for the start: both modes start at the same time, and one of them three processes of n8n. */
const BEGIN_TIMEOUT = 2 * START_TIMEOUT;

/** A way to run n8n. */
export interface Mode {
	/** What the sandbox's n8n is started with; asked when the tests begin. */
	options?: () => Partial<SandboxOptions>;
	/** Starts what belongs to it besides the sandbox's n8n. */
	begin?: () => Promise<void>;
	/** Stops that again, also when only a part of it was started. */
	end?: () => Promise<void>;
	/** What is tried in this mode only; comes before what is tried in all of them. */
	own: Interruption[];
}

/** The tests of one mode: one n8n and one world for all interruptions, for a start takes longer than most of them. */
export function describeInterruptions(words: string, { options, begin, end, own }: Mode): void {
	describe(words, () => {
		let sandbox: TestSandbox | undefined;
		let sync: InterruptedSync;

		beforeAll(async () => {
			sandbox = await startTestSandbox({
				twoWay: true,
				adjust: withQuickLooks,
				// This test itself asks a lot; the limits have tests of their own.
				zendesk: { limits: { account: 100_000, ticketsIndex: 100_000 } },
				...options?.(),
			});
			await begin?.();
			sync = await InterruptedSync.start(sandbox);
		}, BEGIN_TIMEOUT);
		afterAll(async () => {
			await end?.();
			await sandbox?.remove();
		}, 120_000);

		for (const [title, interrupt] of [...own, ...interruptions]) test(title, async () => await interrupt(sync), TIMEOUT);
	});
}
