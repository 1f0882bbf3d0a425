import { htmlToText, looksLikeHtml, textToHtml } from '../../../sync/html-text';

const lines = (...all: string[]) => all.join('\n');

describe('a Zendesk comment as text', () => {
	test('as Zendesk writes it (zendesk-api.md §7)', () => {
		expect(htmlToText('<div class="zd-comment" dir="auto"><p dir="auto">Some comment</p></div>')).toBe('Some comment');
		expect(
			htmlToText('<div class="zd-comment" dir="auto"><p dir="auto">One\n<br>two</p>\n<p dir="auto">three</p></div>'),
		).toBe(lines('One', 'two', '', 'three'));
	});

	test.each([
		['paragraphs', '<p>a</p><p>b</p>', lines('a', '', 'b')],
		['an empty paragraph, as mail programs use it', '<p>a</p><p>&nbsp;</p><p> </p><p>b</p>', lines('a', '', 'b')],
		['lines', 'a<br>b<br/>c<br />d</br>e', lines('a', 'b', 'c', 'd', 'e')],
		['empty lines', '<div>a</div><div><br></div><div>b</div>', lines('a', '', 'b')],
		['several empty lines', 'a<br><br><br>b', lines('a', '', '', 'b')],
		['a line break at the end of a block', '<div>a<br></div><div>b</div>', lines('a', 'b')],
		['blocks', '<div>a<div>b</div>c</div>d', lines('a', 'b', 'c', 'd')],
		['headings', '<h2>Title</h2>Text<h3>Next</h3>more', lines('Title', '', 'Text', '', 'Next', '', 'more')],
		['a line across', 'a<hr>b', lines('a', '', '---', '', 'b')],
		['blanks of the source', '  a \n\t b  <b> c </b> d ', 'a b c d'],
		['blanks beside tags', 'a <b>b</b> c<i> d</i>', 'a b c d'],
		['emphasis', '<b>a</b><i>b</i><u>c</u><s>d</s>', 'abcd'],
		['no-break blanks', 'a&nbsp;&nbsp;b\u00A0c &nbsp; d', 'a  b c   d'],
		['no-break blanks at the beginning of a line', 'a<br>&nbsp;&nbsp;b', lines('a', '  b')],
	])('%s', (_name, html, text) => {
		expect(htmlToText(html)).toBe(text);
	});
});

describe('lists', () => {
	test.each([
		['with dots', 'x<ul><li>a</li><li>b</li></ul>y', lines('x', '', '- a', '- b', '', 'y')],
		['with numbers', '<ol><li>a</li><li>b</li></ol>', lines('1. a', '2. b')],
		[
			'from a number on',
			'<ol start="9"><li>a<li>b<li value="20">c<li>d</ol>',
			lines('9. a', '10. b', '20. c', '21. d'),
		],
		[
			'in one another',
			'<ul>\n<li>a\n<ol>\n<li>b</li>\n<li>c<ul><li>d</li></ul></li>\n</ol>\n</li>\n<li>e</li>\n</ul>',
			lines('- a', '  1. b', '  2. c', '     - d', '- e'),
		],
		['items of several lines', '<ul><li>a<br>b</li><li>c</li></ul>', lines('- a', '  b', '- c')],
		[
			'items that are paragraphs',
			'<ul><li><p>a</p></li><li><p>b</p><p>c</p></li></ul>',
			lines('- a', '- b', '', '  c'),
		],
		['empty items', '<ul><li></li><li>a</li><li><br></li></ul>', '- a'],
		['without a list', '<li>a<li>b', lines('- a', '- b')],
		['of terms', '<dl><dt>a</dt><dd>b</dd></dl>', lines('a', 'b')],
	])('%s', (_name, html, text) => {
		expect(htmlToText(html)).toBe(text);
	});
});

