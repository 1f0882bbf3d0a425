import type { CaseComment, TicketCommentRow } from '../../../orocrm/types';
import type { ZendeskComment } from '../../../zendesk/types';
import { attachmentsOf, caseCommentText, pendingComments as pendingOf } from '../../../sync/comments';
import { planPair } from '../../../sync/plan-pair';
import { ANNA, caseComment, comment, KEY, readyPair, REQUESTER, settings, SITE } from '../support/examples';
import { documentOf, includedOf, linked, only } from '../support/documents';

/** With the case comments that may be copies without a row, where there are some. */
const pendingComments = (
	comments: readonly ZendeskComment[],
	rows: readonly TicketCommentRow[],
	inCase: readonly CaseComment[] | null = null,
) => pendingOf(comments, { rows, inCase, elsewhere: [], adopting: inCase !== null, site: SITE });

const tied = (
	originId: number,
	relatedComment: string | null = `9${originId}`,
	ticket: string | null = '901',
): TicketCommentRow => ({ id: `8${originId}`, originId: String(originId), ticket, relatedComment });
const inCase = (id: string, message: string, isPublic = true): CaseComment => caseComment({ id, message, public: isPublic });
const ids = (steps: ReturnType<typeof pendingComments>) => steps.map((step) => step.comment.id);

describe('which comments are still to be copied', () => {
	test('all of a new ticket, oldest first', () => {
		const comments = [
			comment({ id: 3, created_at: '2026-01-03T00:00:00Z' }),
			comment({ id: 1, created_at: '2026-01-01T00:00:00Z' }),
			comment({ id: 2, created_at: '2026-01-02T00:00:00Z' }),
		];
		expect(ids(pendingComments(comments, []))).toEqual([1, 2, 3]);
	});

	test('in the order of their ids within a second', () => {
		expect(ids(pendingComments([comment({ id: 12 }), comment({ id: 9 }), comment({ id: 101 })], []))).toEqual([
			9, 12, 101,
		]);
	});

	test('a comment with a row that ties it to a case comment is never copied again', () => {
		expect(ids(pendingComments([comment({ id: 1 }), comment({ id: 2 })], [tied(1)]))).toEqual([2]);
	});

	test('a row without its case comment gets one, and no second row', () => {
		expect(pendingComments([comment({ id: 1 })], [tied(1, null)])).toMatchObject([
			{ row: { id: '81' }, caseComment: null },
		]);
	});

	test('of two rows for one comment the one that is tied counts, in any order', () => {
		const rows = [tied(1, null), { ...tied(1), id: '77' }];
		expect(pendingComments([comment({ id: 1 })], rows)).toEqual([]);
		expect(pendingComments([comment({ id: 1 })], [...rows].reverse())).toEqual([]);
	});

	test('of two rows without a case comment the older one is filled, in any order', () => {
		const rows = [
			{ ...tied(1, null), id: '10' },
			{ ...tied(1, null), id: '9' },
		];
		expect(pendingComments([comment({ id: 1 })], rows)[0].row?.id).toBe('9');
		expect(pendingComments([comment({ id: 1 })], [...rows].reverse())[0].row?.id).toBe('9');
	});

	test('a row that lost its record is tied to the new one, and its comment is not doubled', () => {
		expect(pendingComments([comment({ id: 1 })], [tied(1, '91', null)])).toMatchObject([
			{ row: { id: '81' }, caseComment: '91' },
		]);
	});

	test('a comment that comes twice is copied once', () => {
		expect(ids(pendingComments([comment({ id: 1 }), comment({ id: 1 })], []))).toEqual([1]);
	});
});

describe('case comments that are copies without a row (made by OroCRM’s own integration)', () => {
	test.each([
		['the plain text', 'Hello'],
		['the text with other spaces', ' Hello  '],
		['the text with a non-breaking space', 'Hello&nbsp;'],
		['the markup', '<p>Hello</p>'],
	])('%s is recognised', (_name, message) => {
		expect(pendingComments([comment({ id: 1, body: 'Hello' })], [], [inCase('91', message)])).toMatchObject([
			{ row: null, caseComment: '91' },
		]);
	});

	test('an internal comment is not taken for a public one with the same words', () => {
		expect(
			pendingComments([comment({ id: 1, body: 'Hello', public: false })], [], [inCase('91', 'Hello', true)]),
		).toMatchObject([{ caseComment: null }]);
	});

	test('two comments with the same words take two case comments', () => {
		const steps = pendingComments(
			[comment({ id: 1, body: 'Thanks' }), comment({ id: 2, body: 'Thanks' })],
			[],
			[inCase('91', 'Thanks'), inCase('92', 'Thanks')],
		);
		expect(steps.map((step) => step.caseComment)).toEqual(['91', '92']);
	});

	test('a case comment that is tied already is not taken again', () => {
		expect(
			pendingComments([comment({ id: 2, body: 'Thanks' })], [tied(1, '91')], [inCase('91', 'Thanks')]),
		).toMatchObject([{ caseComment: null }]);
	});
});

