import { join } from 'node:path';
import { root } from '../sandbox/launcher/layout';
import type { QueueServers } from '../sandbox/launcher/queue-mode';
import type { BenchOptions } from './options';
import { writePerformanceDocs } from './performance-docs';
import { circumstancesOf, reportText, type Report } from './report';
import { backfill, oneWay, type Result, scaleOut, type Tell, twoWay } from './scenarios';

/** Measures what the options say and prints it. n8n must be installed and the package built; the part about workers needs the servers. */
export async function runBench(options: BenchOptions, queueServers: QueueServers | undefined, tell: Tell = console.log): Promise<Report> {
	const circumstances = circumstancesOf(options);
	tell(circumstances.join('\n'));
	const results: Result[] = [];
	if (options.parts.includes('one-way')) {
		results.push(...(await oneWay('one-way-sync', false, options, tell)));
		results.push(...(await oneWay('one-way-sync', true, options, tell)));
		results.push(...(await oneWay('by-hand', false, options, tell)));
	}
	if (options.parts.includes('two-way')) {
		for (const overlay of [false, true]) results.push(...(await twoWay(overlay, options, tell)));
	}
	if (options.parts.includes('growth')) {
		for (const tickets of options.backfills) results.push(...(await backfill(tickets, options, tell)));
	}
	if (options.parts.includes('workers')) {
		if (!queueServers) tell('Workers were not measured: queue mode needs Redis and PostgreSQL.');
		else for (const workers of options.workers) results.push(await scaleOut(workers, queueServers, options, tell));
	}
	const today = new Date().toISOString().slice(0, 10);
	const measuredOn = Object.fromEntries(results.map(({ part }) => [part, today]));
	const report: Report = { measuredOn, circumstances, results };
	tell(`\n${reportText(report)}`);
	if (options.writeDocs) writePerformanceDocs(join(root, 'docs'), report);
	return report;
}
