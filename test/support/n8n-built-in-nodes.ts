import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, ITriggerResponse } from 'n8n-workflow';
import { Form, FormTrigger } from './n8n-form-nodes';
import { described, json, text } from './n8n-node-description';

/** Stand-ins for n8n's built-in nodes, as far as the templates use them. The real ones are covered by the end-to-end tests. */

class NoOp implements INodeType {
	description = described('noOp', 1, []);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	}
}

class StickyNote implements INodeType {
	description = { ...described('stickyNote', 0, [text('content')]), inputs: [] };
}

/** Its conditions are n8n's own: a parameter of the type `filter` is evaluated by n8n-workflow. */
class If implements INodeType {
	description = described('if', 2, [
		{
			displayName: 'Conditions',
			name: 'conditions',
			type: 'filter',
			default: {},
			typeOptions: { filter: { caseSensitive: true, typeValidation: 'loose', version: 2 } },
		},
		json('options'),
	]);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const outputs: INodeExecutionData[][] = [[], []];
		for (const [index, item] of this.getInputData().entries()) {
			const passes = this.getNodeParameter('conditions', index, false, { extractValue: true });
			outputs[passes ? 0 : 1].push({ ...item, pairedItem: item.pairedItem ?? { item: index } });
		}
		return outputs;
	}
}

/** Registers nothing: a test starts its lane itself. */
class ScheduleTrigger implements INodeType {
	description = { ...described('scheduleTrigger', 1, [json('rule')]), group: ['trigger'] as never, inputs: [] };

	async trigger(): Promise<ITriggerResponse> {
		return {};
	}
}

class StopAndError implements INodeType {
	description = described('stopAndError', 0, [text('errorMessage')]);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		throw new NodeOperationError(this.getNode(), String(this.getNodeParameter('errorMessage', 0)));
	}
}

/** One item for each value of a field: the first one. */
class RemoveDuplicates implements INodeType {
	description = described('removeDuplicates', 1, [text('compare'), text('fieldsToCompare'), json('options')]);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const field = String(this.getNodeParameter('fieldsToCompare', 0));
		const seen = new Set<unknown>();
		return [
			this.getInputData().flatMap((item, index) => {
				if (seen.has(item.json[field])) return [];
				seen.add(item.json[field]);
				return [{ ...item, pairedItem: { item: index } }];
			}),
		];
	}
}

/** Runs another workflow once for each item, and waits for it. What fails is an item with only `error`, as in n8n from version 1.3 of the node. */
class ExecuteWorkflow implements INodeType {
	description = described('executeWorkflow', 1, [text('source'), text('mode'), json('workflowId'), json('options')]);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const result: INodeExecutionData[] = [];
		for (const [index, item] of this.getInputData().entries()) {
			const { value } = this.getNodeParameter('workflowId', index) as { value: string };
			try {
				const { data } = await this.executeWorkflow({ id: value }, [item], undefined, { executionMode: this.getMode() });
				result.push(...(data?.[0] ?? []).map((one) => ({ json: one.json, pairedItem: { item: index } })));
			} catch (error) {
				if (!this.continueOnFail()) throw error;
				result.push({ json: { error: (error as Error).message }, pairedItem: { item: index } });
			}
		}
		return [result];
	}
}

/** Gives out what the calling workflow sent. */
class ExecuteWorkflowTrigger implements INodeType {
	description = { ...described('executeWorkflowTrigger', 1, [text('inputSource')]), group: ['trigger'] as never, inputs: [] };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	}
}

export type DataTables = Map<string, IDataObject[]>;

/** The tables' columns: workflows of one n8n share both. */
const columnsOf = new WeakMap<DataTables, Map<string, string[]>>();

/** Makes tables, puts rows into them, finds, changes and deletes them, in memory. Columns must be there, as in n8n. */
class DataTable implements INodeType {
	description = described('dataTable', 1, [
		text('resource'),
		text('operation'),
		text('tableName'),
		text('matchType'),
		json('dataTableId'),
		json('columns'),
		json('filters'),
		json('options'),
		{ displayName: 'returnAll', name: 'returnAll', type: 'boolean', default: false },
		{ displayName: 'limit', name: 'limit', type: 'number', default: 50 },
		{ displayName: 'orderBy', name: 'orderBy', type: 'boolean', default: false },
		text('orderByColumn'),
		text('orderByDirection'),
	]);

	constructor(tables: DataTables) {
		const columns = columnsOf.get(tables) ?? new Map<string, string[]>();
		columnsOf.set(tables, columns);
		this.execute = async function (this: IExecuteFunctions) {
			const items = this.getInputData().flatMap((_, index) =>
				workOn(this, index, tables, columns).map((json) => ({ json, pairedItem: { item: index } })),
			);
			return [items];
		};
	}

