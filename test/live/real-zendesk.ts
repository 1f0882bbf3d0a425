import type { HttpRequest, HttpResponse, Send } from '../../http/request';
import { ZendeskClient } from '../../zendesk/client';
import { RateBudget } from '../../zendesk/rate-budget';
import { readTicketExport } from '../../zendesk/ticket-export';
import type { ZendeskTicket } from '../../zendesk/types';
import { readCurrentUser, readStaff } from '../../zendesk/users';
import { ZendeskWriter } from '../../zendesk/writer';
import { authorizedSender } from './authorized-sender';
import type { Marks } from './marks';
import type { RealZendeskSettings } from './options';
import { eventually, realTime } from './real-time';
import { NotRun } from './scenario';
import {
	type Agent,
	type Connection,
	findInExport,
	type Made,
	type NewComment,
	type NewFile,
	type NewPerson,
	type NewTicket,
	type TicketChanges,
	type ZendeskSide,
} from './zendesk-side';

/** Zendesk's dates have seconds: two changes within one can't be told apart. */
const SECOND = 1_100;
/** The export holds a change back for a minute. */
const EXPORT_WAIT = 150_000;
/** Ten exports a minute are allowed (zendesk-api.md §3). */
const BETWEEN_EXPORTS = 13_000;
const LONGEST_RETRY = 120;

/** A real Zendesk account, which the run writes to besides the pipeline, and tidies up. */
export async function openRealSide(settings: RealZendeskSettings, marks: Marks): Promise<ZendeskSide> {
	const api = new Api(settings);
	const budget = new RateBudget(realTime);
	const client = new ZendeskClient(settings.url, api.send, realTime, budget);
	const me = await readCurrentUser(client);
	if (!me) throw new Error('Zendesk does not accept the token: it takes the run for an anonymous user.');
	marks.addPerson(me.id);
	return new RealSide(settings.url, api, client, budget, marks, { id: me.id, name: me.name, email: me.email ?? '' });
}

class RealSide implements ZendeskSide {
	readonly kind = 'real';
	readonly name: string;
	readonly host: string;
	private readonly began = Math.floor(Date.now() / 1000) - 120;
	private readonly tickets = new Set<number>();
	private readonly people = new Set<number>();

	constructor(
		private readonly url: string,
		private readonly api: Api,
		readonly client: ZendeskClient,
		private readonly budget: RateBudget,
		private readonly marks: Marks,
		readonly me: Agent,
	) {
		this.host = new URL(url).hostname;
		this.name = `Zendesk at ${this.host}`;
	}

	async addPerson({ name, email, phone }: NewPerson): Promise<number> {
		const user = { name, email: email ?? undefined, phone, skip_verify_email: true };
		const { user: made } = await this.api.write<{ user: { id: number } }>('POST', 'users.json', { user });
		this.people.add(made.id);
		this.marks.addPerson(made.id);
		return made.id;
	}

	async agent(email?: string): Promise<Agent> {
		if (!email) return this.me;
		const known = (await readStaff(this.client)).find((user) => user.email?.toLowerCase() === email.toLowerCase());
		if (!known)
			throw new NotRun(`this Zendesk has no agent with the e-mail ${email}, and none is made in a real account`);
		this.marks.addPerson(known.id);
		return { id: known.id, name: known.name, email };
	}

	connect(wrap: (send: Send) => Send): Connection {
		const send = wrap(async (request) => {
			const response = await this.api.send(request);
			if (request.method !== 'GET' && response.status < 300) await this.noteWrite(request, response);
			return response;
		});
		return {
			zendesk: new ZendeskClient(this.url, send, realTime, this.budget),
			zendeskWriter: new ZendeskWriter(this.url, send, realTime, this.budget),
			time: realTime,
		};
	}

	/** Remembers what the pipeline made, to find it again in OroCRM and to remove it here. */
	private async noteWrite(request: HttpRequest, response: HttpResponse): Promise<void> {
		const asked =
			typeof request.body === 'string' ? (JSON.parse(request.body) as { ticket?: { requester?: unknown } }) : {};
		const { ticket, user } = JSON.parse(response.text) as { ticket?: ZendeskTicket; user?: { id: number } };
		const person = user?.id ?? (asked.ticket?.requester ? ticket?.requester_id : undefined);
		if (person) {
			this.people.add(person);
			this.marks.addPerson(person);
		}
		if (!ticket) return;
		if (request.method === 'POST') {
			this.tickets.add(ticket.id);
			this.marks.addTicket(this.host, ticket.id);
		}
		await this.noteComments(ticket.id);
	}

	async addTicket(ticket: NewTicket): Promise<Made> {
		if (ticket.channel) throw new NotRun('a real Zendesk decides the channel of a ticket by itself');
		const { ticket: made } = await this.api.write<{ ticket: ZendeskTicket }>('POST', 'tickets.json', {
			ticket: {
				subject: ticket.subject,
				comment: { body: ticket.description },
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
			},
		});
		this.tickets.add(made.id);
		this.marks.addTicket(this.host, made.id);
		await this.noteComments(made.id);
		return { id: made.id, created_at: made.created_at };
	}

