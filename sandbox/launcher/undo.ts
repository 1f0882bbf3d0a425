/** What stops the things started so far; done from the last to the first. */
export class Undo {
	private readonly steps: Array<() => Promise<void> | void> = [];

	push(step: () => Promise<void> | void): void {
		this.steps.push(step);
	}

	/** Stops them all; a second call finds nothing left. */
	async run(): Promise<void> {
		for (let step = this.steps.pop(); step; step = this.steps.pop()) await step();
	}
}
