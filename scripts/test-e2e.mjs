import { buildPackageIfChanged } from './lib/build.mjs';
import { installN8n, installRoot } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { printResults, runJest } from './lib/parts.mjs';
import { runMain } from './lib/plain-error.mjs';
import { Progress } from './lib/progress.mjs';

/** Tests against the real n8n. What stands after `--` goes to Jest, for instance `npm run test:e2e -- -t refused`. */
requireNode();
await runMain(async () => {
	const progress = new Progress();
	await installRoot(progress);
	await installN8n(progress);
	await buildPackageIfChanged(progress);
	// One n8n at a time: each takes half a gigabyte and a processor.
	const result = await runJest('e2e', 'test/e2e', { config: 'jest.e2e.config.cjs', flags: process.argv.slice(2), workers: 1 });
	if (!printResults([result])) process.exitCode = 1;
});
