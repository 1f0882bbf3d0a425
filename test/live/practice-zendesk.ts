import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpRequest, Send } from '../../http/request';
import type { Time } from '../../http/time';
import { ManualClock } from '../../sandbox/common/clock';
import { PRACTICE_READ_TOKENS, PRACTICE_READ_WRITE_TOKENS } from '../../sandbox/zendesk/credentials';
import { IdSequence } from '../../sandbox/zendesk/ids';
import { type PracticeZendesk, startPracticeZendesk } from '../../sandbox/zendesk/server';
import { ZendeskClient } from '../../zendesk/client';
import { RateBudget } from '../../zendesk/rate-budget';
import { readTicketExport } from '../../zendesk/ticket-export';
import type { ZendeskTicket } from '../../zendesk/types';
import { ZendeskWriter } from '../../zendesk/writer';
import { bearerSender } from '../support/pipeline';
import type { Marks } from './marks';
import { realTime } from './real-time';
import {
	type Agent,
	type Connection,
	findInExport,
	type Made,
	type NewComment,
	type NewPerson,
	type NewTicket,
	type TicketChanges,
	type ZendeskSide,
} from './zendesk-side';

/** Every write is a minute later than the one before, so that no two changes share a second. */
const MINUTE = 60_000;
const BEGINNING = '2025-03-04T08:00:00Z';
/** Longest pause that the two-way pipeline really makes: its clock is the practice Zendesk's, which goes on by itself. */
const LONGEST_PAUSE = 50;

/** The practice Zendesk, with a host, ticket numbers and ids that no other run and no real account has. */
export async function startPracticeSide(marks: Marks): Promise<ZendeskSide> {
	const clock = new ManualClock(BEGINNING);
	const server = await startPracticeZendesk({
		clock,
		limits: 'off',
		subdomainUrl: `https://${marks.host}`,
		accessTokenSeconds: 10 * 365 * 86_400,
	});
	server.store.ids = new IdSequence(marks.firstId);
	server.store.nextTicketId = marks.firstTicket;
	const actor = server.store.createUser({
		name: 'Live Admin',
		email: `${marks.text}-admin@example.com`,
		role: 'admin',
	});
	server.store.account.api_user_id = actor.id;
	// The tokens stand for this user, too: what the pipeline writes has a marked author.
	server.tokens.reset(actor.id);
	return new PracticeSide(server, clock, marks);
}

class PracticeSide implements ZendeskSide {
	readonly kind = 'practice';
	readonly name = 'the practice Zendesk';
	readonly client: ZendeskClient;
	readonly host: string;
	private agents = 0;

	constructor(
		private readonly server: PracticeZendesk,
		private readonly clock: ManualClock,
		private readonly marks: Marks,
	) {
		this.host = marks.host;
		const { accessToken } = PRACTICE_READ_TOKENS;
		this.client = new ZendeskClient(
			this.address,
			this.toServer(bearerSender(accessToken)),
			realTime,
			unlimited(realTime),
		);
	}

	get me(): Agent {
		const user = this.store.actor();
		return { id: user.id, name: user.name, email: user.email ?? '' };
	}

	connect(wrap: (send: Send) => Send): Connection {
		this.clock.advance(MINUTE);
		const time: Time = {
			now: () => this.clock.now().getTime(),
			sleep: async (milliseconds) => {
				this.clock.advance(milliseconds);
				await sleep(Math.min(milliseconds, LONGEST_PAUSE));
			},
		};
		const send = wrap(this.toServer(bearerSender(PRACTICE_READ_WRITE_TOKENS.accessToken)));
		const budget = unlimited(time);
		return {
			zendesk: new ZendeskClient(this.address, send, time, budget),
			zendeskWriter: new ZendeskWriter(this.address, send, time, budget),
			time,
		};
	}

	/** The address that its answers name, those of files among them. Nobody has it. */
	private get address(): string {
		return `https://${this.host}`;
	}

	/** Takes requests to that address to where the practice Zendesk is. */
	private toServer(send: Send): Send {
		return async (request: HttpRequest) =>
			await send({ ...request, url: request.url.replace(this.address, this.server.url) });
	}

	async addPerson({ name, email, phone }: NewPerson): Promise<number> {
		return this.store.createUser({ name, email, phone: phone ?? null, verified: true }).id;
	}

	async agent(email?: string): Promise<Agent> {
		const address = email ?? `${this.marks.text}-agent@example.com`;
		const known = this.store.findUser(address);
		const user = known ?? this.store.createUser({ name: `Agent Live${++this.agents}`, email: address, role: 'agent' });
		return { id: user.id, name: user.name, email: address };
	}

	async addTicket(ticket: NewTicket): Promise<Made> {
		this.clock.advance(MINUTE);
		const row = this.store.createTicket({
			subject: ticket.subject,
			description: ticket.description,
			requester_id: ticket.requester,
			submitter_id: ticket.submitter ?? ticket.requester,
			assignee_id: ticket.assignee,
			status: ticket.status,
			priority: ticket.priority,
			type: ticket.type,
			problem_id: ticket.problem,
			collaborator_ids: ticket.collaborators,
			recipient: ticket.recipient,
			due_at: ticket.dueAt,
			external_id: ticket.externalId ?? this.marks.text,
			...(ticket.channel ? { via: { channel: ticket.channel, source: { from: {}, to: {}, rel: null } } } : {}),
		});
		return { id: row.id, created_at: row.created_at };
	}

	async changeTicket(id: number, changes: TicketChanges): Promise<void> {
		this.clock.advance(MINUTE);
		const { requester, assignee, problem, ...plain } = changes;
		this.store.updateTicket(id, {
			...plain,
			...(requester === undefined ? {} : { requester_id: requester }),
			...(assignee === undefined ? {} : { assignee_id: assignee }),
			...(problem === undefined ? {} : { problem_id: problem }),
		});
	}

	async addComment(id: number, comment: NewComment): Promise<Made> {
		this.clock.advance(MINUTE);
		const attachment_ids = (comment.files ?? []).map(
			({ name, type, content }) => this.store.addAttachment({ file_name: name, content_type: type, content }).id,
		);
		const content = { body: comment.body, public: comment.public, author_id: comment.author, attachment_ids };
		const row = this.store.addComment(id, content, { actorId: comment.author });
		return { id: row.id, created_at: row.created_at };
	}

	async deleteTicket(id: number): Promise<void> {
		this.clock.advance(MINUTE);
		this.store.deleteTicket(id);
	}

	async mergeTicket(source: number, target: number): Promise<void> {
		this.clock.advance(MINUTE);
		this.store.mergeTicket(source, target);
	}

	/** The export holds a change back for a minute. */
	async exported(id: number): Promise<ZendeskTicket> {
		this.clock.advance(2 * MINUTE);
		const startTime = Date.parse(BEGINNING) / 1000;
		const found = await findInExport(
			(cursor) => readTicketExport(this.client, cursor === undefined ? { startTime } : { cursor }, 1_000),
			id,
		);
		if (!found) throw new Error(`Ticket ${id} is not in the export.`);
		return found;
	}

	async close(): Promise<void> {
		await this.server.close();
	}

	private get store() {
		return this.server.store;
	}
}

function unlimited(time: Time): RateBudget {
	return new RateBudget(time, Number.POSITIVE_INFINITY);
}
