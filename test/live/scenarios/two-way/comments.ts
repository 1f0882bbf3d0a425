import type { Scenario } from '../../scenario';
import type { Stage } from '../../stage';
import { type Linked, TwoWay } from '../../two-way';

/** Comments in both directions (sync-rules §3, §4). */
export const twoWayComments: readonly Scenario[] = [
	{
		name: 'two-way: comments written in OroCRM',
		expected: 'each once, in order, public or internal, marked; further looks: 0 writes',
		channels: 'both',
		run: outgoing,
	},
	{
		name: 'two-way: a colleague’s comment',
		expected: 'in the name of the agent with their e-mail, text as it is',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const { user, agent } = await sync.colleague();
			const linked = await sync.linked();
			await sync.comment(linked.case, stage.marked('My own words'), { owner: user, isPublic: false });
			await sync.fromCase(linked.case);
			const last = (await sync.ticketComments(linked.ticket)).at(-1);
			stage.check.same('author', last?.author_id, agent.id);
			stage.check.same('public', last?.public, false);
			stage.check.same('text', last?.plain_body?.trim(), stage.marked('My own words'));
			return `by ${agent.name}; ${await sync.quiet(linked.ticket, linked.case)}`;
		},
	},
	{
		name: 'two-way: a comment by someone without a Zendesk user',
		expected: 'the name stands in front of the text',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const { user, name } = await sync.stranger();
			const linked = await sync.linked();
			await sync.comment(linked.case, stage.marked('I know the customer.'), { owner: user });
			await sync.fromCase(linked.case);
			const last = (await sync.ticketComments(linked.ticket)).at(-1);
			const text = last?.plain_body ?? '';
			stage.check.that('text', text.startsWith(`${name}:`), `one that begins with ${name}:`, text);
			stage.check.that('text', text.includes(stage.marked('I know the customer.')), 'the words', text);
			stage.check.same('author', last?.author_id, stage.zendesk.me.id);
			const { comments } = await stage.theOne(linked.ticket);
			stage.check.same('the case’s comment', comments.at(-1)?.message, stage.marked('I know the customer.'));
			return `“${text.slice(0, 40)}…”; ${await sync.quiet(linked.ticket, linked.case)}`;
		},
	},
	{
		name: 'two-way: a customer’s comments written in OroCRM',
		expected: 'the public one in the customer’s name, the internal one never',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const linked = await sync.linked();
			await sync.comment(linked.case, stage.marked('It still burns.'), { contact: linked.contact });
			await sync.comment(linked.case, stage.marked('Noted by phone.'), { contact: linked.contact, isPublic: false });
			await sync.fromCase(linked.case);
			const [, first, second] = await sync.ticketComments(linked.ticket);
			stage.check.same('public one', [first?.public, first?.author_id], [true, linked.requester]);
			stage.check.same('internal one', [second?.public, second?.author_id], [false, stage.zendesk.me.id]);
			const text = second?.plain_body ?? '';
			stage.check.that('internal text', text.startsWith('Tina Two:'), 'the customer’s name in front', text);
			return `2 comments; ${await sync.quiet(linked.ticket, linked.case)}`;
		},
	},
	{
		name: 'two-way: comments written in Zendesk',
		expected: 'each copied once, visibility kept; nothing is sent back',
		channels: 'both',
		run: incoming,
	},
	{
		name: 'two-way: comments on both sides, and an edit, before one look',
		expected: 'every comment on both sides once; edit and first comment in one request',
		run: crossing,
	},
	{
		name: 'two-way: both triggers look at once',
		expected: 'every comment once on either side, in order',
		channels: 'with',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const linked = await sync.linked();
			for (const text of ['one', 'two', 'three']) await sync.comment(linked.case, stage.marked(text));
			await stage.zendesk.addComment(linked.ticket, {
				body: stage.marked('from Zendesk'),
				public: true,
				author: linked.requester,
			});
			// Who is refused because the other was faster looks again later.
			await Promise.allSettled([sync.fromCase(linked.case), sync.fromTicket(linked.ticket)]);
			await sync.fromCase(linked.case);
			await eachOnce(sync, linked, ['one', 'two', 'three'], ['from Zendesk']);
			return await sync.quiet(linked.ticket, linked.case);
		},
	},
	{
		name: 'two-way: a run dies after it sent a comment, the ticket is seen first',
		expected: 'known by its mark: once on either side, tied',
		run: async (stage) => await dying(stage, 'ticket'),
	},
	{
		name: 'two-way: a run dies after it sent a comment, the case is seen first',
		expected: 'the same',
		run: async (stage) => await dying(stage, 'case'),
	},
	{
		name: 'two-way: the answer to a comment is lost',
		expected: 'not sent again',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const linked = await sync.linked();
			await sync.comment(linked.case, stage.marked('once'));
			sync.traffic.on({ system: 'Zendesk', method: 'PUT', path: /\/tickets\//, then: 'loses' });
			await sync.fromCase(linked.case);
			await eachOnce(sync, linked, ['once'], []);
			return await sync.quiet(linked.ticket, linked.case);
		},
	},
	{
		name: 'two-way: Only Comments Since',
		expected: 'older comments stay in OroCRM, also later',
		run: async (stage) => {
			const sync = new TwoWay(stage);
			const linked = await sync.linked();
			await sync.comment(linked.case, stage.marked('of the past'));
			const [newest] = (await stage.theOne(linked.ticket)).comments.slice(-1);
			// As a person would set it: a little later than what is to stay.
			const commentsSince = new Date(Date.parse(String(newest.createdAt)) + 1_000).toISOString();
			sync.options.settings = { commentsSince };
			const sent = await sync.sentToTickets(async () => await sync.fromCase(linked.case));
			stage.check.same('sent', sent, []);
			return await sync.quiet(linked.ticket, linked.case);
		},
	},
];

