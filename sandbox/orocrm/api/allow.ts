import type { Action, Resource } from '../schema/types';

/** What an address can be: decides the methods that it takes (orocrm-api.md §1.1). */
export type AddressKind = 'list' | 'record' | 'subresource' | 'to-one relationship' | 'to-many relationship';

const METHODS: Record<'list' | 'record', Array<[string, Action]>> = {
	list: [
		['GET', 'get_list'],
		['PATCH', 'update_list'],
		['POST', 'create'],
		['DELETE', 'delete_list'],
	],
	record: [
		['GET', 'get'],
		['PATCH', 'update'],
		['DELETE', 'delete'],
	],
};

/** The methods of an address, without OPTIONS. */
export function methodsOf(kind: AddressKind, resource: Resource): string[] {
	if (kind === 'subresource') return ['GET'];
	const writable = resource.actions.includes('update');
	if (kind === 'to-one relationship') return writable ? ['GET', 'PATCH'] : ['GET'];
	if (kind === 'to-many relationship') return writable ? ['GET', 'PATCH', 'POST', 'DELETE'] : ['GET'];
	return METHODS[kind].filter(([, action]) => resource.actions.includes(action)).map(([method]) => method);
}

export function allowHeader(methods: string[]): string {
	return ['OPTIONS', ...methods].join(', ');
}
