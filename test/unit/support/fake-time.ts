import type { Time } from '../../../http/time';

/** A clock that moves only when somebody waits for it, in the order of the waits. */
export class FakeTime implements Time {
	private current: number;
	private sleepers: Array<{ at: number; wake: () => void }> = [];

	constructor(start = Date.parse('2026-11-24T09:00:00Z')) {
		this.current = start;
	}

	now(): number {
		return this.current;
	}

	async sleep(milliseconds: number): Promise<void> {
		await new Promise<void>((wake) => this.sleepers.push({ at: this.current + milliseconds, wake }));
	}

	/** Moves the clock without waking anybody who sleeps longer. */
	async advance(milliseconds: number): Promise<void> {
		const end = this.current + milliseconds;
		await settle();
		for (;;) {
			const next = this.earliest();
			if (!next || next.at > end) break;
			this.wake(next);
			await settle();
		}
		this.current = end;
		await settle();
	}

	/** Waits for the work, moving the clock from one sleeper to the next. */
	async finish<T>(work: Promise<T>): Promise<T> {
		let over = false;
		const ended = work.finally(() => {
			over = true;
		});
		ended.catch(() => {});
		for (;;) {
			await settle();
			if (over) return await ended;
			const next = this.earliest();
			if (!next) throw new Error('The work waits for something else than the clock.');
			this.wake(next);
		}
	}

	private earliest() {
		return this.sleepers.reduce<{ at: number; wake: () => void } | undefined>(
			(best, one) => (!best || one.at < best.at ? one : best),
			undefined,
		);
	}

	private wake(sleeper: { at: number; wake: () => void }): void {
		this.sleepers = this.sleepers.filter((one) => one !== sleeper);
		this.current = Math.max(this.current, sleeper.at);
		sleeper.wake();
	}
}

/** Lets everything run that waits for nothing but promises. */
export async function settle(): Promise<void> {
	await new Promise<void>((resolve) => setImmediate(resolve));
}
