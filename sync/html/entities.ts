/** Named characters of HTML 4 from U+00A0 to U+00FF, in their order. */
const LATIN_1 =
	'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest ' +
	'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
	'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

/** Greek letters from U+0391 and U+03B1; a hyphen where there is none. */
const GREEK_CAPITALS = 'Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - Sigma Tau Upsilon Phi Chi Psi Omega';
const GREEK_SMALL = 'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi omega';

const OTHERS: Record<string, string> = {
	amp: '&', lt: '<', gt: '>', quot: '"', apos: "'",
	OElig: 'Œ', oelig: 'œ', Scaron: 'Š', scaron: 'š', Yuml: 'Ÿ', fnof: 'ƒ', circ: 'ˆ', tilde: '˜',
	ensp: '\u2002', emsp: '\u2003', thinsp: '\u2009', zwnj: '\u200C', zwj: '\u200D', lrm: '\u200E', rlm: '\u200F',
	ndash: '–', mdash: '—', horbar: '―', lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„', lsaquo: '‹', rsaquo: '›',
	dagger: '†', Dagger: '‡', bull: '•', hellip: '…', permil: '‰', prime: '′', Prime: '″', oline: '‾', frasl: '⁄',
	euro: '€', trade: '™', numero: '№', larr: '←', uarr: '↑', rarr: '→', darr: '↓', harr: '↔', lArr: '⇐', rArr: '⇒', hArr: '⇔',
	forall: '∀', part: '∂', exist: '∃', empty: '∅', isin: '∈', notin: '∉', prod: '∏', sum: '∑', minus: '−', radic: '√', infin: '∞',
	cap: '∩', cup: '∪', int: '∫', asymp: '≈', ne: '≠', equiv: '≡', le: '≤', ge: '≥', sub: '⊂', sup: '⊃', loz: '◊', check: '✓', star: '☆',
	num: '#', dollar: '$', percnt: '%', lpar: '(', rpar: ')', ast: '*', plus: '+', comma: ',', period: '.', sol: '/', colon: ':', semi: ';',
	equals: '=', quest: '?', commat: '@', lsqb: '[', lbrack: '[', bsol: '\\', rsqb: ']', rbrack: ']', Hat: '^', lowbar: '_', grave: '`',
	lcub: '{', lbrace: '{', verbar: '|', vert: '|', rcub: '}', rbrace: '}', excl: '!', Tab: '\t', NewLine: '\n',
};

const NAMED = new Map<string, string>([
	...row(LATIN_1, 0xa0),
	...row(GREEK_CAPITALS, 0x391),
	...row(GREEK_SMALL, 0x3b1),
	...Object.entries(OTHERS),
]);

/** In text these are read without their semicolon too, as browsers do: old programs leave it out. */
const WITHOUT_SEMICOLON = new Set(['amp', 'lt', 'gt', 'quot', 'nbsp']);

/** What numbers from 128 to 159 stand for: those of Windows-1252, as every browser takes them. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009Džÿ';

function row(names: string, from: number): Array<[string, string]> {
	return names.split(' ').map((name, index) => [name, String.fromCodePoint(from + index)]);
}

/**
 * Replaces character references by their characters; what is none stays as it is.
 *
 * @param inAttribute in an attribute's value a name without semicolon is no reference: addresses hold `&lt=1` and the like
 */
export function decodeEntities(text: string, inAttribute = false): string {
	if (!text.includes('&')) return text;
	return text.replace(/&(?:#[xX]([0-9a-fA-F]{1,8})|#(\d{1,8})|([a-zA-Z][a-zA-Z0-9]{1,31}))(;?)/g, (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined, semicolon: string) => {
		if (name === undefined) return character(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
		if (!semicolon && (inAttribute || !WITHOUT_SEMICOLON.has(name))) return whole;
		return NAMED.get(name) ?? whole;
	});
}

function character(code: number): string {
	if (code >= 0x80 && code <= 0x9f) return WINDOWS_1252[code - 0x80];
	const isNone = code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
	return isNone ? '\uFFFD' : String.fromCodePoint(code);
}
