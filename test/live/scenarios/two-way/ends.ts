import { to } from '../../oro-server';
import type { Scenario } from '../../scenario';
import type { Stage } from '../../stage';
import { type Linked, TwoWay } from '../../two-way';

/** Closed and deleted tickets, deleted cases and records (sync-rules §5). */
export const twoWayEnds: readonly Scenario[] = [
	{
		name: 'two-way: edit and comment under a closed ticket',
		expected: 'stay in OroCRM, reported as skipped; 0 writes',
		channels: 'both',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const linked = await closed(sync);
			await sync.edit(linked.case, { subject: stage.marked('Too late') });
			await sync.comment(linked.case, stage.marked('Too late, too'));
			let outcome = '';
			const writes = await sync.writes(async () => {
				const result = await sync.fromCase(linked.case);
				outcome = result.outcome;
				stage.check.same(
					'skipped',
					result.skipped.map(({ field }) => field),
					['subject', 'comment'],
				);
			});
			stage.check.same('outcome', outcome, 'skipped');
			stage.check.same('writes', writes, { zendesk: 0, orocrm: 0 });
			stage.check.fields('case', (await stage.theOne(linked.ticket)).case, { subject: stage.marked('Too late') });
			return `${outcome}; ${await sync.quiet(linked.ticket, linked.case)}`;
		},
	},
	{
		name: 'two-way: the ticket is closed while it is written',
		expected: 'no failure: the edit stays in OroCRM and is reported, the case is closed',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const agent = await stage.zendesk.agent();
			const linked = await sync.linked({ assignee: agent.id, status: 'open' });
			await sync.edit(linked.case, { subject: stage.marked('Mine') });
			const meanwhile = async () => await stage.zendesk.changeTicket(linked.ticket, { status: 'closed' });
			sync.traffic.on({ system: 'Zendesk', method: 'PUT', path: /\/tickets\//, before: meanwhile });
			const { skipped } = await sync.fromCase(linked.case);
			stage.check.same(
				'skipped',
				skipped.map(({ field }) => field),
				['subject'],
			);
			const { case: after } = await stage.theOne(linked.ticket);
			stage.check.fields('case', after, { subject: stage.marked('Mine'), status: 'closed' });
			return `case ${String(after.status)}; ${await sync.quiet(linked.ticket, linked.case)}`;
		},
	},
	{
		name: 'two-way: comments under a closed ticket, with follow-up tickets',
		expected: 'one follow-up ticket takes them all, later ones too, each once',
		channels: 'both',
		run: followUp,
	},
	{
		name: 'two-way: a deleted ticket, its case edited',
		expected: 'passed over, no failure; the case stays; 0 writes to Zendesk',
		channels: 'both',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const linked = await sync.linked();
			await stage.zendesk.deleteTicket(linked.ticket);
			const exported = await stage.zendesk.exported(linked.ticket, 'deleted');
			await sync.edit(linked.case, { subject: stage.marked('Goes on') });
			await sync.comment(linked.case, stage.marked('Goes on, too'));
			const outcomes: string[] = [];
			const writes = await sync.writes(async () => {
				outcomes.push((await sync.fromCase(linked.case)).outcome);
				outcomes.push((await sync.fromExport(exported)).outcome);
				outcomes.push((await sync.fromCase(linked.case)).outcome);
			});
			stage.check.same('writes to Zendesk', writes.zendesk, 0);
			stage.check.same('outcomes', outcomes, ['skipped', 'skipped', 'skipped']);
			const { case: after } = await stage.theOne(linked.ticket);
			stage.check.fields('case', after, { subject: stage.marked('Goes on'), status: 'open' });
			return outcomes.join(', ');
		},
	},
	{
		name: 'two-way: a published ticket deleted before it was tied',
		expected: 'not made again, and its record keeps it so; said',
		// A real Zendesk takes some time until its list says that a ticket is gone.
		practiceOnly: true,
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const oroCase = await sync.newCase();
			sync.traffic.on({ system: 'Zendesk', method: 'POST', path: /\/tickets\.json$/, then: 'dies' });
			await sync.dies(async () => await sync.fromCase(oroCase.id));
			const { id } = await sync.published(oroCase.id);
			await stage.zendesk.deleteTicket(id);
			const { outcome, summary } = await sync.fromCase(oroCase.id);
			stage.check.same('outcome', outcome, 'skipped');
			stage.check.same('records', (await stage.look(id)).length, 1);
			stage.check.same('the next look', (await sync.fromCase(oroCase.id)).outcome, 'skipped');
			return summary;
		},
	},
	{
		name: 'two-way: a case deleted in OroCRM',
		expected: 'its ticket stays as it is, nothing is made again; 0 writes',
		channels: 'both',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const linked = await sync.linked();
			const before = await sync.ticket(linked.ticket);
			await stage.oro.remove('cases', [linked.case]);
			await stage.zendesk.addComment(linked.ticket, {
				body: stage.marked('Hello?'),
				public: true,
				author: linked.requester,
			});
			let outcome = '';
			const writes = await sync.writes(async () => {
				outcome = (await sync.fromTicket(linked.ticket)).outcome;
			});
			stage.check.same('outcome', outcome, 'skipped');
			stage.check.same('writes', writes, { zendesk: 0, orocrm: 0 });
			const { subject, status } = await sync.ticket(linked.ticket);
			stage.check.same('ticket', [subject, status], [before.subject, before.status]);
			return `${outcome}, ticket ${status}`;
		},
	},
	{
		name: 'two-way: a case deleted in OroCRM, made again by setting',
		expected: 'one new case with all comments; none is sent to the ticket again',
		run: async (stage) => {
			const sync = new TwoWay(stage, { settings: { deletedCases: 'recreate' } });
			const linked = await sync.linked();
			await sync.comment(linked.case, stage.marked('From OroCRM'));
			await sync.fromCase(linked.case);
			await stage.oro.remove('cases', [linked.case]);
			const writes = await sync.writes(async () => await sync.fromTicket(linked.ticket));
			const { case: fresh, comments } = await stage.theOne(linked.ticket);
			stage.check.same('writes to Zendesk', writes.zendesk, 0);
			stage.check.same('comments', comments.length, 2);
			stage.check.same('ticket’s comments', (await sync.ticketComments(linked.ticket)).length, 2);
			return `case ${linked.case} → ${fresh.id}, ${comments.length} comments; ${await sync.quiet(linked.ticket, fresh.id)}`;
		},
	},
	{
		name: 'two-way: the record of a ticket’s case deleted in OroCRM',
		expected: 'tied again by its key, no second ticket, no comment twice; without keys: refused, with the reason',
		channels: 'both',
		run: async (stage) => await recordDeleted(stage, async (sync) => await sync.linked()),
	},
	{
		name: 'two-way: the record of a published case deleted in OroCRM',
		expected: 'tied again by key or external id, no second ticket, no comment twice',
		channels: 'both',
		run: async (stage) => await recordDeleted(stage, publishedCase),
	},
	{
		name: 'two-way: a case moved to no contact',
		expected: 'reported as skipped: a ticket always has a requester; 0 writes',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const linked = await sync.linked();
			await sync.edit(linked.case, {}, { relatedContact: null });
			const skipped: string[] = [];
			const writes = await sync.writes(async () => {
				skipped.push(...(await sync.fromCase(linked.case)).skipped.map(({ field }) => field));
			});
			stage.check.same('skipped', skipped, ['relatedContact']);
			stage.check.same('writes', writes, { zendesk: 0, orocrm: 0 });
			stage.check.same('requester', (await sync.ticket(linked.ticket)).requester_id, linked.requester);
			return `skipped ${skipped.join(', ')}`;
		},
	},
];

