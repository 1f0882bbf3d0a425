import { ApiError } from '../http/api-error';
import { markOf } from '../sync/comment-mark';
import { commentsOfEvent, isSystemUpdate, mayBeProven, provenComments } from '../sync/exported-comments';
import type { CommentCoverage, ExportedComment, ProvenComments } from '../sync/exported-comments';
import type { ZendeskClient } from '../zendesk/client';
import { learnExportedCount } from '../zendesk/comment-count';
import { isTooRecent } from '../zendesk/errors';
import { readTicketEvents } from '../zendesk/ticket-events';
import type { TicketEventPage, ZendeskComment, ZendeskTicket } from '../zendesk/types';

/**
 * A page of events stands for so many single reads: exports are allowed 10 times a minute, other requests 200 to 700 times (zendesk-api.md
 * §16). Where more pages are needed for a batch, its comments come sooner one ticket at a time.
 */
export const TICKETS_PER_PAGE = 40;
/** For a single ticket a read of its comments costs no more, and always tells all. */
const FEWEST_TICKETS = 2;
/** Characters of comments that are kept for tickets that haven't come yet, or that may come again. */
const MOST_CHARACTERS = 20_000_000;
/** What a comment takes beside its texts; an attachment, and what is noted of a ticket, no more. Characters. */
const AROUND_A_COMMENT = 600;

interface Kept {
	comments: Map<number, ExportedComment>;
	unclear: boolean;
	/** When its first and its latest event was. Seconds since 1970. */
	first: number;
	last: number;
	characters: number;
}

/**
 * Comments of tickets in bulk, from Zendesk's export of ticket events. Events and tickets are two streams: what comes before its ticket is
 * kept, up to a bound; a ticket whose events are not all in hand gets none here, and its comments are read singly later on.
 *
 * Nothing here has to outlive a restart: without what was kept, fewer tickets are covered, and those are read singly.
 */
