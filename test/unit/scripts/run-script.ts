import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds until what a script said at its end has arrived. */
const LAST_WORDS = 200;

export interface RunningScript {
	child: ChildProcess;
	/** Settled at its end, with all that it said on both streams. */
	ended: Promise<{ code: number | null; output: string }>;
	/** Waits until it has said this, and gives back all that it has said. */
	says: (words: string) => Promise<string>;
}

/** Runs a script that can import the modules in `scripts/`: they are no CommonJS, and what they do at a process's end can only be seen from outside. */
export function runScript(script: string, env: Record<string, string> = {}): RunningScript {
	const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: join(__dirname, '../../..'), env: { ...process.env, ...env } });
	let output = '';
	const listeners = new Set<() => void>();
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk) => {
			output += chunk;
			for (const listener of listeners) listener();
		});
	}
	// Not "close": something that it left behind may hold its streams.
	const ended = new Promise<number | null>((resolve) => child.once('exit', resolve)).then(async (code) => {
		await sleep(LAST_WORDS);
		return { code, output };
	});
	const says = async (words: string): Promise<string> =>
		await new Promise((resolve, reject) => {
			const look = (): void => {
				if (output.includes(words)) resolve(output);
			};
			listeners.add(look);
			look();
			void ended.then(() => reject(new Error(`The script ended without saying "${words}":\n${output}`)));
		});
	return { child, ended, says };
}
