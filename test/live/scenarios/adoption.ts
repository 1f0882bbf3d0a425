import { readTicket } from '../../../zendesk/tickets';
import { type Flat, to } from '../oro-server';
import type { Scenario } from '../scenario';
import type { Stage } from '../stage';

/** Rows as OroCRM's own integration makes them: linked, but without a key on the case, and with comments missing. */
export const adoption: readonly Scenario[] = [
	{
		name: 'what OroCRM’s own integration made',
		expected: 'adopted, not doubled; lost comments and the problem link filled in, the case keyed',
		channels: 'both',
		run: adopt,
	},
];

async function adopt(stage: Stage): Promise<string> {
	const { check, zendesk } = stage;
	const requester = await stage.person('Ora Own');
	const problem = await stage.ticket(requester, { type: 'problem' });
	const { id } = await stage.ticket(requester, { type: 'incident', problem: problem.id });
	const untied = stage.marked('Copied, but its row was lost');
	const lost = stage.marked('Lost by OroCRM');
	await zendesk.addComment(id, { body: untied, public: true, author: requester });
	await zendesk.addComment(id, { body: lost, public: false, author: (await zendesk.agent()).id });
	const before = await importAsOroCrm(stage, id, requester, untied);
	await stage.sync(problem.id);

	await stage.sync(id);
	const after = await stage.theOne(id);
	check.same('record', after.record.id, before.record.id);
	check.same('case', after.case.id, before.oroCase.id);
	check.fields('case', after.case, { subject: before.oroCase.subject, relatedContact: before.contact.id });
	check.fields('record', after.record, {
		problem: (await stage.theOne(problem.id)).record.id,
		requester: before.person.id,
	});
	check.same(
		'comments',
		after.comments.map(({ message, public: open }) => [message, open]),
		[
			[stage.marked('It burns, please come.'), true],
			[untied, true],
			[lost, false],
		],
	);
	check.same('rows', after.rows.length, 3);
	check.same('rows without a case comment', after.rows.filter((row) => !row.relatedComment).length, 0);
	check.same('rows of the requester', (await stage.rowsOf(requester)).length, 1);
	check.same('contacts of the requester', (await stage.contactsWith(stage.email('ora'))).length, 1);
	if (stage.run.facts.caseKeys)
		check.that('key', String(after.case.externalId).endsWith(`-${id}`), `one ending in ${id}`, after.case.externalId);
	const again = await stage.writes(async () => await stage.sync(id));
	check.same('writes of a second sync', again, 0);
	return `case ${after.case.id} and record ${after.record.id} adopted, ${after.comments.length} comments, ${after.rows.length} rows`;
}

/** The ticket with its person, case and first comment, as OroCRM's import would have left them. */
async function importAsOroCrm(
	stage: Stage,
	ticketId: number,
	requester: number,
	untied: string,
): Promise<Record<'record' | 'oroCase' | 'contact' | 'person', Flat>> {
	const { oro, owner } = stage;
	const { ticket } = (await readTicket(stage.zendesk.client, ticketId))!;
	const { comments } = await stage.zendesk.client.get<{ comments: Array<{ id: number; created_at: string }> }>(
		`tickets/${ticketId}/comments.json`,
	);
	const ofChannel: Record<string, ReturnType<typeof to>> = stage.channel
		? { channel: to('integrationchannels', stage.channel) }
		: {};
	const email = stage.email('ora');
	const contact = await oro.make('contacts', { firstName: 'Ora', lastName: 'Own', primaryEmail: email });
	const person = await oro.make(
		'zendeskusers',
		{
			originId: String(requester),
			name: 'Ora Own',
			email,
			url: ticket.url.replace(/tickets\/.*/, `users/${requester}.json`),
		},
		{ relatedContact: to('contacts', contact.id), role: to('zendeskuserroles', 'end-user'), ...ofChannel },
	);
	const oroCase = await oro.make(
		'cases',
		{ subject: ticket.subject, description: ticket.description, reportedAt: ticket.created_at },
		{
			source: to('casesources', 'web'),
			status: to('casestatuses', 'open'),
			priority: to('casepriorities', 'normal'),
			relatedContact: to('contacts', contact.id),
			assignedTo: to('users', owner),
			owner: to('users', owner),
		},
	);
	const record = await oro.make(
		'zendesktickets',
		{
			originId: String(ticketId),
			url: ticket.url,
			subject: ticket.subject,
			description: ticket.description,
			externalId: stage.mark,
			originCreatedAt: ticket.created_at,
			originUpdatedAt: ticket.updated_at,
		},
		{
			relatedCase: to('cases', oroCase.id),
			requester: to('zendeskusers', person.id),
			submitter: to('zendeskusers', person.id),
			status: to('zendeskticketstatuses', 'new'),
			ticketType: to('zendesktickettypes', 'incident'),
			...ofChannel,
		},
	);
	const onCase = { case: to('cases', oroCase.id), owner: to('users', owner), contact: to('contacts', contact.id) };
	const first = await oro.make('casecomments', { message: ticket.description, public: true }, onCase);
	await oro.make('casecomments', { message: untied, public: true }, onCase);
	await oro.make(
		'zendeskticketcomments',
		{
			originId: String(comments[0].id),
			body: ticket.description,
			public: true,
			originCreatedAt: comments[0].created_at,
		},
		{
			ticket: to('zendesktickets', record.id),
			relatedComment: to('casecomments', first.id),
			author: to('zendeskusers', person.id),
			...ofChannel,
		},
	);
	return { record, oroCase, contact, person };
}
