import { OroCrmClient } from '../../orocrm/client';
import type { PracticeOroCrm } from '../../sandbox/orocrm/server';
import { bearerSender, hastyTime, oroCrmToken } from './pipeline';

/** A client for a practice OroCRM alone. */
export async function practiceOroClient(server: PracticeOroCrm): Promise<OroCrmClient> {
	const { apiPath } = server.settings;
	return new OroCrmClient(server.url, apiPath, bearerSender(await oroCrmToken(server.url)), hastyTime);
}
