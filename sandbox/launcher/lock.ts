import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { PlainError } from './plain-error';

/**
 * Makes sure that one launcher at a time works on a data folder: two would overwrite each other's data.
 * The file holds the process id; one left behind by a launcher that was killed is taken over.
 *
 * @returns a function that gives the lock back
 * @throws PlainError when a launcher that is alive holds it
 */
export function takeLock(file: string): () => void {
	mkdirSync(dirname(file), { recursive: true });
	const holder = holderOf(file);
	if (holder !== undefined && isAlive(holder)) {
		throw new PlainError(
			`The sandbox in ${dirname(file)} is already running (process ${holder}). ` +
				`Use that one, or stop it with Ctrl-C in its terminal (or "kill ${holder}") and start again.`,
		);
	}
	rmSync(file, { force: true });
	// `wx` fails when another launcher was quicker by a moment.
	writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
	return () => {
		if (holderOf(file) === process.pid) rmSync(file, { force: true });
	};
}

function holderOf(file: string): number | undefined {
	try {
		const pid = Number(readFileSync(file, 'utf8'));
		return Number.isInteger(pid) && pid > 0 ? pid : undefined;
	} catch {
		return undefined;
	}
}

function isAlive(pid: number): boolean {
	if (pid === process.pid) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
