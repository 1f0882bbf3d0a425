import { insertUser } from '../../../sandbox/orocrm/seed/base';
import { startPracticeOroCrm } from '../../../sandbox/orocrm/server';
import type { PracticeOroCrm } from '../../../sandbox/orocrm/server';
import type { Id, Row } from '../../../sandbox/orocrm/schema/types';
import type { NewUser } from '../../../sandbox/zendesk/people';
import { startPracticeZendesk } from '../../../sandbox/zendesk/server';
import type { PracticeZendesk } from '../../../sandbox/zendesk/server';
import type { NewTicket } from '../../../sandbox/zendesk/ticket-creation';
import { isFailure } from '../../../pipeline/clients';
import { practiceClients, syncEverything } from '../../support/pipeline';
import type { SyncOptions } from '../../support/pipeline';

/** Rows of the tables that need a look-up: who the people of a ticket are in OroCRM. The practice servers answer. */

let zendesk: PracticeZendesk;
let orocrm: PracticeOroCrm;
let owner: string;

beforeEach(async () => {
	[zendesk, orocrm] = await Promise.all([
		startPracticeZendesk({ exportDelaySeconds: 0, limits: 'off', subdomainUrl: 'https://acme.zendesk.com' }),
		startPracticeOroCrm({ searchLagMs: 0 }),
	]);
	owner = String(oroUser('support.desk'));
});

afterEach(async () => {
	await Promise.all([zendesk.close(), orocrm.close()]);
});

function oroUser(name: string): Id {
	return insertUser(orocrm.store, { username: name, email: `${name}@example.com`, firstName: 'A', lastName: 'B' }).id;
}

function contact(values: { emails: string[]; firstName?: string }): Id {
	return orocrm.store.insert('contacts', {
		firstName: 'Old',
		lastName: 'Contact',
		primaryEmail: values.emails[0],
		owner: 1,
		organization: 1,
		createdAt: orocrm.store.now(),
		updatedAt: orocrm.store.now(),
		...values,
	}).id;
}

const person = (values: NewUser) => zendesk.store.createUser(values);
const agent = (name: string) => person({ name: `Agent ${name}`, email: `${name}@example.com`, role: 'agent' });

function addTicket(values: Partial<NewTicket> = {}): number {
	return zendesk.store.createTicket({ subject: 'The tent leaks', description: 'Help', ...values }).id;
}

async function sync(options: SyncOptions = {}): Promise<void> {
	const { outcomes } = await syncEverything(await practiceClients({ zendesk, orocrm }), { owner, ...options });
	for (const outcome of outcomes) if (isFailure(outcome)) throw outcome.error;
}

const all = (type: string): Row[] => orocrm.store.all(type);
const only = (type: string): Row => {
	const rows = all(type);
	if (rows.length !== 1) throw new Error(`${rows.length} ${type}`);
	return rows[0];
};
/** A person's row, as the ticket record links it. */
const linkedRow = (name: 'requester' | 'submitter' | 'assignee'): Row | undefined =>
	orocrm.store.get('zendeskusers', only('zendesktickets')[name] as Id);

