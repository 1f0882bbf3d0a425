import { createHash } from 'node:crypto';

/** Distance between the ids that one Zendesk database hands out one after the other (seen in every recorded audit). */
export const ID_STEP = 128;

/** Where the practice account's big ids start, so that a fresh server always hands out the same ones. */
const FIRST_ID = 33144692244371;

export class IdSequence {
	constructor(private next = FIRST_ID) {}

	/** The first of `count` ids in a row, each `ID_STEP` after the one before. */
	take(count = 1): number {
		const id = this.next;
		this.next += ID_STEP * count;
		return id;
	}

	position(): number {
		return this.next;
	}
}

/** Random-looking text that is the same for the same seed: file tokens and job ids. */
export function tokenFrom(seed: string, length = 25): string {
	return createHash('sha512').update(seed).digest('base64').replace(/[+/=]/g, '').slice(0, length);
}

/** Job ids have the form `V3-<32 hex>` (zendesk-api.md §1). */
export function jobIdFrom(seed: string): string {
	return `V3-${createHash('md5').update(seed).digest('hex')}`;
}
