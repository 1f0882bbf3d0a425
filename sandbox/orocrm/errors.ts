/** One entry of an error document (orocrm-api.md §1.5). */
export interface ErrorItem {
	status: number;
	title: string;
	detail?: string;
	/** Where in the request body, e.g. `/data/attributes/subject`. */
	pointer?: string;
	/** Which query parameter, e.g. `filter[updatedAt]`. */
	parameter?: string;
}

/** A request that is answered with an error document. */
export class ApiError extends Error {
	constructor(readonly errors: ErrorItem[]) {
		super(errors.map((error) => error.detail ?? error.title).join(' '));
	}

	/** Mixed 4xx is 400, or 409 if any of them is 409 (orocrm-api.md §1.5). */
	get status(): number {
		const statuses = new Set(this.errors.map((error) => error.status));
		if (statuses.size === 1) return this.errors[0]!.status;
		if (statuses.has(409)) return 409;
		return Math.max(...statuses) >= 500 ? 500 : 400;
	}
}

/** A request that is answered with a status and headers only: 401, 404 of some addresses, 405. */
export class EmptyAnswer extends Error {
	constructor(
		readonly status: number,
		readonly headers: Record<string, string> = {},
	) {
		super(`HTTP ${status}`);
	}
}

/** 406 and 415: always in the plain format, whatever was asked for (orocrm-api.md §1.4). */
export class NegotiationError extends Error {
	constructor(
		readonly status: 406 | 415,
		readonly detail: string,
	) {
		super(detail);
	}

	get title(): string {
		return this.status === 406 ? 'not acceptable http exception' : 'unsupported media type http exception';
	}
}

export const requestData = (detail: string, pointer?: string): ErrorItem => ({
	status: 400,
	title: 'request data constraint',
	detail,
	pointer,
});

export const filterError = (parameter: string | undefined, detail: string): ErrorItem => ({
	status: 400,
	title: 'filter constraint',
	detail,
	parameter,
});

export const filterNotSupported = (parameter: string): ErrorItem =>
	filterError(parameter, 'The filter is not supported.');

export const conflict = (detail: string, pointer?: string): ErrorItem => ({
	status: 409,
	title: 'conflict constraint',
	detail,
	pointer,
});

export const alreadyExists = (): ErrorItem => conflict('The entity already exists.');

export const notFound = (): ErrorItem => ({
	status: 404,
	title: 'not found http exception',
	detail: 'An entity with the requested identifier does not exist.',
});

export const accessDenied = (detail: string): ErrorItem => ({
	status: 403,
	title: 'access denied exception',
	detail,
});

export const driverException = (): ErrorItem => ({ status: 500, title: 'driver exception' });
