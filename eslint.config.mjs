import n8nRules from './eslint.shipped.config.mjs';
import { importDirections } from './scripts/lib/import-directions.mjs';

/** Tools and tests: they run in Node.js, not in n8n's sandbox for nodes, and are not published. */
const development = ['sandbox/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'];

const communityNodes = '@n8n/community-nodes';
const communityRules = n8nRules.map((entry) => entry.plugins?.[communityNodes]?.rules).find(Boolean) ?? {};

export default [
	{ ignores: ['dist/**', '.sandbox/**', 'test-results/**', 'sandbox/n8n/**'] },
	...n8nRules,
	{
		files: ['**/*.ts'],
		languageOptions: { parserOptions: { project: './tsconfig.dev.json', tsconfigRootDir: import.meta.dirname } },
		rules: {
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
		},
	},
	...importDirections,
	{
		files: development,
		rules: {
			...Object.fromEntries(Object.keys(communityRules).map((name) => [`${communityNodes}/${name}`, 'off'])),
			'no-console': 'off',
		},
	},
	{
		// Tests compare answers and recordings of any shape.
		files: ['test/**/*.ts'],
		rules: { '@typescript-eslint/no-explicit-any': 'off' },
	},
	{
		files: ['**/*.mjs', '**/*.cjs'],
		languageOptions: {
			globals: Object.fromEntries(
				['Buffer', 'console', 'process', 'URL', 'fetch', 'module', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'AbortController'].map(
					(name) => [name, 'readonly'],
				),
			),
		},
		rules: { 'no-undef': 'error', 'no-unused-vars': 'error', 'prefer-const': 'error' },
	},
];
