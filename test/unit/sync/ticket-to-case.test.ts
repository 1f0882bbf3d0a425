import { caseStatus, defaultTables, mapTicket } from '../../../sync/field-maps';
import type { MappingTables } from '../../../sync/field-maps';
import { planPair } from '../../../sync/plan-pair';
import { ANNA, BEN, KEY, OWNER, readyPair, REQUESTER, settings, ticket } from '../support/examples';
import type { PairParts } from '../support/examples';
import { documentOf, linked, only } from '../support/documents';

/** The table "Ticket → case": each row is one test. */

const mapped = (values: Parameters<typeof ticket>[0], tables: MappingTables = defaultTables) =>
	mapTicket(ticket(values), tables).case;
const newCase = (parts: PairParts = {}) => only(documentOf(planPair(readyPair(parts), KEY, settings)), 'cases');

describe('a case is created for every ticket that has none', () => {
	test('one request makes the case, its ticket record and the key that finds it again', () => {
		const plan = planPair(readyPair(), KEY, settings);
		expect(plan.outcome).toBe('created');
		expect(plan.write?.kind).toBe('create');
		expect(documentOf(plan).data.type).toBe('zendesktickets');
		expect(linked(documentOf(plan).data, 'relatedCase')).toBe(newCase().id);
		expect(newCase().attributes?.externalId).toBe(KEY);
	});

	test.each(['new', 'open', 'pending', 'hold', 'solved', 'closed'])('also for a %s ticket', (status) => {
		expect(planPair(readyPair({ ticket: { status } }), KEY, settings).outcome).toBe('created');
	});

	test('a server without keys gets none', () => {
		expect(newCase({ resolved: { keys: false } }).attributes).not.toHaveProperty('externalId');
	});
});

describe('subject → subject', () => {
	test('as it is', () => {
		expect(newCase().attributes?.subject).toBe('The tent leaks');
	});

	test('255 characters stay whole', () => {
		expect(mapped({ subject: 'x'.repeat(255) }).subject).toHaveLength(255);
	});

	test('256 characters are cut to 255, and the result says so', () => {
		const pair = readyPair({ ticket: { subject: 'x'.repeat(256) } });
		expect(newCase({ ticket: { subject: 'x'.repeat(256) } }).attributes?.subject).toBe('x'.repeat(255));
		expect(planPair(pair, KEY, settings).notes.join(' ')).toMatch(/subject.*255/i);
	});

	test('the cut never falls inside a surrogate pair', () => {
		expect(mapped({ subject: `${'x'.repeat(254)}🏕️ camp` }).subject).toBe('x'.repeat(254));
		expect(mapped({ subject: `${'x'.repeat(253)}🏕 camp` }).subject).toBe(`${'x'.repeat(253)}🏕`);
	});

	test.each([[''], ['   '], ['\u0000\u0007'], [null]])('empty (%j) → N/A', (subject) => {
		expect(mapped({ subject }).subject).toBe('N/A');
	});

	test('line breaks become spaces, control characters go', () => {
		expect(mapped({ subject: 'Tent\r\n leaks\u0000' }).subject).toBe('Tent leaks');
	});
});

describe('description → description', () => {
	test('as it is, also with line breaks, markup, emoji and right-to-left text', () => {
		const description = 'Hello\n\n<b>seam</b> 🏕️ שלום عربى';
		expect(newCase({ ticket: { description } }).attributes?.description).toBe(description);
	});

	test('none → none', () => {
		expect(mapped({ description: null }).description).toBeNull();
		expect(mapped({ description: ' \u0000 ' }).description).toBeNull();
	});
});

describe('assignee → assigned to', () => {
	test('the OroCRM user of the assignee', () => {
		expect(linked(newCase({ ticket: { assignee_id: BEN } }), 'assignedTo')).toBe('12');
	});

	test('no assignee → the owner', () => {
		expect(linked(newCase({ ticket: { assignee_id: null } }), 'assignedTo')).toBe(OWNER);
	});

	test('an assignee who is not known → the owner', () => {
		expect(linked(newCase({ ticket: { assignee_id: 999 } }), 'assignedTo')).toBe(OWNER);
	});
});

