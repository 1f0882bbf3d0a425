import type { ZendeskClient } from '../../../zendesk/client';
import { readTicketEvents } from '../../../zendesk/ticket-events';

const over = (body: unknown) => {
	const asked: unknown[] = [];
	const client = {
		get: async (...request: unknown[]) => {
			asked.push(request);
			return body;
		},
	} as unknown as ZendeskClient;
	return { client, asked };
};
const rows = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ id: index + 1, ticket_id: 1, timestamp: 50 }));

test('asks for the texts of comments, from a second on', async () => {
	const { client, asked } = over({
		ticket_events: rows(2),
		end_time: 50,
		end_of_stream: false,
		count: 2,
		next_page: 'x',
	});
	expect(await readTicketEvents(client, 40)).toEqual({ events: rows(2), endTime: 50, endOfStream: false });
	expect(asked).toEqual([['incremental/ticket_events.json', { start_time: 40, include: 'comment_events' }]]);
});

test('nothing new: no end_time, the old one stays', async () => {
	const { client } = over({ ticket_events: [], count: 0, end_of_stream: true, next_page: null, end_time: null });
	expect(await readTicketEvents(client, 40)).toEqual({ events: [], endTime: 40, endOfStream: true });
});

test.each([
	['no rows, whatever it says', { ticket_events: [], end_of_stream: false, end_time: 60 }, true],
	['an answer of another form', {}, true],
	['not full, nothing said', { ticket_events: rows(999), end_time: 60 }, true],
	['full, nothing said', { ticket_events: rows(1000), end_time: 60 }, false],
	['full, and said to be the end', { ticket_events: rows(1000), end_time: 60, end_of_stream: true }, true],
])('the end: %s', async (_what, body, end) => {
	expect((await readTicketEvents(over(body).client, 40)).endOfStream).toBe(end);
});
