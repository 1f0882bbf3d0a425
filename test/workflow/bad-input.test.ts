import { itemsOf, published } from '../support/n8n-harness';
import { closeAll, startActive } from '../support/practice';

/** Tickets that OroCRM can't take as they are, and tickets that it refuses. */

afterEach(closeAll);

test('an empty subject becomes N/A', async () => {
	const practice = await startActive();
	const ticket = practice.ticket({ subject: '' });
	await practice.sync();
	expect(practice.caseOf(ticket).subject).toBe('N/A');
	expect(practice.recordOf(ticket).subject).toBeNull();
});

test('a 300-character subject is cut before the character that does not fit, and the result says so', async () => {
	const practice = await startActive();
	const ticket = practice.ticket({ subject: `${'x'.repeat(254)}😀${'y'.repeat(44)}` });
	const run = await practice.sync();
	expect(practice.caseOf(ticket).subject).toBe('x'.repeat(254));
	expect(practice.recordOf(ticket).subject).toBe('x'.repeat(254));
	expect(published(run)[0].result.notes.join()).toContain('was cut');
});

test('a description of 70,000 characters arrives whole, in the case and in its first comment', async () => {
	const practice = await startActive();
	const description = 'All work and no play. '.repeat(3_182).slice(0, 70_000);
	const ticket = practice.ticket({ description });
	await practice.sync();
	expect(practice.caseOf(ticket).description).toBe(description.trim());
	expect(String(practice.commentsOf(ticket)[0].message)).toHaveLength(description.trim().length);
});

test('a requester without an e-mail gets a contact of their own, and is not merged with a namesake', async () => {
	const practice = await startActive();
	const callers = ['+4930111', '+4930222'].map((phone) => practice.person('Phone Caller', { email: null, phone }));
	const via = { channel: 'voice', source: { from: {}, to: {}, rel: null } };
	const tickets = callers.map((caller) => practice.ticket({ requester_id: caller.id, submitter_id: caller.id, via }));
	await practice.sync();
	const contacts = tickets.map((ticket) => practice.caseOf(ticket).relatedContact);
	expect(new Set(contacts).size).toBe(2);
	expect(contacts).not.toContain(null);
	expect(practice.caseOf(tickets[0]).source).toBe('phone');
	practice.zendesk.store.updateTicket(tickets[0].id, { subject: 'Called again' });
	await practice.sync();
	expect(practice.count('contacts')).toBe(2);
});

test('a status and a priority that nobody knows leave a new case open and normal, and are reported', async () => {
	const practice = await startActive();
	const ticket = practice.ticket();
	Object.assign(practice.zendesk.store.tickets.get(ticket.id)!, { status: 'triage', priority: 'blazing' });
	const run = await practice.sync();
	expect(practice.caseOf(ticket)).toMatchObject({ status: 'open', priority: 'normal' });
	const notes = published(run)[0].result.notes.join(' ');
	expect(notes).toContain('Status "triage" is not in the status table');
	expect(notes).toContain('Priority "blazing" is not in the priority table');
});

test('texts with emoji, right-to-left script and control characters arrive', async () => {
	const practice = await startActive();
	const ticket = practice.ticket({ subject: 'شحن 🚚 \u0000done', description: 'Line one\nהשורה השנייה\u0007' });
	await practice.sync();
	expect(practice.caseOf(ticket)).toMatchObject({ subject: 'شحن 🚚 done', description: 'Line one\nהשורה השנייה' });
});