	async changeTicket(id: number, changes: TicketChanges): Promise<void> {
		const { requester, assignee, problem, ...plain } = changes;
		await this.update(id, { ...plain, requester_id: requester, assignee_id: assignee, problem_id: problem });
	}

	async addComment(id: number, comment: NewComment): Promise<Made> {
		const uploads: string[] = [];
		for (const file of comment.files ?? []) uploads.push(await this.api.upload(file));
		const content = { body: comment.body, public: comment.public, author_id: comment.author };
		await this.update(id, { comment: uploads.length > 0 ? { ...content, uploads } : content });
		const comments = await this.noteComments(id);
		return comments[comments.length - 1];
	}

	async deleteTicket(id: number): Promise<void> {
		await realTime.sleep(SECOND);
		await this.api.write('DELETE', `tickets/${id}.json`);
	}

	async mergeTicket(source: number, target: number): Promise<void> {
		await realTime.sleep(SECOND);
		const comment = `Merged by a test run (${this.marks.text}).`;
		await this.api.write('POST', `tickets/${target}/merge.json`, {
			ids: [source],
			source_comment: comment,
			target_comment: comment,
		});
		const merged = await eventually(async () => {
			const { ticket } = await this.client.get<{ ticket: ZendeskTicket }>(`tickets/${source}.json`);
			return ticket.status === 'closed' ? true : undefined;
		}, 60_000);
		if (!merged) throw new Error(`Zendesk did not merge ticket ${source} within a minute.`);
		await this.noteComments(source);
		await this.noteComments(target);
	}

	async exported(id: number, deleted?: 'deleted'): Promise<ZendeskTicket> {
		const read = async (cursor: string | undefined) =>
			await readTicketExport(this.client, cursor === undefined ? { startTime: this.began } : { cursor }, 1_000);
		const found = await eventually(async () => {
			const ticket = await findInExport(read, id);
			if (ticket && (!deleted || ticket.status === 'deleted')) return ticket;
			await realTime.sleep(BETWEEN_EXPORTS);
			return undefined;
		}, EXPORT_WAIT);
		if (!found) {
			throw new Error(
				`${deleted ? 'The deletion of ticket' : 'Ticket'} ${id} is not in the export after ${EXPORT_WAIT / 1000} seconds.`,
			);
		}
		return found;
	}

	async close(keep: boolean): Promise<void> {
		if (keep) return;
		const gone = (error: unknown) => {
			if (!/404|422/.test(String(error))) console.error(`Zendesk: ${(error as Error).message}`);
		};
		for (const id of this.tickets) await this.api.write('DELETE', `tickets/${id}.json`).catch(gone);
		for (const id of this.people) await this.api.write('DELETE', `users/${id}.json`).catch(gone);
	}

	private async update(id: number, ticket: Record<string, unknown>): Promise<void> {
		await realTime.sleep(SECOND);
		await this.api.write('PUT', `tickets/${id}.json`, { ticket });
	}

	/** Remembers the ids of a ticket's comments: by them their rows in OroCRM are found again. */
	private async noteComments(id: number): Promise<Made[]> {
		const { comments } = await this.client.get<{ comments: Made[] }>(`tickets/${id}/comments.json`, {
			'page[size]': 100,
		});
		for (const comment of comments) this.marks.addComment(comment.id);
		return comments;
	}
}

/** Plain requests to the account. */
class Api {
	readonly send: Send;

	constructor(private readonly settings: RealZendeskSettings) {
		this.send = authorizedSender(settings.authorization);
	}

	async write<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
		const request = {
			method,
			url: `${this.settings.url}/api/v2/${path}`,
			headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		};
		for (;;) {
			const response = await this.send(request);
			const pause = Number(response.headers['retry-after']);
			if (response.status === 429 && pause <= LONGEST_RETRY) {
				await realTime.sleep(pause * 1000);
				continue;
			}
			if (response.status >= 200 && response.status < 300) return JSON.parse(response.text || '{}') as T;
			throw new Error(`${method} ${path}: ${response.status} ${response.text.slice(0, 300)}`);
		}
	}

	async upload(file: NewFile): Promise<string> {
		const response = await this.send({
			method: 'POST',
			url: `${this.settings.url}/api/v2/uploads.json?filename=${encodeURIComponent(file.name)}`,
			headers: { 'Content-Type': file.type, Accept: 'application/json' },
			body: file.content,
		});
		if (response.status !== 201)
			throw new Error(`POST uploads.json: ${response.status} ${response.text.slice(0, 300)}`);
		return (JSON.parse(response.text) as { upload: { token: string } }).upload.token;
	}
}
