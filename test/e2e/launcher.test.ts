import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePorts } from '../../sandbox/launcher/ports';
import type { Progress } from '../../sandbox/launcher/progress';
import { startSandbox } from '../../sandbox/launcher/sandbox';
import { START_TIMEOUT, TEST_PORTS } from './support';

describe('npm start', () => {
	const npmStart = (...args: string[]) =>
		spawnSync(process.execPath, [join(__dirname, '..', '..', 'scripts', 'start.mjs'), ...args], { encoding: 'utf8' });

	test('--help says what there is', () => {
		const { status, stdout } = npmStart('--help');
		expect(status).toBe(0);
		expect(stdout).toContain('--reset');
		expect(stdout).toContain('--two-way');
	});

	test('refuses a flag that it does not know, in words', () => {
		const { status, stderr } = npmStart('--resett');
		expect(status).toBe(1);
		expect(stderr).toContain('does not know "--resett"');
	});
});

test('a port in use is replaced by the next free one', async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as { port: number };
	const ports = await freePorts({ ...TEST_PORTS, zendesk: port });
	server.close();
	expect(ports.zendesk).toBeGreaterThan(port);
	expect(new Set(Object.values(ports)).size).toBe(4);
});

describe('a sandbox', () => {
	const dataDir = mkdtempSync(join(tmpdir(), 'zendesk-orocrm-'));
	const steps: string[] = [];
	const progress: Progress = {
		step: async (title, work) => {
			steps.push(title);
			return await work(() => {});
		},
		say: () => {},
	};
	afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

	test(
		'goes on where it was stopped: same addresses, nothing imported again; a second one on the same data is refused',
		async () => {
			const first = await startSandbox({ dataDir, ports: TEST_PORTS, progress });
			const seen = { ports: first.ports, apiKey: first.n8n.apiKey };
			try {
				expect(steps.filter((step) => step.startsWith('Importing'))).toHaveLength(2);
				await expect(startSandbox({ dataDir, ports: TEST_PORTS })).rejects.toThrow(/already running/);
			} finally {
				await first.stop();
			}

			steps.length = 0;
			const second = await startSandbox({ dataDir, progress });
			try {
				expect(steps.filter((step) => step.startsWith('Importing'))).toEqual([]);
				expect({ ports: second.ports, apiKey: second.n8n.apiKey }).toEqual(seen);
				expect(await second.n8n.client.isActive('one-way-sync')).toBe(true);
			} finally {
				await second.stop();
			}
		},
		START_TIMEOUT,
	);

	test(
		'says so when n8n ends by itself, with the end of its log',
		async () => {
			const sandbox = await startSandbox({ dataDir });
			try {
				process.kill(sandbox.n8n.processId as number, 'SIGKILL');
				expect(await sandbox.n8nDied).toMatch(/n8n ended by itself \(SIGKILL\)[\s\S]*The end of its log[\s\S]*Version: 2/);
			} finally {
				await sandbox.stop();
			}
		},
		START_TIMEOUT,
	);
});
