import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../sandbox/launcher/layout';
import { connect, N8nAnswerError, type N8nClient } from '../sandbox/launcher/n8n-client';
import { importIntoN8n } from '../sandbox/launcher/n8n-import';
import type { N8nSettings } from '../sandbox/launcher/n8n-program';
import { N8nProcess } from '../sandbox/launcher/n8n-process';
import { credentialTypesByNode, putPackageIntoN8n } from '../sandbox/launcher/package-in-n8n';
import { freePorts } from '../sandbox/launcher/ports';
import { type ImportedCredential, practiceCredentials } from '../sandbox/launcher/practice-credentials';
import { bindCredentials, readTemplates, type Template, withDefaultZendeskUser } from '../sandbox/launcher/templates';
import { PRACTICE_OROCRM_CLIENT_ID, PRACTICE_OROCRM_CLIENT_SECRET } from '../sandbox/orocrm/credentials';
import { Undo } from '../sandbox/launcher/undo';
import { type PracticeOroCrm, startPracticeOroCrm } from '../sandbox/orocrm/server';
import { PRACTICE_API_EMAIL, PRACTICE_API_TOKEN } from '../sandbox/zendesk/credentials';
import { type PracticeZendesk, startPracticeZendesk } from '../sandbox/zendesk/server';
import { type Memory, memoryOf, MemoryWatch } from './memory';
import { addIntegration } from './practice-data';
import { type Traffic, trafficOf } from './traffic';

/** The workflows that are measured: two of the bundled templates, and the one that is built of n8n's own nodes. */
export type Side = 'one-way-sync' | 'two-way-sync' | 'by-hand';

export interface StageOptions {
	side: Side;
	overlay?: boolean;
	zendeskLatency: number;
	orocrmLatency: number;
	/** Megabytes that n8n's own objects may take; undefined: what Node.js allows itself. */
	heap: number | undefined;
}

/** How an n8n process is told to keep its memory small: bounds for its heap and for the part of it where new objects are, and one arena of glibc's instead of eight for each processor. */
export function memorySettings(megabytes: number): N8nSettings {
	return { NODE_OPTIONS: `--max-old-space-size=${megabytes} --max-semi-space-size=4`, MALLOC_ARENA_MAX: '1' };
}

/** What one scenario cost. */
export interface Measure extends Traffic {
	/** Of n8n: before it began, and at most. */
	memoryBefore: Memory;
	memoryPeak: Memory;
	/** Executions that n8n ended with an error. */
	failedRuns: number;
}

/** When a scenario is over: all is there, nothing runs, and nothing has been asked for a while. */
export interface Goal {
	/** Whether both systems hold what they shall. */
	reached: () => boolean;
	/** Executions that must have ended. */
	runs: number;
	/** Paths of which each must have been asked for at least once, for looks that make no execution. */
	asked?: RegExp[];
	/** Milliseconds; default six hours. */
	within?: number;
}

/** Below the range from which systems give ports to outgoing connections. */
const PORTS = { zendesk: 0, orocrm: 0, n8n: 25_141, runners: 25_161 };

/** So long nothing may have been asked, in milliseconds. Longer than the gap between two steps of a run, shorter than between two looks. */
export const QUIET = 4_000;
const WEBHOOK_WITHIN = 30_000;
const BUSY_WITHIN = 300_000;
const SIX_HOURS = 6 * 3_600_000;
/** A change counts at once. The real minute only shifts the start and changes no count. */
export const EXPORT_DELAY_SECONDS = 1;

/** Two practice systems with latency and a real n8n with one workflow between them, in a folder of its own. */
export class Stage {
	private workflowId: string | undefined;
	private workflows = 0;

	private constructor(
		readonly side: Side,
		readonly zendesk: PracticeZendesk,
		readonly orocrm: PracticeOroCrm,
		private readonly n8n: N8nProcess,
		private readonly client: N8nClient,
		private readonly template: Template,
		private readonly undo: Undo,
	) {}

