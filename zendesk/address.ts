/** The parts of a Zendesk credential that say where its API is. */
export interface ZendeskAddressFields {
	/** `acme`, `acme.zendesk.com` or `https://acme.zendesk.com/…`. */
	subdomain?: string;
	/** The explicit switch for a host outside zendesk.com. */
	customHost?: boolean;
	/** The whole address, used when {@link customHost} is on. */
	url?: string;
}

const SUBDOMAIN = /^(?:https?:\/\/)?([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.zendesk\.com)?(?:\/.*)?$/i;

/**
 * The account's base address without a slash at its end, e.g. `https://acme.zendesk.com`.
 *
 * Without the switch it is always one host label under zendesk.com, so that a mistyped or pasted address can't send a token
 * to somebody else. Throws an Error in words when the fields don't hold such an address.
 */
export function zendeskBaseUrl(fields: ZendeskAddressFields): string {
	if (fields.customHost) {
		const url = parseUrl(fields.url?.trim() ?? '');
		if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
			throw new Error(`The URL of the Zendesk credential, "${fields.url ?? ''}", is not an address like https://support.example.com.`);
		}
		return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
	}
	const label = SUBDOMAIN.exec(fields.subdomain?.trim() ?? '')?.[1];
	if (!label) {
		throw new Error(
			`"${fields.subdomain ?? ''}" is not a Zendesk subdomain. Enter the part before .zendesk.com, for example "acme" for https://acme.zendesk.com.`,
		);
	}
	return `https://${label.toLowerCase()}.zendesk.com`;
}

function parseUrl(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

/** The host that a ticket's own address names: the account, also when the API was called under another name. */
export function hostOf(url: string | null | undefined): string | undefined {
	return url ? parseUrl(url)?.hostname.toLowerCase() || undefined : undefined;
}
