import { forgetTurns } from '../../pipeline/alone';
import type { Published } from '../../pipeline/publish-pairs';
import type { Row } from '../../sandbox/orocrm/schema/types';
import type { Ticket } from '../../sandbox/zendesk/types';
import { runPipeline } from '../support/pipeline';
import { Killed, TwoWayWorld } from '../support/two-way-world';
import type { WorldOptions } from '../support/two-way-world';

/**
 * What two processes that know nothing of each other make twice where no integration guards the numbers: the next run takes it back, and
 * nothing that a person did is lost.
 */
let world: TwoWayWorld;
let ticket: Ticket;
let first: Row;
afterEach(async () => await world?.close());

const WITHOUT_INTEGRATION: WorldOptions = { channel: false };
const comments = (id: unknown) => world.caseComments(id).map(({ message }) => message);
const ticketComments = () => world.zendesk.store.commentsOf(ticket.id).map(({ body }) => body);

async function linked(options: WorldOptions = WITHOUT_INTEGRATION): Promise<void> {
	({ world, ticket, oroCase: first } = await TwoWayWorld.linked(options));
}

/** What another process left: a record with its case, and the copies of the ticket's comments. */
function twin(values: Record<string, unknown> = {}, ofRecord: Record<string, unknown> = {}): Row {
	const { store } = world.orocrm;
	const { id: recordId, ...record } = store.all('zendesktickets').find((row) => row.relatedCase === first.id) as Row;
	const { id: _case, ...fields } = first;
	const second = store.insert('cases', { ...fields, ...values });
	const made = store.insert('zendesktickets', { ...record, relatedCase: second.id, ...ofRecord });
	for (const row of store.all('zendeskticketcomments').filter((one) => one.ticket === recordId)) {
		const { id: _comment, ...comment } = store.get('casecomments', row.relatedComment as number) as Row;
		const copy = store.insert('casecomments', { ...comment, case: second.id });
		const { id: _row, ...rest } = row;
		store.insert('zendeskticketcomments', { ...rest, ticket: made.id, relatedComment: copy.id, ...ofRecord });
	}
	return second;
}

/** Another process: it neither waits for this one nor is waited for. */
async function asAnotherProcess(work: () => Promise<void>): Promise<void> {
	forgetTurns();
	await work();
	world.later(2);
}

const quiet = async () => {
	world.later(60).resetCounts();
	await world.syncTickets(ticket);
	await world.syncCases(first);
	return world.writes();
};

