import { ticketHolds } from '../../sync/map-case';
import { defaultTables } from '../../sync/field-maps';
import type { Row } from '../../sandbox/orocrm/schema/types';
import type { Ticket } from '../../sandbox/zendesk/types';
import { Killed, TwoWayWorld } from '../support/two-way-world';
import type { WorldOptions } from '../support/two-way-world';
import { runPipeline } from '../support/pipeline';

let world: TwoWayWorld;
let ticket: Ticket;
let oroCase: Row;
afterEach(async () => await world?.close());

const alive = () => [...world.zendesk.store.tickets.values()].filter(({ status }) => status !== 'deleted');
const messages = (id: unknown) => world.caseComments(id).map(({ message }) => message);
const told = (error: Error) => error.message;

/** A ticket with its case, quiet. */
async function linked(options: WorldOptions = {}): Promise<void> {
	({ world, ticket, oroCase } = await TwoWayWorld.linked(options));
}

async function closedTicket(): Promise<void> {
	await linked({ sync: { settings: { closedTickets: 'followUp' } } });
	world.zendesk.store.updateTicket(ticket.id, { status: 'closed' });
	world.later(60);
	await world.syncTickets(ticket);
	world.later(60);
}

/** Answers without the comments that came from OroCRM. */
function unshown(get: (path: string, query?: never) => Promise<unknown>): never {
	return (async (path: string, query: never) => {
		const body = (await get(path, query)) as { comments?: Array<{ metadata?: { custom?: object } }> };
		return body.comments ? { ...body, comments: body.comments.filter(({ metadata }) => !JSON.stringify(metadata ?? {}).includes('orocrm_comment')) } : body;
	}) as never;
}

describe('a mapped field that the ticket does not keep', () => {
	test('is sent once in a run, not five thousand times', async () => {
		await linked({ sync: { fields: [{ direction: 'toTicket', ticketField: 'tags', caseField: 'resolution', kind: 'text' }] } });
		world.editCase(oroCase.id, { resolution: 'VIP, urgent' });
		let puts = 0;
		world.on({ method: 'PUT', path: /tickets/, times: 1e6, after: () => { if (++puts > 20) throw new Error('More than 20 in one run'); } });
		await world.syncCases(oroCase);
		expect(puts).toBeLessThan(3);
	});
	test('a subject without any text stays in OroCRM, and that is said', async () => {
		await linked();
		world.editCase(oroCase.id, { subject: '\u0007 \u0000' });
		const [{ result }] = await world.syncCases(oroCase);
		expect(result.skipped).toEqual([{ field: 'subject', reason: 'changed in OroCRM and left so: there is no text in it' }]);
		expect([world.sentToTickets(), world.zendesk.store.tickets.get(ticket.id)?.subject]).toEqual([[], 'Printer on fire']);
	});
	test.each(['', '  \n', '\u0007\u001b', '\u200b'])('a comment without text (%j) arrives once, with words', async (message) => {
		await linked();
		world.commentOnCase(oroCase.id, message);
		await world.syncCases(oroCase).catch(told);
		world.later(60);
		await world.syncCases(oroCase).catch(told);
		expect(world.zendesk.store.commentsOf(ticket.id).map(({ plain_body }) => plain_body)).toEqual(['Smoke comes out of it.', expect.stringMatching(message === '\u200b' ? /\u200b$/ : /\(comment without text\)$/)]);
	});
	test('a comment that Zendesk takes and doesn’t show is sent once in a run, the rest goes on, and it is said', async () => {
		await linked();
		world.clients.zendesk.get = unshown(world.clients.zendesk.get.bind(world.clients.zendesk));
		world.commentOnCase(oroCase.id, 'Nobody shows me.');
		world.zendesk.store.addComment(ticket.id, { body: 'It burns again!', public: true });
		const words = await world.syncCases(oroCase).catch(told);
		expect(words).toMatch(/^Zendesk: took comment \d+ of case \d+, and ticket \d+ doesn’t show it\.$/);
		expect(world.sentToTickets()).toHaveLength(1);
		expect(messages(oroCase.id)).toContain('It burns again!');
	});
	test('an empty check box, and tags in another order, are held', () => {
		expect([ticketHolds(false, null), ticketHolds(['a', 'b'], 'B, a')]).toEqual([true, true]);
	});
});

