import { parseJson } from '../../../http/json';

describe('parseJson', () => {
	test('ids above 2^53 stay exact, as text', () => {
		expect(parseJson('{"id":9007199254740993,"list":[-9223372036854775808, 18446744073709551615]}')).toEqual({
			id: '9007199254740993',
			list: ['-9223372036854775808', '18446744073709551615'],
		});
	});

	test('ids that JavaScript holds exactly stay numbers', () => {
		expect(parseJson('{"id":33144692244371,"largest":9007199254740991}')).toEqual({
			id: 33144692244371,
			largest: 9007199254740991,
		});
	});

	test('digits inside texts are not touched, whatever stands before them', () => {
		const value = {
			a: 'order 12345678901234567890',
			b: '"12345678901234567890',
			c: '\\12345678901234567890',
			'12345678901234567890': 1,
		};
		expect(parseJson(JSON.stringify(value))).toEqual(value);
	});

	test('a broken fraction is no id: 0.1 + 0.2', () => {
		expect(
			parseJson('{"sum":0.30000000000000004,"small":1.2345678901234567e-7,"third":-12345678901234567890.5}'),
		).toEqual({
			sum: 0.1 + 0.2,
			small: Number('1.2345678901234567e-7'),
			third: Number('-12345678901234567890.5'),
		});
	});

	test('a large number with an exponent stays a number', () => {
		expect(parseJson('[1e300,12345678901234567890E2]')).toEqual([1e300, Number('12345678901234567890e2')]);
	});

	test.each(['', 'null?', '<html>12345678901234567890</html>', '{"a":', '{"a":12345678901234567890', "{'a':1}"])(
		'%j is no JSON',
		(text) => {
			expect(parseJson(text)).toBeUndefined();
		},
	);

	test('long texts are no trouble', () => {
		const long = 'x\\"'.repeat(2_000_000);
		expect(
			parseJson(`{"text":"${'y'.repeat(5_000_000)}","escaped":${JSON.stringify(long)},"id":12345678901234567890}`),
		).toMatchObject({ id: '12345678901234567890' });
	});
});
