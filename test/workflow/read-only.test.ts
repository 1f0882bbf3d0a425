import { PRACTICE_READ_TOKENS } from '../../sandbox/zendesk/credentials';
import { closeAll, startActive } from '../support/practice';

/** One-way sync never writes to Zendesk: counted by Zendesk, over a run with everything. */

afterEach(closeAll);

test('not one request other than GET goes to Zendesk, apart from those for tokens', async () => {
	const practice = await startActive({ zendesk: { seed: 'showcase' }, orocrm: { seed: 'showcase' } });
	const { store } = practice.zendesk;
	const states = () =>
		JSON.stringify(
			[...store.tickets.values()].map(({ id, status, subject, updated_at }) => [id, status, subject, updated_at]),
		);
	const maria = practice.person('Maria Silva');
	const problem = practice.ticket({ type: 'problem', subject: 'Server down', requester_id: maria.id });
	const [changed, deleted, merged, closed] = ['Changed', 'Deleted', 'Merged', 'Closed'].map((subject) =>
		practice.ticket({ subject, requester_id: maria.id }),
	);
	const incident = practice.ticket({ type: 'incident', problem_id: problem.id, subject: 'No e-mail' });
	for (let index = 0; index < 120; index++) store.addComment(changed.id, { body: `Comment ${index}` });
	const before = states();
	await practice.sync();
	await practice.n8n.runByHand();
	expect(states()).toBe(before);

	practice.zendesk.tokens.expireAccessTokens();
	store.updateTicket(changed.id, {
		status: 'pending',
		priority: 'urgent',
		subject: 'Changed again',
		requester_id: practice.person('Erik Lund').id,
	});
	store.deleteTicket(deleted.id);
	store.mergeTicket(merged.id, changed.id);
	store.updateTicket(closed.id, { status: 'closed' });
	store.updateTicket(incident.id, { comment: { body: 'Better now.', public: false } });
	store.updateUser(maria.id, { suspended: true });
	practice.orocrm.store.update('cases', practice.caseOf(changed).id, { subject: 'Edited in OroCRM', status: 'closed' });
	practice.orocrm.store.remove('cases', practice.caseOf(problem).id);
	store.updateTicket(problem.id, { priority: 'high' });
	const changedStates = states();
	await practice.sync();
	await practice.n8n.restart();
	await practice.sync();
	expect(states()).toBe(changedStates);

	const calls = practice.zendesk.calls.all();
	const others = calls.filter((call) => call.method !== 'GET').map((call) => `${call.method} ${call.path}`);
	expect(others).toEqual(['POST /oauth/tokens']);
	expect(practice.zendesk.tokens.find(PRACTICE_READ_TOKENS.accessToken)).toBeUndefined();
	expect(calls.length).toBeGreaterThan(25);
	expect(calls.filter((call) => call.status >= 400 && call.status !== 401)).toEqual([]);
	expect(practice.zendesk.limitBreaches()).toBe(0);
	expect(practice.orocrm.store.twoWayExports).toEqual([]);
	expect(practice.caseOf(changed)).toMatchObject({ subject: 'Changed again', status: 'in_progress', priority: 'high' });
	expect(practice.n8n.failedItems()).toEqual([]);
});
