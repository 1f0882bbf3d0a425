import { packageJson, packedFiles } from './packed';

describe('what npm pack ships', () => {
	const files = packedFiles();

	test('is the built code, the templates, README, LICENSE and package.json, nothing else', () => {
		const others = files.filter(
			(path) => !/^(dist|workflows)\//.test(path) && !['README.md', 'LICENSE', 'package.json'].includes(path),
		);
		expect(others).toEqual([]);
		expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json']));
	});

	test('holds every node and credential that n8n is told of', () => {
		expect(files).toEqual(expect.arrayContaining([...packageJson.n8n.nodes, ...packageJson.n8n.credentials]));
	});

	test('holds the templates', () => {
		expect(files.filter((path) => /^workflows\/[^/]+\.json$/.test(path)).length).toBeGreaterThan(0);
	});

	test('holds nothing of the practice systems, the tests or the tools', () => {
		expect(files.filter((path) => /(^|\/)(sandbox|test|bench|scripts|node_modules)\//.test(path))).toEqual([]);
	});

	test('holds an icon beside every node that has one', () => {
		expect(files.filter((path) => /^dist\/.*\.svg$/.test(path)).length).toBeGreaterThan(0);
	});
});
