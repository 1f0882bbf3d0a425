import type { Flat } from '../oro-server';
import type { Scenario } from '../scenario';
import type { Stage } from '../stage';
import { readTicket } from '../../../zendesk/tickets';
import { inOneRunThroughTheExport } from './export-batch';

/** A ticket becomes a case, with everything that belongs to it (sync-rules §2). */
export const creation: readonly Scenario[] = [
	{
		name: 'a ticket becomes a case',
		expected: 'every field of the case and of the ticket record, all people, three comments; 1 write; again: 0 writes',
		channels: 'both',
		run: fullTicket,
	},
	{
		name: 'two tickets of one new person in a batch',
		expected: '2 cases, 1 contact, 1 person row',
		channels: 'both',
		run: twoTicketsOfOnePerson,
	},
	{
		name: 'preview',
		expected: 'says what would be done, 0 writes, no record',
		channels: 'both',
		run: preview,
	},
];

async function fullTicket(stage: Stage): Promise<string> {
	const { check, zendesk } = stage;
	const requester = await stage.person('Ann Lee');
	const submitter = await stage.person('Sue Submitter');
	const follower = await stage.person('Carl Copy');
	const agent = await zendesk.agent();
	const agentUser = stage.run.facts.userIds.get(agent.email.toLowerCase()) ?? stage.owner;
	const ticket = await stage.ticket(requester, {
		submitter,
		assignee: agent.id,
		collaborators: [follower],
		status: 'pending',
		priority: 'urgent',
		type: 'task',
		dueAt: '2031-05-06T07:08:09Z',
		recipient: 'support@example.com',
		externalId: `${stage.mark}-order-1`,
	});
	const internal = await zendesk.addComment(ticket.id, {
		body: stage.marked('Only for us'),
		public: false,
		author: agent.id,
	});
	const answer = await zendesk.addComment(ticket.id, {
		body: stage.marked('Any news?'),
		public: true,
		author: requester,
	});
	const read = (await readTicket(zendesk.client, ticket.id))!.ticket;

	const writes = await stage.writes(async () => {
		const [result] = await stage.sync(ticket.id);
		check.same('outcome', result.outcome, 'created');
	});
	check.same('writes', writes, 1);
	const stored = await stage.theOne(ticket.id);
	const { record, case: oroCase } = stored;

	const [contact, ...more] = await stage.contactsWith(stage.email('ann'));
	check.same('further contacts of the requester', more.length, 0);
	check.fields('contact', contact, {
		firstName: 'Ann',
		lastName: 'Lee',
		primaryEmail: stage.email('ann'),
		owner: stage.owner,
	});
	check.fields('case', oroCase, {
		subject: stage.marked('The printer is on fire'),
		description: stage.marked('It burns, please come.'),
		status: 'in_progress',
		priority: 'high',
		source: 'other',
		reportedAt: ticket.created_at,
		assignedTo: agentUser,
		owner: stage.owner,
		relatedContact: contact?.id,
		relatedAccount: null,
		closedAt: null,
	});
	checkKey(stage, oroCase, ticket.id);

	const rows = {
		requester: await stage.rowOf(requester),
		submitter: await stage.rowOf(submitter),
		assignee: await stage.rowOf(agent.id),
		follower: await stage.rowOf(follower),
	};
	check.fields('record', record, {
		originId: String(ticket.id),
		url: read.url,
		externalId: `${stage.mark}-order-1`,
		recipient: read.recipient,
		subject: stage.marked('The printer is on fire'),
		description: stage.marked('It burns, please come.'),
		status: 'pending',
		priority: 'urgent',
		ticketType: 'task',
		problem: null,
		hasIncidents: false,
		dueAt: '2031-05-06T07:08:09Z',
		originCreatedAt: ticket.created_at,
		originUpdatedAt: read.updated_at,
		requester: rows.requester.id,
		submitter: rows.submitter.id,
		assignee: rows.assignee.id,
		collaborators: [rows.follower.id],
		relatedCase: oroCase.id,
		channel: stage.channel,
	});
	check.fields('requester’s row', rows.requester, {
		originId: String(requester),
		name: 'Ann Lee',
		email: stage.email('ann'),
		role: 'end-user',
		relatedContact: contact?.id,
		relatedUser: null,
		channel: stage.channel,
	});
	const submitterContacts = await stage.contactsWith(stage.email('sue'));
	check.same('contacts of the submitter', submitterContacts.length, 1);
	check.fields('submitter’s row', rows.submitter, { role: 'end-user', relatedContact: submitterContacts[0]?.id });
	check.fields('assignee’s row', rows.assignee, { email: agent.email, relatedUser: agentUser, relatedContact: null });
	check.that(
		'assignee’s role',
		['agent', 'admin'].includes(String(rows.assignee.role)),
		'agent or admin',
		rows.assignee.role,
	);

	checkComments(stage, stored.rows, stored.comments, ticket.created_at, [internal, answer], rows, contact, agentUser);
	const again = await stage.writes(async () => {
		const [result] = await stage.sync(ticket.id);
		check.same('outcome of the second sync', result.outcome, 'unchanged');
	});
	check.same('writes of the second sync', again, 0);
	return `case ${oroCase.id}, record ${record.id}, 4 person rows, ${stored.comments.length} comments; ${writes} write; again: ${again} writes`;
}

