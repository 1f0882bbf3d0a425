import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Keeps a practice server's data in one JSON file, so that it survives a restart. Without a path nothing is kept. */
export class Snapshot<T> {
	private timer: NodeJS.Timeout | undefined;

	constructor(
		private readonly path: string | undefined,
		private readonly read: () => T,
		private readonly delay = 300,
	) {}

	/** The stored data, or undefined when there is none. Throws when the file is there but broken. */
	load(): T | undefined {
		if (!this.path) return undefined;
		let text: string;
		try {
			text = readFileSync(this.path, 'utf8');
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
			throw error;
		}
		return JSON.parse(text) as T;
	}

	/** Says that something changed; the file is written a moment later. */
	changed(): void {
		if (!this.path || this.timer) return;
		this.timer = setTimeout(() => this.flush(), this.delay);
	}

	/** Writes now. The rename makes sure that a kill leaves the old file or the new one, never half of it. */
	flush(): void {
		if (this.timer) clearTimeout(this.timer);
		this.timer = undefined;
		if (!this.path) return;
		mkdirSync(dirname(this.path), { recursive: true });
		writeFileSync(`${this.path}.new`, JSON.stringify(this.read()));
		renameSync(`${this.path}.new`, this.path);
	}
}
