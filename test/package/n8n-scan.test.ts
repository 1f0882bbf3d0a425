import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { root } from './packed';

test("n8n's own scan of community packages finds no error in the sources and in the packed files", () => {
	const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'scan.mjs')], { cwd: root, encoding: 'utf8' });
	expect(`${stdout}${stderr}`.trim()).toBe('sources: passed\npacked: passed');
}, 180_000);
