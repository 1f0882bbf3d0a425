import { CaseSource, unbegun } from '../../../../pipeline/case-feed';
import type { CaseFeedState } from '../../../../pipeline/case-feed';
import type { Pair } from '../../../../sync/pair';
import type { Scenario } from '../../scenario';
import type { Stage } from '../../stage';
import { TwoWay } from '../../two-way';

/** What OroCRM's trigger hands out, with the questions that it asks this server. */
export const trigger: readonly Scenario[] = [
	{
		name: 'two-way: the OroCRM trigger',
		expected: 'finds the edited, the commented and the new case, each once; own writes once more, then nothing',
		channels: 'both',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const [edited, commented] = [await sync.linked(), await sync.linked()];
			const looks = await begin(stage, sync);
			await sync.edit(edited.case, { subject: stage.marked('Edited') });
			await sync.comment(commented.case, stage.marked('A comment doesn’t move its case’s date'));
			const fresh = await sync.newCase();

			const due = await looks.next();
			stage.check.same('handed out', idsOf(due), [edited.case, commented.case, fresh.id]);
			await sync.publish(due);
			stage.check.same('subject', (await sync.ticket(edited.ticket)).subject, stage.marked('Edited'));
			stage.check.same('comments', (await sync.ticketComments(commented.ticket)).length, 2);
			const ticket = await sync.published(fresh.id);

			const again = await looks.next();
			const writes = await sync.writes(async () => await sync.publish(again));
			stage.check.same('writes of the second look', writes, { zendesk: 0, orocrm: 0 });
			stage.check.same('third look', idsOf(await looks.next()), []);
			return `${due.length} cases, ticket ${ticket.id} published; ${again.length} once more, ${writes.zendesk + writes.orocrm} writes`;
		},
	},
];

/** The trigger from now on. On a server with other people’s cases only the run's own are looked at. */
async function begin(stage: Stage, sync: TwoWay): Promise<{ next(): Promise<Pair[]> }> {
	const { oro, knowledge } = sync.clients();
	const settings = { batchSize: 50, published: { sources: [], owners: [] }, runDeadline: 60_000 };
	const source = new CaseSource(oro, () => knowledge, settings);
	let state: CaseFeedState = await source.begin(unbegun(oro.apiUrl, 'now'));
	const own = (pairs: readonly Pair[]) => pairs.filter((pair) => pair.case?.subject.includes(stage.mark));
	return {
		next: async () => {
			const found: Pair[] = [];
			for (let more = true; more; ) {
				const batch = await source.read(state);
				found.push(...own(batch.pairs));
				({ next: state, more } = batch);
			}
			return found;
		},
	};
}

function idsOf(pairs: readonly Pair[]): string[] {
	return pairs.map((pair) => pair.case?.id ?? '').sort((a, b) => Number(a) - Number(b));
}
