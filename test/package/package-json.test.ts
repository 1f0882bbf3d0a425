import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageJson, root } from './packed';

describe('package.json', () => {
	test('has no runtime dependencies, as n8n demands of verified packages', () => {
		expect(packageJson.dependencies ?? {}).toEqual({});
		expect(packageJson.optionalDependencies ?? {}).toEqual({});
		expect(packageJson.bundledDependencies ?? []).toEqual([]);
		expect(packageJson.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	test('is found and accepted by n8n as a community package', () => {
		expect(packageJson.name).toMatch(/^n8n-nodes-/);
		expect(packageJson.keywords).toContain('n8n-community-node-package');
		expect(packageJson.n8n.n8nNodesApiVersion).toBe(1);
		expect(packageJson.license).toBe('MIT');
		expect(packageJson.author).toEqual({ name: expect.stringMatching(/./), email: expect.stringMatching(/@/) });
		expect(packageJson.overrides).toBeUndefined();
	});

	test('runs nothing when somebody installs it', () => {
		const names = Object.keys(packageJson.scripts);
		expect(names.filter((name) => /^(pre|post)?(install|prepare|publish)$|^prepublishOnly$/.test(name))).toEqual([]);
	});

	test('names the licence that is in LICENSE', () => {
		expect(readFileSync(join(root, 'LICENSE'), 'utf8')).toMatch(/^MIT License/);
	});

	test('every path it tells n8n of lies in dist and is built', () => {
		const paths = [...packageJson.n8n.nodes, ...packageJson.n8n.credentials];
		expect(paths.filter((path) => !path.startsWith('dist/'))).toEqual([]);
		expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
	});
});
