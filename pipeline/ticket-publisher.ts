import { ApiError } from '../http/api-error';
import { findRecordsOfCases } from '../orocrm/ticket-records';
import { markOf, publishedId } from '../sync/comment-mark';
import { mapTicketAgain } from '../sync/map-pair';
import type { SentBase } from '../sync/merge-pair';
import { planPublication } from '../sync/plan-publication';
import type { Publication, PublishablePair } from '../sync/plan-publication';
import type { ReadyPair } from '../sync/plan';
import { readComments } from '../zendesk/comments';
import { isIdempotencyMismatch } from '../zendesk/errors';
import { findTicketsByExternalId } from '../zendesk/tickets';
import type { ZendeskTicket } from '../zendesk/types';
import type { Clients } from './clients';
import { readSettled } from './find-tickets';
import { pairsOf } from './ticket-feed';

/** What a publication came to: the pair with its ticket, and what was sent when the ticket is new. */
export interface PublishedTicket {
	pair: ReadyPair;
	publication: Publication;
	/** Absent when the ticket was there already, from a run that died before it could save its record. */
	sent?: SentBase;
}

/**
 * Makes the ticket of a case that has none; the record that ties the two is saved by whoever calls. Looks first whether a former run
 * got as far as the ticket: by the external id, which outlives the two hours of Zendesk's Idempotency-Key.
 */
export async function publishTicket(pair: PublishablePair, clients: Clients): Promise<PublishedTicket> {
	const publication = planPublication(pair);
	const present = await findPublished(pair, clients);
	const ticket = present ?? (await create(pair, publication, clients));
	return { pair: await withTicket(pair, ticket, clients), publication, ...(present ? {} : { sent: publication.sent }) };
}

/** The ticket that was published from this case. Another OroCRM may have published a case of the same number: the first comment's mark tells. */
async function findPublished(pair: PublishablePair, clients: Clients): Promise<ZendeskTicket | undefined> {
	for (const ticket of await findTicketsByExternalId(clients.zendesk, publishedId(pair.case.id))) {
		const marks = (await readComments(clients.zendesk, ticket.id)).map(markOf).filter((mark) => mark?.kind === 'case');
		if (marks.length === 0 || marks.some((mark) => mark?.site === pair.resolved.site)) return ticket;
	}
	return undefined;
}

async function create(pair: PublishablePair, publication: Publication, clients: Clients): Promise<ZendeskTicket> {
	const { zendeskWriter, oro, time } = clients;
	if (!zendeskWriter) throw new Error('Two-way sync is off: no ticket is made.');
	// Somebody may have linked the case since it was read; what is made now can't be taken back.
	if ((await findRecordsOfCases(oro, [pair.case.id])).length > 0) throw new Error(`Case ${pair.case.id} was linked to a ticket meanwhile. The next look takes it from there.`);
	try {
		return await zendeskWriter.createTicket(publication.ticket, publication.idempotencyKey);
	} catch (error) {
		// Published before with other values, by a run whose answer was lost: Zendesk remembers the key, and its list knows the ticket.
		if (!isIdempotencyMismatch(error)) throw error;
		for (let look = 1; look <= 4; look++) {
			const found = await findPublished(pair, clients);
			if (found) return found;
			await time.sleep(1_000 * look);
		}
		throw error;
	}
}

/** The pair with its ticket as it is after Zendesk's own rules ran. */
async function withTicket(pair: PublishablePair, made: ZendeskTicket, clients: Clients): Promise<ReadyPair> {
	const settled = (await readSettled([made.id], clients)).get(made.id);
	if (!settled) throw new ApiError('Zendesk', `GET /api/v2/tickets/${made.id}.json`, 404, `ticket ${made.id}, published from case ${pair.case.id}, is gone`, 'It was deleted in Zendesk right away. Publish the case again if it should have a ticket.');
	const ticket = pairsOf([settled.ticket], settled.users)[0].ticket as ReadyPair['ticket'];
	const comments = await readComments(clients.zendesk, made.id);
	return { ...pair, ticket: { ...ticket, comments }, mapped: mapTicketAgain(pair.mapped, null, ticket) as ReadyPair['mapped'] };
}
