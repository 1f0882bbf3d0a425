import { ApiError } from '../http/api-error';
import { readOrphanedCommentRows } from '../orocrm/comments';
import { isConflict } from '../orocrm/errors';
import { findInChannel, findTicketRecords } from '../orocrm/ticket-records';
import type { OroDocument, TicketRecord } from '../orocrm/types';
import { caseKey } from '../sync/case-key';
import { problemLinkDocument } from '../sync/documents';
import type { Link, Result } from '../sync/pair';
import { listed, planPair } from '../sync/plan';
import type { Plan, PublishSettings, ReadyPair } from '../sync/plan';
import { hostOf } from '../zendesk/address';
import { readIncidentIds } from '../zendesk/tickets';
import { isFailure } from './clients';
import type { Clients, Failure } from './clients';
import type { MadeRecords } from './made-records';
import { accountOf, keyOf, resolvePairs, rowsOfTicket } from './resolve-pairs';

export interface PublishRun {
	settings: PublishSettings;
	/** Only say what would be done. */
	preview: boolean;
	/** Writes at once. */
	parallel: number;
}

/** A pair after Publish. */
export type Published = ReadyPair & { result: Result };

/** How often one pair is looked at and written again after a conflict or a lost answer. */
const ATTEMPTS = 4;
/** A ticket has at most 5,000 comments, and one request takes at least one of them. */
const MOST_WRITES = 5_100;

/** Writes one pair, looking again whenever the server's state turns out to be another one. */
export class PairWriter {
	/** Writes that went well and were not the last. */
	private readonly done: Plan[] = [];
	/** The last write whose answer said nothing certain: it may have been carried out. */
	private uncertain: Plan | undefined;
	private recordId: string | undefined;
	private caseId: string | undefined;
	/** How many writes of this ticket, by whichever item of the run, were done when this pair was read. */
	private knownWrites = 0;
	/** New contacts whose address OroCRM refused. */
	private readonly withoutEmail = new Set<string>();

	constructor(
		private pair: ReadyPair,
		private readonly clients: Clients,
		private readonly run: PublishRun,
		private readonly made: MadeRecords,
	) {}

	async write(): Promise<Published | Failure> {
		for (let attempt = 1; ; ) {
			// The same ticket may be in this run twice: what was read before the other one's write is out of date.
			if (this.made.writesOf(this.recordName) !== this.knownWrites) {
				const problem = await this.lookAgain();
				if (problem) return problem;
				continue;
			}
			this.useWhatWasMade();
			const plan = this.plan();
			if ('error' in plan) return plan;
			if (!plan.write || this.run.preview) return this.finish(plan);
			const names = [...plan.makes, this.recordName];
			// All names are taken at once or none, so two pairs never wait for each other. A maker that failed leaves its names free.
			const makers = this.made.waitFor([...names, ...this.missingProblem()]);
			if (makers.length > 0) {
				await Promise.all(makers);
				continue;
			}
			try {
				this.learn(await this.made.making(names, () => this.send(plan)));
				this.knownWrites = this.made.writesOf(this.recordName);
				if (!plan.partial) return this.finish(plan);
				this.done.push(plan);
				if (this.done.length > MOST_WRITES) return { error: new Error(`Ticket ${this.pair.ticket.id} was written ${MOST_WRITES} times and is still not complete in OroCRM.`) };
				await this.tieIncidents();
				const problem = await this.lookAgain();
				if (problem) return problem;
				attempt = 1;
			} catch (error) {
				if (!(error instanceof ApiError)) throw error;
				if (this.leavesOutBadEmail(error, plan)) continue;
				if (!mayBeOtherwise(error) || attempt >= ATTEMPTS) {
					if (error.concernsEverything && error.status !== 404) throw error;
					return { error };
				}
				if (isConflict(error)) {
					// As a rule somebody else was faster. When it stays, what is remembered may be of a database that was restored since.
					if (attempt > 1) this.clients.knowledge.forgetRows();
				} else {
					this.uncertain = plan;
					await this.clients.time.sleep(1_000 * attempt);
				}
				const problem = await this.lookAgain(isConflict(error));
				if (problem) return problem;
				if (this.uncertain && plan.write.kind === 'create' && this.pair.record) {
					// It was carried out after all; what is left goes on from there.
					this.done.push(this.uncertain);
					this.uncertain = undefined;
				}
				attempt += 1;
			}
		}
	}

