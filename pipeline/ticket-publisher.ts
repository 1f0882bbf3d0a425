import { ApiError } from '../http/api-error';
import { isConflict } from '../orocrm/errors';
import { markOf, publishedId } from '../sync/comment-mark';
import { mapTicketAgain } from '../sync/map-pair';
import type { SentBase } from '../sync/merge-pair';
import { PairProblem } from '../sync/pair-problem';
import { comparableEmail } from '../sync/people';
import { planPublication } from '../sync/plan-publication';
import type { Publication, PublishablePair } from '../sync/plan-publication';
import type { ReadyPair } from '../sync/plan';
import { sameDate } from '../sync/text';
import { ticketRecordAttributes } from '../sync/ticket-record';
import { toldComment } from '../sync/told-comment';
import { countsAllComments } from '../zendesk/comment-count';
import { isIdempotencyMismatch } from '../zendesk/errors';
import { findTicketsByExternalId } from '../zendesk/tickets';
import type { WrittenTicket, ZendeskTicket } from '../zendesk/types';
import { readAddresses } from '../zendesk/users';
import type { Clients } from './clients';
import { STILL_FRESH } from './run-looks';
import type { RunLooks } from './run-looks';

/** How often the creation of one ticket is tried. */
const ATTEMPTS = 4;

/** What a publication came to: the pair with its ticket, and what was sent when the ticket is new. */
export interface PublishedTicket {
	pair: ReadyPair;
	publication: Publication;
	/** Absent when the ticket was there already, from a run that died before it could save its record. */
	sent?: SentBase;
	/** Whom Zendesk chose for the case's contact; null when the ticket may have been given another requester since. */
	requester: number | null;
}

/**
 * Makes the ticket of a case that has none; the record that ties the two is saved by whoever calls. Looks first whether a former run
 * got as far as the ticket: by the external id, which outlives the two hours of Zendesk's Idempotency-Key. Gives back why alone
 * when that ticket was deleted since.
 */
export async function publishTicket(pair: PublishablePair, clients: Clients, looks: RunLooks, channel: string | null): Promise<PublishedTicket | { gone: string }> {
	const publication = planPublication(pair);
	const present = await findPublished(pair, clients, looks);
	const written = present ? { ticket: present } : await create(pair, publication, clients, looks);
	if (!written) return { gone: `case ${pair.case.id} was published less than two hours ago, and its ticket was deleted in Zendesk before it was tied to the case: it is not made again` };
	const { ticket } = written;
	const ready = await withTicket(pair, written, clients, looks);
	if (ready) return { pair: ready, publication, requester: present && !(await choseForContact(pair, present, clients)) ? null : ticket.requester_id, ...(present ? {} : { sent: publication.sent }) };
	// Under the same key Zendesk answers with the ticket that a former run made, also when a person deleted it since.
	await rememberDeleted(pair, ticket, clients, channel);
	return { gone: `ticket ${ticket.id}, published from case ${pair.case.id}, was deleted in Zendesk: it is not made again` };
}

/**
 * Whether the requester of a ticket that a former run made is surely whom Zendesk chose for the contact's address: it had to choose, nobody
 * touched the ticket since, and the address is one of theirs. A rule of Zendesk's may give a ticket another requester in its very first second.
 */
async function choseForContact({ case: oroCase, resolved }: PublishablePair, ticket: ZendeskTicket, { zendesk }: Clients): Promise<boolean> {
	const known = resolved.zendesk.contacts[oroCase.relatedContact ?? ''];
	if (known?.id !== null || !known.email || ticket.requester_id === null || !sameDate(ticket.created_at, ticket.updated_at)) return false;
	return (await readAddresses(zendesk, ticket.requester_id)).includes(comparableEmail(known.email) ?? '');
}

