import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/launcher/sandbox';
import { OroFromOutside, ZendeskFromOutside } from './outside';

/** Below the range from which systems give ports to outgoing connections: n8n takes its port a while after it was found free. */
export const TEST_PORTS = { zendesk: 24_101, orocrm: 24_121, n8n: 24_141, runners: 24_161 };

/** A sandbox in a folder of its own, on free ports, with an export delay that a test can wait for. */
export interface TestSandbox extends Sandbox {
	zendeskFromOutside: ZendeskFromOutside;
	oroFromOutside: OroFromOutside;
	/** Stops it and removes its data. */
	remove: () => Promise<void>;
}

/** A new temporary folder. The script that runs the tests looks into `TEST_FOLDERS` for processes that a test has left behind. */
export function testFolder(name: string): string {
	return mkdtempSync(join(process.env.TEST_FOLDERS ?? tmpdir(), `zendesk-orocrm-${name}-`));
}

export async function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
	const dataDir = testFolder('sandbox');
	const removeData = (): void => rmSync(dataDir, { recursive: true, force: true });
	try {
		const sandbox = await startSandbox({
			dataDir,
			ports: TEST_PORTS,
			exportDelaySeconds: 1,
			...options,
		});
		return {
			...sandbox,
			zendeskFromOutside: new ZendeskFromOutside(sandbox.zendesk.url),
			oroFromOutside: new OroFromOutside(sandbox.orocrm.url, sandbox.orocrm.apiUrl),
			remove: async () => {
				await sandbox.stop();
				removeData();
			},
		};
	} catch (error) {
		removeData();
		throw error;
	}
}

/**
 * Asks again and again until `check` is content. Its last words, when it never is, are those of the failed expectation.
 *
 * @param check throws as long as what it looks for is not there
 * @param within milliseconds
 */
export async function eventually<T>(check: () => Promise<T>, within = 90_000): Promise<T> {
	const deadline = Date.now() + within;
	for (;;) {
		try {
			return await check();
		} catch (error) {
			if (Date.now() > deadline) throw error;
			await sleep(500);
		}
	}
}

/** Milliseconds that tests may take: a start with imports, and the waiting in it. */
export const START_TIMEOUT = 240_000;

/** Waits until every ticket of practice Zendesk has a case, and checks that none has two. @returns how many tickets there are */
export async function everyTicketHasOneCase(sandbox: TestSandbox, within?: number): Promise<number> {
	return await eventually(async () => {
		const tickets = await sandbox.zendeskFromOutside.tickets();
		const cases = await sandbox.oroFromOutside.casesByTicket();
		const counts = tickets.map(({ id }) => ({ ticket: id, cases: cases.get(id)?.length ?? 0 }));
		expect(counts.filter((count) => count.cases !== 1)).toEqual([]);
		return tickets.length;
	}, within);
}
