/** A request to the API or the token endpoint, free of any web framework. */
export interface ApiRequest {
	method: string;
	/** Path with query as it came. */
	url: string;
	headers: Record<string, string | undefined>;
	body: string;
}

export interface ApiAnswer {
	status: number;
	headers: Record<string, string>;
	body: string;
}

/** The method that counts: a POST may say that it is another one (orocrm-api.md §1.1). */
export function effectiveMethod(request: ApiRequest): string {
	const override = request.headers['x-http-method-override'];
	return request.method === 'POST' && override ? override.toUpperCase() : request.method;
}
