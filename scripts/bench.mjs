import { buildPackageIfChanged } from './lib/build.mjs';
import { installN8n, installRoot } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { PlainError, runMain } from './lib/plain-error.mjs';
import { Progress } from './lib/progress.mjs';

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
	await runBench(options);
});

function optionsOrExplain(parse) {
	try {
		return parse(process.argv.slice(2));
	} catch (error) {
		throw new PlainError(error.message);
	}
}
