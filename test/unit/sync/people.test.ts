import { requesterFor } from '../../../sync/zendesk-people';
import type { OroContact, OroUser } from '../../../orocrm/types';
import {
	chooseContact,
	chooseRow,
	chooseUser,
	comparableEmail,
	contactName,
	isErased,
	isStaff,
	knownRole,
	newContactAttributes,
	splitName,
	zendeskUserAttributes,
} from '../../../sync/people';
import { row, user } from '../support/examples';

const contact = (id: string, primaryEmail: string | null, others: string[] = []): OroContact => ({
	id,
	firstName: 'A',
	lastName: 'B',
	primaryEmail,
	emails: primaryEmail ? [primaryEmail, ...others] : others,
	accounts: [],
});
const oroUser = (id: string, email: string, enabled = true): OroUser => ({
	id,
	email,
	firstName: 'A',
	lastName: 'B',
	enabled,
});

describe('a contact by e-mail', () => {
	test('e-mails are compared without case', () => {
		expect(chooseContact([contact('1', 'J.Mueller@Example.com')], 'j.mueller@example.COM')?.id).toBe('1');
		expect(comparableEmail('  A@B.example ')).toBe('a@b.example');
	});

	test('also by an address that is not the primary one', () => {
		expect(chooseContact([contact('1', 'a@x.example', ['b@x.example'])], 'b@x.example')?.id).toBe('1');
	});

	test('of several the one whose primary e-mail it is', () => {
		expect(
			chooseContact([contact('1', 'a@x.example', ['b@x.example']), contact('2', 'b@x.example')], 'b@x.example')?.id,
		).toBe('2');
	});

	test('then the lowest id, by number', () => {
		expect(chooseContact([contact('10', 'a@x.example'), contact('9', 'a@x.example')], 'a@x.example')?.id).toBe('9');
	});

	test('none with another address, none for nobody', () => {
		expect(chooseContact([contact('1', 'a@x.example')], 'aa@x.example')).toBeUndefined();
		expect(chooseContact([contact('1', null), contact('2', '')], '')).toBeUndefined();
		expect(chooseContact([contact('1', null), contact('2', ' ')], '  ')).toBeUndefined();
	});
});

describe('a user by primary e-mail', () => {
	test('without case', () => {
		expect(chooseUser([oroUser('3', 'Anna@Example.com')], 'anna@example.com')?.id).toBe('3');
	});

	test('an enabled one before a disabled one, then the lowest id', () => {
		const users = [oroUser('2', 'a@x.example', false), oroUser('10', 'a@x.example'), oroUser('9', 'a@x.example')];
		expect(chooseUser(users, 'a@x.example')?.id).toBe('9');
		expect(chooseUser(users.slice(0, 1), 'a@x.example')?.id).toBe('2');
	});

	test('nobody without an e-mail', () => {
		expect(chooseUser([oroUser('1', '')], null)).toBeUndefined();
		expect(chooseUser([oroUser('1', '')], '')).toBeUndefined();
	});
});

test('of several rows for one person the one that is linked, then the lowest id', () => {
	expect(
		chooseRow([row({ id: '3' }), row({ id: '5', relatedContact: '1' }), row({ id: '4', relatedUser: '1' })])?.id,
	).toBe('4');
	expect(chooseRow([row({ id: '10' }), row({ id: '9' })])?.id).toBe('9');
	expect(chooseRow([])).toBeUndefined();
});

describe('people without an e-mail are never merged', () => {
	test('two new ones are two contacts', () => {
		expect(contactName(user({ id: 1, email: null }))).not.toBe(contactName(user({ id: 2, email: null })));
		expect(contactName(user({ id: 1, email: '' }))).not.toBe(contactName(user({ id: 2, email: ' ' })));
	});

	test('two with the same e-mail are one', () => {
		expect(contactName(user({ id: 1, email: 'A@x.example' }))).toBe(contactName(user({ id: 2, email: 'a@X.example' })));
	});
});

describe('a new contact’s name is split as OroCRM does', () => {
	const parts = (name: string) => Object.values(splitName(name)).map((part) => part ?? '');

	test.each([
		['Maria Santos', ['', 'Maria', '', 'Santos', '']],
		['Sofía García López', ['', 'Sofía', 'García', 'López', '']],
		['Dr. Walter H. Grant Jr.', ['Dr.', 'Walter', 'H.', 'Grant', 'Jr.']],
		['Mrs Ann Lee', ['Mrs', 'Ann', '', 'Lee', '']],
		['MR. John Smith III', ['MR.', 'John', '', 'Smith', 'III']],
		['Zoë 🌻 van den Berg', ['', 'Zoë', '🌻 van den', 'Berg', '']],
		['  Anna \t Keller\n', ['', 'Anna', '', 'Keller', '']],
		['أمينة حسن', ['', 'أمينة', '', 'حسن', '']],
	])('%s', (name, expected) => {
		expect(parts(name)).toEqual(expected);
	});

	test('one word is first and last name', () => {
		expect(parts('Cher')).toEqual(['', 'Cher', '', 'Cher', '']);
		expect(parts('王伟')).toEqual(['', '王伟', '', '王伟', '']);
	});

	test('a title and one word', () => {
		expect(parts('Dr. Who')).toEqual(['Dr.', 'Who', '', 'Who', '']);
	});

	test('a title alone is a name', () => {
		expect(parts('Dr')).toEqual(['', 'Dr', '', 'Dr', '']);
	});

	test('nothing is nothing', () => {
		expect(parts('')).toEqual(['', '', '', '', '']);
		expect(parts(' \u0000 ')).toEqual(['', '', '', '', '']);
	});

	test('first and last name have at most 100 characters', () => {
		const { firstName, lastName } = splitName(`${'a'.repeat(150)} ${'b'.repeat(150)}`);
		expect([firstName?.length, lastName?.length]).toEqual([100, 100]);
	});
});

