import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { PlainError } from './plain-error.mjs';
import { root } from './root.mjs';
import { run } from './run.mjs';

/** Redis and PostgreSQL for n8n's queue mode: found or installed from Debian's packages, run on free ports in temporary folders. */

const START_WITHIN = 30_000;
const STOP_WITHIN = 10_000;
const isRoot = () => process.getuid?.() === 0;

/**
 * The servers' programs; as root on Debian and its like, packages that are missing are installed.
 *
 * @returns {Promise<{ programs?: { redis: string, initdb: string, postgres: string, user?: { uid: number, gid: number } }, missing?: string }>} `missing` says in words why there are none; `user`: who has to run PostgreSQL
 */
export async function findQueueServers(progress) {
	if (process.platform === 'win32') return { missing: 'Redis does not run on Windows.' };
	const here = installedPrograms();
	if (here.programs) return here;
	if (!isRoot() || !onPath('apt-get')) return { missing: `${here.missing} Install Debian's packages redis-server and postgresql, or their like.` };
	const log = join(root, '.sandbox', 'logs', 'install-queue-servers.log');
	// Runlevel 1: Debian's scripts then don't start what was installed.
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
	await progress.step('Installing Redis and PostgreSQL (once)', async () => {
		await run('apt-get', ['update', '-qq'], { env, log });
		await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server', 'postgresql'], { env, log });
	});
	const now = installedPrograms();
	return now.programs ? now : { missing: `${now.missing} They could not be installed: see ${log}` };
}

function installedPrograms() {
	const redis = onPath('redis-server');
	const postgresFolder = postgresFolders().find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))));
	const missing = [!redis && 'Redis', !postgresFolder && 'PostgreSQL'].filter(Boolean);
	if (missing.length > 0) return { missing: `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not installed.` };
	return { programs: { redis, initdb: join(postgresFolder, 'initdb'), postgres: join(postgresFolder, 'postgres'), user: postgresUser() } };
}

const pathFolders = () => (process.env.PATH ?? '').split(delimiter).filter(Boolean);

function onPath(name) {
	const folder = pathFolders().find((one) => existsSync(join(one, name)));
	return folder && join(folder, name);
}

/** Debian keeps PostgreSQL's programs apart, by version. */
function postgresFolders() {
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
	return [...versions.map((version) => join(debian, version, 'bin')), ...pathFolders()];
}

/**
 * What stands in the table of results for queue mode when it could not be tested. CI must not be green because a server is missing.
 *
 * @returns {import('./parts.mjs').PartResult}
 */
export function queueModeNotTested(missing) {
	const counts = process.env.CI ? { failed: 1, skipped: 0 } : { failed: 0, skipped: 1 };
	return { name: 'queue mode', passed: 0, ...counts, milliseconds: 0, note: missing };
}

/**
 * Starts both, with nothing in them: PostgreSQL with the superuser `n8n`, without a password, and the database `postgres`; both listen on this machine only.
 *
 * @param {(step: () => unknown) => void} onEnd gets what stops them and removes their folders
 * @returns {Promise<{ redisPort: number, postgresPort: number }>}
 */
export async function startQueueServers({ redis, initdb, postgres, user }, onEnd) {
	const redisPort = await freePort(24_201);
	const redisFolder = temporaryFolder('redis', onEnd);
	await startServer({
		name: 'Redis',
		program: redis,
		args: ['--bind', '127.0.0.1', '--port', String(redisPort), '--dir', redisFolder, '--save', '', '--appendonly', 'no'],
		folder: redisFolder,
		ready: 'Ready to accept connections',
		onEnd,
	});

	const postgresPort = await freePort(24_251);
	const postgresFolder = temporaryFolder('postgres', onEnd);
	if (user) chownSync(postgresFolder, user.uid, user.gid);
	const data = join(postgresFolder, 'data');
	const options = { cwd: postgresFolder, ...user, stdio: 'pipe' };
	execFileSync(initdb, ['--pgdata', data, '--username', 'n8n', '--auth', 'trust', '--encoding', 'UTF8', '--no-locale', '--no-sync'], options);
	await startServer({
		name: 'PostgreSQL',
		program: postgres,
		args: ['-D', data, '-p', String(postgresPort), '-h', '127.0.0.1', '-k', postgresFolder, '-c', 'fsync=off'],
		folder: postgresFolder,
		ready: 'ready to accept connections',
		// A "fast" shutdown: PostgreSQL doesn't wait for its clients.
		signal: 'SIGINT',
		user,
		onEnd,
	});
	return { redisPort, postgresPort };
}

/** A folder that is removed in the end. */
export function temporaryFolder(name, onEnd) {
	const folder = mkdtempSync(join(tmpdir(), `zendesk-orocrm-${name}-`));
	onEnd(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** PostgreSQL refuses to run as root; the package made a user for it. */
function postgresUser() {
	if (!isRoot()) return undefined;
	const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((one) => one.startsWith('postgres:'));
	if (!line) throw new PlainError('PostgreSQL does not run as root, and this machine has no user "postgres".');
	const [, , uid, gid] = line.split(':');
	return { uid: Number(uid), gid: Number(gid) };
}

async function startServer({ name, program, args, folder, ready, signal = 'SIGTERM', user, onEnd }) {
	const logFile = join(folder, 'server.log');
	const log = openSync(logFile, 'w');
	// A group of its own: Ctrl-C reaches this script only, which stops n8n before what n8n needs.
	const child = spawn(program, args, { cwd: folder, ...user, stdio: ['ignore', log, log], detached: true });
	let trouble;
	const ended = new Promise((resolve) => {
		child.once('error', (error) => resolve((trouble = error.message)));
		child.once('exit', (code) => resolve((trouble = `it ended with ${code}`)));
	});
	onEnd(async () => {
		child.kill(signal);
		const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN);
		await ended;
		clearTimeout(force);
	});
	const deadline = Date.now() + START_WITHIN;
	while (!readFileSync(logFile, 'utf8').includes(ready)) {
		if (trouble === undefined && Date.now() > deadline) trouble = `it was not ready within ${START_WITHIN / 1000} s`;
		if (trouble !== undefined) throw new PlainError(`${name} could not be started: ${trouble}.\n${readFileSync(logFile, 'utf8').trimEnd()}`);
		await sleep(50);
	}
}

/** The first free port from this one on. Ports below 32768 are not given to outgoing connections, which could take one in between. */
async function freePort(from) {
	for (let port = from; port < from + 50; port += 1) if (await isFree(port)) return port;
	throw new PlainError(`No port between ${from} and ${from + 49} is free.`);
}

async function isFree(port) {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}
