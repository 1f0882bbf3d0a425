import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runScript } from './run-script';

describe('a machine on which Redis can neither be found nor installed', () => {
	let folder: string;
	beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'no-programs-'))));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	const script = `
		import { printResults } from './scripts/lib/parts.mjs';
		import { findQueueServers, queueModeNotTested } from './scripts/lib/queue-servers.mjs';
		const { programs, missing } = await findQueueServers({ step: async () => { throw new Error('nothing may be installed here'); } });
		if (programs) throw new Error('found');
		if (!printResults([queueModeNotTested(missing)])) process.exitCode = 1;
	`;

	test('says what is missing and how to get it, and counts as skipped', async () => {
		const { code, output } = await runScript(script, { PATH: folder, CI: '' }).ended;
		expect(output).toMatch(/Redis( and PostgreSQL are| is) not installed\. Install Debian's packages redis-server and postgresql, or their like\./);
		expect(output.trim().split('\n').pop()).toBe('0 passed, 0 failed, 1 skipped');
		expect(code).toBe(0);
	});

	test('in CI it is a failure', async () => {
		const { code, output } = await runScript(script, { PATH: folder, CI: '1' }).ended;
		expect(output).toContain('not installed');
		expect(output.trim().split('\n').pop()).toBe('0 passed, 1 failed');
		expect(code).toBe(1);
	});
});
