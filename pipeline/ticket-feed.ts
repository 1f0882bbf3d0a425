import type { Pair } from '../sync/pair';
import type { ZendeskClient } from '../zendesk/client';
import { isTooRecent } from '../zendesk/errors';
import { readTicketExport } from '../zendesk/ticket-export';
import type { ExportPosition } from '../zendesk/ticket-export';
import { readLatestTickets } from '../zendesk/tickets';
import type { ProvenComments } from '../sync/exported-comments';
import type { ZendeskTicket, ZendeskUser } from '../zendesk/types';
import { slimUser } from '../zendesk/users';
import { BatchFeed } from './batch-feed';
import type { Batch, BatchSource, FeedOutside } from './batch-feed';
import { CommentExport } from './comment-export';

/** What the trigger keeps in n8n's static data: where the batch begins of which it isn't known that it was handled. */
export interface FeedState {
	/** Base address of the account: another account begins anew. */
	account: string;
	/** The starting point in the settings: another one begins anew. */
	start: string;
	position: ExportPosition;
	/**
	 * Where the export of ticket events goes on, in seconds since 1970; absent before the first look. Tickets that were made before it get
	 * their comments singly, so nothing is lost with it.
	 */
	events?: number;
}

export interface FeedSettings {
	batchSize: number;
	/** Tickets that are let through; all when a list is empty. */
	brands: readonly string[];
	groups: readonly string[];
	tags: readonly string[];
	/** Milliseconds after which a run that says nothing is given up. */
	runDeadline: number;
}

/** Changed tickets, page by page of Zendesk's export, with their comments where the export of events tells them in full. */
class TicketSource implements BatchSource<FeedState> {
	readonly isNothingYet = isTooRecent;
	private readonly comments: CommentExport;

	constructor(
		private readonly client: ZendeskClient,
		private readonly settings: FeedSettings,
		state: FeedState,
	) {
		this.comments = commentExport(client, state);
	}

	async read(state: FeedState): Promise<Batch<FeedState>> {
		const page = await readTicketExport(this.client, state.position, this.settings.batchSize);
		const tickets = page.tickets.filter((ticket) => letsThrough(ticket, this.settings));
		const pairs = pairsOf(tickets, page.users, await this.comments.commentsOf(tickets));
		return {
			pairs,
			// A page without rows has no cursor: the old one stays (zendesk-api.md §3).
			next: page.afterCursor ? { ...state, position: { cursor: page.afterCursor }, events: this.comments.position } : state,
			more: !page.endOfStream,
		};
	}
}

/** Events from where the feed left them; at the first look from the starting point on. */
function commentExport(client: ZendeskClient, { position, events }: Pick<FeedState, 'position' | 'events'>): CommentExport {
	return new CommentExport(client, events ?? ('startTime' in position ? position.startTime : undefined));
}

/** Hands out changed tickets. */
export class TicketFeed extends BatchFeed<FeedState> {
	constructor(state: FeedState, client: ZendeskClient, settings: FeedSettings, outside: FeedOutside<FeedState>) {
		super(state, new TicketSource(client, settings, state), { what: 'tickets', runDeadline: settings.runDeadline }, outside);
	}

	get position(): ExportPosition {
		return this.state.position;
	}
}

/** Pairs for the pipeline: each ticket with the people that it names, and with its comments (by ticket id) where all of them are known. */
export function pairsOf(tickets: readonly ZendeskTicket[], users: readonly ZendeskUser[], comments: ReadonlyMap<number, ProvenComments> = new Map()): Pair[] {
	const people = new Map(users.map((user) => [user.id, slimUser(user)]));
	return tickets.map((ticket) => {
		const kept = { ...ticket };
		// The same list as `custom_fields` once more (zendesk-api.md §2).
		delete kept.fields;
		const ids = new Set([ticket.requester_id, ticket.submitter_id, ticket.assignee_id, ...(Array.isArray(ticket.collaborator_ids) ? ticket.collaborator_ids : [])]);
		const named = [...ids].map((id) => people.get(id ?? -1)).filter((user) => user !== undefined);
		const proven = comments.get(ticket.id);
		const marks = proven?.marksUnknown ? { marks_unknown: true } : {};
		return { origin: 'zendesk', ticket: { ...kept, comments: proven?.comments ?? null, ...marks, people: named }, case: null, record: null };
	});
}

function letsThrough(ticket: ZendeskTicket, settings: FeedSettings): boolean {
	const has = (list: readonly string[], value: unknown) => list.length === 0 || list.includes(String(value));
	return has(settings.brands, ticket.brand_id) && has(settings.groups, ticket.group_id) && (settings.tags.length === 0 || (ticket.tags ?? []).some((tag) => settings.tags.includes(tag)));
}

/** The position for a starting point. `now` in milliseconds since 1970. */
export function startingPosition(start: { from: 'now' | 'date' | 'everything'; date?: string }, now: number): ExportPosition {
	if (start.from === 'everything') return { startTime: 0 };
	if (start.from === 'now') return { startTime: Math.floor(now / 1000) };
	const time = Date.parse(start.date ?? '');
	if (Number.isNaN(time)) throw new Error(`"${start.date ?? ''}" is no date to start from.`);
	return { startTime: Math.max(0, Math.floor(time / 1000)) };
}

/** Pairs that a look by hand shows when nothing is due. */
const LATEST = 3;

/** What is due now, one batch at most; when nothing is, the latest few, so that a builder sees what an item looks like. Moves nothing. */
export async function dueNow(client: ZendeskClient, state: Pick<FeedState, 'position' | 'events'>, settings: FeedSettings): Promise<Pair[]> {
	const due = await readTicketExport(client, state.position, settings.batchSize).catch((error: unknown) => {
		if (isTooRecent(error)) return undefined;
		throw error;
	});
	const page = due && due.tickets.length > 0 ? due : await readLatestTickets(client, LATEST);
	const tickets = page.tickets.filter((ticket) => letsThrough(ticket, settings));
	return pairsOf(tickets, page.users, page === due ? await commentExport(client, state).commentsOf(tickets) : undefined);
}
