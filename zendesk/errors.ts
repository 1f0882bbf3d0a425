import { ApiError } from '../http/api-error';
import { parseJson } from '../http/json';
import type { HttpRequest, HttpResponse } from '../http/request';
import { describeRequest } from '../http/describe';

/**
 * Reads Zendesk's words from any of its error bodies (zendesk-api.md §15): `error` as a string or an object, `description`,
 * `details` by field with one or more entries, the `errors` list of newer services, plain text, HTML, or nothing.
 */
export function readZendeskError(request: HttpRequest, response: HttpResponse): ApiError {
	const body = parseJson(response.text);
	const { words, code, pointers } = isObject(body) ? readBody(body) : { words: plainText(response.text), code: '', pointers: [] };
	return new ApiError('Zendesk', describeRequest(request), response.status, words, advice(response.status, code, words), pointers, code);
}

interface Read {
	words: string;
	code: string;
	pointers: string[];
}

function readBody(body: Record<string, unknown>): Read {
	if (Array.isArray(body.errors)) {
		const entries = body.errors.filter(isObject);
		return {
			words: entries.map((entry) => [entry.title, entry.detail].filter(isText).join(': ')).join(' '),
			code: entries.map((entry) => entry.code).find(isText) ?? '',
			pointers: [],
		};
	}
	const details = readDetails(body.details);
	const error = body.error;
	if (isObject(error)) {
		return { words: [error.title, error.message].filter(isText).join(': '), code: isText(error.title) ? error.title : '', pointers: [] };
	}
	const main = [body.description, body.error_description, body.message].find(isText);
	const words = details.words ? `${main ? `${main}: ` : ''}${details.words}` : (main ?? (isText(error) ? error : ''));
	return { words, code: isText(error) ? error : '', pointers: details.fields };
}

/** `details` is keyed by field name, by `base` or even by "Subdomain: "; the descriptions name the field themselves. */
function readDetails(details: unknown): { words: string; fields: string[] } {
	if (isText(details)) return { words: details, fields: [] };
	if (!isObject(details)) return { words: '', fields: [] };
	const words: string[] = [];
	for (const entries of Object.values(details)) {
		for (const entry of Array.isArray(entries) ? entries : [entries]) {
			if (isText(entry)) words.push(entry);
			else if (isObject(entry) && isText(entry.description)) words.push(entry.description);
		}
	}
	return { words: words.join('; '), fields: Object.keys(details) };
}

function advice(status: number, code: string, words: string): string {
	if (status === 401) return 'Open the Zendesk credential and connect it again: the token is wrong, expired or revoked.';
	if (status === 403 && /scope/i.test(words)) return 'Choose the access that is needed in the Zendesk credential and connect it again.';
	if (status === 403) return 'The account behind the Zendesk credential may not do this. Exports need an admin; use an admin or give the role that right.';
	if (status === 404) return 'Check the subdomain in the Zendesk credential and that the ticket still exists.';
	if (status === 429) return 'Zendesk asked to slow down. The sync waits and goes on by itself; if this happens often, raise the interval.';
	if (status === 503) return 'Zendesk is busy or under maintenance. The sync goes on by itself.';
	if (status >= 500) return 'Zendesk has a problem of its own. The sync tries again by itself.';
	if (code === 'StartTimeTooRecent') return 'Nothing to do: the export begins one minute after its starting point.';
	if (status >= 300 && status < 400) return 'Zendesk redirects elsewhere; the token is not sent there. Check the address in the Zendesk credential.';
	return 'Correct what Zendesk names, in Zendesk or in the settings of the node, and run it again.';
}

function plainText(text: string): string {
	const bare = /<[a-z!/]/i.test(text) ? (/<title>([^<]*)<\/title>/i.exec(text)?.[1] ?? '') : text;
	return bare.replace(/\s+/g, ' ').trim().slice(0, 300);
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}
