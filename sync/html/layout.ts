/** What stands before the lines of a quote or a list item. */
interface Indent {
	/** Before the first line that has content: the item's mark. */
	first: string;
	rest: string;
	/** Whether the first line is written. */
	begun: boolean;
}

/** More are not shown: sixty quotes in one another would make each line sixty marks long. */
const DEEPEST_INDENT = 20;

/** The pieces of a text between which lines can break: runs of blanks that HTML shows as one, blanks that it keeps, and words. */
const PIECES = /[ \t\n\r\f]+|\u00A0|\u2003|[^ \t\n\r\f\u00A0\u2003]+/g;

/**
 * Lays out text in lines as a browser does: blanks are one blank and none at the beginning and end of a line, blocks stand on lines of
 * their own, what is between them is the largest of the distances that they ask for. Lines of quotes and lists are indented.
 */
export class TextLayout {
	private readonly parts: string[] = [];
	private readonly indents: Indent[] = [];
	/** How many of the indents are still those of the last content: blank lines between the two get their marks only. */
	private common = 0;
	/** Line ends since the last content; before any content there is nothing to keep a distance from. */
	private lineEnds = Number.POSITIVE_INFINITY;
	private wantedLineEnds = 0;
	/** Blanks that are written when something follows them on the line. */
	private blanks = '';
	private afterBlank = false;
	private inLine = false;

	/** Text whose blanks HTML doesn't keep, except the no-break ones. */
	text(text: string): void {
		for (const [piece] of text.matchAll(PIECES)) {
			if (piece === '\u00A0' || piece === '\u2003') {
				this.blanks += piece === '\u2003' ? '\t' : ' ';
				this.afterBlank = false;
			} else if (/^[ \t\n\r\f]/.test(piece)) {
				const atStart = !this.isInLine() && this.blanks === '';
				if (!atStart && !this.afterBlank) this.blanks += ' ';
				this.afterBlank = true;
			} else {
				this.write(piece);
			}
		}
	}

	/** Text whose blanks and line breaks are kept. */
	verbatim(text: string): void {
		const [first, ...others] = text.replace(/\r\n?/g, '\n').replace(/\u00A0/g, ' ').split('\n');
		if (first !== '') this.write(first);
		for (const line of others) {
			this.lineEnd();
			if (line !== '') this.write(line);
		}
	}

	/** Right after what was written last, whatever blanks or distances are due. */
	append(text: string): void {
		if (!this.inLine) return this.write(text);
		this.parts.push(text);
	}

	/** One line end, as `<br>`. */
	lineEnd(): void {
		if (this.isAtMark()) return;
		this.endLines();
		this.endLine(this.indents.length);
	}

	/** What comes next keeps a distance of at least so many line ends: 1 for a new line, 2 for a blank line between. */
	block(lineEnds: number): void {
		// Text that is in a paragraph of its own still stands beside its item's mark.
		if (this.isAtMark()) return;
		this.wantedLineEnds = Math.max(this.wantedLineEnds, lineEnds);
		this.dropBlanks();
	}

	/** Indents what comes next. */
	indent(first: string, rest: string): void {
		const isShown = this.indents.length < DEEPEST_INDENT;
		this.indents.push({ first: isShown ? first : '', rest: isShown ? rest : '', begun: false });
	}

	outdent(): void {
		this.indents.pop();
		this.common = Math.min(this.common, this.indents.length);
	}

	/** All lines, without blanks at the end. */
	toString(): string {
		return this.parts.join('').trimEnd();
	}

	/** Right after the mark of a quote or an item, before its first text. */
	private isAtMark(): boolean {
		return this.indents.at(-1)?.begun === false;
	}

	private isInLine(): boolean {
		return this.inLine && this.wantedLineEnds === 0;
	}

	private write(text: string): void {
		const { blanks } = this;
		this.endLines();
		if (!this.inLine) this.parts.push(this.lineStart());
		this.parts.push(blanks, text);
		this.dropBlanks();
		this.inLine = true;
		this.lineEnds = 0;
		this.common = this.indents.length;
	}

	private endLines(): void {
		while (this.lineEnds < this.wantedLineEnds) this.endLine(this.common);
		this.wantedLineEnds = 0;
	}

	/** Ends the line; an empty one gets the marks of the outermost `depth` indents. */
	private endLine(depth: number): void {
		if (!this.inLine) this.parts.push(this.indents.slice(0, depth).map(({ rest }) => rest).join('').trimEnd());
		this.parts.push('\n');
		this.inLine = false;
		this.lineEnds += 1;
		this.dropBlanks();
	}

	private lineStart(): string {
		return this.indents
			.map((indent) => {
				const mark = indent.begun ? indent.rest : indent.first;
				indent.begun = true;
				return mark;
			})
			.join('');
	}

	private dropBlanks(): void {
		this.blanks = '';
		this.afterBlank = false;
	}
}
