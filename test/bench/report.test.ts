import { withMeasurements } from '../../bench/performance-docs';
import { requestsPlot } from '../../bench/plot';
import { reportText, type Report, withEarlier } from '../../bench/report';
import type { Result } from '../../bench/scenarios';

const result = (side: string, requests: number, more: Partial<Result> = {}): Result => ({
	part: 'one-way',
	side,
	scenario: 'new',
	items: 10,
	requests,
	endpoints: [{ system: 'OroCRM', endpoint: 'POST /api/cases', requests, bytesSent: 2_048, bytesReceived: 4_096 }],
	bytesSent: 2_048,
	bytesReceived: 4_096,
	seconds: 30,
	pausedSeconds: 10,
	refused: 0,
	memoryBefore: { alone: 60 * 1024 ** 2, withChildren: 100 * 1024 ** 2 },
	memoryPeak: { alone: 90 * 1024 ** 2, withChildren: 150 * 1024 ** 2 },
	failedRuns: 0,
	cases: 10,
	caseComments: 30,
	...more,
});

const report: Report = {
	measuredOn: { 'one-way': '2026-11-24' },
	circumstances: ['On a quiet afternoon'],
	results: [result('one-way-sync', 20), result('by-hand', 70, { seconds: 45 })],
};

describe('the report', () => {
	it('sets the two sides against each other', () => {
		expect(reportText(report)).toContain('| one-way-sync | new | 10 | 70 : 20 | 3.50 | 1.50 |');
	});

	it('has the circumstances, and memory above what was used before', () => {
		expect(reportText(report)).toContain('- On a quiet afternoon.');
		expect(reportText(report)).toContain(
			'| one-way-sync | new | 10 | 20 | 2.00 | 0.0 | 0.0 | 30 | 10 | 0 | 50 | 150 | 90 | 10 | 30 | 0 |',
		);
	});

	it('keeps what was measured earlier of other parts, with its day', () => {
		const growth = result('one-way-sync', 7, { part: 'growth' });
		const old = result('one-way-sync', 99);
		const earlier: Report = { measuredOn: { 'one-way': '2026-11-01', growth: '2026-11-02' }, circumstances: [], results: [old, growth] };
		const both = withEarlier(report, earlier);
		expect(both.results).toEqual([...report.results, growth]);
		expect(reportText(both)).toContain('Measured on 2026-11-24 (one-way), 2026-11-02 (growth).');
	});

	it('leaves out parts that were not measured', () => {
		expect(reportText(report)).not.toContain('### Growth');
	});

	it('takes its place on the page and leaves what stands before it', () => {
		const page =
			'Written by hand.\n\n<!-- What follows is written by npm run bench -- --write-docs. -->\nold results\n';
		const written = withMeasurements(page, report);
		expect(written).toMatch(/^Written by hand\.\n/);
		expect(written).toContain('70 : 20');
		expect(written).not.toContain('old results');
		expect(withMeasurements(written, report)).toBe(written);
	});
});

describe('the plot', () => {
	it('shows each count with a bar as long as it is large', () => {
		const svg = requestsPlot(report.results)!;
		const widths = [...svg.matchAll(/<rect x="150" y="\d+" width="([\d.]+)" height="17"/g)].map(([, width]) =>
			Number(width),
		);
		expect(widths).toHaveLength(2);
		expect(widths[1] / widths[0]).toBeCloseTo(3.5, 2);
		expect(svg).toContain('>70</text>');
	});

	it('is none without a comparison', () => {
		expect(requestsPlot([result('one-way-sync', 5, { part: 'growth' })])).toBeUndefined();
	});
});
