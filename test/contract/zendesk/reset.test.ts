import { PRACTICE_READ_WRITE_TOKENS } from '../../../sandbox/zendesk/credentials';
import { closeAll, start } from './practice';

/** Back to the beginning without a new server. */

afterEach(closeAll);

const TICKET = { ticket: { subject: 's', comment: { body: 'b' } } };

test('after a reset the account is as just started, and gives the same answers again', async () => {
	const practice = await start(undefined, { limits: { account: 3 } });
	const { store } = practice;
	const ask = async () => {
		store.addTrigger({ title: 'Low', run: () => ({ priority: 'low' }) });
		const made = await practice.send('POST', '/api/v2/tickets.json', TICKET, { 'idempotency-key': 'k' });
		return { status: made.status, lookup: made.headers['x-idempotency-lookup'], ticket: made.body.ticket };
	};
	const first = await ask();
	expect(first).toMatchObject({ status: 201, lookup: 'miss', ticket: { priority: 'low' } });
	const { accessToken } = practice.tokens.issue(store.account.api_user_id, 'read');
	practice.settings.solvingWithoutAssignee = 'refused';
	for (let i = 0; i < 3; i += 1) await practice.get('/api/v2/users/me.json');
	expect(practice.limitBreaches()).toBe(1);
	practice.faults.add({ effect: { kind: 'cut-before' } });
	practice.reset();
	expect([practice.calls.count(), practice.limitBreaches(), store.tickets.size, store.triggers.length]).toEqual([
		0, 0, 0, 0,
	]);
	expect(practice.settings.solvingWithoutAssignee).toBe('assigned');
	expect(practice.tokens.find(accessToken)).toBeUndefined();
	expect(practice.tokens.find(PRACTICE_READ_WRITE_TOKENS.accessToken)).toBeDefined();
	expect(await ask()).toEqual(first);
	practice.clock.advance(60_000);
	const { body } = await practice.get('/api/v2/incremental/tickets/cursor.json', { start_time: '0' });
	expect(body.tickets).toHaveLength(1);
});

test('to the showcase, and to what was saved', async () => {
	const practice = await start(undefined, { searchLagMs: 2000 });
	const { store } = practice;
	const maria = store.createUser({ name: 'Maria', email: 'maria@example.com' });
	const { id } = store.createTicket({ requester_id: maria.id, external_id: 'x' });
	const saved = practice.save();
	store.updateTicket(id, { subject: 'changed', comment: { body: 'more' } });
	store.deleteUser(maria.id);
	practice.reset({ saved });
	expect(practice.save()).toBe(saved);
	expect(store.commentsOf(id)).toHaveLength(1);
	const found = await practice.get('/api/v2/users/search.json', { query: 'email:maria@example.com' });
	expect(found.body.count).toBe(1);
	store.updateTicket(id, { subject: 'changed again' });
	practice.reset({ saved });
	expect(practice.save()).toBe(saved);
	practice.reset('showcase');
	expect(store.tickets.size).toBeGreaterThanOrEqual(40);
	practice.reset();
	expect(store.tickets.size).toBe(0);
	expect([...store.users.values()].map(({ name }) => name)).toEqual(['Sync Admin']);
});
