import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeParameterResourceLocator } from 'n8n-workflow';
import type { OroCrmClient } from '../../orocrm/client';
import { readVisibleChannels } from '../../orocrm/integrations';

/** The OroCRM integration that ticket records belong to. */
export interface Integration {
	channel: string | null;
	/** True when a person chose it. */
	isChosen: boolean;
	/** Names of the active Zendesk integrations, by id: OroCRM syncs their tickets itself. */
	active: Record<string, string>;
	/** What people should know about it, in words. */
	warning?: string;
}

/**
 * The integration of the node's settings; when none is set, the only Zendesk integration that OroCRM has, provided that it is
 * switched off: an active one makes OroCRM itself sync the same tickets.
 */
export async function integrationOf(context: IExecuteFunctions, client: OroCrmClient, twoWay = false): Promise<Integration> {
	const setting = context.getNodeParameter('integration', 0) as INodeParameterResourceLocator | string;
	const wanted = String((typeof setting === 'string' ? setting : setting?.value) ?? '').trim();
	const channels = await readVisibleChannels(client);
	const active = Object.fromEntries((channels ?? []).filter((channel) => channel.enabled).map((channel) => [channel.id, channel.name]));
	if (!wanted) {
		const idle = channels?.filter((channel) => !channel.enabled) ?? [];
		const [name] = Object.values(active);
		return { channel: channels?.length === 1 && idle.length === 1 ? idle[0].id : null, isChosen: false, active, ...(name === undefined ? {} : { warning: warningOf(name) }) };
	}
	const chosen = channels?.find((channel) => channel.id === wanted);
	if (channels && !chosen) {
		throw new NodeOperationError(context.getNode(), `OroCRM has no Zendesk integration with the ID ${wanted}`, { description: 'Choose one from the list in Publish Case, or leave the setting empty.' });
	}
	// The API doesn't say whether an active one writes to Zendesk, too: two bridges that do would answer each other for ever.
	if (chosen?.enabled && twoWay) {
		throw new NodeOperationError(context.getNode(), `OroCRM’s own Zendesk integration "${chosen.name}" is active`, {
			description: 'With two-way sync it must be deactivated, or OroCRM itself would write to the same tickets: System > Integrations > Manage Integrations > Deactivate. Its records stay and are used.',
		});
	}
	return { channel: wanted, isChosen: true, active, ...(chosen?.enabled ? { warning: warningOf(chosen.name) } : {}) };
}

function warningOf(name: string): string {
	return `OroCRM’s integration "${name}" is active: OroCRM syncs its tickets itself, and may write to Zendesk. Deactivate it (System > Integrations > Manage Integrations), if it is for the same Zendesk account.`;
}
