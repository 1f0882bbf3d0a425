import type { Send } from '../../http/request';
import { forgetTurns } from '../../pipeline/alone';
import { caseKey } from '../../sync/case-key';
import { siteOf } from '../../sync/comment-mark';
import type { Row } from '../../sandbox/orocrm/schema/types';
import type { Ticket } from '../../sandbox/zendesk/types';
import { runPipeline } from '../support/pipeline';
import { TwoWayWorld } from '../support/two-way-world';
import type { WorldOptions } from '../support/two-way-world';

/** What can't be taken back is only written after a look that nobody was there: a ticket for a case, a comment, a tie between the two. */

let world: TwoWayWorld;
let ticket: Ticket;
let oroCase: Row;
afterEach(async () => await world?.close());

const tickets = () => [...world.zendesk.store.tickets.values()].filter(({ status }) => status !== 'deleted');
const ticketComments = (id: number) => world.zendesk.store.commentsOf(id).map(({ plain_body }) => plain_body.replace(/^John Doe:\s+/, ''));
const markOn = (comment: Row) => ({ custom: { orocrm_comment: `${siteOf(world.clients.oro.apiUrl)}:${String(comment.id)}` } });

/** From the first look at known records on, OroCRM shows the credential’s user no cases any more. */
function hideCases(): void {
	const { oro } = world.clients;
	const listAll = oro.listAll.bind(oro);
	oro.listAll = async (type, query) => {
		const answer = await listAll(type, query);
		return type === 'zendesktickets' && query.filter?.id ? { ...answer, included: answer.included.filter((entry) => entry.type !== 'cases') } : answer;
	};
}

async function linked(options: WorldOptions = {}): Promise<void> {
	({ world, ticket, oroCase } = await TwoWayWorld.linked(options));
}

describe('a ticket that names a case by its external id', () => {
	test('leaves a case that has its ticket already', async () => {
		await linked();
		const second = world.ticket({ subject: 'A copy', external_id: `orocrm-case-${String(oroCase.id)}` });
		world.later(60);
		await world.syncTickets(second);
		expect(world.caseOf(ticket).id).toBe(oroCase.id);
		expect(world.caseOf(second).id).not.toBe(oroCase.id);
	});

	test('of two in one batch only one gets the case', async () => {
		world = await TwoWayWorld.start();
		const made = world.newCase();
		const two = ['One', 'Two'].map((subject) => world.ticket({ subject, external_id: `orocrm-case-${String(made.id)}` }));
		world.later(60);
		await world.syncTickets(...two);
		const cases = two.map((one) => world.caseOf(one).id);
		expect(new Set(cases).size).toBe(2);
		expect(cases).toContain(made.id);
	});
});

test('a comment that a dead run published within the second of the record is found by its mark, and not sent again', async () => {
	await linked();
	const before = world.zendesk.store.tickets.get(ticket.id)!.updated_at;
	const comment = world.commentOnCase(oroCase.id, 'Sent by a run that died');
	world.zendesk.store.addComment(ticket.id, { body: 'Sent by a run that died', public: true } as never, markOn(comment));
	world.zendesk.store.tickets.get(ticket.id)!.updated_at = before;
	world.later(60);
	await world.syncCases(oroCase);
	expect(ticketComments(ticket.id)).toEqual(['Smoke comes out of it.', 'Sent by a run that died']);
	expect(world.orocrm.store.all('zendeskticketcomments').filter((row) => row.relatedComment === comment.id)).toHaveLength(1);
});

test('an edit of the case while its ticket was written is merged, not overwritten', async () => {
	await linked({ rules: { twoWay: true, winner: 'local' } });
	world.zendesk.store.updateTicket(ticket.id, { subject: 'As Zendesk says' });
	world.editCase(oroCase.id, { priority: 'high' });
	world.later(60);
	world.on({ method: 'PUT', path: /tickets/, after: () => world.editCase(oroCase.id, { subject: 'As a person says meanwhile' }) });
	const [{ result }] = await world.syncCases(oroCase);
	expect(result.conflicts).toMatchObject([{ field: 'subject', local: 'As a person says meanwhile', winner: 'local' }]);
	expect([world.caseOf(ticket).subject, world.zendesk.store.tickets.get(ticket.id)?.subject]).toEqual(['As a person says meanwhile', 'As a person says meanwhile']);
});

