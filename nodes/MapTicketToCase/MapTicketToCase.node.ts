import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { mapPair } from '../../sync/map-pair';
import type { Failure } from '../../pipeline/clients';
import type { Pair } from '../../sync/pair';
import { runOnPairs } from '../shared/run-on-pairs';
import { fieldMappingsOf, mappingProperties, tablesOf } from './mapping';

export class MapTicketToCase implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Map Ticket to Case',
		name: 'mapTicketToCase',
		icon: { light: 'file:../../icons/map-ticket.svg', dark: 'file:../../icons/map-ticket.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: 'Status, priority, source, fields',
		description: 'Puts a Zendesk ticket’s values into the words of an OroCRM case and the other way round, by tables that you can edit',
		defaults: { name: 'Map Ticket to Case' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		properties: mappingProperties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOnPairs(this, async (pairs) => {
			const tables = tablesOf(this);
			const fields = fieldMappingsOf(this);
			return pairs.map((pair): Pair | Failure => {
				if (!pair.ticket && !pair.case) {
					return { error: new Error('This item has neither a ticket nor a case. Put a Zendesk Tickets Trigger, an OroCRM Cases Trigger or Get Ticket or Case before this node.') };
				}
				try {
					return { ...pair, mapped: mapPair(pair, tables, fields) };
				} catch (error) {
					return { error: error as Error };
				}
			});
		});
	}
}
