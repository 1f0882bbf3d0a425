/** The Zendesk account that an entered address names, or undefined when it names none: a number, or another host. */
export function zendeskHost(text: string): string | undefined {
	return /^https?:\/\/([a-z0-9-]+\.zendesk\.com)(?:[/?#]|$)/i.exec(text.trim())?.[1].toLowerCase();
}

/** The number in what a person entered: `4711`, `#4711`, or a ticket's address in Zendesk's pages or API. Undefined when there is none. */
export function ticketNumber(text: string): number | undefined {
	const trimmed = text.trim();
	const digits = /^#?(\d+)$/.exec(trimmed)?.[1] ?? /\/tickets\/(\d+)(?:[./?#]|$)/.exec(trimmed)?.[1];
	const number = Number(digits);
	return digits !== undefined && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
