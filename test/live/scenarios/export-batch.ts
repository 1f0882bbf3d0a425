import { pairsOf } from '../../../pipeline/ticket-pairs';
import type { Pair } from '../../../sync/pair';
import type { Stage } from '../stage';

/** Syncs tickets as the trigger hands them out: read from the export, in one run. */
export async function inOneRunThroughTheExport(stage: Stage, ids: readonly number[]): Promise<void> {
	const pairs: Pair[] = [];
	for (const id of ids) pairs.push(...pairsOf([await stage.zendesk.exported(id)], []));
	await stage.publish(pairs);
}
