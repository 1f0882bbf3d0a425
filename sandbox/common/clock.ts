/** The practice servers' time, in one place so that tests can stop it, move it on and set it back. */
export interface Clock {
	now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is told to move. */
export class ManualClock implements Clock {
	private current: number;

	constructor(start: Date | string = '2026-11-24T09:00:00Z') {
		this.current = new Date(start).getTime();
	}

	now(): Date {
		return new Date(this.current);
	}

	/** Moves the time on (or back, when negative), in milliseconds. */
	advance(milliseconds: number): void {
		this.current += milliseconds;
	}

	set(date: Date | string): void {
		this.current = new Date(date).getTime();
	}
}
