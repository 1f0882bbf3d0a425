import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from '../sandbox/common/call-log';
import { connect, type N8nClient } from '../sandbox/launcher/n8n-client';
import { importIntoN8n } from '../sandbox/launcher/n8n-import';
import { N8nProcess } from '../sandbox/launcher/n8n-process';
import { N8nWorker } from '../sandbox/launcher/n8n-worker';
import { putPackageIntoN8n } from '../sandbox/launcher/package-in-n8n';
import { freePorts } from '../sandbox/launcher/ports';
import { practiceCredentials } from '../sandbox/launcher/practice-credentials';
import { type QueueServers, queueSettings } from '../sandbox/launcher/queue-mode';
import { Undo } from '../sandbox/launcher/undo';
import { type PracticeOroCrm, startPracticeOroCrm } from '../sandbox/orocrm/server';
import { type PracticeZendesk, startPracticeZendesk } from '../sandbox/zendesk/server';
import { memoryOf, MemoryWatch } from './memory';
import { addIntegration } from './practice-data';
import { bundledWorkflow, EXPORT_DELAY_SECONDS, type Measure, memorySettings, QUIET } from './stage';
import { trafficOf } from './traffic';

export interface ScaleOutOptions {
	/** n8n's worker processes. */
	workers: number;
	/** Zendesk accounts, each with a workflow of its own. */
	accounts: number;
	zendeskLatency: number;
	orocrmLatency: number;
	/** Megabytes that the objects of each n8n process may take. */
	heap: number;
}

/** Of n8n's main process. Below the range from which systems give ports to outgoing connections, and apart from those of other parts. */
const PORTS = { zendesk: 0, orocrm: 0, n8n: 25_241, runners: 25_261 };
/** Runs that one worker has at a time: n8n's default is 10. */
const CONCURRENCY = 10;
const WITHIN = 3_600_000;

/** Several practice Zendesks, one practice OroCRM, and n8n in queue mode with one workflow for each account. */
export class ScaleOutStage {
	private readonly workflows: string[] = [];

	private constructor(
		readonly zendesks: readonly PracticeZendesk[],
		readonly orocrm: PracticeOroCrm,
		private readonly processIds: readonly number[],
		private readonly client: N8nClient,
		private readonly undo: Undo,
	) {}

	static async start(options: ScaleOutOptions, servers: QueueServers): Promise<ScaleOutStage> {
		const folder = mkdtempSync(join(tmpdir(), 'zendesk-orocrm-bench-'));
		const undo = new Undo();
		undo.push(() => rmSync(folder, { recursive: true, force: true }));
		try {
			const orocrm = await startPracticeOroCrm({ port: 0 });
			undo.push(async () => await orocrm.close());
			orocrm.faults.add({ effect: { kind: 'latency', milliseconds: options.orocrmLatency } });
			// Numbers of tickets, comments and users are those of one account: each has an integration of its own.
			const integrations = Array.from({ length: options.accounts }, (_, account) => addIntegration(orocrm, `Account ${account + 1}`));
			const zendesks: PracticeZendesk[] = [];
			for (let account = 0; account < options.accounts; account += 1) {
				const zendesk = await startPracticeZendesk({
					port: 0,
					// Tickets say by their addresses which account they are of.
					subdomainUrl: `https://account-${account + 1}.zendesk.com`,
					exportDelaySeconds: EXPORT_DELAY_SECONDS,
				});
				undo.push(async () => await zendesk.close());
				zendesk.faults.add({ effect: { kind: 'latency', milliseconds: options.zendeskLatency } });
				zendesks.push(zendesk);
			}
			const settings = { ...queueSettings(servers), ...memorySettings(options.heap) };
			const ports = await freePorts(PORTS);
			putPackageIntoN8n(folder);
			const credentials = zendesks.map((zendesk, account) =>
				practiceCredentials(zendesk.url, orocrm.url, false).map((credential) => ({ ...credential, id: `${credential.id}-${account}` })),
			);
			await importIntoN8n('credentials', credentials.flat(), folder, ports, settings);
			const main = new N8nProcess(folder, join(folder, 'logs'), ports, settings);
			undo.push(async () => await main.stop());
			await main.start();
			const workers = Array.from({ length: options.workers }, (_, place) => {
				const workerPorts = { n8n: PORTS.n8n + 100 + place, runners: PORTS.runners + 100 + place };
				return new N8nWorker(`worker ${place + 1}`, join(folder, `worker-${place + 1}`), workerPorts, settings, CONCURRENCY);
			});
			for (const worker of workers) {
				undo.push(async () => await worker.stop());
				await worker.start();
			}
			const client = await connect(main.url, undefined);
			const processIds = [main, ...workers].flatMap(({ processId }) => processId ?? []);
			const stage = new ScaleOutStage(zendesks, orocrm, processIds, client, undo);
			for (const [account, own] of credentials.entries()) {
				const { name, nodes, connections, settings: workflowSettings } = bundledWorkflow('one-way-sync', own);
				for (const { parameters } of nodes) if (parameters?.integration) parameters.integration = { __rl: true, mode: 'id', value: integrations[account] };
				const workflow = { name: `${name} ${account + 1}`, nodes, connections, settings: workflowSettings };
				stage.workflows.push((await client.request<{ id: string }>('POST', '/workflows', workflow)).id);
			}
			return stage;
		} catch (error) {
			await undo.run();
			throw error;
		}
	}

	/** Switches all workflows on and measures until OroCRM holds it all and nobody asks any more. Memory is that of all n8n processes together. */
	async measure(reached: () => boolean): Promise<Measure> {
		const memoryBefore = await memoryOf(...this.processIds);
		for (const server of [...this.zendesks, this.orocrm]) server.calls.reset();
		const watch = new MemoryWatch(...this.processIds);
		try {
			await Promise.all(this.workflows.map(async (id) => await this.client.activate(id)));
			const deadline = Date.now() + WITHIN;
			while (!reached() || Date.now() - this.lastAnswer() < QUIET) {
				if (Date.now() > deadline) throw new Error(`The workflows did not come to their end: ${this.orocrm.store.count('cases')} cases.`);
				await sleep(1_000);
			}
		} finally {
			await watch.stop();
		}
		// Looks that find nothing go on all the time: what counts ends with the last write.
		const writes = this.orocrm.calls.all().filter(({ method }) => method !== 'GET');
		const end = Math.max(...writes.map(({ ended }) => ended));
		const until = (calls: readonly Call[]): Call[] => calls.filter(({ began }) => began <= end);
		const failed = await Promise.all(this.workflows.map(async (id) => await this.client.list(`/executions?workflowId=${id}&status=error&includeData=false`)));
		return {
			...trafficOf({ Zendesk: this.zendesks.flatMap(({ calls }) => until(calls.all())), OroCRM: until(this.orocrm.calls.all()) }),
			memoryBefore,
			memoryPeak: await watch.stop(),
			failedRuns: failed.flat().length,
		};
	}

	async stop(): Promise<void> {
		await this.undo.run();
	}

	private lastAnswer(): number {
		return Math.max(0, ...this.orocrm.calls.all().slice(-20).map(({ ended }) => ended));
	}
}
