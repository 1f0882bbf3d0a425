import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { n8nEnvironment, n8nScript, type N8nSettings, nodeForN8n } from './n8n-program';
import { putPackageIntoN8n } from './package-in-n8n';
import { removeProcessId, writeProcessId } from './process-id';
import type { Ports } from './ports';

const START_WITHIN = 60_000;
const STOP_WITHIN = 40_000;

/** A worker of n8n's queue mode, with a user folder and the package of its own, as on another machine. */
export class N8nWorker {
	private child: ChildProcess | undefined;
	private readonly logFile: string;
	private readonly pidFile: string;

	constructor(
		readonly name: string,
		private readonly folder: string,
		private readonly ports: Pick<Ports, 'n8n' | 'runners'>,
		private readonly settings: N8nSettings,
		/** Runs at a time. */
		private readonly concurrency = 5,
	) {
		mkdirSync(folder, { recursive: true });
		putPackageIntoN8n(folder);
		this.logFile = join(folder, 'worker.log');
		this.pidFile = join(folder, 'worker.pid');
	}

	get processId(): number | undefined {
		return this.child?.pid;
	}

	/** Starts it and waits until it takes jobs. Its log goes on where the last start's ended. */
	async start(): Promise<void> {
		const before = this.log().length;
		const log = openSync(this.logFile, 'a');
		const child = spawn(nodeForN8n(), ['--require', join(__dirname, 'parent-watch.cjs'), n8nScript, 'worker', `--concurrency=${this.concurrency}`], {
			cwd: this.folder,
			env: n8nEnvironment(
				this.folder,
				{ ...this.ports, zendesk: 0, orocrm: 0 },
				{ ...this.settings, QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(this.ports.n8n) },
			),
			detached: true,
			stdio: ['ignore', log, log, 'ipc'],
		});
		closeSync(log);
		if (child.pid) writeProcessId(this.pidFile, child.pid);
		child.once('exit', () => removeProcessId(this.pidFile));
		this.child = child;
		const deadline = Date.now() + START_WITHIN;
		while (!(await this.isReady())) {
			if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${this.name} could not be started:\n${this.log().slice(before)}`);
			await sleep(200);
		}
	}

	/** Runs that it has begun so far, by its own log. */
	taken(): string[] {
		return this.executions(/Worker started execution (\d+)/g);
	}

	/** Those of them that have not ended. */
	running(): string[] {
		const ended = new Set(this.executions(/Worker finished execution (\d+)/g));
		return this.taken().filter((id) => !ended.has(id));
	}

	/** Ends it and its task runners as a crash would (kill -9). */
	async kill(): Promise<void> {
		await this.end('SIGKILL');
	}

	/** Tells it to stop; it may finish what it is at. */
	async stop(): Promise<void> {
		await this.end('SIGTERM');
	}

	private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
		const { child } = this;
		this.child = undefined;
		if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
		const ended = new Promise<true>((resolve) => child.once('exit', () => resolve(true)));
		if (signal === 'SIGTERM') {
			child.kill(signal);
			if (await Promise.race([ended, sleep(STOP_WITHIN, false, { ref: false })])) return;
		}
		process.kill(-child.pid, 'SIGKILL');
		await ended;
	}

	private async isReady(): Promise<boolean> {
		return await fetch(`http://127.0.0.1:${this.ports.n8n}/healthz/readiness`).then(
			(response) => response.ok,
			() => false,
		);
	}

	private executions(words: RegExp): string[] {
		return [...this.log().matchAll(words)].map(([, id]) => id);
	}

	private log(): string {
		try {
			return readFileSync(this.logFile, 'utf8');
		} catch {
			return '';
		}
	}
}
