import { type Flat, to } from '../../oro-server';
import type { Scenario } from '../../scenario';
import type { Stage } from '../../stage';
import { TwoWay } from '../../two-way';

/** A case becomes a ticket (sync-rules §3). */
export const publishing: readonly Scenario[] = [
	{
		name: 'two-way: a case is published',
		expected: 'one ticket with all fields, people and comments; its record is the base; further looks: 0 writes',
		channels: 'both',
		run: fullCase,
	},
	{
		name: 'two-way: published without a contact',
		expected: 'the user with the owner’s e-mail asks, else the default Zendesk user; the case stays without one',
		run: async (stage) => await withoutRequester(stage, null),
	},
	{
		name: 'two-way: published with a contact without an e-mail',
		expected: 'the same, and the case keeps its contact',
		run: async (stage) => {
			const contact = await stage.oro.make('contacts', { firstName: 'Nemo', lastName: stage.mark });
			return await withoutRequester(stage, contact.id);
		},
	},
	{
		name: 'two-way: a description with markup',
		expected: 'its text, with the markup for bold, lists and links',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const text = stage.marked('Two <b>bold</b> words');
			const oroCase = await sync.newCase({ description: `<p>${text}</p><ul><li>one</li><li>two</li></ul>` });
			await sync.fromCase(oroCase.id);
			const ticket = await sync.published(oroCase.id);
			const [first] = await sync.ticketComments(ticket.id);
			const html = first?.html_body ?? '';
			for (const part of ['<b>bold</b>', '<li>one</li>'])
				stage.check.that('first comment', html.includes(part), part, html);
			stage.check.same('description', (await stage.theOne(ticket.id)).case.description, oroCase.description);
			return `“${ticket.description}”; ${await sync.quiet(ticket.id, oroCase.id)}`;
		},
	},
	{
		name: 'two-way: published without a description',
		expected: 'the subject is the first comment',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const oroCase = await sync.newCase({ description: null });
			await sync.fromCase(oroCase.id);
			const ticket = await sync.published(oroCase.id);
			stage.check.same('description', ticket.description?.trim(), oroCase.subject);
			return `“${ticket.description}”; ${await sync.quiet(ticket.id, oroCase.id)}`;
		},
	},
	{
		name: 'two-way: published with an e-mail in capitals',
		expected: 'a contact’s e-mail finds its Zendesk user, whatever the capitals; nobody is made',
		// A real Zendesk’s search doesn’t know yet who was made a moment ago.
		practiceOnly: true,
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const person = await stage.person('Carl Capitals');
			const contact = await sync.newContact('Carl', stage.email('carl').toUpperCase());
			const oroCase = await sync.newCase({}, { relatedContact: to('contacts', contact) });
			await sync.fromCase(oroCase.id);
			const ticket = await sync.published(oroCase.id);
			stage.check.same('requester', ticket.requester_id, person);
			stage.check.same('contact', (await stage.theOne(ticket.id)).case.relatedContact, contact);
			return `requester ${ticket.requester_id}; ${await sync.quiet(ticket.id, oroCase.id)}`;
		},
	},
	{
		name: 'two-way: preview of a case without a ticket',
		expected: 'says what would be made, 0 writes on either side',
		run: async (stage) => {
			const sync = new TwoWay(stage, { preview: true });
			const oroCase = await sync.newCase();
			let said = '';
			const writes = await sync.writes(async () => {
				const result = await sync.fromCase(oroCase.id);
				stage.check.fields('result', { ...result }, { outcome: 'created', preview: true, ticketId: null });
				said = result.summary;
			});
			stage.check.same('writes', writes, { zendesk: 0, orocrm: 0 });
			return said;
		},
	},
	{
		name: 'two-way: a run dies after it made the ticket, the ticket is seen first',
		expected: 'tied to its case: one ticket, one case, one record, each comment once',
		run: async (stage) => await dying(stage, 'ticket'),
	},
	{
		name: 'two-way: a run dies after it made the ticket, the case is seen first',
		expected: 'the same, and nothing is published again',
		run: async (stage) => await dying(stage, 'case'),
	},
	{
		name: 'two-way: a case is edited after such a death',
		expected: 'one ticket, which takes the edit',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const oroCase = await sync.newCase();
			sync.traffic.on({ system: 'Zendesk', method: 'POST', path: /\/tickets\.json$/, then: 'dies' });
			await sync.dies(async () => await sync.fromCase(oroCase.id));
			await sync.edit(oroCase.id, { subject: stage.marked('Edited meanwhile') });
			await sync.fromCase(oroCase.id);
			const ticket = await sync.published(oroCase.id);
			stage.check.same('subject', ticket.subject, stage.marked('Edited meanwhile'));
			return `“${ticket.subject}”; ${await sync.quiet(ticket.id, oroCase.id)}`;
		},
	},
	{
		name: 'two-way: the answer to the new ticket is lost',
		expected: 'one ticket, one record, in the same run',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const oroCase = await sync.newCase();
			sync.traffic.on({ system: 'Zendesk', method: 'POST', path: /\/tickets\.json$/, then: 'loses' });
			await sync.fromCase(oroCase.id);
			const ticket = await sync.published(oroCase.id);
			stage.check.same('case', (await stage.theOne(ticket.id)).case.id, oroCase.id);
			return `ticket ${ticket.id}; ${await sync.quiet(ticket.id, oroCase.id)}`;
		},
	},
	{
		name: 'two-way: a run dies after it saved the record',
		expected: 'one ticket, one record; the rest follows',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const oroCase = await sync.newCase();
			await sync.comment(oroCase.id, stage.marked('Follows'));
			sync.traffic.on({ system: 'OroCRM', method: 'POST', path: /\/zendesktickets$/, then: 'dies' });
			await sync.dies(async () => await sync.fromCase(oroCase.id));
			await sync.fromCase(oroCase.id);
			const ticket = await sync.published(oroCase.id);
			const stored = await stage.theOne(ticket.id);
			stage.check.same('ticket’s comments', (await sync.ticketComments(ticket.id)).length, 2);
			stage.check.same('case’s comments', stored.comments.length, 2);
			return `ticket ${ticket.id}, record ${stored.record.id}; ${await sync.quiet(ticket.id, oroCase.id)}`;
		},
	},
	{
		name: 'two-way: two runs publish the same case at once',
		expected: 'one ticket, one record',
		channels: 'with',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const oroCase = await sync.newCase();
			// One of them may be told that the other was faster; the next look puts it right.
			await Promise.allSettled([sync.fromCase(oroCase.id), sync.fromCase(oroCase.id)]);
			await sync.fromCase(oroCase.id);
			const ticket = await sync.published(oroCase.id);
			const stored = await stage.theOne(ticket.id);
			stage.check.same('comments', stored.comments.length, 1);
			return `ticket ${ticket.id}, record ${stored.record.id}; ${await sync.quiet(ticket.id, oroCase.id)}`;
		},
	},
	{
		name: 'two-way: one-way sync meets a case without a ticket',
		expected: 'passed over: nothing is published, 0 writes',
		run: async (stage) => {
			const sync = new TwoWay(stage, { settings: { rules: { twoWay: false, winner: 'remote' } } });
			const oroCase = await sync.newCase();
			let outcome = '';
			const writes = await sync.writes(async () => {
				outcome = (await sync.fromCase(oroCase.id)).outcome;
			});
			stage.check.same('outcome', outcome, 'skipped');
			stage.check.same('writes', writes, { zendesk: 0, orocrm: 0 });
			return outcome;
		},
	},
];

