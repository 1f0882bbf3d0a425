import { ZendeskClient } from '../../../zendesk/client';
import { isSettled, readSettledTicket, readSettledTickets } from '../../../zendesk/settled-tickets';
import { FakeServer } from '../support/fake-server';
import { FakeTime } from '../support/fake-time';

/** Whether a ticket may change again unseen is a question for Zendesk's clock, whatever n8n's says. */

const CHANGED = '2026-11-24T09:00:00Z';
const at = (seconds: number) => new Date(Date.parse(CHANGED) + seconds * 1000).toUTCString();
const ticket = (id: number, subject: string) => ({ id, subject, updated_at: CHANGED });

function clientOver(...answers: ConstructorParameters<typeof FakeServer>) {
	const server = new FakeServer(...answers);
	// n8n believes that it is a day later.
	const time = new FakeTime(Date.parse(CHANGED) + 86_400_000);
	const start = time.now();
	return { client: new ZendeskClient('https://acme.zendesk.com', server.send, time), server, time, waited: () => time.now() - start };
}

test.each([
	[0, false],
	[1, false],
	[2, true],
	[300, true],
	// A ticket of Zendesk's future: its second can't be over.
	[-5, false],
])('answered %i seconds after the last change: settled is %s', (seconds, expected) => {
	expect(isSettled(CHANGED, Date.parse(CHANGED) + seconds * 1000)).toBe(expected);
});

test('without a date of the answer it is not taken for settled; a change without a readable date can’t be waited for', () => {
	expect(isSettled(CHANGED, undefined)).toBe(false);
	expect(isSettled('', Date.parse(CHANGED))).toBe(true);
});

test('a ticket that was changed in the very second is read again when it is over', async () => {
	const { client, server, time, waited } = clientOver(
		{ json: { ticket: ticket(7, 'first') }, headers: { date: at(1) } },
		{ json: { ticket: ticket(7, 'second') }, headers: { date: at(3) } },
	);
	expect((await time.finish(readSettledTicket(client, 7, time)))?.ticket.subject).toBe('second');
	expect(server.asked).toHaveLength(2);
	expect(waited()).toBe(2_000);
});

test('one that rests is read once, and nobody waits', async () => {
	const { client, server, time, waited } = clientOver({ json: { ticket: ticket(7, 'first') }, headers: { date: at(2) } });
	expect((await time.finish(readSettledTicket(client, 7, time)))?.ticket.subject).toBe('first');
	expect(server.asked).toHaveLength(1);
	expect(waited()).toBe(0);
});

test('of many only those that were changed just now are read again; one that is gone by then is missing', async () => {
	const { client, server, time } = clientOver(
		{ json: { tickets: [ticket(1, 'a'), { ...ticket(2, 'b'), updated_at: '2026-11-24T08:00:00Z' }, ticket(3, 'c')] }, headers: { date: at(0) } },
		{ json: { tickets: [ticket(1, 'a, again')] }, headers: { date: at(2) } },
	);
	const found = await time.finish(readSettledTickets(client, [1, 2, 3], time));
	expect([...found.values()].map((one) => one.ticket.subject)).toEqual(['b', 'a, again']);
	expect(server.asked[1].url).toContain('ids=1%2C3');
});

test('of several answers the earliest counts: an hour’s difference to the last one settles nothing', async () => {
	const ids = Array.from({ length: 101 }, (_, index) => index + 1);
	const { client, server, time } = clientOver(
		{ json: { tickets: [ticket(1, 'a')] }, headers: { date: at(1) } },
		{ json: { tickets: [] }, headers: { date: at(3600) } },
		{ json: { tickets: [ticket(1, 'a, again')] }, headers: { date: at(3603) } },
	);
	const found = await time.finish(readSettledTickets(client, ids, time));
	expect(found.get(1)?.ticket.subject).toBe('a, again');
	expect(server.asked).toHaveLength(3);
});