	/** What is to be done; a pair that the rules choke on (a builder's own node may have bent it) is a failure of its own. */
	private plan(): Plan | Failure {
		try {
			return planPair(this.pair, keyOf(this.pair, this.clients), this.run.settings);
		} catch (error) {
			return { error: error as Error };
		}
	}

	/** The name of this ticket's record within the run. */
	private get recordName(): string {
		return recordName(this.pair.ticket.id);
	}

	/** The problem ticket of an incident, when this run may be making its record. */
	private missingProblem(): string[] {
		const { ticket, resolved } = this.pair;
		return ticket.problem_id && !resolved.problemRecord ? [recordName(ticket.problem_id)] : [];
	}

	/** OroCRM is stricter about addresses than Zendesk: a contact with a name does without, so that the ticket isn't refused for it. */
	private leavesOutBadEmail(error: ApiError, plan: Plan): boolean {
		if (error.status !== 400) return false;
		const bad = error.pointers.map((pointer) => /^\/included\/(\d+)\/attributes\/(?:primaryEmail|emails)/.exec(pointer)?.[1]).filter((index) => index !== undefined);
		const contacts = bad.map((index) => plan.write?.document.included?.[Number(index)]).filter((resource) => resource?.type === 'contacts' && (resource.attributes?.firstName || resource.attributes?.lastName));
		const names = contacts.map((resource) => resource?.id ?? '').filter((name) => name && !this.withoutEmail.has(name));
		for (const name of names) this.withoutEmail.add(name);
		return names.length > 0;
	}

	private async send(plan: Plan): Promise<OroDocument> {
		const { write } = plan;
		if (!write) throw new Error('There is nothing to write.');
		for (const resource of write.document.included ?? []) if (this.withoutEmail.has(resource.id)) delete resource.attributes?.primaryEmail;
		if (write.kind === 'create') return await this.clients.oro.create('zendesktickets', write.document);
		return await this.clients.oro.update('zendesktickets', write.recordId, write.document);
	}

	/** Takes the new ids from an answer: records of `included` carry the name that they were sent with. */
	private learn(answer: OroDocument): void {
		const primary = answer.data && !Array.isArray(answer.data) ? answer.data : undefined;
		for (const resource of answer.included ?? []) {
			const name = resource.meta?.includeId;
			if (name && (resource.type === 'contacts' || resource.type === 'zendeskusers')) this.made.made(name, resource.id);
			if (resource.type === 'cases') this.caseId = resource.id;
		}
		if (primary) {
			this.recordId = primary.id;
			this.made.made(this.recordName, primary.id);
		}
	}

	/** Puts the ids of what this run made meanwhile in the place of their names. */
	private useWhatWasMade(): void {
		const known = (link: Link): Link => (link && 'create' in link && this.made.idOf(link.create) ? { id: this.made.idOf(link.create) as string } : link);
		const { resolved, ticket } = this.pair;
		const people = Object.fromEntries(Object.entries(resolved.people).map(([id, person]) => [id, { ...person, row: known(person.row), contact: known(person.contact) }]));
		const problemRecord = resolved.problemRecord ?? (ticket.problem_id ? (this.made.idOf(recordName(ticket.problem_id)) ?? null) : null);
		this.pair = { ...this.pair, resolved: { ...resolved, people, problemRecord } };
	}

	/** Reads the pair's other half again: after a conflict, after a lost answer, or to go on with the next comments. */
	private async lookAgain(conflict = false): Promise<Failure | undefined> {
		this.knownWrites = this.made.writesOf(this.recordName);
		const problem = await this.resolveAgain();
		const { channel } = this.run.settings;
		if (problem || !conflict || !channel) return problem;
		const holder = this.pair.record ? undefined : await findInChannel(this.clients.oro, this.clients.knowledge, String(this.pair.ticket.id), channel);
		if (holder) return await this.takeOver(holder.record);
		// Or it is the comments whose numbers are taken: by rows that outlived a record deleted in OroCRM.
		const orphans = rowsOfTicket(await readOrphanedCommentRows(this.clients.oro), this.pair);
		this.pair.resolved.commentRows = [...(this.pair.resolved.commentRows ?? []), ...orphans];
		return undefined;
	}

	private async resolveAgain(acceptRecord?: string): Promise<Failure | undefined> {
		const { owner, createMissingContacts, incidentsTied } = this.pair.resolved;
		const [outcome] = await resolvePairs([this.pair], this.clients, { owner: async () => owner, createMissingContacts, parallel: 1, acceptRecord });
		if (isFailure(outcome)) return outcome;
		this.pair = { ...outcome, resolved: { ...outcome.resolved, owner, incidentsTied } };
		return undefined;
	}

