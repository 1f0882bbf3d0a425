import type { Pair, Result } from '../../sync/pair';
import type { PublishSettings } from '../../sync/plan';
import type { Winner } from '../../sync/reconcile';
import { OroCrmClient } from '../../orocrm/client';
import { ServerKnowledge } from '../../orocrm/server-knowledge';
import type { Clients } from '../../pipeline/clients';
import { readComments } from '../../zendesk/comments';
import { findTicketsByExternalId, readTicket } from '../../zendesk/tickets';
import type { ZendeskComment, ZendeskTicket } from '../../zendesk/types';
import { readStaff } from '../../zendesk/users';
import { type Flat, type Reference, to } from './oro-server';
import { realTime } from './real-time';
import { NotRun } from './scenario';
import type { Stage, SyncOptions } from './stage';
import { ProcessGone, Traffic } from './traffic';
import type { Agent, NewFile, NewTicket } from './zendesk-side';

export interface TwoWayOptions {
	winner?: Winner;
	settings?: Partial<PublishSettings>;
	/** Bytes. */
	largestFile?: number;
	preview?: boolean;
}

/** A ticket and its case, tied. */
export interface Linked {
	ticket: number;
	case: string;
	/** Id of the ticket record. */
	record: string;
	/** Zendesk id of the requester, and the contact that stands for them. */
	requester: number;
	contact: string;
}

/** Two-way sync in one scenario: looks woken by either side, each like a process of its own, and what they send. */
export class TwoWay {
	readonly traffic = new Traffic();
	private knowledge: ServerKnowledge;
	private requester: number | undefined;

	constructor(
		readonly stage: Stage,
		/** Can be changed between two looks. */
		readonly options: TwoWayOptions = {},
	) {
		this.knowledge = stage.run.knowledge;
	}

	/** A ticket that was synced once; all of a scenario are of one customer. */
	async linked(values: Partial<NewTicket> = {}): Promise<Linked> {
		this.requester ??= await this.stage.person('Tina Two');
		const { requester } = this;
		const { id } = await this.stage.ticket(requester, values);
		await this.fromTicket(id);
		const { case: oroCase, record } = await this.stage.theOne(id);
		return { ticket: id, case: oroCase.id, record: record.id, requester, contact: String(oroCase.relatedContact) };
	}

	/** Another customer, whom both systems know. */
	async customer(name: string): Promise<{ person: number; contact: string }> {
		const person = await this.stage.person(name);
		const { id } = await this.stage.ticket(person, { subject: this.stage.marked(`A ticket of ${name}`) });
		await this.fromTicket(id);
		return { person, contact: String((await this.stage.theOne(id)).case.relatedContact) };
	}

	/** A case made by hand in OroCRM, which has no ticket. */
	async newCase(attributes: Record<string, unknown> = {}, relations: Record<string, Reference> = {}): Promise<Flat> {
		const { oro, owner } = this.stage;
		return await oro.make(
			'cases',
			{
				subject: this.stage.marked('Made in OroCRM'),
				description: this.stage.marked('Something is wrong.'),
				...attributes,
			},
			{
				source: to('casesources', 'other'),
				status: to('casestatuses', 'open'),
				priority: to('casepriorities', 'normal'),
				assignedTo: to('users', owner),
				owner: to('users', owner),
				...relations,
			},
		);
	}

	/** A contact made by hand in OroCRM. */
	async newContact(firstName: string, email = this.stage.email(firstName.toLowerCase())): Promise<string> {
		const values = { firstName, lastName: this.stage.mark, primaryEmail: email };
		return (await this.stage.oro.make('contacts', values)).id;
	}

	/** A comment written by hand in OroCRM; gives back its id. */
	async comment(
		oroCase: string,
		message: string,
		{ isPublic = true, file, ...writer }: { isPublic?: boolean; file?: NewFile; owner?: string; contact?: string } = {},
	): Promise<string> {
		const relations: Record<string, Reference> = {
			case: to('cases', oroCase),
			owner: to('users', writer.owner ?? this.stage.owner),
			...(writer.contact ? { contact: to('contacts', writer.contact) } : {}),
			...(file ? { attachment: to('files', 'file') } : {}),
		};
		return (
			await this.stage.oro.make('casecomments', { message, public: isPublic }, relations, file ? [inOro(file)] : [])
		).id;
	}

	/** An edit by hand in OroCRM. */
	async edit(
		oroCase: string,
		attributes: Record<string, unknown>,
		relations: Record<string, Reference | null> = {},
	): Promise<void> {
		await this.stage.oro.change('cases', oroCase, attributes, relations);
	}

	/** A look that Zendesk's trigger woke. */
	async fromTicket(ticket: number): Promise<Result> {
		return (await this.stage.sync(ticket, this.syncOptions()))[0];
	}

	/** The same with a ticket as it is in the export. */
	async fromExport(ticket: ZendeskTicket): Promise<Result> {
		return await this.stage.syncExported(ticket, this.syncOptions());
	}

	/** A look that OroCRM's trigger woke. */
	async fromCase(oroCase: string): Promise<Result> {
		return (await this.publish([pairOfCase(oroCase)]))[0];
	}

