/** The number in what a person entered: `12`, `#12`, or a case's address in OroCRM's pages or API. Undefined when there is none. */
export function caseNumber(text: string): string | undefined {
	const trimmed = text.trim();
	const digits = /^#?(\d{1,18})$/.exec(trimmed)?.[1] ?? /\/case\/(?:view|update)\/(\d{1,18})(?:[/?#]|$)/.exec(trimmed)?.[1] ?? /\/api\/cases\/(\d{1,18})(?:[/?#]|$)/.exec(trimmed)?.[1];
	return digits && Number(digits) > 0 ? String(Number(digits)) : undefined;
}

/** Host and port of an entered address; undefined for a number. */
export function addressHost(text: string): string | undefined {
	return /^https?:\/\/([^/?#]+)/i.exec(text.trim())?.[1].toLowerCase();
}
