import { published, PUBLISH } from '../support/n8n-harness';
import { closeAll, setParameters, startActive } from '../support/practice';
import type { Practice } from '../support/practice';

/** What becomes of tickets, cases, records and contacts that end (sync-rules §5). */

afterEach(closeAll);

async function resultOfNextSync(practice: Practice) {
	return published(await practice.sync())[0].result;
}

const withSetting = (parameters: Record<string, unknown>) =>
	startActive({ edit: (json) => setParameters(json, PUBLISH, parameters) });

describe('a ticket that is deleted in Zendesk', () => {
	test('leaves its case alone, with every text; scrubbed later, too', async () => {
		const practice = await startActive();
		const ticket = practice.ticket();
		await practice.sync();
		practice.zendesk.store.deleteTicket(ticket.id);
		expect(await resultOfNextSync(practice)).toMatchObject({
			outcome: 'skipped',
			skipped: [{ field: 'ticket', reason: 'deleted in Zendesk' }],
			summary: expect.stringContaining('is left as it is'),
		});
		practice.zendesk.store.scrubTicket(ticket.id);
		practice.resetCounts();
		expect((await resultOfNextSync(practice)).outcome).toBe('unchanged');
		expect(practice.counts()).toMatchObject({ oroWrites: 0, comments: 0 });
		expect(practice.caseOf(ticket)).toMatchObject({
			subject: 'Printer on fire',
			description: 'Smoke comes out of it.',
			status: 'open',
		});
		expect(practice.commentsOf(ticket).map((row) => row.message)).toEqual(['Smoke comes out of it.']);
	});

	test('closes its case, by setting; once', async () => {
		const practice = await withSetting({ deletedTickets: 'close' });
		const ticket = practice.ticket();
		await practice.sync();
		practice.zendesk.store.deleteTicket(ticket.id);
		expect(await resultOfNextSync(practice)).toMatchObject({
			outcome: 'updated',
			changes: [{ field: 'status', from: 'open', to: 'closed' }],
		});
		expect(practice.caseOf(ticket).status).toBe('closed');
		practice.resetCounts();
		await practice.n8n.restart();
		expect((await resultOfNextSync(practice)).outcome).toBe('unchanged');
		expect(practice.counts().oroWrites).toBe(0);
	});

	test('and never had a case gets none', async () => {
		const practice = await startActive();
		practice.zendesk.store.deleteTicket(practice.ticket().id);
		expect((await resultOfNextSync(practice)).outcome).toBe('skipped');
		expect(practice.count('cases')).toBe(0);
	});

	test('and is restored: the case takes its status again, no second case', async () => {
		const practice = await withSetting({ deletedTickets: 'close' });
		const ticket = practice.ticket({ status: 'pending' });
		await practice.sync();
		practice.zendesk.store.deleteTicket(ticket.id);
		await practice.sync();
		practice.zendesk.store.restoreTicket(ticket.id);
		await practice.sync();
		expect(practice.caseOf(ticket).status).toBe('in_progress');
		expect(practice.expectOneCaseEach([ticket])).toBe(1);
	});
});

test('a merged ticket: its case is closed, no case is made twice, and the result says why', async () => {
	const practice = await startActive();
	const [source, target] = [practice.ticket({ subject: 'Twice' }), practice.ticket({ subject: 'Once' })];
	await practice.sync();
	practice.zendesk.store.mergeTicket(source.id, target.id);
	const run = await practice.sync();
	const merged = published(run).find((pair) => pair.ticket?.id === source.id);
	expect(practice.caseOf(source).status).toBe('closed');
	expect(practice.caseOf(target).status).toBe('open');
	expect(merged?.result.notes).toContain('The ticket was merged into another one in Zendesk.');
	expect(practice.expectOneCaseEach([source, target])).toBe(2);
	expect(String(practice.commentsOf(target)[1].message)).toContain('merged into this request');
});

test('a closed ticket: its case is closed; local changes stay local and are reported', async () => {
	const practice = await startActive();
	const ticket = practice.ticket({ status: 'solved' });
	await practice.sync();
	practice.orocrm.store.update('cases', practice.caseOf(ticket).id, { subject: 'Archived' });
	practice.zendesk.store.updateTicket(ticket.id, { status: 'closed' });
	const result = await resultOfNextSync(practice);
	expect(practice.caseOf(ticket)).toMatchObject({ status: 'closed', subject: 'Archived' });
	expect(practice.recordOf(ticket).status).toBe('closed');
	expect(result.skipped.map(({ field }) => field)).toEqual(['subject']);
});

test('a suspended and then deleted requester: the contact stays, the case keeps it', async () => {
	const practice = await startActive();
	const maria = practice.person('Maria Santos');
	const ticket = practice.ticket({ requester_id: maria.id });
	await practice.sync();
	const contact = practice.caseOf(ticket).relatedContact;
	practice.zendesk.store.updateUser(maria.id, { suspended: true });
	practice.zendesk.store.updateTicket(ticket.id, { priority: 'high' });
	await practice.sync();
	practice.zendesk.store.updateTicket(ticket.id, { status: 'closed' });
	practice.zendesk.store.deleteUser(maria.id);
	await practice.sync();
	expect(practice.caseOf(ticket)).toMatchObject({ relatedContact: contact, priority: 'high', status: 'closed' });
	expect(practice.all('contacts')).toMatchObject([{ firstName: 'Maria', primaryEmail: maria.email }]);
});

