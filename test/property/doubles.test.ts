import fc from 'fast-check';
import type { CaseComment, OroCase, TicketCommentRow, TicketRecord, ZendeskUserRow } from '../../orocrm/types';
import { contactStays, doubledPerson } from '../../sync/doubled-people';
import { doubledComments, planTwin } from '../../sync/doubles';
import type { Twin } from '../../sync/doubles';

const KEY = 'zd-abc-1';
const id = fc.integer({ min: 1, max: 12 }).map(String);
const row: fc.Arbitrary<TicketCommentRow> = fc.record({ id, originId: fc.option(fc.integer({ min: 1, max: 4 }).map(String)), ticket: fc.constant('1'), relatedComment: fc.option(id) });
const comment: fc.Arbitrary<CaseComment> = fc.record({
	id,
	case: fc.constant('1'),
	message: fc.constantFrom('a', 'b'),
	public: fc.boolean(),
	contact: fc.constant(null),
	owner: fc.constant(null),
	createdAt: fc.constant(null),
	attachment: fc.option(fc.constant('9')),
});
/** Rows as OroCRM can hold them: one row a case comment. */
const rows = fc.uniqueArray(row, { selector: (one) => one.id }).map((list) => list.filter((one, index) => one.relatedComment === null || list.findIndex((other) => other.relatedComment === one.relatedComment) === index));
const comments = fc.uniqueArray(comment, { selector: (one) => one.id });

describe('second copies of comments', () => {
	test('one copy of each comment stays, and nothing that says something else is taken', () => {
		fc.assert(
			fc.property(rows, comments, (allRows, allComments) => {
				const gone = doubledComments(allRows, allComments);
				const left = allComments.filter((one) => !gone.some(({ comment: other }) => other.id === one.id));
				for (const { row: doubled, comment: copy } of gone) {
					const stays = left.find((one) => allRows.some((other) => other.originId === doubled.originId && other.relatedComment === one.id) && one.message === copy.message && one.public === copy.public);
					expect(stays).toBeDefined();
					if (copy.attachment !== null) expect(stays?.attachment).not.toBeNull();
				}
				expect(new Set(gone.map(({ comment: copy }) => copy.id)).size).toBe(gone.length);
			}),
		);
	});

	test('the order of rows and comments decides nothing, and a second look finds nothing', () => {
		fc.assert(
			fc.property(rows, comments, (allRows, allComments) => {
				const ids = (list: ReturnType<typeof doubledComments>) => list.map(({ comment: copy }) => copy.id).sort();
				const gone = ids(doubledComments(allRows, allComments));
				expect(ids(doubledComments([...allRows].reverse(), [...allComments].reverse()))).toEqual(gone);
				const left = allComments.filter((one) => !gone.includes(one.id));
				expect(doubledComments(allRows, left)).toEqual([]);
			}),
		);
	});
});

