import { sleep } from 'n8n-workflow';
import type { OroCrmClient } from '../../orocrm/client';
import { findRecordsOfCases, readCases } from '../../orocrm/ticket-records';
import type { Failure } from '../../pipeline/clients';
import { pairsOf } from '../../pipeline/ticket-pairs';
import type { Pair } from '../../sync/pair';
import { hostOf } from '../../zendesk/address';
import type { ZendeskClient } from '../../zendesk/client';
import { readSettledTicket } from '../../zendesk/settled-tickets';
import { addressHost, caseNumber } from './case-number';
import { ticketNumber, zendeskHost } from './ticket-number';

const failure = (words: string): Failure => ({ error: new Error(words) });

/** The pair of a ticket that a person named. */
export async function pairOfTicket(asked: string, client: ZendeskClient): Promise<Pair | Failure> {
	const number = ticketNumber(asked);
	if (number === undefined) {
		if (caseNumber(asked) !== undefined) return failure(`"${asked}" is the address of a case: choose Case instead of Ticket, or enter a ticket's.`);
		return failure(`"${asked}" is no ticket: enter its number, or the address of its page in Zendesk.`);
	}
	const host = zendeskHost(asked);
	const own = hostOf(client.baseUrl) ?? '';
	if (host && own.endsWith('.zendesk.com') && host !== own) return failure(`${asked} is a ticket of ${host}, but the credential is for ${own}.`);
	const found = await readSettledTicket(client, number, { sleep });
	if (!found) return failure(`Zendesk has no ticket ${number}. It may have been deleted.`);
	return { ...pairsOf([found.ticket], found.users)[0], thorough: true };
}

/** The pair of a case that a person named: with its record, when it is linked. */
export async function pairOfCase(asked: string, client: OroCrmClient): Promise<Pair | Failure> {
	const number = caseNumber(asked);
	if (number === undefined) {
		if (/\/tickets\/\d+/.test(asked)) return failure(`"${asked}" is the address of a ticket: choose Ticket instead of Case, or enter a case's.`);
		return failure(`"${asked}" is no case: enter its number, or the address of its page in OroCRM.`);
	}
	const host = addressHost(asked);
	const own = addressHost(client.baseUrl) ?? '';
	if (host && host !== own) return failure(`${asked} is a case of ${host}, but the credential is for ${own}.`);
	const [linked] = await findRecordsOfCases(client, [number]);
	const oroCase = linked ? linked.case : (await readCases(client, [number]))[0];
	if (!oroCase) return failure(`OroCRM has no case ${number}, or doesn’t show it to the credential’s user.`);
	return { origin: 'orocrm', ticket: null, case: oroCase, record: linked?.record ?? null, thorough: true };
}
