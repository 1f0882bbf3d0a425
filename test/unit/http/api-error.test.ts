import { ApiError } from '../../../http/api-error';
import { describeRequest } from '../../../http/describe';
import { ConnectionError } from '../../../http/request';

const error = (status: number | undefined, words = '') =>
	new ApiError('OroCRM', 'GET /api/cases', status, words, 'Do this.');

test.each([undefined, 302, 401, 404, 405, 406, 415, 429, 502, 503, 504, 520, 524])(
	'%s concerns everything: the run stops instead of declaring every record bad',
	(status) => {
		expect(error(status).concernsEverything).toBe(true);
	},
);

test.each([400, 403, 409, 413, 422, 500])('%s concerns this record', (status) => {
	expect(error(status).concernsEverything).toBe(false);
});

test('the message says what the server said, or that it said nothing', () => {
	expect(error(400, 'Subject is blank.').message).toBe('OroCRM: Subject is blank.');
	expect(error(401).message).toMatch(/401/);
	expect(error(undefined).message).toMatch(/no answer/);
});

test('a request is described by what it is, without its query', () => {
	expect(describeRequest({ method: 'GET', url: 'https://a.example/api/v2/users/me.json?secret=1', headers: {} })).toBe(
		'GET /api/v2/users/me.json',
	);
	expect(
		describeRequest({
			method: 'POST',
			url: 'https://a.example/api/cases',
			headers: { 'X-HTTP-Method-Override': 'GET' },
		}),
	).toBe('GET /api/cases');
	expect(describeRequest({ method: 'GET', url: 'https://a.example', headers: {} })).toBe('GET /');
});

test('only a request that can not have arrived was never sent', () => {
	expect(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].map((code) => new ConnectionError('x', code).neverSent)).toEqual([
		true,
		true,
		true,
	]);
	expect(
		['ECONNRESET', 'ETIMEDOUT', 'ECONNABORTED', undefined].map((code) => new ConnectionError('x', code).neverSent),
	).toEqual([false, false, false, false]);
});
