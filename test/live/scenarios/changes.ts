import { to } from '../oro-server';
import type { Scenario } from '../scenario';
import type { Stage } from '../stage';
import type { TicketChanges } from '../zendesk-side';

/** Later changes: the three-way merge, as far as it concerns the case (sync-rules §4). */
export const changes: readonly Scenario[] = [
	{
		name: 'each field changed in Zendesk',
		expected: 'subject, status, priority, assignee and requester follow, one by one; 1 write each, then 0',
		channels: 'both',
		run: eachField,
	},
	{
		name: 'a change in OroCRM',
		expected: 'stays, and is said; the other fields follow',
		channels: 'both',
		run: async (stage) => {
			const { ticket, oroCase } = await synced(stage);
			await stage.oro.change('cases', oroCase.id, { subject: stage.marked('Edited by hand') });
			await stage.zendesk.changeTicket(ticket, { priority: 'low' });
			const [result] = await stage.sync(ticket);
			const after = await stage.theOne(ticket);
			stage.check.fields('case', after.case, { subject: stage.marked('Edited by hand'), priority: 'low' });
			stage.check.same(
				'skipped',
				result.skipped.map(({ field }) => field),
				['subject'],
			);
			stage.check.same('conflicts', result.conflicts, []);
			stage.check.same('writes of a second sync', await stage.writes(async () => await stage.sync(ticket)), 0);
			return `subject "${String(after.case.subject)}", priority ${String(after.case.priority)}`;
		},
	},
	{
		name: 'the same field changed on both sides',
		expected: 'Zendesk’s value wins, reported as a conflict with both values',
		channels: 'both',
		run: async (stage) => {
			const { ticket, oroCase } = await synced(stage);
			await stage.oro.change('cases', oroCase.id, { subject: stage.marked('Mine') });
			await stage.zendesk.changeTicket(ticket, { subject: stage.marked('Theirs') });
			const [result] = await stage.sync(ticket);
			const after = await stage.theOne(ticket);
			stage.check.fields('case', after.case, { subject: stage.marked('Theirs') });
			stage.check.fields('record', after.record, { subject: stage.marked('Theirs') });
			stage.check.same('conflicts', result.conflicts, [
				{
					field: 'subject',
					remote: stage.marked('Theirs'),
					local: stage.marked('Mine'),
					base: stage.marked('The printer is on fire'),
					winner: 'remote',
				},
			]);
			return `subject "${String(after.case.subject)}", ${result.conflicts.length} conflict`;
		},
	},
	{
		name: 'both sides changed to the same value',
		expected: 'no conflict, the case is not touched',
		run: async (stage) => {
			const { ticket, oroCase } = await synced(stage);
			await stage.oro.change('cases', oroCase.id, { subject: stage.marked('Same') });
			const before = await stage.theOne(ticket);
			await stage.zendesk.changeTicket(ticket, { subject: stage.marked('Same') });
			const [result] = await stage.sync(ticket);
			const after = await stage.theOne(ticket);
			stage.check.same('conflicts', result.conflicts, []);
			stage.check.fields('record', after.record, { subject: stage.marked('Same') });
			stage.check.same('last change of the case', after.case.updatedAt, before.case.updatedAt);
			return `${result.conflicts.length} conflicts, changes: ${result.changes.length}`;
		},
	},
	{
		name: 'In Progress under a ticket on hold',
		expected: 'left alone',
		run: async (stage) => await leftAlone(stage, { status: 'hold' }, 'status', 'in_progress', 'in_progress'),
	},
	{
		name: 'Resolved in OroCRM, solved in Zendesk',
		expected: 'equal: Resolved stays',
		run: async (stage) => await leftAlone(stage, { status: 'solved' }, 'status', 'resolved', 'resolved'),
	},
	{
		name: 'High in OroCRM, urgent in Zendesk',
		expected: 'equal: High stays',
		run: async (stage) => await leftAlone(stage, { priority: 'urgent' }, 'priority', 'high', 'high'),
	},
	{
		name: 'fields that are not mapped',
		expected: 'the case’s resolution and source stay',
		run: async (stage) => {
			const { ticket, oroCase } = await synced(stage);
			await stage.oro.change(
				'cases',
				oroCase.id,
				{ resolution: 'Turned it off' },
				{ source: to('casesources', 'phone') },
			);
			await stage.zendesk.changeTicket(ticket, { subject: stage.marked('New subject') });
			await stage.sync(ticket);
			const after = await stage.theOne(ticket);
			stage.check.fields('case', after.case, {
				subject: stage.marked('New subject'),
				resolution: 'Turned it off',
				source: 'phone',
			});
			return `resolution "${String(after.case.resolution)}", source ${String(after.case.source)}`;
		},
	},
];

