import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { PlainError, runMain } from './lib/plain-error.mjs';
import { root } from './lib/root.mjs';

/**
 * Opens the bundled workflow and every node's panel in the editor of the sandbox that `npm start` runs, takes pictures for people to look
 * at, and fails when the page reports an error or a credential can't be chosen:
 * `node scripts/screenshots.mjs [workflow id]`. Chromium must be installed; CHROMIUM names it when it is not /usr/bin/chromium.
 */
await runMain(async () => {
	const workflow = process.argv[2] ?? 'one-way-sync';
	const url = n8nUrl();
	const folder = join(root, 'test-results', 'editor');
	mkdirSync(folder, { recursive: true });
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-dev-shm-usage'],
	});
	try {
		const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
		const login = await context.request.post(`${url}/rest/login`, {
			data: { emailOrLdapLoginId: 'owner@practice.example', password: 'Practice-2026' },
		});
		if (!login.ok()) throw new PlainError(`Login to n8n at ${url} failed: ${login.status()}.`);

		const page = await context.newPage();
		const problems = [];
		page.on('pageerror', (error) => problems.push(`error in the page: ${error.message}`));
		await page.goto(`${url}/workflow/${workflow}`);
		const nodes = page.locator('[data-test-id="canvas-node"]');
		await nodes.first().waitFor({ timeout: 30_000 });
		await page.keyboard.press('1'); // zoom to fit
		await page.waitForTimeout(1000);
		await page.screenshot({ path: join(folder, `${workflow}.png`) });

		const names = await nodes.evaluateAll((elements) => elements.map((element) => element.getAttribute('data-node-name')));
		for (const name of names) {
			await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
			await page.locator('[data-test-id="ndv"], [data-test-id="node-parameters"]').first().waitFor({ timeout: 10_000 });
			await page.waitForTimeout(700);
			const file = join(folder, `${workflow}--${name.replace(/[^A-Za-z0-9]+/g, '-')}.png`);
			await page.screenshot({ path: file });
			console.log(file);
			problems.push(...(await credentialProblems(page, name)));
			await page.keyboard.press('Escape');
			await page.waitForTimeout(400);
		}
		if (problems.length > 0) throw new PlainError(problems.join('\n'));
		console.log(`${names.length} nodes, no problem seen`);
	} finally {
		await browser.close();
	}
});

/** A credential that the editor does not offer for its own field is shown by its id instead of its name. */
async function credentialProblems(page, node) {
	const fields = page.locator('[data-test-id="node-credentials-select"] input');
	const shown = await fields.evaluateAll((inputs) => inputs.map((input) => input.value));
	const names = ['Practice Zendesk', 'Practice OroCRM'];
	return shown.filter((value) => !names.includes(value)).map((value) => `${node}: a credential is shown as "${value}"`);
}

function n8nUrl() {
	try {
		const { ports } = JSON.parse(readFileSync(join(root, '.sandbox', 'launcher.json'), 'utf8'));
		return `http://localhost:${ports.n8n}`;
	} catch {
		throw new PlainError('There is no sandbox yet: run "npm start" in another terminal first.');
	}
}