describe('a second record', () => {
	const twin: fc.Arbitrary<Twin> = fc.record({
		record: fc.record({ id: fc.constant('2'), channel: fc.option(fc.constant('3')), updatedAt: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:05Z') }) as unknown as fc.Arbitrary<TicketRecord>,
		case: fc.option(
			fc.record({ id: fc.constant('2'), externalId: fc.constantFrom(undefined, null, KEY, 'ERP-7'), updatedAt: fc.constantFrom(null, '2026-01-01T00:00:00Z', '2026-01-01T00:00:05Z', '2026-01-02T00:00:00Z') }) as unknown as fc.Arbitrary<OroCase>,
		),
		attached: fc.constantFrom([], ['activityNotes']),
		comments,
		rows,
	});

	test('is only taken back with what the sync made and the other case has; every comment of a person moves', () => {
		fc.assert(
			fc.property(twin, rows, (second, ownRows) => {
				const plan = planTwin(second, KEY, ownRows);
				if ('stays' in plan) return;
				expect(second.record.channel).toBeNull();
				expect(second.attached).toEqual([]);
				expect([undefined, KEY]).toContain(second.case ? second.case.externalId : KEY);
				expect(Date.parse(second.case?.updatedAt ?? '2000-01-01')).toBeLessThanOrEqual(Date.parse(second.record.updatedAt as string));
				for (const one of second.comments) {
					const copy = second.rows.find((other) => other.relatedComment === one.id);
					const isElsewhere = copy?.originId != null && ownRows.some((other) => other.originId === copy.originId && other.relatedComment !== null);
					expect(plan.moves.includes(one.id) || isElsewhere).toBe(true);
				}
			}),
			{ numRuns: 3_000 },
		);
	});
});

test('a copy with a file that the oldest one lacks stays, one without it goes', () => {
	const comment = (id: string, attachment: string | null): CaseComment => ({ id, case: '1', message: 'Any news?', public: true, contact: null, owner: '1', createdAt: null, attachment });
	const row = (id: string): TicketCommentRow => ({ id, originId: '7', ticket: '1', relatedComment: id });
	const gone = (first: string | null, second: string | null) => doubledComments([row('1'), row('2')], [comment('1', first), comment('2', second)]).map((one) => one.comment.id);
	expect([gone(null, '9'), gone('8', '9'), gone('8', null), gone(null, null)]).toEqual([[], ['2'], ['2'], ['2']]);
});

describe('second rows and contacts of a person', () => {
	const userRow: fc.Arbitrary<ZendeskUserRow> = fc.record({ id, originId: fc.constant('7'), url: fc.constant(null), name: fc.constant('Mia'), email: fc.constant(null), role: fc.constant(null), relatedContact: fc.option(id), relatedUser: fc.option(id), channel: fc.option(fc.constantFrom('1', '2')) });
	const userRows = fc.uniqueArray(userRow, { selector: (one) => one.id });

	test('one row stays, never one of an integration goes, the order decides nothing, and a second look finds nothing', () => {
		fc.assert(
			fc.property(userRows, (list) => {
				const doubled = doubledPerson(list, null);
				expect(doubledPerson([...list].reverse(), null)?.keep).toEqual(doubled?.keep);
				if (!doubled) return;
				const gone = new Set(doubled.rows.map((one) => one.id));
				expect(list.filter((one) => gone.has(one.id)).every(({ channel }) => channel === null)).toBe(true);
				expect(gone.has(doubled.keep.id)).toBe(false);
				expect(doubled.contacts).not.toContain(doubled.keep.relatedContact);
				if (doubled.keep.relatedContact === null) expect(doubled.contacts).toEqual([]);
				expect(doubledPerson(list.filter((one) => !gone.has(one.id)), null)).toBeUndefined();
			}),
		);
	});

	test('a run takes back what it made itself, and nothing that another one may still be writing with', () => {
		fc.assert(
			fc.property(userRows, fc.option(id), fc.option(id), (list, row, contact) => {
				const doubled = doubledPerson(list, { row, contact });
				for (const one of doubled?.rows ?? []) expect(one.id).toBe(row);
				const own = [contact, ...list.filter((one) => one.id === row).map((one) => one.relatedContact)];
				for (const one of doubled?.contacts ?? []) expect(own).toContain(one);
			}),
		);
	});

	test('the contact that another run made first is the one that stays, and the row is tied to it', () => {
		fc.assert(
			fc.property(userRows, id, id, (list, made, oldest) => {
				const doubled = doubledPerson(list, { row: null, contact: made }, oldest);
				if (!doubled) return;
				expect(doubled.keep.relatedContact).toBe(oldest);
				expect(doubled.contacts).not.toContain(oldest);
				expect(doubled.tie).toBe(list.find((one) => one.id === doubled.keep.id)?.relatedContact !== oldest);
			}),
		);
	});

	test('a contact whose other one was deleted meanwhile stays', () => {
		const contact = { type: 'contacts', id: '2', attributes: { createdAt: '2026-11-29T10:00:00Z', updatedAt: '2026-11-29T10:00:00Z', primaryEmail: 'mia@customer.example' } };
		expect(contactStays({ contact, attached: [], ownCases: [], otherRows: [] }, undefined)).toBe('the other contact is gone');
	});
});
