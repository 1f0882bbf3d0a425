/** One answered request, as a practice server counted it. */
export interface Call {
	method: string;
	/** Path without the query, e.g. `/api/v2/tickets/7/comments.json`. */
	path: string;
	query: Record<string, string>;
	/** The method after `X-HTTP-Method-Override`, else the same as `method`. */
	effectiveMethod: string;
	status: number;
	requestBytes: number;
	responseBytes: number;
	/** When it came in and when its answer was ready, latency included; milliseconds since 1970. */
	began: number;
	ended: number;
}

/** Counts the calls of a practice server. Pages for people (`/`, `/agent/…`) and the control interface are not counted. */
export class CallLog {
	private readonly calls: Call[] = [];

	add(call: Call): void {
		this.calls.push(call);
	}

	all(): readonly Call[] {
		return this.calls;
	}

	count(matches: (call: Call) => boolean = () => true): number {
		return this.calls.filter(matches).length;
	}

	/** Requests that read only: GET, also when sent as POST with a method override. */
	reads(): number {
		return this.count((call) => call.effectiveMethod === 'GET');
	}

	writes(): number {
		return this.count((call) => !['GET', 'HEAD', 'OPTIONS'].includes(call.effectiveMethod));
	}

	reset(): void {
		this.calls.length = 0;
	}
}
