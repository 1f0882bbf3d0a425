import fc from 'fast-check';
import { caseKey, isCaseKey } from '../../sync/case-key';
import { caseSubject } from '../../sync/field-maps';
import { columnText, cutText, longText, sameDate, storableDate, storableText } from '../../sync/text';
import { recordSubject } from '../../sync/ticket-record';

const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const UNSTORABLE = /(?![\t\n\r])\p{Cc}/u;

/** Any UTF-16 units, broken pairs and control characters among them. */
const anyText = fc
	.array(
		fc.oneof(
			fc.integer({ min: 0, max: 0xffff }),
			fc.constantFrom(0, 7, 10, 0x20, 0x41, 0xa0, 0xd83c, 0xdfd5, 0xdc00, 0xd800, 0x200f, 0x5d0),
		),
		{ maxLength: 400 },
	)
	.map((units) => String.fromCharCode(...units));
/** Texts without broken pairs. */
const wholeText = fc.string({ unit: 'binary', maxLength: 400 });

describe('cutText', () => {
	test('never exceeds the length and never splits a surrogate pair', () => {
		fc.assert(
			fc.property(wholeText, fc.nat({ max: 300 }), (text, length) => {
				const cut = cutText(text, length);
				expect(cut.length).toBeLessThanOrEqual(length);
				expect(text.startsWith(cut)).toBe(true);
				expect(cut).not.toMatch(LONE);
				if (text.length > length) expect(cut.length).toBeGreaterThanOrEqual(length - 1);
				else expect(cut).toBe(text);
			}),
			{ numRuns: 1000 },
		);
	});
});

describe('storableText', () => {
	test('leaves no control characters and no lone surrogates', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				const stored = storableText(text);
				expect(stored).not.toMatch(LONE);
				expect(stored).not.toMatch(UNSTORABLE);
				expect(Buffer.from(stored, 'utf8').toString('utf8')).toBe(stored);
			}),
			{ numRuns: 1000 },
		);
	});

	test('twice is the same as once', () => {
		fc.assert(fc.property(anyText, (text) => expect(storableText(storableText(text))).toBe(storableText(text))));
	});

	test('what can be stored stays as it is', () => {
		const text = 'Grüße\tשלום\n👩‍👩‍👧 🏕️\r\nعربى \u200f\u2028';
		expect(storableText(text)).toBe(text);
	});
});

describe('values for columns', () => {
	test('fit, are storable, not blank and not padded', () => {
		fc.assert(
			fc.property(
				fc.oneof(anyText, fc.double(), fc.boolean(), fc.constantFrom(null, undefined)),
				fc.integer({ min: 1, max: 300 }),
				(value, length) => {
					for (const text of [columnText(value, length), longText(value)]) {
						if (text === null) continue;
						expect(text.trim()).toBe(text);
						expect(text).not.toBe('');
						expect(text).not.toMatch(LONE);
						expect(text).not.toMatch(UNSTORABLE);
					}
					expect((columnText(value, length) ?? '').length).toBeLessThanOrEqual(length);
					if (value === null || value === undefined)
						expect([columnText(value, length), longText(value)]).toEqual([null, null]);
				},
			),
			{ numRuns: 1000 },
		);
	});

	test('a subject is one line of at most 255 characters, never empty, and mapping it again changes nothing', () => {
		fc.assert(
			fc.property(anyText, (subject) => {
				const mapped = caseSubject(subject);
				expect(mapped.length).toBeGreaterThan(0);
				expect(mapped.length).toBeLessThanOrEqual(255);
				expect(mapped).not.toMatch(/[\r\n]/);
				expect(caseSubject(mapped)).toBe(mapped);
				const recorded = recordSubject(subject);
				expect(recordSubject(recorded)).toBe(recorded);
			}),
			{ numRuns: 1000 },
		);
	});
});

describe('dates', () => {
	test('any point in time comes out to the second, in a form that OroCRM accepts', () => {
		fc.assert(
			fc.property(
				fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
				(date) => {
					const stored = storableDate(date.toISOString());
					expect(stored).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
					expect(Math.floor(date.getTime() / 1000) * 1000).toBe(Date.parse(stored ?? ''));
					expect(sameDate(stored, date.toISOString())).toBe(true);
				},
			),
		);
	});

	test.each([
		'',
		'yesterday',
		'2026-13-40',
		'12',
		7,
		null,
		undefined,
		{},
		'2026-11-31T99:00:00Z',
		'9999-12-31T23:59:59-14:00',
		'0000-01-01T00:00:00+14:00',
	])('%j is no date that OroCRM can hold', (value) => {
		expect(storableDate(value)).toBeNull();
		expect(sameDate(value, value)).toBe(false);
	});

	test('an offset names the same second', () => {
		expect(storableDate('2026-11-20T10:00:00+02:00')).toBe('2026-11-20T08:00:00Z');
		expect(sameDate('2026-11-20T10:00:00+02:00', '2026-11-20T08:00:00.999Z')).toBe(true);
		expect(sameDate('2026-11-20T08:00:01Z', '2026-11-20T08:00:00Z')).toBe(false);
	});
});

describe('the key of a case', () => {
	const ticketId = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

	test('has at most 36 characters and no comma, and is recognised', () => {
		fc.assert(
			fc.property(fc.oneof(fc.domain(), fc.string({ unit: 'binary' })), ticketId, (host, id) => {
				const key = caseKey(host, id);
				expect(key.length).toBeLessThanOrEqual(36);
				expect(key).toMatch(/^[a-z0-9-]+$/);
				expect(isCaseKey(key)).toBe(true);
			}),
		);
	});

	test('is another one for another ticket or another account', () => {
		fc.assert(
			fc.property(
				fc.uniqueArray(fc.tuple(fc.domain(), ticketId), {
					selector: ([host, id]) => `${host.toLowerCase()} ${id}`,
					maxLength: 50,
				}),
				(tickets) => {
					expect(new Set(tickets.map(([host, id]) => caseKey(host, id))).size).toBe(tickets.length);
				},
			),
		);
	});

	test('is another one for the same number in another account', () => {
		fc.assert(
			fc.property(
				fc.uniqueArray(fc.domain(), { selector: (host) => host.toLowerCase(), minLength: 2, maxLength: 50 }),
				ticketId,
				(hosts, id) => {
					expect(new Set(hosts.map((host) => caseKey(host, id))).size).toBe(hosts.length);
				},
			),
		);
	});

	test('does not depend on capitals of the host, and never changes: cases are found by it', () => {
		expect(caseKey('ACME.zendesk.com', 35)).toBe(caseKey('acme.zendesk.com', 35));
		expect(caseKey('acme.zendesk.com', 35)).toBe('zd-1ha7jde-35');
	});

	test.each([null, undefined, '', 'zd-1ha7jde-', 'zd-35', 'E-1', 'xzd-1ha7jde-35', 'zd-1ha7jde-35x', 'orocrm-case-7'])(
		'%j is none',
		(key) => {
			expect(isCaseKey(key)).toBe(false);
		},
	);
});