describe('text of a case comment', () => {
	test('without markup', () => {
		expect(caseCommentText(comment({ id: 1, body: '**a** b', html_body: '<p><b>a</b>&nbsp;b</p>', plain_body: 'a&nbsp;b' }))).toBe('a b');
	});

	test('a line with name and address for each file that still exists', () => {
		const file = (name: string, deleted = false) => ({
			id: 1,
			file_name: name,
			content_url: `https://acme.zendesk.com/${name}`,
			deleted,
		});
		const one = comment({ id: 1, body: 'See', attachments: [file('a.png'), file('gone.png', true), file('b.pdf')] });
		expect(attachmentsOf(one)).toHaveLength(2);
		expect(caseCommentText(one)).toBe(
			'See\n\nAttachment: a.png https://acme.zendesk.com/a.png\n\nAttachment: b.pdf https://acme.zendesk.com/b.pdf',
		);
	});

	test('never blank: OroCRM would refuse it', () => {
		expect(caseCommentText(comment({ id: 1, body: ' \u0000', plain_body: '&nbsp;' }))).toBe('(comment without text)');
	});
});

describe('a comment on both sides', () => {
	const plan = (values: Partial<Parameters<typeof comment>[0]> = {}) =>
		documentOf(planPair(readyPair({ ticket: { comments: [comment({ id: 1, ...values })] } }), KEY, settings));

	test('the case comment and its row, tied to each other, to case and record', () => {
		const document = plan();
		const caseComment = only(document, 'casecomments');
		const row = only(document, 'zendeskticketcomments');
		expect(linked(caseComment, 'case')).toBe(only(document, 'cases').id);
		expect(linked(row, 'relatedComment')).toBe(caseComment.id);
		expect(linked(row, 'ticket')).toBe(document.data.id);
		expect(row.attributes).toMatchObject({
			originId: '1',
			body: 'Comment 1',
			htmlBody: '<p>Comment 1</p>',
			public: true,
			originCreatedAt: '2026-11-20T08:00:00Z',
		});
	});

	test('internal stays internal, on both sides', () => {
		const document = plan({ public: false });
		expect([
			only(document, 'casecomments').attributes?.public,
			only(document, 'zendeskticketcomments').attributes?.public,
		]).toEqual([false, false]);
	});

	test('what does not say that it is public is internal', () => {
		expect(only(plan({ public: undefined }), 'casecomments').attributes?.public).toBe(false);
		expect(only(plan({ public: 'true' as unknown as boolean }), 'casecomments').attributes?.public).toBe(false);
	});

	test('a customer’s comment has their contact as author, and the owner as owner', () => {
		const caseComment = only(plan({ author_id: REQUESTER }), 'casecomments');
		expect([linked(caseComment, 'contact'), linked(caseComment, 'owner')]).toEqual(['41', '1']);
	});

	test('an agent’s comment is owned by their OroCRM user and has no contact', () => {
		const caseComment = only(plan({ author_id: ANNA }), 'casecomments');
		expect([linked(caseComment, 'contact'), linked(caseComment, 'owner')]).toEqual([undefined, '11']);
		expect(linked(only(plan({ author_id: ANNA }), 'zendeskticketcomments'), 'author')).toBe('81');
	});

	test('more than fit into one request: the record says that it is complete only with the last', () => {
		const pair = readyPair({ ticket: { comments: [1, 2, 3].map((id) => comment({ id })) } });
		const first = planPair(pair, KEY, { ...settings, commentsPerWrite: 2 });
		expect(first.partial).toBe(true);
		expect(documentOf(first).data.attributes?.originUpdatedAt).toBeNull();
		expect(includedOf(documentOf(first), 'casecomments')).toHaveLength(2);
		const rest = planPair(
			{
				...readyPair({
					ticket: { comments: pair.ticket.comments },
					record: {},
					case: {},
					resolved: { commentRows: [tied(1), tied(2)] },
				}),
			},
			KEY,
			{ ...settings, commentsPerWrite: 2 },
		);
		expect(rest.partial).toBe(false);
		expect(includedOf(documentOf(rest), 'casecomments').map((one) => one.id)).toEqual(['comment:3']);
		expect(documentOf(rest).data.attributes?.originUpdatedAt).toBe('2026-11-21T09:30:00Z');
	});

	test('a row that is there without its case comment is tied, with all that comes with it connected', () => {
		const pair = readyPair({
			ticket: { comments: [comment({ id: 1, author_id: 7009 })] },
			record: {},
			case: {},
			resolved: { commentRows: [tied(1, null)] },
		});
		pair.resolved.people['7009'] = { ...pair.resolved.people[ANNA], zendeskUserId: 7009, row: { create: 'row:7009' } };
		const document = documentOf(planPair(pair, KEY, settings));
		const row = only(document, 'zendeskticketcomments');
		expect(row).toMatchObject({ id: '81', meta: { update: true } });
		expect(linked(row, 'author')).toBe('row:7009');
		expect(only(document, 'zendeskusers').id).toBe('row:7009');
	});
});
