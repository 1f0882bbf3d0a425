import { isConflict, isUnsupportedFilter, readOroCrmError } from '../../../orocrm/errors';

/** Every error body that OroCRM is known to send (orocrm-api.md §1.2, §1.4, §1.5). */

const request = { method: 'POST' as const, url: 'https://crm.example.com/api/cases', headers: {} };
const read = (status: number, body: unknown) =>
	readOroCrmError(request, { status, headers: {}, text: typeof body === 'string' ? body : JSON.stringify(body) });
const document = (status: number, title: string, detail?: string, source?: unknown) => ({
	errors: [
		{
			status: String(status),
			title,
			...(detail === undefined ? {} : { detail }),
			...(source === undefined ? {} : { source }),
		},
	],
});

const cases: Array<
	[status: number, title: string, detail: string | undefined, source?: { pointer?: string; parameter?: string }]
> = [
	[404, 'entity type constraint', 'Unknown entity type: foo.'],
	[404, 'resource not accessible exception', 'The resource is not accessible.'],
	[404, 'not found http exception', 'No route found for "GET http://crm.example.com/api/x/y/z".'],
	[404, 'relationship constraint', 'Unsupported subresource.'],
	[404, 'not found http exception', 'An entity with the requested identifier does not exist.'],
	[400, 'entity identifier constraint', 'Expected integer value. Given "abc".'],
	[403, 'access denied exception', 'No access to this type of entities.'],
	[403, 'access denied exception', 'No access by "EDIT" permission to the entity.'],
	[400, 'filter constraint', 'The filter is not supported.', { parameter: 'filter[originId]' }],
	[400, 'filter constraint', 'Expected integer value. Given "aaa".', { parameter: 'filter[id]' }],
	[400, 'filter constraint', 'The operator "contains" is not supported.', { parameter: 'filter[x][contains]' }],
	[400, 'sort constraint', 'Sorting by "updatedAt" field is not supported.', { parameter: 'sort' }],
	[400, 'filter constraint', 'The value should be greater than or equals to 1.', { parameter: 'page[number]' }],
	[400, 'request data constraint', 'The request data should not be empty.'],
	[400, 'bad request http exception', 'Invalid json message received.'],
	[400, 'request data constraint', 'The primary data object should exist', { pointer: '/data' }],
	[400, 'request data constraint', "The 'attributes' property should not be empty", { pointer: '/data/attributes' }],
	[
		400,
		'request data constraint',
		"The relationship should have 'data' property",
		{ pointer: '/data/relationships/status' },
	],
	[400, 'request data constraint', "The 'id' property should be a string", { pointer: '/data/id' }],
	[
		409,
		'conflict constraint',
		"The 'type' property of the primary data object should match the requested resource",
		{ pointer: '/data/type' },
	],
	[
		409,
		'conflict constraint',
		"The 'id' property of the primary data object should match 'id' parameter of the query string",
		{ pointer: '/data/id' },
	],
	[400, 'not blank constraint', 'This value should not be blank.', { pointer: '/data/attributes/subject' }],
	[400, 'extra fields constraint', 'This form should not contain extra fields: "foo".'],
	[400, 'form constraint', 'The entity does not exist.', { pointer: '/data/relationships/x/data' }],
	[400, 'form constraint', 'The "x" is not valid datetime.', { pointer: '/data/attributes/reportedAt' }],
	[409, 'conflict constraint', 'The entity already exists.'],
	[400, 'unique entity constraint', 'Value for field "External ID" must be unique', { pointer: '/included/0' }],
	[500, 'driver exception', undefined],
	[
		400,
		'request data constraint',
		'The entity should have a relationship with the primary entity and this should be explicitly specified in the request',
		{ pointer: '/included/2' },
	],
];

