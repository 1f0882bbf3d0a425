import { ApiError } from '../../http/api-error';
import type { ZendeskClient } from '../../zendesk/client';
import type { TicketEvent, ZendeskComment, ZendeskTicket } from '../../zendesk/types';

/** How an account's exports behave, in what no source settles as well as in what is known. */
export interface ExportHabits {
	/** Rows of a full page of events. */
	pageSize: number;
	/** Seconds after which an event shows in the export; tickets show after 60. */
	eventDelay: number;
	/** True: an event's comment is shown as it is now; false: as it was written. */
	showsCurrent: boolean;
	/** True: a redaction and a change of privacy are events of their own, as the audit events reference has them. */
	showsCommentChanges: boolean;
	/** How a change of a comment moves the ticket's dates: both, or only that of the export's row. */
	commentChangeIs: 'update' | 'system update';
	/** True: a page of one second has all of that second and ends one later, as recorded for other exports; false: it never gets past it. */
	extendsSeconds: boolean;
	/** How an audit's own metadata come. */
	metadata: 'alone' | 'under custom' | 'not';
}

export const HABITS: ExportHabits = {
	pageSize: 1000,
	eventDelay: 60,
	showsCurrent: true,
	showsCommentChanges: true,
	commentChangeIs: 'system update',
	extendsSeconds: true,
	metadata: 'alone',
};

const TICKET_DELAY = 60;

interface Audit {
	id: number;
	ticket: number;
	at: number;
	custom: Record<string, unknown>;
	children: Array<Record<string, unknown>>;
}

/** A Zendesk account with its two exports, in a time of its own: what happens, and what a client gets to see of it and when. */
export class ExportWorld {
	/** Seconds since 1970. */
	now = 1_000_000;
	/** Seconds that the answers' dates are ahead of the exports' times. */
	dateAhead = 0;
	readonly tickets = new Map<number, ZendeskTicket>();
	readonly comments = new Map<number, ZendeskComment[]>();
	/** Requests for events and for tickets, by their queries. */
	readonly asked = { events: [] as Array<Record<string, unknown>>, tickets: [] as Array<Record<string, unknown>> };
	/** The next requests for events are refused with this status. */
	refuses: number | undefined;
	private readonly audits: Audit[] = [];
	private lastId = 100;

	constructor(readonly habits: ExportHabits = HABITS) {}

	create(channel = 'email', open = true, custom: Record<string, unknown> = {}): number {
		const id = this.tickets.size + 1;
		const via = { channel, source: { from: {}, to: {}, rel: null } };
		const blank = {
			external_id: null,
			type: null,
			subject: `Ticket ${id}`,
			description: '',
			priority: null,
			recipient: null,
			requester_id: 1,
			submitter_id: 1,
			assignee_id: null,
			problem_id: null,
			due_at: null,
		};
		this.tickets.set(id, {
			...blank,
			id,
			url: '',
			via,
			created_at: this.date(),
			updated_at: this.date(),
			status: 'new',
			is_public: open,
			generated_timestamp: this.now,
		});
		this.comments.set(id, []);
		this.write(id, channel, open, custom, [{ subject: `Ticket ${id}`, event_type: 'Create' }]);
		return id;
	}

	comment(ticket: number, channel = 'email', open = true, custom: Record<string, unknown> = {}): void {
		this.write(ticket, channel, open, custom, []);
	}

	change(ticket: number, values: Partial<ZendeskTicket>): void {
		this.audit(ticket, {}, [{ ...values, event_type: 'Change' }]);
		Object.assign(this.row(ticket), values);
		this.touch(ticket, true);
	}

	/** What raises only the time of the export's row. */
	systemUpdate(ticket: number): void {
		this.touch(ticket, false);
	}

	/** A comment that was public is internal from now on. */
	makePrivate(ticket: number, index: number): void {
		const comment = this.commentAt(ticket, index);
		comment.public = false;
		this.row(ticket).is_public = (this.comments.get(ticket) ?? []).some((one) => one.public);
		this.commentChange(ticket, { event_type: 'CommentPrivacyChange', comment_id: comment.id, public: false });
	}

	redact(ticket: number, index: number): void {
		const comment = this.commentAt(ticket, index);
		Object.assign(comment, { body: '▇', html_body: '<p>▇</p>', plain_body: '▇' });
		this.commentChange(ticket, { event_type: 'CommentRedactionEvent', comment_id: comment.id });
	}

	/** What the list of the ticket's comments gives. */
	listed(ticket: number): ZendeskComment[] {
		return (this.comments.get(ticket) ?? []).map((comment) => ({ ...comment }));
	}

	/** A client that is given both exports. */
	client(): ZendeskClient {
		const get = async (path: string, query: Record<string, unknown>) => {
			if (path === 'incremental/ticket_events.json') return this.eventPage(query);
			if (path === 'incremental/tickets/cursor.json') return this.ticketPage(query);
			throw new Error(`Nothing else is asked: ${path}`);
		};
		const getDated = async (path: string, query: Record<string, unknown>) => ({ body: await get(path, query), answeredAt: (this.now + this.dateAhead) * 1000 });
		return { baseUrl: 'https://acme.zendesk.com', get, getDated } as unknown as ZendeskClient;
	}

