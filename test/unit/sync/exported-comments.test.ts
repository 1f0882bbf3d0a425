import type { OroCase, TicketRecord } from '../../../orocrm/types';
import { commentsOfEvent, mayBeProven, needsMarks, provenComments } from '../../../sync/exported-comments';
import type { CommentCoverage, CommentHistory } from '../../../sync/exported-comments';
import { markAs, markOf } from '../../../sync/comment-mark';
import type { TicketEvent, ZendeskTicket } from '../../../zendesk/types';
import { ticket as example } from '../support/examples';

const CREATED = '2026-11-20T08:00:00Z';
const UPDATED = '2026-11-21T09:30:00Z';
const seconds = (date: string) => Date.parse(date) / 1000;

/** As the documentation's example has it (zendesk-api.md §4). */
const child = (id: number, values: Record<string, unknown> = {}): Record<string, unknown> => ({
	id,
	via: { channel: 'email', source: { from: {}, to: {}, rel: null } },
	via_reference_id: null,
	type: 'Comment',
	author_id: 7001,
	body: `Comment ${id}`,
	html_body: `<p>Comment ${id}</p>`,
	plain_body: `Comment ${id}`,
	public: true,
	attachments: [],
	audit_id: id - 1,
	created_at: CREATED,
	event_type: 'Comment',
	...values,
});

const event = (children: Array<Record<string, unknown>>, values: Partial<TicketEvent> = {}): TicketEvent => ({
	id: 500,
	ticket_id: 35,
	timestamp: seconds(CREATED),
	via: 'Email',
	system: { location: 'Wien' },
	metadata: {},
	child_events: children,
	...values,
});

const ticket = (values: Partial<ZendeskTicket> = {}): ZendeskTicket => {
	const { comments: _comments, people: _people, ...one } = example();
	return {
		...one,
		created_at: CREATED,
		updated_at: UPDATED,
		generated_timestamp: seconds(UPDATED),
		comment_count: 2,
		is_public: true,
		...values,
	};
};

const history = (...events: TicketEvent[]): CommentHistory => {
	const read = events.map(commentsOfEvent);
	return {
		comments: new Map(read.flatMap(({ comments }) => comments.map((one) => [one.comment.id, one] as const))),
		unclear: read.some(({ unclear }) => unclear),
		last: Math.max(...events.map(({ timestamp }) => timestamp)),
	};
};

const ALL: CommentCoverage = { since: 0, until: Infinity, showsMarks: false };
const LAST = { timestamp: seconds(UPDATED) };
const two = () => history(event([child(11)]), event([child(12, { created_at: UPDATED, public: false })], LAST));
const idsOf = (comments: Array<{ id: number }> | undefined) => comments?.map(({ id }) => id) ?? null;

test('a comment has the shape that the list of comments gives it', () => {
	const files = [{ id: 1, file_name: 'a.png', content_url: 'https://x.example/a.png' }];
	const { comments, unclear } = commentsOfEvent(event([child(11, { attachments: files, public: false })]));
	expect(unclear).toBe(false);
	expect(comments.map(({ comment }) => comment)).toEqual([
		{
			id: 11,
			type: 'Comment',
			author_id: 7001,
			body: 'Comment 11',
			html_body: '<p>Comment 11</p>',
			plain_body: 'Comment 11',
			public: false,
			attachments: files,
			audit_id: 10,
			via: { channel: 'email', source: { from: {}, to: {}, rel: null } },
			created_at: CREATED,
			metadata: { system: { location: 'Wien' }, custom: {} },
		},
	]);
});

test('changes of fields and notifications tell nothing of comments', () => {
	const others = [
		{ id: 1, event_type: 'Change', status: 'open', previous_value: 'new' },
		{ id: 2, event_type: 'Create', subject: 'x' },
		{ id: 3, event_type: 'Notification' },
		{ id: 4, via: 'Rule' },
		null as never,
	];
	expect(commentsOfEvent(event(others))).toEqual({ comments: [], unclear: false });
	expect(commentsOfEvent({ id: 1, ticket_id: 2, timestamp: 3 })).toEqual({ comments: [], unclear: false });
});

test.each([
	['without a body', child(11, { body: undefined })],
	['without HTML', child(11, { html_body: null })],
	['without its openness', child(11, { public: undefined })],
	['without an author', child(11, { author_id: null })],
	['without the list of its files', child(11, { attachments: undefined })],
	['without a date', child(11, { created_at: undefined })],
	['with a date that is none', child(11, { created_at: 'soon' })],
	['only said to be there', { id: 11, comment_present: true, comment_public: true, event_type: 'Comment' }],
	['said to be there by an event without a kind', { id: 11, comment_present: true }],
	['voice', child(11, { type: 'VoiceComment', event_type: 'VoiceComment' })],
	['redacted', { id: 11, event_type: 'CommentRedactionEvent', comment_id: 3 }],
	['file redacted', { id: 11, type: 'AttachmentRedactionEvent', attachment_id: 3 }],
	['made private', { id: 11, event_type: 'CommentPrivacyChange', comment_id: 3, public: false }],
	['named by an unknown event', { id: 11, event_type: 'Something', comment_id: 3 }],
])('a comment %s: the events can’t tell all', (_what, entry) => {
	expect(commentsOfEvent(event([entry]))).toEqual({ comments: [], unclear: true });
	expect(
		provenComments(ticket({ comment_count: 2 }), history(event([child(12), child(13)], LAST), event([entry])), ALL),
	).toBeNull();
});

