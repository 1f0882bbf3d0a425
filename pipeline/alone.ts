import type { Time } from '../http/time';

interface Turn {
	/** Fulfilled when the work is over, well or badly. */
	end: Promise<void>;
	/** When it began, see {@link Time.now}. */
	since: number;
}

/** Who works under a name at the moment, or waits for that. */
const lines = new Map<string, Turn>();

/** Nobody is waited for longer than this, in milliseconds: a request may never be answered, and what is waited for may be gone. */
const PATIENCE = 60_000;

/**
 * Does this work when nobody else in this process works under the same name: the two triggers of a workflow, and other workflows, may have
 * hold of the same ticket at the same time, and what one of them is about to write the other can't have read. Other processes (queue
 * mode) are not kept out, nor who takes too long: there the servers' own guards count.
 *
 * @param work gets true when somebody was before it: what was read until then is out of date
 */
export async function alone<T>(name: string, time: Time, work: (waited: boolean) => Promise<T>): Promise<T> {
	const before = lines.get(name);
	let finished: () => void = () => {};
	const turn: Turn = { end: new Promise((resolve) => (finished = resolve)), since: time.now() };
	lines.set(name, turn);
	try {
		if (before) await endOrPatience(before, time, turn.since);
		turn.since = time.now();
		return await work(before !== undefined);
	} finally {
		finished();
		if (lines.get(name) === turn) lines.delete(name);
	}
}

async function endOrPatience(before: Turn, time: Time, now: number): Promise<void> {
	const left = PATIENCE - (now - before.since);
	if (left <= 0) return;
	await Promise.race(time.patience ? [before.end, time.patience(left)] : [before.end]);
}

/** Nobody works any more, as in a new process. For tests that end n8n within their own process. */
export function forgetTurns(): void {
	lines.clear();
}
