import { planPair } from '../../../sync/plan-pair';
import {
	chooseRecord,
	recordPriority,
	recordStatus,
	recordSubject,
	recordType,
	ticketRecordAttributes,
} from '../../../sync/ticket-record';
import { hostOf } from '../../../zendesk/address';
import { ANNA, BEN, KEY, oroCase, readyPair, record, REQUESTER, settings, ticket } from '../support/examples';
import type { PairParts } from '../support/examples';
import { documentOf, linked } from '../support/documents';

/** The table "Ticket record": each row is one test. */

const made = (parts: PairParts = {}) => documentOf(planPair(readyPair(parts), KEY, settings)).data;

describe('the ticket record holds the ticket unmapped', () => {
	test.each([
		['originId', { id: 35 }, '35'],
		['subject', { subject: 'The tent leaks' }, 'The tent leaks'],
		['description', { description: 'Seam' }, 'Seam'],
		[
			'url',
			{ url: 'https://acme.zendesk.com/api/v2/tickets/35.json' },
			'https://acme.zendesk.com/api/v2/tickets/35.json',
		],
		['externalId', { external_id: 'shop-1' }, 'shop-1'],
		['recipient', { recipient: 'support@acme.example' }, 'support@acme.example'],
		['dueAt', { due_at: '2026-12-01T10:00:00Z' }, '2026-12-01T10:00:00Z'],
		['hasIncidents', { has_incidents: true }, true],
		['originCreatedAt', { created_at: '2026-11-20T08:00:00Z' }, '2026-11-20T08:00:00Z'],
		['originUpdatedAt', { updated_at: '2026-11-21T09:30:00Z' }, '2026-11-21T09:30:00Z'],
	] as const)('%s', (name, values, expected) => {
		expect(made({ ticket: values }).attributes?.[name]).toBe(expected);
	});

	test.each(['new', 'open', 'pending', 'hold', 'solved', 'closed'])('status %s', (status) => {
		expect(linked(made({ ticket: { status } }), 'status')).toBe(status);
	});

	test.each(['low', 'normal', 'high', 'urgent'])('priority %s', (priority) => {
		expect(linked(made({ ticket: { priority } }), 'priority')).toBe(priority);
	});

	test('priority none stays empty, though the case is normal', () => {
		expect(linked(made({ ticket: { priority: null } }), 'priority')).toBeUndefined();
	});

	test.each(['task', 'problem', 'incident', 'question'])('ticketType %s', (type) => {
		expect(linked(made({ ticket: { type } }), 'ticketType')).toBe(type);
	});

	test('problem: the record of the problem ticket', () => {
		expect(
			linked(made({ ticket: { type: 'incident', problem_id: 12 }, resolved: { problemRecord: '77' } }), 'problem'),
		).toBe('77');
	});

	test('problem: not in OroCRM yet → the result says that the link is made later', () => {
		const plan = planPair(readyPair({ ticket: { type: 'incident', problem_id: 12 } }), KEY, settings);
		expect(linked(documentOf(plan).data, 'problem')).toBeUndefined();
		expect(plan.notes.join(' ')).toContain('12');
	});

	test('collaborators: each once', () => {
		const data = made({ ticket: { collaborator_ids: [BEN, ANNA, BEN] } }).relationships?.collaborators?.data;
		expect(data).toEqual([
			{ type: 'zendeskusers', id: '82' },
			{ type: 'zendeskusers', id: '81' },
		]);
	});

	test('requester, submitter and assignee are the rows of these people', () => {
		const data = made({ ticket: { submitter_id: BEN } });
		expect([linked(data, 'requester'), linked(data, 'submitter'), linked(data, 'assignee')]).toEqual([
			'71',
			'82',
			'81',
		]);
	});

	test('the integration of the settings; none → none', () => {
		expect(linked(made(), 'channel')).toBe('5');
		expect(
			linked(documentOf(planPair(readyPair(), KEY, { ...settings, channel: null })).data, 'channel'),
		).toBeUndefined();
	});
});

