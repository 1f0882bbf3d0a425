import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INode, INodeExecutionData, JsonObject } from 'n8n-workflow';
import { ApiError } from '../../http/api-error';
import type { Pair } from '../../sync/pair';
import { hostOf } from '../../zendesk/address';

/** An error as n8n shows it: what happened, then the server's words and what to do. */
export function nodeError(node: INode, error: unknown, itemIndex?: number): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	if (error instanceof ApiError) {
		return new NodeApiError(node, { message: error.message } as JsonObject, {
			message: error.message,
			description: `${error.advice} (${error.request})`,
			...(error.status === undefined ? {} : { httpCode: String(error.status) }),
			...(itemIndex === undefined ? {} : { itemIndex }),
		});
	}
	const plain = error instanceof Error ? error : new Error(String(error));
	return new NodeOperationError(node, plain, itemIndex === undefined ? {} : { itemIndex });
}

/** What an item on an error output says, for the failed-items table and for people. */
export interface FailureDetails {
	/** `record`: this one is bad. `system`: a whole system can't be worked with, so no item is to blame and the run should fail. */
	kind: 'record' | 'system';
	node: string;
	/** Names the item across Zendesk accounts, e.g. `acme.zendesk.com #42`, or `case #7` for a case without its ticket: one row in the failed-items table. */
	item: string;
	ticketId: number | string | null;
	caseId: string | null;
	service: string | null;
	status: number | null;
	/** The server's own words. */
	words: string;
	/** What to do about it. */
	advice: string;
	request: string | null;
	pointers: string[];
	/** The pages of the ticket and of the case, where the node knows both systems. */
	links: { ticket: string | null; case: string | null };
}

function nameOf(pair: Partial<Pair> | undefined): string | undefined {
	if (pair?.ticket?.id) return `${hostOf(pair.ticket.url) ?? 'ticket'} #${pair.ticket.id}`;
	return pair?.case?.id ? `case #${pair.case.id}` : undefined;
}

export function failureDetails(node: INode, error: unknown, kind: FailureDetails['kind'], pair: Partial<Pair> | undefined, links: FailureDetails['links'] = { ticket: null, case: null }): FailureDetails {
	const api = error instanceof ApiError ? error : undefined;
	const words = api?.words || (error instanceof Error ? error.message : String(error));
	return {
		kind,
		node: node.name,
		item: nameOf(pair) ?? `${node.name}: ${words.slice(0, 100)}`,
		ticketId: pair?.ticket?.id ?? null,
		caseId: pair?.case?.id ?? null,
		service: api?.service ?? null,
		status: api?.status ?? null,
		words,
		advice: api?.advice ?? (error instanceof NodeOperationError || error instanceof NodeApiError ? (error.description ?? '') : ''),
		request: api?.request ?? null,
		pointers: api?.pointers ?? [],
		links,
	};
}

/**
 * An item for the error output. n8n adds the pair that went in when these three are the only keys (n8n-core, handleNodeErrorOutput);
 * when errors continue on the regular output, it doesn't, so the pair is added here.
 */
export function failedItem(context: IExecuteFunctions, index: number, error: unknown, kind: FailureDetails['kind'], links?: FailureDetails['links']): INodeExecutionData {
	const input = context.getInputData()[index]?.json ?? {};
	const message = error instanceof Error ? error.message : String(error);
	const failure = { error: message, message, details: failureDetails(context.getNode(), error, kind, input as Partial<Pair>, links) as unknown as JsonObject };
	const keepsPair = context.getNode().onError !== 'continueErrorOutput';
	return { json: { ...(keepsPair ? input : {}), ...failure } as INodeExecutionData['json'], pairedItem: { item: index } };
}