describe('a second record with its case', () => {
	test('is removed by the next run, with the copies in it', async () => {
		await linked();
		twin();
		const [{ result }] = await world.syncTickets(ticket);
		expect(result).toMatchObject({ outcome: 'updated', caseId: String(first.id) });
		expect(result.summary).toMatch(/^Removed: a second record 2 with case 2, which another run had made of this ticket\.$/);
		expect(world.orocrm.store.all('cases').map(({ id }) => id)).toEqual([first.id]);
		expect(world.orocrm.store.count('zendesktickets')).toBe(1);
		expect(world.orocrm.store.all('zendeskticketcomments').map(({ ticket: record }) => record)).toEqual([world.recordOf(ticket).id]);
		expect(await quiet()).toEqual({ zendesk: [], orocrm: [] });
	});

	test('is also found when it is its case that changed', async () => {
		await linked();
		const [{ result }] = await world.syncCases(twin());
		expect(result).toMatchObject({ outcome: 'updated', caseId: String(first.id) });
		expect(world.orocrm.store.count('cases')).toBe(1);
	});

	test('a comment that a person wrote in it moves to the other case, and goes on to the ticket', async () => {
		await linked();
		const second = twin();
		world.commentOnCase(second.id, 'Only here');
		const [{ result }] = await world.syncCases(second);
		expect(result.notes.join(' ')).toContain(`A comment that people wrote in it moved to case ${first.id}.`);
		expect(comments(first.id)).toContain('Only here');
		expect(ticketComments().filter((body) => body.includes('Only here'))).toHaveLength(1);
		expect(world.orocrm.store.count('cases')).toBe(1);
		expect(await quiet()).toEqual({ zendesk: [], orocrm: [] });
	});

	test.each<[string, RegExp, () => void, WorldOptions]>([
		['was edited', /stays because its case was edited/, () => world.editCase(twin().id, { subject: 'A person’s own words' }), WITHOUT_INTEGRATION],
		['has a note of somebody’s', /stays because its case has more than comments \(activityNotes\)/, () => world.orocrm.store.insert('notes', { message: 'Call back', activityTargets: [{ type: 'cases', id: twin().id }] }), WITHOUT_INTEGRATION],
		['is of another integration', /stays because it belongs to an integration/, () => {
			const second = twin();
			const record = world.orocrm.store.all('zendesktickets').find((row) => row.relatedCase === second.id) as Row;
			const channel = world.orocrm.store.insert('integrationchannels', { name: 'Zendesk', channelType: 'zendesk', enabled: false, isTwoWaySyncEnabled: false });
			world.orocrm.store.update('zendesktickets', record.id as number, { channel: channel.id });
		}, WITHOUT_INTEGRATION],
		['was made by somebody else', /stays because its case wasn’t made by this sync/, () => twin({ externalId: 'ERP-7' }), { ...WITHOUT_INTEGRATION, orocrm: { overlay: true } }],
	])('whose case %s stays, and the result says what to do', async (_what, words, make, options) => {
		await linked(options);
		world.later(60);
		make();
		const [{ result }] = await world.syncTickets(ticket);
		expect(result.outcome).toBe('skipped');
		expect(result.summary).toMatch(words);
		expect(result.summary).toMatch(/Move what is only in the other one there, then delete record 2/);
		expect(world.orocrm.store.count('cases')).toBe(2);
	});

	test('stays as long as the other case lacks one of its comments', async () => {
		await linked();
		const second = twin();
		const record = world.orocrm.store.all('zendesktickets').find((row) => row.relatedCase === second.id) as Row;
		const copy = world.commentOnCase(second.id, 'of the ticket');
		world.orocrm.store.insert('zendeskticketcomments', { originId: '99999', ticket: record.id, relatedComment: copy.id, channel: null });
		const [{ result }] = await world.syncTickets(ticket);
		expect(result.summary).toMatch(/comments that the other case doesn’t have yet/);
		expect(world.orocrm.store.count('cases')).toBe(2);
	});

	test('which OroCRM doesn’t let the credential’s user remove is said, and the pair is synced all the same', async () => {
		await linked();
		twin();
		const body = JSON.stringify({ errors: [{ status: '403', title: 'access denied exception', detail: 'No access to the entity.' }] });
		world.orocrm.faults.add({ path: '/cases/2$', method: 'DELETE', effect: { kind: 'answer', status: 403, body } });
		world.zendesk.store.updateTicket(ticket.id, { priority: 'high' });
		world.later(60);
		const [{ result }] = await world.syncTickets(ticket);
		expect(result.outcome).toBe('updated');
		expect(world.orocrm.store.get('cases', first.id as number)).toMatchObject({ priority: 'high' });
		expect(result.skipped[0].reason).toMatch(/could not be removed: .*give the credential’s user the right to delete cases/);
	});

	test('of a ticket that is in the run twice is removed once', async () => {
		await linked();
		twin();
		const pairs = await world.pairsOfTickets(ticket);
		const results = (await world.syncPairs([...pairs, ...structuredClone(pairs)])).map(({ result }) => result);
		expect(results.map(({ summary, notes }) => [summary, ...notes].join(' ')).filter((words) => words.includes('Removed:'))).toHaveLength(1);
	});

	test('and a third one, of a ticket whose own record still names the account’s former address: a preview takes none of them for the own one, the run removes both', async () => {
		await linked({ orocrm: { version: '7.0.0' } });
		const { store } = world.orocrm;
		const own = world.recordOf(ticket);
		const unguarded = { channel: null };
		twin({}, unguarded);
		twin({}, unguarded);
		store.update('zendesktickets', own.id as number, { url: `https://former.zendesk.com/api/v2/tickets/${ticket.id}.json` });
		const [outcome] = await runPipeline(world.pairsOfCases(first), world.clients, { ...world.syncOptions, preview: true });
		expect((outcome as Published).result).toMatchObject({ recordId: String(own.id), caseId: String(first.id), notes: [] });
		await world.syncCases(first);
		expect(store.all('cases').map(({ id }) => id)).toEqual([first.id]);
		expect(store.all('zendesktickets').map(({ id }) => id)).toEqual([own.id]);
	});

	test('while OroCRM is ill the run stops and comes again: nobody is told that a right is missing', async () => {
		await linked();
		twin();
		const ill = { method: 'DELETE', effect: { kind: 'answer' as const, status: 503, headers: {}, body: 'down' } };
		world.orocrm.faults.add(ill);
		await expect(world.syncTickets(ticket)).rejects.toThrow(/OroCRM/);
		world.orocrm.faults.clear();
		world.later(60);
		await world.syncTickets(ticket);
		expect(world.orocrm.store.count('zendesktickets')).toBe(1);
	});

	test('is only announced in a preview', async () => {
		await linked();
		twin();
		world.resetCounts();
		const [outcome] = await runPipeline(await world.pairsOfTickets(ticket), world.clients, { ...world.syncOptions, preview: true });
		expect((outcome as Published).result.notes).toContain('The second record 2 with case 2 of this ticket would be removed.');
		expect(world.writes()).toEqual({ zendesk: [], orocrm: [] });
	});

	test.each(['7.0.0', '5.1'] as const)('made by two processes at once on OroCRM %s: whoever is last takes it back', async (version) => {
		world = await TwoWayWorld.start({ channel: false, orocrm: { version } });
		ticket = world.ticket({ requester_id: world.person('Maria Santos').id });
		world.later(60);
		world.on({ method: 'POST', path: /\/zendesktickets/, before: async () => await asAnotherProcess(async () => void (await world.syncTickets(ticket))) });
		const [{ result }] = await world.syncTickets(ticket);
		expect(result.notes.join(' ')).toContain('Removed: a second record 2 with case 2');
		expect(result).toMatchObject({ outcome: 'created', recordId: '1', caseId: '1' });
		expect(result.links.case).toMatch(/case\/view\/1$/);
		expect([world.orocrm.store.count('cases'), world.orocrm.store.count('zendesktickets')]).toEqual([1, 1]);
		first = world.caseOf(ticket);
		expect(await quiet()).toEqual({ zendesk: [], orocrm: [] });
	});
});

