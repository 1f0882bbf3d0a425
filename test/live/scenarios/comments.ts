import type { Scenario } from '../scenario';

/** Comments that come later, and many of them (sync-rules §4). */
export const comments: readonly Scenario[] = [
	{
		name: 'new comments later',
		expected: 'each is copied once, in order, with its visibility; 1 write',
		channels: 'both',
		run: async (stage) => {
			const requester = await stage.person('Cleo Comment');
			const agent = await stage.zendesk.agent();
			const { id } = await stage.ticket(requester);
			await stage.sync(id);
			await stage.zendesk.addComment(id, { body: stage.marked('Internal'), public: false, author: agent.id });
			await stage.zendesk.addComment(id, { body: stage.marked('Public'), public: true, author: requester });
			const writes = await stage.writes(async () => await stage.sync(id));
			const { comments: stored, rows } = await stage.theOne(id);
			const seen = stored.map(({ message, public: open }) => [message, open]);
			stage.check.same('comments', seen, [
				[stage.marked('It burns, please come.'), true],
				[stage.marked('Internal'), false],
				[stage.marked('Public'), true],
			]);
			stage.check.same('rows', rows.length, 3);
			stage.check.same('writes', writes, 1);
			stage.check.same('writes of a second sync', await stage.writes(async () => await stage.sync(id)), 0);
			return `${stored.length} comments, ${rows.length} rows; ${writes} write`;
		},
	},
	{
		name: 'a comment written in OroCRM',
		expected: 'stays, is not copied, nothing is doubled',
		run: async (stage) => {
			const requester = await stage.person('Olga Own');
			const { id } = await stage.ticket(requester);
			await stage.sync(id);
			const { case: oroCase } = await stage.theOne(id);
			const relation = { case: { type: 'cases', id: oroCase.id } };
			await stage.oro.make('casecomments', { message: stage.marked('By hand'), public: false }, relation);
			await stage.zendesk.addComment(id, { body: stage.marked('Next'), public: true, author: requester });
			await stage.sync(id);
			const { comments: stored, rows } = await stage.theOne(id);
			const texts = [stage.marked('It burns, please come.'), stage.marked('By hand'), stage.marked('Next')];
			stage.check.same(
				'comments',
				stored.map(({ message }) => message),
				texts,
			);
			stage.check.same('rows', rows.length, 2);
			return `${stored.length} comments, ${rows.length} rows`;
		},
	},
	{
		name: '120 comments, 50 in one request',
		expected: 'all 120 in order, each once, in 3 writes',
		channels: 'both',
		// A real Zendesk allows 30 changes of a ticket in ten minutes.
		practiceOnly: true,
		run: async (stage) => {
			const requester = await stage.person('Mia Many');
			const { id } = await stage.ticket(requester, { description: stage.marked('Comment 1') });
			for (let i = 2; i <= 120; i++) {
				await stage.zendesk.addComment(id, {
					body: stage.marked(`Comment ${i}`),
					public: i % 2 === 1,
					author: requester,
				});
			}
			const writes = await stage.writes(async () => await stage.sync(id, { settings: { commentsPerWrite: 50 } }));
			const { comments: stored, rows, record } = await stage.theOne(id);
			const expected = Array.from({ length: 120 }, (_, i) => stage.marked(`Comment ${i + 1}`));
			stage.check.same(
				'texts in order',
				stored.map(({ message }) => message),
				expected,
			);
			stage.check.same('public', stored.filter((comment) => comment.public === true).length, 60);
			stage.check.same('rows', new Set(rows.map(({ originId }) => originId)).size, 120);
			stage.check.same('rows without a case comment', rows.filter(({ relatedComment }) => !relatedComment).length, 0);
			stage.check.same('writes', writes, 3);
			stage.check.that('record', record.originUpdatedAt !== null, 'marked as complete', record.originUpdatedAt);
			stage.check.same('writes of a second sync', await stage.writes(async () => await stage.sync(id)), 0);
			return `${stored.length} comments, ${rows.length} rows; ${writes} writes`;
		},
	},
];
