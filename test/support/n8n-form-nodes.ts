import type { IExecuteFunctions, INodeExecutionData, INodeType, IWebhookResponseData } from 'n8n-workflow';
import { described, json, text } from './n8n-node-description';

/** Stand-ins for n8n's form nodes: who submits a form and who sees its last page are the tests. */

/** A test starts the workflow itself, with what was filled in. */
export class FormTrigger implements INodeType {
	description = {
		...described('formTrigger', 1, [
			text('authentication'),
			text('formTitle'),
			text('formDescription'),
			text('responseMode'),
			json('formFields'),
			json('options'),
		]),
		group: ['trigger'] as never,
		inputs: [],
	};

	async webhook(): Promise<IWebhookResponseData> {
		return {};
	}
}

/** Gives out what the page says; n8n's own gives its input on, and shows the page when it is asked for it. */
export class Form implements INodeType {
	description = described('form', 1, [
		text('operation'),
		text('respondWith'),
		text('completionTitle'),
		text('completionMessage'),
		json('options'),
	]);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const pages = this.getInputData().map((_, index) => ({
			json: {
				title: this.getNodeParameter('completionTitle', index) as string,
				message: this.getNodeParameter('completionMessage', index) as string,
			},
			pairedItem: { item: index },
		}));
		return [pages];
	}
}