describe('a second copy of a comment', () => {
	/** A second copy of one of Zendesk's comments, with its row, and a change that wakes the pair. */
	async function copied(): Promise<void> {
		await linked();
		world.zendesk.store.addComment(ticket.id, { body: 'Any news?', public: true, author_id: ticket.requester_id } as never);
		world.later(60);
		await world.syncTickets(ticket);
		const { id: _id, ...row } = world.orocrm.store.all('zendeskticketcomments').at(-1) as Row;
		const { id: _comment, ...comment } = world.orocrm.store.get('casecomments', row.relatedComment as number) as Row;
		world.orocrm.store.insert('zendeskticketcomments', { ...row, relatedComment: world.orocrm.store.insert('casecomments', comment).id });
		world.zendesk.store.updateTicket(ticket.id, { priority: 'high' });
		world.later(60).resetCounts();
	}

	test('is only announced in a preview', async () => {
		await copied();
		const [outcome] = await runPipeline(await world.pairsOfTickets(ticket), world.clients, { ...world.syncOptions, preview: true });
		expect((outcome as Published).result.notes.join(' ')).toMatch(/The second copy of a comment, comment \d+ of case 1, would be removed\./);
		expect(world.writes()).toEqual({ zendesk: [], orocrm: [] });
	});

	test('a run that died while it was removed leaves nothing that passes for a person’s comment', async () => {
		await copied();
		world.on({ method: 'DELETE', path: /comments/, kills: 'after' });
		await expect(world.syncTickets(ticket)).rejects.toThrow(Killed);
		world.restart();
		world.later(60);
		await world.syncCases(first);
		await world.syncTickets(ticket);
		expect(ticketComments().filter((body) => body.includes('Any news?'))).toHaveLength(1);
		expect(comments(first.id).filter((message) => message === 'Any news?')).toHaveLength(1);
	});

	test('made by two processes at once is removed, by the same run', async () => {
		await linked();
		world.zendesk.store.addComment(ticket.id, { body: 'Any news?', public: true, author_id: ticket.requester_id } as never);
		world.later(60);
		world.on({ method: 'PATCH', path: /\/zendesktickets/, before: async () => await asAnotherProcess(async () => void (await world.syncTickets(ticket))) });
		const [{ result }] = await world.syncTickets(ticket);
		expect(result.notes.join(' ')).toMatch(/Removed: comment \d+ of case 1, a second copy/);
		expect(comments(first.id).filter((message) => message === 'Any news?')).toHaveLength(1);
		expect(await quiet()).toEqual({ zendesk: [], orocrm: [] });
		expect(ticketComments().filter((body) => body.includes('Any news?'))).toHaveLength(1);
	});

	test('that a person changed since stays', async () => {
		await linked();
		world.zendesk.store.addComment(ticket.id, { body: 'Any news?', public: true, author_id: ticket.requester_id } as never);
		world.later(60);
		await world.syncTickets(ticket);
		const row = world.orocrm.store.all('zendeskticketcomments').at(-1) as Row;
		const { id: _id, ...rest } = row;
		const copy = world.commentOnCase(first.id, 'Any news? (answered by phone)');
		world.orocrm.store.insert('zendeskticketcomments', { ...rest, relatedComment: copy.id });
		world.zendesk.store.updateTicket(ticket.id, { priority: 'high' });
		world.later(60);
		await world.syncTickets(ticket);
		expect(comments(first.id)).toContain('Any news? (answered by phone)');
	});
});

test('with an integration, nothing is looked for: OroCRM keeps doubles out', async () => {
	await linked({});
	world.zendesk.store.addComment(ticket.id, { body: 'Any news?', public: true, author_id: ticket.requester_id } as never);
	world.later(60).resetCounts();
	await world.syncTickets(ticket);
	const last = world.sent.at(-1);
	expect([last?.method, last?.path.split('?')[0]]).toEqual(['PATCH', `/api/zendesktickets/${world.recordOf(ticket).id}`]);
});
