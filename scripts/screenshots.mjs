import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { PlainError, runMain } from './lib/plain-error.mjs';
import { root } from './lib/root.mjs';

/**
 * Pictures of the bundled workflow and of every node's panel in the editor of the sandbox that `npm start` runs, for people to look at:
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
		const errors = [];
		page.on('pageerror', (error) => errors.push(error.message));
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
			await page.keyboard.press('Escape');
			await page.waitForTimeout(400);
		}
		console.log(`${names.length} nodes; errors in the page: ${errors.length > 0 ? errors.join('; ') : 'none'}`);
	} finally {
		await browser.close();
	}
});

function n8nUrl() {
	try {
		const { ports } = JSON.parse(readFileSync(join(root, '.sandbox', 'launcher.json'), 'utf8'));
		return `http://localhost:${ports.n8n}`;
	} catch {
		throw new PlainError('There is no sandbox yet: run "npm start" in another terminal first.');
	}
}
