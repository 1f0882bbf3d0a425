import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './layout';
import { n8nWorkflowPackage } from './n8n-program';
import { PlainError } from './plain-error';

interface PackageJson {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
}

const packageJson = (): PackageJson => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PackageJson;

/**
 * Puts the built package where n8n keeps community packages, so that its node types have the same names as after a real installation.
 * It is copied, not linked: a link would lead back into the checkout, where the package would find another n8n-workflow than n8n's own.
 */
export function putPackageIntoN8n(userFolder: string): void {
	if (!existsSync(join(root, 'dist'))) throw new PlainError('The package is not built. "npm run build" builds it.');
	const modules = join(userFolder, '.n8n', 'nodes', 'node_modules');
	const target = join(modules, packageJson().name);
	rmSync(target, { recursive: true, force: true });
	mkdirSync(target, { recursive: true });
	cpSync(join(root, 'dist'), join(target, 'dist'), { recursive: true });
	cpSync(join(root, 'package.json'), join(target, 'package.json'));

	const n8nWorkflow = join(modules, 'n8n-workflow');
	rmSync(n8nWorkflow, { force: true });
	symlinkSync(n8nWorkflowPackage, n8nWorkflow, 'junction');
}

/** The credential types that each node type of the built package can use, by the name n8n knows the node by. */
export function credentialTypesByNode(): Map<string, string[]> {
	const { name, n8n } = packageJson();
	return new Map(
		n8n.nodes.map((path) => {
			const className = path.split('/').at(-1)?.replace(/\.node\.js$/, '') as string;
			// eslint-disable-next-line @typescript-eslint/no-require-imports -- compiled CommonJS, known by name at run time only
			const module = require(join(root, path)) as Record<string, new () => NodeClass>;
			const { description } = new module[className]();
			return [`${name}.${description.name}`, (description.credentials ?? []).map((credential) => credential.name)];
		}),
	);
}

interface NodeClass {
	description: { name: string; credentials?: Array<{ name: string }> };
}
