import { allHaveRows, toldComment } from '../../../sync/told-comment';
import type { TicketAudit } from '../../../zendesk/types';

const mark = { kind: 'comment' as const, id: '12', site: 'abc' };
const event = { id: 501, type: 'Comment', author_id: 7, body: 'Hello', html_body: '<p>Hello</p>', public: true, attachments: [], audit_id: 500 };
const audit = (more: Partial<TicketAudit> = {}): TicketAudit => ({ id: 500, created_at: '2026-11-24T09:00:00Z', metadata: { system: {}, custom: { orocrm_comment: 'abc:12' } }, events: [event, { id: 502, type: 'Change', field_name: 'status', value: 'open' }], ...more });

describe('the comment that a write made, told by its answer', () => {
	test('as the list of comments would show it', () => {
		expect(toldComment(audit(), mark)).toMatchObject({ id: 501, author_id: 7, public: true, body: 'Hello', created_at: '2026-11-24T09:00:00Z', metadata: { custom: { orocrm_comment: 'abc:12' } } });
	});

	test.each<[string, TicketAudit | undefined]>([
		['no audit', undefined],
		['another audit, of the creation for one', audit({ metadata: { custom: {} } })],
		['the mark of another comment', audit({ metadata: { custom: { orocrm_comment: 'abc:13' } } })],
		['the mark of another OroCRM', audit({ metadata: { custom: { orocrm_comment: 'xyz:12' } } })],
		['the mark of a case', audit({ metadata: { custom: { orocrm_case: 'abc:12' } } })],
		['no events', audit({ events: undefined })],
		['no comment among them', audit({ events: [{ id: 502, type: 'Change' }] })],
		['two comments', audit({ events: [event, { ...event, id: 503 }] })],
		['a comment without its openness', audit({ events: [{ ...event, public: undefined }] })],
		['a comment without a number', audit({ events: [{ ...event, id: '501' }] })],
	])('not: %s', (_name, given) => {
		expect(toldComment(given, mark)).toBeUndefined();
	});
});

describe('all comments of a ticket have their rows', () => {
	const row = (originId: string | null, ticket: string | null = '9') => ({ id: `1${originId}`, originId, ticket, relatedComment: null });
	test.each<[string, number | undefined, ReturnType<typeof row>[], boolean]>([
		['as many as are counted', 2, [row('1'), row('2')], true],
		['one is missing', 3, [row('1'), row('2')], false],
		['two rows for one comment count once', 3, [row('1'), row('2'), row('2')], false],
		['rows of another ticket, or of none any more, don’t count', 2, [row('1'), row('2', '10'), row('3', null)], false],
		['rows without a number don’t count', 2, [row('1'), row(null)], false],
		['no count', undefined, [], false],
	])('%s: %s', (_name, count, rows, expected) => {
		expect(allHaveRows(count, rows, { id: '9' })).toBe(expected);
	});
	test('without a record nothing is known', () => expect(allHaveRows(0, [], null)).toBe(false));
});
