import { published } from '../support/n8n-harness';
import { closeAll, setParameters, startActive } from '../support/practice';

/** Who is who (sync-rules §2): stored link, then e-mail, then new, and nobody twice. */

afterEach(closeAll);

test('one new requester in many tickets of a batch makes one contact, tied to all', async () => {
	const practice = await startActive();
	const maria = practice.person('Maria Santos');
	const tickets = Array.from({ length: 8 }, () => practice.ticket({ requester_id: maria.id, submitter_id: maria.id }));
	await practice.sync();
	expect(new Set(tickets.map((ticket) => practice.caseOf(ticket).relatedContact)).size).toBe(1);
	expect(practice.count('contacts')).toBe(1);
	practice.expectNobodyTwice();
});

test('two Zendesk users with one address, in capitals or not, become one contact, also in one batch', async () => {
	const practice = await startActive();
	const first = practice.person('Maria Santos', { email: 'maria@example.com' });
	const second = practice.person('Maria S.', { email: null });
	Object.assign(practice.zendesk.store.users.get(second.id)!, { email: 'Maria@Example.com' });
	const tickets = [first, second].map((person) =>
		practice.ticket({ requester_id: person.id, submitter_id: person.id }),
	);
	await practice.sync();
	expect(practice.count('contacts')).toBe(1);
	expect(practice.caseOf(tickets[0]).relatedContact).toBe(practice.caseOf(tickets[1]).relatedContact);
	expect(
		practice
			.all('zendeskusers')
			.filter((row) => row.relatedContact)
			.map((row) => row.originId)
			.sort(),
	).toEqual([String(first.id), String(second.id)].sort());
});

test('a contact whose stored address has capitals is found, not doubled', async () => {
	const practice = await startActive();
	const contact = practice.contact('Jürgen', ['J.Mueller@Example.com']);
	const ticket = practice.ticket({
		requester_id: practice.person('Juergen Mueller', { email: 'j.mueller@example.com' }).id,
	});
	await practice.sync();
	expect(practice.caseOf(ticket).relatedContact).toBe(contact.id);
	expect(practice.count('contacts')).toBe(1);
});

test('several contacts with one address: the one whose primary address it is, then the lowest id', async () => {
	const practice = await startActive();
	practice.contact('Rosa', ['rosa@example.com', 'maria@example.com']);
	const primary = practice.contact('Maria', ['maria@example.com']);
	practice.contact('Maria', ['maria@example.com']);
	const ticket = practice.ticket({ requester_id: practice.person('Maria Santos', { email: 'maria@example.com' }).id });
	await practice.sync();
	expect(practice.caseOf(ticket).relatedContact).toBe(primary.id);
	expect(practice.count('contacts')).toBe(3);
});

test('the case takes the account of its contact, where it has one', async () => {
	const practice = await startActive();
	const { store } = practice.orocrm;
	const contact = practice.contact('Priya', ['priya@northwind.example']);
	const account = store.insert('accounts', {
		name: 'Northwind',
		contacts: [contact.id],
		owner: 1,
		organization: 1,
		createdAt: store.now(),
		updatedAt: store.now(),
	});
	const ticket = practice.ticket({ requester_id: practice.person('Priya', { email: 'priya@northwind.example' }).id });
	await practice.sync();
	expect(practice.caseOf(ticket)).toMatchObject({ relatedContact: contact.id, relatedAccount: account.id });
});

test('a new contact has its name in parts', async () => {
	const practice = await startActive();
	practice.ticket({ requester_id: practice.person('Dr. Ana Maria de Souza Jr.').id });
	practice.ticket({ requester_id: practice.person('Cher').id });
	await practice.sync();
	expect(practice.all('contacts')).toMatchObject([
		{ namePrefix: 'Dr.', firstName: 'Ana', middleName: 'Maria de', lastName: 'Souza', nameSuffix: 'Jr.' },
		{ namePrefix: null, firstName: 'Cher', middleName: null, lastName: 'Cher', nameSuffix: null },
	]);
});

test('an agent is the OroCRM user with the address, else the owner of the settings; the submitter, too', async () => {
	const practice = await startActive();
	const anna = practice.agent('Anna Keller');
	const oroAnna = practice.oroUser('Anna', anna.email ?? '');
	const desk = practice.oroUser('Support', 'support.desk@example.com');
	setParameters(practice.n8n.json, 'Resolve Contact/User', {
		owner: { __rl: true, mode: 'email', value: 'Support.Desk@example.com' },
	});
	await practice.n8n.restart();
	const nobody = practice.agent('Nora Nowhere');
	const tickets = [
		practice.ticket({ assignee_id: anna.id, submitter_id: nobody.id }),
		practice.ticket({ assignee_id: nobody.id }),
		practice.ticket({ assignee_id: null }),
	];
	const run = await practice.sync();
	expect(tickets.map((ticket) => practice.caseOf(ticket).assignedTo)).toEqual([oroAnna.id, desk.id, desk.id]);
	expect(tickets.map((ticket) => practice.caseOf(ticket).owner)).toEqual([desk.id, desk.id, desk.id]);
	expect(published(run)[1].result.notes).toContain('Nora Nowhere has no OroCRM user: the owner stands in.');
	const submitter = practice.all('zendeskusers').find((row) => row.id === practice.recordOf(tickets[0]).submitter);
	expect(submitter).toMatchObject({ originId: String(nobody.id), relatedUser: desk.id, relatedContact: null });
});

test('an owner whom OroCRM doesn’t have: the run fails and says what to choose', async () => {
	const practice = await startActive();
	setParameters(practice.n8n.json, 'Resolve Contact/User', {
		owner: { __rl: true, mode: 'email', value: 'gone@example.com' },
	});
	await practice.n8n.restart();
	practice.ticket();
	const [run] = await practice.n8n.look();
	expect(run.status).toBe('error');
	expect(run.data.resultData.error?.message).toContain('OroCRM has no user with the e-mail gone@example.com');
	expect(run.data.resultData.error?.message).toContain('Choose another owner');
	expect(practice.n8n.failedItems()).toEqual([]);
});
