/** Elements that stand on lines of their own, and the line ends that they keep from their neighbours: 2 leave a blank line. */
export const BLOCKS: ReadonlyMap<string, 1 | 2> = new Map([
	...['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'dl', 'figure'].map((name) => [name, 2] as const),
	...['address', 'article', 'aside', 'body', 'caption', 'center', 'dd', 'details', 'dialog', 'dir', 'div', 'dt', 'fieldset', 'figcaption', 'footer', 'form', 'header'].map((name) => [name, 1] as const),
	...['hgroup', 'html', 'legend', 'main', 'menu', 'nav', 'optgroup', 'option', 'section', 'select', 'summary'].map((name) => [name, 1] as const),
]);

const INLINE = [
	'a', 'abbr', 'acronym', 'b', 'bdi', 'bdo', 'big', 'cite', 'code', 'del', 'dfn', 'em', 'font', 'i', 'ins', 'kbd', 'label', 'mark', 'q', 's', 'samp', 'small', 'span',
	'strike', 'strong', 'sub', 'sup', 'time', 'tt', 'u', 'var',
];
const STRUCTURE = ['blockquote', 'li', 'ol', 'pre', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr', 'ul'];

/** Elements of text, as editors make them. */
export const TEXT_ELEMENTS: ReadonlySet<string> = new Set([...BLOCKS.keys(), ...INLINE, ...STRUCTURE]);

/** Elements that have no content and so no closing tag. */
export const EMPTY_ELEMENTS: ReadonlySet<string> = new Set(['br', 'hr', 'img']);