describe('what Zendesk refuses holds up nothing else', () => {
	test('a case closed without a field that is needed for it: the customer’s answer still arrives', async () => {
		await linked();
		for (const field of world.zendesk.store.ticketFields.values()) if (field.type === 'tickettype') field.required = true;
		world.editCase(oroCase.id, { status: 'closed' });
		world.zendesk.store.addComment(ticket.id, { body: 'It burns again!', public: true });
		world.later(90);
		await world.syncTickets(ticket).catch(told);
		expect(messages(oroCase.id)).toContain('It burns again!');
	});
	test('a comment that is too long: edits, later comments and answers still go through', async () => {
		await linked();
		world.commentOnCase(oroCase.id, 'x'.repeat(70_000), { public: false });
		world.commentOnCase(oroCase.id, 'A short one');
		world.editCase(oroCase.id, { priority: 'low' });
		world.zendesk.store.addComment(ticket.id, { body: 'It burns again!', public: true });
		world.later(90);
		await world.syncTickets(ticket).catch(told);
		await world.syncCases(oroCase).catch(told);
		expect(messages(oroCase.id)).toContain('It burns again!');
		expect(ticket.priority).toBe('low');
		expect(world.zendesk.store.commentsOf(ticket.id).some(({ body }) => body.includes('A short one'))).toBe(true);
	});
	test('a comment whose writer is gone in Zendesk goes out with the name in its text', async () => {
		await linked();
		const contact = world.orocrm.store.all('contacts')[0];
		const other = world.person('Olga');
		world.zendesk.store.updateTicket(ticket.id, { requester_id: other.id });
		world.later(60);
		await world.syncTickets(ticket);
		world.zendesk.store.users.delete(world.zendesk.store.findUser('maria.santos@customer.example')!.id);
		world.later(60).commentOnCase(oroCase.id, 'By phone: it burns.', { contact: contact.id });
		await world.syncCases(oroCase).catch(told);
		expect(world.zendesk.store.commentsOf(ticket.id).pop()!.body).toContain('By phone: it burns.');
	});
});

describe('a plan that is old when it is written', () => {
	let second: Ticket;
	/** The second pair of a batch waits while the ticket of the first one is written. */
	async function whileFirstIsWritten(happens: () => void | Promise<void>): Promise<void> {
		await linked({ rules: { twoWay: true, winner: 'local' }, sync: { parallel: 1 } });
		second = world.ticket({ requester_id: ticket.requester_id! });
		world.later(60);
		await world.syncTickets(second);
		world.later(60).editCase(oroCase.id, { priority: 'low' });
		world.zendesk.store.updateTicket(ticket.id, { type: 'task' });
		world.zendesk.store.updateTicket(second.id, { subject: 'Remote' });
		world.later(90);
		world.on({ method: 'PUT', path: new RegExp(`tickets/${ticket.id}`), after: async () => {
			world.later(30);
			await happens();
		} });
		await world.syncTickets(ticket, second);
	}
	test('an edit of the case meanwhile is a conflict, and not lost', async () => {
		await whileFirstIsWritten(() => world.editCase(world.caseOf(second).id, { subject: 'Local' }));
		await world.syncCases(world.caseOf(second));
		expect([second.subject, world.caseOf(second).subject]).toEqual(['Local', 'Local']);
	});
	test('a later sync of the pair is not put back: the agent’s next edit is not lost', async () => {
		await whileFirstIsWritten(async () => {
			world.editCase(world.caseOf(second).id, { priority: 'low' });
			await world.syncCases(world.caseOf(second));
		});
		world.zendesk.store.updateTicket(second.id, { priority: 'urgent' });
		world.later(90);
		const [{ result }] = await world.syncTickets(second);
		expect([second.priority, world.caseOf(second).priority, result.conflicts]).toEqual(['urgent', 'high', []]);
	});
});

