import { ServerKnowledge } from '../../orocrm/server-knowledge';
import { cleanUp, countOf, highestIds, markedInWords } from './clean-up';
import { Marks } from './marks';
import { OroAccess } from './oro-access';
import { OroServer } from './oro-server';
import { type LiveOptions, type OroSettings, readOptions, USAGE, UsageError } from './options';
import { startPracticeOro } from './practice-orocrm';
import { startPracticeSide } from './practice-zendesk';
import { openRealSide } from './real-zendesk';
import { inWords, runTurn, turnsOf } from './run-scenarios';
import { scenarios } from './scenarios/index';
import { factsInWords, lookAtServer } from './server-facts';
import type { LiveRun } from './stage';
import { type Row, tableHead, tableRow } from './table';

/** The options, once it is known where the OroCRM is. */
type Settled = LiveOptions & { oro: OroSettings };

async function main(): Promise<number> {
	let options: LiveOptions | undefined;
	try {
		options = readOptions(process.argv.slice(2), process.env);
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		console.error(`${error.message}\n\n${USAGE}`);
		return 2;
	}
	if (!options) {
		console.log(USAGE);
		return 0;
	}
	if (!('version' in options.oro)) return await work({ ...options, oro: options.oro });
	const { stop, ...oro } = await startPracticeOro(options.oro);
	try {
		return await work({ ...options, oro });
	} finally {
		await stop();
	}
}

async function work(options: Settled): Promise<number> {
	return options.clean ? await onlyClean(options, options.clean) : await liveRun(options);
}

async function onlyClean(options: Settled, mark: string): Promise<number> {
	return (await tidy(options, new Marks(mark), {})) ? 0 : 1;
}

async function liveRun(options: Settled): Promise<number> {
	const run = await prepare(options);
	const interrupted = new Promise<'interrupted'>((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM'] as const) {
			process.once(signal, () => {
				console.log(
					`\nCalled off: cleaning up. Once more ${signal} leaves it; then: npm run test:live -- --clean ${run.marks.text}`,
				);
				resolve('interrupted');
			});
		}
	});
	const rows: Row[] = [];
	let clean = false;
	let end: 'done' | 'interrupted' = 'interrupted';
	try {
		end = await Promise.race([playAll(run, options, rows), interrupted]);
	} finally {
		await run.access.stop();
		clean = await finish(run, options);
	}
	return summary(rows, clean, end);
}

async function prepare(options: Settled): Promise<LiveRun> {
	const marks = new Marks();
	const access = new OroAccess(options.oro);
	const oro = new OroServer(access, `${options.oro.url}${options.oro.apiPath}`);
	console.log(`OroCRM at ${oro.apiUrl}`);
	const facts = await lookAtServer(oro, options.oro);
	for (const line of factsInWords(facts)) console.log(`  ${line}`);
	const before = await highestIds(oro);
	const zendesk = options.zendesk ? await openRealSide(options.zendesk, marks) : await startPracticeSide(marks);
	console.log(`Tickets come from ${zendesk.name}. Everything that this run makes carries the mark ${marks.text}.\n`);
	return { settings: options.oro, access, oro, knowledge: new ServerKnowledge(0), facts, zendesk, marks, before };
}

async function playAll(run: LiveRun, options: Settled, rows: Row[]): Promise<'done'> {
	const turns = turnsOf(scenarios, run, options.only);
	if (turns.length === 0) throw new Error(`No scenario’s name has one of these words: ${options.only.join(', ')}.`);
	console.log(tableHead());
	for (const [index, turn] of turns.entries()) {
		const row = await runTurn(turn, run, index + 1);
		if (run.access.isStopped) break;
		rows.push(row);
		console.log(tableRow(row));
	}
	return 'done';
}

/** Cleans up both sides; true when nothing is left behind. */
async function finish(run: LiveRun, options: Settled): Promise<boolean> {
	console.log('');
	if (options.keep) console.log(`Kept as wished. To remove it: npm run test:live -- --clean ${run.marks.text}`);
	const clean = options.keep || (await tidy(options, run.marks, run.before));
	await run.zendesk.close(options.keep);
	return clean;
}

/** With a token of its own: the run's requests may have been called off. */
async function tidy(options: Settled, marks: Marks, before: Record<string, string>): Promise<boolean> {
	try {
		const oro = new OroServer(new OroAccess(options.oro), `${options.oro.url}${options.oro.apiPath}`);
		const { removed, left } = await cleanUp(oro, marks, before);
		if (countOf(left) === 0) {
			console.log(`Cleaned up: ${removed} records with the mark ${marks.text} removed, none is left.`);
			return true;
		}
		console.error(`Left behind in OroCRM, please remove by hand: ${markedInWords(left)}.`);
	} catch (error) {
		console.error(`The clean-up failed: ${inWords(error)}\nAgain with: npm run test:live -- --clean ${marks.text}`);
	}
	return false;
}

function summary(rows: readonly Row[], clean: boolean, end: 'done' | 'interrupted'): number {
	const count = (state: Row['state']) => rows.filter((row) => row.state === state).length;
	const failed = count('failed');
	if (count('not run') > 0) console.log(`${count('not run')} not run`);
	console.log(`${count('ok')} passed, ${failed} failed`);
	return failed === 0 && clean && end === 'done' && rows.length > 0 ? 0 : 1;
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(inWords(error));
		process.exit(1);
	},
);
