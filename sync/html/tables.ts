import type { TextLayout } from './layout';

export interface Cell {
	text: string;
	/** Whether lists, quotes, code or tables are in it, so that its lines have to stay lines. */
	hasBlocks: boolean;
}

/** The rows that are complete, and the one that is being read. */
export class Table {
	private readonly rows: Cell[][] = [];
	private row: Cell[] = [];

	add(cell: Cell): void {
		this.row.push(cell);
	}

	endRow(): void {
		if (this.row.length > 0) this.rows.push(this.row);
		this.row = [];
	}

	/**
	 * Row by row, with ` | ` between the cells. A table that never has two filled cells side by side is there for the layout, as in
	 * mails: its cells follow each other as blocks. So do those of a row in which one holds more than a few words.
	 */
	writeTo(layout: TextLayout): void {
		this.endRow();
		const isData = this.rows.some((row) => row.filter(isFilled).length > 1);
		for (const row of this.rows) {
			if (isData && row.every(isShort)) writeRow(row, layout);
			else for (const cell of row.filter(isFilled)) writeBlock(cell.text, layout);
		}
	}
}

const MOST_LINES = 3;

function isFilled(cell: Cell): boolean {
	return cell.text !== '';
}

function isShort(cell: Cell): boolean {
	return !cell.hasBlocks && !cell.text.includes('\n\n') && cell.text.split('\n', MOST_LINES + 1).length <= MOST_LINES;
}

function writeRow(row: readonly Cell[], layout: TextLayout): void {
	const cells = row.map(({ text }) => text.trim().replace(/\n/g, ' '));
	while (cells.at(-1) === '') cells.pop();
	if (cells.length === 0) return;
	const line = cells.join(' | ').trim();
	layout.block(1);
	layout.verbatim(line);
	layout.block(1);
}

function writeBlock(text: string, layout: TextLayout): void {
	const distance = text.includes('\n') ? 2 : 1;
	layout.block(distance);
	layout.verbatim(text);
	layout.block(distance);
}