	static async start(options: StageOptions): Promise<Stage> {
		const folder = mkdtempSync(join(tmpdir(), 'zendesk-orocrm-bench-'));
		const undo = new Undo();
		undo.push(() => rmSync(folder, { recursive: true, force: true }));
		try {
			const ports = await freePorts(PORTS);
			const zendesk = await startPracticeZendesk({ port: ports.zendesk, exportDelaySeconds: EXPORT_DELAY_SECONDS });
			undo.push(async () => await zendesk.close());
			const orocrm = await startPracticeOroCrm({ port: ports.orocrm, overlay: options.overlay ?? false });
			undo.push(async () => await orocrm.close());
			zendesk.faults.add({ effect: { kind: 'latency', milliseconds: options.zendeskLatency } });
			orocrm.faults.add({ effect: { kind: 'latency', milliseconds: options.orocrmLatency } });
			addIntegration(orocrm);
			putPackageIntoN8n(folder);
			const credentials = [
				...practiceCredentials(zendesk.url, orocrm.url, options.side === 'two-way-sync'),
				...byHandCredentials(orocrm.url),
			];
			await importIntoN8n('credentials', credentials, folder, ports);
			const n8n = new N8nProcess(folder, join(folder, 'logs'), ports, options.heap === undefined ? {} : memorySettings(options.heap));
			undo.push(async () => await n8n.stop());
			await n8n.start();
			const client = await connect(n8n.url, undefined);
			return new Stage(
				options.side,
				zendesk,
				orocrm,
				n8n,
				client,
				workflowOf(options.side, credentials, zendesk.url, orocrm.url),
				undo,
			);
		} catch (error) {
			await undo.run();
			throw error;
		}
	}

	/** Puts the workflow into n8n as a new one, which knows nothing of the runs of others, and switches it on. */
	async switchOnAnew(): Promise<void> {
		if (this.workflowId) await this.client.deactivate(this.workflowId);
		const { nodes, connections, settings } = this.template;
		this.workflows += 1;
		const name = `${this.template.name} ${this.workflows}`;
		const { id } = await this.client.request<{ id: string }>('POST', '/workflows', {
			name,
			nodes,
			connections,
			settings,
		});
		this.workflowId = id;
		await this.client.activate(id);
	}

	/** Measures from now until the goal is reached. `begin` starts it. */
	async measure(begin: () => Promise<void> | void, goal: Goal): Promise<Measure> {
		const { processId } = this.n8n;
		if (processId === undefined) throw new Error(`n8n has ended.\n${this.n8n.endOfLog()}`);
		const memoryBefore = await memoryOf(processId);
		const endedBefore = this.workflowId ? (await this.executions()).length : 0;
		const workflowBefore = this.workflowId;
		this.zendesk.calls.reset();
		this.orocrm.calls.reset();
		const watch = new MemoryWatch(processId);
		let executions: Execution[] = [];
		try {
			await begin();
			executions = await this.until(goal, () => (this.workflowId === workflowBefore ? endedBefore : 0));
		} finally {
			await watch.stop();
		}
		return {
			...trafficOf({ Zendesk: this.zendesk.calls.all(), OroCRM: this.orocrm.calls.all() }),
			memoryBefore,
			memoryPeak: await watch.stop(),
			failedRuns: executions.filter(({ status }) => status !== 'success').length,
		};
	}

	/** Starts a workflow by hand's run, as its webhook does it. */
	async runByHand(): Promise<void> {
		const deadline = Date.now() + WEBHOOK_WITHIN;
		for (;;) {
			const response = await fetch(`${this.n8n.url}/webhook/sync-by-hand`, { method: 'POST' });
			if (response.ok) return;
			// n8n answers an activation before the webhook is registered.
			if (response.status !== 404 || Date.now() > deadline) {
				throw new Error(`The workflow by hand could not be started: ${response.status} ${await response.text()}`);
			}
			await sleep(200);
		}
	}

	async stop(): Promise<void> {
		await this.undo.run();
	}

	/** @returns the executions since */
	private async until(goal: Goal, endedBefore: () => number): Promise<Execution[]> {
		const deadline = Date.now() + (goal.within ?? SIX_HOURS);
		for (;;) {
			await sleep(1_000);
			const calls = [...this.zendesk.calls.all(), ...this.orocrm.calls.all()];
			const last = Math.max(
				0,
				...this.zendesk.calls.all().slice(-20).map(ended),
				...this.orocrm.calls.all().slice(-20).map(ended),
			);
			const isQuiet = last > 0 && Date.now() - last >= QUIET;
			const wasAsked = (goal.asked ?? []).every((path) => calls.some((call) => path.test(call.path)));
			if (isQuiet && wasAsked && goal.reached()) {
				const executions = await this.executions();
				const since = executions.slice(0, executions.length - endedBefore());
				const atRest = since.every(({ status }) => status !== 'running' && status !== 'new');
				if (atRest && since.length >= goal.runs) return since;
				if (atRest && this.side === 'by-hand' && since.length > 0) await this.runByHand();
			}
			if (Date.now() > deadline) {
				const executions = (await this.executions()).map(({ status }) => status).join(', ');
				throw new Error(
					`The ${this.side} workflow did not come to its end. Its executions: ${executions || 'none'}. Requests: ${calls.length}.\n${this.n8n.endOfLog()}`,
				);
			}
		}
	}