export class CommentExport {
	private readonly kept = new Map<number, Kept>();
	private characters = 0;
	private since: number | undefined;
	private showsMarks = false;
	private isGivenUp = false;
	/** Tickets of the last batch that can't get any more comments. */
	private final: number[] = [];
	/** The reading that is under way: another one waits for it, so that no page is asked for twice. */
	private underWay: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly client: ZendeskClient,
		/** Where reading begins, in seconds since 1970; undefined: with the first ticket. */
		private next: number | undefined,
		private readonly mostCharacters = MOST_CHARACTERS,
	) {
		this.since = next;
	}

	/** Where reading goes on: all events before that second were read. Seconds since 1970. */
	get position(): number | undefined {
		return this.next;
	}

	/** Nobody waits for its answer any more: no further request is made. */
	giveUp(): void {
		this.isGivenUp = true;
	}

	/**
	 * The comments of those of these tickets that the events tell in full, by ticket id; so many events are read as it takes for these
	 * tickets, as long as it is worth it. `tickets` are a page of the ticket export, in its order.
	 *
	 * Throws the `ApiError` of a system in trouble; when the export itself is refused, the tickets simply get nothing from it.
	 */
	async commentsOf(tickets: readonly ZendeskTicket[]): Promise<Map<number, ProvenComments>> {
		const reading = this.underWay.then(() => this.read(tickets));
		this.underWay = reading.catch(() => undefined);
		return await reading;
	}

	private async read(tickets: readonly ZendeskTicket[]): Promise<Map<number, ProvenComments>> {
		const ids = new Set(tickets.map((ticket) => ticket.id));
		for (const id of this.final) if (!ids.has(id)) this.forget(id);
		this.final = tickets.filter((ticket) => ticket.status === 'closed' || ticket.status === 'deleted').map((ticket) => ticket.id);
		this.beginWith(tickets);
		// What is kept was read before: a comment may be another one now, and no later event need say so.
		for (const ticket of tickets.filter(isSystemUpdate)) this.doubt(ticket.id);

		const wanted = tickets.filter((ticket) => this.covers(ticket));
		if (wanted.length < FEWEST_TICKETS) return new Map();
		const last = Math.max(...wanted.map((ticket) => ticket.generated_timestamp ?? 0));
		const until = await this.readUntil(last, Math.ceil(wanted.length / TICKETS_PER_PAGE));
		const coverage: CommentCoverage = { since: this.since ?? Infinity, until, showsMarks: this.showsMarks };
		const found = new Map<number, ProvenComments>();
		for (const ticket of wanted) {
			const proven = provenComments(ticket, this.kept.get(ticket.id), coverage);
			if (!proven) continue;
			found.set(ticket.id, proven);
			learnExportedCount(this.client.baseUrl, ticket.comment_count, proven.comments);
		}
		// What lies between isn't worth reading: from here on tickets are covered anew.
		if (until <= last) this.beginAnew(last);
		else this.makeRoom();
		return found;
	}

	/** Where the export was left, or where it isn't known, with the first of these: the {@link position} from now on. Undefined when none of them tells. */
	beginWith(tickets: readonly ZendeskTicket[]): number | undefined {
		const times = this.next === undefined ? tickets.map((ticket) => ticket.generated_timestamp).filter((time) => typeof time === 'number') : [];
		if (times.length > 0) this.beginAnew(Math.min(...times));
		return this.next;
	}

	private covers(ticket: ZendeskTicket): boolean {
		return this.since !== undefined && mayBeProven(ticket, { since: this.since, showsMarks: this.showsMarks });
	}

	/** Reads on behind that second, at most so many pages. Gives back before which second all that is there was read. */
	private async readUntil(second: number, pages: number): Promise<number> {
		for (let read = 0; (this.next ?? 0) <= second; read++) {
			if (read >= pages || this.isGivenUp) return this.next ?? 0;
			const from = this.next ?? 0;
			const page = await this.page(from);
			if (!page) return from;
			for (const event of page.events) this.keep(event);
			if (page.endOfStream) {
				this.next = Math.max(from, page.endTime);
				return Infinity;
			}
			// More events in one second than fit into a page: the rest of them is never shown (zendesk-api.md §4).
			if (page.endTime <= from) this.beginAnew(from + 1);
			else this.next = page.endTime;
			this.makeRoom();
		}
		return this.next ?? 0;
	}

	/** Undefined when there is nothing to be had. */
	private async page(startTime: number): Promise<TicketEventPage | undefined> {
		try {
			return await readTicketEvents(this.client, startTime);
		} catch (error) {
			if (isTooRecent(error)) return undefined;
			// The sync doesn't depend on it: comments can be read in another way.
			if (error instanceof ApiError && [400, 403, 404, 410, 422].includes(error.status ?? 0)) return undefined;
			throw error;
		}
	}

	private keep(event: TicketEventPage['events'][number]): void {
		const { comments, unclear } = commentsOfEvent(event);
		const before = this.kept.get(event.ticket_id);
		// A ticket begins with a comment: of one that begins otherwise, the beginning is missing.
		if (!before && comments.length === 0 && !unclear) return;
		const kept = before ?? { comments: new Map<number, ExportedComment>(), unclear: false, first: event.timestamp, last: event.timestamp, characters: AROUND_A_COMMENT };
		this.kept.set(event.ticket_id, kept);
		if (!before) this.characters += kept.characters;
		kept.unclear ||= unclear;
		kept.last = Math.max(kept.last, event.timestamp);
		for (const exported of comments) {
			const { comment } = exported;
			if (markOf(comment)) this.showsMarks = true;
			const old = kept.comments.get(comment.id);
			const characters = sizeOf(comment) - (old ? sizeOf(old.comment) : 0);
			kept.comments.set(comment.id, exported);
			kept.characters += characters;
			this.characters += characters;
		}
	}

	private doubt(ticketId: number): void {
		const kept = this.kept.get(ticketId);
		if (kept) kept.unclear = true;
	}

	private forget(ticketId: number): void {
		this.characters -= this.kept.get(ticketId)?.characters ?? 0;
		this.kept.delete(ticketId);
	}

	private beginAnew(second: number): void {
		this.kept.clear();
		this.characters = 0;
		this.since = second;
		this.next = second;
	}

	/** The tickets that were seen first go first; older ones than the last of them are no longer covered. */
	private makeRoom(): void {
		for (const [id, { first }] of this.kept) {
			if (this.characters <= this.mostCharacters) return;
			this.forget(id);
			this.since = Math.max(this.since ?? 0, first + 1);
		}
	}
}

function sizeOf(comment: ZendeskComment): number {
	const texts = [comment.body, comment.html_body, comment.plain_body].reduce((sum, text) => sum + (text?.length ?? 0), 0);
	return texts + AROUND_A_COMMENT * (1 + (comment.attachments?.length ?? 0));
}