describe('a published case is tied to its ticket whatever happens to the external id', () => {
	test('another program sets an external id of its own: one ticket, one case', async () => {
		world = await TwoWayWorld.start();
		const made = world.newCase({ relatedContact: world.contact('Joe', 'joe@customer.example').id });
		world.on({ method: 'POST', path: /v2\/tickets\.json/, after: () => void world.later(1).zendesk.store.updateTicket(alive()[0].id, { external_id: 'JIRA-1' }) });
		await world.syncCases(made);
		world.later(3 * 3600);
		await world.syncCases(made);
		expect([alive().length, world.orocrm.store.count('cases')]).toEqual([1, 1]);
	});
	test('the case is deleted meanwhile: it is not made again', async () => {
		world = await TwoWayWorld.start();
		const made = world.newCase({ relatedContact: world.contact('Joe', 'joe@customer.example').id });
		world.on({ method: 'POST', path: /v2\/tickets\.json/, after: () => void world.orocrm.store.remove('cases', made.id as number) });
		await world.syncCases(made).catch(told);
		expect(world.orocrm.store.count('cases')).toBe(0);
	});
});

test('two runs at once on a closed ticket: each comment once in its follow-up', async () => {
	await closedTicket();
	world.commentOnCase(oroCase.id, 'one');
	world.commentOnCase(oroCase.id, 'two');
	world.later(60);
	await Promise.allSettled([world.syncCases(oroCase), world.syncCases(oroCase)]);
	const [, followUp] = alive();
	expect(world.zendesk.store.commentsOf(followUp.id)).toHaveLength(2);
});

test('without an integration, both triggers at once: a comment is copied once', async () => {
	await linked({ channel: false });
	world.zendesk.store.addComment(ticket.id, { body: 'from Zendesk', public: true });
	world.later(90);
	let other: Promise<unknown> = Promise.resolve();
	world.on({ method: 'PATCH', path: /zendesktickets/, before: async () => {
		other = world.syncTickets(ticket);
		await Promise.race([other, new Promise((resolve) => setTimeout(resolve, 1_000))]);
	} });
	await world.syncCases(oroCase);
	await other;
	expect(messages(oroCase.id)).toEqual(['Smoke comes out of it.', 'from Zendesk']);
});

test('custom statuses in the table: an edit of the case goes out', async () => {
	world = await TwoWayWorld.start({ rules: { twoWay: true, winner: 'local' } });
	const statuses = [...world.zendesk.store.customStatuses.values()];
	const [pending, open] = ['pending', 'open'].map((category) => statuses.find((one) => one.status_category === category)!.id);
	world.options.sync = { tables: { ...defaultTables, status: { ...defaultTables.status, [pending]: 'in_progress', [open]: 'open' } } };
	ticket = world.ticket({ requester_id: world.person('Maria Santos').id, custom_status_id: pending });
	world.later(60);
	await world.syncTickets(ticket);
	world.later(60).editCase(world.caseOf(ticket).id, { status: 'open' });
	const [{ result }] = await world.syncCases(world.caseOf(ticket));
	expect([ticket.status, world.caseOf(ticket).status, result.conflicts]).toEqual(['open', 'open', []]);
});

describe('published with a stand-in for the requester', () => {
	test('the contact is deleted in OroCRM: as for any other case, it is found or made again by its e-mail', async () => {
		world = await TwoWayWorld.start();
		const contact = world.contact('Joe', 'joe@customer.example');
		const made = world.newCase({ relatedContact: contact.id });
		await world.syncCases(made);
		ticket = world.ticketOf(made);
		world.later(60).orocrm.store.remove('contacts', contact.id as number);
		world.zendesk.store.updateTicket(ticket.id, { priority: 'low' });
		world.later(60);
		await world.syncTickets(ticket);
		expect(world.caseOf(ticket).relatedContact).not.toBeNull();
	});
	test('a contact without an e-mail is no edit', async () => {
		world = await TwoWayWorld.start();
		const made = world.newCase({ relatedContact: world.contact('Nobody', null).id });
		await world.syncCases(made);
		world.later(90);
		const [{ result }] = await world.syncCases(made);
		expect(result).toMatchObject({ outcome: 'unchanged', skipped: [] });
	});
});

