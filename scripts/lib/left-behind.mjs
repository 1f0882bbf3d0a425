import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const END_WITHIN = 10_000;

/**
 * Ends (kill -9) the processes, each with its group, whose ids are in files `*.pid` anywhere in a folder: n8n and its workers, when the tests that
 * started them were ended before they could stop them. Who ends in order removes its file.
 *
 * @returns {Promise<number>} how many there were
 */
export async function endLeftBehind(folder) {
	if (!existsSync(folder)) return 0;
	const files = readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.pid'));
	let ended = 0;
	for (const file of files.map((name) => join(folder, String(name)))) {
		const pid = Number(readFileSync(file, 'utf8'));
		if (pid > 1 && (await endGroup(pid))) ended += 1;
		rmSync(file, { force: true });
	}
	return ended;
}

/** False when there was none. */
async function endGroup(pid) {
	if (!signalGroup(pid, 'SIGKILL')) return false;
	for (const deadline = Date.now() + END_WITHIN; signalGroup(pid, 0) && Date.now() < deadline; ) await sleep(50);
	return true;
}

/** Whether there is such a process group. */
export function signalGroup(pid, signal) {
	try {
		process.kill(-pid, signal);
		return true;
	} catch (error) {
		if (error.code === 'ESRCH') return false;
		throw error;
	}
}
