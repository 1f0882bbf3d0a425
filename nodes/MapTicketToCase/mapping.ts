import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { defaultTables } from '../../sync/field-maps';
import type { FieldMapping, MappingTables, Table } from '../../sync/field-maps';

const rowsOf = (table: Table) => ({ rows: Object.entries(table).map(([from, to]) => ({ from, to })) });

interface TableTexts {
	displayName: string;
	name: string;
	table: Table;
	from: string;
	fromHelp: string;
	to: string;
	toHelp: string;
	description: string;
}

/** A table of two columns, filled with the defaults of sync-rules §2 and §3. */
function tableProperty(texts: TableTexts): INodeProperties {
	return {
		displayName: texts.displayName,
		name: texts.name,
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add row',
		default: { ...rowsOf(texts.table) },
		description: texts.description,
		options: [
			{
				displayName: 'Rows',
				name: 'rows',
				values: [
					{ displayName: texts.from, name: 'from', type: 'string', default: '', description: texts.fromHelp },
					{ displayName: texts.to, name: 'to', type: 'string', default: '', description: texts.toHelp },
				],
			},
		],
	};
}

const caseStatuses = 'open, in_progress, resolved, closed, or one that your OroCRM has added';
const casePriorities = 'low, normal, high, or one that your OroCRM has added';

export const mappingProperties: INodeProperties[] = [
	tableProperty({
		displayName: 'Status',
		name: 'statusTable',
		table: defaultTables.status,
		from: 'Ticket Status',
		fromHelp: 'new, open, pending, hold, solved, closed, or the ID of a custom status (which goes first)',
		to: 'Case Status',
		toHelp: caseStatuses,
		description: 'A ticket with a status that is not here leaves an existing case as it is; a new case is open. A custom status goes by its category, unless its ID is here.',
	}),
	tableProperty({
		displayName: 'Priority',
		name: 'priorityTable',
		table: defaultTables.priority,
		from: 'Ticket Priority',
		fromHelp: 'low, normal, high, urgent, or none for a ticket without one',
		to: 'Case Priority',
		toHelp: casePriorities,
		description: 'A ticket with a priority that is not here leaves an existing case as it is; a new case is normal',
	}),
	tableProperty({
		displayName: 'Source',
		name: 'sourceTable',
		table: defaultTables.source,
		from: 'Ticket Channel',
		fromHelp: 'As Zendesk’s API names it (via.channel), or * for all others',
		to: 'Case Source',
		toHelp: 'email, phone, web, other, or one that your OroCRM has added',
		description: 'Channels that are not here become other. Only set when a case is made.',
	}),
	{
		displayName: 'Custom Fields',
		name: 'fields',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add field',
		default: {},
		description: 'Fields of the ticket and of the case that hold the same. Each has one direction: one side always takes the other’s value.',
		options: [
			{
				displayName: 'Fields',
				name: 'rows',
				values: [
					{
						displayName: 'Case Field',
						name: 'caseField',
						type: 'string',
						default: '',
						placeholder: 'contract_number',
						hint: 'Its name in OroCRM’s API',
					},
					{
						displayName: 'Direction',
						name: 'direction',
						type: 'options',
						options: [
							{ name: 'Case to Ticket', value: 'toTicket', description: 'Only in two-way sync' },
							{ name: 'Ticket to Case', value: 'toCase' },
						],
						default: 'toCase',
					},
					{
						displayName: 'Kind',
						name: 'kind',
						type: 'options',
						options: [
							{ name: 'Date', value: 'date' },
							{ name: 'Number', value: 'number' },
							{ name: 'Option', value: 'option', description: 'The value is the ID of an option in OroCRM' },
							{ name: 'Text', value: 'text' },
							{ name: 'Yes or No', value: 'boolean' },
						],
						default: 'text',
					},
					{
						displayName: 'Option Type',
						name: 'relatedType',
						type: 'string',
						default: '',
						placeholder: 'case_contract_kinds',
						hint: 'The type of the options in OroCRM’s API',
						displayOptions: { show: { kind: ['option'], direction: ['toCase'] } },
					},
					{
						displayName: 'Ticket Field',
						name: 'ticketField',
						type: 'string',
						default: '',
						placeholder: '360020936639',
						hint: 'The ID of a custom field (Admin Center > Objects and rules > Tickets > Fields), or the name of a property of the ticket',
					},
				],
			},
		],
	},
	{
		displayName: 'Equal Values',
		name: 'equalValues',
		type: 'collection',
		placeholder: 'Add table',
		default: {},
		description: 'The way back, from a case to a ticket. It also decides what counts as equal: a Resolved case under a solved ticket is left alone, for Resolved stands for solved.',
		options: [
			tableProperty({
				displayName: 'Case Priority',
				name: 'casePriorityTable',
				table: defaultTables.casePriority,
				from: 'Case Priority',
				fromHelp: casePriorities,
				to: 'Ticket Priority',
				toHelp: 'low, normal, high, urgent',
				description: 'What a case’s priority stands for in Zendesk',
			}),
			tableProperty({
				displayName: 'Case Status',
				name: 'caseStatusTable',
				table: defaultTables.caseStatus,
				from: 'Case Status',
				fromHelp: caseStatuses,
				to: 'Ticket Status',
				toHelp: 'open, pending, hold, solved',
				description: 'What a case’s status stands for in Zendesk',
			}),
		],
	},
];

