/** Error answers, word for word where a source has them (zendesk-api.md §15); the others are in ASSUMED.md. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		readonly body: unknown,
		readonly headers: Record<string, string> = {},
	) {
		super(`${status} ${JSON.stringify(body)}`);
	}
}

export interface RecordProblem {
	description: string;
	error?: string | null;
	[key: string]: unknown;
}

export const notFound = () => new ApiError(404, { error: 'RecordNotFound', description: 'Not found' });

export const notAuthenticated = () => new ApiError(401, { error: "Couldn't authenticate you" });

export const invalidToken = () => {
	const description = 'The access token provided is expired, revoked, malformed or invalid for other reasons.';
	return new ApiError(
		401,
		{ error: 'invalid_token', error_description: description },
		{
			'www-authenticate': `Bearer realm="Zendesk::OAuth Bearer Token Authentication", error="invalid_token", error_description="${description}"`,
		},
	);
};

export const forbidden = () =>
	new ApiError(403, {
		error: {
			title: 'Forbidden',
			message:
				'You do not have access to this page. Please contact the account owner of this help desk for further help.',
		},
	});

export const missingScope = (scope: string) =>
	new ApiError(403, {
		error: 'Forbidden',
		description: `You are missing the following required scopes: ${scope}`,
	});

/** `details` is by field name, or `base` for the record as a whole. */
export const recordInvalid = (details: Record<string, RecordProblem[]>) =>
	new ApiError(422, { error: 'RecordInvalid', description: 'Record validation errors', details });

/** Speedygeek/ZendeskApi_v2#351. */
export const missingContentType = () =>
	recordInvalid({ content_type: [{ description: 'Content type cannot be blank', error: 'BlankValue' }] });

export const closedTicket = () => recordInvalid({ status: [{ description: 'Status: closed prevents ticket update' }] });

export const updateConflict = () =>
	new ApiError(409, {
		error: 'UpdateConflict',
		description:
			'Safe update timestamp prevented the update due to outdated ticket data. Please fetch the latest ticket data and try again.',
	});

export const tooManyValues = () =>
	new ApiError(400, {
		error: 'TooManyValues',
		description: 'Parameter  cannot specify more than 100 values',
		max_count: 100,
	});

export const tooManyNamed = (what: string) =>
	new ApiError(400, { error: 'TooManyValues', description: `Maximum 100 ${what} may be created per call` });

export const tooDeep = () =>
	new ApiError(400, {
		errors: [
			{
				code: 'InvalidPaginationDepth',
				title:
					'Pagination requests using Offset Pagination are limited to page 100 or up to 10000 records (page * per_page)',
				detail: 'There are limits to the page depth. Use cursor pagination to read more than 10000 records.',
			},
		],
	});

export const invalidCursor = () =>
	new ApiError(400, {
		errors: [
			{ code: 'InvalidPaginationParameter', title: 'Invalid pagination parameter', detail: 'cursor is invalid' },
		],
	});

export const invalidId = () =>
	new ApiError(400, {
		error: {
			title: 'Invalid attribute',
			message: 'You passed an invalid value for the id attribute. must be an integer',
		},
	});

export const startTimeTooRecent = (seconds: number) =>
	new ApiError(400, {
		error: 'StartTimeTooRecent',
		description: `Too recent start_time. Use a start_time older than ${seconds} seconds`,
	});

export const missingStartTime = () =>
	new ApiError(400, { error: 'InvalidValue', description: 'Missing or invalid start_time' });

export const unreadableJson = () =>
	new ApiError(422, { error: 'Unprocessable Entity', message: 'Server could not parse JSON' });

export const idempotencyMismatch = () =>
	new ApiError(400, {
		error: 'IdempotentRequestError',
		description: "Request parameters don't match the given idempotency key",
	});

export const rateLimited = (retryAfter: number, description: string) =>
	new ApiError(
		429,
		{ error: 'APIRateLimitExceeded', description },
		{ 'retry-after': String(retryAfter), 'cache-control': `max-age=${retryAfter}, public` },
	);
