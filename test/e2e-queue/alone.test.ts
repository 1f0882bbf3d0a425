import { InterruptedSync, withQuickLooks } from '../e2e/interrupted-sync';
import { interruptions } from '../e2e/interruptions';
import { START_TIMEOUT, startTestSandbox, type TestSandbox } from '../e2e/support';

/** Milliseconds for one interruption and what comes after it. */
const TIMEOUT = 300_000;

describe('two-way sync is interrupted in the middle of batches: nothing is lost, nothing is there twice', () => {
	let sandbox: TestSandbox;
	let sync: InterruptedSync;

	beforeAll(async () => {
		sandbox = await startTestSandbox({
			twoWay: true,
			adjust: withQuickLooks,
			// This test itself asks a lot; the limits have tests of their own.
			zendesk: { limits: { account: 100_000, ticketsIndex: 100_000 } },
		});
		sync = await InterruptedSync.start(sandbox);
	}, START_TIMEOUT);
	afterAll(async () => await sandbox?.remove());

	test(
		'n8n is killed (kill -9)',
		async () => {
			await sync.untilInMidBatch('Killed');
			await sandbox.n8n.kill();
			await sandbox.n8n.restart();
			await sync.settles();
		},
		TIMEOUT,
	);

	test(
		'n8n is restarted in order (SIGTERM)',
		async () => {
			await sync.untilInMidBatch('Restarted');
			await sandbox.n8n.restart();
			await sync.settles();
		},
		TIMEOUT,
	);

	for (const [words, interrupt] of interruptions) test(words, async () => await interrupt(sync), TIMEOUT);
});
