import { ServerKnowledge } from '../../../orocrm/server-knowledge';
import type { Scenario } from '../scenario';
import type { Stage } from '../stage';

const AT_ONCE = 4;

/** Several workers at the same ticket (DESIGN "Made in one request, guarded by the database"). */
export const races: readonly Scenario[] = [
	{
		name: 'four workers make the same case at once',
		expected: 'one record, one case, one contact, all four end well',
		channels: 'with',
		run: async (stage) => {
			const requester = await stage.person('Ray Race');
			const { id } = await stage.ticket(requester, { subject: stage.marked(`Race ${stage.email('race')}`) });
			await fourAtOnce(stage, id);
			const stored = await stage.theOne(id);
			const cases = await stage.casesWith(String(stored.case.subject));
			const contacts = await stage.contactsWith(stage.email('ray'));
			stage.check.same('cases', cases.length, 1);
			stage.check.same('contacts', contacts.length, 1);
			stage.check.same('person rows', (await stage.rowsOf(requester)).length, 1);
			stage.check.same('comments', stored.comments.length, 1);
			return `1 record, ${cases.length} case, ${contacts.length} contact, ${stored.comments.length} comment`;
		},
	},
	{
		name: 'four workers bring the same new comment',
		expected: 'copied once, all four end well',
		channels: 'with',
		run: async (stage) => {
			const requester = await stage.person('Ruth Race');
			const { id } = await stage.ticket(requester);
			await stage.sync(id);
			await stage.zendesk.addComment(id, { body: stage.marked('Once, please'), public: true, author: requester });
			await fourAtOnce(stage, id);
			const { comments, rows } = await stage.theOne(id);
			const texts = [stage.marked('It burns, please come.'), stage.marked('Once, please')];
			stage.check.same(
				'comments',
				comments.map(({ message }) => message),
				texts,
			);
			stage.check.same('rows', rows.length, 2);
			return `${comments.length} comments, ${rows.length} rows`;
		},
	},
	{
		name: 'one after the other, without integration',
		expected: 'a second worker that knows nothing finds the case: none is made twice',
		run: async (stage) => {
			const requester = await stage.person('Rob Row');
			const { id } = await stage.ticket(requester, { subject: stage.marked(`Row ${stage.email('row')}`) });
			await stage.sync(id, { settings: { channel: null } });
			const writes = await stage.writes(
				async () =>
					await stage.sync(id, { settings: { channel: null }, clients: stage.clients(new ServerKnowledge(0)) }),
			);
			const stored = await stage.theOne(id);
			const cases = await stage.casesWith(String(stored.case.subject));
			stage.check.same('cases', cases.length, 1);
			stage.check.same('writes of the second', writes, 0);
			return `${cases.length} case; second worker: ${writes} writes`;
		},
	},
];

/** Four workers that know nothing of the server and of each other. Throws when one of them ends badly. */
async function fourAtOnce(stage: Stage, ticket: number): Promise<void> {
	await Promise.all(
		Array.from(
			{ length: AT_ONCE },
			async () => await stage.sync(ticket, { clients: stage.clients(new ServerKnowledge(0)) }),
		),
	);
}
