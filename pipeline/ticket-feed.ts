import { ApiError } from '../http/api-error';
import type { Pair } from '../sync/pair';
import type { ZendeskClient } from '../zendesk/client';
import { readTicketExport } from '../zendesk/ticket-export';
import type { ExportPosition } from '../zendesk/ticket-export';
import { readLatestTickets } from '../zendesk/tickets';
import type { ZendeskTicket, ZendeskUser } from '../zendesk/types';
import { slimUser } from '../zendesk/users';
import { BatchFeed } from './batch-feed';
import type { Batch, BatchSource, FeedOutside } from './batch-feed';

/** What the trigger keeps in n8n's static data: where the batch begins of which it isn't known that it was handled. */
export interface FeedState {
	/** Base address of the account: another account begins anew. */
	account: string;
	/** The starting point in the settings: another one begins anew. */
	start: string;
	position: ExportPosition;
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

/** Changed tickets, page by page of Zendesk's export. */
class TicketSource implements BatchSource<FeedState> {
	readonly isNothingYet = isTooRecent;

	constructor(
		private readonly client: ZendeskClient,
		private readonly settings: FeedSettings,
	) {}

	async read(state: FeedState): Promise<Batch<FeedState>> {
		const page = await readTicketExport(this.client, state.position, this.settings.batchSize);
		return {
			pairs: pairsOf(page.tickets.filter((ticket) => letsThrough(ticket, this.settings)), page.users),
			// A page without rows has no cursor: the old one stays (zendesk-api.md §3).
			next: page.afterCursor ? { ...state, position: { cursor: page.afterCursor } } : state,
			more: !page.endOfStream,
		};
	}
}

/** Hands out changed tickets. */
export class TicketFeed extends BatchFeed<FeedState> {
	constructor(state: FeedState, client: ZendeskClient, settings: FeedSettings, outside: FeedOutside<FeedState>) {
		super(state, new TicketSource(client, settings), { what: 'tickets', runDeadline: settings.runDeadline }, outside);
	}

	get position(): ExportPosition {
		return this.state.position;
	}
}

/** Pairs for the pipeline: each ticket with the people that it names. */
export function pairsOf(tickets: readonly ZendeskTicket[], users: readonly ZendeskUser[]): Pair[] {
	const people = new Map(users.map((user) => [user.id, slimUser(user)]));
	return tickets.map((ticket) => {
		const kept = { ...ticket };
		// The same list as `custom_fields` once more (zendesk-api.md §2).
		delete kept.fields;
		const ids = new Set([ticket.requester_id, ticket.submitter_id, ticket.assignee_id, ...(Array.isArray(ticket.collaborator_ids) ? ticket.collaborator_ids : [])]);
		const named = [...ids].map((id) => people.get(id ?? -1)).filter((user) => user !== undefined);
		return { origin: 'zendesk', ticket: { ...kept, comments: null, people: named }, case: null, record: null };
	});
}

function letsThrough(ticket: ZendeskTicket, settings: FeedSettings): boolean {
	const has = (list: readonly string[], value: unknown) => list.length === 0 || list.includes(String(value));
	return has(settings.brands, ticket.brand_id) && has(settings.groups, ticket.group_id) && (settings.tags.length === 0 || (ticket.tags ?? []).some((tag) => settings.tags.includes(tag)));
}

/** The starting point is younger than the minute that Zendesk holds back: nothing to do yet. */
export function isTooRecent(error: unknown): boolean {
	return error instanceof ApiError && (error.code === 'StartTimeTooRecent' || (error.status === 422 && /too recent/i.test(error.words)) || (error.status === 400 && /too ?recent/i.test(`${error.code} ${error.words}`)));
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
export async function dueNow(client: ZendeskClient, position: ExportPosition, settings: FeedSettings): Promise<Pair[]> {
	const due = await readTicketExport(client, position, settings.batchSize).catch((error: unknown) => {
		if (isTooRecent(error)) return undefined;
		throw error;
	});
	const page = due && due.tickets.length > 0 ? due : await readLatestTickets(client, LATEST);
	return pairsOf(page.tickets.filter((ticket) => letsThrough(ticket, settings)), page.users);
}
