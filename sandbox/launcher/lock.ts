import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { PlainError } from './plain-error';
import { isAlive, readProcessId, removeProcessId, writeProcessId } from './process-id';

/**
 * Makes sure that one launcher at a time works on a data folder: two would overwrite each other's data.
 * The file holds the process id; one left behind by a launcher that was killed is taken over.
 *
 * @returns a function that gives the lock back
 * @throws PlainError when a launcher that is alive holds it
 */
export function takeLock(file: string): () => void {
	mkdirSync(dirname(file), { recursive: true });
	const holder = readProcessId(file);
	if (holder !== undefined && isAlive(holder)) {
		throw new PlainError(
			`The sandbox in ${dirname(file)} is already running (process ${holder}). ` +
				`Use that one, or stop it with Ctrl-C in its terminal (or "kill ${holder}") and start again.`,
		);
	}
	removeProcessId(file);
	writeProcessId(file, process.pid);
	return () => {
		if (readProcessId(file) === process.pid) removeProcessId(file);
	};
}