async function synced(stage: Stage) {
	const requester = await stage.person('Cora Change');
	const agent = await stage.zendesk.agent();
	const { id } = await stage.ticket(requester, { assignee: agent.id, status: 'open', priority: 'normal' });
	await stage.sync(id);
	return { ticket: id, oroCase: (await stage.theOne(id)).case };
}

async function eachField(stage: Stage): Promise<string> {
	const { ticket } = await synced(stage);
	const heir = await stage.person('Hera Heir');
	const steps: Array<[string, TicketChanges, () => Promise<Record<string, unknown>>]> = [
		['subject', { subject: stage.marked('Now it smokes') }, async () => ({ subject: stage.marked('Now it smokes') })],
		['status', { status: 'solved' }, async () => ({ status: 'closed' })],
		['status again', { status: 'open' }, async () => ({ status: 'open' })],
		['priority', { priority: 'urgent' }, async () => ({ priority: 'high' })],
		[
			'requester',
			{ requester: heir },
			async () => ({ relatedContact: (await stage.contactsWith(stage.email('hera')))[0]?.id }),
		],
	];
	const { colleague } = stage.run.facts;
	if (colleague && stage.zendesk.kind === 'practice') {
		const { id: assignee } = await stage.zendesk.agent(String(colleague.email));
		steps.push(['assignee', { assignee }, async () => ({ assignedTo: colleague.id })]);
	}
	const seen: string[] = [];
	for (const [name, change, expected] of steps) {
		await stage.zendesk.changeTicket(ticket, change);
		const writes = await stage.writes(async () => await stage.sync(ticket));
		const { case: oroCase } = await stage.theOne(ticket);
		stage.check.fields(name, oroCase, await expected());
		stage.check.same(`${name}: writes`, writes, 1);
		stage.check.same(`${name}: writes of a second sync`, await stage.writes(async () => await stage.sync(ticket)), 0);
		seen.push(name);
	}
	const { record } = await stage.theOne(ticket);
	const status = {
		subject: stage.marked('Now it smokes'),
		status: 'open',
		priority: 'urgent',
		requester: (await stage.rowOf(heir)).id,
	};
	stage.check.fields('record', record, status);
	return `${seen.join(', ')} followed`;
}

/** Sets a field on the case by hand, then its equal on the ticket: the case's value must stay, without a word of conflict. */
async function leftAlone(
	stage: Stage,
	change: TicketChanges,
	field: 'status' | 'priority',
	local: string,
	expected: string,
): Promise<string> {
	const { ticket, oroCase } = await synced(stage);
	const type = field === 'status' ? 'casestatuses' : 'casepriorities';
	await stage.oro.change('cases', oroCase.id, {}, { [field]: to(type, local) });
	await stage.zendesk.changeTicket(ticket, change);
	const [result] = await stage.sync(ticket);
	const { case: after } = await stage.theOne(ticket);
	stage.check.fields('case', after, { [field]: expected });
	stage.check.same('conflicts', result.conflicts, []);
	stage.check.same(
		'changes',
		result.changes.filter((one) => one.field === field),
		[],
	);
	return `${field} ${String(after[field])}`;
}