async function outgoing(stage: Stage): Promise<string> {
	const sync = new TwoWay(stage);
	const linked = await sync.linked({ status: 'open' });
	const texts = ['We are on it.\nSoon <b>more</b>.', 'Only for us', 'Done & dusted'].map((text) => stage.marked(text));
	const ids: string[] = [];
	for (const [index, text] of texts.entries())
		ids.push(await sync.comment(linked.case, text, { isPublic: index !== 1 }));
	let sent: Array<Record<string, unknown>> = [];
	const writes = await sync.writes(async () => {
		sent = await sync.sentToTickets(async () => await sync.fromCase(linked.case));
	});
	stage.check.same('requests', sent.length, 3);
	stage.check.same('writes to Zendesk', writes.zendesk, 3);
	const onlyComments = sent.every((request) =>
		Object.keys(request).every((key) => ['comment', 'metadata'].includes(key)),
	);
	stage.check.that(
		'requests',
		onlyComments,
		'comments alone',
		sent.map((request) => Object.keys(request)),
	);

	const [, ...inZendesk] = await sync.ticketComments(linked.ticket);
	stage.check.same(
		'visibility',
		inZendesk.map((one) => one.public),
		[true, false, true],
	);
	for (const [index, text] of texts.entries()) {
		const seen = inZendesk[index]?.plain_body ?? '';
		stage.check.that(`text ${index + 1}`, seen.includes(text), text, seen);
		const mark = String(inZendesk[index]?.metadata?.custom?.orocrm_comment ?? '');
		stage.check.that(`mark ${index + 1}`, mark.endsWith(`:${ids[index]}`), `one for case comment ${ids[index]}`, mark);
	}
	const { rows, comments } = await stage.theOne(linked.ticket);
	stage.check.same('case’s comments', comments.length, 4);
	stage.check.same(
		'rows',
		rows.map(({ originId, relatedComment }) => [originId, relatedComment]).slice(1),
		ids.map((id, index) => [String(inZendesk[index]?.id), id]),
	);
	return `${inZendesk.length} comments, ${writes.orocrm} writes to OroCRM; ${await sync.quiet(linked.ticket, linked.case)}`;
}

