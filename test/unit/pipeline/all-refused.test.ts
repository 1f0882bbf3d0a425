import { ApiError } from '../../../http/api-error';
import { refusalOf, stopWhenAllIsRefused } from '../../../pipeline/all-refused';
import { PairProblem } from '../../../sync/pair-problem';

/** When a batch is in trouble as a whole, and when its items are bad. */

const refusal = (status: number | undefined, words = 'Not so.', pointers: string[] = [], service = 'OroCRM') =>
	new ApiError(service, 'POST /api/zendesktickets', status, words, 'Correct it.', pointers);

const times = (count: number, make: (index: number) => Error) => Array.from({ length: count }, (_, index) => make(index));

const stops = (errors: Error[], wentWell = false) => {
	try {
		stopWhenAllIsRefused(errors, wentWell);
		return false;
	} catch {
		return true;
	}
};

describe('two refusals are of one kind', () => {
	test.each<[string, Error, Error]>([
		['one status, 403, whatever the words', refusal(403, 'No access to cases.'), refusal(403, 'No access to contacts.')],
		['429', refusal(429, 'a'), refusal(429, 'b')],
		['500', refusal(500, 'a'), refusal(500, 'b')],
		['400 with the same words, but for numbers in them', refusal(400, 'Case 7 is bad.'), refusal(400, 'Case 4711 is bad.')],
		['422 at the same place of another record', refusal(422, 'Bad.', ['/included/0/attributes/subject']), refusal(422, 'Bad.', ['/included/12/attributes/subject'])],
	])('%s', (_, one, other) => expect(refusalOf(one)).toBe(refusalOf(other)));

	test.each<[string, Error, Error]>([
		['403 and 500', refusal(403), refusal(500)],
		['500 and 502', refusal(500), refusal(502)],
		['500 of OroCRM and of Zendesk', refusal(500), refusal(500, 'Not so.', [], 'Zendesk')],
		['400 of OroCRM and of Zendesk', refusal(400), refusal(400, 'Not so.', [], 'Zendesk')],
		['400 with other words', refusal(400, 'Too long.'), refusal(400, 'Too short.')],
		['400 at another place', refusal(400, 'Bad.', ['/data/attributes/subject']), refusal(400, 'Bad.', ['/data/attributes/status'])],
		['400 and 422', refusal(400), refusal(422)],
		['two conflicts', refusal(409), refusal(409)],
		['two that got no answer', refusal(undefined), refusal(undefined)],
		['two problems that no server told', new PairProblem('Not mapped.'), new PairProblem('Not mapped.')],
	])('not: %s', (_, one, other) => expect(refusalOf(one)).not.toBe(refusalOf(other)));
});

describe('the batch stops', () => {
	test.each([403, 429, 500, 503, 520])('when three or more were tried and all met %s', (status) => {
		expect([2, 3, 50].map((count) => stops(times(count, () => refusal(status))))).toEqual([false, true, true]);
	});

	test.each([400, 422])('when ten or more were tried and all met %s with the same words', (status) => {
		expect([3, 9, 10, 50].map((count) => stops(times(count, (index) => refusal(status, `Record ${index} is bad.`))))).toEqual([false, false, true, true]);
	});

	test('with the server’s words, and how many there were', () => {
		const errors = times(12, () => new ApiError('OroCRM', 'POST /api/zendesktickets', 403, 'No access.', 'Give the right.', ['/data'], 'access denied'));
		const stop = () => stopWhenAllIsRefused(errors, false);
		expect(stop).toThrow('OroCRM: No access.');
		expect(stop).toThrow(
			expect.objectContaining({
				status: 403,
				words: 'No access.',
				code: 'access denied',
				pointers: ['/data'],
				request: 'POST /api/zendesktickets',
				advice: 'Give the right. All 12 that were tried were refused so: none counts as a failed item, and they come again.',
			}),
		);
	});
});

describe('it goes on', () => {
	test('when one went well', () => expect(stops(times(100, () => refusal(500)), true)).toBe(false));
	test('when nothing failed', () => expect(stops([])).toBe(false));
	test('when one of many was refused in another way', () => expect(stops([...times(99, () => refusal(500)), refusal(403)])).toBe(false));
	test('when one of many is bad in itself', () => expect(stops([...times(99, () => refusal(403)), new PairProblem('No number.')])).toBe(false));
	test('when all are bad in themselves', () => expect(stops(times(100, () => new PairProblem('No number.')))).toBe(false));
	test('when all were refused for values of their own', () => expect(stops(times(100, (index) => refusal(400, index % 2 ? 'Too long.' : 'Too short.')))).toBe(false));
});
