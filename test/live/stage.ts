import { OroCrmClient } from '../../orocrm/client';
import type { ServerKnowledge } from '../../orocrm/server-knowledge';
import { type Clients, isFailure } from '../../pipeline/clients';
import { pairsOf } from '../../pipeline/ticket-pairs';
import type { Pair, Result } from '../../sync/pair';
import type { PublishSettings } from '../../sync/plan';
import { readTicket } from '../../zendesk/tickets';
import type { ZendeskTicket } from '../../zendesk/types';
import { runPipeline } from '../support/pipeline';
import type { Checks } from './checks';
import type { Marks } from './marks';
import type { OroAccess } from './oro-access';
import type { Flat, OroServer } from './oro-server';
import type { OroSettings } from './options';
import { realTime } from './real-time';
import type { ServerFacts } from './server-facts';
import type { Made, NewTicket, ZendeskSide } from './zendesk-side';

/** What all scenarios of a run share. */
export interface LiveRun {
	settings: OroSettings;
	access: OroAccess;
	oro: OroServer;
	/** What the pipeline learns of the server, kept between syncs as in n8n. */
	knowledge: ServerKnowledge;
	facts: ServerFacts;
	zendesk: ZendeskSide;
	marks: Marks;
	/** Highest ids before the run: what it makes has higher ones. */
	before: Record<string, string>;
}

export interface SyncOptions {
	settings?: Partial<PublishSettings>;
	preview?: boolean;
	createMissingContacts?: boolean;
	/** Bytes. */
	largestFile?: number;
	/** With clients that know nothing yet, as another n8n would have. */
	clients?: Clients;
}

/** A ticket's state in OroCRM. */
export interface Stored {
	record: Flat;
	case: Flat | null;
	/** `zendeskticketcomments`, in the order in which they were made. */
	rows: Flat[];
	/** The case's comments, in the order in which they were made. */
	comments: Flat[];
}

/** What one scenario works with: marked names, the sync, and a look at both sides. */
export class Stage {
	readonly oro: OroServer;
	readonly zendesk: ZendeskSide;

	constructor(
		readonly run: LiveRun,
		readonly check: Checks,
		/** Id of OroCRM's Zendesk integration, or null: without. */
		readonly channel: string | null,
		private readonly number: number,
	) {
		this.oro = run.oro;
		this.zendesk = run.zendesk;
	}

	get owner(): string {
		return this.run.facts.owner.id;
	}

	get mark(): string {
		return this.run.marks.text;
	}

	/** An e-mail that nobody else has. */
	email(name: string): string {
		return `${this.mark}-${this.number}-${name}@example.com`;
	}

	/** A text that carries the mark. */
	marked(text: string): string {
		return `${text} (${this.mark})`;
	}

	async person(name: string, email: string | null = this.email(name.split(' ')[0].toLowerCase())): Promise<number> {
		return await this.zendesk.addPerson({ name, email });
	}

	/** A ticket with sensible values where none are given. */
	async ticket(requester: number, values: Partial<NewTicket> = {}): Promise<Made> {
		return await this.zendesk.addTicket({
			subject: this.marked('The printer is on fire'),
			description: this.marked('It burns, please come.'),
			requester,
			...values,
		});
	}

	/** Syncs tickets as the nodes do, in one run. Throws what a failed item would say. */
	async sync(tickets: number | readonly number[], options: SyncOptions = {}): Promise<Result[]> {
		const pairs: Pair[] = [];
		for (const id of typeof tickets === 'number' ? [tickets] : tickets) {
			const found = await readTicket(this.zendesk.client, id);
			if (!found) throw new Error(`Zendesk has no ticket ${id}.`);
			pairs.push(...pairsOf([found.ticket], found.users));
		}
		return await this.publish(pairs, options);
	}

