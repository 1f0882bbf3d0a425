import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { root } from './layout';

interface TemplateNode {
	name: string;
	type: string;
	parameters?: Record<string, unknown>;
	credentials?: Record<string, { id?: string | null; name: string }>;
	[key: string]: unknown;
}

/** A bundled workflow, as it is in workflows/*.json. */
export interface Template {
	id: string;
	name: string;
	nodes: TemplateNode[];
	[key: string]: unknown;
}

/** A credential in n8n that nodes can be bound to, by its type. */
export type Bindings = Record<string, { id: string; name: string }>;

export const workflowsFolder = join(root, 'workflows');

/** All bundled workflows; the id of one without an id is the name of its file. */
export function readTemplates(folder = workflowsFolder): Template[] {
	return readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => {
			const template = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Template;
			return { ...template, id: template.id ?? basename(file, '.json') };
		});
}

/**
 * Binds the nodes of this package, and forms that ask for a password, to the sandbox's credentials. Nothing else of the template changes.
 *
 * @param credentialTypesOf the credential types that a node type can use
 */
export function bindCredentials(
	template: Template,
	bindings: Bindings,
	credentialTypesOf: (nodeType: string) => string[],
): Template {
	const nodes = template.nodes.map((node) => {
		const asksForPassword = node.type === 'n8n-nodes-base.formTrigger' && node.parameters?.authentication === 'basicAuth';
		const types = new Set([
			...Object.keys(node.credentials ?? {}),
			...credentialTypesOf(node.type),
			...(asksForPassword ? ['httpBasicAuth'] : []),
		]);
		const bound = [...types].filter((type) => bindings[type]).map((type) => [type, bindings[type]]);
		return bound.length > 0 ? { ...node, credentials: Object.fromEntries(bound) } : node;
	});
	return { ...template, nodes };
}

/** Enters the default Zendesk user where a template asks for one, as a person does when setting it up. */
export function withDefaultZendeskUser(template: Template, email: string): Template {
	const nodes = template.nodes.map((node) =>
		node.parameters?.defaultZendeskUser === undefined
			? node
			: { ...node, parameters: { ...node.parameters, defaultZendeskUser: email } },
	);
	return { ...template, nodes };
}
