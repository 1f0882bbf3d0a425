import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageJson, root } from './packed';

interface Template {
	name: string;
	nodes: Array<{ id: string; name: string; type: string; credentials?: Record<string, { id?: string | null }> }>;
	connections: Record<string, Record<string, Array<Array<{ node: string }> | null>>>;
	pinData?: object;
	staticData?: unknown;
}

const folder = join(root, 'workflows');
const templates = readdirSync(folder)
	.filter((file) => file.endsWith('.json'))
	.map((file) => ({ file, template: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Template }));

test('there are templates', () => expect(templates.map(({ file }) => file)).toContain('one-way-sync.json'));

describe.each(templates)('workflows/$file', ({ template }) => {
	const names = template.nodes.map((node) => node.name);

	test("uses only this package's nodes and n8n's own", () => {
		const own = packageJson.n8n.nodes.map((path) => {
			const className = path.split('/').at(-1)?.replace('.node.js', '') ?? '';
			return `${packageJson.name}.${className[0].toLowerCase()}${className.slice(1)}`;
		});
		const foreign = template.nodes
			.map((node) => node.type)
			.filter((type) => !own.includes(type) && !/^n8n-nodes-base\.[A-Za-z0-9]+$/.test(type));
		expect(foreign).toEqual([]);
	});

	test('connects only nodes that are in it, each with a name of its own', () => {
		expect(new Set(names).size).toBe(names.length);
		const ends = Object.entries(template.connections).flatMap(([from, outputs]) => [
			from,
			...Object.values(outputs).flatMap((output) => output.flatMap((links) => (links ?? []).map((link) => link.node))),
		]);
		expect(ends.filter((name) => !names.includes(name))).toEqual([]);
	});

	test("carries nobody's data: no ids of credentials, no pinned data, no cursor", () => {
		const ids = template.nodes.flatMap((node) => Object.values(node.credentials ?? {}).map((credential) => credential.id));
		expect(ids.filter(Boolean)).toEqual([]);
		expect(template.pinData ?? {}).toEqual({});
		expect(template.staticData ?? null).toBeNull();
	});
});
