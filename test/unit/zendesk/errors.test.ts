import { isTooRecent, readZendeskError } from '../../../zendesk/errors';

/** Every error body that Zendesk is known to send (zendesk-api.md §15 and what it refers to). */

const request = { method: 'GET' as const, url: 'https://acme.zendesk.com/api/v2/tickets/7.json', headers: {} };
const read = (status: number, body: unknown, headers: Record<string, string> = {}) =>
	readZendeskError(request, { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) });

const html = (title: string) =>
	`<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1><p>nginx</p></body></html>`;

const bodies: Array<[name: string, status: number, body: unknown, words: string, code: string, pointers: string[]]> = [
	[
		'400 too many values',
		400,
		{ error: 'TooManyValues', description: 'Parameter  cannot specify more than 100 values', max_count: 100 },
		'Parameter  cannot specify more than 100 values',
		'TooManyValues',
		[],
	],
	[
		'400 of newer services',
		400,
		{
			errors: [
				{
					code: 'InvalidPaginationDepth',
					title: 'Pagination requests using Offset Pagination are limited',
					detail: 'There are limits to the page depth.',
				},
			],
		},
		'Pagination requests using Offset Pagination are limited: There are limits to the page depth.',
		'InvalidPaginationDepth',
		[],
	],
	[
		'400 of newer services, several',
		400,
		{
			errors: [
				{ code: 'A', title: 'First' },
				{ code: 'B', detail: 'Second.' },
			],
		},
		'First Second.',
		'A',
		[],
	],
	[
		'400 with an error object',
		400,
		{
			error: {
				title: 'Invalid attribute',
				message: 'You passed an invalid value for the id attribute. must be an integer',
			},
		},
		'Invalid attribute: You passed an invalid value for the id attribute. must be an integer',
		'Invalid attribute',
		[],
	],
	[
		'400 idempotency',
		400,
		{ error: 'IdempotentRequestError', description: "Request parameters don't match the given idempotency key" },
		"Request parameters don't match the given idempotency key",
		'IdempotentRequestError',
		[],
	],
	['401', 401, { error: "Couldn't authenticate you" }, "Couldn't authenticate you", "Couldn't authenticate you", []],
	[
		'401 OAuth',
		401,
		{
			error: 'invalid_token',
			error_description: 'The access token provided is expired, revoked, malformed or invalid for other reasons.',
		},
		'The access token provided is expired, revoked, malformed or invalid for other reasons.',
		'invalid_token',
		[],
	],
	[
		'403',
		403,
		{
			error: {
				title: 'Forbidden',
				message:
					'You do not have access to this page. Please contact the account owner of this help desk for further help.',
			},
		},
		'Forbidden: You do not have access to this page. Please contact the account owner of this help desk for further help.',
		'Forbidden',
		[],
	],
	[
		'403 scope',
		403,
		{ error: 'Forbidden', description: 'You are missing the following required scopes: read' },
		'You are missing the following required scopes: read',
		'Forbidden',
		[],
	],
	['404', 404, { error: 'RecordNotFound', description: 'Not found' }, 'Not found', 'RecordNotFound', []],
	[
		'409',
		409,
		{ error: 'DatabaseConflict', description: 'Database collision' },
		'Database collision',
		'DatabaseConflict',
		[],
	],
	[
		'409 with details as text',
		409,
		{ error: 'UpdateConflict', details: 'Safe update timestamp prevented the update due to outdated ticket data.' },
		'Safe update timestamp prevented the update due to outdated ticket data.',
		'UpdateConflict',
		[],
	],
	[
		'422',
		422,
		{
			error: 'RecordInvalid',
			description: 'Record validation errors',
			details: {
				base: [
					{
						description: 'Description: cannot be blank',
						error: 'BlankValue',
						ticket_field_id: 1,
						ticket_field_type: 'FieldDescription',
					},
				],
			},
		},
		'Record validation errors: Description: cannot be blank',
		'RecordInvalid',
		['base'],
	],
	[
		'422 without a code inside',
		422,
		{
			error: 'RecordInvalid',
			description: 'Record validation errors',
			details: { status: [{ description: 'Status: closed prevents ticket update' }] },
		},
		'Record validation errors: Status: closed prevents ticket update',
		'RecordInvalid',
		['status'],
	],
	[
		'422 keyed by a label',
		422,
		{
			error: 'RecordInvalid',
			description: 'Record validation errors',
			details: { 'Subdomain: ': [{ description: 'Subdomain: is invalid' }] },
		},
		'Record validation errors: Subdomain: is invalid',
		'RecordInvalid',
		['Subdomain: '],
	],
	[
		'422 with several fields',
		422,
		{
			error: 'RecordInvalid',
			description: 'Invalid',
			details: { email: [{ description: 'Email: one' }, { description: 'Email: two' }], name: ['Name: three'] },
		},
		'Invalid: Email: one; Email: two; Name: three',
		'RecordInvalid',
		['email', 'name'],
	],
	[
		'422 suspended requester',
		422,
		{
			error: 'RecordInvalid',
			description: 'Record validation errors',
			details: { requester: [{ description: 'Requester: Sam is suspended.', error: 'UserSuspended' }] },
		},
		'Record validation errors: Requester: Sam is suspended.',
		'RecordInvalid',
		['requester'],
	],
	[
		'422 search',
		422,
		{
			error: 'invalid',
			description: 'Invalid search: Requested response size was greater than Search Response Limits',
		},
		'Invalid search: Requested response size was greater than Search Response Limits',
		'invalid',
		[],
	],
	[
		'429 exports',
		429,
		{
			error: 'APIRateLimitExceeded',
			description: 'Number of allowed incremental export API requests per minute exceeded',
		},
		'Number of allowed incremental export API requests per minute exceeded',
		'APIRateLimitExceeded',
		[],
	],
	[
		'429 as plain text',
		429,
		'You have exceeded the rate limit for updating a single unique user',
		'You have exceeded the rate limit for updating a single unique user',
		'',
		[],
	],
	[
		'503 search',
		503,
		{ error: 'unavailable', description: 'Sorry, we could not complete your search query.' },
		'Sorry, we could not complete your search query.',
		'unavailable',
		[],
	],
	['502 as a web page', 502, html('502 Bad Gateway'), '502 Bad Gateway', '', []],
	['503 as a web page', 503, html('Zendesk | Maintenance'), 'Zendesk | Maintenance', '', []],
	['504 as a web page without a title', 504, '<html><body>Gateway time-out</body></html>', '', '', []],
	['500 empty', 500, '', '', '', []],
	['302 empty', 302, '', '', '', []],
];