async function fullCase(stage: Stage): Promise<string> {
	const { check } = stage;
	const sync = new TwoWay(stage);
	const someone = await assignee(sync);
	const stranger = await sync.stranger();
	const contact = await sync.newContact('Pia');
	const oroCase = await sync.newCase(
		{},
		{
			status: to('casestatuses', 'in_progress'),
			priority: to('casepriorities', 'high'),
			assignedTo: to('users', someone.user),
			relatedContact: to('contacts', contact),
		},
	);
	const answer = await sync.comment(oroCase.id, stage.marked('We are on it.'), { owner: stranger.user });
	const note = await sync.comment(oroCase.id, stage.marked('Only for us.'), { isPublic: false, owner: someone.user });

	const [creation] = await sync.sentToTickets(async () => {
		const result = await sync.fromCase(oroCase.id);
		check.fields('result', { ...result }, { outcome: 'created', caseId: oroCase.id });
	});
	const ticket = await sync.published(oroCase.id);
	const { record, case: after, rows, comments } = await stage.theOne(ticket.id);
	const request = sync.traffic.toZendesk.find(({ method, path }) => method === 'POST' && path === 'tickets.json');
	check.that('Idempotency-Key', Boolean(request?.headers['Idempotency-Key']), 'one', request?.headers);
	check.same('subject sent', creation.subject, oroCase.subject);
	check.fields('ticket', ticket, {
		subject: oroCase.subject,
		status: 'pending',
		priority: 'high',
		assignee_id: someone.agent,
		external_id: `orocrm-case-${oroCase.id}`,
	});
	check.same('description', ticket.description?.trim(), stage.marked('Something is wrong.'));

	const inZendesk = await sync.ticketComments(ticket.id);
	check.same(
		'visibility of the ticket’s comments',
		inZendesk.map((one) => one.public),
		[true, true, false],
	);
	const texts = [stage.marked('Something is wrong.'), stage.marked('We are on it.'), stage.marked('Only for us.')];
	for (const [index, text] of texts.entries()) {
		const { plain_body: body = '' } = inZendesk[index] ?? {};
		check.that(`comment ${index + 1}`, body.includes(text), text, body);
	}
	check.that(
		'writer',
		inZendesk[1]?.plain_body?.startsWith(`${stranger.name}:`) === true,
		stranger.name,
		inZendesk[1]?.plain_body,
	);

	const requesterRow = await stage.rowOf(Number(ticket.requester_id));
	check.fields('requester', requesterRow, { relatedContact: contact });
	check.same('contacts with the e-mail', (await stage.contactsWith(stage.email('pia'))).length, 1);
	check.fields('record', record, {
		originId: String(ticket.id),
		url: ticket.url,
		subject: ticket.subject,
		status: 'pending',
		priority: 'high',
		externalId: ticket.external_id,
		originUpdatedAt: (await sync.ticket(ticket.id)).updated_at,
		requester: requesterRow.id,
		assignee: (await stage.rowOf(someone.agent)).id,
		channel: stage.channel,
		relatedCase: oroCase.id,
	});
	check.fields('case', after, kept(oroCase));
	if (stage.run.facts.caseKeys)
		check.that(
			'key',
			String(after.externalId).endsWith(`-${ticket.id}`),
			`one ending in ${ticket.id}`,
			after.externalId,
		);
	check.same('rows', rows.length, 3);
	check.same('case’s comments', comments.length, 3);
	const tied = new Set(rows.map(({ relatedComment }) => relatedComment));
	check.same(
		'comments without a row',
		[answer, note].filter((id) => !tied.has(id)),
		[],
	);
	return `ticket ${ticket.id}, ${inZendesk.length} comments; ${await sync.quiet(ticket.id, oroCase.id)}`;
}

