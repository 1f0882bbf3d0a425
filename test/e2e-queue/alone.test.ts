import { describeInterruptions } from './describe-interruptions';

describeInterruptions('n8n alone, with SQLite: two-way sync is interrupted in the middle of batches', {
	own: [
		[
			'n8n is killed (kill -9)',
			async (sync) => {
				await sync.untilInMidBatch('Killed');
				await sync.sandbox.n8n.kill();
				await sync.sandbox.n8n.restart();
				await sync.settles();
			},
		],
		[
			'n8n is restarted in order (SIGTERM)',
			async (sync) => {
				await sync.untilInMidBatch('Restarted');
				await sync.sandbox.n8n.restart();
				await sync.settles();
			},
		],
	],
});
