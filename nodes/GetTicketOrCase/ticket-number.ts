/** The number in what a person entered: `4711`, `#4711`, or a ticket's address in Zendesk's pages or API. Undefined when there is none. */
export function ticketNumber(text: string): number | undefined {
	const trimmed = text.trim();
	const digits = /^#?(\d+)$/.exec(trimmed)?.[1] ?? /\/tickets\/(\d+)(?:[./?#]|$)/.exec(trimmed)?.[1];
	const number = Number(digits);
	return digits !== undefined && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