	/** The same with a ticket as it is in the export. */
	async syncExported(ticket: ZendeskTicket, options: SyncOptions = {}): Promise<Result> {
		return (await this.publish(pairsOf([ticket], []), options))[0];
	}

	async publish(pairs: readonly Pair[], options: SyncOptions = {}): Promise<Result[]> {
		const { settings, clients, ...rest } = options;
		const outcomes = await runPipeline(pairs, clients ?? this.clients(), {
			owner: this.owner,
			settings: { channel: this.channel, ...settings },
			...rest,
		});
		return outcomes.map((outcome) => {
			if (isFailure(outcome)) throw outcome.error;
			return outcome.result;
		});
	}

	clients(knowledge: ServerKnowledge = this.run.knowledge): Clients {
		const { settings, access } = this.run;
		const oro = new OroCrmClient(settings.url, settings.apiPath, access.send, realTime);
		return { zendesk: this.zendesk.client, oro, knowledge, time: realTime };
	}

	/** How many requests that change something the work sends to OroCRM. */
	async writes(work: () => Promise<unknown>): Promise<number> {
		const before = this.run.access.writes;
		await work();
		return this.run.access.writes - before;
	}

	/** Everything that OroCRM has of a ticket: one entry for each record of it. */
	async look(ticket: number): Promise<Stored[]> {
		const records = (await this.made('zendesktickets', 'originId,url')).filter(
			({ originId }) => originId === String(ticket),
		);
		return await Promise.all(records.map(async ({ id }) => await this.stored(id)));
	}

	/** The one record of a ticket with its case; throws when there are none, or more. */
	async theOne(ticket: number): Promise<Stored & { case: Flat }> {
		const all = await this.look(ticket);
		if (all.length !== 1) throw new Error(`Ticket ${ticket} has ${all.length} records in OroCRM, and must have one.`);
		const [one] = all;
		if (!one.case) throw new Error(`The record of ticket ${ticket} has no case.`);
		return { ...one, case: one.case };
	}

	private async stored(recordId: string): Promise<Stored> {
		const record = await this.oro.one('zendesktickets', recordId);
		if (!record) throw new Error(`Ticket record ${recordId} vanished.`);
		const oroCase = record.relatedCase ? await this.oro.one('cases', String(record.relatedCase)) : undefined;
		return {
			record,
			case: oroCase ?? null,
			rows: await this.oro.list('zendeskticketcomments', { 'filter[ticket]': recordId }),
			comments: oroCase ? await this.oro.list('casecomments', { 'filter[case]': oroCase.id }) : [],
		};
	}

	/** Rows for a Zendesk person; one, when all is well. */
	async rowsOf(person: number): Promise<Flat[]> {
		return (await this.made('zendeskusers')).filter(({ originId }) => originId === String(person));
	}

	/** The one row of a Zendesk person. */
	async rowOf(person: number): Promise<Flat> {
		const rows = await this.rowsOf(person);
		if (rows.length !== 1)
			throw new Error(`Zendesk user ${person} has ${rows.length} rows in OroCRM, and must have one.`);
		return rows[0];
	}

	/** Contacts with an e-mail among all of theirs, whatever the capitals. */
	async contactsWith(email: string): Promise<Flat[]> {
		const has = (contact: Flat) =>
			JSON.stringify(contact.emails ?? [])
				.toLowerCase()
				.includes(`"${email.toLowerCase()}"`);
		return (await this.made('contacts')).filter(has);
	}

	/** The cases of this run whose subject is this. */
	async casesWith(subject: string): Promise<Flat[]> {
		return (await this.made('cases', 'subject,externalId')).filter((row) => row.subject === subject);
	}

	/** Rows of a list that were made since the run began, by anybody. */
	private async made(type: string, fields?: string): Promise<Flat[]> {
		return await this.oro.list(type, {
			'filter[id][gt]': this.run.before[type] ?? '0',
			...(fields ? { [`fields[${type}]`]: fields } : {}),
		});
	}
}
