import { join } from 'node:path';

/** The folder of the checkout. */
export const root = join(__dirname, '..', '..');

/** Where a sandbox keeps what must survive a restart. */
export interface Layout {
	dataDir: string;
	zendeskFile: string;
	orocrmFile: string;
	/** n8n's user folder: its database and settings are in `.n8n` below it. */
	n8nFolder: string;
	logs: string;
	/** What the launcher remembers between two starts. */
	memoryFile: string;
	lockFile: string;
}

export function layoutOf(dataDir: string): Layout {
	return {
		dataDir,
		zendeskFile: join(dataDir, 'zendesk.json'),
		orocrmFile: join(dataDir, 'orocrm.json'),
		n8nFolder: join(dataDir, 'n8n'),
		logs: join(dataDir, 'logs'),
		memoryFile: join(dataDir, 'launcher.json'),
		lockFile: join(dataDir, 'launcher.lock'),
	};
}