describe('proven', () => {
	test('as many as Zendesk counts, the whole life read: oldest first', () => {
		expect(idsOf(provenComments(ticket(), two(), ALL)?.comments)).toEqual([11, 12]);
		const late = history(event([child(12, { created_at: UPDATED })], LAST), event([child(11)]));
		expect(idsOf(provenComments(ticket(), late, ALL)?.comments)).toEqual([11, 12]);
		const sameSecond = history(event([child(13)], LAST), event([child(11)]));
		expect(idsOf(provenComments(ticket(), sameSecond, ALL)?.comments)).toEqual([11, 13]);
	});

	test('from the second of its creation on', () => {
		expect(provenComments(ticket(), two(), { ...ALL, since: seconds(CREATED) })).not.toBeNull();
		expect(provenComments(ticket(), two(), { ...ALL, since: seconds(CREATED) + 1 })).toBeNull();
	});

	test('up to the second of its last change', () => {
		expect(provenComments(ticket(), two(), { ...ALL, until: seconds(UPDATED) + 1 })).not.toBeNull();
		expect(provenComments(ticket(), two(), { ...ALL, until: seconds(UPDATED) })).toBeNull();
	});

	test.each([
		['one more than the events told', { comment_count: 3 }],
		['one less', { comment_count: 1 }],
		['a count that didn’t come', { comment_count: undefined }],
		['deleted', { status: 'deleted' }],
		['changed by the system since: redacted, perhaps', { generated_timestamp: seconds(UPDATED) + 4 }],
		['no time of the row', { generated_timestamp: undefined }],
		['no date of creation', { created_at: '' }],
		['public comments in a ticket that has none: made private since', { is_public: false }],
	])('not: %s', (_what, values) => {
		expect(provenComments(ticket(values as Partial<ZendeskTicket>), two(), ALL)).toBeNull();
	});

	test('not: the event of the last change is missing', () => {
		const early = history(event([child(11)]), event([child(12)], { timestamp: seconds(UPDATED) - 1 }));
		expect(provenComments(ticket(), early, ALL)).toBeNull();
		const last = event([{ id: 20, event_type: 'Change', status: 'open' }], LAST);
		expect(provenComments(ticket(), history(event([child(11)]), event([child(12)]), last), ALL)).not.toBeNull();
	});

	test('not: no events, no comments', () => {
		expect(provenComments(ticket(), undefined, ALL)).toBeNull();
		expect(provenComments(ticket({ comment_count: 0 }), history(event([], LAST)), ALL)).toBeNull();
	});

	test('a change raises both dates within three seconds', () => {
		expect(provenComments(ticket({ generated_timestamp: seconds(UPDATED) + 3 }), two(), ALL)).not.toBeNull();
	});
});

describe('marks of published comments', () => {
	const mark = { kind: 'comment' as const, id: '77', site: '0abcdef' };
	const api = { channel: 'api', source: { from: {}, to: {}, rel: null } };
	const one = ticket({ comment_count: 1 });
	const read = (values: Partial<TicketEvent>, via: unknown = api) =>
		history(event([child(11, { via })], { ...LAST, ...values }));

	test.each([
		['by itself', markAs(mark)],
		['under "custom"', { system: {}, custom: markAs(mark) }],
	])('metadata %s', (_how, metadata) => {
		const proven = provenComments(one, read({ metadata }), ALL);
		expect(proven?.comments.map(markOf)).toEqual([mark]);
		expect(proven?.marksUnknown).toBe(false);
	});

	test.each([
		['API', api],
		['a channel that isn’t named', undefined],
		['a channel that isn’t named, in an empty object', {}],
		['a follow-up, whoever made it', { channel: 'web', source: { rel: 'follow_up' } }],
	])('%s: a comment without a mark may have one that the export doesn’t show', (_how, via) => {
		const marksUnknown = (values: Partial<TicketEvent>, coverage = ALL) => provenComments(one, read(values, via), coverage)?.marksUnknown;
		expect(marksUnknown({ metadata: {} })).toBe(true);
		expect(marksUnknown({ metadata: undefined })).toBe(true);
		// An empty "custom" is shown, and one account is enough to know where they are.
		expect(marksUnknown({ metadata: { system: {}, custom: {} } })).toBe(false);
		expect(marksUnknown({ metadata: {} }, { ...ALL, showsMarks: true })).toBe(false);
	});

	test('people’s own channels carry none', () => {
		for (const channel of ['email', 'web', 'chat', 'twitter'])
			expect(provenComments(one, read({ metadata: undefined }, { channel }), ALL)?.marksUnknown).toBe(false);
	});

	test.each([
		['published', { external_id: 'orocrm-case-7' }],
		['a follow-up', { via: { channel: 'web', source: { rel: 'follow_up' } } }],
	])('a ticket that is %s is worth no reading of events, unless they show marks', (_how, values) => {
		const made = ticket(values as Partial<ZendeskTicket>);
		expect(mayBeProven(made, ALL)).toBe(false);
		expect(mayBeProven(made, { ...ALL, showsMarks: true })).toBe(true);
	});

	test('a ticket that came by API is as good as any', () => {
		expect(mayBeProven(ticket({ via: api }), ALL)).toBe(true);
	});

	test('they matter where OroCRM has something of the ticket, and only when they are unknown', () => {
		const made = { ...ticket(), comments: [], people: [], marks_unknown: true };
		const nothing = { ticket: made, record: null, case: null };
		const record = { id: '1' } as TicketRecord;
		const oroCase = { id: '2' } as OroCase;
		expect(needsMarks(nothing)).toBe(false);
		expect(needsMarks({ ...nothing, record })).toBe(true);
		expect(needsMarks({ ...nothing, case: oroCase })).toBe(true);
		expect(needsMarks({ ...nothing, ticket: { ...made, external_id: 'orocrm-case-7' } })).toBe(true);
		expect(needsMarks({ ticket: { ...made, marks_unknown: false }, record, case: oroCase })).toBe(false);
	});
});
