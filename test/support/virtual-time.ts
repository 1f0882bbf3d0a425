import type { Clock } from '../../sandbox/common/clock';

/**
 * The time of the workflow tests: it runs as always, and every pause of the nodes jumps over itself. So a `Retry-After` of a
 * minute costs no minute, and the practice servers, which live in the same time, find that it was kept. n8n's clock can be set
 * apart from theirs.
 * Import this before the nodes: it takes the place of n8n's `sleep`.
 */

jest.mock('n8n-workflow', () => ({ ...jest.requireActual<object>('n8n-workflow'), sleep: jumpOver }));

const realNow = Date.now.bind(Date);
const realElapsed = performance.now.bind(performance);
let ahead = 0;
let n8nIsAhead = 0;
let pauses: number[] = [];

Date.now = () => realNow() + ahead + n8nIsAhead;
performance.now = () => realElapsed() + ahead;

async function jumpOver(milliseconds: number): Promise<void> {
	pauses.push(milliseconds);
	ahead += milliseconds;
	await new Promise((resolve) => setImmediate(resolve));
}

/** Lets so many milliseconds pass at once. */
export function letPass(milliseconds: number): void {
	ahead += milliseconds;
}

/** Sets n8n's clock this much ahead of the servers' (behind, when negative), in milliseconds: no time passes by that. */
export function setN8nClock(aheadOfServers: number): void {
	n8nIsAhead = aheadOfServers;
}

/** The pauses that the nodes made since the last call, in milliseconds. */
export function takePauses(): number[] {
	const taken = pauses;
	pauses = [];
	return taken;
}

/** The right time, for the practice servers. */
export const testClock: Clock = { now: () => new Date(realNow() + ahead) };
