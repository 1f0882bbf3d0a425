export interface Row {
	scenario: string;
	expected: string;
	seen: string;
	state: 'ok' | 'failed' | 'not run';
	/** Milliseconds. */
	took: number;
}

const WIDTHS = { scenario: 44, expected: 44, seen: 52 };

/** The rows as text, one line or more each: what doesn't fit in a column goes on below. */
export function tableHead(): string {
	const head = line(['scenario', 'expected', 'seen', 'result']);
	return `${head}\n${'-'.repeat(head.length + 14)}`;
}

export function tableRow(row: Row): string {
	const columns = [
		wrap(row.scenario, WIDTHS.scenario),
		wrap(row.expected, WIDTHS.expected),
		wrap(row.seen, WIDTHS.seen),
	];
	const height = Math.max(...columns.map((lines) => lines.length));
	const result = row.state === 'not run' ? row.state : `${row.state}, ${(row.took / 1000).toFixed(1)} s`;
	const lines: string[] = [];
	for (let i = 0; i < height; i++)
		lines.push(line([...columns.map((column) => column[i] ?? ''), i === 0 ? result : '']));
	return lines.join('\n');
}

function line([scenario, expected, seen, result]: string[]): string {
	const padded = [scenario.padEnd(WIDTHS.scenario), expected.padEnd(WIDTHS.expected), seen.padEnd(WIDTHS.seen), result];
	return padded.join('  ').trimEnd();
}

/** Lines of at most `width` characters, cut at spaces where there are some. */
function wrap(text: string, width: number): string[] {
	const lines: string[] = [];
	for (const paragraph of text.split('\n')) {
		let rest = paragraph;
		while (rest.length > width) {
			const space = rest.lastIndexOf(' ', width);
			const end = space > width / 2 ? space : width;
			lines.push(rest.slice(0, end));
			rest = rest.slice(end).trimStart();
		}
		lines.push(rest);
	}
	return lines;
}
