/** Time, from outside: n8n forbids timers in nodes, and tests don't want to wait. */
export interface Time {
	/**
	 * Milliseconds since some moment, for waits and durations. It goes on evenly when somebody sets the computer's clock, and it is no date: what a
	 * date is compared with comes from the server that gave it.
	 */
	now(): number;
	sleep(milliseconds: number): Promise<void>;
	/** How long somebody else's work is waited for at most; absent: to its end. */
	patience?(milliseconds: number): Promise<void>;
}