test('a contact who is known from another Zendesk account, too', async () => {
	world = await TwoWayWorld.start();
	const joe = world.person('Joe');
	const contact = world.contact('Joe', 'joe@customer.example');
	const other = world.orocrm.store.insert('integrationchannels', { name: 'Other account', channelType: 'zendesk', enabled: false, isTwoWaySyncEnabled: false });
	world.orocrm.store.insert('zendeskusers', { originId: '900000000000123', name: 'Joe', email: 'joe@customer.example', relatedContact: contact.id, channel: other.id, url: 'https://other.zendesk.com/api/v2/users/900000000000123.json' });
	const made = world.newCase({ relatedContact: contact.id });
	await world.syncCases(made);
	expect(world.ticketOf(made).requester_id).toBe(joe.id);
});

describe('a contact whose address is a second one of a Zendesk user', () => {
	beforeEach(async () => {
		await linked();
		world.zendesk.store.updateUser(world.person('Joe').id, { email: 'joe@private.example' });
	});
	test('becomes the requester', async () => {
		world.editCase(oroCase.id, { relatedContact: world.contact('Joe', 'joe@private.example').id });
		await world.syncCases(oroCase);
		expect(ticket.requester_id).toBe(world.zendesk.store.findUser('joe@customer.example')!.id);
		expect(world.orocrm.store.all('contacts').filter(({ firstName }) => firstName === 'Joe')).toHaveLength(1);
	});
	test('stays the one contact when a case is published', async () => {
		const made = world.newCase({ relatedContact: world.contact('Joe', 'joe@private.example').id });
		await world.syncCases(made).catch(told);
		expect(world.orocrm.store.all('contacts').filter(({ firstName }) => firstName === 'Joe')).toHaveLength(1);
	});
	/** Published, killed, and `seconds` later given to Noa; then the case is looked at again. */
	async function givenAway(seconds: number): Promise<{ joe: Row; noa: { contact: Row; id: number }; made: Row }> {
		const joe = world.contact('Joe', 'joe@private.example');
		const noa = { contact: world.contact('Noa', 'noa@customer.example'), id: world.person('Noa').id };
		const made = world.newCase({ relatedContact: joe.id });
		world.on({ method: 'POST', path: /v2\/tickets\.json/, kills: 'after' });
		await expect(world.syncCases(made)).rejects.toThrow(Killed);
		world.restart();
		world.later(seconds);
		world.zendesk.store.updateTicket(alive().at(-1)!.id, { requester_id: noa.id });
		world.later(90);
		await world.syncCases(made);
		return { joe, noa, made };
	}
	const tied = (user: { id: number }) => world.orocrm.store.all('zendeskusers').filter(({ originId }) => String(originId) === String(user.id)).map(({ relatedContact }) => relatedContact);
	test('killed after the case was published, and its ticket given to somebody else since: that one is not taken for the contact', async () => {
		const { noa, made } = await givenAway(30);
		expect(world.ticketOf(made).requester_id).toBe(noa.id);
		expect(world.orocrm.store.get('cases', made.id as number)?.relatedContact).toBe(noa.contact.id);
		expect(tied(noa)).toEqual([noa.contact.id]);
	});
	test('killed after the case was published, and its ticket given to somebody else in its very first second: that one is not taken for the contact, who gets it back', async () => {
		const { joe, noa, made } = await givenAway(0);
		const requester = world.ticketOf(made).requester_id;
		expect(requester).toBe(world.zendesk.store.findUser('joe@private.example')!.id);
		expect(world.orocrm.store.get('cases', made.id as number)?.relatedContact).toBe(joe.id);
		expect(tied({ id: requester })).toEqual([joe.id]);
		expect(tied(noa)).not.toContain(joe.id);
	});
});