describe('a case that was deleted in OroCRM', () => {
	test('is not made again and reported', async () => {
		const practice = await startActive();
		const ticket = practice.ticket();
		await practice.sync();
		practice.orocrm.store.remove('cases', practice.caseOf(ticket).id);
		practice.zendesk.store.addComment(ticket.id, { body: 'Still there?' });
		expect(await resultOfNextSync(practice)).toMatchObject({
			outcome: 'skipped',
			summary: expect.stringContaining('was deleted in OroCRM'),
			skipped: [{ field: 'case', reason: 'deleted in OroCRM' }],
		});
		expect(practice.count('cases')).toBe(0);
		expect(practice.count('casecomments')).toBe(0);
	});

	test('is made again by setting, whole, with the same record', async () => {
		const practice = await withSetting({ deletedCases: 'recreate' });
		const ticket = practice.ticket();
		practice.zendesk.store.addComment(ticket.id, { body: 'One' });
		await practice.sync();
		const record = practice.recordOf(ticket).id;
		practice.orocrm.store.remove('cases', practice.caseOf(ticket).id);
		practice.zendesk.store.addComment(ticket.id, { body: 'Two' });
		expect(await resultOfNextSync(practice)).toMatchObject({
			outcome: 'created',
			summary: expect.stringContaining('Made again'),
		});
		expect(practice.recordOf(ticket).id).toBe(record);
		expect(practice.commentsOf(ticket).map((row) => row.message)).toEqual(['Smoke comes out of it.', 'One', 'Two']);
		expect(practice.count('zendeskticketcomments')).toBe(3);
	});
});

describe.each([{ channel: true }, { channel: false }])(
	'a record that was deleted in OroCRM (integration: $channel)',
	({ channel }) => {
		test('is made again for the same case; the case keeps its local changes and no comment is doubled', async () => {
			const practice = await startActive({ channel });
			const ticket = practice.ticket({ requester_id: practice.person('Maria Santos').id });
			practice.zendesk.store.addComment(ticket.id, { body: 'One' });
			await practice.sync();
			const { id } = practice.caseOf(ticket);
			practice.orocrm.store.update('cases', id, { subject: 'Edited here' });
			practice.orocrm.store.remove('zendesktickets', practice.recordOf(ticket).id);
			practice.zendesk.store.addComment(ticket.id, { body: 'Two' });
			expect(await resultOfNextSync(practice)).toMatchObject({
				outcome: 'updated',
				summary: expect.stringContaining('record is made again'),
			});
			expect(practice.caseOf(ticket)).toMatchObject({ id, subject: 'Edited here' });
			expect(practice.commentsOf(ticket).map((row) => row.message)).toEqual(['Smoke comes out of it.', 'One', 'Two']);
			expect(practice.count('zendeskticketcomments')).toBe(3);
			expect(practice.count('contacts')).toBe(1);
			practice.resetCounts();
			await practice.n8n.restart();
			expect((await resultOfNextSync(practice)).outcome).toBe('unchanged');
			expect(practice.counts().oroWrites).toBe(0);
		});
	},
);

describe('a contact in OroCRM', () => {
	test('that was deleted is found by e-mail again, or made again, with the next change', async () => {
		const practice = await startActive();
		const maria = practice.person('Maria Santos');
		const ticket = practice.ticket({ requester_id: maria.id });
		await practice.sync();
		practice.orocrm.store.remove('contacts', practice.caseOf(ticket).relatedContact as number);
		practice.zendesk.store.updateTicket(ticket.id, { priority: 'high' });
		await practice.sync();
		expect(practice.all('contacts')).toMatchObject([{ primaryEmail: maria.email }]);
		expect(practice.all('zendeskusers').find((row) => row.originId === String(maria.id))?.relatedContact).toBe(
			practice.all('contacts')[0].id,
		);
		practice.expectNobodyTwice();
	});

	test('that was merged into another counts: the stored link goes before the e-mail', async () => {
		const practice = await startActive();
		const maria = practice.person('Maria Santos');
		const first = practice.ticket({ requester_id: maria.id });
		await practice.sync();
		// OroCRM's merge: everything points to the survivor, which has another address.
		const survivor = practice.contact('Maria', ['maria.private@example.com']);
		const merged = practice.caseOf(first).relatedContact as number;
		practice.orocrm.store.update('cases', practice.caseOf(first).id, { relatedContact: survivor.id });
		practice.orocrm.store.update('zendeskusers', practice.recordOf(first).requester as number, {
			relatedContact: survivor.id,
		});
		practice.orocrm.store.remove('contacts', merged);
		const second = practice.ticket({ requester_id: maria.id });
		practice.zendesk.store.updateTicket(first.id, { priority: 'high' });
		await practice.sync();
		expect(practice.caseOf(second).relatedContact).toBe(survivor.id);
		expect(practice.caseOf(first).relatedContact).toBe(survivor.id);
		expect(practice.count('contacts')).toBe(1);
	});
});
