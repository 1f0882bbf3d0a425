/** Exit codes as shells know them for a command that was ended by a signal. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Runs `work`, and undoes what it has started, the last first: also when it throws, and after Ctrl-C or a SIGTERM.
 *
 * @param {(tools: { onEnd: (step: () => unknown) => void, told: AbortSignal }) => Promise<void>} work
 *   `onEnd`: what undoes a step; `told`: aborted when somebody wants it to stop, and in the end. `work` has to come back then, for only then things are undone
 */
export async function cleanly(work) {
	const steps = [];
	const told = new AbortController();
	let exitCode;
	// npm passes Ctrl-C on although the terminal has sent it to everybody: it is heard as often as it comes, and counts once.
	const listeners = Object.entries(SIGNALS).map(([name, code]) => [
		name,
		() => {
			exitCode ??= code;
			told.abort();
		},
	]);
	for (const [name, listener] of listeners) process.on(name, listener);
	try {
		await work({ onEnd: (step) => steps.push(step), told: told.signal });
	} catch (error) {
		// What goes wrong because of being stopped is no news.
		if (exitCode === undefined) throw error;
	} finally {
		// After an error, too, programs may be running.
		told.abort();
		await undo(steps);
		for (const [name, listener] of listeners) process.off(name, listener);
		if (exitCode !== undefined) process.exitCode = exitCode;
	}
}

/** One step that fails keeps nothing else from being undone. */
async function undo(steps) {
	for (let step = steps.pop(); step; step = steps.pop()) {
		try {
			await step();
		} catch (error) {
			console.error(error);
		}
	}
}