	/** The integration holds this ticket's number under another address: this account's former one, if a person chose the integration for it. */
	private async takeOver(record: TicketRecord): Promise<Failure | undefined> {
		const host = hostOf(record.url);
		if (host && host !== accountOf(this.pair.ticket, this.clients) && !this.run.settings.channelIsChosen) {
			return {
				error: new Error(
					`OroCRM’s Zendesk integration already has a ticket ${this.pair.ticket.id}, of ${host}. Choose the integration in Publish Case: one for each Zendesk account, or this one if ${host} is the account’s former address.`,
				),
			};
		}
		return await this.resolveAgain(record.id);
	}

	/** Incidents may have come before their problem: their records are tied to it now. */
	private async tieIncidents(): Promise<void> {
		const { ticket, resolved } = this.pair;
		if (ticket.type !== 'problem' || !ticket.has_incidents || resolved.incidentsTied || !this.recordId) return;
		const { zendesk, oro, knowledge } = this.clients;
		const host = accountOf(ticket, this.clients);
		const ids = await readIncidentIds(zendesk, ticket.id);
		const keys = new Map(ids.map((id) => [String(id), caseKey(host, id)]));
		const records = await findTicketRecords(oro, knowledge, [...keys].map(([originId, key]) => ({ originId, key })));
		for (const { record } of records) {
			if (record.problem || (hostOf(record.url) ?? host) !== host) continue;
			try {
				await oro.update('zendesktickets', record.id, problemLinkDocument(record.id, this.recordId));
			} catch (error) {
				// An incident's record that OroCRM refuses is not this ticket's fault.
				if (!(error instanceof ApiError) || mayBeOtherwise(error) || error.concernsEverything) throw error;
				this.pair.mapped = { ...this.pair.mapped, notes: [...this.pair.mapped.notes, `Incident ${record.originId} could not be tied to this problem: ${error.words}`] };
			}
		}
		resolved.incidentsTied = true;
	}

	private finish(plan: Plan): Published {
		const { ticket } = this.pair;
		// Nothing is left to do after a write without an answer: that write was carried out.
		const last = this.uncertain && plan.outcome === 'unchanged' ? this.uncertain : plan;
		const all = [...this.done, last];
		const first = all[0];
		const caseId = this.caseId ?? this.pair.case?.id ?? null;
		const recordId = this.recordId ?? this.pair.record?.id ?? null;
		const result: Result = {
			outcome: first.outcome,
			preview: this.run.preview && plan.write !== null,
			summary: this.run.preview && plan.write ? `Preview, nothing was written. ${first.summary}` : summaryOf(all),
			changes: all.flatMap((one) => one.changes),
			conflicts: all.flatMap((one) => one.conflicts),
			skipped: first.skipped,
			notes: [...new Set([...all.flatMap((one) => one.notes), ...(this.withoutEmail.size > 0 ? ['OroCRM refused the e-mail address of a new contact; the contact was made without it.'] : [])])],
			ticketId: ticket.id,
			caseId,
			recordId,
			links: { ticket: ticketLink(ticket.url, ticket.id, this.clients), case: caseId ? caseLink(caseId, this.clients) : null },
		};
		return { ...this.pair, result };
	}
}

/** After these a new look may find another state: somebody else was faster, or the write was carried out without an answer. */
function mayBeOtherwise(error: ApiError): boolean {
	return isConflict(error) || error.status === undefined || error.status === 404 || (error.status >= 500 && error.code === '');
}

/** What several writes of one ticket did together. */
function summaryOf(plans: readonly Plan[]): string {
	const [first] = plans;
	const more = plans.slice(1).flatMap((plan) => plan.changes);
	return more.length > 0 ? `${first.summary} In ${plans.length} requests; after the first: ${listed(more)}.` : first.summary;
}

function recordName(ticketId: number): string {
	return `record:${ticketId}`;
}

function ticketLink(url: string | null, id: number, clients: Clients): string {
	const origin = /^https?:\/\/[^/]+/.exec(url ?? '')?.[0] ?? clients.zendesk.baseUrl;
	return `${origin}/agent/tickets/${id}`;
}

/** The case's page in OroCRM; with OroCommerce the back office is below /admin. */
function caseLink(id: string, clients: Clients): string {
	return `${clients.oro.baseUrl}${clients.oro.apiPath.startsWith('/admin') ? '/admin' : ''}/case/view/${id}`;
}
