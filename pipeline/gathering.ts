import type { Time } from '../http/time';

/** A question that has waited this long is asked, whoever is still at work; milliseconds. */
const LONGEST_WAIT = 10_000;
/** Turns of the promise queue until "nobody is at work" counts: whoever has just ended may be about to hand on to the next one. */
const TURNS = 50;

/** One kind of question, and who waits for its answer. */
interface Question {
	/** When the first of them began to wait; milliseconds since 1970. */
	since: number | undefined;
	ask: () => void;
}

/**
 * Gathers the questions of many who work at the same time into few requests: a question is asked when everybody who is at work waits
 * for an answer, or for somebody else. So nobody waits for more company than there can be, and no timer is needed.
 */
export class Gathering {
	private atWork = 0;
	private isChecking = false;
	private readonly questions: Question[] = [];

	constructor(private readonly time: Time) {}

	/** Does this work; who asks a question within it counts as waiting until the answer is there. */
	async working<T>(work: () => Promise<T>): Promise<T> {
		this.atWork++;
		try {
			return await work();
		} finally {
			this.atWork--;
			this.check();
		}
	}

	/** For who is at work and waits for others, who may be waiting for an answer: until then they don't count. */
	async aside<T>(wait: () => Promise<T>): Promise<T> {
		this.atWork--;
		try {
			const waiting = wait();
			this.check();
			return await waiting;
		} finally {
			this.atWork++;
		}
	}

	/**
	 * A question that is asked for many at once.
	 *
	 * @param read answers all of them, in their order; when it fails, all who asked get the failure
	 */
	question<K, A>(read: (asked: K[]) => Promise<A[]>): (one: K) => Promise<A> {
		let waiting: Array<{ one: K; resolve: (answer: A) => void; reject: (reason: unknown) => void }> = [];
		const question: Question = {
			since: undefined,
			ask: () => {
				const some = waiting;
				if (some.length === 0) return;
				waiting = [];
				question.since = undefined;
				// All are at work again before the first of them goes on: else what it asks next would be asked for it alone.
				const back = () => void (this.atWork += some.length);
				read(some.map(({ one }) => one)).then(
					(answers) => {
						back();
						some.forEach(({ resolve }, index) => resolve(answers[index]));
					},
					(reason: unknown) => {
						back();
						for (const { reject } of some) reject(reason);
					},
				);
			},
		};
		this.questions.push(question);
		return async (one) =>
			await new Promise<A>((resolve, reject) => {
				waiting.push({ one, resolve, reject });
				question.since ??= this.time.now();
				this.atWork--;
				this.check();
			});
	}

	private check(): void {
		const now = this.time.now();
		for (const { since, ask } of this.questions) if (since !== undefined && now - since >= LONGEST_WAIT) ask();
		if (this.isChecking || this.atWork > 0) return;
		this.isChecking = true;
		void this.askWhenAllWait();
	}

	private async askWhenAllWait(): Promise<void> {
		for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
		this.isChecking = false;
		if (this.atWork <= 0) for (const { ask } of this.questions) ask();
	}
}
