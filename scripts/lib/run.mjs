import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';

import { signalGroup } from './left-behind.mjs';

/** Milliseconds that a program has to end when it is told to. */
const STOP_WITHIN = 5_000;

/**
 * Runs a program to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, log?: string, echo?: boolean, told?: AbortSignal }} options
 *   `log`: a file that gets all it says (made anew); `echo`: also to this terminal. Without a log it writes to this terminal directly.
 *   `told`: ends it, with all that it has started in its process group
 * @returns {Promise<{ code: number, output: string }>} exit code (1 when it could not be started or was ended by a signal) and, with a log, all it said
 */
export async function run(command, args, { cwd, env = process.env, log, echo = false, told } = {}) {
	if (told?.aborted) return { code: 1, output: '' };
	// In a group of its own it is this script that ends it, and Ctrl-C doesn't come to it from elsewhere, too.
	const child = spawn(command, args, { cwd, env, stdio: log ? ['ignore', 'pipe', 'pipe'] : 'inherit', detached: told !== undefined });
	const ended = new Promise((resolve) => {
		child.once('error', (error) => resolve({ code: 1, words: `${command} could not be started: ${error.message}\n` }));
		child.once('close', (code) => resolve({ code: code ?? 1, words: '' }));
	});
	if (told) endWhenTold(child, ended, told);
	if (!log) {
		const { code, words } = await ended;
		if (words) process.stderr.write(words);
		return { code, output: words };
	}

	mkdirSync(dirname(log), { recursive: true });
	const file = createWriteStream(log);
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk) => {
			file.write(chunk);
			if (echo) process.stdout.write(chunk);
		});
	}
	const { code, words } = await ended;
	file.end(words);
	await finished(file);
	return { code, output: readFileSync(log, 'utf8') };
}

function endWhenTold(child, ended, told) {
	const end = () => {
		signalGroup(child.pid, 'SIGTERM');
		const force = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), STOP_WITHIN);
		void ended.then(() => clearTimeout(force));
	};
	if (child.pid === undefined) return;
	told.addEventListener('abort', end, { once: true });
	void ended.then(() => told.removeEventListener('abort', end));
}

/** Runs npm with the Node.js that runs this, also where `npm` is not a program but a script (Windows). */
export async function runNpm(args, options) {
	const npm = process.env.npm_execpath;
	if (npm && /\.c?js$/.test(npm)) return await run(process.execPath, [npm, ...args], options);
	return process.platform === 'win32'
		? await run('cmd.exe', ['/d', '/s', '/c', 'npm', ...args], options)
		: await run('npm', args, options);
}
