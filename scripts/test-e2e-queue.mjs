import { buildPackageIfChanged } from './lib/build.mjs';
import { installN8n, installRoot } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { printResults, runJest } from './lib/parts.mjs';
import { runMain } from './lib/plain-error.mjs';
import { Progress } from './lib/progress.mjs';
import { findQueueServers, startQueueServers } from './lib/queue-servers.mjs';

/**
 * Tests against the real n8n in queue mode: a main process and two workers, with a Redis and a PostgreSQL that live as long as the tests.
 * What stands after `--` goes to Jest.
 */
requireNode();
await runMain(async () => {
	const progress = new Progress();
	const { programs, missing } = await findQueueServers(progress);
	if (!programs) {
		console.error(`Queue mode was not tested: ${missing}`);
		// CI must not be green because a server is missing.
		const counts = process.env.CI ? { failed: 1, skipped: 0 } : { failed: 0, skipped: 1 };
		if (!printResults([{ name: 'e2e-queue', passed: 0, ...counts, milliseconds: 0, note: missing }])) process.exitCode = 1;
		return;
	}
	await installRoot(progress);
	await installN8n(progress);
	await buildPackageIfChanged(progress);
	const servers = await progress.step('Starting Redis and PostgreSQL', async () => await startQueueServers(programs));
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void servers.stop().finally(() => process.exit(1)));
	try {
		process.env.QUEUE_TEST_REDIS_PORT = String(servers.redisPort);
		process.env.QUEUE_TEST_POSTGRES_PORT = String(servers.postgresPort);
		const result = await runJest('e2e-queue', 'test/e2e-queue', { config: 'jest.e2e.config.cjs', flags: process.argv.slice(2), workers: 1 });
		if (!printResults([result])) process.exitCode = 1;
	} finally {
		await servers.stop();
	}
});
