import { once } from 'node:events';

import { buildPackageIfChanged } from './lib/build.mjs';
import { cleanly } from './lib/cleanly.mjs';
import { installN8n, installRoot } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { PlainError, runMain } from './lib/plain-error.mjs';
import { Progress } from './lib/progress.mjs';
import { findQueueServers, startQueueServers } from './lib/queue-servers.mjs';

/** `npm run bench`: installs what is missing, builds, and hands over to bench/run.ts. */
requireNode();
await runMain(async () => {
	const progress = new Progress();
	await installRoot(progress);
	// From here on TypeScript can be loaded.
	await import('tsx');
	const { help, parseBenchOptions } = await import('../bench/options.ts');
	const options = optionsOrExplain(parseBenchOptions);
	if (options.help) {
		console.log(help);
		return;
	}
	await installN8n(progress);
	await buildPackageIfChanged(progress);
	const { runBench } = await import('../bench/run.ts');
	await cleanly(async ({ onEnd, told }) => {
		const servers = options.parts.includes('workers') ? await queueServers(progress, onEnd) : undefined;
		await Promise.race([runBench(options, servers), once(told, 'abort')]);
	});
	// After Ctrl-C a measurement is under way still; its n8n ends with this process.
	if (process.exitCode) process.exit();
});

/** Redis and PostgreSQL for the part about workers; undefined where there are none. */
async function queueServers(progress, onEnd) {
	const { programs, missing } = await findQueueServers(progress);
	if (!programs) console.error(missing);
	return programs && (await progress.step('Starting Redis and PostgreSQL', async () => await startQueueServers(programs, onEnd)));
}

function optionsOrExplain(parse) {
	try {
		return parse(process.argv.slice(2));
	} catch (error) {
		throw new PlainError(error.message);
	}
}