describe('requester', () => {
	test('requester: contact by e-mail, whatever the capitals', async () => {
		const known = contact({ emails: ['Maria.Santos@Example.com'] });
		addTicket({ requester_id: person({ name: 'Maria Santos', email: 'maria.santos@example.com' }).id });
		await sync();
		expect(all('contacts')).toHaveLength(1);
		expect(only('cases').relatedContact).toBe(known);
		expect(linkedRow('requester')).toMatchObject({
			relatedContact: known,
			role: 'end-user',
			email: 'maria.santos@example.com',
		});
	});

	test('requester: of several contacts the one whose primary e-mail it is', async () => {
		contact({ emails: ['rosa@example.com', 'maria@example.com'] });
		const primary = contact({ emails: ['maria@example.com'] });
		addTicket({ requester_id: person({ name: 'Maria', email: 'maria@example.com' }).id });
		await sync();
		expect(only('cases').relatedContact).toBe(primary);
	});

	test('requester: no contact → one is created, with the parts of the name', async () => {
		addTicket({
			requester_id: person({ name: 'Dr. Walter H. Grant Jr.', email: 'w.grant@example.com', phone: '+44 1' }).id,
		});
		await sync();
		expect(only('contacts')).toMatchObject({
			namePrefix: 'Dr.',
			firstName: 'Walter',
			middleName: 'H.',
			lastName: 'Grant',
			nameSuffix: 'Jr.',
			primaryEmail: 'w.grant@example.com',
			primaryPhone: '+44 1',
		});
		expect(String(only('contacts').owner)).toBe(owner);
		expect(only('cases').relatedContact).toBe(only('contacts').id);
	});

	test('requester: the setting is off → the case has no contact', async () => {
		addTicket({ requester_id: person({ name: 'Maria', email: 'maria@example.com' }).id });
		await sync({ createMissingContacts: false });
		expect(all('contacts')).toEqual([]);
		expect(only('cases').relatedContact ?? null).toBeNull();
	});

	test('requester: one new one in many tickets of a batch makes one contact', async () => {
		const { id } = person({ name: 'Maria', email: 'maria@example.com' });
		for (let i = 0; i < 5; i++) addTicket({ requester_id: id });
		await sync({ parallel: 4 });
		expect(all('cases')).toHaveLength(5);
		expect(all('contacts')).toHaveLength(1);
		expect(all('zendeskusers').filter((row) => row.email === 'maria@example.com')).toHaveLength(1);
		expect(new Set(all('cases').map((row) => row.relatedContact))).toEqual(new Set([only('contacts').id]));
	});

	test('requester: people without an e-mail are tied by their Zendesk id and never merged', async () => {
		const first = person({ name: 'Caller', email: null, phone: '+44 1' }).id;
		const second = person({ name: 'Caller', email: null, phone: '+44 1' }).id;
		addTicket({ requester_id: first });
		addTicket({ requester_id: second });
		addTicket({ requester_id: second });
		await sync();
		expect(all('contacts')).toHaveLength(2);
		expect(all('zendeskusers').map((row) => String(row.originId))).toEqual(
			expect.arrayContaining([String(first), String(second)]),
		);
	});

	test('requester: an account of the contact goes to the case', async () => {
		const known = contact({ emails: ['maria@example.com'] });
		const account = orocrm.store.insert('accounts', {
			name: 'Santos',
			contacts: [known],
			owner: 1,
			organization: 1,
			createdAt: orocrm.store.now(),
			updatedAt: orocrm.store.now(),
		}).id;
		addTicket({ requester_id: person({ name: 'Maria', email: 'maria@example.com' }).id });
		await sync();
		expect(only('cases').relatedAccount).toBe(account);
	});

	test('requester: the stored link goes before the e-mail', async () => {
		const linked = contact({ emails: ['other@example.com'] });
		contact({ emails: ['maria@example.com'] });
		const { id } = person({ name: 'Maria', email: 'maria@example.com' });
		orocrm.store.insert('zendeskusers', {
			originId: String(id),
			name: 'Maria',
			relatedContact: linked,
			createdAt: orocrm.store.now(),
			updatedAt: orocrm.store.now(),
		});
		addTicket({ requester_id: id });
		await sync();
		expect(only('cases').relatedContact).toBe(linked);
	});

	test('requester: an empty stored link is resolved by e-mail and filled in', async () => {
		const known = contact({ emails: ['maria@example.com'] });
		const { id } = person({ name: 'Maria', email: 'maria@example.com' });
		const row = orocrm.store.insert('zendeskusers', {
			originId: String(id),
			name: 'Maria',
			relatedContact: null,
			createdAt: orocrm.store.now(),
			updatedAt: orocrm.store.now(),
		});
		addTicket({ requester_id: id });
		await sync();
		expect(all('zendeskusers').filter((one) => String(one.originId) === String(id))).toHaveLength(1);
		expect(orocrm.store.get('zendeskusers', row.id)?.relatedContact).toBe(known);
	});

	test('requester: an agent who asks for help gets a contact, too', async () => {
		addTicket({ requester_id: agent('anna').id });
		await sync();
		expect(only('contacts').primaryEmail).toBe('anna@example.com');
		expect(only('cases').relatedContact).toBe(only('contacts').id);
	});
});

