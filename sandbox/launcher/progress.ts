/** Shows a person what is going on; `scripts/lib/progress.mjs` is the one for terminals. */
export interface Progress {
	/** Runs `work` as one step; `work` gets a function that changes the words shown while it lasts. */
	step<T>(title: string, work: (say: (words: string) => void) => Promise<T>): Promise<T>;
	say(words: string): void;
}

export const silent: Progress = { step: async (_title, work) => await work(() => {}), say: () => {} };
