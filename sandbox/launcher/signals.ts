/** npm passes Ctrl-C on although the terminal has sent it to everybody: a repetition within this time is no second wish. */
const SAME_WISH = 1500;

/**
 * Settled by the first Ctrl-C or SIGTERM. A second Ctrl-C, when stopping takes too long for somebody, ends the process at once; n8n then
 * notices that its launcher is gone and stops by itself.
 */
export async function untilToldToStop(): Promise<void> {
	await new Promise<void>((resolve) => {
		let first: number | undefined;
		const told = (): void => {
			if (first === undefined) {
				first = Date.now();
				resolve();
			} else if (Date.now() - first > SAME_WISH) {
				process.exit(130);
			}
		};
		process.on('SIGINT', told);
		process.on('SIGTERM', told);
		process.on('SIGHUP', told);
	});
}
