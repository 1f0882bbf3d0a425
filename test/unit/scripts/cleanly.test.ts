import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { isAlive } from '../../../sandbox/launcher/process-id';
import { runScript, type RunningScript } from './run-script';

/** Programs that stand for Redis, PostgreSQL, Jest and an n8n that Jest has started: each writes its process id down and stays. */
const stays = (folder: string, name: string, words: string): string => `#!/bin/sh\necho $$ > '${folder}/${name}.seen'\necho '${words}'\nexec sleep 300\n`;

describe('what the tests in queue mode have started is ended', () => {
	let folder: string;
	let script: RunningScript | undefined;
	/** Whatever is not ended stays for five minutes. */
	jest.setTimeout(30_000);
	const NAMES = ['redis', 'postgres', 'jest', 'n8n'];

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'ended-'));
		mkdirSync(join(folder, 'tmp'));
		const programs: Record<string, string> = {
			redis: stays(folder, 'redis', 'Ready to accept connections'),
			postgres: stays(folder, 'postgres', 'database system is ready to accept connections'),
			initdb: '#!/bin/sh\n',
			n8n: stays(folder, 'n8n', ''),
			// As in the tests, n8n has a group of its own and a file with its id.
			jest: `#!/bin/sh\nsetsid '${folder}/n8n' &\nwhile [ ! -s '${folder}/n8n.seen' ]; do sleep 0.05; done\ncp '${folder}/n8n.seen' "$TEST_FOLDERS/n8n.pid"\n${stays(folder, 'jest', 'testing').replace('#!/bin/sh\n', '')}`,
		};
		for (const [name, text] of Object.entries(programs)) {
			writeFileSync(join(folder, name), text);
			chmodSync(join(folder, name), 0o755);
		}
	});
	afterEach(() => {
		script?.child.kill('SIGKILL');
		for (const pid of pids().filter(isAlive)) process.kill(pid, 'SIGKILL');
		rmSync(folder, { recursive: true, force: true });
	});

	const pids = (): number[] => NAMES.map((name) => join(folder, `${name}.seen`)).filter(existsSync).map((file) => Number(readFileSync(file, 'utf8')));

	/** The frame of scripts/test-e2e-queue.mjs; `then` is what happens when all of it runs. */
	const start = (then: string): RunningScript =>
		(script = runScript(
			`
			import { cleanly } from './scripts/lib/cleanly.mjs';
			import { endLeftBehind } from './scripts/lib/left-behind.mjs';
			import { runMain } from './scripts/lib/plain-error.mjs';
			import { startQueueServers, temporaryFolder } from './scripts/lib/queue-servers.mjs';
			import { run } from './scripts/lib/run.mjs';
			const programs = { redis: '${folder}/redis', initdb: '${folder}/initdb', postgres: '${folder}/postgres' };
			await runMain(async () => await cleanly(async ({ onEnd, told }) => {
				await startQueueServers(programs, onEnd);
				const TEST_FOLDERS = temporaryFolder('interruptions', onEnd);
				onEnd(async () => console.log('left behind:', await endLeftBehind(TEST_FOLDERS)));
				const tests = run('${folder}/jest', [], { env: { ...process.env, TEST_FOLDERS }, told });
				${then}
			}));
			`,
			{ TMPDIR: join(folder, 'tmp') },
		));

	async function expectNothingLeft(): Promise<void> {
		expect(pids()).toHaveLength(NAMES.length);
		// A killed process that nobody waits for is there for another moment.
		for (const deadline = Date.now() + 10_000; pids().some(isAlive) && Date.now() < deadline; ) await sleep(50);
		expect(pids().filter(isAlive)).toEqual([]);
		expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
	}

	for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
		test(`after ${signal === 'SIGINT' ? 'Ctrl-C' : signal}`, async () => {
			const { child, says, ended: end } = start('await tests;');
			await says('testing');
			child.kill(signal);
			// npm passes it on once more.
			child.kill(signal);
			const ended = await end;
			expect(ended.output).toContain('left behind: 1');
			expect(ended.code).toBe(code);
			await expectNothingLeft();
		});
	}

	test('after a test run that ended without stopping n8n', async () => {
		const { says, ended } = start('await tests; process.exitCode = 1;');
		await says('testing');
		process.kill(Number(readFileSync(join(folder, 'jest.seen'), 'utf8')), 'SIGKILL');
		expect((await ended).code).toBe(1);
		await expectNothingLeft();
	});

	test('after an error, which is shown', async () => {
		const { code, output } = await start(`
			const { existsSync } = await import('node:fs');
			while (!existsSync('${folder}/jest.seen')) await new Promise((resolve) => setTimeout(resolve, 50));
			throw new Error('there is no space left for the results');
		`).ended;
		expect(output).toContain('there is no space left for the results');
		expect(code).toBe(1);
		await expectNothingLeft();
	});
});
