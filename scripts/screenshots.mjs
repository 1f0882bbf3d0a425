import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { chromium } from 'playwright-core';

import { PlainError, runMain } from './lib/plain-error.mjs';
import { root } from './lib/root.mjs';

const FORM_WORKFLOW = 'publish-a-case';
const CREDENTIALS = ['Practice Zendesk', 'Practice OroCRM', 'Practice Form'];
const FORM_LOGIN = { username: 'practice', password: 'practice' };
const folder = join(root, 'test-results', 'editor');
/** Runs in the page. */
const namesOf = (elements) => elements.map((element) => element.getAttribute('data-node-name'));

/**
 * Opens the bundled workflows and every node's panel in the editor of the sandbox that `npm start` runs, and with `npm start -- --two-way`
 * the page on which a case is published; takes pictures for people to look at, and fails when a page reports an error, a node has an issue
 * or a credential can't be chosen: `node scripts/screenshots.mjs [workflow ids]`. Without ids: all of them. Chromium must be installed;
 * CHROMIUM names it when it is not /usr/bin/chromium.
 */
await runMain(async () => {
	const bundled = readdirSync(join(root, 'workflows')).map((file) => basename(file, '.json'));
	const workflows = process.argv.length > 2 ? process.argv.slice(2) : bundled;
	const url = n8nUrl();
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

		const problems = [];
		for (const workflow of workflows) problems.push(...(await pictureWorkflow(context, url, workflow)));
		if (workflows.includes(FORM_WORKFLOW)) problems.push(...(await pictureForm(browser, `${url}/form/${FORM_WORKFLOW}`)));
		if (problems.length > 0) throw new PlainError(problems.join('\n'));
		console.log('No problem seen');
	} finally {
		await browser.close();
	}
});

async function pictureWorkflow(context, url, workflow) {
	const page = await context.newPage();
	const problems = [];
	page.on('pageerror', (error) => problems.push(`${workflow}: error in the page: ${error.message}`));
	await page.goto(`${url}/workflow/${workflow}`);
	const nodes = page.locator('[data-test-id="canvas-node"]');
	await nodes.first().waitFor({ timeout: 30_000 });
	// n8n's own checklist lies over the canvas.
	await page.locator('[data-test-id="suggested-actions-close"]').click({ timeout: 2_000 }).catch(() => {});
	await page.keyboard.press('1'); // zoom to fit
	await page.waitForTimeout(1000);
	await shoot(page, workflow);
	const withIssues = await page.locator('[data-test-id="canvas-node"]:has([data-test-id="node-issues"])').evaluateAll(namesOf);
	problems.push(...withIssues.map((name) => `${workflow}: "${name}" has an issue`));

	for (const name of await nodes.evaluateAll(namesOf)) {
		await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
		await page.locator('[data-test-id="ndv"], [data-test-id="node-parameters"]').first().waitFor({ timeout: 10_000 });
		await page.waitForTimeout(700);
		await shoot(page, `${workflow}--${name}`);
		problems.push(...(await credentialProblems(page, name)));
		await page.keyboard.press('Escape');
		await page.waitForTimeout(400);
	}
	await page.close();
	return problems;
}

/** The form, what it says of a preview of the seed's first case, and of a case that there isn't. */
async function pictureForm(browser, address) {
	const context = await browser.newContext({ viewport: { width: 900, height: 800 }, httpCredentials: FORM_LOGIN });
	const page = await context.newPage();
	const answer = await page.goto(`${address}?case=1`);
	if (answer?.status() === 404) {
		console.log(`${address} is not switched on: "npm start -- --two-way" does it`);
		await context.close();
		return [];
	}
	const problems = [];
	await shoot(page, 'form');
	for (const [name, which, preview] of [['preview', '1', true], ['refused', '99999', false]]) {
		await page.goto(`${address}?case=${which}`);
		if (preview) await page.getByText('Only say what would be done').click();
		await page.getByRole('button').click();
		await page.waitForURL(/form-waiting/, { timeout: 30_000 }).catch(() => problems.push(`form: no last page for "${which}"`));
		await page.waitForTimeout(500);
		await shoot(page, `form--${name}`);
	}
	await context.close();
	return problems;
}

async function shoot(page, name) {
	const file = join(folder, `${name.replace(/[^A-Za-z0-9]+/g, '-')}.png`);
	await page.screenshot({ path: file });
	console.log(file);
}

/** A credential that the editor does not offer for its own field is shown by its id instead of its name. */
async function credentialProblems(page, node) {
	const fields = page.locator('[data-test-id="node-credentials-select"] input');
	const shown = await fields.evaluateAll((inputs) => inputs.map((input) => input.value));
	return shown.filter((value) => !CREDENTIALS.includes(value)).map((value) => `${node}: a credential is shown as "${value}"`);
}

function n8nUrl() {
	try {
		const { ports } = JSON.parse(readFileSync(join(root, '.sandbox', 'launcher.json'), 'utf8'));
		return `http://localhost:${ports.n8n}`;
	} catch {
		throw new PlainError('There is no sandbox yet: run "npm start" in another terminal first.');
	}
}
