/**
 * What this run makes, by name: new contacts, new rows of people, new ticket records. Several tickets may need the same new person;
 * the first one makes it, the others wait for that and use it.
 */
export class MadeRecords {
	private readonly ids = new Map<string, string>();
	private readonly underWay = new Map<string, Promise<void>>();
	private readonly writes = new Map<string, number>();

	/** The id of a record that this run made. */
	idOf(name: string): string | undefined {
		return this.ids.get(name);
	}

	/** The makers under way of any of these names; empty when all are free. */
	waitFor(names: readonly string[]): Array<Promise<void>> {
		return [...new Set(names.map((name) => this.underWay.get(name)).filter((promise) => promise !== undefined))];
	}

	/** Says that these are being made until `work` ends, well or badly. Only for names that nobody makes at the moment. */
	async making<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
		let finished: () => void = () => {};
		const promise = new Promise<void>((resolve) => {
			finished = resolve;
		});
		for (const name of names) this.underWay.set(name, promise);
		try {
			return await work();
		} finally {
			for (const name of names) {
				this.underWay.delete(name);
				this.writes.set(name, this.writesOf(name) + 1);
			}
			finished();
		}
	}

	/** How often somebody of this run wrote under this name, well or badly: what was read before a later write is out of date. */
	writesOf(name: string): number {
		return this.writes.get(name) ?? 0;
	}

	made(name: string, id: string): void {
		this.ids.set(name, id);
	}
}
