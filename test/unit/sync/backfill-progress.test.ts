import { backfillProgress, MOST_MARKS, withMark } from '../../../sync/backfill-progress';
import type { BackfillFacts, BackfillMark } from '../../../sync/backfill-progress';

const MINUTE = 60_000;
const DAY = 86_400;
const BEGUN = Date.parse('2026-11-24T09:00:00Z');
const FIRST = Date.parse('2024-01-01T00:00:00Z') / 1000;

/** One page of 1,000 tickets a minute; `days`: how many days of the history each of them brought. */
const marksOf = (...days: number[]): BackfillMark[] => {
	let second = FIRST;
	return [0, ...days].map((more, page) => ({ at: BEGUN + page * MINUTE, tickets: page * 1000, second: (second += more * DAY) }));
};

const facts = (marks: BackfillMark[]): BackfillFacts => {
	const last = marks[marks.length - 1];
	return {
		begun: BEGUN,
		until: FIRST + 100 * DAY,
		first: FIRST,
		done: last.tickets,
		readAt: last.at,
		page: { tickets: 1000, from: (last.second ?? 0) + 1, to: (last.second ?? 0) + DAY },
		marks,
	};
};

describe('pace and end', () => {
	test('an even pace through the dates: tickets a minute, and when it ends', () => {
		const progress = backfillProgress(facts(marksOf(10, 10, 10, 10, 10)));
		expect(progress).toMatchObject({
			tickets: 6000,
			perMinute: 1000,
			endsAbout: new Date(BEGUN + 10 * MINUTE).toISOString(),
			history: { from: '2024-01-01T00:00:00.000Z', until: '2024-04-10T00:00:00.000Z' },
			begun: '2026-11-24T09:00:00.000Z',
		});
		expect(progress.summary).toBe('Backfill: with this page 6,000 tickets of the history, up to the changes of 2024-02-21; 1,000 a minute; about 5 min left, going by the dates so far.');
	});

	test('at first neither is told', () => {
		const progress = backfillProgress(facts(marksOf(10)));
		expect(progress).toMatchObject({ tickets: 2000, perMinute: null, endsAbout: null });
		expect(progress.summary).toBe('Backfill: with this page 2,000 tickets of the history, up to the changes of 2024-01-12; how long it takes can’t be told yet.');
	});

	test('dates that go by unevenly tell no end, but the pace', () => {
		expect(backfillProgress(facts(marksOf(30, 30, 1, 1, 1, 1)))).toMatchObject({ perMinute: 1000, endsAbout: null });
	});

	test('no dates from Zendesk: no end, and no text that pretends one', () => {
		const marks = marksOf(1, 1, 1, 1, 1, 1).map((mark) => ({ ...mark, second: null }));
		const progress = backfillProgress({ ...facts(marks), first: null, page: { tickets: 5, from: null, to: null } });
		expect(progress).toMatchObject({ perMinute: 1000, endsAbout: null, page: { from: null, to: null }, history: { from: null } });
		expect(progress.summary).toContain('with this page 6,005 tickets of the history; 1,000 a minute; how long');
	});

	test('hours are told as hours', () => {
		expect(backfillProgress({ ...facts(marksOf(1, 1, 1, 1, 1, 1)), until: FIRST + 240 * DAY }).summary).toContain('about 4 h left');
	});

	test('a time that is no date is not taken for one', () => {
		expect(() => backfillProgress({ ...facts(marksOf(1, 1)), page: { tickets: 1, from: 1e300, to: Number.MAX_SAFE_INTEGER } })).not.toThrow();
	});
});

describe('marks', () => {
	test('a page that is tried again is no new mark: its pauses count', () => {
		const marks = marksOf(1, 1);
		expect(withMark(marks, { ...marks[2], at: marks[2].at + 10 * MINUTE })).toEqual(marks);
	});

	test('only the latest are kept', () => {
		let marks: BackfillMark[] = [];
		for (let page = 0; page < 100; page++) marks = withMark(marks, { at: page, tickets: page, second: page });
		expect(marks).toHaveLength(MOST_MARKS);
		expect(marks.at(-1)?.tickets).toBe(99);
	});
});