describe('priority', () => {
	test.each([
		['low', 'low'],
		['normal', 'normal'],
		['high', 'high'],
		['urgent', 'high'],
	])('priority: %s → %s', (priority, expected) => {
		expect(mapped({ priority }).priority).toBe(expected);
		expect(linked(newCase({ ticket: { priority } }), 'priority')).toBe(expected);
	});

	test('priority: none → normal', () => {
		expect(linked(newCase({ ticket: { priority: null } }), 'priority')).toBe('normal');
	});

	test('priority: unknown → normal for a new case, and the result says so', () => {
		const plan = planPair(readyPair({ ticket: { priority: 'sky-high' } }), KEY, settings);
		expect(linked(only(documentOf(plan), 'cases'), 'priority')).toBe('normal');
		expect(plan.notes.join(' ')).toContain('sky-high');
	});

	test('priority: an edited table decides', () => {
		const tables = { ...defaultTables, priority: { urgent: 'blocker', none: 'low' } };
		expect(mapped({ priority: 'urgent' }, tables).priority).toBe('blocker');
		expect(mapped({ priority: null }, tables).priority).toBe('low');
		expect(mapped({ priority: 'low' }, tables).priority).toBeNull();
	});
});

describe('status', () => {
	test.each([
		['new', 'open', 'open'],
		['open', 'open', 'open'],
		['pending', 'in progress', 'in_progress'],
		['hold', 'in progress', 'in_progress'],
		['solved', 'closed', 'closed'],
		['closed', 'closed', 'closed'],
	])('status: %s → %s', (status, _words, expected) => {
		expect(mapped({ status }).status).toBe(expected);
		expect(linked(newCase({ ticket: { status } }), 'status')).toBe(expected);
	});

	test('status: a custom status goes by its category', () => {
		expect(mapped({ status: 'pending', custom_status_id: 4711 }).status).toBe('in_progress');
	});

	test('status: a custom status that is in the table by its ID goes before its category', () => {
		const tables = { ...defaultTables, status: { ...defaultTables.status, 4711: 'resolved' } };
		expect(mapped({ status: 'pending', custom_status_id: 4711 }, tables).status).toBe('resolved');
		expect(mapped({ status: 'pending', custom_status_id: 4712 }, tables).status).toBe('in_progress');
	});

	test('status: unknown → open for a new case, and the result says so', () => {
		const plan = planPair(readyPair({ ticket: { status: 'frozen' } }), KEY, settings);
		expect(linked(only(documentOf(plan), 'cases'), 'status')).toBe('open');
		expect(plan.notes.join(' ')).toContain('frozen');
	});

	test('status: an edited table decides', () => {
		const tables = { ...defaultTables, status: { solved: 'resolved' } };
		expect(mapped({ status: 'solved' }, tables).status).toBe('resolved');
		expect(mapped({ status: 'open' }, tables).status).toBeNull();
	});

	test.each(['constructor', 'toString', '__proto__'])(
		'status: %s is not found in a table that does not have it',
		(status) => {
			expect(caseStatus({ status }, defaultTables)).toBeNull();
		},
	);
});

describe('requester → related contact', () => {
	test('the contact, and its account where it has one', () => {
		expect(linked(newCase(), 'relatedContact')).toBe('41');
		expect(linked(newCase(), 'relatedAccount')).toBe('61');
	});

	test('a contact without an account leaves the account empty', () => {
		const pair = readyPair();
		pair.resolved.people[REQUESTER].account = null;
		expect(linked(only(documentOf(planPair(pair, KEY, settings)), 'cases'), 'relatedAccount')).toBeUndefined();
	});

	test('a new contact is made in the same request', () => {
		const pair = readyPair();
		pair.resolved.people[REQUESTER] = {
			...pair.resolved.people[REQUESTER],
			row: { create: 'row:7001' },
			contact: { create: 'contact:maria@example.com' },
			account: null,
			foundBy: 'new',
		};
		const plan = planPair(pair, KEY, settings);
		const contact = only(documentOf(plan), 'contacts');
		expect(linked(only(documentOf(plan), 'cases'), 'relatedContact')).toBe(contact.id);
		expect(contact.attributes).toMatchObject({
			firstName: 'Maria',
			lastName: 'Santos',
			primaryEmail: 'maria@example.com',
		});
		expect(linked(contact, 'owner')).toBe(OWNER);
		expect(plan.makes).toEqual(expect.arrayContaining([contact.id, 'row:7001']));
	});
});

