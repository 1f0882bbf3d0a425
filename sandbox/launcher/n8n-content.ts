import { createHash } from 'node:crypto';

import { PRACTICE_API_EMAIL } from '../zendesk/credentials';
import type { N8nClient } from './n8n-client';
import { N8nAnswerError } from './n8n-client';
import { importIntoN8n } from './n8n-import';
import type { N8nSettings } from './n8n-program';
import type { Memory } from './memory';
import { credentialTypesByNode } from './package-in-n8n';
import { PlainError } from './plain-error';
import type { Ports } from './ports';
import type { ImportedCredential } from './practice-credentials';
import type { Progress } from './progress';
import { bindCredentials, readTemplates, type Template, withDefaultZendeskUser } from './templates';

/** The bundled workflows that are switched on, by their ids. Only one sync workflow may be active for an account. */
const activeOneWay = ['one-way-sync', 'retry-failed-items'];
const activeTwoWay = ['two-way-sync', 'publish-a-case', 'retry-failed-items'];

/** What the sandbox puts into n8n: the credentials, the bundled workflows bound to them, and which of those are active. */
export class N8nContent {
	readonly templates: Template[];
	private readonly credentialsHash: string;
	private readonly workflowsHash: string;
	private readonly active: string[];

	constructor(
		private readonly credentials: ImportedCredential[],
		twoWay: boolean,
		/** A test's way to change a template before it is imported, for instance its schedule. */
		adjust: (template: Template) => Template = (template) => template,
	) {
		const bindings = Object.fromEntries(credentials.map(({ id, name, type }) => [type, { id, name }]));
		const types = credentialTypesByNode();
		this.templates = readTemplates()
			.map((template) => bindCredentials(template, bindings, (node) => types.get(node) ?? []))
			.map((template) => withDefaultZendeskUser(template, PRACTICE_API_EMAIL))
			.map(adjust);
		this.active = twoWay ? activeTwoWay : activeOneWay;
		const missing = this.active.find((id) => !this.templates.some((template) => template.id === id));
		if (missing) throw new PlainError(`There is no workflows/${missing}.json in this checkout, so ${twoWay ? 'two-way' : 'one-way'} sync cannot be started.`);
		this.credentialsHash = hash(credentials);
		this.workflowsHash = hash([this.templates, this.active]);
	}

	/** Whether the next import brings the credentials in again, with the tokens that practice Zendesk hands out ready for use. */
	willImportCredentials(memory: Memory): boolean {
		return memory.credentials !== this.credentialsHash;
	}

	/** Imports what has changed since the last start. n8n must not be running. */
	async importChanged(memory: Memory, userFolder: string, ports: Ports, progress: Progress, settings?: N8nSettings): Promise<void> {
		if (this.willImportCredentials(memory)) {
			await progress.step('Importing the credentials into n8n', async () => {
				await importIntoN8n('credentials', this.credentials, userFolder, ports, settings);
			});
			memory.credentials = this.credentialsHash;
		}
		if (memory.workflows === this.workflowsHash) return;
		if (memory.workflows) {
			progress.say('  The bundled workflows have changed: they are imported again and replace what was edited in n8n.');
		}
		await progress.step('Importing the bundled workflows into n8n', async () => {
			await importIntoN8n('workflow', this.templates, userFolder, ports, settings);
		});
	}

	/** Activates the freshly imported workflows; what a person has switched off since an earlier import stays off. */
	async activateImported(memory: Memory, client: N8nClient, progress: Progress): Promise<void> {
		if (memory.workflows === this.workflowsHash) return;
		for (const template of this.templates) {
			if (!this.active.includes(template.id)) continue;
			await progress.step(`Activating "${template.name}"`, async () => await activate(client, template));
		}
		memory.workflows = this.workflowsHash;
	}
}

async function activate(client: N8nClient, template: Template): Promise<void> {
	try {
		await client.activate(template.id);
	} catch (error) {
		if (!(error instanceof N8nAnswerError)) throw error;
		throw new PlainError(`n8n does not activate "${template.name}". It says: ${error.body}`);
	}
}

function hash(value: unknown): string {
	return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
