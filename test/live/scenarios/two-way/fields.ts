import { to } from '../../oro-server';
import { NotRun, type Scenario } from '../../scenario';
import type { Stage } from '../../stage';
import { TwoWay } from '../../two-way';
import type { TicketChanges } from '../../zendesk-side';

/** Each field, in both directions (sync-rules §4). */
export const fields: readonly Scenario[] = [
	{
		name: 'two-way: subject, priority, status and contact changed in OroCRM',
		expected: 'one request to the ticket with that field alone, one for the base; hold and urgent stay until edited',
		channels: 'both',
		run: toTicket,
	},
	{
		name: 'two-way: assignee changed in OroCRM',
		expected: 'the agent with the user’s e-mail; one request with that alone',
		run: assigneeToTicket,
	},
	{
		name: 'two-way: assignee in OroCRM whom Zendesk doesn’t have',
		expected: 'the default Zendesk user; nothing comes back',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const { user: colleague, agent } = await sync.colleague();
			const stranger = await sync.stranger();
			if (agent.id === stage.zendesk.me.id) throw new NotRun('the default Zendesk user stands for the colleague here');
			const { ticket, case: oroCase } = await sync.linked({ assignee: agent.id, status: 'open' });
			stage.check.same('assigned to before', (await stage.theOne(ticket)).case.assignedTo, colleague);
			await sync.edit(oroCase, {}, { assignedTo: to('users', stranger.user) });
			const sent = await sync.sentToTickets(async () => await sync.fromCase(oroCase));
			stage.check.same('sent', sent, [{ assignee_id: stage.zendesk.me.id }]);
			stage.check.same('assigned to', (await stage.theOne(ticket)).case.assignedTo, stranger.user);
			return `assignee ${stage.zendesk.me.name}; ${await sync.quiet(ticket, oroCase)}`;
		},
	},
	{
		name: 'two-way: a contact whom Zendesk doesn’t have',
		expected: 'made in Zendesk once, becomes the requester; no second contact',
		run: newRequester,
	},
	{
		name: 'two-way: a ticket without a priority',
		expected: 'keeps none when something else is edited',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const { ticket, case: oroCase } = await sync.linked();
			await sync.edit(oroCase, { subject: stage.marked('Edited') });
			const sent = await sync.sentToTickets(async () => await sync.fromCase(oroCase));
			stage.check.same('sent', sent, [{ subject: stage.marked('Edited') }]);
			const { priority, status } = await sync.ticket(ticket);
			stage.check.same('priority and status', [priority, status], [null, 'new']);
			return `priority ${String(priority)}, status ${status}; ${await sync.quiet(ticket, oroCase)}`;
		},
	},
	{
		name: 'two-way: High under urgent, Resolved under solved',
		expected: 'equal values: nothing is written on either side',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const agent = await stage.zendesk.agent();
			const { ticket, case: oroCase } = await sync.linked({ status: 'solved', priority: 'urgent', assignee: agent.id });
			await sync.edit(oroCase, {}, { status: to('casestatuses', 'resolved'), priority: to('casepriorities', 'high') });
			return await sync.quiet(ticket, oroCase);
		},
	},
	{
		name: 'two-way: a description edited in OroCRM',
		expected: 'reported as skipped, 0 writes: a ticket’s description can’t be changed',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const { ticket, case: oroCase } = await sync.linked();
			await sync.edit(oroCase, { description: stage.marked('Another text') });
			let skipped: string[] = [];
			const writes = await sync.writes(async () => {
				skipped = (await sync.fromCase(oroCase)).skipped.map(({ field }) => field);
			});
			stage.check.same('skipped', skipped, ['description']);
			stage.check.same('writes', writes, { zendesk: 0, orocrm: 0 });
			return `skipped ${skipped.join(', ')}; ${await sync.quiet(ticket, oroCase)}`;
		},
	},
	{
		name: 'two-way: each field changed in Zendesk',
		expected: 'subject, status, priority, requester and assignee follow; 0 requests to Zendesk, 1 to OroCRM each',
		channels: 'both',
		run: toCase,
	},
];

