import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** The process id in a file, if there is one. */
export function readProcessId(file: string): number | undefined {
	try {
		const pid = Number(readFileSync(file, 'utf8'));
		return Number.isInteger(pid) && pid > 0 ? pid : undefined;
	} catch {
		return undefined;
	}
}

/** @throws when the file is there already */
export function writeProcessId(file: string, pid: number): void {
	writeFileSync(file, `${pid}\n`, { flag: 'wx' });
}

export function removeProcessId(file: string): void {
	rmSync(file, { force: true });
}

/** Whether a process of this id runs, no matter whose. */
export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
