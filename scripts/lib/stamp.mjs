import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { root } from './root.mjs';

/**
 * A stamp file says from which sources something was made: it holds a hash of their names and contents.
 * It is written last, so work that was interrupted counts as not done.
 */

/** Hash of files and (recursively) folders; what does not exist counts as empty. `node_modules` is left out. */
export function hashOf(paths) {
	const hash = createHash('sha256');
	for (const file of paths.flatMap(filesUnder).sort()) {
		hash.update(`${relative(root, file)}\0`).update(readFileSync(file)).update('\0');
	}
	return hash.digest('hex');
}

export function stampMatches(stampFile, hash) {
	try {
		return readFileSync(stampFile, 'utf8').trim() === hash;
	} catch {
		return false;
	}
}

export function writeStamp(stampFile, hash) {
	mkdirSync(dirname(stampFile), { recursive: true });
	writeFileSync(stampFile, `${hash}\n`);
}

function filesUnder(path) {
	const stats = statSync(path, { throwIfNoEntry: false });
	if (!stats) return [];
	if (stats.isFile()) return [path];
	return readdirSync(path)
		.filter((name) => name !== 'node_modules')
		.flatMap((name) => filesUnder(join(path, name)));
}
