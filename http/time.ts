/** Time, from outside: n8n forbids timers in nodes, and tests don't want to wait. */
export interface Time {
	/** Milliseconds since 1970. */
	now(): number;
	sleep(milliseconds: number): Promise<void>;
	/** How long somebody else's work is waited for at most; absent: to its end. */
	patience?(milliseconds: number): Promise<void>;
}