async function incoming(stage: Stage): Promise<string> {
	const sync = new TwoWay(stage);
	const agent = await stage.zendesk.agent();
	const linked = await sync.linked();
	const texts = [stage.marked('Internal'), stage.marked('Public')];
	await stage.zendesk.addComment(linked.ticket, { body: texts[0], public: false, author: agent.id });
	await stage.zendesk.addComment(linked.ticket, { body: texts[1], public: true, author: linked.requester });
	const writes = await sync.writes(async () => await sync.fromTicket(linked.ticket));
	stage.check.same('writes', writes, { zendesk: 0, orocrm: 1 });
	const { comments } = await stage.theOne(linked.ticket);
	stage.check.same(
		'comments',
		comments.slice(1).map(({ message, public: open, contact }) => [message, open, contact]),
		[
			[texts[0], false, null],
			[texts[1], true, linked.contact],
		],
	);
	return `${comments.length} comments; ${await sync.quiet(linked.ticket, linked.case)}`;
}

async function crossing(stage: Stage): Promise<string> {
	const sync = new TwoWay(stage);
	const linked = await sync.linked();
	await sync.comment(linked.case, stage.marked('one'));
	await sync.comment(linked.case, stage.marked('two'), { isPublic: false });
	await stage.zendesk.addComment(linked.ticket, {
		body: stage.marked('from Zendesk'),
		public: true,
		author: linked.requester,
	});
	await sync.edit(linked.case, { subject: stage.marked('Edited') });
	const sent = await sync.sentToTickets(async () => await sync.fromCase(linked.case));
	stage.check.same(
		'keys sent',
		sent.map((request) => Object.keys(request).sort()),
		[
			['comment', 'metadata', 'subject'],
			['comment', 'metadata'],
		],
	);
	await eachOnce(sync, linked, ['one', 'two'], ['from Zendesk']);
	return `${sent.length} requests; ${await sync.quiet(linked.ticket, linked.case)}`;
}

async function dying(stage: Stage, first: 'ticket' | 'case'): Promise<string> {
	const sync = new TwoWay(stage);
	const linked = await sync.linked();
	const id = await sync.comment(linked.case, stage.marked('once'));
	sync.traffic.on({ system: 'Zendesk', method: 'PUT', path: /\/tickets\//, then: 'dies' });
	await sync.dies(async () => await sync.fromCase(linked.case));
	if (first === 'ticket') await sync.fromTicket(linked.ticket);
	await sync.fromCase(linked.case);
	await eachOnce(sync, linked, ['once'], []);
	const { rows } = await stage.theOne(linked.ticket);
	stage.check.same('rows of the comment', rows.filter(({ relatedComment }) => relatedComment === id).length, 1);
	return `${rows.length} rows; ${await sync.quiet(linked.ticket, linked.case)}`;
}

/** Besides the description, these comments stand on both sides, each once, those of one side in their order. */
async function eachOnce(
	sync: TwoWay,
	linked: Linked,
	ofOro: readonly string[],
	ofZendesk: readonly string[],
): Promise<void> {
	const { stage } = sync;
	const all = [...ofOro, ...ofZendesk];
	const only = (texts: readonly string[], wanted: readonly string[]) =>
		texts.flatMap((text) => wanted.filter((one) => text.includes(stage.marked(one))));
	const inZendesk = (await sync.ticketComments(linked.ticket)).map(({ plain_body: text }) => text ?? '');
	const { comments, rows } = await stage.theOne(linked.ticket);
	const inOro = comments.map(({ message }) => String(message));
	for (const [side, texts] of [
		['Zendesk', inZendesk],
		['OroCRM', inOro],
	] as const) {
		stage.check.same(`${side}: number of comments`, texts.length, all.length + 1);
		stage.check.same(`${side}: OroCRM’s own`, only(texts, ofOro), [...ofOro]);
		stage.check.same(`${side}: Zendesk’s own`, only(texts, ofZendesk), [...ofZendesk]);
	}
	stage.check.same('rows', rows.length, all.length + 1);
	stage.check.same('rows without a case comment', rows.filter(({ relatedComment }) => !relatedComment).length, 0);
}
