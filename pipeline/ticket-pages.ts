import type { Pair } from '../sync/pair';
import type { ZendeskClient } from '../zendesk/client';
import { readTicketExport } from '../zendesk/ticket-export';
import type { ExportPosition } from '../zendesk/ticket-export';
import type { ZendeskTicket, ZendeskUser } from '../zendesk/types';
import { CommentExport } from './comment-export';
import { lendExport } from './late-comments';
import { pairsOf } from './ticket-pairs';

export interface TicketFilters {
	/** Tickets that are let through; all when a list is empty. */
	brands: readonly string[];
	groups: readonly string[];
	tags: readonly string[];
}

/** Where reading goes on. */
export interface ReadingPosition {
	position: ExportPosition;
	/**
	 * Where the export of ticket events goes on, in seconds since 1970; absent before the first look. Tickets that were made before it get
	 * their comments singly, so nothing is lost with it.
	 */
	events?: number;
}

/** A page of the ticket export, ready to be handed out. */
export interface TicketPage {
	/** Tickets that the filters let through, with their comments where the export of events tells them in full. */
	pairs: Pair[];
	/** True when Zendesk had no row at all. */
	isEmpty: boolean;
	/** Between which seconds its rows lie, since 1970; null when it has none or they say nothing. */
	first: number | null;
	last: number | null;
	/** When it was read, by Zendesk's clock. Milliseconds since 1970. */
	readAt: number;
	/** Where reading goes on behind it. */
	next: ReadingPosition;
	/** True when there is nothing more for now. */
	endOfStream: boolean;
}

/** Reads the export of tickets page by page, and beside it the events with their comments. */
export class TicketPages {
	private comments: CommentExport;
	private underWay: symbol | undefined;
	/** Nothing was handed out yet. */
	private isFirst = true;

	constructor(
		private readonly client: ZendeskClient,
		private readonly settings: TicketFilters & { batchSize: number },
		start: ReadingPosition,
	) {
		this.comments = commentExport(client, start);
	}

	async read(from: ReadingPosition): Promise<TicketPage> {
		// A reading that was given up may still go on: two at once would mix up what is kept of the events.
		if (this.underWay) this.giveUp(from);
		const { comments } = this;
		const reading = (this.underWay = Symbol('reading'));
		try {
			const page = await readTicketExport(this.client, from.position, this.settings.batchSize);
			const tickets = page.tickets.filter((ticket) => letsThrough(ticket, this.settings));
			const pairs = await this.pairsOf(tickets, page.users, comments);
			const seconds = page.tickets.map((ticket) => ticket.generated_timestamp).filter((second) => typeof second === 'number');
			return {
				pairs,
				// Without a date of Zendesk's, n8n's own: only the moment at which a backfill begins depends on it.
				readAt: page.answeredAt ?? Date.now(),
				isEmpty: page.tickets.length === 0,
				first: seconds[0] ?? null,
				last: seconds.at(-1) ?? null,
				// A page without rows has no cursor: the old one stays (zendesk-api.md §3).
				next: page.afterCursor ? { position: { cursor: page.afterCursor }, events: comments.position } : from,
				endOfStream: page.endOfStream,
			};
		} finally {
			if (this.underWay === reading) this.underWay = undefined;
		}
	}

	private async pairsOf(tickets: readonly ZendeskTicket[], people: readonly ZendeskUser[], comments: CommentExport): Promise<Pair[]> {
		// Who begins can't know whether all of this was handled before: their comments are read when OroCRM has told.
		if (!this.isFirst) return pairsOf(tickets, people, await comments.commentsOf(tickets));
		this.isFirst = tickets.length === 0;
		const since = lendExport(this.client.baseUrl, comments, tickets);
		return pairsOf(tickets, people).map((pair) => (since === undefined ? pair : { ...pair, eventsSince: since }));
	}

	/** Whoever waits for a page that is being read doesn't want it any more: no further request is made for it. */
	giveUp(goesOn: ReadingPosition): void {
		this.comments.giveUp();
		this.comments = commentExport(this.client, goesOn);
		this.underWay = undefined;
	}
}

/** Events from where the feed left them; at the first look from the starting point on. */
export function commentExport(client: ZendeskClient, { position, events }: ReadingPosition): CommentExport {
	return new CommentExport(client, events ?? ('startTime' in position ? position.startTime : undefined));
}

export function letsThrough(ticket: ZendeskTicket, filters: TicketFilters): boolean {
	const has = (list: readonly string[], value: unknown) => list.length === 0 || list.includes(String(value));
	return has(filters.brands, ticket.brand_id) && has(filters.groups, ticket.group_id) && (filters.tags.length === 0 || (ticket.tags ?? []).some((tag) => filters.tags.includes(tag)));
}