test.each(bodies)('%s', (_name, status, body, words, code, pointers) => {
	const error = read(status, body);
	expect(error).toMatchObject({
		service: 'Zendesk',
		status,
		words,
		code,
		pointers,
		request: 'GET /api/v2/tickets/7.json',
	});
	expect(error.advice.length).toBeGreaterThan(20);
	expect(`${error.message} ${error.advice}`).not.toMatch(/\[object|undefined|null/);
});

test('what to do depends on what is wrong', () => {
	const advice = new Set([401, 404, 429, 503, 500, 400, 302].map((status) => read(status, '').advice));
	expect(advice.size).toBe(7);
	expect(read(403, bodies[8][2]).advice).toMatch(/access/i);
	expect(read(403, bodies[7][2]).advice).toMatch(/admin/i);
});

describe('a starting point that is younger than a minute', () => {
	test.each([
		['400 with a code', 400, { errors: [{ code: 'StartTimeTooRecent', title: 'Start time too recent' }] }, true],
		[
			'400 by name',
			400,
			{ error: 'StartTimeTooRecent', description: 'Start time must be at least one minute in the past' },
			true,
		],
		[
			'422, the older form',
			422,
			{ error: 'InvalidValue', description: 'Too recent start_time. Use a start_time older than 5 minutes' },
			true,
		],
		['422 for another reason', 422, { error: 'InvalidValue', description: 'Invalid start_time' }, false],
		['404', 404, { error: 'RecordNotFound', description: 'Not found' }, false],
	])('%s', (_name, status, body, expected) => {
		expect(isTooRecent(read(status, body))).toBe(expected);
	});

	test('other errors are none', () => {
		expect(isTooRecent(new Error('StartTimeTooRecent'))).toBe(false);
		expect(isTooRecent(undefined)).toBe(false);
	});
});

test.each([
	null,
	7,
	'text',
	[],
	[1],
	{},
	{ error: null },
	{ error: 7 },
	{ error: {} },
	{ errors: [] },
	{ errors: ['x', null] },
	{ details: [] },
	{ details: { a: null, b: [null, 7, {}] } },
	{ description: {} },
])('a body of an unknown form (%j) is no trouble', (body) => {
	const error = read(422, body);
	expect(error.message).toMatch(/^Zendesk: ./);
	expect(error.message).not.toMatch(/\[object/);
});