describe('created_at → reported at', () => {
	test('the second at which the ticket came', () => {
		expect(newCase().attributes?.reportedAt).toBe('2026-11-20T08:00:00Z');
	});

	test('a date with an offset names the same second', () => {
		expect(mapped({ created_at: '2026-11-20T10:00:00.750+02:00' }).reportedAt).toBe('2026-11-20T08:00:00Z');
	});

	test('what is no date is left to OroCRM', () => {
		expect(newCase({ ticket: { created_at: 'yesterday' } }).attributes).not.toHaveProperty('reportedAt');
	});
});

describe('via.channel → source', () => {
	test.each([
		['email', 'email'],
		['phone', 'phone'],
		['voice', 'phone'],
		['web', 'web'],
		['help center', 'web'],
		['help_center', 'web'],
		['Help Center', 'web'],
		['form', 'web'],
		['web form', 'web'],
		['twitter', 'other'],
		['api', 'other'],
		['chat', 'other'],
		['constructor', 'other'],
		[null, 'other'],
		[33, 'other'],
	])('via.channel: %s → %s', (channel, expected) => {
		expect(mapped({ via: { channel } }).source).toBe(expected);
		expect(linked(newCase({ ticket: { via: { channel } } }), 'source')).toBe(expected);
	});

	test('via.channel: no via at all → other', () => {
		expect(mapped({ via: null }).source).toBe('other');
		expect(mapped({ via: undefined }).source).toBe('other');
	});

	test('via.channel: an edited table decides, with * for all others', () => {
		const tables = { ...defaultTables, source: { twitter: 'social', '*': 'web' } };
		expect(mapped({ via: { channel: 'twitter' } }, tables).source).toBe('social');
		expect(mapped({ via: { channel: 'email' } }, tables).source).toBe('web');
	});
});

describe('custom fields', () => {
	const custom_fields = [
		{ id: 360, value: 'gold' },
		{ id: 361, value: '7' },
		{ id: 362, value: 'many' },
		{ id: 363, value: ['a', 'b'] },
		{ id: 364, value: null },
		{ id: 365, value: '2026-12-24' },
		{ id: 366, value: 'true' },
		{ id: 367, value: '2026-12-24T10:00:00+02:00' },
	];
	const field = (ticketField: string, kind: 'text' | 'number' | 'boolean' | 'date' | 'option', relatedType?: string) =>
		mapTicket(ticket({ custom_fields, group_id: 12 }), defaultTables, [
			{ ticketField, caseField: 'target', kind, relatedType },
		]);

	test.each([
		['360', 'text', 'gold'],
		['361', 'number', 7],
		['363', 'text', 'a, b'],
		['364', 'text', null],
		['365', 'date', '2026-12-24'],
		['367', 'date', '2026-12-24T08:00:00Z'],
		['366', 'boolean', true],
		['360', 'boolean', false],
		['group_id', 'number', 12],
	] as const)('field %s as %s → %j', (ticketField, kind, value) => {
		expect(field(ticketField, kind).case.fields).toEqual({ target: { value } });
	});

	test('an option becomes a link to a record of its type', () => {
		const pair = readyPair({
			ticket: { custom_fields },
			fields: [{ ticketField: '360', caseField: 'level', kind: 'option', relatedType: 'levels' }],
		});
		expect(only(documentOf(planPair(pair, KEY, settings)), 'cases').relationships?.level).toEqual({
			data: { type: 'levels', id: 'gold' },
		});
	});

	test.each([
		['362', 'number'],
		['360', 'date'],
		['999', 'text'],
		['constructor', 'text'],
	] as const)('what field %s can not give as %s is left alone and said', (ticketField, kind) => {
		const { case: result, notes } = field(ticketField, kind);
		expect(result.fields).toEqual({});
		expect(notes.join(' ')).toContain(ticketField);
	});
});

test('the owner owns what is made', () => {
	expect(linked(newCase({ resolved: { owner: '9' } }), 'owner')).toBe('9');
	expect(linked(newCase({ ticket: { assignee_id: ANNA } }), 'owner')).toBe(OWNER);
});