function checkKey(stage: Stage, oroCase: Flat, ticketId: number): void {
	if (!stage.run.facts.caseKeys) return;
	const key = String(oroCase.externalId);
	stage.check.that(
		'case.externalId',
		new RegExp(`^zd-[0-9a-z]{7}-${ticketId}$`).test(key),
		`zd-<7 characters>-${ticketId}`,
		key,
	);
}

function checkComments(
	stage: Stage,
	rows: Flat[],
	comments: Flat[],
	created: string,
	[internal, answer]: Array<{ id: number; created_at: string }>,
	people: { requester: Flat; submitter: Flat; assignee: Flat },
	contact: Flat | undefined,
	agentUser: string,
): void {
	const { check } = stage;
	check.same(
		'texts of the comments, in order',
		comments.map(({ message }) => message),
		[stage.marked('It burns, please come.'), stage.marked('Only for us'), stage.marked('Any news?')],
	);
	check.same(
		'public',
		comments.map((comment) => comment.public),
		[true, false, true],
	);
	// The first comment is by who submitted the ticket.
	check.same(
		'contacts of the comments',
		comments.map((comment) => comment.contact),
		[people.submitter.relatedContact, null, contact?.id],
	);
	check.same(
		'owners of the comments',
		comments.map(({ owner }) => owner),
		[stage.owner, agentUser, stage.owner],
	);
	const byAge = [...rows].sort((a, b) => Number(a.originId) - Number(b.originId));
	check.same(
		'rows: case comments',
		byAge.map(({ relatedComment }) => relatedComment),
		comments.map(({ id }) => id),
	);
	check.same(
		'rows: dates',
		byAge.map(({ originCreatedAt }) => originCreatedAt),
		[created, internal.created_at, answer.created_at],
	);
	check.same(
		'rows: public',
		byAge.map((row) => row.public),
		[true, false, true],
	);
	check.same(
		'rows: authors',
		byAge.map(({ author }) => author),
		[people.submitter.id, people.assignee.id, people.requester.id],
	);
	check.same(
		'rows: numbers',
		byAge.slice(1).map(({ originId }) => originId),
		[String(internal.id), String(answer.id)],
	);
	check.same(
		'rows: texts',
		byAge.map(({ body }) => body),
		[stage.marked('It burns, please come.'), stage.marked('Only for us'), stage.marked('Any news?')],
	);
	check.that(
		'rows: markup',
		byAge.every(({ htmlBody }) => String(htmlBody).includes(stage.mark)),
		'the text as HTML',
		byAge.map(({ htmlBody }) => htmlBody),
	);
	check.same(
		'rows: integration',
		byAge.map(({ channel }) => channel),
		[stage.channel, stage.channel, stage.channel],
	);
}

async function twoTicketsOfOnePerson(stage: Stage): Promise<string> {
	const requester = await stage.person('Nora New');
	const first = await stage.ticket(requester, { subject: stage.marked('One') });
	const second = await stage.ticket(requester, { subject: stage.marked('Two') });
	const writes = await stage.writes(async () => await inOneRunThroughTheExport(stage, [first.id, second.id]));
	const contacts = await stage.contactsWith(stage.email('nora'));
	const rows = await stage.rowsOf(requester);
	stage.check.same('contacts', contacts.length, 1);
	stage.check.same('person rows', rows.length, 1);
	stage.check.same('writes', writes, 2);
	for (const id of [first.id, second.id]) {
		const stored = await stage.theOne(id);
		stage.check.fields('case', stored.case, { relatedContact: contacts[0]?.id });
		stage.check.fields('record', stored.record, { requester: rows[0]?.id });
	}
	return `2 cases, ${contacts.length} contact, ${rows.length} person row; ${writes} writes`;
}

async function preview(stage: Stage): Promise<string> {
	const requester = await stage.person('Pat Preview');
	const ticket = await stage.ticket(requester);
	const writes = await stage.writes(async () => {
		const [result] = await stage.sync(ticket.id, { preview: true });
		stage.check.fields('result', { ...result }, { outcome: 'created', preview: true, caseId: null, recordId: null });
		stage.check.that(
			'summary',
			result.summary.startsWith('Preview, nothing was written.'),
			'words of a preview',
			result.summary,
		);
	});
	const records = await stage.look(ticket.id);
	const contacts = await stage.contactsWith(stage.email('pat'));
	stage.check.same('writes', writes, 0);
	stage.check.same('records', records.length, 0);
	stage.check.same('contacts', contacts.length, 0);
	return `${writes} writes, ${records.length} records, ${contacts.length} contacts`;
}
