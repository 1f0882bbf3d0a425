import { eventually } from '../e2e/support';
import { type InterruptedSync, WORKFLOW } from './interrupted-sync';

/** In words, and how. It comes back when the sync has settled. */
export type Interruption = [string, (sync: InterruptedSync) => Promise<void>];

/** What people and n8n's own limits do to a workflow in mid-batch, in any mode of n8n. */
export const interruptions: Interruption[] = [
	[
		'the workflow is switched off and on',
		async (sync) => {
			await sync.untilInMidBatch('Off and on');
			const { client } = sync.sandbox.n8n;
			await client.deactivate(WORKFLOW);
			await client.activate(WORKFLOW);
			await sync.settles();
		},
	],
	[
		'the workflow is edited, its triggers too, and published',
		async (sync) => {
			await sync.untilInMidBatch('Edited');
			await sync.publishChanged(({ nodes }) => {
				for (const node of nodes) {
					if (node.name === 'Zendesk Tickets Trigger') node.parameters.interval = 8;
					if (node.name === 'OroCRM Cases Trigger') node.parameters.interval = 5;
				}
			});
			await sync.settles();
		},
	],
	[
		'the runs are stopped by hand',
		async (sync) => {
			await sync.untilInMidBatch('Stopped');
			const running = (await sync.runs('running')).map(({ id }) => id);
			expect(running.length).toBeGreaterThan(0);
			for (const id of running) await sync.sandbox.n8n.client.stopExecution(id);
			await sync.settles();
			expect((await sync.runs('canceled')).map(({ id }) => id)).toEqual(expect.arrayContaining(running));
		},
	],
	[
		"the runs hit the workflow's time limit",
		async (sync) => {
			await sync.publishChanged(({ settings }) => Object.assign(settings, { executionTimeout: 8 }));
			await sync.untilInMidBatch('Timed out');
			const running = (await sync.runs('running')).map(({ id }) => id);
			expect(running.length).toBeGreaterThan(0);
			await eventually(async () => expect((await sync.runs('running')).filter(({ id }) => running.includes(id))).toEqual([]));
			sync.quick();
			await sync.publishChanged(({ settings }) => Object.assign(settings, { executionTimeout: -1 }));
			// In queue mode such a run never answers (n8n.md §3): the trigger gives it up after a minute.
			await sync.settles(200_000);
			// Only that they didn't succeed: in queue mode n8n's public interface shows them under no status at all.
			const succeeded = (await sync.runs('success')).map(({ id }) => id);
			expect(running.filter((id) => succeeded.includes(id))).toEqual([]);
		},
	],
];
