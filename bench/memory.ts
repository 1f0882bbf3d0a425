import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** How often memory is looked at, in milliseconds. */
const EVERY = 500;

/** Resident memory in bytes. */
export interface Memory {
	/** Of the processes themselves. */
	alone: number;
	/** With all that they started: n8n's Code nodes run in a process of their own. */
	withChildren: number;
}

export async function memoryOf(...processIds: readonly number[]): Promise<Memory> {
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
	const sum = (ids: ReadonlySet<number>): number => rows.filter(([pid]) => ids.has(pid)).reduce((bytes, [, , kilobytes]) => bytes + kilobytes * 1024, 0);
	return { alone: sum(new Set(processIds)), withChildren: sum(family) };
}

/** Watches the memory of processes until it is told to stop. */
export class MemoryWatch {
	private peak: Memory = { alone: 0, withChildren: 0 };
	private readonly timer: NodeJS.Timeout;
	private looking: Promise<void> = Promise.resolve();
	private readonly processIds: readonly number[];

	constructor(...processIds: readonly number[]) {
		this.processIds = processIds;
		this.timer = setInterval(() => {
			this.looking = this.look();
		}, EVERY);
	}

	/** @returns the most that it was; the two need not be of the same moment */
	async stop(): Promise<Memory> {
		clearInterval(this.timer);
		await this.looking;
		await this.look();
		return this.peak;
	}

	private async look(): Promise<void> {
		// A failed look is followed by another one; the last look in stop() says what is wrong.
		const { alone, withChildren } = await memoryOf(...this.processIds).catch(() => this.peak);
		this.peak = { alone: Math.max(this.peak.alone, alone), withChildren: Math.max(this.peak.withChildren, withChildren) };
	}
}
