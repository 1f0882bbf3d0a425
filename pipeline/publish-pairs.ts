import { ApiError } from '../http/api-error';
import { inParallel, pieces } from '../http/concurrency';
import { readOrphanedCommentRows } from '../orocrm/comments';
import { isConflict } from '../orocrm/errors';
import { findInChannel, findTicketRecords, readTicketRecords } from '../orocrm/ticket-records';
import type { OroDocument } from '../orocrm/types';
import { caseKey } from '../sync/case-key';
import { problemLinkDocument } from '../sync/documents';
import type { Link, Pair, Result } from '../sync/pair';
import { planPair } from '../sync/plan';
import type { Plan, PublishSettings, ReadyPair } from '../sync/plan';
import { hostOf } from '../zendesk/address';
import { readIncidentIds } from '../zendesk/tickets';
import { isFailure } from './clients';
import type { Clients, Failure } from './clients';
import { MadeRecords } from './made-records';
import { keyOf, resolvePairs, rowsOfTicket } from './resolve-pairs';

export interface PublishRun {
	settings: PublishSettings;
	/** Only say what would be done. */
	preview: boolean;
	/** Writes at once. */
	parallel: number;
}

/** A pair after Publish. */
export type Published = ReadyPair & { result: Result };

/** Pairs whose records are looked at again in one request, just before they are written. */
const FRESH_LOOK = 100;
/** How often one pair is looked at and written again after a conflict or a lost answer. */
const ATTEMPTS = 4;
/** A ticket has at most 5,000 comments, and one request takes at least one of them. */
const MOST_WRITES = 5_100;
/** So many refusals of one kind, and nothing that went well: then it is not the records that are bad. */
const ALL_REFUSED = 10;

/**
 * Writes each pair: one request for a new case with all that belongs to it, one for a changed pair, none for an unchanged one.
 *
 * A refused pair comes back as a {@link Failure}. Trouble of OroCRM as a whole is thrown; what was written until then stays, and
 * is found again by the next run.
 */
export async function publishPairs(pairs: readonly Pair[], clients: Clients, run: PublishRun): Promise<Array<Published | Failure>> {
	const outcomes = new Array<Published | Failure>(pairs.length);
	const made = new MadeRecords();
	const order = problemsFirst(pairs);
	for (const some of pieces(order, FRESH_LOOK)) {
		const fresh = run.preview ? new Map<string, never>() : await freshLook(some.map((index) => pairs[index]), clients);
		await inParallel(some, run.parallel, async (index) => {
			const pair = withFresh(pairs[index], fresh);
			if ('error' in pair) {
				outcomes[index] = pair;
				return;
			}
			outcomes[index] = await new PairWriter(pair, clients, run, made).write();
		});
		stopWhenAllIsRefused(outcomes);
	}
	return outcomes;
}

/** Problem tickets before their incidents, so that the link can be made at once; else in the order of the input. */
function problemsFirst(pairs: readonly Pair[]): number[] {
	const problems = new Set(pairs.map((pair) => pair.ticket?.problem_id).filter((id) => typeof id === 'number'));
	const indexes = pairs.map((_, index) => index);
	const isProblem = (index: number) => problems.has(pairs[index].ticket?.id ?? -1);
	return [...indexes.filter(isProblem), ...indexes.filter((index) => !isProblem(index))];
}

type Fresh = Map<string, Pick<ReadyPair, 'record' | 'case'>>;

/** Records and cases as they are now, for those that may be changed: somebody may have edited the case since Resolve read it. */
async function freshLook(pairs: readonly Pair[], clients: Clients): Promise<Fresh> {
	const due = pairs.filter((pair) => pair.record && pair.resolved && !pair.resolved.unchanged);
	if (due.length === 0) return new Map();
	const caseFields = [...new Set(due.flatMap((pair) => Object.keys(pair.mapped?.case.fields ?? {})))];
	const found = await readTicketRecords(clients.oro, due.map((pair) => pair.record?.id ?? ''), caseFields);
	return new Map(found.map((entry) => [entry.record.id, { record: entry.record, case: entry.case }]));
}

function withFresh(pair: Pair, fresh: Fresh): ReadyPair | Failure {
	if (!pair?.ticket || !pair.mapped || !pair.resolved) return { error: new Error('This item was not resolved. Put Map Ticket to Case and Resolve Contact/User before this node.') };
	return { ...(pair as ReadyPair), ...(fresh.get(pair.record?.id ?? '') ?? {}) };
}

function stopWhenAllIsRefused(outcomes: readonly (Published | Failure)[]): void {
	const failures = outcomes.filter((outcome) => outcome && isFailure(outcome)) as Failure[];
	const wrote = outcomes.some((outcome) => outcome && !isFailure(outcome) && ['created', 'updated'].includes(outcome.result.outcome));
	if (wrote || failures.length < ALL_REFUSED) return;
	const kinds = new Set(failures.map(({ error }) => (error instanceof ApiError ? `${error.status} ${error.code}` : 'other')));
	if (kinds.size === 1 && failures[0].error instanceof ApiError) throw failures[0].error;
}

