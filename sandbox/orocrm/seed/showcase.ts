import type { Id } from '../schema/types';
import type { Store } from '../store/store';
import { insertSalesRep, insertUser } from './base';

/**
 * A small company to look at: four people of the help desk and the owner "Support Desk", customers (two contacts share
 * one address, one writes its address with capitals), a deactivated Zendesk integration and a few cases that have no ticket.
 */
export function insertShowcase(store: Store): void {
	const people = insertPeople(store);
	const customers = insertCustomers(store, people.support);
	store.insert('integrationchannels', {
		name: 'Zendesk',
		channelType: 'zendesk',
		enabled: false,
		isTwoWaySyncEnabled: false,
	});
	insertCases(store, people, customers);
}

interface People {
	anna: Id;
	ben: Id;
	chiara: Id;
	support: Id;
}

function insertPeople(store: Store): People {
	const add = (username: string, firstName: string, lastName: string): Id =>
		insertUser(store, { username, email: `${username}@example.com`, firstName, lastName }).id;
	const people = {
		anna: add('anna.keller', 'Anna', 'Keller'),
		ben: add('ben.okafor', 'Ben', 'Okafor'),
		chiara: add('chiara.rossi', 'Chiara', 'Rossi'),
		support: add('support.desk', 'Support', 'Desk'),
	};
	insertSalesRep(store);
	return people;
}

interface Customers {
	maria: Id;
	mueller: Id;
	priya: Id;
	lund: Id;
	northwind: Id;
}

function insertCustomers(store: Store, owner: Id): Customers {
	const dates = { createdAt: store.now(), updatedAt: store.now() };
	const common = { owner, organization: 1, ...dates };
	const contact = (firstName: string, lastName: string, emails: string[], more: Record<string, unknown> = {}): Id =>
		store.insert('contacts', {
			firstName,
			lastName,
			emails,
			primaryEmail: emails[0],
			createdBy: 1,
			updatedBy: 1,
			...common,
			...more,
		}).id;
	// The lower id has the shared address as its second one; the primary one must win all the same (sync-rules.md §2).
	contact('Rosa', 'Santos', ['rosa.santos@example.com', 'maria.santos@example.com']);
	const maria = contact('Maria', 'Santos', ['maria.santos@example.com']);
	const mueller = contact('Jürgen', 'Müller', ['J.Mueller@Example.com'], { jobTitle: 'Head of Purchasing' });
	const phones = { phones: ['+44 20 7946 0991'], primaryPhone: '+44 20 7946 0991' };
	const priya = contact('Priya', 'Natarajan', ['priya@northwind.example'], phones);
	const lund = contact('Erik', 'Lund', ['erik.lund@fjord.example']);
	contact('Yuki', 'Tanaka', ['yuki.tanaka@example.com']);
	contact('Owen', 'Byrne', ['owen@fjord.example'], { description: 'Prefers to be called.' });
	const northwind = store.insert('accounts', {
		name: 'Northwind Traders',
		contacts: [priya],
		defaultContact: priya,
		...common,
	}).id;
	const contacts = store.all('contacts').filter((row) => String(row.primaryEmail).endsWith('@fjord.example'));
	store.insert('accounts', {
		name: 'Fjord Outdoor',
		contacts: contacts.map((row) => row.id),
		defaultContact: lund,
		...common,
	});
	return { maria, mueller, priya, lund, northwind };
}

function insertCases(store: Store, people: People, customers: Customers): void {
	const ago = (hours: number): string =>
		`${new Date(store.clock.now().getTime() - hours * 3_600_000).toISOString().slice(0, 19)}Z`;
	const add = (hours: number, values: Record<string, unknown>): Id =>
		store.insert('cases', {
			owner: people.support,
			organization: 1,
			createdAt: ago(hours),
			reportedAt: ago(hours),
			...values,
		}).id;
	const tent = add(50, {
		subject: 'Tent pole broke on the first night',
		description: 'The front pole of the Ridge 2 split along its length. We would like a new one before Friday.',
		source: 'phone',
		status: 'in_progress',
		priority: 'high',
		relatedContact: customers.lund,
		assignedTo: people.ben,
		updatedAt: ago(44),
	});
	add(30, {
		subject: 'Invoice 2026-1183 shows the wrong VAT number',
		description: 'Please correct the VAT number on the invoice and send it again.',
		source: 'email',
		status: 'open',
		priority: 'normal',
		relatedContact: customers.priya,
		relatedAccount: customers.northwind,
		assignedTo: people.anna,
	});
	add(26, {
		subject: 'Delivery address for standing orders',
		source: 'web',
		status: 'open',
		priority: 'low',
		relatedContact: customers.mueller,
		assignedTo: people.chiara,
	});
	add(120, {
		subject: 'Gift card could not be redeemed',
		description: 'The shop says that the code is not known.',
		resolution: 'The code was entered with a zero for the letter O.',
		source: 'email',
		status: 'closed',
		priority: 'normal',
		relatedContact: customers.maria,
		assignedTo: people.anna,
		updatedAt: ago(100),
		closedAt: ago(100),
	});
	const comment = (hours: number, message: string, isPublic: boolean, owner: Id): void => {
		const dates = { createdAt: ago(hours), updatedAt: ago(hours) };
		store.insert('casecomments', { case: tent, message, public: isPublic, owner, organization: 1, ...dates });
	};
	comment(46, 'Thanks for the call. A new pole leaves our warehouse tomorrow.', true, people.ben);
	comment(45, 'Second report for this batch, told Purchasing.', false, people.ben);
}
