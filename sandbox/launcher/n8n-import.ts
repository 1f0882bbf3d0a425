import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { n8nEnvironment, n8nScript, type N8nSettings, nodeForN8n } from './n8n-program';
import { PlainError } from './plain-error';
import type { Ports } from './ports';

const execute = promisify(execFile);

/**
 * Imports things into the database of an n8n that is not running, by n8n's own command line; that keeps the ids that are given.
 * What is there under the same id is replaced. The first import makes the database.
 */
export async function importIntoN8n(
	kind: 'credentials' | 'workflow',
	items: object[],
	userFolder: string,
	ports: Ports,
	settings?: N8nSettings,
): Promise<void> {
	mkdirSync(userFolder, { recursive: true });
	const file = join(userFolder, `import-${kind}.json`);
	writeFileSync(file, JSON.stringify(items), { mode: 0o600 });
	try {
		await execute(nodeForN8n(), [n8nScript, `import:${kind}`, `--input=${file}`], {
			cwd: userFolder,
			env: n8nEnvironment(userFolder, ports, settings),
			timeout: 120_000,
			maxBuffer: 16 * 1024 * 1024,
		});
	} catch (error) {
		const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
		const words = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n');
		throw new PlainError(`n8n did not take the ${kind}:\n${words || message}`);
	} finally {
		// It holds secrets in plain text.
		rmSync(file, { force: true });
	}
}
