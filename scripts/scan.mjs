import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PlainError, runMain } from './lib/plain-error.mjs';
import { root } from './lib/root.mjs';
import { run, runNpm } from './lib/run.mjs';

/**
 * The checks that n8n runs on a published package before it verifies it (@n8n/scan-community-package), as far as they need no registry:
 * the sources of nodes and credentials, and what `npm pack` makes of the built package. dist must be built.
 */
await runMain(async () => {
	const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(
		new URL('../node_modules/@n8n/scan-community-package/scanner/scanner.mjs', import.meta.url).href
	);
	const folder = mkdtempSync(join(tmpdir(), 'packed-'));
	try {
		const log = join(folder, 'pack.log');
		const packed = await runNpm(['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root, log });
		const tarball = packed.output.trim().split('\n').at(-1);
		if (packed.code !== 0) throw new PlainError(`npm pack failed:\n${packed.output}`);
		const untarred = await run('tar', ['-xzf', join(folder, tarball), '-C', folder]);
		if (untarred.code !== 0) throw new PlainError(`${tarball} could not be unpacked.`);

		report('sources', await analyzePackage(root, SOURCE_FILE_PATTERNS));
		report('packed', await analyzePackage(join(folder, 'package'), ['**/*.js', 'package.json']));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

function report(what, { passed, message, details }) {
	console.log(`${what}: ${passed ? 'passed' : `${message}\n${details ?? ''}`}`);
	if (!passed) process.exitCode = 1;
}
