import { ESLint } from 'eslint';

/**
 * Lints texts as if they stood in files of the checkout. ESLint loads its configuration as an ES module, which Jest can't, so this is a
 * process of its own: reads `[{ path, text }]` as JSON from standard input, writes the rules' names that complained, one list a text.
 */
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const texts = JSON.parse(Buffer.concat(chunks).toString('utf8'));

const eslint = new ESLint({
	overrideConfig: {
		files: ['**/*.ts'],
		// The files do not exist, so there are no types to know.
		languageOptions: { parserOptions: { project: null } },
		rules: { '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/no-misused-promises': 'off' },
	},
});
const answers = [];
for (const { path, text } of texts) {
	const [{ messages }] = await eslint.lintText(text, { filePath: path });
	answers.push(messages.map((message) => message.ruleId ?? message.message));
}
console.log(JSON.stringify(answers));
