import type { OroCrmClient } from './client';
import { toChannel } from './resources';
import type { IntegrationChannel } from './types';

/** OroCRM's Zendesk integrations (channels), active or not. Needs the right to view integrations. */
export async function readZendeskChannels(client: OroCrmClient): Promise<IntegrationChannel[]> {
	const { data } = await client.listAll('integrationchannels', { pageSize: 1_000 });
	return data.map(toChannel).filter((channel) => channel.channelType === 'zendesk');
}
