import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Ports } from './ports';

/** What the launcher remembers between two starts. All of it can be found out or made again. */
export interface Memory {
	ports?: Ports;
	apiKey?: string;
	/** Hash of the credentials as they were last imported into n8n. */
	credentials?: string;
	/** Hash of the workflow templates as they were last imported. */
	workflows?: string;
}

export function readMemory(file: string): Memory {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as Memory;
	} catch {
		return {};
	}
}

/** Only the owner of the checkout may read it: it holds n8n's API key. */
export function writeMemory(file: string, memory: Memory): void {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, `${JSON.stringify(memory, null, '\t')}\n`, { mode: 0o600 });
}