describe('a new contact', () => {
	test('has name, e-mail and phone', () => {
		expect(
			newContactAttributes(user({ id: 1, name: 'Maria Santos', email: 'maria@example.com', phone: '+351 21' })),
		).toEqual({
			firstName: 'Maria',
			lastName: 'Santos',
			primaryEmail: 'maria@example.com',
			primaryPhone: '+351 21',
		});
	});

	test.each(['no address', 'a@b', '@example.com', 'a@b,c.example', 'a b@example.com'])(
		'what is plainly no address (%j) is left out, or OroCRM would refuse the ticket',
		(email) => {
			expect(newContactAttributes(user({ id: 1, name: 'Ann Lee', email }))).not.toHaveProperty('primaryEmail');
		},
	);

	test('nothing that OroCRM accepts as a contact → none', () => {
		expect(newContactAttributes(user({ id: 1, name: '', email: null }))).toBeUndefined();
	});
});

test('agents and admins work in Zendesk, everybody else is a customer', () => {
	expect(['agent', 'admin', 'end-user', 'something', undefined, null].map(isStaff)).toEqual([
		true,
		true,
		false,
		false,
		false,
		false,
	]);
	expect(['agent', 'admin', 'end-user', 'something', undefined].map(knownRole)).toEqual([
		'agent',
		'admin',
		'end-user',
		null,
		null,
	]);
});

test('the remains of a deleted person are nobody', () => {
	expect(isErased({ name: 'Permanently Deleted User', email: null, active: false })).toBe(true);
	expect(isErased({ name: 'Permanently Deleted User', email: 'a@x.example', active: false })).toBe(false);
	expect(isErased({ name: 'Maria', email: null, active: false })).toBe(false);
});

describe('a zendeskusers row', () => {
	test('holds the person as Zendesk has them', () => {
		expect(
			zendeskUserAttributes(
				user({
					id: 7,
					name: 'Maria',
					email: 'Maria@Example.com',
					phone: '1',
					time_zone: 'Lisbon',
					locale: 'pt',
					verified: true,
					created_at: '2026-01-02T03:04:05Z',
					last_login_at: null,
				}),
			),
		).toMatchObject({
			originId: '7',
			name: 'Maria',
			email: 'Maria@Example.com',
			phone: '1',
			timeZone: 'Lisbon',
			locale: 'pt',
			verified: true,
			active: true,
			originCreatedAt: '2026-01-02T03:04:05Z',
			lastLoginAt: null,
		});
	});

	test.each([
		['url', 'url', 255],
		['external_id', 'externalId', 50],
		['name', 'name', 255],
		['ticket_restriction', 'ticketRestriction', 30],
		['alias', 'alias', 100],
		['email', 'email', 255],
		['phone', 'phone', 50],
		['time_zone', 'timeZone', 30],
		['locale', 'locale', 30],
	])('%s is cut to its column', (from, to, length) => {
		expect(zendeskUserAttributes({ ...user({ id: 1 }), [from]: 'ä'.repeat(400) })[to]).toBe('ä'.repeat(length));
	});

	test('a person without a name is called by number', () => {
		expect(zendeskUserAttributes(user({ id: 7, name: ' ' })).name).toContain('7');
	});
});

describe('who is made in Zendesk for a contact', () => {
	const contacts = (name: string, email: string | null) => ({ defaultEmail: '', users: {}, contacts: { '41': { id: null, name, email } } });
	test.each(['2026-11-24', '[object Object]', 'a b@c.example', 'a@b', ' ', null])('nobody for the e-mail %j, which Zendesk would refuse with all that goes with it', (email) => {
		expect(requesterFor(contacts('Maria', email), '41')).toBeUndefined();
	});
	test('a name is one that can be sent', () => {
		expect(requesterFor(contacts('Ma\u0000ria \ud83c', 'maria@example.com'), '41')).toEqual({ create: { name: 'Maria \ufffd', email: 'maria@example.com' } });
		expect(requesterFor(contacts('\u0007', 'maria@example.com'), '41')).toEqual({ create: { name: 'maria@example.com', email: 'maria@example.com' } });
	});
});