describe('quotes', () => {
	test.each([
		['one', 'a<blockquote>b</blockquote>c', lines('a', '', '> b', '', 'c')],
		['paragraphs in it', '<blockquote><p>a</p><p>b</p></blockquote>', lines('> a', '>', '> b')],
		['in one another', '<blockquote>a<blockquote>b</blockquote></blockquote>', lines('> a', '>', '> > b')],
		['lists in it', '<blockquote><ul><li>a<br>b</li></ul></blockquote>', lines('> - a', '>   b')],
		['in a list', '<ul><li>a<blockquote>b</blockquote></li></ul>', lines('- a', '', '  > b')],
	])('%s', (_name, html, text) => {
		expect(htmlToText(html)).toBe(text);
	});
});

describe('links and pictures', () => {
	test.each([
		[
			'a link',
			'See <a href="https://x.example/a?b=1&amp;c=2">the page</a>.',
			'See the page (https://x.example/a?b=1&c=2).',
		],
		['its text is its address', '<a href="https://x.example/a">https://x.example/a</a>', 'https://x.example/a'],
		['without scheme and slash', '<a href="https://x.example/">x.example</a>', 'x.example'],
		['with special characters', '<a href="https://x.example/%C3%A4">x.example/ä</a>', 'x.example/ä'],
		['an e-mail', '<a href="mailto:a@x.example">a@x.example</a>', 'a@x.example'],
		['a name for an e-mail', '<a href="mailto:a@x.example">Anna</a>', 'Anna (a@x.example)'],
		['a phone', '<a href="tel:+4912345">call us</a>', 'call us (+4912345)'],
		['a link within blanks', 'a<a href="https://x.example"> b </a>c', 'a b (https://x.example) c'],
		['a link without text', 'a<a href="https://x.example"></a>b', 'ab'],
		[
			'links that lead nowhere',
			'<a href="#top">a</a> <a href="javascript:x()">b</a> <a name="c">c</a> <a href>d</a>',
			'a b c d',
		],
		['a script behind blanks', '<a href=" java\nscript:x()">a</a>', 'a'],
		['a link that isn’t closed', '<a href="https://x.example">a', 'a (https://x.example)'],
		[
			'a link in a link',
			'<a href="https://x.example">a<a href="https://y.example">b</a>c',
			'a (https://x.example)b (https://y.example)c',
		],
		['a link around a block', '<a href="https://x.example"><div>a</div></a>b', lines('a (https://x.example)', 'b')],
		['a picture', '<img src="https://x.example/a.png" alt="A tent">', 'A tent (https://x.example/a.png)'],
		['without words', '<img src="https://x.example/a.png">', 'https://x.example/a.png'],
		[
			'without an address',
			'a <img alt="A tent"> <img src="cid:1"> <img src="data:image/png;base64,AAAA">',
			'a A tent (image) (image)',
		],
		['a counter', 'a<img src="https://x.example/t" width="1" height="1">', 'a'],
		[
			'a picture that leads to itself',
			'<a href="https://x.example/a.png"><img src="https://x.example/a.png"></a>',
			'https://x.example/a.png',
		],
		[
			'a picture that leads elsewhere',
			'<a href="https://x.example/"><img alt="Logo" src="cid:1"></a>',
			'Logo (https://x.example/)',
		],
	])('%s', (_name, html, text) => {
		expect(htmlToText(html)).toBe(text);
	});
});