async function toTicket(stage: Stage): Promise<string> {
	const { check } = stage;
	const sync = new TwoWay(stage);
	const agent = await stage.zendesk.agent();
	const heir = await sync.customer('Hedi Heir');
	const { ticket, case: oroCase } = await sync.linked({ status: 'hold', priority: 'urgent', assignee: agent.id });
	const status = (id: string) => ({ status: to('casestatuses', id) });
	const steps: Array<[string, () => Promise<void>, Record<string, unknown>, Record<string, unknown>]> = [
		[
			'subject',
			async () => await sync.edit(oroCase, { subject: stage.marked('Edited') }),
			{ subject: stage.marked('Edited') },
			{ status: 'hold', priority: 'urgent', assignee_id: agent.id },
		],
		[
			'priority',
			async () => await sync.edit(oroCase, {}, { priority: to('casepriorities', 'low') }),
			{ priority: 'low' },
			{ status: 'hold', subject: stage.marked('Edited') },
		],
		['status', async () => await sync.edit(oroCase, {}, status('resolved')), { status: 'solved' }, { priority: 'low' }],
		['status again', async () => await sync.edit(oroCase, {}, status('in_progress')), { status: 'pending' }, {}],
		[
			'contact',
			async () => await sync.edit(oroCase, {}, { relatedContact: to('contacts', heir.contact) }),
			{ requester_id: heir.person },
			{ status: 'pending', assignee_id: agent.id },
		],
	];
	for (const [name, edit, sent, kept] of steps) {
		await edit();
		let requests: Array<Record<string, unknown>> = [];
		const writes = await sync.writes(async () => {
			requests = await sync.sentToTickets(async () => await sync.fromCase(oroCase));
		});
		check.same(`${name}: sent`, requests, [sent]);
		check.same(`${name}: writes`, writes, { zendesk: 1, orocrm: 1 });
		check.fields(name, await sync.ticket(ticket), { ...sent, ...kept });
	}
	const { record } = await stage.theOne(ticket);
	const row = await stage.rowOf(heir.person);
	check.fields('record', record, {
		subject: stage.marked('Edited'),
		priority: 'low',
		status: 'pending',
		requester: row.id,
		originUpdatedAt: (await sync.ticket(ticket)).updated_at,
	});
	return `${steps.length} edits went out; ${await sync.quiet(ticket, oroCase)}`;
}

async function assigneeToTicket(stage: Stage): Promise<string> {
	const sync = new TwoWay(stage);
	const { user, agent } = await sync.colleague();
	const before = await stage.zendesk.agent();
	if (before.id === agent.id) throw new NotRun('the run knows one agent only');
	const { ticket, case: oroCase } = await sync.linked({ assignee: before.id, status: 'hold' });
	await sync.edit(oroCase, {}, { assignedTo: to('users', user) });
	const sent = await sync.sentToTickets(async () => await sync.fromCase(oroCase));
	stage.check.same('sent', sent, [{ assignee_id: agent.id }]);
	stage.check.fields('ticket', await sync.ticket(ticket), { assignee_id: agent.id, status: 'hold' });
	stage.check.same('record', (await stage.theOne(ticket)).record.assignee, (await stage.rowOf(agent.id)).id);
	return `assignee ${agent.name}; ${await sync.quiet(ticket, oroCase)}`;
}

async function newRequester(stage: Stage): Promise<string> {
	const sync = new TwoWay(stage);
	const { ticket, case: oroCase } = await sync.linked();
	const contact = await sync.newContact('Nora');
	await sync.edit(oroCase, {}, { relatedContact: to('contacts', contact) });
	await sync.fromCase(oroCase);
	const made = sync.traffic.toZendesk.filter(({ method, path }) => method === 'POST' && path === 'users.json');
	stage.check.same('people made', made.length, 1);
	const { requester_id: requester } = await sync.ticket(ticket);
	const { user } = await stage.zendesk.client.get<{ user: { email: string; name: string } }>(`users/${requester}.json`);
	stage.check.same('e-mail of the requester', user.email, stage.email('nora'));
	stage.check.fields('row', await stage.rowOf(Number(requester)), { relatedContact: contact });
	stage.check.same('contacts', (await stage.contactsWith(stage.email('nora'))).length, 1);
	return `requester ${user.name}; ${await sync.quiet(ticket, oroCase)}`;
}

async function toCase(stage: Stage): Promise<string> {
	const sync = new TwoWay(stage);
	const agent = await stage.zendesk.agent();
	const heir = await sync.customer('Hugo Heir');
	const linked = await sync.linked({ status: 'open', priority: 'normal', assignee: agent.id });
	const steps: Array<[string, TicketChanges, Record<string, unknown>]> = [
		['subject', { subject: stage.marked('Now it smokes') }, { subject: stage.marked('Now it smokes') }],
		['priority', { priority: 'urgent' }, { priority: 'high' }],
		['status', { status: 'solved' }, { status: 'closed' }],
		['status again', { status: 'hold' }, { status: 'in_progress' }],
		['requester', { requester: heir.person }, { relatedContact: heir.contact }],
	];
	const { colleague } = stage.run.facts;
	if (colleague && stage.zendesk.kind === 'practice') {
		const { id: assignee } = await stage.zendesk.agent(String(colleague.email));
		steps.push(['assignee', { assignee }, { assignedTo: colleague.id }]);
	}
	for (const [name, change, taken] of steps) {
		await stage.zendesk.changeTicket(linked.ticket, change);
		const writes = await sync.writes(async () => await sync.fromTicket(linked.ticket));
		stage.check.fields(name, (await stage.theOne(linked.ticket)).case, taken);
		stage.check.same(`${name}: writes`, writes, { zendesk: 0, orocrm: 1 });
	}
	const { status, priority } = await sync.ticket(linked.ticket);
	stage.check.same('status and priority of the ticket', [status, priority], ['hold', 'urgent']);
	return `${steps.length} edits came in; ${await sync.quiet(linked.ticket, linked.case)}`;
}