test('a server without case keys, the record deleted: no second case', async () => {
	await linked({ orocrm: { version: '7.0.0' } });
	world.orocrm.store.remove('zendesktickets', world.recordOf(ticket).id as number);
	world.zendesk.store.updateTicket(ticket.id, { priority: 'high' });
	world.later(90);
	await world.syncTickets(ticket);
	expect(world.orocrm.store.count('cases')).toBe(1);
});

test('killed between a follow-up ticket and its row, the Zendesk trigger first: quiet, and no second follow-up', async () => {
	await closedTicket();
	world.commentOnCase(oroCase.id, 'After the end');
	world.on({ method: 'POST', path: /v2\/tickets\.json/, kills: 'after' });
	await expect(world.syncCases(oroCase)).rejects.toThrow();
	world.restart();
	world.later(90);
	const [, followUp] = alive();
	await world.syncTickets(followUp);
	await world.syncCases(oroCase);
	world.later(90).resetCounts();
	await world.syncCases(oroCase);
	const quiet = world.writes();
	world.zendesk.store.updateTicket(followUp.id, { status: 'closed' });
	world.later(3 * 3600);
	await world.syncCases(oroCase);
	expect([quiet, alive().length]).toEqual([{ zendesk: [], orocrm: [] }, 2]);
});

test('a contact in capitals that the search does not know yet is not made twice', async () => {
	world = await TwoWayWorld.start({ orocrm: { searchLagMs: 60_000 } });
	world.person('Joe', { email: 'joe@customer.example' });
	const made = world.newCase({ relatedContact: world.contact('Joe', 'Joe@Customer.example').id });
	world.later(3);
	await world.syncCases(made);
	expect(world.orocrm.store.count('contacts')).toBe(1);
});

test('a comment on the case of a twin record is not passed over in silence', async () => {
	await linked({ sync: { settings: { channel: null } } });
	const { id: _id, ...record } = world.recordOf(ticket);
	const twin = world.newCase({ subject: ticket.subject });
	world.orocrm.store.insert('zendesktickets', { ...record, relatedCase: twin.id });
	world.commentOnCase(twin.id, 'Only here');
	const [{ result }] = await world.syncCases(twin);
	expect(result.outcome).not.toBe('unchanged');
});

test('two runs at once on one pair: none of them is a failed item', async () => {
	await linked();
	for (const text of ['one', 'two', 'three']) world.commentOnCase(oroCase.id, text);
	const ends = await Promise.allSettled([world.syncCases(oroCase), world.syncCases(oroCase)]);
	expect(ends.map((end) => (end.status === 'rejected' ? String(end.reason) : 'good'))).toEqual(['good', 'good']);
});

test.each([0, 30])('killed after a case was published, and its ticket is changed %i seconds later, before it is tied: the case takes that', async (seconds) => {
	world = await TwoWayWorld.start();
	world.person('Mia');
	const noa = world.person('Noa');
	const contacts = { mia: world.contact('Mia', 'mia@customer.example'), noa: world.contact('Noa', 'noa@customer.example') };
	oroCase = world.newCase({ relatedContact: contacts.mia.id });
	world.on({ method: 'POST', path: /v2\/tickets\.json/, kills: 'after' });
	await expect(world.syncCases(oroCase)).rejects.toThrow(Killed);
	world.restart();
	world.later(seconds);
	world.zendesk.store.updateTicket(alive()[0].id, { requester_id: noa.id, priority: 'urgent' });
	world.later(90);
	await world.syncCases(oroCase);
	expect(world.orocrm.store.get('cases', oroCase.id as number)).toMatchObject({ relatedContact: contacts.noa.id, priority: 'high' });
	expect(alive()).toMatchObject([{ requester_id: noa.id, priority: 'urgent' }]);
	const rows = world.orocrm.store.all('zendeskusers').map(({ name, relatedContact }) => [name, relatedContact]);
	expect(rows).toContainEqual(['Noa', contacts.noa.id]);
});

