import { NodeConnectionTypes, sleep } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { inParallel } from '../../http/concurrency';
import type { Pair } from '../../sync/pair';
import { hostOf } from '../../zendesk/address';
import { readTicket } from '../../zendesk/tickets';
import type { Failure } from '../../pipeline/clients';
import { pairsOf } from '../../pipeline/ticket-feed';
import { zendeskClient } from '../shared/clients';
import { runOnPairs } from '../shared/run-on-pairs';
import { zendeskAuthentication, zendeskCredentials } from '../shared/zendesk-login';
import { ticketNumber, zendeskHost } from './ticket-number';

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
				const host = zendeskHost(asked);
				const own = hostOf(client.baseUrl) ?? '';
				if (host && own.endsWith('.zendesk.com') && host !== own) return { error: new Error(`${asked} is a ticket of ${host}, but the credential is for ${own}.`) };
				const found = await settled(() => readTicket(client, number));
				if (!found) return { error: new Error(`Zendesk has no ticket ${number}. It may have been deleted.`) };
				return { ...pairsOf([found.ticket], found.users)[0], thorough: true };
			});
		});
	}
}

type Found = Awaited<ReturnType<typeof readTicket>>;

/** Dates in Zendesk are whole seconds: a ticket that was changed just now may change again within the same one, unseen. So it is read again after it. */
async function settled(read: () => Promise<Found>): Promise<Found> {
	const found = await read();
	if (!found || Math.abs(Date.now() - Date.parse(found.ticket.updated_at)) > 2_000) return found;
	await sleep(2_000);
	return await read();
}
