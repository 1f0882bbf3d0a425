import { NegotiationError } from '../errors';

const JSON_API = 'application/vnd.api+json';

export type MediaMode = 'json:api' | 'plain';

interface MediaType {
	name: string;
	/** Parameters besides `q`. */
	parameters: boolean;
}

/**
 * Which of the two API formats a request gets, or 406 / 415 (orocrm-api.md §1.4).
 * JSON:API when `Accept` has its media type without parameters, or when `Content-Type` is exactly that.
 */
export function negotiate(accept: string | undefined, contentType: string | undefined): MediaMode {
	const accepted = parseAccept(accept);
	const content = contentType === undefined || contentType === '' ? undefined : parseMediaType(contentType);
	if (content?.name === JSON_API && content.parameters) {
		const detail = 'The "Content-Type" request header should contain JSON:API media type without any parameters.';
		throw new NegotiationError(415, detail);
	}
	const jsonApi = accepted.filter((type) => type.name === JSON_API);
	if (jsonApi.length > 0 && jsonApi.every((type) => type.parameters)) {
		const detail =
			'The "Accept" request header should contains at least one instance of JSON:API media type without any parameters.';
		throw new NegotiationError(406, detail);
	}
	if (jsonApi.length > 0) return 'json:api';
	if (content?.name === JSON_API) {
		if (acceptsJson(accepted)) return 'json:api';
		throw new NegotiationError(406, 'The "Accept" request header does not accept JSON:API content type.');
	}
	if (content && content.name !== 'application/json') {
		throw new NegotiationError(406, 'The "Content-Type" request header must be "application/json" if specified.');
	}
	if (!acceptsJson(accepted)) {
		throw new NegotiationError(406, 'Only JSON representation of the requested resource is supported.');
	}
	return 'plain';
}

/** True when OroCRM reads a body of this type; others are taken as an empty body (recording `negotiation.post.text.1`). */
export function bodyIsRead(contentType: string | undefined): boolean {
	if (!contentType) return true;
	return [JSON_API, 'application/json', 'application/x-www-form-urlencoded'].includes(parseMediaType(contentType).name);
}

export function isForm(contentType: string | undefined): boolean {
	return contentType !== undefined && parseMediaType(contentType).name === 'application/x-www-form-urlencoded';
}

export function contentTypeOf(mode: MediaMode): string {
	return mode === 'json:api' ? JSON_API : 'application/json';
}

function acceptsJson(accepted: MediaType[]): boolean {
	const names = accepted.map((type) => type.name);
	return names.length === 0 || names.some((name) => ['*/*', 'application/*', 'application/json'].includes(name));
}

function parseAccept(accept: string | undefined): MediaType[] {
	return (accept ?? '')
		.split(',')
		.map((part) => part.trim())
		.filter(Boolean)
		.map(parseMediaType);
}

function parseMediaType(text: string): MediaType {
	const [name, ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
	return { name: name!, parameters: parameters.some((parameter) => parameter !== '' && !/^q\s*=/.test(parameter)) };
}
