import type { Hook, WorldOptions } from '../../support/two-way-world';
import { disagreements } from '../../two-way/convergence/agreement';
import { contentsOf, countsOf } from '../support/both-sides';
import { AFTER_ALL, busyDesk } from '../support/busy-desk';

/**
 * The world stops at every call boundary of one busy round of both triggers: before a request is sent, after the server did it and before
 * its answer arrives, and between the last request of a run and its acknowledgement. Then n8n starts again and both triggers look until
 * all is quiet. Both systems must hold what they hold after a round that nothing disturbed: nothing lost, nothing twice.
 */

/** A failure that leaves n8n alive is here, too: an answer that is lost. */
export const MODES = {
	'killed before': { kills: 'before' },
	'killed after': { kills: 'after' },
	'answer lost at': { loses: true },
} satisfies Record<string, Partial<Hook>>;

export type Mode = keyof typeof MODES;

/** A round that nothing disturbs: what both systems hold after it, and how many requests and runs the round takes. */
async function undisturbed(options: WorldOptions) {
	const { world, triggers } = await busyDesk(options);
	try {
		triggers.runs = 0;
		await triggers.look();
		const [requests, runs] = [world.sent.length, triggers.runs];
		await triggers.settle();
		expect(triggers.failed.size).toBe(0);
		expect(triggers.reports).toEqual([]);
		expect(countsOf(world)).toEqual(AFTER_ALL);
		expect(disagreements(world)).toEqual([]);
		return { requests, runs, contents: contentsOf(world) };
	} finally {
		await world.close();
	}
}

/** One round with the world stopped at one point, and all that follows. Gives back what both systems hold then. */
async function stoppedAt(options: WorldOptions, point: { mode: Mode; request: number } | { run: number }) {
	const { world, triggers } = await busyDesk(options);
	try {
		triggers.runs = 0;
		let reached = false;
		if ('run' in point) triggers.diesBeforeAcknowledging = point.run;
		else world.on({ path: /^/, skip: point.request - 1, before: () => void (reached = true), ...MODES[point.mode] });
		await triggers.look();
		if ('run' in point) reached = triggers.runs >= point.run;
		triggers.restart();
		await triggers.settle();
		return { reached, contents: contentsOf(world), disagreements: disagreements(world), failed: [...triggers.failed.values()].map(({ error }) => error.message) };
	} finally {
		await world.close();
	}
}

/** With `FAULT_POINTS=all` every mode is played at every boundary. */
const ALL = process.env.FAULT_POINTS === 'all';

/**
 * Stops the world at every boundary.
 *
 * @param modes that are played. With one pair after the other, a kill before a request leaves what a kill after the one before it leaves.
 */
export function everyBoundary(name: string, options: WorldOptions, modes: Mode[]): void {
	test(`${name}: at every boundary, nothing lost and nothing twice`, async () => {
		const good = await undisturbed(options);
		const points: Array<Parameters<typeof stoppedAt>[1]> = [];
		for (const mode of ALL ? (Object.keys(MODES) as Mode[]) : modes) for (let request = 1; request <= good.requests; request++) points.push({ mode, request });
		for (let run = 1; run <= good.runs; run++) points.push({ run });
		let reached = 0;
		for (const point of points) {
			const outcome = await stoppedAt(options, point);
			if (outcome.reached) reached += 1;
			// The point goes along, so that a failure names it.
			expect({ point, ...outcome }).toEqual({ point, reached: outcome.reached, contents: good.contents, disagreements: [], failed: [] });
		}
		// With several pairs at once a round may take a request less than the one that was counted.
		expect(reached).toBeGreaterThanOrEqual(points.length * 0.97);
		process.stdout.write(`${name}: ${good.requests} requests, ${good.runs} runs, the world stopped at ${reached} points\n`);
	}, 1_200_000);
}
