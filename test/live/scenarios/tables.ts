import type { Scenario } from '../scenario';
import type { Stage } from '../stage';
import type { NewTicket } from '../zendesk-side';

type Status = NonNullable<NewTicket['status']>;
type Priority = NonNullable<NewTicket['priority']>;

const STATUSES: Array<[Status, string]> = [
	['new', 'open'],
	['open', 'open'],
	['pending', 'in_progress'],
	['hold', 'in_progress'],
	['solved', 'closed'],
	['closed', 'closed'],
];

const PRIORITIES: Array<[Priority | undefined, string]> = [
	['low', 'low'],
	['normal', 'normal'],
	['high', 'high'],
	['urgent', 'high'],
	[undefined, 'normal'],
];

const SOURCES: Array<[string, string]> = [
	['email', 'email'],
	['voice', 'phone'],
	['web', 'web'],
	['twitter', 'other'],
];

/** The tables of sync-rules §2, value by value. */
export const tables: readonly Scenario[] = [
	{
		name: 'all statuses',
		expected: STATUSES.map(([ticket, oroCase]) => `${ticket}→${oroCase}`).join(', '),
		run: async (stage) => {
			const agent = await stage.zendesk.agent();
			return await each(stage, STATUSES, 'status', (status) => ({
				status,
				...(status === 'new' ? {} : { assignee: agent.id }),
			}));
		},
	},
	{
		name: 'all priorities',
		expected: PRIORITIES.map(([ticket, oroCase]) => `${ticket ?? 'none'}→${oroCase}`).join(', '),
		run: async (stage) => await each(stage, PRIORITIES, 'priority', (priority) => ({ priority })),
	},
	{
		name: 'sources',
		expected: SOURCES.map(([channel, source]) => `${channel}→${source}`).join(', '),
		practiceOnly: true,
		run: async (stage) => {
			const requester = await stage.person('Tina Table');
			const seen: string[] = [];
			for (const [channel, source] of SOURCES) {
				const { id } = await stage.ticket(requester, { channel });
				await stage.sync(id);
				const { case: oroCase } = await stage.theOne(id);
				stage.check.fields(channel, oroCase, { source });
				seen.push(`${channel}→${String(oroCase.source)}`);
			}
			return seen.join(', ');
		},
	},
];

async function each<T extends string | undefined>(
	stage: Stage,
	table: ReadonlyArray<[T, string]>,
	field: 'status' | 'priority',
	values: (value: T) => Partial<NewTicket>,
): Promise<string> {
	const requester = await stage.person('Tina Table');
	const ids: number[] = [];
	for (const [value] of table) ids.push((await stage.ticket(requester, values(value))).id);
	await stage.sync(ids);
	const seen: string[] = [];
	for (const [index, [value, expected]] of table.entries()) {
		const stored = await stage.theOne(ids[index]);
		stage.check.fields(value ?? 'none', stored.case, { [field]: expected });
		stage.check.fields(value ?? 'none', stored.record, { [field]: value ?? null });
		if (field === 'status' && expected !== 'closed')
			stage.check.fields(value ?? 'none', stored.case, { closedAt: null });
		seen.push(`${value ?? 'none'}→${String(stored.case[field])}`);
	}
	return seen.join(', ');
}
