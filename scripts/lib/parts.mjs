import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { duration } from './progress.mjs';
import { root } from './root.mjs';
import { run } from './run.mjs';

/**
 * One part of a test run and how it went.
 * @typedef {{ name: string, passed: number, failed: number, skipped: number, milliseconds: number, note?: string }} PartResult
 */

const bin = (name, ...path) => join(root, 'node_modules', name, ...path);

/** A check that is good or not as a whole: counts as one. */
export async function runCheck(name, command) {
	return await timed(name, async () => {
		const { code } = await command();
		return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
	});
}

export const runTypes = async () =>
	await run(process.execPath, [bin('typescript', 'bin', 'tsc'), '-p', 'tsconfig.dev.json'], { cwd: root });

export const runEslint = async (args) => await run(process.execPath, [bin('eslint', 'bin', 'eslint.js'), ...args], { cwd: root });

/**
 * Runs the Jest tests of one folder. A folder without a test counts as a failure: an empty run proves nothing.
 * `timeout`: milliseconds for a test that says nothing about it itself. `told` ends it.
 */
export async function runJest(name, folder, { config = 'jest.config.cjs', timeout, flags = [], workers = 2, env, told } = {}) {
	return await timed(name, async () => {
		if (!holdsTests(join(root, folder))) return { passed: 0, failed: 1, skipped: 0, note: `no test in ${folder}` };
		const outputFile = join(root, 'test-results', `${name}.json`);
		// Jest does not make the folder.
		mkdirSync(dirname(outputFile), { recursive: true });
		rmSync(outputFile, { force: true });
		const { code } = await run(
			process.execPath,
			[
				'--disable-warning=ExperimentalWarning',
				bin('jest', 'bin', 'jest.js'),
				'--config',
				config,
				`--maxWorkers=${workers}`,
				'--workerIdleMemoryLimit=1GB',
				...(timeout ? [`--testTimeout=${timeout}`] : []),
				'--json',
				`--outputFile=${outputFile}`,
				...flags,
				'--testPathPatterns',
				`/${folder}/`.replaceAll('/', '[/\\\\]'),
			],
			{ cwd: root, env, told },
		);
		return countsOf(outputFile, code);
	});
}

function holdsTests(folder) {
	if (!existsSync(folder)) return false;
	return readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith('.test.ts'));
}

function countsOf(outputFile, code) {
	if (!existsSync(outputFile)) return { passed: 0, failed: 1, skipped: 0, note: 'Jest did not finish' };
	const report = JSON.parse(readFileSync(outputFile, 'utf8'));
	const passed = report.numPassedTests;
	// A file that cannot even be loaded has no tests of its own, yet it is a failure.
	let failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
	let note;
	if (code !== 0 && failed === 0) {
		failed = 1;
		note = `Jest ended with ${code}`;
	}
	if (passed + failed === 0) {
		failed = 1;
		note = 'no test was run';
	}
	return { passed, failed, skipped: report.numPendingTests + report.numTodoTests, note };
}

async function timed(name, work) {
	console.log(`\n── ${name} ${'─'.repeat(Math.max(3, 70 - name.length))}`);
	const started = Date.now();
	const result = { name, ...(await work()), milliseconds: Date.now() - started };
	console.log(`${name}: ${result.failed === 0 ? 'ok' : 'FAILED'} (${duration(result.milliseconds)})`);
	return result;
}

/** The table of all parts, and last the one line that a script can read. */
export function printResults(results) {
	const rows = [
		['part', 'result', 'passed', 'failed', 'skipped', 'time', ''],
		...results.map((r) => [
			r.name,
			r.failed === 0 ? 'ok' : 'FAILED',
			String(r.passed),
			String(r.failed),
			String(r.skipped),
			duration(r.milliseconds),
			r.note ?? '',
		]),
	];
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	console.log('');
	for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
	const sum = (key) => results.reduce((all, result) => all + result[key], 0);
	const skipped = sum('skipped');
	console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
	return sum('failed') === 0;
}
