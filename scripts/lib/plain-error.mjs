/** An error whose message is for the person at the terminal: it is shown without a stack. */
export class PlainError extends Error {
	name = 'PlainError';
}

/** Runs a command's main function; what goes wrong is shown in words and makes the exit code 1. */
export async function runMain(main) {
	try {
		await main();
	} catch (error) {
		console.error(`\n${error instanceof Error && error.name === 'PlainError' ? error.message : (error?.stack ?? error)}`);
		process.exitCode = 1;
	}
}
