import type { OroCrmClient } from './client';

/** The case sources of this OroCRM: an installation may have added some (orocrm-api.md §3.1). `name` is translated, by OroCRM. */
export async function readCaseSources(client: OroCrmClient): Promise<Array<{ id: string; name: string }>> {
	const { data } = await client.listAll('casesources', { pageSize: 1_000 });
	return data.map(({ id, attributes }) => ({ id, name: typeof attributes?.label === 'string' ? attributes.label : id }));
}
