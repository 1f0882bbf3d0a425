import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Pair } from '../../sync/pair';
import type { Failure } from '../../pipeline/clients';
import { isFailure } from '../../pipeline/clients';
import { failedItem, nodeError } from './node-errors';

/**
 * Runs one step of the pipeline on all items of a run, and sorts what came of it: pairs go on, failed ones leave by the error
 * output (or stop the run, where the builder wants that). When a system as a whole is in trouble, the run fails; with an error
 * output in use n8n does not let a node fail, so then every item leaves there marked `system`, and the templates stop the run.
 */
export async function runOnPairs(context: IExecuteFunctions, work: (pairs: Pair[]) => Promise<Array<Pair | Failure>>): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const node = context.getNode();
	let outcomes: Array<Pair | Failure>;
	try {
		outcomes = await work(items.map((item) => item.json as unknown as Pair));
	} catch (error) {
		if (!context.continueOnFail()) throw nodeError(node, error);
		return [items.map((_, index) => failedItem(context, index, error, 'system'))];
	}
	const output = outcomes.map((outcome, index): INodeExecutionData => {
		if (!isFailure(outcome)) return { json: outcome as unknown as INodeExecutionData['json'], pairedItem: { item: index } };
		if (!context.continueOnFail()) throw nodeError(node, outcome.error, index);
		return failedItem(context, index, outcome.error, 'record', outcome.links);
	});
	return [output];
}
