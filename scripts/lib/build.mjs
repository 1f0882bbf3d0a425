import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

import { PlainError } from './plain-error.mjs';
import { root } from './root.mjs';
import { run } from './run.mjs';
import { hashOf, stampMatches, writeStamp } from './stamp.mjs';

/** The folders whose code is in the published package. */
export const shippedFolders = ['credentials', 'nodes', 'pipeline', 'sync', 'zendesk', 'orocrm', 'http'];

/** Folders without code whose files go into dist as they are, if they are of a kind below. */
const assetFolders = ['icons'];

/** What goes into dist besides compiled code: icons, n8n's codex files and the overlay for old OroCRM versions. */
const copied = (name) => ['.svg', '.png', '.yml'].includes(extname(name)) || name.endsWith('.node.json');

const dist = join(root, 'dist');
const stamp = join(root, 'node_modules', '.build-stamp');

/**
 * Makes dist anew. `n8n-node build` does the same (tsc, then icons) but looks for icons in every folder of the checkout, also in the n8n
 * under sandbox/, and leaves codex files and the overlay out.
 */
export async function buildPackage(progress) {
	await progress.step('Building the package', async () => {
		rmSync(stamp, { force: true });
		rmSync(dist, { recursive: true, force: true });
		const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
		const log = join(root, '.sandbox', 'logs', 'build.log');
		const { code, output } = await run(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: root, log });
		if (code !== 0) throw new PlainError(`The package does not compile:\n${output.trimEnd()}`);
		[...shippedFolders, ...assetFolders].filter((folder) => existsSync(join(root, folder))).forEach(copyStaticFiles);
	});
	writeStamp(stamp, sourceHash());
}

/** Builds only when a source is different from what dist was made of. */
export async function buildPackageIfChanged(progress) {
	if (stampMatches(stamp, sourceHash())) return;
	await buildPackage(progress);
}

function sourceHash() {
	return hashOf([...shippedFolders, ...assetFolders, 'package.json', 'tsconfig.json', 'dist'].map((name) => join(root, name)));
}

function copyStaticFiles(folder) {
	for (const entry of readdirSync(join(root, folder), { withFileTypes: true, recursive: true })) {
		if (!entry.isFile() || !copied(entry.name)) continue;
		const from = join(entry.parentPath, entry.name);
		const to = join(dist, from.slice(root.length));
		mkdirSync(dirname(to), { recursive: true });
		cpSync(from, to);
	}
}
