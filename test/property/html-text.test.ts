import fc from 'fast-check';
import { htmlToText, looksLikeHtml, textToHtml } from '../../sync/html-text';

/** Texts as people write them and as they don't: blanks, tabs, line ends, markup, half characters. */
const anyText = fc
	.array(
		fc.oneof(
			fc.constantFrom(
				' ',
				' ',
				'  ',
				'\n',
				'\n',
				'\r\n',
				'\t',
				'\u00A0',
				'<',
				'>',
				'&',
				'"',
				"'",
				'&lt;',
				'&nbsp;',
				'<b>',
				'</p>',
				'<!--',
				'- ',
				'> ',
				'1. ',
				' | ',
			),
			fc.string({ unit: 'binary', maxLength: 5 }),
			fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
			fc.constantFrom('word', 'été', '👩‍👩‍👧', 'שלום'),
		),
		{ maxLength: 60 },
	)
	.map((parts) => parts.join(''));

/** A text without blanks at the ends of lines; line ends, and blanks of another kind, in one form. */
const plain = (text: string) =>
	text
		.trimEnd()
		.split(/\r\n?|[\n\f]/)
		.map((line) => line.trimEnd().replaceAll('\u00A0', ' ').replaceAll('\u2003', '\t'))
		.join('\n');

test('a text comes back from HTML as it was', () => {
	fc.assert(
		fc.property(anyText, (text) => {
			expect(htmlToText(textToHtml(text))).toBe(plain(text));
		}),
		{ numRuns: 3000 },
	);
});

test('what a text becomes is HTML, and nothing of the text is a tag in it', () => {
	fc.assert(
		fc.property(anyText, (text) => {
			const html = textToHtml(text);
			expect(html.match(/<[^>]*>/g)?.every((tag) => ['<p>', '</p>', '<br>'].includes(tag)) ?? true).toBe(true);
			expect(looksLikeHtml(html)).toBe(plain(text) !== '');
		}),
		{ numRuns: 1000 },
	);
});

const NAMES = [
	'p',
	'div',
	'b',
	'a',
	'ul',
	'ol',
	'li',
	'blockquote',
	'pre',
	'code',
	'table',
	'tr',
	'td',
	'th',
	'tbody',
	'h1',
	'br',
	'hr',
	'x:y',
];
const tag = fc
	.tuple(
		fc.constantFrom('<', '</'),
		fc.constantFrom(...NAMES),
		fc.constantFrom('>', ' >', '/>', ' class="a > b">', ' href=x>'),
	)
	.map((parts) => parts.join(''));

test('no word is lost or doubled, whatever the tags around it', () => {
	fc.assert(
		fc.property(fc.array(fc.oneof(tag, fc.constant(undefined)), { maxLength: 60 }), (parts) => {
			const words: string[] = [];
			const html = parts.map((part) => part ?? words[words.push(`w${words.length}w`) - 1]).join('');
			const found = htmlToText(html).match(/w\d+w/g) ?? [];
			expect(found.sort()).toEqual(words.sort());
		}),
		{ numRuns: 2000 },
	);
});

test('outside tables words stay in their order, and lines have no blanks at their ends', () => {
	const flow = tag.filter((one) => !/t[rdh]|table|tbody|pre|code/.test(one));
	fc.assert(
		fc.property(
			fc.array(fc.oneof(flow, fc.constantFrom(undefined, ' ', '&nbsp;', '\n')), { maxLength: 60 }),
			(parts) => {
				let count = 0;
				const html = parts.map((part) => part ?? `w${100 + count++}w`).join('');
				const text = htmlToText(html);
				const found = text.match(/w\d+w/g) ?? [];
				expect(found).toEqual([...found].sort());
				expect(text).not.toMatch(/[ \t]$/m);
			},
		),
		{ numRuns: 2000 },
	);
});

test('any text is taken, also pieces of tags', () => {
	const pieces = fc.constantFrom(
		'<',
		'>',
		'/',
		'"',
		"'",
		'=',
		'&',
		'#',
		';',
		'!',
		'-',
		'--',
		' ',
		'a',
		'td',
		'table',
		'pre',
		'href',
		'&#x',
		'<!--',
		'-->',
		'<script',
		'</',
	);
	fc.assert(
		fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 60 }), (parts) => {
			const html = parts.join('');
			expect(typeof htmlToText(html)).toBe('string');
			expect(typeof looksLikeHtml(html)).toBe('boolean');
		}),
		{ numRuns: 3000 },
	);
});

/** Each is repeated up to a million characters. What takes the square of that takes hours. */
const hostile = (
	[
		['signs', '<'],
		['beginnings of tags', '<a '],
		['beginnings of closing tags', '</a '],
		['beginnings of comments', '<!--'],
		['beginnings of declarations', '<!'],
		['beginnings of scripts', '<script>'],
		['beginnings of scripts that end', '<script></script '],
		['quotes', '<a b="'],
		['quotes with an end at the very end', '<a b="', '>'],
		['ends in quotes', '<a b=">"'],
		['names without values', '<a b b b b '],
		['values', '<a b=c ', '>'],
		['blanks in tags', '<a          ', '>'],
		['ampersands', '&'],
		['long names of characters', '&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
		['numbers of characters', '&#1111111111111111'],
		['blanks', ' '],
		['blanks and no-break blanks', ' &nbsp;'],
		['line ends', '\n'],
		['blanks before a word', '                    a'],
		['nested blocks', '<div>'],
		['nested quotes with text', '<blockquote>a'],
		['nested lists', '<ul><li>a'],
		['nested tables', '<table><tr><td>a'],
		['nested tables of two cells', '<table><tr><td>a<td>b'],
		['cells', '<td>a'],
		['rows', '<tr><td>a<td>b'],
		['links', '<a href="x">a'],
		['links that are closed', '<a href="x">a</a>'],
		['unclosed code', '<pre>a\n'],
		['what closes nothing', '</blockquote>'],
		['quotes in quotes that close', '<blockquote>a</blockquote></ul>'],
		['lines', 'a<br>'],
		['pictures', '<img src="x" alt="y">'],
	] as Array<[name: string, piece: string, end?: string]>
).map(([name, piece, end]) => ({ name, piece, end: end ?? '' }));

describe('a million characters of', () => {
	const long = (piece: string, end: string) => piece.repeat(Math.ceil(1_000_000 / piece.length)) + end;

	test.each(hostile)('$name', ({ piece, end }) => {
		const html = long(piece, end);
		const before = Date.now();
		const text = htmlToText(html);
		expect(Date.now() - before).toBeLessThan(10_000);
		// Marks of quotes and lists make a text longer, within bounds.
		expect(text.length).toBeLessThan(20 * html.length);
	});

	test.each(hostile.slice(0, 10))('$name, for the two other functions', ({ piece, end }) => {
		const html = long(piece, end);
		const before = Date.now();
		expect(looksLikeHtml(html)).toBe(false);
		textToHtml(html);
		expect(Date.now() - before).toBeLessThan(10_000);
	});

	test.each(hostile.filter(({ piece }) => /<(blockquote|ul|table|td)/.test(piece)))(
		'$name, and lines within',
		({ piece }) => {
			const html = long(piece, '').slice(0, 500_000) + long('a<br>', '').slice(0, 500_000);
			const before = Date.now();
			const text = htmlToText(html);
			expect(Date.now() - before).toBeLessThan(10_000);
			expect(text.length).toBeLessThan(20 * html.length);
		},
	);
});
