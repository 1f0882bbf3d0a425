import { trafficOf } from '../../bench/traffic';
import type { Call } from '../../sandbox/common/call-log';

const call = (method: string, path: string, began: number, ended: number, more: Partial<Call> = {}): Call => ({
	method,
	effectiveMethod: method,
	path,
	query: {},
	status: 200,
	requestBytes: 10,
	responseBytes: 100,
	began,
	ended,
	...more,
});

describe('what the bench counts', () => {
	const zendesk = [
		call('GET', '/api/v2/incremental/tickets/cursor.json', 1_000, 1_200),
		call('GET', '/api/v2/tickets/7/comments.json', 1_200, 1_400),
		call('GET', '/api/v2/tickets/8/comments.json', 1_300, 1_500),
		call('GET', '/api/v2/tickets/9/comments.json', 31_500, 31_700, { status: 429 }),
	];
	const orocrm = [
		call('POST', '/oauth2-token', 500, 900),
		call('POST', '/api/zendesktickets', 32_000, 32_100, { effectiveMethod: 'GET' }),
		call('POST', '/api/zendesktickets', 32_100, 34_000),
	];
	const traffic = trafficOf({ Zendesk: zendesk, OroCRM: orocrm });

	it('requests by endpoint: numbers are one endpoint, a read by POST is a read, tokens are none', () => {
		expect(traffic.endpoints.map(({ system, endpoint, requests }) => `${requests} ${system} ${endpoint}`)).toEqual([
			'1 Zendesk GET /api/v2/incremental/tickets/cursor',
			'3 Zendesk GET /api/v2/tickets/{id}/comments',
			'1 OroCRM GET /api/zendesktickets',
			'1 OroCRM POST /api/zendesktickets',
		]);
		expect(traffic.requests).toBe(6);
	});

	it('bytes in both directions', () => {
		expect([traffic.bytesSent, traffic.bytesReceived]).toEqual([60, 600]);
	});

	it('seconds from the first request to the last answer, and refusals', () => {
		expect(traffic.seconds).toBe(33);
		expect(traffic.refused).toBe(1);
	});

	it('pauses of a second or more in which nothing was under way', () => {
		// From 1,500 to 31,500. The 300 ms after that are no pause, and the last request's 1,900 ms are work.
		expect(traffic.pausedSeconds).toBe(30);
	});

	it('requests that overlap leave no pause between them', () => {
		const overlapping = [
			call('GET', '/api/cases', 0, 9_000),
			call('GET', '/api/cases', 100, 200),
			call('GET', '/api/cases', 8_000, 8_100),
		];
		expect(trafficOf({ OroCRM: overlapping })).toMatchObject({ seconds: 9, pausedSeconds: 0 });
	});

	it('no request at all', () => {
		expect(trafficOf({ Zendesk: [] })).toMatchObject({ requests: 0, seconds: 0, pausedSeconds: 0, endpoints: [] });
	});
});
