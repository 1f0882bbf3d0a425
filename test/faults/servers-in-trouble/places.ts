import type { Fault } from '../../../sandbox/common/faults';
import type { ServerName, Template } from './desk';

/** Where a server gets into trouble: one kind of request of a run. */
export interface Place {
	name: string;
	template: Template;
	server: ServerName;
	kind: 'read' | 'write';
	request: Pick<Fault, 'method' | 'path' | 'body'>;
	/** A 429 here may be for this one record: Zendesk allows 30 updates of a ticket in ten minutes. So it is a failed item, tried again by itself. */
	hasOwnLimit?: boolean;
	/** So long a person is looked for who may have been made: Zendesk's search finds new ones late. Milliseconds. */
	looksFor?: number;
}

const oneWay = { template: 'one-way' } as const;
const twoWay = { template: 'two-way' } as const;

export const PLACES: Place[] = [
	{ ...oneWay, name: 'Zendesk’s export is read', server: 'zendesk', kind: 'read', request: { method: 'GET', path: '/incremental/tickets/cursor' } },
	{ ...oneWay, name: 'a ticket’s comments are read', server: 'zendesk', kind: 'read', request: { method: 'GET', path: '/comments\\.json' } },
	{ ...oneWay, name: 'records are looked up in OroCRM', server: 'orocrm', kind: 'read', request: { method: 'GET', path: '/api/zendesktickets' } },
	{ ...oneWay, name: 'a case is made', server: 'orocrm', kind: 'write', request: { method: 'POST', path: '/api/zendesktickets$' } },
	{ ...oneWay, name: 'a case is changed', server: 'orocrm', kind: 'write', request: { method: 'PATCH', path: '/api/zendesktickets/' } },
	{ ...twoWay, name: 'OroCRM’s trigger looks for comments', server: 'orocrm', kind: 'read', request: { method: 'GET', path: '/api/casecomments' } },
	{ ...twoWay, name: 'the tickets of changed cases are read', server: 'zendesk', kind: 'read', request: { method: 'GET', path: '/tickets/show_many' } },
	{ ...twoWay, name: 'a ticket is changed', server: 'zendesk', kind: 'write', request: { method: 'PUT', path: '/tickets/' }, hasOwnLimit: true },
	{ ...twoWay, name: 'a case is published', server: 'zendesk', kind: 'write', request: { method: 'POST', path: '/tickets\\.json' } },
	{ ...twoWay, name: 'a requester is made in Zendesk', server: 'zendesk', kind: 'write', request: { method: 'POST', path: '/users\\.json' }, looksFor: 50_000 },
	{ ...twoWay, name: 'a published ticket is tied to its case', server: 'orocrm', kind: 'write', request: { method: 'POST', path: '/api/zendesktickets$', body: 'New in OroCRM' } },
];
