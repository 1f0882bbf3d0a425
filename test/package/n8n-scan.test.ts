import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { root } from './packed';

test("n8n's own scan of community packages finds no error in the sources and in the packed files", () => {
	const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'scan.mjs')], {
		cwd: root,
		encoding: 'utf8',
		// Jest says NODE_ENV=test, and n8n's rules then take every file for an example of their own tests.
		env: { ...process.env, NODE_ENV: undefined },
	});
	expect(`${stdout}${stderr}`.trim()).toBe('sources: passed\npacked: passed');
}, 180_000);
