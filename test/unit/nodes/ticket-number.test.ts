import { ticketNumber } from '../../../nodes/GetTicketOrCase/ticket-number';

test.each([
	['4711', 4711],
	[' #4711 ', 4711],
	['0042', 42],
	['https://acme.zendesk.com/agent/tickets/4711', 4711],
	['https://acme.zendesk.com/agent/tickets/4711/events', 4711],
	['https://acme.zendesk.com/agent/tickets/4711?brand=1#x', 4711],
	['https://acme.zendesk.com/api/v2/tickets/4711.json', 4711],
	['acme.zendesk.com/hc/en-us/requests/../tickets/4711', 4711],
	['9007199254740991', Number.MAX_SAFE_INTEGER],
])('%j is ticket %i', (text, expected) => {
	expect(ticketNumber(text)).toBe(expected);
});

test.each([
	'',
	' ',
	'#',
	'0',
	'-1',
	'1.5',
	'4711a',
	'ticket 4711',
	'9007199254740992',
	'99999999999999999999',
	'https://acme.zendesk.com/agent/tickets/',
	'https://acme.zendesk.com/agent/tickets/4711a',
	'https://acme.zendesk.com/agent/users/4711',
])('%j is none', (text) => {
	expect(ticketNumber(text)).toBeUndefined();
});
