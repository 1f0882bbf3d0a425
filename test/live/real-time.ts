import { setTimeout as sleep } from 'node:timers/promises';
import type { Time } from '../../http/time';

/** Real pauses: a real server needs them. */
export const realTime: Time = {
	now: () => Date.now(),
	sleep: async (milliseconds) => {
		await sleep(milliseconds);
	},
};

/** Asks every two seconds until there is an answer; undefined when there is none in time. */
export async function eventually<T>(ask: () => Promise<T | undefined>, within: number): Promise<T | undefined> {
	const deadline = Date.now() + within;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined || Date.now() > deadline) return answer;
		await sleep(2_000);
	}
}
