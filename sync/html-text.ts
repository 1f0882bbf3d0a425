import { EMPTY_ELEMENTS, TEXT_ELEMENTS } from './html/elements';
import { TextRenderer } from './html/renderer';
import { htmlTokens } from './html/tokens';

/**
 * The plain text of a piece of HTML, such as a Zendesk comment's `html_body`: what it says, without what it looks like. Paragraphs,
 * headings, lists (`- `, `1. `), quotes (`> `), tables (` | `) and code keep their lines; links and images their addresses. Line ends are
 * `\n`; no-break blanks become blanks. Takes any text, and time in proportion to its length.
 */
export function htmlToText(html: string): string {
	return new TextRenderer().render(html);
}

/**
 * HTML that shows a plain text as it is written: escaped, an empty line as a new paragraph, blanks at the beginning of a line and several in
 * a row kept. {@link htmlToText} gives the text back, but for blanks at the ends of lines; a no-break blank
 * comes back as a blank, an em space as a tab.
 */
export function textToHtml(text: string): string {
	let html = '';
	let emptyLines = 0;
	for (const line of text.trimEnd().split(/\r\n?|[\n\f]/)) {
		const shown = lineToHtml(line.trimEnd());
		if (shown === '') {
			emptyLines += 1;
			continue;
		}
		// A paragraph stands for the first empty line between two others.
		const isFirst = html === '';
		html += isFirst ? '<p>' : emptyLines === 0 ? '<br>' : '</p><p>';
		html += '<br>'.repeat(isFirst ? emptyLines : Math.max(0, emptyLines - 1)) + shown;
		emptyLines = 0;
	}
	return html === '' ? '' : `${html}</p>`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\u00A0': '&nbsp;', '\t': '&emsp;' };

/** A tab has no width of its own in HTML: it becomes a blank that is as wide as a letter is high, which is kept. */
function lineToHtml(line: string): string {
	let html = '';
	let keepsBlank = true;
	for (const character of line) {
		html += character === ' ' && keepsBlank ? '&nbsp;' : (ESCAPES[character] ?? character);
		keepsBlank = character === ' ';
	}
	return html;
}

const WITHOUT_VALUE = new Set(['nowrap', 'noshade', 'disabled', 'checked', 'hidden', 'reversed', 'open', '/']);

/**
 * True when a text is HTML rather than a plain text that happens to hold a `<`: it has an element of text with both its tags, or one
 * without content such as `<br>`. `<anna@example.com>`, `a < b`, `List<String>` and a tag that is only spoken of are none.
 */
export function looksLikeHtml(text: string): boolean {
	const opened = new Set<string>();
	for (const token of htmlTokens(text)) {
		if (token.kind === 'text') continue;
		if (token.kind === 'close') {
			if (opened.has(token.name)) return true;
		} else if (token.attributes.every(([name, value]) => value !== undefined || WITHOUT_VALUE.has(name))) {
			if (EMPTY_ELEMENTS.has(token.name)) return true;
			if (TEXT_ELEMENTS.has(token.name)) opened.add(token.name);
		}
	}
	return false;
}
