import { saysAddress, shownAddress } from './addresses';
import { BLOCKS } from './elements';
import { TextLayout } from './layout';
import { Table } from './tables';
import { htmlTokens } from './tokens';
import type { Tag } from './tokens';

/** An element that is open and changes how its content is written. */
interface Open {
	name: string;
	/** Ends what it does. */
	end: () => void;
	/** Lists: the number of the next item; undefined when items have none. */
	next?: number;
	/** Cells: see `Cell`. */
	hasBlocks?: boolean;
}

/** More elements in one another mean nothing any more: those beyond are read as if their tags were not there. */
const DEEPEST = 60;
/** An element is closed only within the cell that it is in, and parts of a table only within that. */
const CELLS = ['td', 'th'];
const BOUNDS = [...CELLS, 'table'];

/** From HTML to the lines of a plain text. */
export class TextRenderer {
	private layout = new TextLayout();
	private readonly open: Open[] = [];
	private readonly tables: Table[] = [];
	private link: { address: string; text: string; isSaid: boolean } | undefined;
	/** How many `pre` and `code` are open: their blanks are kept. */
	private verbatim = 0;
	private atPreStart = false;

	render(html: string): string {
		for (const token of htmlTokens(html)) {
			if (token.kind === 'text') this.text(token.text);
			else if (token.kind === 'open') this.start(token);
			else this.end(token.name);
		}
		this.endLink();
		while (this.open.length > 0) this.pop();
		return this.layout.toString();
	}

	private text(text: string): void {
		// HTML leaves out a line break right after <pre>.
		const kept = this.atPreStart ? text.replace(/^\r?\n/, '') : text;
		this.atPreStart = false;
		if (this.link) this.link.text += kept;
		if (this.verbatim > 0) this.layout.verbatim(kept);
		else this.layout.text(kept);
	}

	private start(tag: Tag): void {
		const { name } = tag;
		this.atPreStart = false;
		if (name === 'br') this.layout.lineEnd();
		else if (name === 'a') this.startLink(attribute(tag, 'href'));
		else if (name === 'img') this.image(tag);
		else if (name === 'hr') this.line();
		else if (name === 'blockquote') this.quote();
		else if (name === 'ul' || name === 'ol') this.list(name, attribute(tag, 'start'));
		else if (name === 'li') this.item(attribute(tag, 'value'));
		else if (name === 'pre' || name === 'code') this.code(name);
		else if (name === 'table') this.table();
		else if (name === 'td' || name === 'th') this.cell(name);
		else if (isRowEnd(name)) this.endRow();
		else if (BLOCKS.has(name)) this.layout.block(BLOCKS.get(name) as number);
	}

	private end(name: string): void {
		this.atPreStart = false;
		const distance = BLOCKS.get(name);
		if (name === 'a') this.endLink();
		else if (name === 'br') this.layout.lineEnd();
		else if (isRowEnd(name)) this.endRow();
		else if (name === 'table') this.close(name, []);
		else if (CELLS.includes(name)) this.close(name, ['table']);
		else if (distance === undefined) this.close(name, BOUNDS);
		// A list whose items are paragraphs stays one list.
		else this.layout.block(this.nearestIs(['li'], ['blockquote', ...BOUNDS]) ? 1 : distance);
	}

	private startLink(href: string | undefined): void {
		this.endLink();
		const address = shownAddress(href);
		if (address !== undefined) this.link = { address, text: '', isSaid: false };
	}

	private endLink(): void {
		const { link } = this;
		this.link = undefined;
		if (!link || link.isSaid) return;
		const text = oneLine(link.text);
		if (text !== '' && !saysAddress(text, link.address)) this.layout.append(` (${link.address})`);
	}

	private image(tag: Tag): void {
		const alt = oneLine(attribute(tag, 'alt') ?? '');
		const address = shownAddress(attribute(tag, 'src'));
		// Mails count their readers by pictures of one dot.
		const isDot = ['width', 'height'].some((side) => /^[01](?:px)?$/.test(attribute(tag, side)?.trim() ?? ''));
		if (alt === '' && isDot) return;
		const words = address === undefined || address === alt ? alt || '(image)' : alt === '' ? address : `${alt} (${address})`;
		if (this.link) {
			this.link.text += words;
			if (address === this.link.address) this.link.isSaid = true;
		}
		this.layout.text(words);
	}

	private line(): void {
		this.layout.block(2);
		this.layout.text('---');
		this.layout.block(2);
	}

