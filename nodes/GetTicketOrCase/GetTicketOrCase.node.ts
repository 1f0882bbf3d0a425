import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { inParallel } from '../../http/concurrency';
import type { Pair } from '../../sync/pair';
import { readTicket } from '../../zendesk/tickets';
import type { Failure } from '../../pipeline/clients';
import { pairsOf } from '../../pipeline/ticket-feed';
import { zendeskClient } from '../shared/clients';
import { runOnPairs } from '../shared/run-on-pairs';
import { zendeskAuthentication, zendeskCredentials } from '../shared/zendesk-login';
import { ticketNumber } from './ticket-number';

/** Reads at once. */
const PARALLEL = 4;

export class GetTicketOrCase implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Get Ticket or Case',
		name: 'getTicketOrCase',
		icon: { light: 'file:../../icons/get-ticket.svg', dark: 'file:../../icons/get-ticket.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle: '={{ $parameter["ticket"] }}',
		description: 'Reads one Zendesk ticket by its number or address, ready for Map Ticket to Case',
		defaults: { name: 'Get Ticket or Case' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: zendeskCredentials,
		properties: [
			zendeskAuthentication,
			{
				displayName: 'Ticket',
				name: 'ticket',
				type: 'string',
				default: '',
				required: true,
				placeholder: '4711 or https://acme.zendesk.com/agent/tickets/4711',
				description: 'The ticket’s number, or its address as copied from the browser',
			},
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOnPairs(this, async (items) => {
			const client = await zendeskClient(this);
			return await inParallel(items, PARALLEL, async (_, index): Promise<Pair | Failure> => {
				const asked = String(this.getNodeParameter('ticket', index) ?? '');
				const number = ticketNumber(asked);
				if (number === undefined) return { error: new Error(`"${asked}" is no ticket: enter its number, or the address of its page in Zendesk.`) };
				const found = await readTicket(client, number);
				if (!found) return { error: new Error(`Zendesk has no ticket ${number}. It may have been deleted.`) };
				return pairsOf([found.ticket], found.users)[0];
			});
		});
	}
}