describe('tables', () => {
	const cell = (text: string) => `<td>${text}</td>`;
	const table = (...rows: string[][]) =>
		`<table>${rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')}</table>`;

	test.each([
		['rows', `x${table(['a', 'b'], ['c', 'd'])}y`, lines('x', '', 'a | b', 'c | d', '', 'y')],
		['empty cells keep their place', table(['', 'b'], ['c', '', 'e'], ['f', '']), lines('| b', 'c |  | e', 'f')],
		['a row without anything', table(['a', 'b'], ['', ''], ['c', 'd']), lines('a | b', 'c | d')],
		['lines in a cell', table(['a<br>b', '<p>c</p>']), 'a b | c'],
		['a table for the layout', table(['', '<p>a</p><p>b</p>', ''], ['c']), lines('a', '', 'b', '', 'c')],
		['paragraphs in a cell', table(['a', '<p>b</p><p>c</p>'], ['d', 'e']), lines('a', '', 'b', '', 'c', '', 'd | e')],
		['a list in a cell', table(['a', '<ul><li>b</li><li>c</li></ul>']), lines('a', '', '- b', '- c')],
		['code in a cell', table(['a', '<pre>b\n  c</pre>']), lines('a', '', 'b', '  c')],
		['a table in a table', table([`a${table(['b', 'c'])}`]), lines('a', '', 'b | c')],
		[
			'all its parts',
			'<table><caption>t</caption><thead><tr><th>a<th>b<tbody><tr><td>c<td>d<tfoot><tr><td>e<td>f</table>',
			lines('t', '', 'a | b', 'c | d', 'e | f'),
		],
		['in a quote', `<blockquote>${table(['a', 'b'], ['c', 'd'])}</blockquote>`, lines('> a | b', '> c | d')],
		['a link in a cell', table(['<a href="https://x.example">a</a>', 'b']), 'a (https://x.example) | b'],
		['cells without a table', '<tr><td>a<td>b<tr><td>c', lines('a b', 'c')],
		['that doesn’t end', '<table><tr><td>a<td>b', 'a | b'],
	])('%s', (_name, html, text) => {
		expect(htmlToText(html)).toBe(text);
	});
});

describe('code', () => {
	test.each([
		['lines and blanks', 'x<pre>\n  if (a)\n\n\tb  c\n</pre>y', lines('x', '', '  if (a)', '', '\tb  c', '', 'y')],
		['with its own tags', '<pre><code class="x">a\n  <b>b</b></code></pre>', lines('a', '  b')],
		['in a line', 'x <code>a  b</code>  y', 'x a  b y'],
		['in a quote', '<blockquote><pre>a\n\n  b</pre></blockquote>', lines('> a', '>', '>   b')],
		['with other line ends', '<pre>a\r\nb\rc</pre>', lines('a', 'b', 'c')],
	])('%s', (_name, html, text) => {
		expect(htmlToText(html)).toBe(text);
	});
});

describe('characters', () => {
	test.each([
		[
			'named',
			'&lt;b&gt; &amp;amp; &quot;a&quot; &apos; &eacute;&Eacute; &euro; &hellip; &mdash; &Omega;',
			`<b> &amp; "a" ' éÉ € … — Ω`,
		],
		['numbers', '&#65;&#x42;&#X43; &#128512; &#x1F600;', 'ABC 😀 😀'],
		['numbers of Windows', '&#146;&#128;&#x96;', '’€–'],
		['numbers that are none', 'a&#0;b&#xD800;c&#x110000;d&#99999999;', 'a�b�c�d�'],
		['without semicolon', 'a &amp b &lt c &copy d &#65 e', 'a & b < c &copy d A e'],
		['no names', '&unknown; &; & &#; &#x; &amp', '&unknown; &; & &#; &#x; &'],
		[
			'in attributes',
			'<img alt="&quot;a&quot; &amp; b" src="https://x.example/?a=1&lt=2">',
			'"a" & b (https://x.example/?a=1&lt=2)',
		],
		['blanks by number are blanks', 'a&#32;&#10;b', 'a b'],
	])('%s', (_name, html, text) => {
		expect(htmlToText(html)).toBe(text);
	});
});