async function closed(sync: TwoWay): Promise<Linked> {
	const { zendesk } = sync.stage;
	const agent = await zendesk.agent();
	const linked = await sync.linked({ assignee: agent.id, status: 'open' });
	await zendesk.changeTicket(linked.ticket, { status: 'closed' });
	await sync.fromTicket(linked.ticket);
	return linked;
}

async function followUp(stage: Stage): Promise<string> {
	const { check } = stage;
	const sync = new TwoWay(stage, { settings: { closedTickets: 'followUp' } });
	const linked = await closed(sync);
	const texts = ['First after the end', 'Second after the end', 'Third'].map((text) => stage.marked(text));
	for (const text of texts.slice(0, 2)) await sync.comment(linked.case, text);
	await sync.fromCase(linked.case);
	const { followup_ids: ids = [] } = await sync.ticket(linked.ticket);
	check.same('follow-up tickets', ids.length, 1);
	await sync.comment(linked.case, texts[2], { isPublic: false });
	await sync.fromCase(linked.case);
	check.same('follow-up tickets later', (await sync.ticket(linked.ticket)).followup_ids?.length, 1);
	const inZendesk = await sync.ticketComments(ids[0]);
	check.same('comments', inZendesk.length, 3);
	for (const [index, text] of texts.entries()) {
		const seen = inZendesk[index]?.plain_body ?? '';
		check.that(`comment ${index + 1}`, seen.includes(text), text, seen);
	}
	check.same(
		'visibility',
		inZendesk.map((one) => one.public),
		[true, true, false],
	);
	const quiet = await sync.quiet(linked.ticket, linked.case);
	// Zendesk's trigger hands out the follow-up ticket, too: it gets a case of its own.
	await sync.fromTicket(ids[0]);
	await sync.fromCase((await stage.theOne(ids[0])).case.id);
	check.same('comments after that', (await sync.ticketComments(ids[0])).length, 3);
	check.same('comments of the closed one', (await sync.ticketComments(linked.ticket)).length, 1);
	return `follow-up ticket ${ids.join(', ')}; ${quiet}; ${await sync.quiet(linked.ticket, linked.case)}`;
}

