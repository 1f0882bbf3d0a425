import { cpus, totalmem } from 'node:os';
import { type BenchOptions, type Part, PARTS } from './options';
import { TICKETS_PER_REQUESTER } from './practice-data';
import type { Result } from './scenarios';

/** Results with all that must be known to read them. */
export interface Report {
	/** The day of each part that was measured. */
	measuredOn: Partial<Record<Part, string>>;
	circumstances: string[];
	results: Result[];
}

export function circumstancesOf(options: BenchOptions): string[] {
	return [
		`A real n8n 2.41.1 with its SQLite database; practice Zendesk and practice OroCRM 6.1.11 on the same machine, in one other process (Node.js ${process.versions.node})`,
		`${cpus().length} processors (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 1024 ** 3)} GB of memory`,
		`Each answer of Zendesk comes ${options.zendeskLatency} ms later than it was worked out, each of OroCRM ${options.orocrmLatency} ms`,
		"Zendesk's limits of the Enterprise plan: 700 requests a minute, of them 10 exports; 100 ticket updates a minute",
		'A change is in the export after 1 second instead of after a minute; this only shifts the start',
		`Each ticket has ${options.comments} comments, its description included; a requester, not yet known to OroCRM, has ${TICKETS_PER_REQUESTER} tickets`,
		'Seconds are from the first request to the last answer. Paused is the time of these in which no request was under way, counting pauses of a second or more: waiting for a limit, for the next look, or for n8n',
		`Memory is resident memory of n8n with its task runner, in queue mode of main and all workers together: above what it was before, and at most. The last column leaves out the task runners, which have nothing to do with the templates' own nodes`,
		`Where two sides are compared n8n has no bounds for its memory, elsewhere NODE_OPTIONS="--max-old-space-size=${options.heap} --max-semi-space-size=4" and MALLOC_ARENA_MAX=1. Without bounds, Node.js puts off tidying up where a machine has memory to spare`,
	];
}

type Column = { title: string; of: (result: Result) => string | number };

const MEGABYTE = 1024 * 1024;
const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(bytes < 10 * MEGABYTE ? 1 : 0);
const perItem = ({ requests, items }: Result): string => (items === 0 ? '–' : (requests / items).toFixed(2));

const COLUMNS: Column[] = [
	{ title: 'side', of: ({ side }) => side },
	{ title: 'scenario', of: ({ scenario }) => scenario },
	{ title: 'items', of: ({ items }) => items },
	{ title: 'requests', of: ({ requests }) => requests },
	{ title: 'each', of: perItem },
	{ title: 'MB sent', of: ({ bytesSent }) => megabytes(bytesSent) },
	{ title: 'MB received', of: ({ bytesReceived }) => megabytes(bytesReceived) },
	{ title: 'seconds', of: ({ seconds }) => Math.round(seconds) },
	{ title: 'paused', of: ({ pausedSeconds }) => Math.round(pausedSeconds) },
	{ title: '429s', of: ({ refused }) => refused },
	{ title: 'memory + MB', of: ({ memoryPeak, memoryBefore }) => megabytes(Math.max(0, memoryPeak.withChildren - memoryBefore.withChildren)) },
	{ title: 'at most MB', of: ({ memoryPeak }) => megabytes(memoryPeak.withChildren) },
	{ title: 'n8n alone MB', of: ({ memoryPeak }) => megabytes(memoryPeak.alone) },
	{ title: 'cases', of: ({ cases }) => cases },
	{ title: 'case comments', of: ({ caseComments }) => caseComments },
	{ title: 'failed runs', of: ({ failedRuns }) => failedRuns },
];

function table(titles: readonly string[], rows: ReadonlyArray<ReadonlyArray<string | number>>): string {
	const line = (cells: ReadonlyArray<string | number>): string => `| ${cells.join(' | ')} |`;
	return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

const resultTable = (results: readonly Result[]): string =>
	table(
		COLUMNS.map(({ title }) => title),
		results.map((result) => COLUMNS.map(({ of }) => of(result))),
	);

/** How much more the workflow by hand asks and how much longer it takes, scenario by scenario. */
function ratioTable(results: readonly Result[]): string {
	const rows = results
		.filter(({ side }) => side !== 'by-hand')
		.flatMap((ours) => {
			const theirs = results.find(({ side, scenario }) => side === 'by-hand' && scenario === ours.scenario);
			return theirs
				? [
						[
							ours.side,
							ours.scenario,
							ours.items,
							`${theirs.requests} : ${ours.requests}`,
							factor(theirs.requests, ours.requests),
							factor(theirs.seconds, ours.seconds),
						],
					]
				: [];
		});
	return table(['side', 'scenario', 'items', 'requests by hand : template', 'times as many requests', 'times as long'], rows);
}

const factor = (a: number, b: number): string => (b === 0 ? '–' : (a / b).toFixed(2));

function endpointTable(results: readonly Result[]): string {
	const rows = results.flatMap((result) =>
		[...result.endpoints]
			.sort((a, b) => b.requests - a.requests)
			.map((count) => [
				result.side,
				result.scenario,
				count.system,
				`\`${count.endpoint}\``,
				count.requests,
				Math.round(count.bytesSent / 1024),
				Math.round(count.bytesReceived / 1024),
			]),
	);
	return table(['side', 'scenario', 'system', 'endpoint', 'requests', 'KB sent', 'KB received'], rows);
}

/** `2026-11-29`, or which part on which day. */
function daysOf(measuredOn: Report['measuredOn']): string {
	const days = PARTS.flatMap((part) => (measuredOn[part] ? [{ part, day: measuredOn[part] }] : []));
	const [first] = days;
	if (days.every(({ day }) => day === first?.day)) return first?.day ?? 'no day';
	return days.map(({ part, day }) => `${day} (${part})`).join(', ');
}

/** The results, with those of an earlier report for the parts that were not measured this time. */
export function withEarlier(report: Report, earlier: Report): Report {
	const isNew = (part: Part): boolean => report.measuredOn[part] !== undefined;
	const kept = earlier.results.filter(({ part }) => !isNew(part));
	const results = PARTS.flatMap((part) => [...kept, ...report.results].filter((result) => result.part === part));
	return { ...report, measuredOn: { ...earlier.measuredOn, ...report.measuredOn }, results };
}

/** The measured part of docs/performance.md, and what the terminal shows. */
export function reportText({ measuredOn, circumstances, results }: Report): string {
	const of = (part: Result['part']): Result[] => results.filter((result) => result.part === part);
	const sections: string[] = [`Measured on ${daysOf(measuredOn)}.\n\n${circumstances.map((line) => `- ${line}.`).join('\n')}`];
	if (of('one-way').length > 0) {
		sections.push(`### One way: template and by hand\n\n${resultTable(of('one-way'))}\n\n${ratioTable(of('one-way'))}`);
	}
	if (of('two-way').length > 0) sections.push(`### Two ways\n\n${resultTable(of('two-way'))}`);
	if (of('growth').length > 0) sections.push(`### Growth\n\n${resultTable(of('growth'))}`);
	if (of('workers').length > 0) sections.push(`### Workers\n\n${resultTable(of('workers'))}`);
	sections.push(`### Requests by endpoint\n\n${endpointTable(results)}`);
	return sections.join('\n\n');
}
