/** How often a step that takes long says that it is still at it, in milliseconds, where lines cannot be rewritten. */
const REMIND_EVERY = 15_000;

/** Seconds as people read them: `0.4 s`, `12 s`, `2 min 05 s`. */
export function duration(milliseconds) {
	const seconds = milliseconds / 1000;
	if (seconds < 10) return `${seconds.toFixed(1)} s`;
	if (seconds < 60) return `${Math.round(seconds)} s`;
	const whole = Math.round(seconds);
	return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/**
 * Shows steps with the time they take: on a terminal one line that counts, elsewhere (a log, CI) a line at the start, reminders and a line
 * at the end. With `quiet` nothing is shown.
 */
export class Progress {
	constructor({ quiet = false, out = process.stdout } = {}) {
		this.quiet = quiet;
		this.out = out;
	}

	/** Runs `work` as one step. `work` gets a function that changes the words shown while it lasts. */
	async step(title, work) {
		if (this.quiet) return await work(() => {});
		const started = Date.now();
		let words = title;
		const show = () => this.#rewrite(`… ${words} (${duration(Date.now() - started)})`);
		if (!this.out.isTTY) this.out.write(`… ${title}\n`);
		const timer = setInterval(
			() => (this.out.isTTY ? show() : this.out.write(`  still: ${words} (${duration(Date.now() - started)})\n`)),
			this.out.isTTY ? 500 : REMIND_EVERY,
		);
		try {
			const result = await work((text) => {
				words = text;
			});
			this.#rewrite(`✓ ${title} (${duration(Date.now() - started)})\n`);
			return result;
		} catch (error) {
			this.#rewrite(`✗ ${title} (${duration(Date.now() - started)})\n`);
			throw error;
		} finally {
			clearInterval(timer);
		}
	}

	say(text) {
		if (!this.quiet) this.out.write(`${text}\n`);
	}

	#rewrite(text) {
		this.out.write(this.out.isTTY ? `\r\x1b[2K${text}` : text);
	}
}
