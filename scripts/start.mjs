import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { buildPackageIfChanged } from './lib/build.mjs';
import { installN8n, installRoot } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { PlainError, runMain } from './lib/plain-error.mjs';
import { Progress } from './lib/progress.mjs';
import { root } from './lib/root.mjs';
import { help, parseStartOptions } from './lib/start-options.mjs';

/** `npm start`: installs what is missing, builds, and hands over to sandbox/start.ts. */
requireNode();
await runMain(async () => {
	const options = parseStartOptions(process.argv.slice(2));
	if (options.help) {
		console.log(help);
		return;
	}
	if (options.twoWay && !existsSync(join(root, 'workflows', 'two-way-sync.json'))) {
		throw new PlainError('Two-way sync is not in this version: there is no workflows/two-way-sync.json. "npm start" starts one-way sync.');
	}
	const progress = new Progress();
	await installRoot(progress);
	await installN8n(progress);
	await buildPackageIfChanged(progress);
	// From here on TypeScript can be loaded.
	await import('tsx');
	const { start } = await import('../sandbox/start.ts');
	await start(options, progress);
});
