import fc from 'fast-check';
import { CaseSource, unbegun } from '../../../pipeline/case-feed';
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

/** The OroCRM trigger's source, with small batches; a restart goes back to where the last batch that was handed out begins. */
function casesTrigger(world: TwoWayWorld): CasesDue {
	const { oro } = world.clients;
	const source = new CaseSource(oro, () => world.clients.knowledge, { batchSize: 3, published: { sources: [], owners: [] }, runDeadline: 60_000 });
	let state = unbegun(oro.apiUrl, 'everything');
	let stored = state;
	return {
		look: async () => {
			for (;;) {
				const batch = await source.read(state);
				if (batch.pairs.length === 0 && batch.more) {
					state = batch.next;
					continue;
				}
				if (batch.pairs.length > 0) stored = state;
				return { pairs: batch.pairs, more: batch.more, acknowledge: () => (state = batch.next) };
			}
		},
		restart: () => {
			state = stored;
		},
	};
}

/** Plays a sequence to its end; throws when the two sides don't agree then, or when one more round would write. */
export async function converges(actions: readonly Action[], winner: Winner, more: WorldOptions = {}): Promise<void> {
	const world = await TwoWayWorld.start({ ...more, rules: { twoWay: true, winner }, sync: { defaultZendeskUser: 'default.agent@desk.example' } });
	try {
		const play = new Play(world, castOf(world), casesTrigger(world));
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