	execute: (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>;
}

function workOn(
	context: IExecuteFunctions,
	index: number,
	tables: DataTables,
	columns: Map<string, string[]>,
): IDataObject[] {
	const read = <T>(name: string) => context.getNodeParameter(name, index) as T;
	if (read('resource') === 'table') {
		const name = read<string>('tableName');
		if (!tables.has(name)) {
			tables.set(name, []);
			columns.set(
				name,
				read<{ column: Array<{ name: string }> }>('columns').column.map((column) => column.name),
			);
		} else if (!read<{ createIfNotExists?: boolean }>('options').createIfNotExists) {
			throw new NodeOperationError(context.getNode(), `There is a table "${name}" already`);
		}
		return [{ name }];
	}
	const name = read<{ value: string }>('dataTableId').value.toLowerCase();
	const rows = tables.get(name);
	if (!rows) throw new NodeOperationError(context.getNode(), `There is no table "${name}"`);
	const { conditions } = read<{ conditions: Condition[] }>('filters');
	const known = (column: string) => {
		if (!columns.get(name)?.includes(column))
			throw new NodeOperationError(context.getNode(), `The table has no column ${column}`);
	};
	for (const { keyName } of conditions) known(keyName);
	const all = read('matchType') === 'allConditions';
	const matches = (row: IDataObject) =>
		all ? conditions.every((one) => holds(one, row)) : conditions.some((one) => holds(one, row));
	switch (read('operation')) {
		case 'get':
			return wanted(context, index, rows.filter(matches));
		case 'deleteRows': {
			const gone = rows.filter(matches);
			tables.set(
				name,
				rows.filter((row) => !gone.includes(row)),
			);
			return gone;
		}
		case 'update':
		case 'upsert': {
			const { value } = read<{ value: IDataObject }>('columns');
			for (const column of Object.keys(value)) known(column);
			const found = rows.filter(matches);
			for (const row of found) Object.assign(row, value);
			if (found.length > 0 || read('operation') === 'update') return structuredClone(found);
			const added = { id: rows.length + 1, ...Object.fromEntries((columns.get(name) ?? []).map((column) => [column, null])), ...value };
			rows.push(added);
			return [structuredClone(added)];
		}
		default:
			throw new NodeOperationError(context.getNode(), `This stand-in can't ${String(read('operation'))}`);
	}
}

/** The rows in the order and number that a node asks for. */
function wanted(context: IExecuteFunctions, index: number, rows: IDataObject[]): IDataObject[] {
	const read = (name: string, otherwise: unknown): unknown => context.getNodeParameter(name, index, otherwise as string);
	const column = String(read('orderByColumn', ''));
	const sign = read('orderByDirection', 'DESC') === 'ASC' ? 1 : -1;
	const sorted = read('orderBy', false) ? [...rows].sort((a, b) => (String(a[column]) < String(b[column]) ? -sign : sign)) : rows;
	return structuredClone(read('returnAll', false) ? sorted : sorted.slice(0, Number(read('limit', 50))));
}

interface Condition {
	keyName: string;
	condition: string;
	keyValue: unknown;
}

/** Numbers and ISO dates in UTC compare as they are written, once both are of one kind. */
function holds({ keyName, condition, keyValue }: Condition, row: IDataObject): boolean {
	const present = row[keyName];
	// As in SQL: nothing is equal to or less than an empty cell.
	if (present === null || present === undefined) return false;
	const wanted = typeof present === 'number' ? Number(keyValue) : keyValue;
	const [a, b] =
		typeof present === 'string' && !Number.isNaN(Date.parse(present))
			? [Date.parse(present), Date.parse(String(wanted))]
			: [present as number, wanted as number];
	if (condition === 'eq') return present === wanted;
	if (condition === 'lt') return a < b;
	if (condition === 'lte') return a <= b;
	throw new Error(`This stand-in has no condition ${condition}`);
}

/** Sets fields of each item by path, as n8n's Edit Fields node does, by its own `assignments` or shorter: `{ "mapped.case.priority": "low" }`. Values may be expressions. */
class EditFields implements INodeType {
	description = described('set', 1, [
		json('fields'),
		json('assignments'),
		{ displayName: 'includeOtherFields', name: 'includeOtherFields', type: 'boolean', default: true },
	]);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [
			this.getInputData().map((item, index) => {
				const keeps = this.getNodeParameter('includeOtherFields', index) as boolean;
				const copy = keeps ? structuredClone(item.json) : {};
				for (const [path, value] of Object.entries(this.getNodeParameter('fields', index, {}) as IDataObject))
					put(copy, path.split('.'), value);
				const { assignments = [] } = this.getNodeParameter('assignments', index, {}) as {
					assignments?: Array<{ name: string; value: IDataObject }>;
				};
				for (const { name, value } of assignments) put(copy, name.split('.'), value);
				return { json: copy, pairedItem: { item: index } };
			}),
		];
	}
}

function put(target: IDataObject, [first, ...rest]: string[], value: unknown): void {
	if (rest.length === 0) target[first] = value as IDataObject;
	else put((target[first] ??= {}) as IDataObject, rest, value);
}

export function builtInNodes(tables: DataTables): Record<string, INodeType> {
	return {
		'n8n-nodes-base.noOp': new NoOp(),
		'n8n-nodes-base.stickyNote': new StickyNote(),
		'n8n-nodes-base.scheduleTrigger': new ScheduleTrigger(),
		'n8n-nodes-base.if': new If(),
		'n8n-nodes-base.stopAndError': new StopAndError(),
		'n8n-nodes-base.dataTable': new DataTable(tables),
		'n8n-nodes-base.removeDuplicates': new RemoveDuplicates(),
		'n8n-nodes-base.executeWorkflow': new ExecuteWorkflow(),
		'n8n-nodes-base.executeWorkflowTrigger': new ExecuteWorkflowTrigger(),
		'n8n-nodes-base.set': new EditFields(),
		'n8n-nodes-base.formTrigger': new FormTrigger(),
		'n8n-nodes-base.form': new Form(),
	};
}
