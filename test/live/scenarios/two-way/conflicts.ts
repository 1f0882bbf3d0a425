import type { Winner } from '../../../../sync/reconcile';
import { to } from '../../oro-server';
import type { Scenario } from '../../scenario';
import type { Stage } from '../../stage';
import { TwoWay } from '../../two-way';

const SIDES = ['ticket', 'case'] as const;
type Side = (typeof SIDES)[number];

/** Both sides changed since the last look (sync-rules §4). */
export const conflicts: readonly Scenario[] = [
	...(['remote', 'local'] as const).flatMap((winner) =>
		SIDES.map(
			(side): Scenario => ({
				name: `two-way: conflicts, ${winner} wins, the ${side} is seen first`,
				expected: `both sides say what the ${winner === 'remote' ? 'ticket' : 'case'} says; each told with both values`,
				run: async (stage) => await everyField(stage, winner, side),
			}),
		),
	),
	...SIDES.map(
		(side): Scenario => ({
			name: `two-way: different fields edited on both sides, the ${side} is seen first`,
			expected: 'each side keeps its own and takes the other’s, no conflict',
			run: async (stage) => await merged(stage, side),
		}),
	),
	{
		name: 'two-way: both sides edited to the same value',
		expected: 'no conflict, nothing goes to the ticket, only the record moves',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const { ticket, case: oroCase } = await sync.linked();
			await sync.edit(oroCase, { subject: stage.marked('Same') });
			await stage.zendesk.changeTicket(ticket, { subject: stage.marked('Same') });
			let told = -1;
			const writes = await sync.writes(async () => {
				told = (await sync.fromCase(oroCase)).conflicts.length;
			});
			stage.check.same('conflicts', told, 0);
			stage.check.same('writes', writes, { zendesk: 0, orocrm: 1 });
			return await sync.quiet(ticket, oroCase);
		},
	},
	{
		name: 'two-way: the ticket is edited between look and write',
		expected: 'refused by the guard, read and merged again: both edits stand',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const { ticket, case: oroCase } = await sync.linked({ priority: 'normal' });
			await sync.edit(oroCase, { subject: stage.marked('Mine') });
			const meanwhile = async () => await stage.zendesk.changeTicket(ticket, { priority: 'low' });
			sync.traffic.on({ system: 'Zendesk', method: 'PUT', path: /\/tickets\//, before: meanwhile });
			const sent = await sync.sentToTickets(async () => await sync.fromCase(oroCase));
			stage.check.same('requests', sent, [{ subject: stage.marked('Mine') }, { subject: stage.marked('Mine') }]);
			stage.check.fields('ticket', await sync.ticket(ticket), { subject: stage.marked('Mine'), priority: 'low' });
			const { case: after } = await stage.theOne(ticket);
			stage.check.fields('case', after, { subject: stage.marked('Mine'), priority: 'low' });
			return `${sent.length} requests; ${await sync.quiet(ticket, oroCase)}`;
		},
	},
	{
		name: 'two-way: the case is edited while its ticket is written',
		expected: 'the newer edit follows, none is lost',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const { ticket, case: oroCase } = await sync.linked({ priority: 'normal' });
			await sync.edit(oroCase, { subject: stage.marked('First') });
			const meanwhile = async () => {
				await sync.edit(oroCase, { subject: stage.marked('Second') }, { priority: to('casepriorities', 'low') });
			};
			sync.traffic.on({ system: 'Zendesk', method: 'PUT', path: /\/tickets\//, before: meanwhile });
			await sync.fromCase(oroCase);
			await sync.fromCase(oroCase);
			const expected = { subject: stage.marked('Second'), priority: 'low' };
			stage.check.fields('ticket', await sync.ticket(ticket), expected);
			stage.check.fields('case', (await stage.theOne(ticket)).case, expected);
			return await sync.quiet(ticket, oroCase);
		},
	},
	{
		name: 'two-way: the answer to an edit is lost',
		expected: 'nothing is sent twice, the record is saved',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const { ticket, case: oroCase } = await sync.linked();
			await sync.edit(oroCase, { subject: stage.marked('Mine') });
			sync.traffic.on({ system: 'Zendesk', method: 'PUT', path: /\/tickets\//, then: 'loses' });
			const sent = await sync.sentToTickets(async () => await sync.fromCase(oroCase));
			stage.check.same('requests', sent.length, 1);
			const { record } = await stage.theOne(ticket);
			stage.check.fields('record', record, { subject: stage.marked('Mine') });
			return `${sent.length} request; ${await sync.quiet(ticket, oroCase)}`;
		},
	},
];

/** Every field to different values on both sides, and one look. */
async function everyField(stage: Stage, winner: Winner, side: Side): Promise<string> {
	const { check } = stage;
	const sync = new TwoWay(stage, { winner });
	const agents = await agentsOf(stage);
	const [theirs, mine] = [await sync.customer('Tess Theirs'), await sync.customer('Mina Mine')];
	const linked = await sync.linked({ status: 'open', priority: 'normal', assignee: agents.base });
	await stage.zendesk.changeTicket(linked.ticket, {
		subject: stage.marked('Theirs'),
		status: 'solved',
		priority: 'urgent',
		requester: theirs.person,
		...(agents.remote === undefined ? {} : { assignee: agents.remote }),
	});
	await sync.edit(
		linked.case,
		{ subject: stage.marked('Mine') },
		{
			status: to('casestatuses', 'in_progress'),
			priority: to('casepriorities', 'low'),
			relatedContact: to('contacts', mine.contact),
			...(agents.local ? { assignedTo: to('users', agents.local.user) } : {}),
		},
	);
	const result = side === 'ticket' ? await sync.fromTicket(linked.ticket) : await sync.fromCase(linked.case);

	const said = [
		{ field: 'subject', remote: stage.marked('Theirs'), local: stage.marked('Mine') },
		{ field: 'status', remote: 'closed', local: 'in_progress' },
		{ field: 'priority', remote: 'high', local: 'low' },
		...(agents.local ? [{ field: 'assignedTo', remote: stage.owner, local: agents.local.user }] : []),
		{ field: 'relatedContact', remote: theirs.contact, local: mine.contact },
	];
	check.same(
		'conflicts',
		result.conflicts.map(({ field, remote, local }) => ({ field, remote, local })),
		said,
	);
	check.same('winners', [...new Set(result.conflicts.map((one) => one.winner))], [winner]);
	const ticket = await sync.ticket(linked.ticket);
	const { case: oroCase, record } = await stage.theOne(linked.ticket);
	if (winner === 'remote') {
		check.fields('ticket', ticket, {
			subject: stage.marked('Theirs'),
			status: 'solved',
			priority: 'urgent',
			requester_id: theirs.person,
		});
		check.fields('case', oroCase, Object.fromEntries(said.map(({ field, remote }) => [field, remote])));
	} else {
		check.fields('ticket', ticket, {
			subject: stage.marked('Mine'),
			status: 'pending',
			priority: 'low',
			requester_id: mine.person,
			...(agents.local ? { assignee_id: agents.local.agent } : {}),
		});
		check.fields('case', oroCase, Object.fromEntries(said.map(({ field, local }) => [field, local])));
	}
	const { subject, status, priority, updated_at: originUpdatedAt } = ticket;
	check.fields('record', record, { subject, status, priority, originUpdatedAt });
	return `${result.conflicts.length} conflicts told; ${await sync.quiet(linked.ticket, linked.case)}`;
}

interface Agents {
	base: number;
	/** Another agent, to whom the ticket is given; neither of the two has an OroCRM user. */
	remote?: number;
	local?: { user: string; agent: number };
}

/** In a real account only one agent is known for sure: the assignee is left out there. */
async function agentsOf(stage: Stage): Promise<Agents> {
	const base = await stage.zendesk.agent();
	const { colleague } = stage.run.facts;
	if (!colleague || stage.zendesk.kind === 'real') return { base: base.id };
	const local = await stage.zendesk.agent(String(colleague.email));
	return { base: base.id, remote: stage.zendesk.me.id, local: { user: colleague.id, agent: local.id } };
}

async function merged(stage: Stage, side: Side): Promise<string> {
	const sync = new TwoWay(stage);
	const agent = await stage.zendesk.agent();
	const linked = await sync.linked({ status: 'hold', priority: 'urgent', assignee: agent.id });
	await stage.zendesk.changeTicket(linked.ticket, { subject: stage.marked('Theirs') });
	await sync.edit(linked.case, {}, { priority: to('casepriorities', 'low') });
	let told = -1;
	const sent = await sync.sentToTickets(async () => {
		const look = side === 'ticket' ? sync.fromTicket(linked.ticket) : sync.fromCase(linked.case);
		told = (await look).conflicts.length;
	});
	stage.check.same('conflicts', told, 0);
	stage.check.same('sent', sent, [{ priority: 'low' }]);
	stage.check.fields('ticket', await sync.ticket(linked.ticket), {
		subject: stage.marked('Theirs'),
		priority: 'low',
		status: 'hold',
	});
	const { case: oroCase } = await stage.theOne(linked.ticket);
	stage.check.fields('case', oroCase, { subject: stage.marked('Theirs'), priority: 'low' });
	return await sync.quiet(linked.ticket, linked.case);
}
