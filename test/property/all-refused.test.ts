import fc from 'fast-check';
import { ApiError } from '../../http/api-error';
import { stopWhenAllIsRefused } from '../../pipeline/all-refused';
import { PairProblem } from '../../sync/pair-problem';

/** When a batch is in trouble as a whole. What is a refusal of one kind is told here in other words than in the rule: by how the refusals are made. */

interface Kind {
	service: string;
	status: number | undefined;
	words: string;
	pointer: string;
}

const LACK_OR_TROUBLE = [403, 429, 500, 502, 503, 504, 520, 599];
const VALUE = [400, 422];
const OTHER = [undefined, 401, 404, 409, 410, 413, 415];

const kindOf = (statuses: ReadonlyArray<number | undefined>): fc.Arbitrary<Kind> =>
	fc.record({
		service: fc.constantFrom('OroCRM', 'Zendesk'),
		status: fc.constantFrom(...statuses),
		words: fc.constantFrom('Record is too long.', 'Record is blank.'),
		pointer: fc.constantFrom('/attributes/subject', '/attributes/status'),
	});
const kind = fc.oneof(kindOf(LACK_OR_TROUBLE), kindOf(VALUE), kindOf(OTHER));

/** A refusal of a kind, of the record of a number. A refusal for a value names the record; the others say whatever they like. */
function refusal({ service, status, words, pointer }: Kind, number: number): ApiError {
	const said = VALUE.includes(status ?? 0) ? words.replace('Record', `Record ${number}`) : `${words} ${'x'.repeat(number % 5)}`;
	return new ApiError(service, `POST /records/${number}`, status, said, 'Put it right.', [`/included/${number}${pointer}`]);
}

/** All that the rule may look at, without what one kind may say in different ways. */
const same = ({ service, status, words, pointer }: Kind) => JSON.stringify(VALUE.includes(status ?? 0) ? [service, status, words, pointer] : [service, status]);
const most = (one: Kind) => (VALUE.includes(one.status ?? 0) ? 10 : LACK_OR_TROUBLE.includes(one.status ?? 0) ? 3 : Number.POSITIVE_INFINITY);

function thrown(errors: readonly Error[], wentWell: boolean): unknown {
	try {
		stopWhenAllIsRefused(errors, wentWell);
		return undefined;
	} catch (error) {
		return error;
	}
}

const numbers = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 30 });

test('refusals of one kind stop the batch from a number on, for good reasons only, and say how many there were', () => {
	fc.assert(
		fc.property(kind, numbers, fc.boolean(), (one, records, wentWell) => {
			const errors = records.map((number) => refusal(one, number));
			const error = thrown(errors, wentWell);
			if (wentWell || records.length < most(one)) expect(error).toBeUndefined();
			else {
				expect(error).toBeInstanceOf(ApiError);
				expect(error).toMatchObject({ service: one.service, status: one.status, words: errors[0].words, request: errors[0].request });
				expect((error as ApiError).advice).toBe(`Put it right. All ${records.length} that were tried were refused so: none counts as a failed item, and they come again.`);
			}
		}),
		{ numRuns: 2_000 },
	);
});

test('one item that is refused in another way, or bad in itself, wherever it stands: the batch goes on', () => {
	const odd = fc.oneof(
		kind.map((one) => ({ one, error: refusal(one, 7) as Error })),
		fc.constant({ one: null, error: new PairProblem('Not mapped.') as Error }),
	);
	fc.assert(
		fc.property(kind, numbers, odd, fc.nat(30), (all, records, { one, error }, at) => {
			fc.pre(one === null || same(one) !== same(all));
			const errors: Error[] = records.map((number) => refusal(all, number));
			errors.splice(at % (errors.length + 1), 0, error);
			expect(thrown(errors, false)).toBeUndefined();
		}),
		{ numRuns: 2_000 },
	);
});

test('the order of the errors decides nothing but whose words are said', () => {
	const mixed = fc.array(fc.tuple(kind, fc.nat(1_000)), { maxLength: 20 }).chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })));
	const alike = fc.tuple(kind, numbers).chain(([one, records]) => {
		const some = records.map((number): [Kind, number] => [one, number]);
		return fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length }));
	});
	fc.assert(
		fc.property(fc.oneof(mixed, alike), ([some, shuffled]) => {
			const stops = (list: Array<[Kind, number]>) => thrown(list.map(([one, number]) => refusal(one, number)), false) !== undefined;
			expect(stops(shuffled)).toBe(stops(some));
		}),
		{ numRuns: 2_000 },
	);
});
