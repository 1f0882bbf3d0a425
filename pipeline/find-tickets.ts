import { findRecordsOfCases, readCases } from '../orocrm/ticket-records';
import { caseKey, ticketOfKey } from '../sync/case-key';
import { mapCaseAgain, mapTicketAgain } from '../sync/map-pair';
import type { ReadyPair } from '../sync/plan';
import { hostOf } from '../zendesk/address';
import { readSettledTickets } from '../zendesk/settled-tickets';
import type { Clients } from './clients';
import { caseFieldsOf } from './resolve-pairs';
import type { KnownPair } from './resolve-pairs';
import { pairsOf } from './ticket-pairs';

/** A pair that OroCRM woke. */
interface FromCase {
	pair: ReadyPair;
	failure?: Error;
	known: KnownPair;
	/** Number of the ticket that a case without a record was tied to, by the case's key. */
	lostTicket?: number;
}

/**
 * Reads, for pairs that came as a case: the case as it is now, its record, and the ticket that the record names. A case without a
 * record stays without a ticket: it may be published. Fills the pairs; every question once for all of them.
 */
export async function findTickets(works: readonly FromCase[], clients: Clients): Promise<void> {
	if (works.length === 0) return;
	const caseFields = caseFieldsOf(works.map((work) => work.pair));
	const idOf = ({ pair }: FromCase) => pair.case?.id ?? '';
	const linked = new Map((await findRecordsOfCases(clients.oro, works.map(idOf), caseFields)).map((entry) => [entry.record.relatedCase ?? '', entry]));
	const unlinked = works.filter((work) => !linked.has(idOf(work)));
	const cases = new Map((unlinked.length > 0 ? await readCases(clients.oro, unlinked.map(idOf), caseFields) : []).map((oroCase) => [oroCase.id, oroCase]));
	for (const work of works) {
		const entry = linked.get(idOf(work));
		const now = entry ? entry.case : cases.get(idOf(work));
		if (!now) {
			work.failure = new Error(`OroCRM has no case ${idOf(work)}, or doesn’t show it to the credential’s user. It may have been deleted.`);
			continue;
		}
		work.pair.mapped = { ...work.pair.mapped, ...mapCaseAgain(work.pair.mapped, work.pair.case, now), case: work.pair.mapped.case };
		work.pair.case = now;
		work.pair.record = entry?.record ?? null;
		if (!entry) work.lostTicket = ticketOfKey(now.externalId);
		if (entry && entry.record.originId === null) work.pair.resolved.passOver = `the record of case ${now.id} has no ticket number: OroCRM’s own Zendesk integration made it to publish the case by itself. If that integration is deactivated now, delete record ${entry.record.id}`;
	}
	await readTheirTickets(
		works.filter((work) => numberOf(work) !== undefined && !work.failure),
		clients,
	);
}

/** The ticket's number, by the record or by the key of a case that lost its record. */
function numberOf({ pair, lostTicket }: FromCase): number | undefined {
	const id = pair.record ? Number(pair.record.originId ?? 'none') : lostTicket;
	return id !== undefined && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

async function readTheirTickets(works: readonly FromCase[], clients: Clients): Promise<void> {
	const tickets = await readSettledTickets(clients.zendesk, [...new Set(works.map((work) => numberOf(work) as number))], clients.time);
	for (const work of works) {
		const { pair } = work;
		const { record } = pair;
		const number = numberOf(work);
		const found = tickets.get(number as number);
		const named = hostOf(record?.url ?? null);
		// Without a record only the key says which account's ticket it was.
		if (!record && (!found || caseKey(hostOf(found.ticket.url) ?? '', found.ticket.id) !== pair.case?.externalId)) {
			pair.resolved.passOver = `case ${pair.case?.id} was tied to ticket ${number}, which is not in this Zendesk account (any more)`;
		} else if (!found) pair.resolved.passOver = `ticket ${record?.originId} of case ${pair.case?.id} is not in this Zendesk account: it was deleted there, or belongs to another account`;
		else if (named !== undefined && named !== (hostOf(found.ticket.url) ?? named) && record?.id !== work.known.acceptRecord) {
			pair.resolved.otherAccount = record?.id;
			pair.resolved.passOver = `case ${pair.case?.id} belongs to ticket ${record?.originId} of ${named}, another Zendesk account. If that is a former address of this one, choose the integration in Publish Case`;
		} else {
			pair.ticket = pairsOf([found.ticket], found.users)[0].ticket as ReadyPair['ticket'];
			pair.mapped = mapTicketAgain(pair.mapped, null, found.ticket) as ReadyPair['mapped'];
		}
	}
}