describe('submitter', () => {
	const requester = () => person({ name: 'Maria', email: 'maria@example.com' }).id;

	test('submitter: end user → contact by e-mail, created if there is none', async () => {
		const submitter = person({ name: 'Paul Other', email: 'paul@example.com' }).id;
		addTicket({ requester_id: requester(), submitter_id: submitter });
		await sync();
		const made = all('contacts').find((row) => row.primaryEmail === 'paul@example.com');
		expect(linkedRow('submitter')).toMatchObject({
			originId: String(submitter),
			relatedContact: made?.id,
			relatedUser: null,
		});
	});

	test('submitter: agent → user by primary e-mail', async () => {
		const anna = oroUser('anna');
		addTicket({ requester_id: requester(), submitter_id: agent('anna').id });
		await sync();
		expect(linkedRow('submitter')).toMatchObject({ relatedUser: anna, relatedContact: null, role: 'agent' });
	});

	test('submitter: admin → user by primary e-mail', async () => {
		const boss = oroUser('boss');
		addTicket({
			requester_id: requester(),
			submitter_id: person({ name: 'Boss', email: 'Boss@example.com', role: 'admin' }).id,
		});
		await sync();
		expect(linkedRow('submitter')).toMatchObject({ relatedUser: boss, role: 'admin' });
	});

	test('submitter: agent without OroCRM user → the owner', async () => {
		addTicket({ requester_id: requester(), submitter_id: agent('dmitri').id });
		await sync();
		expect(String(linkedRow('submitter')?.relatedUser)).toBe(owner);
	});
});

describe('assignee', () => {
	test('assignee: user by primary e-mail, of the record and of the case', async () => {
		const anna = oroUser('anna');
		addTicket({ assignee_id: agent('anna').id });
		await sync();
		expect(linkedRow('assignee')?.relatedUser).toBe(anna);
		expect(only('cases').assignedTo).toBe(anna);
	});

	test('assignee: without OroCRM user → the owner', async () => {
		addTicket({ assignee_id: agent('dmitri').id });
		await sync();
		expect(String(linkedRow('assignee')?.relatedUser)).toBe(owner);
		expect(String(only('cases').assignedTo)).toBe(owner);
	});

	test('assignee: none → the owner has the case, the record has none', async () => {
		addTicket({ assignee_id: null });
		await sync();
		expect(linkedRow('assignee')).toBeUndefined();
		expect(String(only('cases').assignedTo)).toBe(owner);
	});

	test('assignee: user gone in OroCRM → the empty link is resolved by e-mail again', async () => {
		const { id } = agent('anna');
		const anna = oroUser('anna');
		orocrm.store.insert('zendeskusers', {
			originId: String(id),
			name: 'Anna',
			role: 'agent',
			relatedUser: null,
			createdAt: orocrm.store.now(),
			updatedAt: orocrm.store.now(),
		});
		addTicket({ assignee_id: id });
		await sync();
		expect(linkedRow('assignee')?.relatedUser).toBe(anna);
	});
});

describe('collaborators', () => {
	test('collaborators: each by a row of their own', async () => {
		const first = person({ name: 'One', email: 'one@example.com' }).id;
		const second = agent('two').id;
		addTicket({ collaborator_ids: [first, second] });
		await sync();
		const ids = only('zendesktickets').collaborators as Id[];
		expect(ids.map((id) => String(orocrm.store.get('zendeskusers', id)?.originId)).sort()).toEqual(
			[String(first), String(second)].sort(),
		);
	});
});
