import type { ZendeskClient } from './client';

/** What a Zendesk account lets an admin define, for the choices in a node's settings. */
export interface NamedId {
	id: number | string;
	name: string;
}

/** Groups, for the trigger's filter. */
export async function readGroups(client: ZendeskClient): Promise<NamedId[]> {
	return await allOf(client, 'groups');
}

/** Brands, for the trigger's filter. */
export async function readBrands(client: ZendeskClient): Promise<NamedId[]> {
	return await allOf(client, 'brands');
}

async function allOf(client: ZendeskClient, kind: 'groups' | 'brands'): Promise<NamedId[]> {
	const all: NamedId[] = [];
	let after: string | undefined;
	do {
		const body = await client.get<Record<string, unknown> & { meta?: { has_more?: boolean; after_cursor?: string | null } }>(`${kind}.json`, { 'page[size]': 100, 'page[after]': after });
		all.push(...((body[kind] as NamedId[] | undefined) ?? []).map(({ id, name }) => ({ id, name })));
		after = body.meta?.has_more ? (body.meta.after_cursor ?? undefined) : undefined;
	} while (after);
	return all;
}
