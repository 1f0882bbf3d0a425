import fc from 'fast-check';
import { TwoWayWorld } from '../../support/two-way-world';
import type { WorldOptions } from '../../support/two-way-world';
import type { Winner } from '../../../sync/reconcile';
import { sequence } from './actions';
import type { Action } from './actions';
import { disagreements } from './agreement';
import { castOf, Play } from './play';
import type { CasesDue } from './play';

/** How many sequences each file plays; `npm test two-way -- --sequences=5000` plays more. */
export const RUNS = Number(process.env.CONVERGENCE_RUNS ?? 500);

/** Every linked case at each look, and the others until they were handled: what the trigger hands out is a part of it. */
function everyCase(world: TwoWayWorld): CasesDue {
	const handled = new Set<unknown>();
	return {
		look: () => {
			const linked = new Set(world.orocrm.store.all('zendesktickets').map((record) => record.relatedCase));
			const due = world.orocrm.store.all('cases').filter(({ id }) => linked.has(id) || !handled.has(id));
			return Promise.resolve({ pairs: world.pairsOfCases(...due), acknowledge: () => due.forEach(({ id }) => handled.add(id)) });
		},
		restart: () => undefined,
	};
}

/** Plays a sequence to its end; throws when the two sides don't agree then, or when one more round would write. */
export async function converges(actions: readonly Action[], winner: Winner, more: WorldOptions = {}): Promise<void> {
	const world = await TwoWayWorld.start({ ...more, rules: { twoWay: true, winner }, sync: { defaultZendeskUser: 'default.agent@desk.example' } });
	try {
		const play = new Play(world, castOf(world), everyCase(world));
		await play.run(actions);
		await play.settle();
		// What was deleted by hand in OroCRM is only found out when its ticket or case is looked at again.
		await play.everythingAgain();
		await play.settle();
		await play.everythingAgain();
		const { zendesk, orocrm } = world.writes();
		expect({ zendesk, orocrm }).toEqual({ zendesk: [], orocrm: [] });
		expect(play.failures.map(({ message }) => message)).toEqual([]);
		expect(disagreements(world)).toEqual([]);
	} finally {
		await world.close();
	}
}

/**
 * Random sequences; a failure prints its seed.
 *
 * @param share of the usual number
 */
export function convergence(winner: Winner, share = 1, name = '', more: WorldOptions = {}): void {
	const runs = Math.ceil(RUNS * share);
	const seed = process.env.CONVERGENCE_SEED;
	test(`${runs} random sequences, ${winner} wins${name}: both sides agree, and one more round writes nothing`, async () => {
		await fc.assert(
			fc.asyncProperty(sequence, async (actions) => await converges(actions, winner, more)),
			// A sequence takes a tenth of a second, so a failure is only shrunk when it is played again by its seed.
			{ numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }), endOnFailure: seed === undefined },
		);
	}, 1_000_000_000);
}
