import { usableTicket } from '../../../sync/usable-ticket';
import { ticket } from '../support/examples';

test.each(['5', -1, 1.5, 2 ** 53 + 2, {}, null, 'x,y'])('%j is no problem ticket: it would spoil the look-up of the whole batch', (problem) => {
	expect(usableTicket(ticket({ problem_id: problem as never })).problem_id).toBeNull();
});

test('a number is one', () => {
	expect(usableTicket(ticket({ problem_id: 7 })).problem_id).toBe(7);
});

test('people that are no list are none', () => {
	expect(usableTicket(ticket({ people: 'Maria' as never })).people).toEqual([]);
});