describe('before a ticket is made of a case', () => {
	test('on a server without keys: a case with comments of a ticket had one, whose record was deleted', async () => {
		await linked({ orocrm: { version: '5.1' } });
		world.orocrm.store.remove('zendesktickets', world.recordOf(ticket).id as number);
		world.later(60);
		await expect(world.syncCases(oroCase)).rejects.toThrow(/has comments of a Zendesk ticket, but its ticket record was deleted/);
		expect(tickets()).toHaveLength(1);
	});

	test('somebody linked it since it was looked at: no ticket is made', async () => {
		await linked();
		const made = world.newCase();
		const other = world.ticket({ subject: 'Linked by hand' });
		const { id: _id, ...record } = world.recordOf(ticket);
		const link = () => void world.orocrm.store.insert('zendesktickets', { ...record, originId: String(other.id), relatedCase: made.id });
		world.on({ path: /tickets.*external_id/, before: link });
		await expect(world.syncCases(made)).rejects.toThrow(/was linked to a ticket meanwhile/);
		expect(tickets().map(({ id }) => id)).toEqual([ticket.id, other.id]);
	});

	test('somebody linked it while others of the batch had their turn: it is looked at again, and no ticket is made', async () => {
		await linked({ sync: { parallel: 1 } });
		const [one, two] = [world.newCase({ subject: 'First' }), world.newCase({ subject: 'Second' })];
		const other = world.ticket({ subject: 'Linked by hand' });
		const { id: _id, ...record } = world.recordOf(ticket);
		world.on({ method: 'POST', path: /v2\/tickets\.json/, after: () => {
			world.later(30);
			world.orocrm.store.insert('zendesktickets', { ...record, originId: String(other.id), relatedCase: two.id });
		} });
		const outcomes = await runPipeline(world.pairsOfCases(one, two), world.clients, world.syncOptions);
		expect(outcomes).toMatchObject([{ result: { outcome: 'created' } }, { error: { message: expect.stringContaining('was linked to a ticket meanwhile') as string } }]);
		expect(tickets().map(({ subject }) => subject)).toEqual(['Printer on fire', 'Linked by hand', 'First']);
	});

	test('the answer to a creation was lost, and Zendesk doesn’t remember its key: the list is looked at, and one ticket is made', async () => {
		const forgetful = (send: Send): Send => async (request) => {
			const { 'Idempotency-Key': _key, ...headers } = request.headers;
			return await send({ ...request, headers });
		};
		world = await TwoWayWorld.start({ wrap: forgetful });
		const made = world.newCase();
		world.on({ method: 'POST', path: /v2\/tickets\.json/, loses: true });
		await world.syncCases(made);
		expect(tickets().map(({ id }) => id)).toEqual([world.ticketOf(made).id]);
	});

	test('two processes are past their looks: the key lets them make one ticket', async () => {
		world = await TwoWayWorld.start();
		const made = world.newCase();
		world.on({ method: 'POST', path: /v2\/tickets\.json/, before: async () => {
			forgetTurns();
			await world.syncCases(made);
		} });
		await world.syncCases(made);
		expect(tickets().map(({ id }) => id)).toEqual([world.ticketOf(made).id]);
		expect(world.orocrm.store.count('cases')).toBe(1);
	});
});

describe('since Resolve looked', () => {
	test.each([
		['', false],
		[', also in a preview', true],
	])('somebody linked the case: it is passed over with words, and is no failed item%s', async (_where, preview) => {
		await linked();
		const made = world.newCase();
		const other = world.ticket({ subject: 'Linked by hand' });
		const { id: _id, ...record } = world.recordOf(ticket);
		const link = () => void world.orocrm.store.insert('zendesktickets', { ...record, originId: String(other.id), relatedCase: made.id });
		world.on({ path: /zendesktickets.*filter.*relatedCase/, skip: 1, before: link });
		world.options.sync = { preview };
		const [{ result }] = await world.syncCases(made);
		expect(result).toMatchObject({ outcome: 'skipped', preview: false, summary: `Passed over: case ${String(made.id)} was linked to a ticket meanwhile; its next change takes it from there.` });
		expect(tickets().map(({ id }) => id)).toEqual([ticket.id, other.id]);
	});

	test('the case was hidden from the credential’s user: a failed item, and no second case', async () => {
		await linked({ sync: { settings: { deletedCases: 'recreate' } } });
		world.zendesk.store.updateTicket(ticket.id, { priority: 'high' });
		world.later(60).resetCounts();
		const pairs = await world.pairsOfTickets(ticket);
		hideCases();
		await expect(world.syncPairs(pairs)).rejects.toThrow(`OroCRM no longer shows case ${String(oroCase.id)} of ticket ${ticket.id} to the credential’s user.`);
		expect(world.writes().orocrm).toEqual([]);
		expect(world.orocrm.store.count('cases')).toBe(1);
	});
});

test('a case that lost its record and has the key of another account’s ticket is not tied to the ticket of that number here', async () => {
	await linked();
	const foreign = world.newCase({ externalId: caseKey('other.zendesk.com', ticket.id) });
	const [{ result }] = await world.syncCases(foreign);
	expect(result).toMatchObject({ outcome: 'skipped', summary: expect.stringContaining('which is not in this Zendesk account') as string });
	expect([world.caseOf(ticket).id, tickets().length]).toEqual([oroCase.id, 1]);
});

describe('a comment on the case of a closed ticket', () => {
	/** With a follow-up ticket that is open. */
	async function withFollowUp(): Promise<number> {
		await linked({ sync: { settings: { closedTickets: 'followUp' } } });
		world.zendesk.store.updateTicket(ticket.id, { status: 'closed' });
		world.later(60);
		await world.syncTickets(ticket);
		world.commentOnCase(oroCase.id, 'First after the end');
		world.later(60);
		await world.syncCases(oroCase);
		world.later(60);
		return world.zendesk.store.tickets.get(ticket.id)!.followup_ids[0];
	}

	test('whose answer was lost is looked for before it is sent again', async () => {
		const followUp = await withFollowUp();
		world.commentOnCase(oroCase.id, 'Second after the end');
		world.on({ method: 'PUT', path: /tickets/, loses: true });
		await world.syncCases(oroCase);
		expect(ticketComments(followUp)).toEqual(['First after the end', 'Second after the end']);
	});

	test('whose number another row holds is a failed item: a row of another comment doesn’t stand for it', async () => {
		const followUp = await withFollowUp();
		const comment = world.commentOnCase(oroCase.id, 'Second after the end');
		const row = (originId: string, relatedComment: unknown) => {
			const { store } = world.orocrm;
			store.insert('zendeskticketcomments', { originId, relatedComment, ticket: null, channel: Number(world.channel), public: true, createdAt: store.now(), updatedAt: store.now() });
		};
		world.on({ method: 'POST', path: /zendeskticketcomments/, before: () => {
			row(String(world.zendesk.store.commentsOf(followUp).at(-1)?.id), null);
			row('999', comment.id);
		} });
		await expect(world.syncCases(oroCase)).rejects.toThrow(/OroCRM/);
		expect(ticketComments(followUp)).toEqual(['First after the end', 'Second after the end']);
	});
});
