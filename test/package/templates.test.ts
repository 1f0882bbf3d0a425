import { basename, join } from 'node:path';
import { readdirSync, readFileSync } from 'node:fs';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { packageJson, root } from './packed';

interface TemplateNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id?: string | null }>;
	webhookId?: string;
	onError?: string;
}

interface Template {
	name: string;
	nodes: TemplateNode[];
	connections: Record<string, Record<string, Array<Array<{ node: string }> | null>>>;
	active: boolean;
	pinData?: object;
	staticData?: unknown;
}

const folder = join(root, 'workflows');
const templates = readdirSync(folder)
	.filter((file) => file.endsWith('.json'))
	.map((file) => ({ file, template: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Template }));

/** The descriptions of this package's nodes, by the type that n8n knows them by. */
const descriptions = new Map<string, INodeTypeDescription>(
	packageJson.n8n.nodes.map((path) => {
		const source = path.replace(/^dist\//, '').replace(/\.js$/, '.ts');
		// eslint-disable-next-line @typescript-eslint/no-require-imports -- known by name at run time only
		const module = require(join(root, source)) as Record<string, new () => INodeType>;
		const { description } = new module[basename(source, '.node.ts')]();
		return [`${packageJson.name}.${description.name}`, description];
	}),
);

test('there are these templates', () => {
	expect(templates.map(({ file }) => file)).toEqual(['one-way-sync.json', 'publish-a-case.json', 'retry-failed-items.json', 'two-way-sync.json']);
});

test('no id stands in two templates', () => {
	const ids = templates.flatMap(({ template }) => template.nodes.flatMap((node) => [node.id, ...(node.webhookId ? [node.webhookId] : [])]));
	expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
	expect(ids.filter((id) => !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))).toEqual([]);
});

