/** What a reader can do nothing with: scripts, and data or parts that lie in the message itself. */
const USELESS = /^(?:javascript|vbscript|data|cid|about|blob):/i;

/** An attribute's address as it is shown; undefined when it leads nowhere. */
export function shownAddress(value: string | undefined): string | undefined {
	// Browsers leave out line breaks and tabs in the middle of an address.
	const address = (value ?? '').trim().replace(/[\t\n\r\f]+/g, '').replace(/ /g, '%20');
	if (address === '' || address.startsWith('#') || USELESS.test(address)) return undefined;
	return address.replace(/^(?:mailto|tel):(?=.)/i, '');
}

/** True when a link's text is its address already: also without the scheme, without a slash at its end, or with its special characters written out. */
export function saysAddress(text: string, address: string): boolean {
	const shown = bare(text);
	return shown === bare(address) || shown === bare(decoded(address));
}

function bare(text: string): string {
	const address = text.trim().replace(/^https?:\/\//i, '');
	return address.endsWith('/') ? address.slice(0, -1) : address;
}

function decoded(address: string): string {
	try {
		return decodeURI(address);
	} catch {
		return address;
	}
}
