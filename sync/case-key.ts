/**
 * The key of a ticket's case in OroCRM (`cases.externalId`): `zd-<short hash of the Zendesk host>-<ticket number>`.
 *
 * The hash keeps the tickets of several Zendesk accounts apart; at most 29 characters, and OroCRM breaks on more than 36
 * (orocrm-api.md §3.1). There is no comma in it, for a comma can't be looked up.
 *
 * @param host host name of the account, without a port
 */
export function caseKey(host: string, ticketId: number): string {
	return `zd-${shortHash(host.toLowerCase())}-${ticketId}`;
}

/** True for keys that this sync makes, of any account. */
export function isCaseKey(key: string | null | undefined): boolean {
	return /^zd-[0-9a-z]{7}-\d+$/.test(key ?? '');
}

/** The ticket's number in a key of this sync, of whichever account. */
export function ticketOfKey(key: string | null | undefined): number | undefined {
	const number = Number(/^zd-[0-9a-z]{7}-(\d+)$/.exec(key ?? '')?.[1] ?? 'none');
	return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** FNV-1a, 32 bit, seven characters of base 36. */
export function shortHash(text: string): string {
	let hash = 0x811c9dc5;
	for (const unit of Buffer.from(text, 'utf8')) {
		hash ^= unit;
		hash = Math.imul(hash, 0x01000193) >>> 0;
	}
	return hash.toString(36).padStart(7, '0');
}
