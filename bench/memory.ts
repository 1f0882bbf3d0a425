import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** How often memory is looked at, in milliseconds. */
const EVERY = 500;

/** Resident memory of processes and all that they started, in bytes: n8n's Code nodes run in a process of their own. */
export async function memoryOf(...processIds: readonly number[]): Promise<number> {
	const { stdout } = await execute('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
	const rows = stdout
		.trim()
		.split('\n')
		.map((line) => line.trim().split(/\s+/).map(Number));
	const family = new Set(processIds);
	for (let before = 0; before !== family.size; ) {
		before = family.size;
		for (const [pid, parent] of rows) if (family.has(parent)) family.add(pid);
	}
	return rows.filter(([pid]) => family.has(pid)).reduce((sum, [, , kilobytes]) => sum + kilobytes * 1024, 0);
}

/** Watches the memory of processes until it is told to stop. */
export class MemoryWatch {
	private peakBytes = 0;
	private readonly timer: NodeJS.Timeout;
	private looking: Promise<void> = Promise.resolve();
	private readonly processIds: readonly number[];

	constructor(...processIds: readonly number[]) {
		this.processIds = processIds;
		this.timer = setInterval(() => {
			this.looking = this.look();
		}, EVERY);
	}

	/** @returns the most that it was, in bytes */
	async stop(): Promise<number> {
		clearInterval(this.timer);
		await this.looking;
		await this.look();
		return this.peakBytes;
	}

	private async look(): Promise<void> {
		// A failed look is followed by another one; the last look in stop() says what is wrong.
		this.peakBytes = Math.max(this.peakBytes, await memoryOf(...this.processIds).catch(() => 0));
	}
}
