import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describeRecorded, recordingNames } from './recordings';

/** Recordings that no test compares, with the reason. */
const LEFT_OUT: Record<string, string> = {
	'custom_roles.show.1': 'custom roles are not built: the sync looks at a user’s role only',
	'sharing_agreements.create.invalid.1':
		'sharing agreements are not built; the form of a 422 is compared in facts.test.ts',
	'views.count.1': 'views are not built; the form of counts is compared in facts.test.ts',
	'views.count_one.1': 'views are not built',
	'webhooks.attempts.1': 'webhooks are not built: the sync polls',
	'webhooks.create.1': 'webhooks are not built: the sync polls',
	'webhooks.patch.1': 'webhooks are not built: the sync polls',
	'webhooks.update.1': 'webhooks are not built: the sync polls',
};

/** Names inside quotes in this folder's tests: every recording that a test takes is named there. */
function namedInTests(): Set<string> {
	const files = readdirSync(__dirname).filter(
		(file) => file.endsWith('.test.ts') && file !== path.basename(__filename),
	);
	const text = files.map((file) => readFileSync(path.join(__dirname, file), 'utf8')).join('\n');
	return new Set([...text.matchAll(/'([a-z_]+(?:\.[a-z_0-9]+)+)'/g)].map((match) => match[1]));
}

describeRecorded('completeness', () => {
	test('every recording is compared, or left out for a reason', () => {
		const named = namedInTests();
		expect(recordingNames.filter((name) => !named.has(name) && !(name in LEFT_OUT))).toEqual([]);
	});
	test('nothing is listed as left out that is compared or no longer there', () => {
		const named = namedInTests();
		expect(Object.keys(LEFT_OUT).filter((name) => named.has(name) || !recordingNames.includes(name))).toEqual([]);
	});
});