async function publishedCase(sync: TwoWay): Promise<Linked> {
	const contact = await sync.newContact('Paul');
	const oroCase = await sync.newCase({}, { relatedContact: to('contacts', contact) });
	await sync.fromCase(oroCase.id);
	const ticket = await sync.published(oroCase.id);
	const { record } = await sync.stage.theOne(ticket.id);
	return { ticket: ticket.id, case: oroCase.id, record: record.id, requester: Number(ticket.requester_id), contact };
}

async function recordDeleted(stage: Stage, begin: (sync: TwoWay) => Promise<Linked>): Promise<string> {
	const { check } = stage;
	const sync = new TwoWay(stage);
	const linked = await begin(sync);
	await sync.comment(linked.case, stage.marked('Sent before'));
	await sync.fromCase(linked.case);
	await stage.oro.remove('zendesktickets', [linked.record]);
	await sync.comment(linked.case, stage.marked('Sent after'));

	// Without keys only the external id of a published ticket leads back.
	if (!stage.run.facts.caseKeys && begin !== publishedCase) return await refusedWithoutKeys(sync, linked);
	await sync.fromCase(linked.case);
	const after = await stage.theOne(linked.ticket);
	check.same('case', after.case.id, linked.case);
	check.that('record', after.record.id !== linked.record, 'a new one', after.record.id);
	const texts = (await sync.ticketComments(linked.ticket)).map(({ plain_body: text }) => text ?? '');
	check.same('ticket’s comments', texts.length, 3);
	for (const text of ['Sent before', 'Sent after'])
		check.same(text, texts.filter((one) => one.includes(stage.marked(text))).length, 1);
	check.same('case’s comments', after.comments.length, 3);
	check.same('rows', after.rows.length, 3);
	return `record ${linked.record} → ${after.record.id}; ${await sync.quiet(linked.ticket, linked.case)}`;
}

/** Nobody knows the case's ticket any more, but that it had one shows: a second ticket must not be made. */
async function refusedWithoutKeys(sync: TwoWay, linked: Linked): Promise<string> {
	const { check } = sync.stage;
	let words = '';
	const writes = await sync.writes(async () => {
		words = await sync.fromCase(linked.case).then(
			() => 'It was not refused.',
			(error: unknown) => (error as Error).message,
		);
	});
	check.that('words', words.includes('its ticket record was deleted'), 'that the record was deleted', words);
	check.same('writes', writes, { zendesk: 0, orocrm: 0 });
	check.same('ticket’s comments', (await sync.ticketComments(linked.ticket)).length, 2);
	return `no keys here: ${words}`;
}
