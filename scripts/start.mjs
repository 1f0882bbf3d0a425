import { buildPackageIfChanged } from './lib/build.mjs';
import { installN8n, installRoot } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { runMain } from './lib/plain-error.mjs';
import { Progress } from './lib/progress.mjs';
import { help, parseStartOptions } from './lib/start-options.mjs';

/** `npm start`: installs what is missing, builds, and hands over to sandbox/start.ts. */
requireNode();
await runMain(async () => {
	const options = parseStartOptions(process.argv.slice(2));
	if (options.help) {
		console.log(help);
		return;
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
