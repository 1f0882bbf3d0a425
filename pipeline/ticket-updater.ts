import { ApiError } from '../http/api-error';
import type { CaseComment } from '../orocrm/types';
import { mapTicketAgain } from '../sync/map-pair';
import type { SentBase } from '../sync/merge-pair';
import { ticketComment } from '../sync/outgoing-comments';
import { comparableEmail } from '../sync/people';
import type { ReadyPair, TicketWrite } from '../sync/plan';
import { toldComment } from '../sync/told-comment';
import type { NewRequester } from '../sync/zendesk-people';
import { countsAllComments } from '../zendesk/comment-count';
import { isDuplicateUser } from '../zendesk/errors';
import type { ZendeskComment } from '../zendesk/types';
import type { Clients } from './clients';
import type { CommentFiles } from './comment-files';
import type { PeopleDirectory } from './people-directory';
import type { RunLooks } from './run-looks';

/** How long Zendesk's search may not know a person who exists. */
const SEARCH_LAG = 5_000;

/** What a change of a ticket came to. */
export interface UpdatedTicket {
	sent: SentBase;
	/** The comment that it made, where the answer tells it. */
	told?: ZendeskComment;
}

/** Carries out one change of a ticket, guarded by the date at which it was read. Throws an {@link ApiError} when it is refused. */
export async function updateTicket(pair: ReadyPair, write: TicketWrite, clients: Clients, directory: PeopleDirectory, files: CommentFiles): Promise<UpdatedTicket> {
	const { zendeskWriter } = clients;
	if (!zendeskWriter) throw new Error('Two-way sync is off: nothing is written to Zendesk.');
	const body: Record<string, unknown> = { ...write.changes.attributes };
	const sent: SentBase = { ...write.changes.sent };
	if (write.changes.newRequester) {
		const id = await makeUser(write.changes.newRequester, clients, directory);
		// Zendesk finds by itself who has the address as a second one (zendesk-api.md §9); the search doesn't.
		if (id === undefined) body.requester = write.changes.newRequester;
		else body.requester_id = id;
		if (sent.requester) sent.requester = { ...sent.requester, zendesk: id ?? null };
	}
	const send = async (comment: object) => await zendeskWriter.updateTicket(pair.ticket.id, { ...body, ...comment }, pair.ticket.updated_at);
	if (!write.comment) {
		await send({});
		return { sent };
	}
	const { audit } = await sendComment(write.comment, pair, files, send);
	return { sent, told: toldComment(audit, { kind: 'comment', id: write.comment.id, site: pair.resolved.site }) };
}

/** Sends a comment; without its author, whose name stands in the text then, when Zendesk doesn't take that person (gone, suspended). */
export async function sendComment<T>(comment: CaseComment, pair: ReadyPair, files: CommentFiles, send: (outgoing: ReturnType<typeof ticketComment>) => Promise<T>): Promise<T> {
	const { zendesk, site } = pair.resolved;
	const file = await files.upload(comment);
	const outgoing = ticketComment(comment, zendesk, site, file);
	try {
		return await send(outgoing);
	} catch (error) {
		const isAuthors = error instanceof ApiError && error.status === 422 && (error.pointers.some((field) => field.startsWith('author')) || /\bauthor\b/i.test(error.words));
		if (!isAuthors || outgoing.comment.author_id === undefined) throw error;
		return await send(ticketComment(comment, zendesk, site, file, true));
	}
}

/**
 * Makes a person in Zendesk. Somebody may have been faster, or the search may not have known yet who is there. Undefined when the address
 * is somebody's whom the search doesn't show.
 */
async function makeUser(person: NewRequester, clients: Clients, directory: PeopleDirectory): Promise<number | undefined> {
	const find = async (again: boolean) => {
		if (again) directory.forget(person.email);
		return (await directory.findByEmail([person.email], clients)).get(comparableEmail(person.email) ?? '')?.id;
	};
	const present = await find(false);
	if (present !== undefined) return present;
	try {
		const { id } = (await clients.zendeskWriter?.createUser(person)) ?? {};
		directory.forget(person.email);
		if (id !== undefined) return id;
	} catch (error) {
		// A lost answer may mean that the person was made: the search tells.
		if (!isDuplicateUser(error) && !(error instanceof ApiError && error.status === undefined)) throw error;
		for (let look = 1; look <= 4; look++) {
			const found = await find(true);
			if (found !== undefined) return found;
			await clients.time.sleep(SEARCH_LAG * look);
		}
		if (isDuplicateUser(error)) return undefined;
		throw error;
	}
	throw new Error(`Zendesk did not say the number of the new user ${person.email}.`);
}

/**
 * The ticket as it is now, after a write or a refusal, once the second of its last change is over. Undefined when it is gone.
 *
 * Its comments are only read again when there may be others than are known: the guard says that there were none before the write, and the
 * count, where it is known to count all, says that there were none after it.
 *
 * @param made the comments that the write made, as far as its answer told them; null when there may be others
 */
export async function lookAtTicket(pair: ReadyPair, clients: Clients, looks: RunLooks, made: readonly ZendeskComment[] | null): Promise<ReadyPair | undefined> {
	const { ticket } = pair;
	const now = await looks.ticket(ticket.id);
	if (!now) return undefined;
	const allKnown = made !== null && ticket.marks_unknown !== true && countsAllComments(clients.zendesk.baseUrl) && typeof now.comment_count === 'number' && now.comment_count === (ticket.comment_count ?? NaN) + made.length;
	const comments = allKnown ? withMade(ticket.comments, made) : await looks.comments(now);
	const people = new Map([...ticket.people, ...now.people].map((user) => [user.id, user]));
	const mapped = mapTicketAgain(pair.mapped, ticket, now) as ReadyPair['mapped'];
	return { ...pair, ticket: { ...now, comments, people: [...people.values()] }, mapped };
}

/** Comments that were not read, because all of them have their rows, need not be read now. */
function withMade(comments: readonly ZendeskComment[] | null, made: readonly ZendeskComment[]): ZendeskComment[] | null {
	return comments === null && made.length === 0 ? null : [...(comments ?? []), ...made];
}