describe('what is no text', () => {
	test.each([
		['comments', 'a<!-- b <p> -->c<!-->d', 'acd'],
		['Outlook’s conditions', 'a<!--[if mso]><p>b</p><![endif]-->c<![if !mso]>d<![endif]>', 'acd'],
		['scripts and styles', 'a<script>if (x < y) "</p>"</script>b<STYLE>p { }</Style >c', 'abc'],
		['the head', '<!DOCTYPE html><html><head><title>t</title><style>x</style></head><body>a</body></html>', 'a'],
		['an XML instruction', '<?xml version="1.0"?>a', 'a'],
		['a script that doesn’t end', 'a<script>b', 'a'],
	])('%s', (_name, html, text) => {
		expect(htmlToText(html)).toBe(text);
	});
});

describe('what is malformed', () => {
	test.each([
		['unknown tags', '<o:p>a</o:p><x-y z="1">b</x-y>', 'ab'],
		['tags that close nothing', 'a</p></ul></td></table></blockquote></pre>b', lines('a', '', 'b')],
		['tags that cross', '<b>a<i>b</b>c</i>', 'abc'],
		['a mere sign', 'a < b <3 c <> d </ e', 'a < b <3 c <> d </ e'],
		['a tag that doesn’t end', 'a <b and c', 'a <b and c'],
		['a quote that doesn’t end', '<a href="https://x.example>a</a> <b>c</b>', 'a (https://x.example) c'],
		['an end in a quoted value', '<a title="a > b" href=\'https://x.example\'>c</a>', 'c (https://x.example)'],
		['bare values, blanks, slashes, capitals', '<A HREF = https://x.example />a</A >', 'a (https://x.example)'],
		['a value twice', '<a href="https://x.example" href="https://y.example">a</a>', 'a (https://x.example)'],
		['nothing', '', ''],
	])('%s', (_name, html, text) => {
		expect(htmlToText(html)).toBe(text);
	});
});

describe('a text as HTML', () => {
	test.each([
		['a line', 'a', '<p>a</p>'],
		['lines', 'a\nb\r\nc\rd', '<p>a<br>b<br>c<br>d</p>'],
		['paragraphs', 'a\n\nb', '<p>a</p><p>b</p>'],
		['more empty lines', 'a\n\n\n\nb', '<p>a</p><p><br><br>b</p>'],
		['empty lines before', '\n\na', '<p><br><br>a</p>'],
		['blanks at the end', 'a  \n \nb\n\n ', '<p>a</p><p>b</p>'],
		['markup', '<b> & "x"', '<p>&lt;b&gt; &amp; &quot;x&quot;</p>'],
		['blanks at the beginning of a line', '  a\n b', '<p>&nbsp;&nbsp;a<br>&nbsp;b</p>'],
		['several blanks', 'a   b', '<p>a &nbsp;&nbsp;b</p>'],
		['a tab', '\ta\tb', '<p>&emsp;a&emsp;b</p>'],
		['nothing', ' \n\t', ''],
	])('%s', (_name, text, html) => {
		expect(textToHtml(text)).toBe(html);
	});
});

describe('HTML or plain text', () => {
	test.each([
		'<p>a</p>',
		'a<br>b',
		'a<br />b',
		'<div class="x">a</div>',
		'<IMG SRC=x.png>',
		'a <b>b</b> c',
		'<ul>\n<li>a</li>\n</ul>',
		'<td nowrap>a</td>',
		'x < y <strong>a</strong>',
	])('HTML: %j', (text) => {
		expect(looksLikeHtml(text)).toBe(true);
	});

	test.each([
		'',
		'a < b and c > d',
		'<anna@example.com> wrote',
		'Anna <a@example.com>',
		'see <https://x.example/a>',
		'List<String> and Map<K, V>',
		'use the <p> tag',
		'close it with </p>',
		'<b and c> d </b>',
		'<-- here -->',
		'1 <2> 3',
		'&amp; &lt;p&gt;',
		'<!-- a -->',
		'<unknown>a</unknown>',
		'<p>a</',
	])('plain: %j', (text) => {
		expect(looksLikeHtml(text)).toBe(false);
	});
});
