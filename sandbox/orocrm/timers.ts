/** Work that waits, all of which can be called off when the server stops. */
export class Timers {
	private readonly running = new Set<NodeJS.Timeout>();
	private stopped = false;

	after(milliseconds: number, work: () => void): void {
		if (this.stopped) return;
		const timer = setTimeout(() => {
			this.running.delete(timer);
			work();
		}, milliseconds);
		this.running.add(timer);
	}

	async wait(milliseconds: number): Promise<void> {
		await new Promise<void>((resolve) => this.after(milliseconds, resolve));
	}

	stop(): void {
		this.stopped = true;
		this.cancel();
	}

	/** Calls off all that waits; new work may come. */
	cancel(): void {
		for (const timer of this.running) clearTimeout(timer);
		this.running.clear();
	}
}