/** Writes one pair, looking again whenever the server's state turns out to be another one. */
class PairWriter {
	/** Writes that went well and were not the last. */
	private readonly done: Plan[] = [];
	/** The last write whose answer said nothing certain: it may have been carried out. */
	private uncertain: Plan | undefined;
	private recordId: string | undefined;
	private caseId: string | undefined;

	constructor(
		private pair: ReadyPair,
		private readonly clients: Clients,
		private readonly run: PublishRun,
		private readonly made: MadeRecords,
	) {}

	async write(): Promise<Published | Failure> {
		for (let attempt = 1; ; ) {
			this.useWhatWasMade();
			const plan = planPair(this.pair, keyOf(this.pair, this.clients), this.run.settings);
			if (!plan.write || this.run.preview) return this.finish(plan);
			const names = [...plan.makes, ...(plan.write.kind === 'create' ? [recordName(this.pair.ticket.id)] : [])];
			// All names are taken at once or none, so two pairs never wait for each other. A maker that failed leaves its names free.
			const makers = this.made.waitFor([...names, ...this.missingProblem()]);
			if (makers.length > 0) {
				await Promise.all(makers);
				continue;
			}
			try {
				this.learn(await this.made.making(names, () => this.send(plan)));
				if (!plan.partial) return this.finish(plan);
				this.done.push(plan);
				if (this.done.length > MOST_WRITES) return { error: new Error(`Ticket ${this.pair.ticket.id} was written ${MOST_WRITES} times and is still not complete in OroCRM.`) };
				await this.tieIncidents();
				const problem = await this.lookAgain();
				if (problem) return problem;
				attempt = 1;
			} catch (error) {
				if (!(error instanceof ApiError)) throw error;
				if (!mayBeOtherwise(error) || attempt >= ATTEMPTS) {
					if (error.concernsEverything && error.status !== 404) throw error;
					return { error };
				}
				if (!isConflict(error)) await this.clients.time.sleep(1_000 * attempt);
				this.uncertain = plan;
				const problem = await this.lookAgain(isConflict(error));
				if (problem) return problem;
				attempt += 1;
			}
		}
	}

	/** The problem ticket of an incident, when this run may be making its record. */
	private missingProblem(): string[] {
		const { ticket, resolved } = this.pair;
		return ticket.problem_id && !resolved.problemRecord ? [recordName(ticket.problem_id)] : [];
	}

	private async send(plan: Plan): Promise<OroDocument> {
		const { write } = plan;
		if (!write) throw new Error('There is nothing to write.');
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
			this.made.made(recordName(this.pair.ticket.id), primary.id);
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
		const { owner, createMissingContacts } = this.pair.resolved;
		const [outcome] = await resolvePairs([this.pair], this.clients, { owner: async () => owner, createMissingContacts, parallel: 1 });
		if (isFailure(outcome)) return outcome;
		this.pair = outcome;
		const { channel } = this.run.settings;
		if (conflict && !outcome.record && channel) {
			const holder = await findInChannel(this.clients.oro, this.clients.knowledge, String(outcome.ticket.id), channel, Object.keys(outcome.mapped.case.fields));
			if (holder) this.pair = { ...outcome, record: holder.record, case: holder.case };
			// Or it is the comments whose numbers are taken: by rows that outlived a record deleted in OroCRM.
			else outcome.resolved.commentRows = rowsOfTicket(await readOrphanedCommentRows(this.clients.oro), outcome);
		}
		return undefined;
	}

	/** Incidents may have come before their problem: their records are tied to it now. */
	private async tieIncidents(): Promise<void> {
		const { ticket } = this.pair;
		if (ticket.type !== 'problem' || !ticket.has_incidents || !this.recordId) return;
		const { zendesk, oro, knowledge } = this.clients;
		const host = hostOf(ticket.url) ?? hostOf(zendesk.baseUrl) ?? 'unknown';
		const ids = await readIncidentIds(zendesk, ticket.id);
		if (ids.length === 0) return;
		const keys = new Map(ids.map((id) => [String(id), caseKey(host, id)]));
		const records = await findTicketRecords(oro, knowledge, [...keys].map(([originId, key]) => ({ originId, key })));
		for (const { record } of records) {
			if (record.problem || (hostOf(record.url) ?? host) !== host) continue;
			await oro.update('zendesktickets', record.id, problemLinkDocument(record.id, this.recordId));
		}
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
			summary: this.run.preview && plan.write ? `Preview, nothing was written. ${first.summary}` : first.summary,
			changes: all.flatMap((one) => one.changes),
			conflicts: all.flatMap((one) => one.conflicts),
			skipped: first.skipped,
			notes: [...new Set(all.flatMap((one) => one.notes))],
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