describe.each(templates)('workflows/$file', ({ template }) => {
	const names = template.nodes.map((node) => node.name);
	const ours = template.nodes.filter((node) => descriptions.has(node.type));

	test("uses only this package's nodes and n8n's own", () => {
		const foreign = template.nodes
			.map((node) => node.type)
			.filter((type) => !descriptions.has(type) && !/^n8n-nodes-base\.[A-Za-z0-9]+$/.test(type));
		expect(foreign).toEqual([]);
	});

	test('no node of ours has a parameter that it does not know', () => {
		for (const node of ours) {
			const description = descriptions.get(node.type) as INodeTypeDescription;
			expect([description.version].flat()).toContain(node.typeVersion);
			expect({ node: node.name, unknown: unknownIn(node.parameters, description.properties) }).toEqual({ node: node.name, unknown: [] });
		}
	});

	test('connects only nodes that are in it, each with a name of its own', () => {
		expect(new Set(names).size).toBe(names.length);
		const ends = Object.entries(template.connections).flatMap(([from, outputs]) => [from, ...linksOf(outputs)]);
		expect(ends.filter((name) => !names.includes(name))).toEqual([]);
	});

	test('every node stands in the flow, and no error output leads nowhere', () => {
		const reached = Object.values(template.connections).flatMap(linksOf);
		const isTrigger = (node: TemplateNode) => /trigger$/i.test(node.type);
		const alone = template.nodes.filter((node) => !node.type.endsWith('.stickyNote') && !isTrigger(node) && !reached.includes(node.name));
		expect(alone.map((node) => node.name)).toEqual([]);
		const unheard = ours.filter((node) => !isTrigger(node) && (node.onError !== 'continueErrorOutput' || !template.connections[node.name]?.main[1]?.length));
		expect(unheard.map((node) => node.name)).toEqual([]);
	});

	test('expressions name only nodes that are in it', () => {
		const named = [...JSON.stringify(template.nodes).matchAll(/\$\('([^']+)'\)/g)].map(([, name]) => name);
		expect(named.filter((name) => !names.includes(name))).toEqual([]);
	});

	test('notes name only nodes, and settings of nodes, that are in it', () => {
		const notes = template.nodes.filter((node) => node.type.endsWith('.stickyNote')).map((node) => String(node.parameters.content));
		const said = notes.flatMap((note) => [...note.matchAll(/\*([A-Z][^*]+)\* > (?:Options > )?\*\*([^*]+)\*\*/g)]);
		const wrong = said.filter(([, name, setting]) => {
			const node = template.nodes.find((one) => one.name === name) ?? template.nodes.find((one) => one.name.endsWith(name));
			const description = descriptions.get(node?.type ?? '');
			return !node || (description !== undefined && !displayNames(description.properties).includes(setting));
		});
		expect(wrong.map(([words]) => words)).toEqual([]);
	});

	test("carries nobody's data: no credentials, no pinned data, no cursor, no address", () => {
		expect(template.nodes.filter((node) => node.credentials)).toEqual([]);
		expect(template.pinData ?? {}).toEqual({});
		expect(template.staticData ?? null).toBeNull();
		expect(template.active).toBe(false);
		expect(JSON.stringify(template)).not.toMatch(/localhost|127\.0\.0\.1|\/home\/|\/tmp\/|instanceId/);
	});
});

describe('the table of failed items', () => {
	const nodes = templates.flatMap(({ file, template }) => template.nodes.filter((node) => node.type.endsWith('.dataTable')).map((node) => ({ file, ...node })));
	const makers = nodes.filter((node) => node.parameters.resource === 'table');
	const onRows = nodes.filter((node) => node.parameters.resource === 'row');

	test('is one and the same in all templates, made where it is absent', () => {
		const names = nodes.map((node) => node.parameters.tableName ?? (node.parameters.dataTableId as { value: string }).value);
		expect(new Set(names)).toEqual(new Set(['zendesk orocrm failures']));
		expect(new Set(makers.map((node) => JSON.stringify(node.parameters))).size).toBe(1);
		expect([...new Set(makers.map((node) => node.file))]).toEqual(['one-way-sync.json', 'retry-failed-items.json', 'two-way-sync.json']);
		expect(makers.every((node) => (node.parameters.options as { createIfNotExists?: boolean }).createIfNotExists === true)).toBe(true);
	});

	test('has every column that a node names', () => {
		const { column } = makers[0].parameters.columns as { column: Array<{ name: string }> };
		const known = column.map(({ name }) => name);
		const named = onRows.flatMap((node) => {
			const { conditions } = node.parameters.filters as { conditions: Array<{ keyName: string }> };
			const { value = {} } = (node.parameters.columns ?? {}) as { value?: object };
			return [...conditions.map(({ keyName }) => keyName), ...Object.keys(value)];
		});
		expect(named.filter((name) => !known.includes(name))).toEqual([]);
	});

	test('sync workflows work on their own rows only; the retries read all, and write none', () => {
		for (const node of onRows) {
			const { conditions } = node.parameters.filters as { conditions: object[] };
			expect(node.parameters.matchType).toBe('allConditions');
			if (node.file === 'retry-failed-items.json') expect(node.parameters.operation).toBe('get');
			else expect(conditions).toContainEqual({ keyName: 'workflow', condition: 'eq', keyValue: '={{ $workflow.id }}' });
		}
	});

	test('what the retries call is a lane of each sync workflow, without a schedule of its own', () => {
		for (const { template } of templates.filter(({ file }) => /sync/.test(file))) {
			const [called] = template.nodes.filter((node) => node.type.endsWith('.executeWorkflowTrigger'));
			expect(called.parameters).toEqual({ inputSource: 'passthrough' });
			expect(linksOf(template.connections[called.name])).toEqual(['Due for Another Try']);
			expect(template.nodes.filter((node) => node.type.endsWith('.scheduleTrigger'))).toEqual([]);
		}
	});
});

function linksOf(outputs: Template['connections'][string]): string[] {
	return Object.values(outputs).flatMap((output) => output.flatMap((links) => (links ?? []).map((link) => link.node)));
}

const isExpression = (value: unknown): boolean => typeof value === 'string' && value.startsWith('=');

/** What of some parameters a node doesn't know: names, choices, and the same inside collections. */
function unknownIn(parameters: Record<string, unknown>, properties: INodeProperties[], path = ''): string[] {
	return Object.entries(parameters).flatMap(([name, value]) => {
		const property = properties.find((one) => one.name === name);
		if (!property) return [`${path}${name}`];
		if (isExpression(value)) return [];
		if (property.type === 'options') {
			return (property.options as INodePropertyOptions[]).some((option) => option.value === value) ? [] : [`${path}${name}: ${String(value)}`];
		}
		if (property.type === 'collection') return unknownIn(value as Record<string, unknown>, property.options as INodeProperties[], `${path}${name}.`);
		if (property.type === 'fixedCollection') return unknownInRows(value as Record<string, unknown>, property.options as INodePropertyCollection[], `${path}${name}.`);
		return [];
	});
}

function unknownInRows(value: Record<string, unknown>, groups: INodePropertyCollection[], path: string): string[] {
	return Object.entries(value).flatMap(([name, rows]) => {
		const group = groups.find((one) => one.name === name);
		if (!group) return [`${path}${name}`];
		return [rows].flat().flatMap((row) => unknownIn(row as Record<string, unknown>, group.values, `${path}${name}.`));
	});
}

function displayNames(properties: INodeProperties[]): string[] {
	return properties.flatMap((property) => [property.displayName, ...(property.type === 'collection' ? displayNames(property.options as INodeProperties[]) : [])]);
}
