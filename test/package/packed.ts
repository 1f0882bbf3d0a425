import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(__dirname, '..', '..');

export interface PackageJson {
	name: string;
	license: string;
	keywords: string[];
	author: { name: string; email: string };
	repository: { type: string; url: string };
	homepage: string;
	files: string[];
	n8n: { n8nNodesApiVersion: number; nodes: string[]; credentials: string[] };
	dependencies?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
	bundledDependencies?: string[];
	peerDependencies: Record<string, string>;
	scripts: Record<string, string>;
	overrides?: unknown;
}

export const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PackageJson;

/** The paths of the files that `npm pack` would put into the published package. */
export function packedFiles(): string[] {
	const npm = process.env.npm_execpath;
	const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
	const output =
		npm && /\.c?js$/.test(npm)
			? execFileSync(process.execPath, [npm, ...args], { cwd: root, encoding: 'utf8' })
			: execFileSync('npm', args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });
	const [{ files }] = JSON.parse(output) as Array<{ files: Array<{ path: string }> }>;
	return files.map((file) => file.path);
}