describe('a new ticket that is deleted before it was tied', () => {
	beforeEach(async () => {
		world = await TwoWayWorld.start();
		oroCase = world.newCase();
		world.on({ method: 'POST', path: /v2\/tickets\.json/, kills: 'after' });
		await expect(world.syncCases(oroCase)).rejects.toThrow(Killed);
		world.restart();
		world.zendesk.store.deleteTicket(alive()[0].id);
		world.later(60);
	});
	test('is not made again three hours later either', async () => {
		await world.syncCases(oroCase);
		world.later(3 * 3600);
		await world.syncCases(oroCase);
		expect(alive()).toHaveLength(0);
	});
	test('is said to be deleted also when the case was edited', async () => {
		world.editCase(oroCase.id, { subject: 'Other' });
		expect(await world.syncCases(oroCase).then(([{ result }]) => result.summary, told)).toMatch(/deleted in Zendesk/);
	});
});

test('two runs at once, a follow-up with a file: none of them is a failed item', async () => {
	await closedTicket();
	const file = world.orocrm.store.insert('files', { originalFilename: 'photo.png', mimeType: 'image/png', content: Buffer.from('png').toString('base64'), fileSize: 3, owner: 1 });
	const row = world.commentOnCase(oroCase.id, 'A photo', { attachment: file.id });
	world.orocrm.store.update('files', file.id as number, { parentId: row.id });
	const ends = await Promise.allSettled([world.syncCases(oroCase), world.syncCases(oroCase)]);
	expect(ends.map((end) => (end.status === 'rejected' ? String(end.reason) : 'good'))).toEqual(['good', 'good']);
});

test('a merged ticket’s case is closed, also when local wins', async () => {
	await linked({ rules: { twoWay: true, winner: 'local' } });
	world.editCase(oroCase.id, { status: 'in_progress' });
	world.zendesk.store.mergeTicket(ticket.id, world.ticket({ requester_id: ticket.requester_id! }).id, {});
	world.later(60);
	await world.syncTickets(ticket);
	expect(world.caseOf(ticket).status).toBe('closed');
});

test('a description with a link was not edited', async () => {
	world = await TwoWayWorld.start();
	const made = world.newCase({ description: '<p>See <a href="https://example.com/manual">the manual</a>.</p>', relatedContact: world.contact('Joe', 'joe@customer.example').id });
	await world.syncCases(made);
	world.later(90);
	const [{ result }] = await world.syncCases(made);
	expect(result).toMatchObject({ outcome: 'unchanged', skipped: [] });
});

test('the account has a new address: an edit of the case goes out', async () => {
	await linked();
	world.orocrm.store.update('zendesktickets', world.recordOf(ticket).id as number, { url: `https://former.zendesk.com/api/v2/tickets/${ticket.id}.json` });
	world.orocrm.store.update('cases', oroCase.id as number, { externalId: `zd-0000abc-${ticket.id}` });
	world.editCase(oroCase.id, { priority: 'low' });
	await world.syncCases(oroCase);
	expect(ticket.priority).toBe('low');
	expect(world.sentToTickets()).toEqual([{ priority: 'low' }]);
});

describe('words for people', () => {
	test('a new contact is not called by its name within the request', async () => {
		await linked();
		world.zendesk.store.updateTicket(ticket.id, { requester_id: world.person('Joe').id });
		world.later(60);
		const [{ result }] = await world.syncTickets(ticket);
		expect(JSON.stringify(result.changes)).not.toContain('contact:');
	});
	test('preview says that a follow-up ticket would be opened', async () => {
		await closedTicket();
		world.commentOnCase(oroCase.id, 'Too late');
		world.options.sync = { ...world.options.sync, preview: true };
		const [{ result }] = await world.syncCases(oroCase);
		expect(result.summary).toMatch(/follow-up/);
	});
});

