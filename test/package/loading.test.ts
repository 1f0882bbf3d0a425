import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { packageJson, root } from './packed';

interface Loaded {
	path: string;
	/** What n8n makes an instance of: the class named like the file. */
	name?: string;
	displayName?: string;
	icons: string[];
	credentials: string[];
}

/** Loads the built files as n8n does, by require() in a Node.js process without any TypeScript. */
function load(paths: string[]): Loaded[] {
	const script = `
		const { basename } = require('node:path');
		const answers = ${JSON.stringify(paths)}.map((path) => {
			const className = basename(path).replace(/\\.(node|credentials)\\.js$/, '');
			const instance = new (require('./' + path)[className])();
			const about = instance.description ?? instance;
			const icon = about.icon ?? instance.icon;
			return {
				path,
				name: about.name,
				displayName: about.displayName,
				icons: typeof icon === 'object' && icon ? Object.values(icon) : icon ? [icon] : [],
				credentials: (about.credentials ?? []).map((credential) => credential.name),
			};
		});
		process.stdout.write(JSON.stringify(answers));`;
	return JSON.parse(execFileSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' })) as Loaded[];
}

const nodes = load(packageJson.n8n.nodes);
const credentials = load(packageJson.n8n.credentials);

test.each([...nodes, ...credentials])('$path loads and says who it is', ({ path, name, displayName, icons }) => {
	expect(name).toMatch(/^[a-z][A-Za-z0-9]+$/);
	expect(displayName).toMatch(/./);
	const files = icons.filter((icon) => icon.startsWith('file:')).map((icon) => join(root, dirname(path), icon.slice('file:'.length)));
	expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

test('every node uses only credentials of this package', () => {
	const known = credentials.map((credential) => credential.name);
	expect(nodes.flatMap((node) => node.credentials).filter((name) => !known.includes(name))).toEqual([]);
});

test('every node and credential that is built is registered', () => {
	const built = ['nodes', 'credentials'].flatMap((folder) =>
		readdirSync(join(root, 'dist', folder), { recursive: true })
			.map((path) => basename(String(path)))
			.filter((name) => /\.(node|credentials)\.js$/.test(name)),
	);
	const registered = [...packageJson.n8n.nodes, ...packageJson.n8n.credentials].map((path) => basename(path));
	expect(built.sort()).toEqual(registered.sort());
});
