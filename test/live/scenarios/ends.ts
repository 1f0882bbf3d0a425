import type { PublishSettings } from '../../../sync/plan';
import { NotRun, type Scenario } from '../scenario';
import type { Stage } from '../stage';

/** What becomes of tickets and cases that end (sync-rules §5). */
export const ends: readonly Scenario[] = [
	{
		name: 'a deleted ticket, cases are left',
		expected: 'the case stays as it is; its texts, too',
		channels: 'both',
		run: async (stage) => await deleted(stage, 'leave', 'open'),
	},
	{
		name: 'a deleted ticket, cases are closed',
		expected: 'the case is closed, not deleted; its texts stay',
		channels: 'both',
		run: async (stage) => await deleted(stage, 'close', 'closed'),
	},
	{
		name: 'a deleted ticket that was never synced',
		expected: 'skipped, no case',
		run: async (stage) => {
			const { id } = await stage.ticket(await stage.person('Nina Never'));
			await stage.zendesk.deleteTicket(id);
			const result = await stage.syncExported(await stage.zendesk.exported(id, 'deleted'));
			stage.check.same('outcome', result.outcome, 'skipped');
			const records = await stage.look(id);
			stage.check.same('records', records.length, 0);
			return `${result.outcome}, ${records.length} records`;
		},
	},
	{
		name: 'a merged ticket',
		expected: 'its case is closed, the other one gets the note; no case is made twice',
		channels: 'both',
		run: merged,
	},
	{
		name: 'a closed ticket',
		expected: 'the case is closed',
		run: async (stage) => {
			const agent = await stage.zendesk.agent();
			const { id } = await stage.ticket(await stage.person('Clara Closed'), { assignee: agent.id, status: 'open' });
			await stage.sync(id);
			await stage.zendesk.changeTicket(id, { status: 'closed' });
			await stage.sync(id);
			const { case: oroCase, record } = await stage.theOne(id);
			stage.check.fields('case', oroCase, { status: 'closed' });
			stage.check.fields('record', record, { status: 'closed' });
			stage.check.that('closed at', oroCase.closedAt !== null, 'a date', oroCase.closedAt);
			return `case ${String(oroCase.status)}, record ${String(record.status)}`;
		},
	},
	{
		name: 'a case deleted in OroCRM, left so',
		expected: 'not made again, skipped; 0 writes',
		channels: 'both',
		run: async (stage) => {
			const { id, requester, oroCase } = await withCase(stage);
			await stage.oro.remove('cases', [oroCase.id]);
			await stage.zendesk.addComment(id, { body: stage.marked('Hello?'), public: true, author: requester });
			let outcome = '';
			const writes = await stage.writes(async () => {
				outcome = (await stage.sync(id))[0].outcome;
			});
			const [stored, ...more] = await stage.look(id);
			stage.check.same('outcome', outcome, 'skipped');
			stage.check.same('writes', writes, 0);
			stage.check.same('further records', more.length, 0);
			stage.check.same('case', stored?.case ?? null, null);
			return `${outcome}; ${writes} writes`;
		},
	},
	{
		name: 'a case deleted in OroCRM, made again',
		expected: 'one new case with all comments, under the same record',
		channels: 'both',
		run: async (stage) => {
			const { id, requester, oroCase, recordId } = await withCase(stage);
			await stage.oro.remove('cases', [oroCase.id]);
			await stage.zendesk.addComment(id, { body: stage.marked('Hello?'), public: true, author: requester });
			await stage.sync(id, { settings: { deletedCases: 'recreate' } });
			const { case: fresh, record, comments, rows } = await stage.theOne(id);
			stage.check.same('record', record.id, recordId);
			stage.check.that('case', fresh.id !== oroCase.id, 'a new one', fresh.id);
			stage.check.fields('case', fresh, {
				subject: stage.marked('The printer is on fire'),
				relatedContact: oroCase.relatedContact,
			});
			const texts = [stage.marked('It burns, please come.'), stage.marked('Hello?')];
			stage.check.same(
				'comments',
				comments.map(({ message }) => message),
				texts,
			);
			stage.check.same('rows', rows.length, 2);
			const again = await stage.writes(async () => await stage.sync(id, { settings: { deletedCases: 'recreate' } }));
			stage.check.same('writes of a second sync', again, 0);
			return `case ${oroCase.id} → ${fresh.id}, ${comments.length} comments`;
		},
	},
	{
		name: 'a ticket record deleted in OroCRM',
		expected: 'the case is found by its key and kept with its comments, the record is made again',
		channels: 'both',
		run: async (stage) => await recordDeleted(stage, false),
	},
	{
		name: 'a record and its comment rows deleted in OroCRM',
		expected: 'the same: the comments are recognised by their texts, none is doubled',
		channels: 'both',
		run: async (stage) => await recordDeleted(stage, true),
	},
	{
		name: 'a record and its case deleted in OroCRM',
		expected: 'both are made again, with the comments',
		channels: 'both',
		run: async (stage) => {
			const { id, oroCase, recordId } = await withCase(stage);
			await stage.oro.remove('zendesktickets', [recordId]);
			await stage.oro.remove('cases', [oroCase.id]);
			await stage.sync(id);
			const after = await stage.theOne(id);
			stage.check.same('comments', after.comments.length, 1);
			const again = await stage.writes(async () => await stage.sync(id));
			stage.check.same('writes of a second sync', again, 0);
			return `case ${oroCase.id} → ${after.case.id}, record ${recordId} → ${after.record.id}, ${after.comments.length} comment`;
		},
	},
];