test.each(cases.map(([status, title, detail, source]) => ({ status, title, detail, source })))(
	'$status $title: $detail',
	({ status, title, detail, source }) => {
		const error = read(status, document(status, title, detail, source));
		const where = source?.pointer ?? source?.parameter;
		expect(error).toMatchObject({
			service: 'OroCRM',
			status,
			code: title,
			request: 'POST /api/cases',
			pointers: where ? [where] : [],
		});
		expect(error.words).toContain(detail ?? title);
		if (where) expect(error.words).toContain(where);
		expect(error.advice.length).toBeGreaterThan(20);
		expect(error.message).not.toMatch(/\[object|undefined/);
	},
);

test('several errors in one answer are all named, with their places', () => {
	const error = read(400, {
		errors: [
			{
				status: '400',
				title: 'not blank constraint',
				detail: 'This value should not be blank.',
				source: { pointer: '/data/attributes/subject' },
			},
			{
				status: '400',
				title: 'not null constraint',
				detail: 'This value should not be null.',
				source: { pointer: '/data/relationships/source/data' },
			},
		],
	});
	expect(error.words).toBe(
		'This value should not be blank. (/data/attributes/subject) This value should not be null. (/data/relationships/source/data)',
	);
	expect(error.pointers).toEqual(['/data/attributes/subject', '/data/relationships/source/data']);
	expect(error.code).toBe('not blank constraint');
});

describe('the plain list of the other format', () => {
	test.each([
		[406, 'not acceptable http exception', 'Only JSON representation of the requested resource is supported.'],
		[
			415,
			'unsupported media type http exception',
			'The "Content-Type" request header should contain JSON:API media type without any parameters.',
		],
	])('%i', (status, title, detail) => {
		expect(read(status, [{ title, detail }])).toMatchObject({ words: detail, code: title, pointers: [] });
	});

	test('its source is a text', () => {
		expect(
			read(400, [{ title: 'not blank constraint', detail: 'This value should not be blank.', source: 'subject' }]),
		).toMatchObject({
			words: 'This value should not be blank. (subject)',
			pointers: ['subject'],
		});
	});
});

describe('OAuth', () => {
	test.each([
		[
			401,
			{
				error: 'invalid_client',
				message: 'Client authentication failed',
				error_description: 'Client authentication failed',
			},
			'Client authentication failed',
			'invalid_client',
		],
		[
			400,
			{
				error: 'unsupported_grant_type',
				message: 'The authorization grant type is not supported.',
				hint: 'Check that all required parameters have been provided',
			},
			'The authorization grant type is not supported. Check that all required parameters have been provided',
			'unsupported_grant_type',
		],
		[
			400,
			{
				error: 'invalid_request',
				message: 'The request is missing a parameter.',
				hint: 'Check the `client_id` parameter',
			},
			'The request is missing a parameter. Check the `client_id` parameter',
			'invalid_request',
		],
		[
			400,
			{ error: 'invalid_grant', message: 'The user credentials were incorrect.' },
			'The user credentials were incorrect.',
			'invalid_grant',
		],
		[
			401,
			{ error: 'invalid_request', message: 'The refresh token is invalid.', hint: 'Cannot decrypt the refresh token' },
			'The refresh token is invalid. Cannot decrypt the refresh token',
			'invalid_request',
		],
	])('%i %j', (status, body, words, code) => {
		expect(read(status, body)).toMatchObject({ words, code, pointers: [] });
	});
});

describe('no document at all', () => {
	test.each([401, 403, 404, 405, 500, 302])('%i, empty: the advice says what to do', (status) => {
		const error = read(status, '');
		expect(error).toMatchObject({ words: '', code: '', pointers: [] });
		expect(error.message).toContain(String(status));
		expect(error.advice.length).toBeGreaterThan(20);
	});

	test.each([
		[502, '<html><head><title>502 Bad Gateway</title></head><body></body></html>', '502 Bad Gateway'],
		[503, '<!DOCTYPE html><html><head><title>\n  Maintenance \n</title></head></html>', 'Maintenance'],
		[413, '<html><body>too large</body></html>', 'a web page instead of data'],
		[429, 'Slow down,\n please', 'Slow down, please'],
	])('%i as a page or plain text', (status, text, words) => {
		const error = read(status, text);
		expect(error.words).toBe(words);
		expect(error.advice.length).toBeGreaterThan(20);
	});

	test('what to do depends on what is wrong', () => {
		expect(new Set([400, 401, 403, 404, 405, 413, 429, 500, 302].map((status) => read(status, '').advice)).size).toBe(
			9,
		);
		expect(read(404, document(404, 'entity type constraint', 'Unknown entity type: zendesktickets.')).advice).toMatch(
			/package/,
		);
		expect(read(500, document(500, 'driver exception')).advice).toMatch(/column/);
	});
});

test('a filter that this server does not have', () => {
	expect(
		isUnsupportedFilter(
			read(400, document(400, 'filter constraint', 'The filter is not supported.', { parameter: 'filter[originId]' })),
			/originId/,
		),
	).toBe(true);
	expect(
		isUnsupportedFilter(read(400, document(400, 'sort constraint', 'Sorting by "x" field is not supported.')), /x/),
	).toBe(false);
	expect(isUnsupportedFilter(read(404, ''), /x/)).toBe(false);
	expect(isUnsupportedFilter(new Error('filter constraint'), /x/)).toBe(false);
});

test('somebody else was faster', () => {
	expect(isConflict(read(409, document(409, 'conflict constraint', 'The entity already exists.')))).toBe(true);
	expect(
		isConflict(read(400, document(400, 'unique entity constraint', 'Value for field "External ID" must be unique'))),
	).toBe(true);
	expect(isConflict(read(400, document(400, 'not blank constraint', 'This value should not be blank.')))).toBe(false);
	expect(isConflict(new Error('409'))).toBe(false);
});

test.each([
	null,
	7,
	'text',
	[],
	['x'],
	{},
	{ errors: null },
	{ errors: [] },
	{ errors: [null, 7, {}] },
	{ errors: [{ title: {}, detail: {}, source: {} }] },
	{ error: {} },
	{ message: [] },
])('a body of an unknown form (%j) is no trouble', (body) => {
	const error = read(400, body);
	expect(error.message).toMatch(/^OroCRM: ./);
	expect(error.message).not.toMatch(/\[object/);
});