/** What publishing must not change in the case. */
function kept({ subject, description, status, priority, assignedTo, relatedContact }: Flat): Record<string, unknown> {
	return { subject, description, status, priority, assignedTo, relatedContact };
}

/** A colleague who is an agent, or, where there is none, the owner, for whom the default Zendesk user stands. */
async function assignee(sync: TwoWay): Promise<{ user: string; agent: number }> {
	const { facts, zendesk } = sync.stage.run;
	if (!facts.colleague || zendesk.kind === 'real') return { user: sync.stage.owner, agent: zendesk.me.id };
	const { user, agent } = await sync.colleague();
	return { user, agent: agent.id };
}

/** Nobody in Zendesk can stand for the case's contact. */
async function withoutRequester(stage: Stage, contact: string | null): Promise<string> {
	const sync = new TwoWay(stage);
	const { owner } = stage.run.facts;
	const search = await stage.zendesk.client.get<{ users: Array<{ id: number; email: string | null }> }>(
		'users/search.json',
		{ query: `email:"${String(owner.email)}"` },
	);
	const sameEmail = (email: string | null) => email?.toLowerCase() === String(owner.email).toLowerCase();
	const ownerThere = search.users.find(({ email }) => sameEmail(email));
	const oroCase = await sync.newCase({}, contact ? { relatedContact: to('contacts', contact) } : {});
	await sync.fromCase(oroCase.id);
	const ticket = await sync.published(oroCase.id);
	stage.check.same('requester', ticket.requester_id, ownerThere?.id ?? stage.zendesk.me.id);
	stage.check.fields('case', (await stage.theOne(ticket.id)).case, kept(oroCase));
	return `asked by ${ownerThere ? 'the owner' : 'the default user'}; ${await sync.quiet(ticket.id, oroCase.id)}`;
}

/** The process dies right after Zendesk made the ticket; one of the triggers is the first to see what it left behind. */
async function dying(stage: Stage, first: 'ticket' | 'case'): Promise<string> {
	const sync = new TwoWay(stage);
	const contact = await sync.newContact('Dora');
	const oroCase = await sync.newCase({}, { relatedContact: to('contacts', contact) });
	await sync.comment(oroCase.id, stage.marked('One comment'));
	sync.traffic.on({ system: 'Zendesk', method: 'POST', path: /\/tickets\.json$/, then: 'dies' });
	await sync.dies(async () => await sync.fromCase(oroCase.id));
	const { id } = await sync.published(oroCase.id);
	stage.check.same('records before', (await stage.look(id)).length, 0);

	if (first === 'ticket') await sync.fromTicket(id);
	await sync.fromCase(oroCase.id);
	const ticket = await sync.published(oroCase.id);
	const stored = await stage.theOne(id);
	stage.check.same('ticket', ticket.id, id);
	stage.check.same('case', stored.case.id, oroCase.id);
	stage.check.same(
		'cases',
		(await stage.casesWith(String(oroCase.subject))).filter((one) => one.id > oroCase.id),
		[],
	);
	stage.check.same('ticket’s comments', (await sync.ticketComments(id)).length, 2);
	stage.check.same('case’s comments', stored.comments.length, 2);
	stage.check.same('contacts', (await stage.contactsWith(stage.email('dora'))).length, 1);
	return `ticket ${id}, case ${stored.case.id}, record ${stored.record.id}; ${await sync.quiet(id, oroCase.id)}`;
}
