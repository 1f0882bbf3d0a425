import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestsPlot } from './plot';
import { reportText, type Report, withEarlier } from './report';

const BEGIN = '<!-- What follows is written by npm run bench -- --write-docs. -->';

/** The page with its measured part replaced. @throws when the page has no place for it */
export function withMeasurements(page: string, report: Report): string {
	const at = page.indexOf(BEGIN);
	if (at < 0) throw new Error(`docs/performance.md has no line ${BEGIN}`);
	const plot =
		requestsPlot(report.results) === undefined ? '' : '![Requests of the template and by hand](performance.svg)\n\n';
	return `${page.slice(0, at)}${BEGIN}\n\n${plot}${reportText(report)}\n`;
}

/** Writes docs/performance.json, .md and .svg; parts that were not measured this time stay as they were. */
export function writePerformanceDocs(docs: string, measured: Report): void {
	const file = join(docs, 'performance.json');
	const report = existsSync(file) ? withEarlier(measured, JSON.parse(readFileSync(file, 'utf8')) as Report) : measured;
	writeFileSync(file, `${JSON.stringify(report, null, '\t')}\n`);
	const page = join(docs, 'performance.md');
	writeFileSync(page, withMeasurements(readFileSync(page, 'utf8'), report));
	const plot = requestsPlot(report.results);
	if (plot !== undefined) writeFileSync(join(docs, 'performance.svg'), plot);
}
