import { join } from 'node:path';

import { root } from './launcher/layout';
import { owner } from './launcher/n8n-program';
import { formLogin } from './launcher/practice-credentials';
import type { Progress } from './launcher/progress';
import { type Sandbox, startSandbox } from './launcher/sandbox';
import { untilToldToStop } from './launcher/signals';

/** The delay of the practice export here: a person is waiting. Zendesk's own is a minute. */
const SHORT_EXPORT_DELAY = 5;

export interface StartOptions {
	reset: boolean;
	twoWay: boolean;
	realDelay: boolean;
}

/** Runs the sandbox for a person at a terminal until Ctrl-C, or until n8n dies. */
export async function start(options: StartOptions, progress: Progress): Promise<void> {
	const told = untilToldToStop();
	let started = false;
	void told.then(() => started || progress.say('\nStopping as soon as this step is done …'));
	const sandbox = await startSandbox({
		dataDir: join(root, '.sandbox'),
		reset: options.reset,
		twoWay: options.twoWay,
		exportDelaySeconds: options.realDelay ? undefined : SHORT_EXPORT_DELAY,
		progress,
	});
	started = true;
	progress.say(welcome(sandbox, options));
	const end = await Promise.race([told.then(() => undefined), sandbox.n8nDied]);
	if (end !== undefined) {
		progress.say(`\n${end}\nPractice data is kept. "npm start" starts everything again.`);
		process.exitCode = 1;
	}
	await progress.step('Stopping', async () => await sandbox.stop());
}

function welcome(sandbox: Sandbox, options: StartOptions): string {
	const { zendesk, orocrm, n8n } = sandbox;
	const delay = options.realDelay
		? 'Zendesk shows a change to its export after a minute; so does this one.'
		: `Zendesk shows a change to its export after a minute; here it takes ${SHORT_EXPORT_DELAY} seconds (npm start -- --real-delay for the minute).`;
	return `
Everything is running:

  Practice Zendesk   ${zendesk.url}
  Practice OroCRM    ${orocrm.url}
  n8n                ${n8n.url}   log in as ${owner.email} with ${owner.password}

What to try first:
${(options.twoWay ? twoWaySteps(sandbox) : oneWaySteps(sandbox)).map((step, index) => `  ${index + 1}. ${step}`).join('\n')}

${delay}
Ctrl-C stops everything; data is kept in .sandbox and "npm start" goes on from there (npm start -- --reset begins anew).
`;
}

function oneWaySteps({ n8n }: Sandbox): string[] {
	return [
		'Open practice OroCRM: within a minute the tickets of practice Zendesk are there as cases.',
		'Change a ticket in practice Zendesk or add a comment. The workflow looks once a minute; then its case has it too.',
		`Open the workflow: ${n8n.url}/workflow/one-way-sync
     Its executions show what each step did with each ticket.`,
	];
}

function twoWaySteps({ n8n }: Sandbox): string[] {
	return [
		'Open practice OroCRM: within a minute the tickets of practice Zendesk are there as cases.',
		'Edit such a case there, or add a comment. The workflow looks once a minute; then its ticket in practice Zendesk has it too. And the other way round.',
		`Publish a case that has no ticket, "Tent pole broke on the first night": ${n8n.url}/form/publish-a-case?case=1
     Log in as ${formLogin.user} with ${formLogin.password}. The page takes the number of a case, or its address.`,
		'Change the priority of a ticket and that of its case to different values within a minute: a conflict. Zendesk wins, unless you set it otherwise.',
		`Open the workflow: ${n8n.url}/workflow/two-way-sync
     Its executions show what each step did with each ticket and case, conflicts too.`,
	];
}
