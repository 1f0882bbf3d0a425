import type { FieldMapping } from '../../../sync/field-maps';
import { defaultTables } from '../../../sync/field-maps';
import { mapCase, ticketHolds } from '../../../sync/map-case';
import { mapCaseAgain, mapPair, mapTicketAgain } from '../../../sync/map-pair';
import { planPair } from '../../../sync/plan-pair';
import { KEY, oroCase, readyPair, settings, ticket } from '../support/examples';

const toTicket = (caseField: string, ticketField: string, kind: FieldMapping['kind'] = 'text'): FieldMapping => ({ direction: 'toTicket', caseField, ticketField, kind });

describe('a case in the ticket’s words', () => {
	test('by the tables; what is not in them is null', () => {
		expect(mapCase(oroCase({ status: 'in_progress', priority: 'high' }), defaultTables).ticket).toMatchObject({ subject: 'The tent leaks', status: 'pending', priority: 'high' });
		expect(mapCase(oroCase({ status: 'odd', priority: null }), defaultTables).ticket).toMatchObject({ status: null, priority: null });
	});

	test('without a description the subject is the first comment', () => {
		expect(mapCase(oroCase({ description: '  ' }), defaultTables).ticket.description).toBe('The tent leaks');
	});

	test.each<[FieldMapping['kind'], unknown, unknown]>([
		['text', '  x ', 'x'],
		['text', null, null],
		['number', '1.5000', 1.5],
		['boolean', true, true],
		['date', '2026-11-20T08:00:00Z', '2026-11-20'],
		['option', 'gold', 'gold'],
	])('custom field of kind %s: %j → %j', (kind, raw, wanted) => {
		expect(mapCase(oroCase({ fields: { level: raw } }), defaultTables, [toTicket('level', '360', kind)]).ticket.fields).toEqual({ 360: wanted });
	});

	test.each<[FieldMapping['kind'], string]>([
		['number', 'many'],
		['date', 'soon'],
	])('what is no %s is left alone, with a note', (kind, raw) => {
		const { ticket: mapped, notes } = mapCase(oroCase({ fields: { level: raw } }), defaultTables, [toTicket('level', '360', kind)]);
		expect(mapped.fields).toEqual({});
		expect(notes).toEqual([expect.stringContaining(raw)]);
	});

	test('a field that was not read, and one of the other direction, are left out', () => {
		expect(mapCase(oroCase({ fields: {} }), defaultTables, [toTicket('level', '360'), { ...toTicket('level', '361'), direction: 'toCase' }]).ticket.fields).toEqual({});
	});
});

test.each([
	['5', 5, true],
	['2026-11-20', '2026-11-20', true],
	['2026-11-20T00:00:00Z', '2026-11-20', true],
	[null, '', true],
	[undefined, null, true],
	['a', 'b', false],
	[false, true, false],
	['true', true, true],
	[['a', 'b'], 'a, b', true],
	['x', null, false],
])('a ticket’s field %j holds %j: %s', (present, wanted, same) => {
	expect(ticketHolds(present, wanted)).toBe(same);
});

describe('a custom field of the case goes to the ticket', () => {
	const fields = [toTicket('level', '360'), toTicket('team', 'group_id', 'number')];
	const pairOf = (values: Record<string, unknown>) =>
		readyPair({ record: { originUpdatedAt: '2026-11-21T09:30:00Z' }, case: { fields: values }, ticket: { custom_fields: [{ id: 360, value: 'silver' }], group_id: 5 }, fields });
	const sent = (values: Record<string, unknown>, twoWay = true) => planPair(pairOf(values), KEY, { ...settings, rules: { twoWay, winner: 'remote' } }).ticketWrite?.changes.attributes ?? null;

	test('where it differs, and nothing else', () => {
		expect(sent({ level: 'gold', team: 5 })).toEqual({ custom_fields: [{ id: 360, value: 'gold' }] });
		expect(sent({ level: 'silver', team: 7 })).toEqual({ group_id: 7 });
		expect(sent({ level: 'silver', team: 5 })).toBeNull();
	});

	test('not in one-way mode', () => {
		expect(sent({ level: 'gold', team: 7 }, false)).toBeNull();
	});

	test('a field that the ticket doesn’t have is reported', () => {
		const pair = readyPair({ record: { originUpdatedAt: '2026-11-21T09:30:00Z' }, case: { fields: { level: 'gold' } }, fields: [toTicket('level', '999')] });
		expect(planPair(pair, KEY, { ...settings, rules: { twoWay: true, winner: 'remote' } })).toMatchObject({ ticketWrite: null, skipped: [{ field: '999' }] });
	});
});

describe('what a builder set', () => {
	const mapped = mapPair({ ticket: ticket(), case: oroCase() }, defaultTables, []);
	mapped.case!.subject = 'By the builder';
	mapped.ticket!.priority = 'urgent';

	test('stays as long as the raw value behind it is the same', () => {
		const again = mapTicketAgain(mapped, ticket(), ticket({ priority: 'low' }));
		expect(again.case).toMatchObject({ subject: 'By the builder', priority: 'low' });
		expect(mapCaseAgain(mapped, oroCase(), oroCase({ subject: 'Other' })).ticket).toMatchObject({ subject: 'Other', priority: 'urgent' });
	});

	test('gives way when the raw value changed', () => {
		expect(mapTicketAgain(mapped, ticket(), ticket({ subject: 'New' })).case?.subject).toBe('New');
		expect(mapCaseAgain(mapped, oroCase(), oroCase({ priority: 'low' })).ticket?.priority).toBe('low');
	});

	test('is what goes to the ticket', () => {
		const pair = readyPair({ record: { originUpdatedAt: '2026-11-21T09:30:00Z' }, case: { priority: 'high' } });
		pair.mapped.ticket!.priority = 'urgent';
		expect(planPair(pair, KEY, { ...settings, rules: { twoWay: true, winner: 'remote' } }).ticketWrite?.changes.attributes).toEqual({ priority: 'urgent' });
	});
});
