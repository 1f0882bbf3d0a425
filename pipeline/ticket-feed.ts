import { ApiError } from '../http/api-error';
import { pauseAfter } from '../http/retry';
import type { Pair } from '../sync/pair';
import type { ZendeskClient } from '../zendesk/client';
import { readTicketExport } from '../zendesk/ticket-export';
import type { ExportPosition } from '../zendesk/ticket-export';
import { readLatestTickets } from '../zendesk/tickets';
import type { ZendeskTicket, ZendeskUser } from '../zendesk/types';
import { slimUser } from '../zendesk/users';

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
	/** Milliseconds after which a run that says nothing is given up: in queue mode a timed-out run never answers (n8n.md §3). */
	runDeadline: number;
}

export interface FeedOutside {
	/** Writes the state where it outlives a restart. n8n stores it at the start of the next emit. */
	save(state: FeedState): void;
	/** Starts a run with these pairs; true when it ended well. */
	handOut(pairs: Pair[]): Promise<boolean>;
	/** Tells people about trouble: once for each kind, not at every try. */
	report(error: Error): void;
	now(): number;
}

/** After failures: from half a minute to a quarter of an hour. */
const FAILURE_PAUSES = { attempts: Number.POSITIVE_INFINITY, firstPause: 30_000, longestPause: 15 * 60_000, longestRetryAfter: 0 };

/**
 * Hands out changed tickets, batch by batch, and moves on only when the run that handles a batch has ended well (DESIGN "Acknowledge
 * late"). A failed or lost run is handed the same batch again, after growing pauses. It holds no timers: it is driven by ticks.
 */
export class TicketFeed {
	private busySince: number | undefined;
	private failures = 0;
	private notBefore = 0;
	private stopped = false;
	private reported: string | undefined;
	/** Counts runs, so that one that was given up can't move the position when it ends after all. */
	private generation = 0;

	constructor(
		private state: FeedState,
		private readonly client: ZendeskClient,
		private readonly settings: FeedSettings,
		private readonly outside: FeedOutside,
	) {}

	get position(): ExportPosition {
		return this.state.position;
	}

	/** True while the last batch or look failed: it is tried again by its own pauses, whatever the schedule says. */
	get isInTrouble(): boolean {
		return this.failures > 0;
	}

	/** True when a run says nothing for longer than the deadline. */
	get isOverdue(): boolean {
		return this.busySince !== undefined && this.outside.now() - this.busySince >= this.settings.runDeadline;
	}

	stop(): void {
		this.stopped = true;
	}

	/** One look at Zendesk and, as long as there is more, one run after the other. Comes back at once when the last look isn't over. */
	async tick(): Promise<void> {
		const now = this.outside.now();
		if (this.busySince !== undefined) {
			if (!this.isOverdue) return;
			this.fail(new Error(`The run that was given a batch of tickets said nothing for ${Math.round(this.settings.runDeadline / 60_000)} minutes. The same batch is handed out again.`));
		}
		if (this.stopped || now < this.notBefore) return;
		const generation = ++this.generation;
		this.busySince = now;
		try {
			while (!this.stopped && (await this.batch(generation))) this.busySince = this.outside.now();
		} catch (error) {
			if (generation === this.generation && !isTooRecent(error)) this.fail(error as Error);
		} finally {
			if (generation === this.generation) this.busySince = undefined;
		}
	}

	/** Reads a batch and has it handled. True when there is more to read. */
	private async batch(generation: number): Promise<boolean> {
		const { position } = this.state;
		const page = await readTicketExport(this.client, position, this.settings.batchSize);
		const pairs = pairsOf(page.tickets.filter((ticket) => letsThrough(ticket, this.settings)), page.users);
		if (this.stopped || generation !== this.generation) return false;
		if (pairs.length > 0) {
			this.outside.save({ ...this.state, position });
			this.busySince = this.outside.now();
			const wentWell = await this.outside.handOut(pairs);
			if (generation !== this.generation) return false;
			if (!wentWell) {
				this.wait();
				return false;
			}
		}
		this.failures = 0;
		this.reported = undefined;
		// A page without rows has no cursor: the old one stays (zendesk-api.md §3).
		if (page.afterCursor) this.state = { ...this.state, position: { cursor: page.afterCursor } };
		return !page.endOfStream;
	}

	private fail(error: Error): void {
		this.generation += 1;
		this.busySince = undefined;
		this.wait();
		if (this.reported === error.message) return;
		this.reported = error.message;
		this.outside.report(error);
	}

	private wait(): void {
		this.failures += 1;
		this.notBefore = this.outside.now() + pauseAfter(this.failures, FAILURE_PAUSES);
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
