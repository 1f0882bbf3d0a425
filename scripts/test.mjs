import { buildPackageIfChanged, shippedFolders } from './lib/build.mjs';
import { installRoot } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { printResults, runCheck, runEslint, runJest, runTypes } from './lib/parts.mjs';
import { PlainError, runMain } from './lib/plain-error.mjs';
import { Progress } from './lib/progress.mjs';

/** Jest's own 5 seconds are too short for a busy machine; none of these tests needs so long on an idle one. */
const TEST_TIMEOUT = 90_000;

/** The parts of `npm test`, in order: what is quick to say comes first. */
const parts = {
	types: async () => await runCheck('types', runTypes),
	lint: async () => await runCheck('lint', async () => await runEslint(['.'])),
	'lint-shipped': async () =>
		await runCheck('lint-shipped', async () => await runEslint(['-c', 'eslint.shipped.config.mjs', ...shippedFolders, 'package.json'])),
	unit: async (flags) => await runJest('unit', 'test/unit', { flags, timeout: TEST_TIMEOUT }),
	property: async (flags) => await runJest('property', 'test/property', { flags, timeout: TEST_TIMEOUT }),
	workflow: async (flags) => await runJest('workflow', 'test/workflow', { flags, timeout: TEST_TIMEOUT }),
	'two-way': async (flags) => await runJest('two-way', 'test/two-way', { flags, timeout: TEST_TIMEOUT }),
	faults: async (flags) => await runJest('faults', 'test/faults', { flags, timeout: TEST_TIMEOUT }),
	bench: async (flags) => await runJest('bench', 'test/bench', { flags, timeout: TEST_TIMEOUT }),
	contract: async (flags) => await runJest('contract', 'test/contract', { flags, timeout: TEST_TIMEOUT }),
	package: async (flags) => {
		await buildPackageIfChanged(new Progress());
		return await runJest('package', 'test/package', { flags, timeout: TEST_TIMEOUT });
	},
};

/** `--sequences=5000`: how many random sequences each of the convergence tests plays. `--sequence-seed=7` plays those of a failure again. */
function takeSequences(arg) {
	const [, name, value] = /^--(sequences|sequence-seed)=(-?\d+)$/.exec(arg) ?? [];
	if (name === 'sequences') process.env.CONVERGENCE_RUNS = value;
	if (name === 'sequence-seed') process.env.CONVERGENCE_SEED = value;
	return name !== undefined;
}

requireNode();
await runMain(async () => {
	const args = process.argv.slice(2);
	const firstFlag = args.findIndex((arg) => arg.startsWith('-'));
	const names = firstFlag < 0 ? args : args.slice(0, firstFlag);
	const flags = firstFlag < 0 ? [] : args.slice(firstFlag).filter((arg) => !takeSequences(arg));
	const unknown = names.find((name) => !Object.hasOwn(parts, name));
	if (unknown) throw new PlainError(`There is no part "${unknown}". The parts are: ${Object.keys(parts).join(', ')}.`);

	await installRoot(new Progress());
	const results = [];
	for (const [name, part] of Object.entries(parts)) {
		if (names.length > 0 && !names.includes(name)) continue;
		try {
			results.push(await part(flags));
		} catch (error) {
			console.error(error instanceof PlainError ? error.message : error);
			results.push({ name, passed: 0, failed: 1, skipped: 0, milliseconds: 0, note: 'could not be started' });
		}
	}
	if (!printResults(results)) process.exitCode = 1;
});