describe('what OroCRM can not hold is made to fit', () => {
	test('subject over 255 characters', () => {
		expect(ticketRecordAttributes(ticket({ subject: 'ü'.repeat(300) })).subject).toBe('ü'.repeat(255));
		expect(recordSubject(`${'x'.repeat(254)}🏕`)).toBe('x'.repeat(254));
	});

	test.each([
		['url', 'url', 255],
		['external_id', 'externalId', 50],
		['recipient', 'recipient', 100],
	])('%s over its column, and the result says so where something of the ticket is lost', (from, to, length) => {
		expect(ticketRecordAttributes(ticket({ [from]: 'x'.repeat(400) }))[to]).toBe('x'.repeat(length));
		const notes = planPair(readyPair({ ticket: { [from]: 'x'.repeat(400) } }), KEY, settings).notes.join(' ');
		if (from === 'url') expect(notes).toBe('');
		else expect(notes).toContain(String(length));
	});

	test('what fits is not mentioned', () => {
		const values = { subject: 'x'.repeat(255), external_id: 'x'.repeat(50), recipient: 'x'.repeat(100) };
		expect(planPair(readyPair({ ticket: values }), KEY, settings).notes).toEqual([]);
	});

	test('statuses, priorities and types that OroCRM does not have stay empty', () => {
		expect([recordStatus('deleted'), recordPriority('blocker'), recordType('chat'), recordStatus(null)]).toEqual([
			null,
			null,
			null,
			null,
		]);
	});

	test('a number beyond 2^53 never arrives rounded: it is text', () => {
		expect(ticketRecordAttributes(ticket({ id: Number.MAX_SAFE_INTEGER })).originId).toBe('9007199254740991');
	});
});

describe('which record is the ticket’s', () => {
	const host = 'acme.zendesk.com';
	const url = (name: string) => `https://${name}/api/v2/tickets/35.json`;
	const candidate = (id: string, name: string | null, externalId?: string | null) => ({
		record: record({ id, url: name === null ? null : url(name) }),
		case: externalId === undefined ? null : oroCase({ externalId }),
	});
	const choose = (...candidates: Array<ReturnType<typeof candidate>>) => {
		const { chosen, twins } = chooseRecord(candidates, KEY, host, hostOf);
		return { chosen: chosen?.record.id, twins: twins.map((twin) => twin.record.id) };
	};

	test('the one whose case has the key', () => {
		expect(choose(candidate('1', host, null), candidate('2', host, KEY))).toEqual({ chosen: '2', twins: ['1'] });
	});

	test('else the one of the same account, with a case before one without', () => {
		expect(choose(candidate('1', host), candidate('2', host, null))).toEqual({ chosen: '2', twins: ['1'] });
	});

	test('of twins the oldest, by number and not by text', () => {
		expect(choose(candidate('10', host, KEY), candidate('9', host, KEY))).toEqual({ chosen: '9', twins: ['10'] });
	});

	test('a record of another Zendesk account is never taken', () => {
		expect(choose(candidate('1', 'other.zendesk.com', null))).toEqual({ chosen: undefined, twins: [] });
	});

	test('a record without an address is taken when there is nothing better', () => {
		expect(choose(candidate('1', null, null))).toEqual({ chosen: '1', twins: [] });
	});

	test('whatever the order', () => {
		const all = [
			candidate('3', host, null),
			candidate('4', host, KEY),
			candidate('5', null, null),
			candidate('6', 'other.zendesk.com', null),
		];
		expect(choose(...all)).toEqual(choose(...all.reverse()));
		expect(choose(...all).chosen).toBe('4');
	});
});

test('a requester without a row leaves the link empty', () => {
	const pair = readyPair({ ticket: { requester_id: null, submitter_id: null, assignee_id: null } });
	const data = documentOf(planPair(pair, KEY, settings)).data;
	expect([linked(data, 'requester'), linked(data, 'submitter'), linked(data, 'assignee')]).toEqual([
		undefined,
		undefined,
		undefined,
	]);
	expect(pair.resolved.people[REQUESTER]).toBeDefined();
});