test('another OroCRM’s ticket whose case number is, by chance, this case’s number', async () => {
	world = await TwoWayWorld.start();
	ticket = world.zendesk.store.createTicket({ subject: 'Foreign', description: 'x', external_id: 'orocrm-case-1' }, { custom: { orocrm_case: 'zzzzzzz:1' } });
	world.later(60);
	await world.syncTickets(ticket);
	expect(world.caseOf(ticket).id).toBe(1);
	world.orocrm.store.remove('zendesktickets', world.recordOf(ticket).id as number);
	world.later(60).zendesk.store.updateTicket(ticket.id, { priority: 'low' });
	world.later(60);
	await world.syncTickets(ticket);
	expect(world.caseOf(ticket).id).toBe(1);
});

test('a foreign ticket does not take a case of the same number that has none yet', async () => {
	world = await TwoWayWorld.start();
	const made = world.newCase();
	const foreign = world.zendesk.store.createTicket({ subject: 'Foreign', description: 'x', external_id: `orocrm-case-${String(made.id)}` }, { custom: { orocrm_case: `zzzzzzz:${String(made.id)}` } });
	world.later(60);
	await world.syncTickets(foreign);
	expect(world.caseOf(foreign).id).not.toBe(made.id);
});

test('a ticket whose record belongs to an active integration of OroCRM’s own is refused, though no integration was chosen', async () => {
	await linked();
	world.options.sync = { settings: { channel: null, channelIsChosen: false, activeChannels: { [world.channel!]: 'Zendesk' } } };
	world.editCase(oroCase.id, { subject: 'Edited' });
	world.resetCounts();
	await expect(world.syncCases(oroCase)).rejects.toThrow(/own Zendesk integration "Zendesk", which is active/);
	expect(world.writes()).toEqual({ zendesk: [], orocrm: [] });
});

test('a comment with more files than one request takes: what is beyond becomes lines, and is said', async () => {
	await linked();
	const { store } = world.zendesk;
	const content = Buffer.alloc(2.5 * 1024 * 1024, 7);
	const attachment_ids = ['one.bin', 'two.bin'].map((file_name) => store.addAttachment({ file_name, content, content_type: 'application/octet-stream' }).id);
	store.addComment(ticket.id, { body: 'Two files', public: true, attachment_ids } as never);
	world.later(90);
	const [{ result }] = await world.syncTickets(ticket);
	expect(world.orocrm.store.count('files')).toBe(1);
	expect(messages(oroCase.id).pop()).toMatch(/^Two files\n\nAttachment: two\.bin http/);
	expect(result.notes).toContainEqual(expect.stringMatching(/two\.bin.*more than one request to OroCRM takes/));
});

test('the host of a file is not there: its pair is a failed item, the others of the batch are synced', async () => {
	await linked();
	const { store } = world.zendesk;
	const { id } = store.addAttachment({ file_name: 'lost.bin', content: Buffer.from('x'), content_type: 'application/octet-stream' });
	store.addComment(ticket.id, { body: 'With a file', public: true, attachment_ids: [id] } as never);
	const other = world.ticket();
	world.later(90).on({ path: /lost\.bin|attachments/, times: 20, loses: true });
	const outcomes = await runPipeline(await world.pairsOfTickets(ticket, other), world.clients, world.syncOptions);
	expect(outcomes.map((outcome) => ('error' in outcome ? outcome.error.message : outcome.result.outcome))).toEqual([expect.stringMatching(/^File "lost\.bin" could not be fetched/), 'created']);
	world.restart();
	await world.syncTickets(ticket);
	expect(world.orocrm.store.count('files')).toBe(1);
});

test.each(['12\uD800', 'x', -1, 2 ** 60, {}])('a problem ticket’s number that is none (%p) keeps nobody from being synced', async (problem) => {
	await linked();
	const [pair] = await world.pairsOfTickets(world.ticket());
	const [published] = await world.syncPairs([{ ...pair, ticket: { ...pair.ticket!, problem_id: problem as never } }]);
	expect(published.result.outcome).toBe('created');
});
