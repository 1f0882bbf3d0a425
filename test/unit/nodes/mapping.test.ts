import type { IExecuteFunctions } from 'n8n-workflow';
import { fieldMappingsOf, mappingProperties, tablesOf } from '../../../nodes/MapTicketToCase/mapping';
import { caseSource, defaultTables } from '../../../sync/field-maps';

const context = (values: Record<string, unknown> = {}): IExecuteFunctions => {
	const defaults = Object.fromEntries(mappingProperties.map((property) => [property.name, property.default]));
	return {
		getNode: () => ({ name: 'Map Ticket to Case', parameters: {} }),
		getNodeParameter: (name: string, _item: number, fallback: unknown) =>
			({ ...defaults, ...values })[name] ?? fallback,
	} as unknown as IExecuteFunctions;
};
const rows = (...pairs: Array<[unknown, unknown]>) => ({ rows: pairs.map(([from, to]) => ({ from, to })) });

describe('tables of the settings', () => {
	test('as they come they are the defaults', () => {
		expect(tablesOf(context())).toEqual(defaultTables);
	});

	test('the defaults are the tables of the documentation', () => {
		expect(defaultTables).toMatchObject({
			status: {
				new: 'open',
				open: 'open',
				pending: 'in_progress',
				hold: 'in_progress',
				solved: 'closed',
				closed: 'closed',
			},
			priority: { low: 'low', normal: 'normal', high: 'high', urgent: 'high', none: 'normal' },
			caseStatus: { open: 'open', in_progress: 'pending', resolved: 'solved', closed: 'solved' },
			casePriority: { low: 'low', normal: 'normal', high: 'high' },
		});
	});

	test('an edited table takes the place of the default, rows that were removed are gone', () => {
		expect(tablesOf(context({ statusTable: rows(['solved', 'resolved'], [' 4711 ', ' closed ']) })).status).toEqual({
			solved: 'resolved',
			4711: 'closed',
		});
	});

	test('incomplete rows count for nothing', () => {
		expect(
			tablesOf(context({ priorityTable: rows(['', 'high'], ['low', ''], [undefined, undefined], ['high', 'high']) }))
				.priority,
		).toEqual({ high: 'high' });
	});

	test('a table whose rows were all removed is empty', () => {
		expect(tablesOf(context({ sourceTable: { rows: [] } })).source).toEqual({});
	});

	test('a table that is no table falls back to the default', () => {
		expect(tablesOf(context({ statusTable: {} })).status).toEqual(defaultTables.status);
	});

	test('channels are found however they were typed', () => {
		const tables = tablesOf(context({ sourceTable: rows(['Help Center', 'web'], ['any-channel', 'email']) }));
		expect([caseSource('help_center', tables), caseSource('Any channel', tables), caseSource('fax', tables)]).toEqual([
			'web',
			'email',
			'other',
		]);
	});

	test('equal values: only the table that was added is another one', () => {
		const tables = tablesOf(context({ equalValues: { caseStatusTable: rows(['resolved', 'pending']) } }));
		expect(tables.caseStatus).toEqual({ resolved: 'pending' });
		expect(tables.casePriority).toEqual(defaultTables.casePriority);
	});

	test('a row called __proto__ is a row like others', () => {
		const { status } = tablesOf(context({ statusTable: rows(['__proto__', 'open'], ['open', 'open']) }));
		expect(Object.keys(status)).toContain('open');
		expect(Object.getPrototypeOf(status)).toBe(Object.prototype);
	});
});

describe('custom fields of the settings', () => {
	test('none', () => {
		expect(fieldMappingsOf(context())).toEqual([]);
	});

	test('trimmed, text unless said otherwise', () => {
		expect(
			fieldMappingsOf(
				context({
					fields: {
						rows: [
							{ ticketField: ' 360 ', caseField: ' level ' },
							{ ticketField: 'group_id', caseField: 'team', kind: 'option', relatedType: ' teams ' },
						],
					},
				}),
			),
		).toEqual([
			{ direction: 'toCase', ticketField: '360', caseField: 'level', kind: 'text', relatedType: undefined },
			{ direction: 'toCase', ticketField: 'group_id', caseField: 'team', kind: 'option', relatedType: 'teams' },
		]);
	});

	test('one that is mapped in both directions is refused in words', () => {
		const rows = [
			{ ticketField: '360', caseField: 'level' },
			{ ticketField: '361', caseField: 'level', direction: 'toTicket' },
		];
		expect(() => fieldMappingsOf(context({ fields: { rows } }))).toThrow(/both directions/);
		expect(fieldMappingsOf(context({ fields: { rows: rows.slice(1) } }))).toMatchObject([{ direction: 'toTicket' }]);
	});

	test('incomplete rows are left out', () => {
		expect(
			fieldMappingsOf(
				context({
					fields: {
						rows: [
							{ ticketField: '360' },
							{ caseField: 'level' },
							{ ticketField: '360', caseField: 'level', kind: 'option' },
							{ ticketField: '360', caseField: 'level', kind: 'option', relatedType: ' ' },
						],
					},
				}),
			),
		).toEqual([]);
	});
});
