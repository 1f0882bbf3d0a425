import { ApiError } from '../http/api-error';
import { parseJson } from '../http/json';
import type { HttpRequest, HttpResponse } from '../http/request';
import { describeRequest } from '../http/describe';
import { advice } from './error-advice';

/** What is wrong with one part of a request, as Zendesk's `details` say it. */
export interface ErrorDetail {
	/** A field's name, or `base` for the record as a whole. */
	field: string;
	/** Zendesk's short name of it, e.g. `DuplicateValue`; empty where there is none. */
	code: string;
	/** For people, in the language of the account. */
	words: string;
}

/** A refusal by Zendesk, with its details. */
export class ZendeskError extends ApiError {
	constructor(
		request: HttpRequest,
		status: number,
		words: string,
		code: string,
		readonly details: ErrorDetail[],
	) {
		super('Zendesk', describeRequest(request), status, words, advice({ write: request.method !== 'GET', status, code, words, details }), [...new Set(details.map(({ field }) => field))], code);
	}
}

/**
 * Reads Zendesk's words from any of its error bodies (zendesk-api.md §15): `error` as a string or an object, `description`,
 * `details` by field with one or more entries, the `errors` list of newer services, plain text, HTML, or nothing.
 */
export function readZendeskError(request: HttpRequest, response: HttpResponse): ZendeskError {
	const body = parseJson(response.text);
	const { words, code, details } = isObject(body) ? readBody(body) : { words: plainText(response.text), code: '', details: [] };
	return new ZendeskError(request, response.status, words, code, details);
}

/**
 * The ticket was changed by somebody else meanwhile, or at the same time. Any 409 is taken for that: Zendesk's body of it is
 * `UpdateConflict` or `DatabaseConflict`, and that of a direct one was not seen (zendesk-api.md §10).
 */
export function isUpdateConflict(error: unknown): boolean {
	return error instanceof ApiError && error.service === 'Zendesk' && error.status === 409;
}

/** Somebody in Zendesk has this e-mail already (zendesk-api.md §12). */
export function isDuplicateUser(error: unknown): boolean {
	if (!(error instanceof ZendeskError) || error.status !== 422) return false;
	// The short name may be missing; then there are only the words, which are the account's.
	return error.details.some(({ field, code, words }) => field === 'email' && (code ? code === 'DuplicateValue' : /already/i.test(words)));
}

/** A ticket was created with this Idempotency-Key before, and with other values (zendesk-api.md §9). */
export function isIdempotencyMismatch(error: unknown): boolean {
	return error instanceof ZendeskError && error.status === 400 && error.code === 'IdempotentRequestError';
}

interface Read {
	words: string;
	code: string;
	details: ErrorDetail[];
}

function readBody(body: Record<string, unknown>): Read {
	if (Array.isArray(body.errors)) {
		const entries = body.errors.filter(isObject);
		return {
			words: entries.map((entry) => [entry.title, entry.detail].filter(isText).join(': ')).join(' '),
			code: entries.map((entry) => entry.code).find(isText) ?? '',
			details: [],
		};
	}
	const error = body.error;
	if (isObject(error)) {
		return { words: [error.title, error.message].filter(isText).join(': '), code: isText(error.title) ? error.title : '', details: [] };
	}
	const details = readDetails(body.details);
	const inDetail = isText(body.details) ? body.details : details.map(({ words }) => words).filter(Boolean).join('; ');
	const main = [body.description, body.error_description, body.message].find(isText);
	const words = inDetail ? `${main ? `${main}: ` : ''}${inDetail}` : (main ?? (isText(error) ? error : ''));
	return { words, code: isText(error) ? error : '', details };
}

/** `details` is keyed by field name, by `base` or even by "Subdomain: "; the descriptions name the field themselves. */
function readDetails(details: unknown): ErrorDetail[] {
	if (!isObject(details)) return [];
	return Object.entries(details).flatMap(([field, entries]) =>
		(Array.isArray(entries) ? entries : [entries]).map((entry) => ({
			field,
			code: isObject(entry) && isText(entry.error) ? entry.error : '',
			words: isText(entry) ? entry : isObject(entry) && isText(entry.description) ? entry.description : '',
		})),
	);
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

/** The starting point is younger than the minute that Zendesk holds back: nothing to do yet. */
export function isTooRecent(error: unknown): boolean {
	return error instanceof ApiError && (error.code === 'StartTimeTooRecent' || (error.status === 422 && /too recent/i.test(error.words)) || (error.status === 400 && /too ?recent/i.test(`${error.code} ${error.words}`)));
}