async function withCase(stage: Stage) {
	const requester = await stage.person('Ella End');
	const { id } = await stage.ticket(requester);
	await stage.sync(id);
	const { case: oroCase, record } = await stage.theOne(id);
	return { id, requester, oroCase, recordId: record.id };
}

async function deleted(
	stage: Stage,
	deletedTickets: PublishSettings['deletedTickets'],
	status: string,
): Promise<string> {
	const { id, oroCase } = await withCase(stage);
	await stage.zendesk.deleteTicket(id);
	const ticket = await stage.zendesk.exported(id, 'deleted');
	await stage.syncExported(ticket, { settings: { deletedTickets } });
	const after = await stage.theOne(id);
	stage.check.fields('case', after.case, {
		id: oroCase.id,
		status,
		subject: oroCase.subject,
		description: oroCase.description,
	});
	stage.check.fields('record', after.record, { subject: oroCase.subject, originUpdatedAt: ticket.updated_at });
	const again = await stage.writes(async () => await stage.syncExported(ticket, { settings: { deletedTickets } }));
	stage.check.same('writes of a second sync', again, 0);
	return `case ${after.case.id} is ${String(after.case.status)}; again: ${again} writes`;
}

async function merged(stage: Stage): Promise<string> {
	const requester = await stage.person('Meg Merged');
	const source = await stage.ticket(requester, { subject: stage.marked('Twice') });
	const target = await stage.ticket(requester, { subject: stage.marked('Once') });
	await stage.sync([source.id, target.id]);
	await stage.zendesk.mergeTicket(source.id, target.id);
	const [first] = await stage.sync([source.id, target.id]);
	const gone = await stage.theOne(source.id);
	const kept = await stage.theOne(target.id);
	stage.check.fields('case of the merged ticket', gone.case, { status: 'closed' });
	stage.check.fields('other case', kept.case, { status: 'open' });
	stage.check.same('comments of the merged one', gone.comments.length, 2);
	stage.check.same('comments of the other one', kept.comments.length, 2);
	stage.check.same('the note is internal', kept.comments[1]?.public, false);
	stage.check.that(
		'note',
		first.notes.some((note) => note.includes('merged')),
		'that it was merged',
		first.notes,
	);
	const again = await stage.writes(async () => await stage.sync([source.id, target.id]));
	stage.check.same('writes of a second sync', again, 0);
	return `${String(gone.case.status)} and ${String(kept.case.status)}, ${gone.comments.length} and ${kept.comments.length} comments`;
}

async function recordDeleted(stage: Stage, withRows: boolean): Promise<string> {
	if (!stage.run.facts.caseKeys) throw new NotRun('this OroCRM keeps no keys on its cases (6.1.10+, 7.0.2+)');
	const { id, oroCase, recordId } = await withCase(stage);
	const { rows } = await stage.theOne(id);
	const rowIds = rows.map((row) => row.id);
	if (withRows) await stage.oro.remove('zendeskticketcomments', rowIds);
	await stage.oro.remove('zendesktickets', [recordId]);
	await stage.sync(id);
	const after = await stage.theOne(id);
	stage.check.same('case', after.case.id, oroCase.id);
	stage.check.that('record', after.record.id !== recordId, 'a new one', after.record.id);
	stage.check.fields('record', after.record, { subject: oroCase.subject, channel: stage.channel });
	stage.check.same(
		'cases',
		(await stage.casesWith(String(oroCase.subject))).filter((row) => row.externalId === oroCase.externalId).length,
		1,
	);
	stage.check.same(
		'comments',
		after.comments.map(({ message }) => message),
		[stage.marked('It burns, please come.')],
	);
	stage.check.same('rows', after.rows.length, 1);
	stage.check.same(
		'rows',
		after.rows.map(({ relatedComment }) => relatedComment),
		after.comments.map((comment) => comment.id),
	);
	const again = await stage.writes(async () => await stage.sync(id));
	stage.check.same('writes of a second sync', again, 0);
	return `case ${after.case.id} kept, record ${recordId} → ${after.record.id}, ${after.comments.length} comment`;
}
