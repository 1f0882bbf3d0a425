import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { N8nSettings } from '../../sandbox/launcher/n8n-program';
import { InterruptedSync, withQuickLooks } from '../e2e/interrupted-sync';
import { interruptions } from '../e2e/interruptions';
import { START_TIMEOUT, startTestSandbox, type TestSandbox } from '../e2e/support';
import { Worker } from './workers';

/** Milliseconds for one interruption and what comes after it. */
const TIMEOUT = 300_000;

/** Main process and workers share the database, the queue and the key. A dead worker is noticed in seconds, not in a minute and a half. */
const shared = (): N8nSettings => ({
	EXECUTIONS_MODE: 'queue',
	N8N_ENCRYPTION_KEY: 'practice-key-of-main-and-workers',
	QUEUE_BULL_REDIS_HOST: '127.0.0.1',
	QUEUE_BULL_REDIS_PORT: setBy('QUEUE_TEST_REDIS_PORT'),
	QUEUE_WORKER_LOCK_DURATION: '6000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1500',
	QUEUE_WORKER_STALLED_INTERVAL: '3000',
	DB_TYPE: 'postgresdb',
	DB_POSTGRESDB_HOST: '127.0.0.1',
	DB_POSTGRESDB_PORT: setBy('QUEUE_TEST_POSTGRES_PORT'),
	DB_POSTGRESDB_USER: 'n8n',
	DB_POSTGRESDB_DATABASE: 'postgres',
});

function setBy(name: string): string {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set: run these tests by "npm run test:e2e:queue", which starts Redis and PostgreSQL.`);
	return value;
}

describe('queue mode: main and two workers are interrupted in the middle of batches', () => {
	let sandbox: TestSandbox;
	let sync: InterruptedSync;
	let workers: Worker[] = [];
	let folder: string;

	beforeAll(async () => {
		const n8nSettings = shared();
		folder = mkdtempSync(join(tmpdir(), 'zendesk-orocrm-workers-'));
		sandbox = await startTestSandbox({
			twoWay: true,
			adjust: withQuickLooks,
			n8nSettings,
			// This test itself asks a lot; the limits have tests of their own.
			zendesk: { limits: { account: 100_000, ticketsIndex: 100_000 } },
		});
		workers = [1, 2].map((number) => new Worker(`worker ${number}`, join(folder, String(number)), { n8n: 24_300 + number, runners: 24_310 + number }, n8nSettings));
		await Promise.all(workers.map(async (worker) => await worker.start()));
		sync = await InterruptedSync.start(sandbox);
	}, START_TIMEOUT);
	afterAll(async () => {
		await Promise.all(workers.map(async (worker) => await worker.stop()));
		await sandbox?.remove();
		if (folder) rmSync(folder, { recursive: true, force: true });
	}, 120_000);

	test(
		'all runs are in the workers, each in one',
		async () => {
			const runs = (await sync.runs('success')).map(({ id }) => id);
			expect(runs.length).toBeGreaterThan(0);
			const taken = workers.flatMap((worker) => worker.taken());
			expect(taken).toEqual(expect.arrayContaining(runs));
			expect(new Set(taken).size).toBe(taken.length);
		},
		TIMEOUT,
	);

	test(
		'a worker is killed (kill -9)',
		async () => {
			await sync.untilInMidBatch('Worker killed');
			const busy = workers.filter((worker) => worker.running().length > 0);
			expect(busy.length).toBeGreaterThan(0);
			const lost = busy[0].running();
			await busy[0].kill();
			await sync.settles();
			// n8n noticed it, and not the run's own end.
			expect((await sync.runs('error')).concat(await sync.runs('crashed')).map(({ id }) => id)).toEqual(expect.arrayContaining(lost));
			await busy[0].start();
		},
		TIMEOUT,
	);

	test(
		'main is killed (kill -9)',
		async () => {
			await sync.untilInMidBatch('Main killed');
			await sandbox.n8n.kill();
			expect(workers.flatMap((worker) => worker.running()).length).toBeGreaterThan(0);
			await sandbox.n8n.restart();
			await sync.settles();
		},
		TIMEOUT,
	);

	test(
		'all are restarted in order (SIGTERM)',
		async () => {
			await sync.untilInMidBatch('Restarted');
			await Promise.all([sandbox.n8n.stop(), ...workers.map(async (worker) => await worker.stop())]);
			await Promise.all([sandbox.n8n.restart(), ...workers.map(async (worker) => await worker.start())]);
			await sync.settles();
		},
		TIMEOUT,
	);

	for (const [words, interrupt] of interruptions) test(words, async () => await interrupt(sync), TIMEOUT);
});