	/** Rows of the ticket export after a place in it, as they are now. */
	dueTickets(after: { at: number; id: number } = { at: 0, id: 0 }): ZendeskTicket[] {
		return [...this.tickets.values()]
			.map((ticket) => ({ ...ticket, comment_count: this.comments.get(ticket.id)?.length }))
			.filter(
				({ generated_timestamp: at = 0, id }) =>
					at <= this.now - TICKET_DELAY && (at > after.at || (at === after.at && id > after.id)),
			)
			.sort((a, b) => (a.generated_timestamp ?? 0) - (b.generated_timestamp ?? 0) || a.id - b.id);
	}

	private ticketPage(query: Record<string, unknown>) {
		this.asked.tickets.push(query);
		const size = Number(query.per_page);
		const [at, id] = String(query.cursor ?? `${Number(query.start_time)}|0`)
			.split('|')
			.map(Number);
		if (query.cursor === undefined) this.refuseIfTooRecent(at);
		const rows = this.dueTickets({ at, id }).slice(0, size);
		const last = rows.at(-1);
		return {
			tickets: rows,
			users: [],
			after_cursor: last ? `${last.generated_timestamp}|${last.id}` : null,
			end_of_stream: rows.length < size,
		};
	}

	private eventPage(query: Record<string, unknown>) {
		this.asked.events.push(query);
		if (this.refuses !== undefined) throw new ApiError('Zendesk', 'GET /x', this.refuses, 'No.', '');
		const start = Number(query.start_time);
		this.refuseIfTooRecent(start);
		const due = this.audits.filter(({ at }) => at >= start && at <= this.now - this.habits.eventDelay);
		let rows = due.slice(0, this.habits.pageSize);
		if (rows.length === 0) return { ticket_events: [], count: 0, end_of_stream: true, next_page: null, end_time: null };
		const full = rows.length >= this.habits.pageSize;
		const { at: first } = rows[0];
		let end = rows[rows.length - 1].at;
		if (first === end && this.habits.extendsSeconds) {
			rows = due.filter(({ at }) => at === first);
			end += 1;
		}
		return {
			ticket_events: rows.map((audit) => this.eventOf(audit)),
			count: rows.length,
			end_of_stream: !full,
			end_time: end,
		};
	}

	private eventOf({ id, ticket, at, custom, children }: Audit): TicketEvent {
		const current = new Map((this.comments.get(ticket) ?? []).map((comment) => [comment.id, comment]));
		const shown = children.map((child) => {
			const now = this.habits.showsCurrent ? current.get(Number(child.id)) : undefined;
			return now
				? { ...child, body: now.body, html_body: now.html_body, plain_body: now.plain_body, public: now.public }
				: child;
		});
		const metadata = { alone: { metadata: custom }, 'under custom': { metadata: { system: {}, custom } }, not: {} }[
			this.habits.metadata
		];
		return { id, ticket_id: ticket, timestamp: at, via: 'Some channel', system: {}, ...metadata, child_events: shown };
	}

	private write(
		ticket: number,
		channel: string,
		open: boolean,
		custom: Record<string, unknown>,
		others: Array<Record<string, unknown>>,
	): void {
		const body = `Comment of second ${this.now}`;
		const comment: ZendeskComment = {
			id: ++this.lastId,
			type: 'Comment',
			author_id: 1,
			body,
			html_body: `<p>${body}</p>`,
			plain_body: body,
			public: open,
			attachments: [],
			audit_id: this.lastId + 1,
			via: { channel, source: { from: {}, to: {}, rel: null } },
			created_at: this.date(),
			metadata: { system: {}, custom },
		};
		this.comments.get(ticket)?.push(comment);
		const { metadata: _metadata, ...shown } = comment;
		this.audit(ticket, custom, [{ ...shown, via_reference_id: null, event_type: 'Comment' }, ...others]);
		if (open) this.row(ticket).is_public = true;
		this.touch(ticket, true);
	}

	private commentChange(ticket: number, child: Record<string, unknown>): void {
		if (this.habits.showsCommentChanges) this.audit(ticket, {}, [{ id: ++this.lastId, ...child }]);
		this.touch(ticket, this.habits.commentChangeIs === 'update');
	}

	private audit(ticket: number, custom: Record<string, unknown>, children: Array<Record<string, unknown>>): void {
		this.audits.push({ id: ++this.lastId, ticket, at: this.now, custom, children });
	}

	private touch(ticket: number, update: boolean): void {
		const row = this.row(ticket);
		if (update) row.updated_at = this.date();
		row.generated_timestamp = this.now;
	}

	private refuseIfTooRecent(start: number): void {
		if (start > this.now - TICKET_DELAY)
			throw new ApiError('Zendesk', 'GET /x', 400, 'Too recent', '', [], 'StartTimeTooRecent');
	}

	private row(ticket: number): ZendeskTicket {
		const row = this.tickets.get(ticket);
		if (!row) throw new Error(`There is no ticket ${ticket}`);
		return row;
	}

	private commentAt(ticket: number, index: number): ZendeskComment {
		const all = this.comments.get(ticket) ?? [];
		return all[index % all.length];
	}

	private date(): string {
		return new Date(this.now * 1000).toISOString().replace('.000', '');
	}
}