interface Rows<T> {
	rows?: T[];
}

function tableFrom(value: unknown, fallback: Table): Table {
	const rows = (value as Rows<{ from?: unknown; to?: unknown }> | undefined)?.rows;
	if (!Array.isArray(rows)) return fallback;
	const pairs = rows.map((row) => [String(row.from ?? '').trim(), String(row.to ?? '').trim()] as const).filter(([from, to]) => from && to);
	return Object.fromEntries(pairs);
}

/** The tables of the node's settings. */
export function tablesOf(context: IExecuteFunctions): MappingTables {
	const equal = context.getNodeParameter('equalValues', 0, {}) as { caseStatusTable?: unknown; casePriorityTable?: unknown };
	const source = tableFrom(context.getNodeParameter('sourceTable', 0), defaultTables.source);
	return {
		status: tableFrom(context.getNodeParameter('statusTable', 0), defaultTables.status),
		priority: tableFrom(context.getNodeParameter('priorityTable', 0), defaultTables.priority),
		// Channels are compared in small letters with underscores, however they were typed.
		source: Object.fromEntries(Object.entries(source).map(([channel, value]) => [channel.toLowerCase().replace(/[\s-]+/g, '_'), value])),
		caseStatus: tableFrom(equal.caseStatusTable, defaultTables.caseStatus),
		casePriority: tableFrom(equal.casePriorityTable, defaultTables.casePriority),
	};
}

/** The custom fields of the node's settings; incomplete rows are left out. Throws when a field has two directions. */
export function fieldMappingsOf(context: IExecuteFunctions): FieldMapping[] {
	const { rows } = context.getNodeParameter('fields', 0, {}) as Rows<Partial<FieldMapping>>;
	const mappings = (rows ?? [])
		.map((row) => ({
			direction: row.direction === 'toTicket' ? ('toTicket' as const) : ('toCase' as const),
			ticketField: String(row.ticketField ?? '').trim(),
			caseField: String(row.caseField ?? '').trim(),
			kind: row.kind ?? 'text',
			relatedType: row.relatedType?.trim(),
		}))
		.filter((row) => row.ticketField && row.caseField && (row.kind !== 'option' || row.relatedType || row.direction === 'toTicket'));
	for (const row of mappings) {
		const back = mappings.find((other) => other.direction !== row.direction && (other.ticketField === row.ticketField || other.caseField === row.caseField));
		if (back) {
			throw new NodeOperationError(context.getNode(), `${row.caseField} and ticket field ${row.ticketField} are mapped in both directions`, {
				description: 'A custom field has one direction, for nobody could tell which side changed it: remove one of the two rows in Map Ticket to Case.',
			});
		}
	}
	return mappings;
}
