import type { HttpResponse } from '../http/request';
import type { ZendeskClient } from './client';
import { readZendeskError } from './errors';

/** Where Zendesk keeps files: its own hosts, and those that an attachment's address redirects to. */
const FILE_HOSTS = ['.zendesk.com', '.zdusercontent.com', '.zdassets.com'];
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 3;
/** Zendesk's sign-in pages, to which it leads whoever may not have a file: their text is not the file. */
const SIGN_IN = /^\/(access|auth)\//;

/**
 * A file of a comment, by its `content_url`. Undefined when it has more than `largest` bytes, or when its address, or one that it
 * leads to, is neither the account's own nor Zendesk's file store, or asks for a sign-in.
 *
 * Zendesk keeps files elsewhere ("take care not to inadvertently send Zendesk authentication credentials",
 * developer.zendesk.com/api-reference/ticketing/tickets/ticket-attachments): redirects are followed here, one by one, and the
 * token goes to the account's own address only. Throws an `ApiError` when the file is refused or no answer comes.
 */
export async function downloadAttachment(client: Pick<ZendeskClient, 'baseUrl' | 'getFile'>, url: string, largest: number): Promise<Buffer | undefined> {
	let address = askable(url, client.baseUrl);
	for (let redirects = 0; address && redirects <= MOST_REDIRECTS; redirects++) {
		const response = await client.getFile(address.href);
		if (!REDIRECTS.has(response.status)) return content(response, address, client.baseUrl, largest);
		const next = askable(response.headers.location ?? '', client.baseUrl, address);
		address = next && SIGN_IN.test(next.pathname) ? undefined : next;
	}
	return undefined;
}

/** The address, when it may be asked: the account's own, or of a host of Zendesk's by https. */
function askable(url: string, baseUrl: string, from?: URL): URL | undefined {
	if (url === '') return undefined;
	let address: URL;
	try {
		address = new URL(url, from);
	} catch {
		return undefined;
	}
	if (address.username || address.password) return undefined;
	if (address.origin === new URL(baseUrl).origin) return address;
	const isZendesks = address.protocol === 'https:' && address.port === '' && FILE_HOSTS.some((host) => address.hostname.endsWith(host));
	return isZendesks || (isThisMachine(address) && isThisMachine(new URL(baseUrl))) ? address : undefined;
}

/** A practice account and its file store; a real account's addresses never lead here. */
function isThisMachine({ hostname }: URL): boolean {
	return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function content(response: HttpResponse, address: URL, baseUrl: string, largest: number): Buffer | undefined {
	if (response.status < 200 || response.status >= 300) {
		// A file store that wants a sign-in says nothing about the account's credential.
		if (response.status === 401 && address.origin !== new URL(baseUrl).origin) return undefined;
		throw readZendeskError({ method: 'GET', url: address.href, headers: {} }, response);
	}
	const announced = Number(response.headers['content-length']);
	return announced > largest || (response.bytes?.length ?? 0) > largest ? undefined : response.bytes;
}
