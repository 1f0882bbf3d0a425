import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeCredentialDescription, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { inParallel } from '../../http/concurrency';
import type { OroCrmClient } from '../../orocrm/client';
import type { Failure } from '../../pipeline/clients';
import type { Pair } from '../../sync/pair';
import type { ZendeskClient } from '../../zendesk/client';
import { oroCrmClient, zendeskClient } from '../shared/clients';
import { runOnPairs } from '../shared/run-on-pairs';
import { oroCrmCredentials, zendeskAuthentication, zendeskCredentials } from '../shared/zendesk-login';
import { pairOfCase, pairOfTicket } from './read-records';

/** Reads at once. */
const PARALLEL = 4;

/** A credential that is only asked for when a record of its system is read. */
const forRecord = (record: 'ticket' | 'case', credentials: INodeCredentialDescription[]): INodeCredentialDescription[] =>
	credentials.map((credential) => ({ ...credential, displayOptions: { show: { ...credential.displayOptions?.show, record: [record] } } }));

/**
 * Only a ticket needs to know how to log in to Zendesk. Said with `hide`: n8n's editor (2.41) takes a parameter that the choice of a login is
 * shown by for a part of that choice, and hides it: nobody could see Record.
 */
const authentication = { ...zendeskAuthentication, displayOptions: { hide: { record: ['case'] } } };

const credentials = [...forRecord('ticket', zendeskCredentials), ...forRecord('case', oroCrmCredentials)];

export class GetTicketOrCase implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Get Ticket or Case',
		name: 'getTicketOrCase',
		icon: { light: 'file:../../icons/get-ticket.svg', dark: 'file:../../icons/get-ticket.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle: '={{ $parameter["record"] === "case" ? "Case " + $parameter["case"] : "Ticket " + $parameter["ticket"] }}',
		description: 'Reads one Zendesk ticket or one OroCRM case by its number or address, ready for Map Ticket to Case',
		defaults: { name: 'Get Ticket or Case' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials,
		properties: [
			{
				displayName: 'Record',
				name: 'record',
				type: 'options',
				options: [
					{ name: 'Case', value: 'case', description: 'Of OroCRM' },
					{ name: 'Ticket', value: 'ticket', description: 'Of Zendesk' },
				],
				default: 'ticket',
			},
			authentication,
			{
				displayName: 'Ticket',
				name: 'ticket',
				type: 'string',
				default: '',
				required: true,
				placeholder: '4711 or https://acme.zendesk.com/agent/tickets/4711',
				description: 'The ticket’s number, or its address as copied from the browser',
				displayOptions: { show: { record: ['ticket'] } },
			},
			{
				displayName: 'Case',
				name: 'case',
				type: 'string',
				default: '',
				required: true,
				placeholder: '42 or https://crm.example.com/case/view/42',
				description: 'The case’s number, or its address as copied from the browser',
				displayOptions: { show: { record: ['case'] } },
			},
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOnPairs(this, async (items) => {
			// Each client is only made when an item needs it: a node that reads cases has no Zendesk credential.
			let zendesk: Promise<ZendeskClient> | undefined;
			let oro: Promise<OroCrmClient> | undefined;
			return await inParallel(items, PARALLEL, async (_, index): Promise<Pair | Failure> => {
				if (this.getNodeParameter('record', index, 'ticket') === 'case') return await pairOfCase(String(this.getNodeParameter('case', index) ?? ''), await (oro ??= oroCrmClient(this)));
				return await pairOfTicket(String(this.getNodeParameter('ticket', index) ?? ''), await (zendesk ??= zendeskClient(this)));
			});
		});
	}
}