describe('OroCRM refuses one case of 1,000', () => {
	test('999 arrive, the refused one is in the failed-items table with OroCRM’s own words, and the trigger moves on', async () => {
		const practice = await startActive();
		practice.orocrm.store.refuse({
			type: 'cases',
			field: 'subject',
			pattern: 'forbidden',
			title: 'regex constraint',
			detail: 'Subjects must not say this.',
		});
		const people = Array.from({ length: 20 }, (_, index) =>
			practice.person(`Buyer ${index}`, { email: `buyer.${index}@example.com` }),
		);
		const tickets = Array.from({ length: 1_000 }, (_, index) =>
			practice.ticket({
				subject: index === 500 ? 'A forbidden word' : `Order ${index}`,
				requester_id: people[index % 20].id,
			}),
		);
		const bad = tickets[500];
		const run = await practice.sync();

		expect(practice.expectOneCaseEach(tickets.filter((ticket) => ticket !== bad))).toBe(999);
		expect(published(run)).toHaveLength(999);
		expect(practice.n8n.failedItems()).toEqual([
			expect.objectContaining({
				ticket: String(bad.id),
				tried: expect.stringContaining('Publish Case'),
				service: 'OroCRM',
				status: '400',
				error: expect.stringContaining('Subjects must not say this.'),
				advice: expect.stringContaining('Correct what OroCRM names'),
			}),
		]);
		expect(itemsOf(run, 'Publish Case', 1)[0].pairedItem).toEqual({ item: 500 });
		expect(practice.recordsOf(bad)).toEqual([]);
		practice.expectNobodyTwice();

		expect(await practice.n8n.look()).toHaveLength(0);

		// Corrected in Zendesk, it arrives with its next change; the others are not touched.
		practice.zendesk.store.updateTicket(bad.id, { subject: 'A friendly word' });
		practice.resetCounts();
		await practice.sync();
		expect(practice.counts().oroWrites).toBe(1);
		expect(practice.expectOneCaseEach(tickets)).toBe(1_000);
	}, 60_000);

	test('a refusal of a contact leaves nothing half-written', async () => {
		const practice = await startActive();
		practice.orocrm.store.refuse({
			type: 'contacts',
			field: 'firstName',
			pattern: '^Mallory$',
			title: 'name constraint',
			detail: 'This name is blocked.',
		});
		const mallory = practice.person('Mallory Blocked');
		const tickets = [
			practice.ticket({ requester_id: mallory.id }),
			practice.ticket({ requester_id: practice.person('Good Person').id }),
		];
		await practice.sync();
		expect(practice.count('cases')).toBe(1);
		expect(practice.count('zendesktickets')).toBe(1);
		expect(practice.all('contacts').map((row) => row.firstName)).toEqual(['Good']);
		expect(practice.n8n.failedItems()).toMatchObject([
			{ ticket: String(tickets[0].id), error: expect.stringContaining('This name is blocked.') },
		]);
	});

	test('a right that is missing for one kind of record is a failed item with the server’s words, not half a case', async () => {
		const practice = await startActive();
		practice.orocrm.access.deny({ type: 'contacts', permission: 'CREATE' });
		const known = practice.person('Known Person');
		practice.contact('Known', [known.email ?? '']);
		const tickets = [
			practice.ticket({ requester_id: practice.person('New Person').id, submitter_id: known.id }),
			practice.ticket({ requester_id: known.id }),
		];
		await practice.sync();
		expect(practice.count('cases')).toBe(1);
		expect(practice.n8n.failedItems()).toMatchObject([
			{
				ticket: String(tickets[0].id),
				status: '403',
				error: expect.stringContaining('No access'),
				advice: expect.stringContaining('role'),
			},
		]);
	});
});

test('when everything is refused for one reason, the run fails and the trigger holds: no thousand failed items', async () => {
	const practice = await startActive();
	practice.orocrm.access.deny({ type: 'cases', permission: 'CREATE' });
	const tickets = Array.from({ length: 30 }, (_, index) => practice.ticket({ subject: `Order ${index}` }));
	const [run] = await practice.n8n.look();
	expect(run.status).toBe('error');
	expect(run.data.resultData.error?.message).toMatch(
		/^OroCRM: No access to this type of entities\. .*\. The role of the OAuth application’s user may not do this\./,
	);
	expect(practice.n8n.failedItems()).toEqual([]);
	practice.orocrm.access.reset();
	await practice.sync(20 * 60_000);
	expect(practice.expectOneCaseEach(tickets)).toBe(30);
});
