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

export type DataTables = Map<string, IDataObject[]>;

/** Makes tables, puts rows into them, finds and deletes them, in memory. Columns must be there, as in n8n. */
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
	]);

	private readonly columns = new Map<string, string[]>();

	constructor(tables: DataTables) {
		const { columns } = this;
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
			return rows.filter(matches);
		case 'deleteRows': {
			const gone = rows.filter(matches);
			tables.set(
				name,
				rows.filter((row) => !gone.includes(row)),
			);
			return gone;
		}
		case 'upsert': {
			const { value } = read<{ value: IDataObject }>('columns');
			for (const column of Object.keys(value)) known(column);
			const row = rows.find(matches);
			if (row) return [Object.assign(row, value)];
			const added = { id: rows.length + 1, ...value };
			rows.push(added);
			return [added];
		}
		default:
			throw new NodeOperationError(context.getNode(), `This stand-in can't ${String(read('operation'))}`);
	}
}

interface Condition {
	keyName: string;
	condition: string;
	keyValue: unknown;
}

/** Numbers and ISO dates in UTC compare as they are written, once both are of one kind. */
function holds({ keyName, condition, keyValue }: Condition, row: IDataObject): boolean {
	const present = row[keyName];
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
		'n8n-nodes-base.set': new EditFields(),
		'n8n-nodes-base.formTrigger': new FormTrigger(),
		'n8n-nodes-base.form': new Form(),
	};
}
