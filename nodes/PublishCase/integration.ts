import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeParameterResourceLocator } from 'n8n-workflow';
import type { OroCrmClient } from '../../orocrm/client';
import { readVisibleChannels } from '../../orocrm/integrations';

/** The OroCRM integration that ticket records belong to. */
export interface Integration {
	channel: string | null;
	/** True when a person chose it. */
	isChosen: boolean;
	/** What people should know about it, in words. */
	warning?: string;
}

/**
 * The integration of the node's settings; when none is set, the only Zendesk integration that OroCRM has, provided that it is
 * switched off: an active one makes OroCRM itself sync the same tickets.
 */
export async function integrationOf(context: IExecuteFunctions, client: OroCrmClient): Promise<Integration> {
	const setting = context.getNodeParameter('integration', 0) as INodeParameterResourceLocator | string;
	const wanted = String((typeof setting === 'string' ? setting : setting?.value) ?? '').trim();
	const channels = await readVisibleChannels(client);
	if (!wanted) {
		const idle = channels?.filter((channel) => !channel.enabled) ?? [];
		return { channel: channels?.length === 1 && idle.length === 1 ? idle[0].id : null, isChosen: false };
	}
	const chosen = channels?.find((channel) => channel.id === wanted);
	if (channels && !chosen) {
		throw new NodeOperationError(context.getNode(), `OroCRM has no Zendesk integration with the ID ${wanted}`, { description: 'Choose one from the list in Publish Case, or leave the setting empty.' });
	}
	return {
		channel: wanted,
		isChosen: true,
		...(chosen?.enabled
			? { warning: `OroCRM’s integration "${chosen.name}" is active: OroCRM syncs the same tickets itself, and may write to Zendesk. Deactivate it (System > Integrations > Manage Integrations).` }
			: {}),
	};
}
