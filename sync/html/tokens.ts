import { decodeEntities } from './entities';

/** A tag as it stands in the text. */
export interface Tag {
	kind: 'open' | 'close';
	/** In small letters. */
	name: string;
	attributes: ReadonlyArray<readonly [name: string, value: string | undefined]>;
}

export type Token = { kind: 'text'; text: string } | Tag;

/** What these hold is no text of the page. */
const WITHOUT_TEXT = new Set(['script', 'style', 'title', 'template']);

const LETTER = /[a-zA-Z]/;
const BLANK = /[ \t\n\r\f]/;

/**
 * Cuts HTML into tags and the text between them, the characters of the text decoded. Comments, scripts and styles are left out. What looks
 * like a tag and never ends is text. Reads every character a bounded number of times, whatever the text.
 */
export function* htmlTokens(html: string): Generator<Token> {
	const reader = new TagReader(html);
	let textFrom = 0;
	let at = html.indexOf('<');
	while (at >= 0) {
		const found = markupAt(html, at, reader);
		if (!found) {
			at = html.indexOf('<', at + 1);
			continue;
		}
		if (at > textFrom) yield { kind: 'text', text: decodeEntities(html.slice(textFrom, at)) };
		if (found.tag) yield found.tag;
		textFrom = found.tag?.kind === 'open' && WITHOUT_TEXT.has(found.tag.name) ? endOfContent(html, found.end, found.tag.name) : found.end;
		at = html.indexOf('<', textFrom);
	}
	if (textFrom < html.length) yield { kind: 'text', text: decodeEntities(html.slice(textFrom)) };
}

/** What begins with the `<` at this place: a tag, or something without text such as a comment. Undefined when it is a mere character. */
function markupAt(html: string, at: number, reader: TagReader): { tag?: Tag; end: number } | undefined {
	const next = html[at + 1] ?? '';
	if (LETTER.test(next)) return reader.read(at, at + 1, 'open');
	if (next === '/' && LETTER.test(html[at + 2] ?? '')) return reader.read(at, at + 2, 'close');
	if (html.startsWith('<!--', at)) return { end: after(html, '-->', at + 2) };
	// A doctype, an instruction, Outlook's conditions: all up to the next `>`.
	if (next === '!' || next === '?') return { end: after(html, '>', at) };
	return undefined;
}

/** The place after the next `end`, or the end of the text. */
function after(html: string, end: string, from: number): number {
	const at = html.indexOf(end, from);
	return at < 0 ? html.length : at + end.length;
}

/** Where the content of a script or style ends: at its own closing tag, or with the text. */
function endOfContent(html: string, from: number, name: string): number {
	const closing = new RegExp(`</${name}[\\s/>]`, 'gi');
	closing.lastIndex = from;
	return closing.exec(html)?.index ?? html.length;
}

class TagReader {
	private readonly lastEnd: number;
	/** Quotes in tags stop being minded once they have led to the end of the text: they were never closed. */
	private mindsQuotes = true;

	constructor(private readonly html: string) {
		this.lastEnd = html.lastIndexOf('>');
	}

	/** The tag whose name begins at `from`; undefined when it doesn't end. */
	read(at: number, from: number, kind: Tag['kind']): { tag: Tag; end: number } | undefined {
		if (at > this.lastEnd) return undefined;
		const found = this.mindsQuotes ? this.scan(from, kind) : undefined;
		if (found) return found;
		this.mindsQuotes = false;
		return this.scan(from, kind);
	}

	private scan(from: number, kind: Tag['kind']): { tag: Tag; end: number } | undefined {
		const { html } = this;
		let at = this.upTo(from, (character) => BLANK.test(character) || character === '/' || character === '>');
		const name = html.slice(from, at).toLowerCase();
		const attributes: Array<[string, string | undefined]> = [];
		for (;;) {
			while (at < html.length && (BLANK.test(html[at]) || html[at] === '/')) at += 1;
			if (at >= html.length) return undefined;
			if (html[at] === '>') return { tag: { kind, name, attributes }, end: at + 1 };
			const nameFrom = at;
			// A `=` at the very beginning belongs to the name.
			at = this.upTo(at + 1, (character) => BLANK.test(character) || character === '/' || character === '>' || character === '=');
			const attribute = html.slice(nameFrom, at).toLowerCase();
			const value = this.value(at);
			if (value === undefined) return undefined;
			attributes.push([attribute, value.text]);
			at = value.end;
		}
	}

	/** The value that may follow an attribute's name; undefined when its quote isn't closed. */
	private value(from: number): { text: string | undefined; end: number } | undefined {
		const { html } = this;
		let at = this.upTo(from, (character) => !BLANK.test(character));
		if (html[at] !== '=') return { text: undefined, end: from };
		at = this.upTo(at + 1, (character) => !BLANK.test(character));
		const quote = html[at];
		if (this.mindsQuotes && (quote === '"' || quote === "'")) {
			const end = html.indexOf(quote, at + 1);
			return end < 0 ? undefined : { text: decodeEntities(html.slice(at + 1, end), true), end: end + 1 };
		}
		const end = this.upTo(at, (character) => BLANK.test(character) || character === '>');
		return { text: decodeEntities(html.slice(at, end).replace(/^["']|["']$/g, ''), true), end };
	}

	private upTo(from: number, isEnd: (character: string) => boolean): number {
		let at = from;
		while (at < this.html.length && !isEnd(this.html[at])) at += 1;
		return at;
	}
}
