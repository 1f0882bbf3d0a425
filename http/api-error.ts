/** A refused or failed request, in words that a person can act on. */
export class ApiError extends Error {
	constructor(
		/** 'Zendesk' or 'OroCRM'. */
		readonly service: string,
		/** What was asked, e.g. `GET /api/v2/users/me.json`. Never holds a token: those are in headers. */
		readonly request: string,
		/** HTTP status; undefined when there was no complete answer. */
		readonly status: number | undefined,
		/** What the server said, in its own words; empty when it said nothing. */
		readonly words: string,
		/** What to do about it. */
		readonly advice: string,
		/** Where the server pointed at parts of the request, its pointers (`/included/0/attributes/subject`). */
		readonly pointers: string[] = [],
		/** The server's own short name of the error, e.g. `RecordInvalid` or `conflict constraint`. */
		readonly code: string = '',
	) {
		const said = words || (status === undefined ? 'no answer' : `status ${status}, without a reason`);
		super(`${service}: ${said}`);
		this.name = 'ApiError';
	}

	/**
	 * True when the trouble is not this record's: the server is down, too busy or closed to us, so every other record
	 * would fail in the same way. A run should stop then, instead of declaring every record bad.
	 */
	get concernsEverything(): boolean {
		if (this.status === undefined) return true;
		return [401, 404, 405, 406, 415, 429, 502, 503, 504].includes(this.status) || this.status >= 520 || this.status < 400;
	}
}
