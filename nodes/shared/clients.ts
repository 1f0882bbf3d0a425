import { NodeOperationError, sleep } from 'n8n-workflow';
import type { INode } from 'n8n-workflow';
import type { Send } from '../../http/request';
import type { Time } from '../../http/time';
import { OroCrmClient } from '../../orocrm/client';
import { serverKnowledge } from '../../orocrm/server-knowledge';
import { zendeskBaseUrl } from '../../zendesk/address';
import type { ZendeskAddressFields } from '../../zendesk/address';
import { ZendeskClient } from '../../zendesk/client';
import { RateBudget } from '../../zendesk/rate-budget';
import { ZendeskWriter } from '../../zendesk/writer';
import type { Clients } from '../../pipeline/clients';
import { senderOf } from './send';
import type { NodeContext } from './send';
import { zendeskCredentialType } from './zendesk-login';

/** Not by the date, which somebody may set while the nodes wait. */
export const time: Time = { now: () => performance.now(), sleep, patience: sleep };

/** One for each Zendesk account, shared by all nodes and runs of this process: the limits are the account's. */
const budgets = new Map<string, RateBudget>();

function budgetOf(baseUrl: string): RateBudget {
	const present = budgets.get(baseUrl) ?? new RateBudget(time);
	budgets.set(baseUrl, present);
	return present;
}

/** For whoever goes on with what another process did a moment ago. See {@link RateBudget.exportsMayBeSpent}. */
export function exportsMayBeSpent(baseUrl: string): void {
	budgetOf(baseUrl).exportsMayBeSpent();
}

/** A client for the Zendesk account of the node's credential. It has no way to send anything but GET. */
export async function zendeskClient(context: NodeContext): Promise<ZendeskClient> {
	const { baseUrl, send } = await zendeskAccount(context);
	return new ZendeskClient(baseUrl, send, time, budgetOf(baseUrl));
}

/** What writes to the same account, for two-way sync only. Both keep one budget. */
export async function zendeskWriter(context: NodeContext): Promise<ZendeskWriter> {
	const { baseUrl, send } = await zendeskAccount(context);
	return new ZendeskWriter(baseUrl, send, time, budgetOf(baseUrl));
}

async function zendeskAccount(context: NodeContext): Promise<{ baseUrl: string; send: Send }> {
	const type = zendeskCredentialType(context);
	const fields = await context.getCredentials<ZendeskAddressFields>(type);
	return { baseUrl: worded(context.getNode(), () => zendeskBaseUrl(fields)), send: senderOf(context, type) };
}

/** A client for the OroCRM of the node's credential. */
export async function oroCrmClient(context: NodeContext): Promise<OroCrmClient> {
	const { url, apiPath } = await context.getCredentials<{ url?: string; apiPath?: string }>('oroCrmOAuth2Api');
	const baseUrl = (url ?? '').trim().replace(/\/+$/, '');
	if (!/^https?:\/\/[^/\s]+/.test(baseUrl)) {
		throw new NodeOperationError(context.getNode(), `The URL of the OroCRM credential, "${url ?? ''}", is not an address like https://crm.example.com.`);
	}
	return new OroCrmClient(baseUrl, apiPath === '/admin/api' ? apiPath : '/api', senderOf(context, 'oroCrmOAuth2Api'), time);
}

/** Both, for the pipeline. */
export async function clientsOf(context: NodeContext): Promise<Clients> {
	const oro = await oroCrmClient(context);
	return { zendesk: await zendeskClient(context), oro, knowledge: serverKnowledge(oro.apiUrl, time.now()), time };
}

function worded<T>(node: INode, work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw new NodeOperationError(node, error as Error);
	}
}
