import { createHash } from 'node:crypto';
import type { Clock } from '../common/clock';
import { idempotencyMismatch } from './errors';
import type { Answer } from './router';

/** Remembered this long (zendesk-api.md §9). */
const KEPT_MILLISECONDS = 2 * 3_600_000;

/** The answers to requests that named an Idempotency-Key. Only what was made is remembered, not a refusal. */
export class Idempotency {
	private readonly earlier = new Map<string, { request: string; answer: Answer; until: number }>();

	constructor(private readonly clock: Clock) {}

	/** The earlier answer to the same key and body; 400 for another body; else what `make` answers now. */
	once(key: string, body: Buffer, make: () => Answer): Answer {
		const now = this.clock.now().getTime();
		const request = createHash('sha256').update(body).digest('hex');
		const known = this.earlier.get(key);
		if (known && known.until > now) {
			if (known.request !== request) throw idempotencyMismatch();
			return marked(known.answer, 'hit');
		}
		const answer = make();
		this.earlier.set(key, { request, answer, until: now + KEPT_MILLISECONDS });
		return marked(answer, 'miss');
	}

	forget(): void {
		this.earlier.clear();
	}
}

const marked = (answer: Answer, lookup: 'hit' | 'miss'): Answer => ({
	...answer,
	headers: { ...answer.headers, 'x-idempotency-lookup': lookup },
});
