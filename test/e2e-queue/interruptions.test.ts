import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { N8nSettings } from '../../sandbox/launcher/n8n-program';
import { N8nWorker } from '../../sandbox/launcher/n8n-worker';
import { queueSettings } from '../../sandbox/launcher/queue-mode';
import { testFolder } from '../e2e/support';
import { describeInterruptions } from './describe-interruptions';

/** Apart from those of the test of n8n alone, which runs at the same time. */
const PORTS = { zendesk: 24_401, orocrm: 24_421, n8n: 24_441, runners: 24_461 };
const WORKER_PORTS = [
	{ n8n: 24_301, runners: 24_311 },
	{ n8n: 24_302, runners: 24_312 },
];

/** A dead worker is noticed in seconds, not in a minute and a half. */
const shared = (): N8nSettings => ({
	...queueSettings({ redisPort: setBy('QUEUE_TEST_REDIS_PORT'), postgresPort: setBy('QUEUE_TEST_POSTGRES_PORT') }),
	QUEUE_WORKER_LOCK_DURATION: '6000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1500',
	QUEUE_WORKER_STALLED_INTERVAL: '3000',
});

function setBy(name: string): number {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set: run these tests by "npm run test:e2e:queue", which starts Redis and PostgreSQL.`);
	return Number(value);
}

let workers: N8nWorker[] = [];
let folder: string | undefined;

describeInterruptions('queue mode: main and two workers are interrupted in the middle of batches', {
	options: () => ({ ports: PORTS, n8nSettings: shared() }),
	begin: async () => {
		const parent = (folder = testFolder('workers'));
		workers = WORKER_PORTS.map((ports, place) => new N8nWorker(`worker ${place + 1}`, join(parent, String(place + 1)), ports, shared()));
		await Promise.all(workers.map(async (worker) => await worker.start()));
	},
	end: async () => {
		await Promise.all(workers.map(async (worker) => await worker.stop()));
		if (folder) rmSync(folder, { recursive: true, force: true });
	},
	own: [
		[
			'all runs are in the workers, each in one',
			async (sync) => {
				const runs = (await sync.runs('success')).map(({ id }) => id);
				expect(runs.length).toBeGreaterThan(0);
				const taken = workers.flatMap((worker) => worker.taken());
				expect(taken).toEqual(expect.arrayContaining(runs));
				expect(new Set(taken).size).toBe(taken.length);
			},
		],
		[
			'a worker is killed (kill -9)',
			async (sync) => {
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
		],
		[
			'main is killed (kill -9)',
			async (sync) => {
				await sync.untilInMidBatch('Main killed');
				await sync.sandbox.n8n.kill();
				expect(workers.flatMap((worker) => worker.running()).length).toBeGreaterThan(0);
				await sync.sandbox.n8n.restart();
				await sync.settles();
			},
		],
		[
			'all are restarted in order (SIGTERM)',
			async (sync) => {
				const { n8n } = sync.sandbox;
				await sync.untilInMidBatch('Restarted');
				await Promise.all([n8n.stop(), ...workers.map(async (worker) => await worker.stop())]);
				await Promise.all([n8n.restart(), ...workers.map(async (worker) => await worker.start())]);
				await sync.settles();
			},
		],
	],
});
