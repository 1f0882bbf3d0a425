import { PRACTICE_OROCRM_CLIENT_ID, PRACTICE_OROCRM_CLIENT_SECRET } from '../../sandbox/orocrm/credentials';
import { startPracticeOroCrm } from '../../sandbox/orocrm/server';
import type { OroVersion } from '../../sandbox/orocrm/version';
import type { OroSettings } from './options';

/** The releases that the practice OroCRM plays. */
export const PRACTICE_VERSIONS: readonly OroVersion[] = ['5.1', '6.1.0', '6.1.11', '7.0.0', '7.0.2'];

/** A practice OroCRM in the place of a real one: to try the scenarios themselves. */
export interface PracticeOro {
	version: OroVersion;
	overlay: boolean;
}

/** Starts it within the run, with an inactive Zendesk integration. */
export async function startPracticeOro(wanted: PracticeOro): Promise<OroSettings & { stop(): Promise<void> }> {
	const server = await startPracticeOroCrm({ ...wanted, searchLagMs: 0 });
	server.store.insert('integrationchannels', {
		name: 'Zendesk',
		channelType: 'zendesk',
		enabled: false,
		isTwoWaySyncEnabled: false,
	});
	return {
		url: server.url,
		apiPath: '/api',
		clientId: PRACTICE_OROCRM_CLIENT_ID,
		clientSecret: PRACTICE_OROCRM_CLIENT_SECRET,
		stop: async () => await server.close(),
	};
}
