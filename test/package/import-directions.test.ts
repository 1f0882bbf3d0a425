import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const RULE = '@typescript-eslint/no-restricted-imports';

const importing = (from: string): string => `import { thing } from '${from}'; export const other = thing;`;
const importingType = (from: string): string => `import type { Thing } from '${from}'; export type Other = Thing;`;

const refused: Array<[string, string]> = [
	['zendesk/fixture.ts', importing('../orocrm/client')],
	['zendesk/fixture.ts', importing('../sync/pair')],
	['zendesk/fixture.ts', importingType('../orocrm/types')],
	['zendesk/deeper/fixture.ts', importing('../../orocrm/client')],
	['orocrm/fixture.ts', importing('../zendesk/client')],
	['orocrm/fixture.ts', importing('../sync/pair')],
	['sync/fixture.ts', importing('../zendesk/client')],
	['sync/fixture.ts', importing('../orocrm/client')],
	['sync/fixture.ts', importing('../http/send')],
	['http/fixture.ts', importing('../zendesk/client')],
	['http/fixture.ts', importing('../sync/pair')],
	['zendesk/fixture.ts', importing('../nodes/PublishCase/PublishCase.node')],
	['pipeline/fixture.ts', importing('../nodes/PublishCase/PublishCase.node')],
	['zendesk/fixture.ts', importing('../pipeline/clients')],
	['sync/fixture.ts', importingType('../pipeline/clients')],
	...['credentials', 'nodes', 'pipeline', 'sync', 'zendesk', 'orocrm', 'http'].flatMap((folder): Array<[string, string]> => [
		[`${folder}/fixture.ts`, importing('../sandbox/common/clock')],
		[`${folder}/fixture.ts`, importing('../test/unit/helpers')],
	]),
];

const allowed: Array<[string, string]> = [
	['nodes/Thing/fixture.ts', importing('../../zendesk/client')],
	['nodes/Thing/fixture.ts', importing('../../orocrm/client')],
	['nodes/Thing/fixture.ts', importing('../../sync/pair')],
	['nodes/Thing/fixture.ts', importing('../../http/send')],
	['nodes/Thing/fixture.ts', importing('../../pipeline/clients')],
	['pipeline/fixture.ts', importing('../zendesk/client')],
	['pipeline/fixture.ts', importing('../sync/pair')],
	['zendesk/fixture.ts', importing('../http/send')],
	['orocrm/fixture.ts', importing('../http/send')],
	['sync/fixture.ts', importingType('../zendesk/types')],
	['sync/fixture.ts', importingType('../orocrm/types')],
	['sync/deeper/fixture.ts', importing('../pair')],
];

describe('the lint rule for import directions', () => {
	const answers = new Map<string, string[]>();
	const key = ([path, text]: [string, string]): string => `${path}\n${text}`;

	beforeAll(() => {
		const texts = [...refused, ...allowed];
		const output = execFileSync(process.execPath, [join(__dirname, 'lint-texts.mjs')], {
			cwd: join(__dirname, '..', '..'),
			input: JSON.stringify(texts.map(([path, text]) => ({ path, text }))),
			encoding: 'utf8',
		});
		(JSON.parse(output) as string[][]).forEach((rules, i) => answers.set(key(texts[i]), rules));
	}, 120_000);

	test.each(refused)('refuses in %s: %s', (path, text) => {
		expect(answers.get(key([path, text]))).toContain(RULE);
	});

	test.each(allowed)('allows in %s: %s', (path, text) => {
		expect(answers.get(key([path, text]))).not.toContain(RULE);
	});
});