	private quote(): void {
		this.layout.block(2);
		this.push({ name: 'blockquote', end: () => this.endIndent(2) }, () => this.layout.indent('> ', '> '));
	}

	private list(name: 'ul' | 'ol', start: string | undefined): void {
		const distance = this.nearestIs(['ul', 'ol', 'li'], BOUNDS) ? 1 : 2;
		this.layout.block(distance);
		this.push({ name, next: name === 'ol' ? wholeNumber(start, 1) : undefined, end: () => this.layout.block(distance) });
	}

	private item(value: string | undefined): void {
		if (this.nearestIs(['li'], ['ul', 'ol', ...BOUNDS])) this.close('li', BOUNDS);
		const list = this.nearest(['ul', 'ol', ...BOUNDS]);
		let mark = '- ';
		if (list?.next !== undefined) {
			const number = wholeNumber(value, list.next);
			list.next = number + 1;
			mark = `${number}. `;
		}
		this.layout.block(1);
		this.push({ name: 'li', end: () => this.endIndent(1) }, () => this.layout.indent(mark, ' '.repeat(mark.length)));
	}

	private endIndent(distance: number): void {
		this.layout.outdent();
		this.layout.block(distance);
	}

	private code(name: 'pre' | 'code'): void {
		if (name === 'pre') this.layout.block(2);
		this.push(
			{
				name,
				end: () => {
					this.verbatim -= 1;
					if (name === 'pre') this.layout.block(2);
				},
			},
			() => {
				this.verbatim += 1;
				this.atPreStart = name === 'pre';
			},
		);
	}

	private table(): void {
		this.layout.block(2);
		const table = new Table();
		const end = () => {
			this.tables.pop();
			this.layout.block(2);
			table.writeTo(this.layout);
			this.layout.block(2);
		};
		this.push({ name: 'table', end }, () => this.tables.push(table));
	}

	private cell(name: string): void {
		if (this.nearestIs(CELLS, ['table'])) this.closeCell();
		const table = this.tables.at(-1);
		if (!table) return this.layout.text(' ');
		this.endLink();
		const { layout, verbatim } = this;
		const cell: Open = {
			name,
			end: () => {
				this.endLink();
				table.add({ text: this.layout.toString(), hasBlocks: cell.hasBlocks === true });
				this.layout = layout;
				this.verbatim = verbatim;
			},
		};
		this.push(cell, () => {
			this.layout = new TextLayout();
			this.verbatim = 0;
		});
	}

	private closeCell(): void {
		const cell = this.nearest(BOUNDS);
		if (cell && CELLS.includes(cell.name)) this.close(cell.name, ['table']);
	}

	/** `tr`, `tbody` and the like, opened or closed: the row before is complete. */
	private endRow(): void {
		this.closeCell();
		const table = this.tables.at(-1);
		if (table) table.endRow();
		else this.layout.block(1);
	}

	/** Opens an element, unless there are too many in one another. */
	private push(element: Open, begin: () => void = () => {}): void {
		if (this.open.length >= DEEPEST) return;
		if (element.name !== 'code' && !CELLS.includes(element.name)) {
			const cell = this.nearest(CELLS);
			if (cell) cell.hasBlocks = true;
		}
		this.open.push(element);
		begin();
	}

	/** Closes the nearest element of this name and all within it, if there is one before any of `bounds`. */
	private close(name: string, bounds: readonly string[]): void {
		const element = this.nearest([name, ...bounds]);
		if (element?.name !== name) return;
		while (this.open.length > 0 && this.pop() !== element);
	}

	private pop(): Open | undefined {
		const element = this.open.pop();
		element?.end();
		return element;
	}

	private nearest(names: readonly string[]): Open | undefined {
		for (let index = this.open.length - 1; index >= 0; index--) if (names.includes(this.open[index].name)) return this.open[index];
		return undefined;
	}

	private nearestIs(names: readonly string[], bounds: readonly string[]): boolean {
		return names.includes(this.nearest([...names, ...bounds])?.name ?? '');
	}
}

function isRowEnd(name: string): boolean {
	return ['tr', 'thead', 'tbody', 'tfoot'].includes(name);
}

function attribute(tag: Tag, name: string): string | undefined {
	return tag.attributes.find(([one]) => one === name)?.[1];
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ').trim();
}

function wholeNumber(text: string | undefined, otherwise: number): number {
	return /^\s*-?\d{1,6}\s*$/.test(text ?? '') ? Number(text) : otherwise;
}
