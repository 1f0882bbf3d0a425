import './n8n-environment';
import { letPass } from './virtual-time';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Container } from '@n8n/di';
import {
	ExecutionLifecycleHooks,
	InstanceSettings,
	LoadOptionsContext,
	ScheduledTaskManager,
	TriggerContext,
	TriggersAndPollers,
	WorkflowExecute,
} from 'n8n-core';
import { createRunExecutionData, NodeHelpers, Workflow } from 'n8n-workflow';
import type {
	ExecuteWorkflowData,
	IConnections,
	IDataObject,
	IExecuteWorkflowInfo,
	INode,
	INodeExecutionData,
	INodePropertyOptions,
	INodeType,
	INodeTypes,
	IRun,
	ITriggerResponse,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	WorkflowActivateMode,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { GetTicketOrCase } from '../../nodes/GetTicketOrCase/GetTicketOrCase.node';
import { MapTicketToCase } from '../../nodes/MapTicketToCase/MapTicketToCase.node';
import { OroCrmCasesTrigger } from '../../nodes/OroCrmCasesTrigger/OroCrmCasesTrigger.node';
import { PublishCase } from '../../nodes/PublishCase/PublishCase.node';
import { ResolveContactUser } from '../../nodes/ResolveContactUser/ResolveContactUser.node';
import { ZendeskTicketsTrigger } from '../../nodes/ZendeskTicketsTrigger/ZendeskTicketsTrigger.node';
import { BatchFeed } from '../../pipeline/batch-feed';
import type { Pair } from '../../sync/pair';
import { builtInNodes } from './n8n-built-in-nodes';
import type { DataTables } from './n8n-built-in-nodes';
import { TestCredentials } from './n8n-credentials';
import type { CredentialStore } from './n8n-credentials';
import { forgetTurns } from '../../pipeline/alone';

export interface WorkflowJson {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowBase['settings'];
}

export const TRIGGER = 'Zendesk Tickets Trigger';
export const ORO_TRIGGER = 'OroCRM Cases Trigger';
export const MAP = 'Map Ticket to Case';
export const RESOLVE = 'Resolve Contact/User';
export const PUBLISH = 'Publish Case';
export const FAILED_ITEMS = 'zendesk orocrm failures';
export const CALLED = 'Called by the Retry Workflow';

export type TemplateName = 'one-way-sync' | 'two-way-sync' | 'publish-a-case' | 'retry-failed-items';

/** A bundled template, from its file. */
export function templateFile(name: TemplateName): WorkflowJson {
	return JSON.parse(readFileSync(join(__dirname, `../../workflows/${name}.json`), 'utf8')) as WorkflowJson;
}

const PACKAGE = 'n8n-nodes-zendesk-orocrm';
const OURS: INodeType[] = [
	new ZendeskTicketsTrigger(),
	new OroCrmCasesTrigger(),
	new GetTicketOrCase(),
	new MapTicketToCase(),
	new ResolveContactUser(),
	new PublishCase(),
];

class TestNodeTypes implements INodeTypes {
	private readonly types: Record<string, INodeType>;

	constructor(tables: DataTables) {
		this.types = {
			...Object.fromEntries(OURS.map((type) => [`${PACKAGE}.${type.description.name}`, type])),
			...builtInNodes(tables),
		};
	}

	getByName(name: string): INodeType {
		const type = this.types[name];
		if (!type) throw new Error(`There is no node type ${name}`);
		return type;
	}

	getByNameAndVersion(name: string, version?: number): INodeType {
		return NodeHelpers.getVersionedNodeType(this.getByName(name), version);
	}

	getKnownTypes(): IDataObject {
		return {};
	}
}

/** So long after the last look the next one is due, whatever the trigger's interval and Zendesk's held-back minute. */
const NEXT_LOOK = 2 * 60_000;

/** Looks under way, of all feeds: a tick doesn't wait for its look, but a test does. */
const looks = new Set<Promise<void>>();
const realTick = BatchFeed.prototype.tick;
BatchFeed.prototype.tick = function (this: BatchFeed<unknown>): Promise<void> {
	const look = realTick.call(this).finally(() => looks.delete(look));
	looks.add(look);
	return look;
};

let lastWorkflow = 0;
let executions = 0;

/**
 * An n8n with one workflow, run by n8n-core in this process. What n8n keeps in its database (static data, credentials, data
 * tables) is here, saved at the moments at which n8n saves it (n8n.md §1), so that a restart can be played.
 */
export class TestN8n {
	/** Ended runs of the activated workflow, in their order. */
	readonly runs: IRun[] = [];
	/** Failed executions that the trigger reported by itself. */
	readonly reports: Error[] = [];
	/** The workflow's static data as n8n's database has it. */
	database: IDataObject = {};
	/** Runs that another workflow called. */
	readonly called: IRun[] = [];
	private readonly nodeTypes: TestNodeTypes;
	/** What the triggers gave back when the workflow was switched on. */
	private active: Array<ITriggerResponse | undefined> | undefined;
	readonly id = `workflow-${++lastWorkflow}`;
	/** Counts lives: a killed n8n neither saves nor hears anything more. */
	private life = 0;

	constructor(
		readonly json: WorkflowJson,
		readonly credentials: CredentialStore,
		/** Shared by the workflows of one n8n. */
		readonly tables: DataTables = new Map(),
		/** The workflows that this one may call, when they are switched on. */
		private readonly callable: readonly TestN8n[] = [],
	) {
		this.nodeTypes = new TestNodeTypes(tables);
		(Container.get(InstanceSettings) as unknown as { markAsLeader(): void }).markAsLeader();
	}

	node(name: string): INode {
		const node = this.json.nodes.find((candidate) => candidate.name === name);
		if (!node) throw new Error(`The workflow has no node "${name}"`);
		return node;
	}

	/**
	 * Switches the workflow on: its triggers run for real and register with n8n's scheduler. Throws what they throw. They share one
	 * object of static data, as in n8n when all of them are registered at once.
	 */
	async activate(mode: WorkflowActivateMode = 'activate', byTheClock = false): Promise<void> {
		const workflow = this.workflow();
		const responses = [];
		for (const trigger of this.triggers()) responses.push(await this.startTrigger(workflow, trigger, 'trigger', mode));
		this.active = responses;
		// A test's looks come at its own moments, as a rule.
		if (!byTheClock) for (const job of this.jobs()) void job.stop();
		this.save(workflow);
	}

	/** A trigger that is added while the others go on: it gets an object of static data of its own, from the database (n8n.md §1). */
	async activateAlso(trigger: string): Promise<void> {
		const workflow = this.workflow();
		this.active?.push(await this.startTrigger(workflow, trigger, 'trigger', 'update'));
		for (const job of this.jobs(trigger)) void job.stop();
		this.save(workflow);
	}

	/** What a node offers in one of its lists. */
	async listed(name: string, method: string): Promise<INodePropertyOptions[]> {
		const workflow = this.workflow();
		const node = workflow.getNode(name) as INode;
		const load = this.nodeTypes.getByNameAndVersion(node.type).methods?.loadOptions?.[method];
		if (!load) throw new Error(`${name} has no list ${method}`);
		return await load.call(new LoadOptionsContext(workflow, node, this.additional(workflow, 'internal'), ''));
	}

	/** Waits until the next look is due, makes it, and waits for its runs. Gives back the runs that it made. `trigger`: only this one looks. */
	async look(after = NEXT_LOOK, trigger?: string): Promise<IRun[]> {
		const before = this.runs.length;
		this.tick(after, trigger);
		await this.idle();
		return this.runs.slice(before);
	}

	/** The next tick of n8n's scheduler, without waiting for what it starts. */
	tick(after = NEXT_LOOK, trigger?: string): void {
		letPass(after);
		for (const job of this.jobs(trigger)) void job.fireOnTick();
	}

	async idle(): Promise<void> {
		while (looks.size > 0) await Promise.all(looks);
	}

	/** Switches the workflow off, as a shutdown does: n8n saves nothing then (n8n.md §1). */
	async deactivate(): Promise<void> {
		for (const response of this.active ?? []) await response?.closeFunction?.();
		this.stopJobs();
		this.active = undefined;
	}

	/** A stop and a start of n8n. */
	async restart(): Promise<void> {
		await this.deactivate();
		await this.activate('init');
	}

	/** kill -9: what ran is forgotten in the middle, nothing is saved, the trigger is not told. */
	kill(): void {
		forgetTurns();
		this.life += 1;
		this.stopJobs();
		this.active = undefined;
		looks.clear();
	}

	/** "Execute workflow" in the editor. Static data is not saved then. */
	async runByHand(trigger = TRIGGER): Promise<IRun> {
		const workflow = this.workflow();
		const response = await this.startTrigger(workflow, trigger, 'manual', 'manual');
		const [data] = (await Promise.all([response?.manualTriggerResponse, response?.manualTriggerFunction?.()])) as [
			INodeExecutionData[][],
			unknown,
		];
		return await this.run(trigger, data[0], 'manual');
	}

	/** Runs the workflow as if `start` had given out these items. */
	async run(
		start: string,
		items: INodeExecutionData[],
		mode: WorkflowExecuteMode = 'trigger',
		workflow = this.workflow(),
	): Promise<IRun> {
		const node = workflow.getNode(start) as INode;
		const data = createRunExecutionData({
			executionData: { nodeExecutionStack: [{ node, data: { main: [items] }, source: null }] },
		});
		return await new WorkflowExecute(this.additional(workflow, mode), mode, data).processRunExecutionData(workflow);
	}

	/** What n8n does for a workflow that calls this one: it runs from its trigger for that, and what its last node gave out goes back. */
	private async answerCall(items: INodeExecutionData[]): Promise<ExecuteWorkflowData> {
		// n8n 2.41.1 runs only published workflows.
		if (!this.active) throw new Error('Workflow is not active and cannot be executed.');
		const run = await this.run(CALLED, items, 'integrated');
		this.called.push(run);
		const { error, lastNodeExecuted, runData } = run.data.resultData;
		if (error) throw error;
		return { executionId: '2', data: [runData[lastNodeExecuted ?? CALLED]?.at(-1)?.data?.main[0] ?? []] };
	}

	/** Where the trigger would begin after a restart, as n8n's database has it. */
	savedPosition(trigger = TRIGGER): unknown {
		return positionIn((this.database.global as IDataObject | undefined)?.[`feed ${this.node(trigger).id}`]);
	}

	/** Rows of the failed-items table. */
	failedItems(): IDataObject[] {
		return this.tables.get(FAILED_ITEMS) ?? [];
	}

	private workflow(): Workflow {
		const { name, nodes, connections, settings } = structuredClone(this.json);
		return new Workflow({
			id: this.id,
			name,
			nodes,
			connections,
			active: true,
			nodeTypes: this.nodeTypes,
			staticData: structuredClone(this.database),
			settings,
		});
	}

	/** The names of our triggers. */
	private triggers(): string[] {
		return this.json.nodes.filter((node) => node.type.startsWith(PACKAGE) && /Trigger$/.test(node.type)).map((node) => node.name);
	}

	private async startTrigger(
		workflow: Workflow,
		trigger: string,
		mode: WorkflowExecuteMode,
		activation: WorkflowActivateMode,
	): Promise<ITriggerResponse | undefined> {
		const node = workflow.getNode(trigger) as INode;
		const additional = this.additional(workflow, mode);
		const { life } = this;
		const alive = () => life === this.life;
		const emit: ConstructorParameters<typeof TriggerContext>[5] = (data, _response, done) => {
			this.save(workflow);
			void this.run(trigger, data[0]).then(
				(run) => {
					if (!alive()) return;
					this.runs.push(run);
					done?.resolve(run);
				},
				(error: Error) => alive() && done?.reject(error),
			);
		};
		const fail = (error: Error) => void (alive() && this.reports.push(error));
		const context = () =>
			new TriggerContext(workflow, node, additional, mode, activation, emit, fail as never, fail as never);
		return await Container.get(TriggersAndPollers).runTriggerFunction(
			workflow,
			node,
			context as never,
			additional,
			mode,
			activation,
		);
	}

	/** As n8n: only when the static data say that they were changed. */
	private save(workflow: Workflow): void {
		if (workflow.staticData.__dataChanged !== true) return;
		this.database = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
		workflow.staticData.__dataChanged = false;
	}

	/** What is registered with n8n's scheduler, for one trigger or for all. */
	private jobs(trigger?: string): Array<{ stop(): unknown; fireOnTick(): unknown }> {
		const manager = Container.get(ScheduledTaskManager) as unknown as {
			getGroupCrons(group: object): Map<string, { job: never; ctx: { targetId: string } }> | undefined;
		};
		const id = trigger === undefined ? undefined : this.node(trigger).id;
		return [...(manager.getGroupCrons({ type: 'workflow', id: this.id })?.values() ?? [])]
			.filter(({ ctx }) => id === undefined || ctx.targetId === id)
			.map(({ job }) => job);
	}

	private stopJobs(): void {
		Container.get(ScheduledTaskManager).deregisterGroup({ type: 'workflow', id: this.id } as never);
	}

	private additional(workflow: Workflow, mode: WorkflowExecuteMode): IWorkflowExecuteAdditionalData {
		const data = {
			id: workflow.id,
			name: workflow.name,
			active: true,
			isArchived: false,
			createdAt: new Date(),
			updatedAt: new Date(),
			nodes: Object.values(workflow.nodes),
			connections: workflow.connectionsBySourceNode,
			activeVersionId: null,
		} as unknown as IWorkflowBase;
		return {
			credentialsHelper: new TestCredentials(this.credentials),
			hooks: new ExecutionLifecycleHooks(mode, '1', data),
			currentNodeExecutionIndex: 0,
			executionId: String(++executions),
			variables: {},
			restApiUrl: '',
			instanceBaseUrl: '',
			formBaseUrl: '',
			formWaitingBaseUrl: 'http://localhost/form-waiting',
			formTestBaseUrl: '',
			webhookBaseUrl: '',
			webhookWaitingBaseUrl: 'http://localhost/webhook-waiting',
			webhookTestBaseUrl: '',
			mcpBaseUrl: '',
			mcpTestBaseUrl: '',
			logAiEvent: () => {},
			setExecutionStatus: () => {},
			executeWorkflow: async ({ id }: IExecuteWorkflowInfo, _: unknown, { inputData }: { inputData?: INodeExecutionData[] }) => {
				const callee = this.callable.find((one) => one.id === id);
				if (!callee) throw new Error('Workflow does not exist.');
				return await callee.answerCall(inputData ?? []);
			},
			externalSecretsProxy: { hasProvider: () => false },
		} as unknown as IWorkflowExecuteAdditionalData;
	}
}

/** The first `position` in a tree of static data. */
function positionIn(data: unknown): unknown {
	if (typeof data !== 'object' || data === null) return undefined;
	if ('position' in data) return data.position;
	return Object.values(data)
		.map(positionIn)
		.find((position) => position !== undefined);
}

/** What a node gave out on one of its outputs, over all its executions of a run. */
export function itemsOf(run: IRun, node: string, output = 0): INodeExecutionData[] {
	return (run.data.resultData.runData[node] ?? []).flatMap((task) => task.data?.main[output] ?? []);
}

/** The pairs that Publish gave out. */
export function published(run: IRun): Array<Required<Pair>> {
	return itemsOf(run, PUBLISH).map((item) => item.json as unknown as Required<Pair>);
}

/** What a failed run tells: its message, and the description where there is one. */
export function words(run: IRun): string {
	const error = run.data.resultData.error;
	return [error?.message, error?.description].filter(Boolean).join(' | ');
}
