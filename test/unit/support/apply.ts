import type {
	OroCase,
	RelationshipData,
	Resource,
	ResourceId,
	TicketCommentRow,
	WriteDocument,
	ZendeskUserRow,
} from '../../../orocrm/types';
import type { Link, ResolvedPerson } from '../../../sync/pair';
import type { Plan, ReadyPair } from '../../../sync/plan';
import { record, row } from './examples';

/** Carries out a plan as OroCRM would, and gives back the pair as Resolve would find it then. */
export function applied(pair: ReadyPair, plan: Plan): ReadyPair {
	if (!plan.write) return pair;
	const { document } = plan.write;
	const ids = idsFor(document);
	const id = (name: string) => ids.get(name) ?? name;
	const known = (link: Link): Link => (link && 'create' in link ? { id: id(link.create) } : link);
	const people: Record<string, ResolvedPerson> = Object.fromEntries(
		Object.entries(pair.resolved.people).map(([key, one]) => [
			key,
			{ ...one, row: known(one.row), contact: known(one.contact), fillsRow: false },
		]),
	);
	const rowOf = (zendeskId: number | null): ZendeskUserRow | null => {
		const one = zendeskId === null ? undefined : people[String(zendeskId)];
		if (!one?.row || !('id' in one.row)) return null;
		const contact = one.contact && 'id' in one.contact ? one.contact.id : null;
		return row({
			id: one.row.id,
			originId: String(one.zendeskUserId),
			role: one.role,
			relatedContact: contact,
			relatedUser: one.user,
		});
	};
	const attributes = (document.data.attributes ?? {}) as Partial<ReturnType<typeof record>>;
	const relationship = (name: string, before: string | null): string | null => {
		const data = document.data.relationships?.[name]?.data;
		return data === undefined ? before : data === null ? null : id((data as ResourceId).id);
	};
	const before = pair.record ?? record({ id: 'none', status: null, priority: null, ticketType: null, channel: null });
	return {
		...pair,
		record: {
			...before,
			...attributes,
			id: pair.record?.id ?? id(document.data.id),
			status: relationship('status', before.status),
			priority: relationship('priority', before.priority),
			ticketType: relationship('ticketType', before.ticketType),
			problem: relationship('problem', before.problem),
			channel: relationship('channel', before.channel),
			relatedCase: relationship('relatedCase', before.relatedCase),
			requester: rowOf(pair.ticket.requester_id),
			submitter: rowOf(pair.ticket.submitter_id),
			assignee: rowOf(pair.ticket.assignee_id),
		},
		case: caseAfter(pair, document, id),
		resolved: {
			...pair.resolved,
			people,
			commentRows: [...(pair.resolved.commentRows ?? []), ...rowsMade(document, id)],
		},
	};
}

function idsFor(document: WriteDocument): Map<string, string> {
	const isNew = (resource: Resource) => !resource.meta?.update && !/^\d+$/.test(resource.id);
	return new Map(
		[document.data, ...(document.included ?? [])]
			.filter(isNew)
			.map((resource, index) => [resource.id, String(5000 + index)]),
	);
}

function caseAfter(pair: ReadyPair, document: WriteDocument, id: (name: string) => string): OroCase | null {
	const resource = document.included?.find((one) => one.type === 'cases');
	if (!resource) return pair.case;
	const empty: OroCase = {
		id: id(resource.id),
		subject: '',
		description: null,
		status: null,
		priority: null,
		source: null,
		assignedTo: null,
		relatedContact: null,
		relatedAccount: null,
		owner: null,
		reportedAt: null,
		closedAt: null,
		createdAt: null,
		updatedAt: null,
	};
	const links = Object.entries(resource.relationships ?? {}).map(
		([name, { data }]: [string, { data: RelationshipData }]) =>
			[name, data === null ? null : id((data as ResourceId).id)] as const,
	);
	const values: Record<string, unknown> = { ...resource.attributes, ...Object.fromEntries(links) };
	const own = Object.fromEntries(Object.entries(values).filter(([name]) => name in empty || name === 'externalId'));
	const custom = Object.fromEntries(
		Object.entries(values).filter(([name]) => !(name in empty) && name !== 'externalId'),
	);
	return { ...(pair.case ?? empty), ...own, fields: { ...pair.case?.fields, ...custom } };
}

function rowsMade(document: WriteDocument, id: (name: string) => string): TicketCommentRow[] {
	return (document.included ?? [])
		.filter((resource) => resource.type === 'zendeskticketcomments')
		.map((resource) => ({
			id: id(resource.id),
			originId: String(resource.attributes?.originId ?? ''),
			ticket: pairTicket(resource, id),
			relatedComment: id((resource.relationships?.relatedComment?.data as ResourceId).id),
		}));
}

function pairTicket(resource: Resource, id: (name: string) => string): string | null {
	const data = resource.relationships?.ticket?.data;
	return data ? id((data as ResourceId).id) : null;
}
