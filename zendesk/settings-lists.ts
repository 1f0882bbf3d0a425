import type { ZendeskClient } from './client';

/** What a Zendesk account lets an admin define, for the choices in a node's settings. */
export interface NamedId {
	id: number | string;
	name: string;
}

/** Ticket fields that a builder may map: active custom fields. */
export async function readCustomTicketFields(client: ZendeskClient): Promise<NamedId[]> {
	const body = await client.get<{ ticket_fields?: Array<{ id: number; title: string; active?: boolean; removable?: boolean }> }>('ticket_fields.json');
	return (body.ticket_fields ?? []).filter((field) => field.active !== false && field.removable !== false).map((field) => ({ id: field.id, name: field.title }));
}

/** Custom ticket statuses with their category; empty on accounts that don't have them. */
export async function readCustomStatuses(client: ZendeskClient): Promise<Array<NamedId & { category: string }>> {
	const body = await client.get<{ custom_statuses?: Array<{ id: number; agent_label: string; status_category: string; active?: boolean }> }>('custom_statuses.json');
	return (body.custom_statuses ?? []).filter((status) => status.active !== false).map((status) => ({ id: status.id, name: status.agent_label, category: status.status_category }));
}

/** Groups, for the trigger's filter. */
export async function readGroups(client: ZendeskClient): Promise<NamedId[]> {
	const body = await client.get<{ groups?: Array<{ id: number; name: string }> }>('groups.json', { 'page[size]': 100 });
	return (body.groups ?? []).map(({ id, name }) => ({ id, name }));
}

/** Brands, for the trigger's filter. */
export async function readBrands(client: ZendeskClient): Promise<NamedId[]> {
	const body = await client.get<{ brands?: Array<{ id: number; name: string }> }>('brands.json', { 'page[size]': 100 });
	return (body.brands ?? []).map(({ id, name }) => ({ id, name }));
}
