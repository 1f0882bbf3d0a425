import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

import { explainNpmFailure } from './npm-failure.mjs';
import { PlainError } from './plain-error.mjs';
import { root } from './root.mjs';
import { runNpm } from './run.mjs';
import { hashOf, stampMatches, writeStamp } from './stamp.mjs';

/**
 * `npm install`, not `npm ci`: it follows the lock just as well and does not give up where a registry lacks the optional packages of
 * other platforms. `--no-save`: it leaves the lock as it is, whatever npm's version would add to it. Install scripts stay off: nothing of the
 * development tools needs one, and some of them fail on Node 20.
 */
const INSTALL = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];

const logs = join(root, '.sandbox', 'logs');

/** Installs the development tools when they are missing or the lock has changed since. */
export async function installRoot(progress) {
	await install(progress, {
		title: 'Installing the development tools (once, one to two minutes)',
		what: 'Installing the development tools',
		folder: root,
		sources: [join(root, 'package-lock.json')],
		log: join(logs, 'install-tools.log'),
	});
}

export const n8nFolder = join(root, 'sandbox', 'n8n');

/** Installs the real n8n, with the Node.js that it needs, into sandbox/n8n. Once, about 2.1 GB. */
export async function installN8n(progress) {
	await install(progress, {
		title: 'Installing n8n 2.41.1 with its Node.js (once, 2.1 GB, about 4 minutes)',
		what: 'Installing n8n',
		folder: n8nFolder,
		sources: ['package.json', 'package-lock.json', 'stubs'].map((name) => join(n8nFolder, name)),
		log: join(logs, 'install-n8n.log'),
		needsBytes: 3e9,
		// n8n's database driver is the one package here that needs its install script: it fetches or compiles a native module.
		build: { name: 'sqlite3', makes: join(n8nFolder, 'node_modules', 'sqlite3', 'build', 'Release', 'node_sqlite3.node') },
	});
}

async function install(progress, { title, what, folder, sources, log, needsBytes, build }) {
	const stamp = join(folder, 'node_modules', '.install-stamp');
	const hash = hashOf(sources);
	if (stampMatches(stamp, hash)) return;
	if (needsBytes && !existsSync(join(folder, 'node_modules'))) requireSpace(folder, needsBytes, what);
	await progress.step(title, async (say) => {
		await npmOrExplain(INSTALL, { what, folder, log });
		if (!build || existsSync(build.makes)) return;
		say(`${what}: building its database driver`);
		await npmOrExplain(['rebuild', build.name], {
			what: `Building n8n's database driver ${build.name}`,
			folder,
			log: log.replace(/\.log$/, `-${build.name}.log`),
		});
	});
	writeStamp(stamp, hash);
}

async function npmOrExplain(args, { what, folder, log }) {
	const { code, output } = await runNpm(args, { cwd: folder, log });
	if (code !== 0) throw new PlainError(explainNpmFailure(what, output, log));
}

function requireSpace(folder, bytes, what) {
	const { bavail, bsize } = statfsSync(folder);
	if (bavail * bsize >= bytes) return;
	throw new PlainError(
		`${what} needs about ${bytes / 1e9} GB, and only ${(Number(bavail * bsize) / 1e9).toFixed(1)} GB are free where ${folder} lies.`,
	);
}
