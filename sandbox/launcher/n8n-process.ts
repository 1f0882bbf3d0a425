import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { n8nEnvironment, n8nScript, type N8nSettings, nodeForN8n } from './n8n-program';
import { PlainError } from './plain-error';
import { isAlive, readProcessId, removeProcessId, writeProcessId } from './process-id';
import type { Ports } from './ports';

/** n8n waits up to 30 s for running executions when it is told to stop; after that it is ended. */
const STOP_WITHIN = 40_000;
const START_WITHIN = 120_000;

const pidFileIn = (userFolder: string): string => join(userFolder, 'n8n.pid');

/**
 * Waits for the end of an n8n whose launcher was killed: it is stopping by itself (parent-watch.cjs), but until it has ended it works on
 * the same database and holds its ports.
 */
export async function untilFormerN8nHasEnded(userFolder: string): Promise<void> {
	const file = pidFileIn(userFolder);
	const pid = readProcessId(file);
	const deadline = Date.now() + STOP_WITHIN;
	while (pid !== undefined && isAlive(pid) && Date.now() < deadline) await sleep(200);
	removeProcessId(file);
}

/** The process of the real n8n: started, watched, stopped, killed. */
export class N8nProcess {
	private child: ChildProcess | undefined;
	/** It has answered since it was started. */
	private ready = false;
	private readonly logFile: string;
	private readonly pidFile: string;

	/** Called when n8n ends without having been told to. */
	onUnexpectedExit: (words: string) => void = () => {};

	constructor(
		private readonly userFolder: string,
		private readonly logs: string,
		private readonly ports: Ports,
		private readonly settings?: N8nSettings,
	) {
		this.logFile = join(logs, 'n8n.log');
		this.pidFile = pidFileIn(userFolder);
	}

	get processId(): number | undefined {
		return this.child?.pid;
	}

	get url(): string {
		return `http://localhost:${this.ports.n8n}`;
	}

	/** Starts n8n and waits until it answers. The log of the time before is kept as n8n.previous.log. */
	async start(): Promise<void> {
		if (this.child) throw new Error('n8n is running already.');
		mkdirSync(this.logs, { recursive: true });
		if (existsSync(this.logFile)) renameSync(this.logFile, join(this.logs, 'n8n.previous.log'));
		const log = openSync(this.logFile, 'w');
		const child = spawn(nodeForN8n(), ['--require', join(__dirname, 'parent-watch.cjs'), n8nScript, 'start'], {
			cwd: this.userFolder,
			env: n8nEnvironment(this.userFolder, this.ports, this.settings),
			// A group of its own: Ctrl-C in the terminal reaches the launcher only, which then stops things in order.
			detached: true,
			stdio: ['ignore', log, log, 'ipc'],
		});
		closeSync(log);
		if (child.pid) writeProcessId(this.pidFile, child.pid);
		this.child = child;
		this.ready = false;
		child.once('exit', (code, signal) => {
			removeProcessId(this.pidFile);
			if (this.child !== child) return;
			this.child = undefined;
			if (this.ready) this.onUnexpectedExit(`n8n ended by itself (${signal ?? `exit code ${code}`}).\n${this.endOfLog()}`);
		});
		await this.untilReady(child);
		this.ready = true;
	}

	/** Tells n8n to stop and waits for its end; it may finish the executions that are running. */
	async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
		const child = this.release();
		if (!child) return;
		const ended = hasEnded(child);
		child.kill(signal);
		const inTime = await Promise.race([ended.then(() => true), sleep(STOP_WITHIN, false, { ref: false })]);
		if (inTime) return;
		killGroup(child);
		await ended;
	}

	/** Ends n8n and its task runners at once, as a crash or a power cut would. */
	async kill(): Promise<void> {
		const child = this.release();
		if (!child) return;
		const ended = hasEnded(child);
		killGroup(child);
		await ended;
	}

	async restart(): Promise<void> {
		await this.stop();
		await this.start();
	}

	endOfLog(lines = 25): string {
		const text = existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').trimEnd() : '';
		return `The end of its log (${this.logFile}):\n${text.split('\n').slice(-lines).join('\n')}`;
	}

	/** From here on its end is expected. */
	private release(): ChildProcess | undefined {
		const child = this.child;
		this.child = undefined;
		return child;
	}

	private async untilReady(child: ChildProcess): Promise<void> {
		const deadline = Date.now() + START_WITHIN;
		while (Date.now() < deadline) {
			if (child.exitCode !== null || child.signalCode !== null) {
				throw new PlainError(`n8n could not be started.\n${this.endOfLog()}`);
			}
			const ready = await fetch(`http://127.0.0.1:${this.ports.n8n}/healthz/readiness`).then(
				(response) => response.ok,
				() => false,
			);
			if (ready) return;
			await sleep(200);
		}
		await this.kill();
		throw new PlainError(`n8n did not answer within ${START_WITHIN / 1000} s.\n${this.endOfLog()}`);
	}
}

async function hasEnded(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	await new Promise<void>((resolve) => child.once('exit', () => resolve()));
}

function killGroup(child: ChildProcess): void {
	try {
		if (process.platform === 'win32') child.kill('SIGKILL');
		else process.kill(-(child.pid as number), 'SIGKILL');
	} catch {
		// It has ended in the meantime.
	}
}
