import { buildPackageIfChanged } from './lib/build.mjs';
import { cleanly } from './lib/cleanly.mjs';
import { installN8n, installRoot } from './lib/install.mjs';
import { endLeftBehind } from './lib/left-behind.mjs';
import { requireNode } from './lib/node-version.mjs';
import { printResults, runJest } from './lib/parts.mjs';
import { runMain } from './lib/plain-error.mjs';
import { Progress } from './lib/progress.mjs';
import { findQueueServers, queueModeNotTested, startQueueServers, temporaryFolder } from './lib/queue-servers.mjs';

/**
 * Two-way sync interrupted in mid-batch in the real n8n: alone, and in queue mode, for which a Redis and a PostgreSQL live as long as the tests.
 * What stands after `--` goes to Jest.
 */
requireNode();
await runMain(
	async () =>
		await cleanly(async ({ onEnd, told }) => {
			const progress = new Progress();
			const { programs, missing } = await findQueueServers(progress);
			if (missing) console.error(`Queue mode is not tested: ${missing}`);
			await installRoot(progress);
			await installN8n(progress);
			await buildPackageIfChanged(progress);
			told.throwIfAborted();

			const env = { ...process.env };
			const flags = process.argv.slice(2);
			if (programs) {
				const { redisPort, postgresPort } = await progress.step('Starting Redis and PostgreSQL', async () => await startQueueServers(programs, onEnd));
				Object.assign(env, { QUEUE_TEST_REDIS_PORT: String(redisPort), QUEUE_TEST_POSTGRES_PORT: String(postgresPort) });
			} else {
				flags.push('--testPathIgnorePatterns=/e2e-queue/interruptions[.]test');
			}
			env.TEST_FOLDERS = temporaryFolder('interruptions', onEnd);
			// n8n ends before what it needs.
			onEnd(async () => await endLeftBehind(env.TEST_FOLDERS));

			// Both modes at once: most of the time each of them waits.
			const result = await runJest('e2e-queue', 'test/e2e-queue', { config: 'jest.e2e.config.cjs', flags, workers: 2, env, told });
			if (!printResults([result, ...(missing ? [queueModeNotTested(missing)] : [])])) process.exitCode = 1;
		}),
);
