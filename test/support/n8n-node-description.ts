import { NodeConnectionTypes } from 'n8n-workflow';
import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/** What n8n-core must know of a stand-in: its parameters, and how many outputs it has. */
export function described(name: string, outputs: number, properties: INodeProperties[]): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: [1, 1.1, 1.2, 2.2, 2.5, 3.4],
		description: name,
		defaults: { name },
		inputs: [NodeConnectionTypes.Main],
		outputs: Array.from({ length: outputs }, () => NodeConnectionTypes.Main),
		properties,
	};
}

export const text = (name: string): INodeProperties => ({ displayName: name, name, type: 'string', default: '' });
export const json = (name: string): INodeProperties => ({ displayName: name, name, type: 'json', default: {} });
