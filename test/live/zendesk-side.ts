import type { Send } from '../../http/request';
import type { Clients } from '../../pipeline/clients';
import type { ZendeskClient } from '../../zendesk/client';
import type { ZendeskTicket } from '../../zendesk/types';

/** A ticket that a scenario makes. Names are those of Zendesk's API. */
export interface NewTicket {
	subject: string | null;
	/** First comment; at least one character. */
	description: string;
	requester: number;
	submitter?: number;
	assignee?: number;
	status?: 'new' | 'open' | 'pending' | 'hold' | 'solved' | 'closed';
	priority?: 'low' | 'normal' | 'high' | 'urgent';
	type?: 'problem' | 'incident' | 'question' | 'task';
	problem?: number;
	collaborators?: number[];
	/** `via.channel`; a real account decides it by itself. */
	channel?: string;
	recipient?: string;
	dueAt?: string;
	externalId?: string;
}

export type TicketChanges = Partial<
	Pick<NewTicket, 'subject' | 'status' | 'priority' | 'type' | 'requester' | 'assignee' | 'problem'>
>;

export interface NewPerson {
	name: string;
	email: string | null;
	phone?: string;
}

export interface NewFile {
	name: string;
	type: string;
	content: Buffer;
}

export interface NewComment {
	body: string;
	public: boolean;
	author: number;
	files?: NewFile[];
}

/** What Zendesk says of something that was made. */
export interface Made {
	id: number;
	created_at: string;
}

export interface Agent {
	id: number;
	name: string;
	email: string;
}

/** What a two-way pipeline has of a Zendesk. */
export type Connection = Required<Pick<Clients, 'zendesk' | 'zendeskWriter' | 'time'>>;

/** The Zendesk of a run: written to by the scenarios, and read by the pipeline, which in two-way scenarios writes to it, too. */
export interface ZendeskSide {
	readonly kind: 'practice' | 'real';
	/** How the output names it. */
	readonly name: string;
	/** The one-way pipeline's client, and the scenarios' own: it only reads. */
	readonly client: ZendeskClient;
	/** The user whom the credential stands for. */
	readonly me: Agent;
	/** Some time later, connects a two-way pipeline. What that makes belongs to the run and is removed with it. */
	connect(wrap: (send: Send) => Send): Connection;
	/** The host that ticket addresses name. */
	readonly host: string;
	addPerson(person: NewPerson): Promise<number>;
	/** An agent; without an e-mail, anyone who may be an assignee. A real account has the agents that it has. */
	agent(email?: string): Promise<Agent>;
	addTicket(ticket: NewTicket): Promise<Made>;
	changeTicket(id: number, changes: TicketChanges): Promise<void>;
	addComment(id: number, comment: NewComment): Promise<Made>;
	deleteTicket(id: number): Promise<void>;
	/** Closes `source` in favour of `target`. */
	mergeTicket(source: number, target: number): Promise<void>;
	/** The ticket as the export has it: the only place where a deleted one is seen. Waits until the export says so, if asked to. */
	exported(id: number, deleted?: 'deleted'): Promise<ZendeskTicket>;
	/** Removes what was made, and stops what was started. */
	close(keep: boolean): Promise<void>;
}

/** Pages of the export from a position on until the ticket is in one; undefined at its end. */
export async function findInExport(
	read: (
		cursor: string | undefined,
	) => Promise<{ tickets: ZendeskTicket[]; afterCursor: string | null; endOfStream: boolean }>,
	id: number,
): Promise<ZendeskTicket | undefined> {
	let cursor: string | undefined;
	for (;;) {
		const page = await read(cursor);
		const found = page.tickets.find((ticket) => ticket.id === id);
		if (found || page.endOfStream || !page.afterCursor) return found;
		cursor = page.afterCursor;
	}
}