	/** A look at pairs that a trigger handed out. */
	async publish(pairs: readonly Pair[]): Promise<Result[]> {
		return await this.stage.publish(pairs, this.syncOptions());
	}

	/** A look at whose end the process is gone. A new one, which remembers nothing, takes over after it. */
	async dies(look: () => Promise<unknown>): Promise<void> {
		try {
			await look();
			this.stage.check.that('the run', false, 'died on its way', 'it ended well');
		} catch (error) {
			if (!(error instanceof ProcessGone)) throw error;
		}
		this.traffic.restart();
		this.knowledge = new ServerKnowledge(0);
	}

	/** How many requests that change something the work sends to each side. */
	async writes(work: () => Promise<unknown>): Promise<{ zendesk: number; orocrm: number }> {
		const { toZendesk } = this.traffic;
		const before = toZendesk.length;
		const orocrm = await this.stage.writes(work);
		return { zendesk: toZendesk.slice(before).filter(({ method }) => method !== 'GET').length, orocrm };
	}

	/** What the work sends to tickets, without the guard. */
	async sentToTickets(work: () => Promise<unknown>): Promise<Array<Record<string, unknown>>> {
		const before = this.traffic.toZendesk.length;
		await work();
		return this.traffic.toZendesk
			.slice(before)
			.filter(({ method, path }) => method !== 'GET' && path.startsWith('tickets'))
			.map(({ body }) => {
				const { safe_update: _guard, updated_stamp: _stamp, ...sent } = (body?.ticket ?? {}) as Record<string, unknown>;
				return sent;
			});
	}

	/** One more look from either side must find nothing to do. */
	async quiet(ticket: number, oroCase: string): Promise<string> {
		const writes = await this.writes(async () => {
			await this.fromCase(oroCase);
			await this.fromTicket(ticket);
			await this.fromCase(oroCase);
		});
		this.stage.check.same('writes of further looks', writes, { zendesk: 0, orocrm: 0 });
		return `further looks: ${writes.zendesk + writes.orocrm} writes`;
	}

	/** The ticket as it is now. */
	async ticket(id: number): Promise<ZendeskTicket> {
		const found = await readTicket(this.stage.zendesk.client, id);
		if (!found) throw new Error(`Zendesk has no ticket ${id}.`);
		return found.ticket;
	}

	async ticketComments(id: number): Promise<ZendeskComment[]> {
		return await readComments(this.stage.zendesk.client, id);
	}

	/** The tickets that were published from a case; there must be one. */
	async published(oroCase: string): Promise<ZendeskTicket> {
		const found = await findTicketsByExternalId(this.stage.zendesk.client, `orocrm-case-${oroCase}`);
		// Another OroCRM that shares a real account may have published a case of the same number.
		const own = found.filter(({ subject }) => subject?.includes(this.stage.mark));
		if (own.length !== 1) throw new Error(`Zendesk has ${own.length} tickets of case ${oroCase}, and must have one.`);
		return own[0];
	}

	/** An OroCRM user who is an agent in Zendesk, too. */
	async colleague(): Promise<{ user: string; agent: Agent }> {
		const { colleague } = this.stage.run.facts;
		if (!colleague) throw new NotRun('OroCRM shows one user only, and a second one is needed');
		return { user: colleague.id, agent: await this.stage.zendesk.agent(String(colleague.email)) };
	}

	/** An OroCRM user whom Zendesk doesn't have as an agent. */
	async stranger(): Promise<{ user: string; name: string }> {
		const { owner, colleague } = this.stage.run.facts;
		const staff = new Set((await readStaff(this.stage.zendesk.client)).map(({ email }) => email?.toLowerCase()));
		const user = [owner, colleague].find((one) => one && !staff.has(String(one.email).toLowerCase()));
		if (!user) throw new NotRun('the OroCRM users that the run knows are all agents in Zendesk');
		return { user: user.id, name: `${String(user.firstName)} ${String(user.lastName)}` };
	}

	private syncOptions(): SyncOptions {
		const { winner = 'remote', settings, ...others } = this.options;
		const rules = { twoWay: true, winner };
		return { settings: { rules, ...settings }, clients: this.clients(), ...others };
	}

	/** Clients of a new process. */
	clients(): Clients {
		const { settings, access, zendesk } = this.stage.run;
		return {
			...zendesk.connect(this.traffic.wrapZendesk),
			oro: new OroCrmClient(settings.url, settings.apiPath, this.traffic.wrapOro(access.send), realTime),
			knowledge: this.knowledge,
		};
	}
}

/** A file for `included`, under the name `file`. */
export function inOro({ name, type, content }: NewFile) {
	const attributes = { mimeType: type, originalFilename: name, content: content.toString('base64') };
	return { ...to('files', 'file'), attributes };
}

/** A case by its number: Resolve reads the rest. */
function pairOfCase(id: string): Pair {
	const nothing = { description: null, status: null, priority: null, source: null, assignedTo: null, owner: null };
	const noLinks = { relatedContact: null, relatedAccount: null };
	const noDates = { reportedAt: null, closedAt: null, createdAt: null, updatedAt: null };
	return {
		origin: 'orocrm',
		ticket: null,
		record: null,
		case: { id, subject: '', ...nothing, ...noLinks, ...noDates },
	};
}
