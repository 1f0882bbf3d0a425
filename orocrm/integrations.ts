import { ApiError } from '../http/api-error';
import type { OroCrmClient } from './client';
import { toChannel } from './resources';
import type { IntegrationChannel } from './types';

/** OroCRM's Zendesk integrations (channels), active or not. Needs the right to view integrations. */
export async function readZendeskChannels(client: OroCrmClient): Promise<IntegrationChannel[]> {
	const { data } = await client.listAll('integrationchannels', { pageSize: 1_000 });
	return data.map(toChannel).filter((channel) => channel.channelType === 'zendesk');
}

/** The same, or undefined when the credential's user may not view integrations: the sync works without knowing them. */
export async function readVisibleChannels(client: OroCrmClient): Promise<IntegrationChannel[] | undefined> {
	try {
		return await readZendeskChannels(client);
	} catch (error) {
		if (error instanceof ApiError && error.status === 403) return undefined;
		throw error;
	}
}
