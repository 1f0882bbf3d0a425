import { pieces } from '../http/concurrency';
import type { OroCrmClient } from './client';
import { CASE_FIELDS, TICKET_RECORD_FIELDS, ZENDESK_USER_FIELDS, toCase, toTicketRecord, toZendeskUserRow } from './resources';
import { unlessUnsupported } from './server-knowledge';
import type { ServerKnowledge } from './server-knowledge';
import type { OroCase, Resource, TicketRecord } from './types';

/** A ticket that is looked for: by its number, and by the key that the sync gives its case. */
export interface WantedTicket {
	originId: string;
	key: string;
}

/** A record with its case, as the server has them now. */
export interface RecordWithCase {
	record: TicketRecord;
	case: OroCase | null;
}

/** Keys in one filter: 2,000 of 36 characters passed in one request (orocrm-api.md §9). */
const KEYS_AT_ONCE = 1_000;

/**
 * The records of these tickets with their cases, in the cheapest way that this server allows (DESIGN "Know the server").
 * Several records may carry one number (other Zendesk accounts, twins without a channel): all are given back.
 *
 * @param caseFields further case fields that the settings map
 */
export async function findTicketRecords(
	client: OroCrmClient,
	knowledge: ServerKnowledge,
	wanted: readonly WantedTicket[],
	caseFields: readonly string[] = [],
): Promise<RecordWithCase[]> {
	const found: RecordWithCase[] = [];
	for (const some of pieces(wanted, KEYS_AT_ONCE)) found.push(...(await findSome(client, knowledge, some, caseFields)));
	const byId = new Map(found.map((entry) => [entry.record.id, entry]));
	return [...byId.values()];
}

async function findSome(client: OroCrmClient, knowledge: ServerKnowledge, wanted: readonly WantedTicket[], caseFields: readonly string[]): Promise<RecordWithCase[]> {
	if (wanted.length === 0) return [];
	const byNumber = await unlessUnsupported(knowledge, 'originIdFilter', () => readRecords(client, { originId: wanted.map((ticket) => ticket.originId) }, caseFields));
	if (byNumber) return byNumber;
	const byKey = await unlessUnsupported(knowledge, 'caseKeys', () => readRecords(client, { 'relatedCase.externalId': wanted.map((ticket) => ticket.key) }, caseFields));
	const keys = new Set((byKey ?? []).map((entry) => entry.case?.externalId));
	// Not found by their key: new ones, those whose case has none (OroCRM's own imports) or somebody else's, and those without a case.
	const others = wanted.filter((ticket) => !keys.has(ticket.key));
	if (others.length === 0) return byKey ?? [];
	const ids = await knowledge.ticketIndex.find(client, others.map((ticket) => ticket.originId));
	return [...(byKey ?? []), ...(ids.length > 0 ? await readRecords(client, { id: ids }, caseFields) : [])];
}

/** Records by id, with their cases: a fresh look just before a write. */
export async function readTicketRecords(client: OroCrmClient, ids: readonly string[], caseFields: readonly string[] = []): Promise<RecordWithCase[]> {
	const found: RecordWithCase[] = [];
	for (const some of pieces(ids, KEYS_AT_ONCE)) found.push(...(await readRecords(client, { id: some }, caseFields)));
	return found;
}

async function readRecords(client: OroCrmClient, filter: Record<string, readonly string[]>, caseFields: readonly string[]): Promise<RecordWithCase[]> {
	const size = Math.max(...Object.values(filter).map((list) => list.length));
	const { data, included } = await client.listAll('zendesktickets', {
		filter,
		...withCaseAndPeople(caseFields),
		// More than was asked for, so that twins fit and the short page says that it was the last.
		pageSize: size * 2 + 10,
	});
	return withCases(data, included, caseFields);
}

/** The records that were made last, with their cases; those whose case was deleted are left out. */
export async function readLatestRecords(client: OroCrmClient, count: number): Promise<RecordWithCase[]> {
	const { data, included } = await client.list('zendesktickets', { filter: { 'relatedCase[exists]': 'yes' }, ...withCaseAndPeople([]), sort: '-id', pageSize: count });
	return withCases(data, included, []);
}

function withCaseAndPeople(caseFields: readonly string[]) {
	return {
		include: ['relatedCase', 'requester', 'submitter', 'assignee'],
		fields: { zendesktickets: TICKET_RECORD_FIELDS, cases: [...CASE_FIELDS, ...caseFields], zendeskusers: ZENDESK_USER_FIELDS },
	};
}

function withCases(records: readonly Resource[], included: readonly Resource[], caseFields: readonly string[]): RecordWithCase[] {
	const people = new Map(included.filter((entry) => entry.type === 'zendeskusers').map((entry) => [entry.id, toZendeskUserRow(entry)]));
	const cases = new Map(included.filter((entry) => entry.type === 'cases').map((entry) => [entry.id, toCase(entry, caseFields)]));
	return records.map((resource) => {
		const record = toTicketRecord(resource, people);
		return { record, case: cases.get(record.relatedCase ?? '') ?? null };
	});
}

/** The records of these cases, with the cases; a case without a record is not in the answer. */
export async function findRecordsOfCases(client: OroCrmClient, caseIds: readonly string[], caseFields: readonly string[] = []): Promise<RecordWithCase[]> {
	const found: RecordWithCase[] = [];
	for (const some of pieces(caseIds, KEYS_AT_ONCE)) found.push(...(await readRecords(client, { relatedCase: some }, caseFields)));
	return found;
}

/** Cases by id; those that are gone are not in the answer. */
export async function readCases(client: OroCrmClient, ids: readonly string[], caseFields: readonly string[] = []): Promise<OroCase[]> {
	const found: OroCase[] = [];
	for (const some of pieces(ids, KEYS_AT_ONCE)) {
		const { data } = await client.listAll('cases', { filter: { id: some }, fields: { cases: [...CASE_FIELDS, ...caseFields] }, pageSize: some.length + 1 });
		found.push(...data.map((resource) => toCase(resource, caseFields)));
	}
	return found;
}

/** Cases by key: finds those whose record was deleted. Empty on servers without keys. */
export async function findCasesByKey(client: OroCrmClient, knowledge: ServerKnowledge, keys: readonly string[], caseFields: readonly string[] = []): Promise<OroCase[]> {
	const found: OroCase[] = [];
	for (const some of pieces(keys, KEYS_AT_ONCE)) {
		const rows = await unlessUnsupported(knowledge, 'caseKeys', async () => {
			const { data } = await client.listAll('cases', { filter: { externalId: some }, fields: { cases: [...CASE_FIELDS, ...caseFields] }, pageSize: some.length * 2 + 10 });
			return data.map((resource) => toCase(resource, caseFields));
		});
		if (!rows) return [];
		found.push(...rows);
	}
	return found;
}

/**
 * The record that holds a number within a channel, after the database said that there is one (409). Reads the channel's numbers
 * when the server can't filter them.
 */
export async function findInChannel(client: OroCrmClient, knowledge: ServerKnowledge, originId: string, channel: string, caseFields: readonly string[] = []): Promise<RecordWithCase | undefined> {
	const byNumber = await unlessUnsupported(knowledge, 'originIdFilter', () => readRecords(client, { originId: [originId] }, caseFields));
	const candidates = byNumber ?? (await readTicketRecords(client, await knowledge.ticketIndex.find(client, [originId]), caseFields));
	return candidates.find((entry) => entry.record.channel === channel);
}
