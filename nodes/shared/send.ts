import { sleep } from 'n8n-workflow';
import type { IExecuteFunctions, IHttpRequestOptions, ILoadOptionsFunctions, ITriggerFunctions } from 'n8n-workflow';
import { ConnectionError, NO_TOKEN } from '../../http/request';
import type { HttpRequest, HttpResponse, Send } from '../../http/request';
import { loginError, tokenTrouble } from './token-trouble';
import type { TokenTrouble } from './token-trouble';

export type NodeContext = IExecuteFunctions | ITriggerFunctions | ILoadOptionsFunctions;

const READ_TIMEOUT = 60_000;
/** OroCRM takes a quarter of a second for six records; a write may hold some hundred. */
const WRITE_TIMEOUT = 180_000;
/** Time for another execution to store the token that it renewed; milliseconds. */
const AFTER_A_RACE = 2_000;

/**
 * n8n's authenticated request as the clients want it. Every status but 401 is an answer; 401 is thrown first, for n8n renews an
 * expired token only when the request fails (n8n.md §9). Redirects are not followed: the token would go with them.
 * An anonymous request goes out without the credential, and nothing is renewed for it.
 *
 * Two executions may renew one token at the same time. Zendesk takes each refresh token once, so the loser's is refused although a good
 * one was stored meanwhile: such a request is sent once more, for which n8n reads the credential again. When that fails, too, it throws
 * an `ApiError` that names the credential.
 */
export function senderOf(context: NodeContext, credentialType: string): Send {
	const sendOnce = async (request: HttpRequest): Promise<HttpResponse | TokenTrouble> => {
		const options: IHttpRequestOptions = {
			method: request.method,
			url: request.url,
			// A copy: n8n signs a request by writing the token into its headers, and the caller's may be used for another one.
			headers: { ...request.headers },
			...(request.body === undefined ? {} : { body: request.body }),
			encoding: request.binary ? 'arraybuffer' : 'text',
			returnFullResponse: true,
			disableFollowRedirect: true,
			timeout: request.method === 'GET' ? READ_TIMEOUT : WRITE_TIMEOUT,
			ignoreHttpStatusErrors: request.anonymous ? true : { ignore: true, except: [401] },
		};
		try {
			if (request.anonymous) return toResponse((await context.helpers.httpRequest(options)) as FullResponse);
			const exchange = async (given: IHttpRequestOptions) => toResponse((await context.helpers.httpRequestWithAuthentication.call(context, credentialType, given)) as FullResponse);
			const response = await exchange(options);
			// Versions of n8n that don't know `except` take 401 for an answer too: asked again so that it fails, and the token is renewed.
			return response.status === 401 ? await exchange({ ...options, ignoreHttpStatusErrors: false }) : response;
		} catch (error) {
			return (request.anonymous ? undefined : tokenTrouble(error)) ?? answerIn(error) ?? rethrow(error, request);
		}
	};
	return async (request) => {
		for (let attempt = 1; ; attempt++) {
			const answer = await sendOnce(request);
			if (!('kind' in answer)) return answer;
			if (answer.kind === 'passing') throw new ConnectionError(`${hostIn(request.url)}: ${answer.words}`, NO_TOKEN);
			if (answer.kind !== 'withdrawn' || attempt > 1) throw loginError(answer, request, context.getNode(), credentialType);
			await sleep(AFTER_A_RACE);
		}
	};
}

interface FullResponse {
	statusCode: number;
	headers?: Record<string, unknown>;
	body?: unknown;
}

/** A file that came is bytes; everything else is text, the words of a refused file too. */
function toResponse(response: FullResponse): HttpResponse {
	const answer = { status: response.statusCode, headers: lowerCase(response.headers) };
	const bytes = asBytes(response.body);
	return bytes && answer.status >= 200 && answer.status < 300 ? { ...answer, text: '', bytes } : { ...answer, text: asText(response.body) };
}

function asBytes(body: unknown): Buffer | undefined {
	return Buffer.isBuffer(body) ? body : body instanceof ArrayBuffer ? Buffer.from(body) : undefined;
}

function lowerCase(headers: Record<string, unknown> | undefined): Record<string, string> {
	return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value)]));
}

function asText(body: unknown): string {
	if (body === undefined || body === null) return '';
	return typeof body === 'string' ? body : (asBytes(body)?.toString('utf8') ?? JSON.stringify(body));
}

interface ErrorLike {
	message?: string;
	code?: string;
	httpCode?: string | null;
	response?: { status?: number; headers?: Record<string, unknown>; data?: unknown };
	cause?: ErrorLike;
	context?: { data?: unknown };
}

/**
 * The answer that an error of n8n carries: axios keeps it as `response`, a NodeApiError as its `cause`. A good one is none: axios throws
 * it when the connection was cut in the middle of the body.
 */
function answerIn(error: unknown): HttpResponse | undefined {
	for (let one = error as ErrorLike | undefined; one && typeof one === 'object'; one = one.cause) {
		if (typeof one.response?.status === 'number' && one.response.status >= 300) return { status: one.response.status, headers: lowerCase(one.response.headers), text: asText(one.response.data) };
	}
	const top = error as ErrorLike;
	const status = Number(top?.httpCode);
	return status >= 400 && status < 600 ? { status, headers: {}, text: asText(top.context?.data) } : undefined;
}

const CONNECTION_CODES = /^(E[A-Z_]+|ERR_[A-Z_]+|UND_ERR_[A-Z_]+|CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+)$/;

const WORDS: Record<string, string> = {
	ECONNREFUSED: 'the server refused the connection: it is not running there',
	ECONNRESET: 'the connection was cut',
	ECONNABORTED: 'no answer in time, or the connection was cut',
	ETIMEDOUT: 'no answer in time',
	ENOTFOUND: 'there is no such host',
	EAI_AGAIN: 'the host name could not be looked up',
	EHOSTUNREACH: 'the host can’t be reached',
	ENETUNREACH: 'the network can’t be reached',
	ERR_BAD_RESPONSE: 'the answer ended in the middle',
};

/** Connection trouble becomes a {@link ConnectionError}; everything else (no credential) goes on as n8n said it. */
function rethrow(error: unknown, request: HttpRequest): never {
	const chain: ErrorLike[] = [];
	for (let one = error as ErrorLike | undefined; one && typeof one === 'object'; one = one.cause) chain.push(one);
	const isFirstToken = chain.some(({ message }) => /^Failed to acquire OAuth2 access token/.test(message ?? ''));
	if (!isFirstToken && chain.some(({ message }) => /access token|credential/i.test(message ?? ''))) throw error;
	// The code first, wherever it is: n8n's own words for "no answer in time" speak of an aborted connection.
	const code = chain.flatMap((one) => [one.code, one.httpCode]).find((one) => CONNECTION_CODES.test(one ?? ''));
	if (code) throw new ConnectionError(`${hostIn(request.url)}: ${WORDS[code] ?? code}`, isFirstToken ? NO_TOKEN : code);
	if (chain.some(({ message }) => /aborted|socket hang up|stream has been/i.test(message ?? ''))) throw new ConnectionError(`${hostIn(request.url)}: the connection was cut`, 'ECONNRESET');
	throw error;
}

function hostIn(url: string): string {
	return /^https?:\/\/([^/]+)/.exec(url)?.[1] ?? url;
}