	/** n8n says 503 while it is too busy to hear its own database; it is asked again. */
	private async executions(): Promise<Execution[]> {
		const deadline = Date.now() + BUSY_WITHIN;
		for (;;) {
			try {
				return await this.listExecutions();
			} catch (error) {
				if (!(error instanceof N8nAnswerError) || error.status !== 503 || Date.now() > deadline) throw error;
				await sleep(2_000);
			}
		}
	}

	/** The newest first; n8n lists running ones only when asked for them. */
	private async listExecutions(): Promise<Execution[]> {
		const path = `/executions?workflowId=${this.workflowId}&includeData=false`;
		const lists = await Promise.all([
			this.client.list<Execution>(path),
			this.client.list<Execution>(`${path}&status=running`),
		]);
		const byId = new Map(lists.flat().map((execution) => [String(execution.id), execution]));
		return [...byId.values()].sort((a, b) => Number(b.id) - Number(a.id));
	}
}

interface Execution {
	id: string | number;
	status: string;
}

const ended = (call: { ended: number }): number => call.ended;

/** What the HTTP Request nodes log in with. */
function byHandCredentials(orocrmUrl: string): ImportedCredential[] {
	return [
		{
			id: 'by-hand-zendesk',
			name: 'Zendesk by Basic Auth',
			type: 'httpBasicAuth',
			data: { user: `${PRACTICE_API_EMAIL}/token`, password: PRACTICE_API_TOKEN },
		},
		{
			id: 'by-hand-orocrm',
			name: 'OroCRM by OAuth2',
			type: 'oAuth2Api',
			data: {
				grantType: 'clientCredentials',
				accessTokenUrl: `${orocrmUrl}/oauth2-token`,
				clientId: PRACTICE_OROCRM_CLIENT_ID,
				clientSecret: PRACTICE_OROCRM_CLIENT_SECRET,
				authentication: 'body',
			},
		},
	];
}

function workflowOf(
	side: Side,
	credentials: readonly ImportedCredential[],
	zendeskUrl: string,
	orocrmUrl: string,
): Template {
	return side === 'by-hand' ? byHandWorkflow(zendeskUrl, orocrmUrl) : bundledWorkflow(side, credentials);
}

/** A bundled template as a person sets it up, with the practice credentials among these. */
export function bundledWorkflow(side: Exclude<Side, 'by-hand'>, credentials: readonly ImportedCredential[]): Template {
	const template = readTemplates().find(({ id }) => id === side);
	if (!template) throw new Error(`There is no workflows/${side}.json`);
	const types = credentialTypesByNode();
	const ours = credentials.filter(({ id }) => id.startsWith('practice-'));
	const bindings = Object.fromEntries(ours.map(({ id, name, type }) => [type, { id, name }]));
	return withDefaultZendeskUser(
		bindCredentials(template, bindings, (node) => types.get(node) ?? []),
		PRACTICE_API_EMAIL,
	);
}

/** As a person sets it up: credentials chosen, the two addresses entered. */
function byHandWorkflow(zendeskUrl: string, orocrmUrl: string): Template {
	const template = JSON.parse(readFileSync(join(root, 'bench', 'by-hand', 'one-way-sync.json'), 'utf8')) as Template;
	const addresses: Record<string, string> = { zendesk: zendeskUrl, orocrm: orocrmUrl };
	for (const node of template.nodes) {
		// The bench starts its runs; one by the clock would do the same work a second time beside them.
		if (node.type === 'n8n-nodes-base.scheduleTrigger') node.disabled = true;
		const login = node.parameters?.genericAuthType;
		if (login === 'httpBasicAuth')
			node.credentials = { httpBasicAuth: { id: 'by-hand-zendesk', name: 'Zendesk by Basic Auth' } };
		if (login === 'oAuth2Api') node.credentials = { oAuth2Api: { id: 'by-hand-orocrm', name: 'OroCRM by OAuth2' } };
		if (node.name !== 'Settings') continue;
		const { assignments } = node.parameters?.assignments as { assignments: Array<{ name: string; value: string }> };
		for (const assignment of assignments) assignment.value = addresses[assignment.name];
	}
	return template;
}
