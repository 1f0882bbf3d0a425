/** One HTTP request as the API clients make it. Authentication is added by whoever sends it. */
export interface HttpRequest {
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** Absolute address, query included. */
	url: string;
	headers: Record<string, string>;
	/** Text, or the bytes of a file. */
	body?: string | Buffer;
	/** Sent without the credential: for addresses that the account's own answers lead to, such as its file store. */
	anonymous?: boolean;
	/** The answer's body is wanted as bytes. */
	binary?: boolean;
}

/** The answer, whatever its status; the body unparsed, for an error may be HTML, JSON or nothing. */
export interface HttpResponse {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	/** Empty when bytes were asked for and came. */
	text: string;
	/** The body of an answer to a request that asked for bytes. */
	bytes?: Buffer;
}

/**
 * Sends one request and gives back its answer. Comes in from the node (n8n's authenticated request), so that the clients
 * run unchanged in n8n, in tests and in the bench. Throws a {@link ConnectionError} when there is no complete answer,
 * or whatever n8n throws when a token can't be had.
 */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** {@link ConnectionError.code} when the server that gives out tokens gave none: the request itself did not go out, or was answered with 401. */
export const NO_TOKEN = 'NO_TOKEN';

/** No complete answer came: the name was not found, the connection was refused or cut, or it took too long. */
export class ConnectionError extends Error {
	constructor(
		message: string,
		/** The system's code where there is one, e.g. ECONNREFUSED. */
		readonly code?: string,
	) {
		super(message);
		this.name = 'ConnectionError';
	}

	/** True when the server can't have carried the request out, so that repeating a write is safe. */
	get neverSent(): boolean {
		return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', NO_TOKEN].includes(this.code ?? '');
	}
}
