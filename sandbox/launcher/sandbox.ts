import { mkdirSync, rmSync } from 'node:fs';

import { startPracticeOroCrm } from '../orocrm/server';
import { startPracticeZendesk } from '../zendesk/server';
import { type Layout, layoutOf } from './layout';
import { takeLock } from './lock';
import { readMemory, writeMemory } from './memory';
import { connect, type N8nClient } from './n8n-client';
import { N8nContent } from './n8n-content';
import { N8nProcess, untilFormerN8nHasEnded } from './n8n-process';
import type { N8nSettings } from './n8n-program';
import { putPackageIntoN8n } from './package-in-n8n';
import { freePorts, type Ports, usualPorts } from './ports';
import { practiceCredentials } from './practice-credentials';
import { type Progress, silent } from './progress';
import type { Template } from './templates';
import { Undo } from './undo';

type PracticeZendesk = Awaited<ReturnType<typeof startPracticeZendesk>>;
type PracticeOroCrm = Awaited<ReturnType<typeof startPracticeOroCrm>>;

export interface SandboxOptions {
	/** Where everything is kept that survives a restart. */
	dataDir: string;
	/** Wanted ports; 0 stands for any free one. Default: those of the last start, else the usual ones. Taken ones are replaced. */
	ports?: Partial<Ports>;
	/** Throw away what is there and begin anew. */
	reset?: boolean;
	/** Two-way sync instead of one-way sync. */
	twoWay?: boolean;
	/** How old a change must be before Zendesk's export shows it, in seconds. Default: 60, as at Zendesk. */
	exportDelaySeconds?: number;
	/** Further settings of the practice systems, for tests. */
	zendesk?: Partial<Parameters<typeof startPracticeZendesk>[0]>;
	orocrm?: Partial<Parameters<typeof startPracticeOroCrm>[0]>;
	/** Done with the practice systems before n8n starts, for tests. */
	prepare?: (systems: { zendesk: PracticeZendesk; orocrm: PracticeOroCrm }) => Promise<void> | void;
	/** Changes a template before it is imported, for tests. */
	adjust?: (template: Template) => Template;
	/** Further settings of n8n, for tests: for instance the database and the queue that it shares with workers. */
	n8nSettings?: N8nSettings;
	/** Default: shows nothing. */
	progress?: Progress;
}

/** A running sandbox: both practice systems in this process and a real n8n with the built package and the bundled workflows. */
export interface Sandbox {
	zendesk: PracticeZendesk;
	orocrm: PracticeOroCrm;
	n8n: {
		url: string;
		apiKey: string;
		client: N8nClient;
		/** Undefined while it is not running. */
		readonly processId: number | undefined;
		stop: (signal?: NodeJS.Signals) => Promise<void>;
		/** Ends n8n as a crash would (kill -9). */
		kill: () => Promise<void>;
		/** Starts n8n again; one that is running is stopped first. */
		restart: () => Promise<void>;
		endOfLog: () => string;
	};
	ports: Ports;
	/** Settled with n8n's last words when n8n ends without having been told to. */
	n8nDied: Promise<string>;
	/** Stops everything, n8n first. */
	stop: () => Promise<void>;
}

/** Starts a sandbox. sandbox/n8n must be installed and the package built. When a step fails, what was started is stopped again. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
	const progress = options.progress ?? silent;
	const layout = layoutOf(options.dataDir);
	const undo = new Undo();
	const stop = async (): Promise<void> => await undo.run();

	try {
		undo.push(takeLock(layout.lockFile));
		await untilFormerN8nHasEnded(layout.n8nFolder);
		if (options.reset) removeData(layout);
		mkdirSync(layout.n8nFolder, { recursive: true });
		const memory = readMemory(layout.memoryFile);
		const ports = await choosePorts({ ...usualPorts, ...memory.ports, ...options.ports }, progress);
		memory.ports = ports;

		const { zendesk, orocrm } = await progress.step(
			'Starting practice Zendesk and practice OroCRM',
			async () => await startPracticeSystems(options, layout, ports, undo),
		);

		putPackageIntoN8n(layout.n8nFolder);
		const credentials = practiceCredentials(zendesk.url, orocrm.url, options.twoWay ?? false);
		const content = new N8nContent(credentials, options.twoWay ?? false, options.adjust);
		// n8n may have exchanged the ready tokens for others since they were made.
		if (content.willImportCredentials(memory)) zendesk.tokens.addReadyPairs(zendesk.store.account.api_user_id);
		await content.importChanged(memory, layout.n8nFolder, ports, progress, options.n8nSettings);
		writeMemory(layout.memoryFile, memory);

		const n8n = new N8nProcess(layout.n8nFolder, layout.logs, ports, options.n8nSettings);
		const n8nDied = new Promise<string>((resolve) => {
			n8n.onUnexpectedExit = resolve;
		});
		undo.push(async () => await n8n.stop());
		await progress.step('Starting n8n', async () => await n8n.start());
		const client = await connect(n8n.url, memory.apiKey);
		memory.apiKey = client.apiKey;
		await content.activateImported(memory, client, progress);
		writeMemory(layout.memoryFile, memory);

		return {
			zendesk,
			orocrm,
			ports,
			n8nDied,
			stop,
			n8n: {
				url: n8n.url,
				apiKey: client.apiKey,
				client,
				get processId() {
					return n8n.processId;
				},
				stop: async (signal) => await n8n.stop(signal),
				kill: async () => await n8n.kill(),
				restart: async () => await n8n.restart(),
				endOfLog: () => n8n.endOfLog(),
			},
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

/** The logs stay: they say what went wrong before. */
function removeData(layout: Layout): void {
	for (const path of [layout.zendeskFile, layout.orocrmFile, layout.n8nFolder, layout.memoryFile]) {
		rmSync(path, { recursive: true, force: true });
	}
}

async function choosePorts(wanted: Ports, progress: Progress): Promise<Ports> {
	const ports = await freePorts(wanted);
	for (const name of ['zendesk', 'orocrm', 'n8n'] as const) {
		if (wanted[name] === 0 || wanted[name] === ports[name]) continue;
		progress.say(`  Port ${wanted[name]} is in use by another program; port ${ports[name]} is taken instead.`);
	}
	return ports;
}

async function startPracticeSystems(
	options: SandboxOptions,
	layout: Layout,
	ports: Ports,
	undo: Undo,
): Promise<{ zendesk: PracticeZendesk; orocrm: PracticeOroCrm }> {
	const zendesk = await startPracticeZendesk({
		seed: 'showcase',
		dataFile: layout.zendeskFile,
		exportDelaySeconds: options.exportDelaySeconds,
		...options.zendesk,
		port: ports.zendesk,
	});
	undo.push(async () => await zendesk.close());
	const orocrm = await startPracticeOroCrm({
		seed: 'showcase',
		dataFile: layout.orocrmFile,
		...options.orocrm,
		port: ports.orocrm,
	});
	undo.push(async () => await orocrm.close());
	await options.prepare?.({ zendesk, orocrm });
	return { zendesk, orocrm };
}
