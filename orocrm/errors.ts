import { ApiError } from '../http/api-error';
import { describeRequest } from '../http/describe';
import { parseJson } from '../http/json';
import type { HttpRequest, HttpResponse } from '../http/request';

interface ErrorEntry {
	title?: unknown;
	detail?: unknown;
	source?: unknown;
}

/**
 * Reads OroCRM's words from any of its error bodies (orocrm-api.md §1.2, §1.4, §1.5): the JSON:API document with several
 * errors, the plain list, the OAuth form, an empty body (401, 405), or a web page of the server in front.
 */
export function readOroCrmError(request: HttpRequest, response: HttpResponse): ApiError {
	const body = parseJson(response.text);
	const entries = errorEntries(body);
	const code = entries.map((entry) => entry.title).find(isText) ?? (isObject(body) && isText(body.error) ? body.error : '');
	const words = entries.length > 0 ? entries.map(entryWords).filter(Boolean).join(' ') : otherWords(body, response.text);
	const pointers = entries.map((entry) => sourceOf(entry.source)).filter(isText);
	return new ApiError('OroCRM', describeRequest(request), response.status, words, advice(request, response, code), pointers, code);
}

function errorEntries(body: unknown): ErrorEntry[] {
	const list = Array.isArray(body) ? body : isObject(body) && Array.isArray(body.errors) ? body.errors : [];
	return list.filter(isObject) as ErrorEntry[];
}

function entryWords(entry: ErrorEntry): string {
	const said = isText(entry.detail) ? entry.detail : isText(entry.title) ? entry.title : '';
	const where = sourceOf(entry.source);
	return where ? `${said} (${where})` : said;
}

function sourceOf(source: unknown): string | undefined {
	if (isText(source)) return source;
	if (!isObject(source)) return undefined;
	return [source.pointer, source.parameter].find(isText);
}

function otherWords(body: unknown, text: string): string {
	if (isObject(body)) {
		const said = [body.error_description, body.message, body.error].filter(isText)[0] ?? '';
		return isText(body.hint) ? `${said} ${body.hint}` : said;
	}
	if (/<[a-z!/]/i.test(text)) return (/<title>([^<]*)<\/title>/i.exec(text)?.[1] ?? 'a web page instead of data').trim();
	return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}

function advice(request: HttpRequest, response: HttpResponse, code: string): string {
	switch (response.status) {
		case 400:
		case 409:
			return 'Correct what OroCRM names, in the ticket, in OroCRM or in the settings of the node, and run it again.';
		case 401:
			return 'Open the OroCRM credential and check the client ID and the client secret (OroCRM: System > User Management > OAuth Applications).';
		case 403:
			return 'The role of the OAuth application’s user may not do this. Give it the rights to view, create, edit and assign cases, contacts, accounts and users, and to view integrations.';
		case 404:
			return /entity type|not accessible/i.test(code)
				? 'OroCRM does not know this kind of record: check that the CRM and Zendesk packages are installed.'
				: 'Check the OroCRM URL and the API path (/api, or /admin/api with OroCommerce), and switch the Web API on: System > Configuration > General Setup > Application Settings > Web API.';
		case 405:
		case 406:
		case 415:
			return `Something between n8n and OroCRM changes the request (${describeRequest(request)}): check proxies and the API path.`;
		case 413:
		case 414:
			return 'The web server in front of OroCRM refuses requests of this size: raise its limit.';
		case 429:
		case 503:
			return 'OroCRM is busy or under maintenance. The sync goes on by itself.';
		default:
			if (response.status >= 300 && response.status < 400) return 'OroCRM redirects elsewhere; the token is not sent there. Check the URL in the OroCRM credential (https, no path).';
			if (/driver exception/i.test(code)) return 'A value does not fit into its column in OroCRM. OroCRM’s own log names it.';
			return 'OroCRM has a problem of its own; its log (var/logs) says more. The sync tries again by itself.';
	}
}

/** OroCRM's words for a filter, an operator or a sorter that it doesn't have (orocrm-api.md §1.5). */
const UNSUPPORTED = /(the filter|the operator "[^"]*"|sorting by .{1,200}? fields?) (is|are) not supported/i;

/** True when OroCRM does not have a filter: an older version, or one without the overlay. A bad value of a filter is something else. */
export function isUnsupportedFilter(error: unknown, filter: RegExp): boolean {
	return error instanceof ApiError && error.status === 400 && UNSUPPORTED.test(error.words) && error.pointers.some((pointer) => filter.test(pointer));
}

/** The largest page that this server allows, when it refused one for being larger (orocrm-api.md §2.1); else undefined. */
export function allowedPageSize(error: unknown): number | undefined {
	if (!(error instanceof ApiError) || error.status !== 400 || !error.pointers.some((pointer) => pointer.includes('page[size]'))) return undefined;
	const size = Number(/less than or equals to (\d+)/i.exec(error.words)?.[1]);
	return size > 0 ? size : undefined;
}

/** True when the database had such a row already (orocrm-api.md §1.5: 409 conflict constraint). */
export function isConflict(error: unknown): boolean {
	return error instanceof ApiError && (error.status === 409 || (error.status === 400 && /unique entity constraint/i.test(error.code)));
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}