/** A record of the deleted ticket: Zendesk forgets the key after two hours, and then only the record tells that the case had a ticket. */
async function rememberDeleted(pair: PublishablePair, ticket: ZendeskTicket, clients: Clients, channel: string | null): Promise<void> {
	const relationships = {
		relatedCase: { data: { type: 'cases', id: pair.case.id } },
		...(channel === null ? {} : { channel: { data: { type: 'integrationchannels', id: channel } } }),
	};
	try {
		await clients.oro.create('zendesktickets', { data: { type: 'zendesktickets', id: 'record', attributes: ticketRecordAttributes(ticket), relationships } });
	} catch (error) {
		// There is one already.
		if (!isConflict(error)) throw error;
	}
}

/** The ticket that was published from this case. Another OroCRM may have published a case of the same number: the first comment's mark tells. */
async function findPublished(pair: PublishablePair, clients: Clients, looks: RunLooks): Promise<ZendeskTicket | undefined> {
	for (const ticket of await findTicketsByExternalId(clients.zendesk, publishedId(pair.case.id))) {
		const marks = (await looks.comments(ticket)).map(markOf).filter((mark) => mark?.kind === 'case');
		if (marks.length === 0 || marks.some((mark) => mark?.site === pair.resolved.site)) return ticket;
	}
	return undefined;
}

/** Undefined when a ticket was made under the key with other values, and is gone. */
async function create(pair: PublishablePair, publication: Publication, clients: Clients, looks: RunLooks): Promise<WrittenTicket | undefined> {
	const { zendeskWriter, time } = clients;
	// On servers without keys only this tells a case whose record was deleted from one that never had a ticket.
	if ((pair.resolved.commentRows ?? []).some((row) => row.originId !== null)) {
		throw new PairProblem(`Case ${pair.case.id} has comments of a Zendesk ticket, but its ticket record was deleted. It is tied to its ticket again when the ticket changes; no second ticket is made.`);
	}
	if (!zendeskWriter) throw new Error('Two-way sync is off: no ticket is made.');
	const send = async () => await zendeskWriter.createTicket(publication.ticket, publication.idempotencyKey);
	for (let attempt = 1; ; attempt++) {
		try {
			return attempt === 1 ? await whileUnlinked(pair, clients, looks, send) : await looks.zendeskTurns.run('write', send, () => false);
		} catch (error) {
			// The ticket may have been made: by this request, whose answer was lost, or by a former run's with other values under the same
			// key. Zendesk's list tells; only then it is asked for again, and the key keeps it from being made twice.
			const unsure = error instanceof ApiError && (error.status === undefined || error.status >= 500);
			if (!unsure && !isIdempotencyMismatch(error)) throw error;
			await time.sleep(1_000 * attempt);
			const found = await findPublished(pair, clients, looks);
			if (found) return { ticket: found };
			if (attempt < ATTEMPTS) continue;
			if (isIdempotencyMismatch(error)) return undefined;
			throw error;
		}
	}
}

/** Somebody may have linked the case since it was read, and what is made now can't be taken back: so that is asked when its turn is near. */
async function whileUnlinked<T>(pair: PublishablePair, { time }: Clients, looks: RunLooks, send: () => Promise<T>): Promise<T> {
	for (;;) {
		const linked = await looks.isLinked(pair.case.id);
		const askedAt = time.now();
		if (linked) throw new PairProblem(`Case ${pair.case.id} was linked to a ticket meanwhile. The next look takes it from there.`);
		const sent = await looks.zendeskTurns.run('write', async () => (time.now() - askedAt > STILL_FRESH ? undefined : { answer: await send() }), () => false);
		if (sent) return sent.answer;
	}
}

/** The pair with its ticket as it is after Zendesk's own rules ran. */
async function withTicket(pair: PublishablePair, { ticket: made, audit }: WrittenTicket, clients: Clients, looks: RunLooks): Promise<ReadyPair | undefined> {
	const ticket = await looks.ticket(made.id);
	if (!ticket) return undefined;
	const told = toldComment(audit, { kind: 'case', id: pair.case.id, site: pair.resolved.site });
	const isAll = told !== undefined && ticket.comment_count === 1 && countsAllComments(clients.zendesk.baseUrl);
	const comments = isAll ? [told] : await looks.comments(ticket);
	return { ...pair, ticket: { ...ticket, comments }, mapped: mapTicketAgain(pair.mapped, null, ticket) as ReadyPair['mapped'] };
}
