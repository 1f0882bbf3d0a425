import { ApiError } from '../http/api-error';
import { readOrphanedCommentRows } from '../orocrm/comments';
import { isConflict } from '../orocrm/errors';
import { findInChannel, findTicketRecords } from '../orocrm/ticket-records';
import type { OroDocument, TicketRecord } from '../orocrm/types';
import { caseKey } from '../sync/case-key';
import { knownComments, pendingComments } from '../sync/comments';
import { peopleNow } from '../sync/doubled-people';
import { problemLinkDocument } from '../sync/documents';
import { mapCaseAgain } from '../sync/map-pair';
import { baseFromTicket, withSentBase } from '../sync/merge-pair';
import type { SentBase } from '../sync/merge-pair';
import { outgoingComments } from '../sync/outgoing-comments';
import type { Change, Conflict, Link, Outcome, Result } from '../sync/pair';
import { PairProblem } from '../sync/pair-problem';
import { idle, listed } from '../sync/plan';
import type { Plan, PublishSettings, ReadyPair, TicketWrite } from '../sync/plan';
import { planPair } from '../sync/plan-pair';
import type { Publication } from '../sync/plan-publication';
import { ALL_PARTS, partNames } from '../sync/ticket-parts';
import { ticketState } from '../sync/ticket-state';
import { allHaveRows } from '../sync/told-comment';
import { hostOf } from '../zendesk/address';
import { countsAllComments } from '../zendesk/comment-count';
import { isUpdateConflict } from '../zendesk/errors';
import { readIncidentIds } from '../zendesk/tickets';
import type { ZendeskComment } from '../zendesk/types';
import { isFailure } from './clients';
import type { Clients, Failure } from './clients';
import { CommentFiles } from './comment-files';
import { openFollowUp } from './follow-up';
import type { MadeRecords } from './made-records';
import { accountOf, authorsOfNewComments, keyOf, rowsOfTicket } from './resolve-pairs';
import type { PeopleDirectory } from './people-directory';
import { linksOf, mostDone } from './results';
import { STILL_FRESH } from './run-looks';
import type { RunLooks } from './run-looks';
import { lookAtTicket, updateTicket } from './ticket-updater';

export interface PublishRun {
	settings: PublishSettings;
	/** Only say what would be done. */
	preview: boolean;
	/** Writes at once. */
	parallel: number;
	/** Largest file of a comment that is copied, in bytes. */
	largestFile: number;
	/** What was asked about people in this run already, by Resolve for one. */
	directory?: PeopleDirectory;
}

/** A pair after Publish. */
type Published = ReadyPair & { result: Result };

/** How often one pair is looked at and written again after a conflict or a lost answer. */
const ATTEMPTS = 4;
/** A ticket has at most 5,000 comments, and one request takes at least one of them. */
const MOST_WRITES = 5_100;

/** Writes one pair, looking again whenever a server's state turns out to be another one: the ticket first, then the record with its case. */
export class PairWriter {
	/** Writes to OroCRM that went well and were not the last. */
	private readonly done: Plan[] = [];
	/** What was changed in the ticket. */
	private readonly ticketChanges: Change[] = [];
	/** Conflicts that the case won. */
	private readonly conflicts: Conflict[] = [];
	private readonly notes: string[] = [];
	/** What the ticket has from this run and the record doesn't know yet. */
	private sent: SentBase | undefined;
	/** The contact who was made the ticket's requester. */
	private sentContact: string | null = null;
	/** Custom fields that this run sent to the ticket. */
	private sentFields: Record<string, unknown> = {};
	/** What Zendesk refused of this pair, by part; undefined as long as nothing was refused. */
	private refused: Map<string, ApiError> | undefined;
	/** Parts that Zendesk took: how often, by {@link partNames}. */
	private readonly taken = new Map<string, number>();
	/** How often the ticket, and how often OroCRM, was tried in vain since something went well there. */
	private readonly vain = { ticket: 0, oro: 0 };
	/** The last write whose answer said nothing certain: it may have been carried out. */
	private uncertain: Plan | undefined;
	private recordId: string | undefined;
	private caseId: string | undefined;
	private writes = 0;
	/** How many writes of this ticket, by whichever item of the run, were done when this pair was read. */
	private knownWrites = 0;
	/** New contacts whose address OroCRM refused. */
	private readonly withoutEmail = new Set<string>();
	private readonly files: CommentFiles;

	constructor(
		private pair: ReadyPair,
		private readonly clients: Clients,
		private readonly run: PublishRun,
		private readonly made: MadeRecords,
		private readonly looks: RunLooks,
		/** The publication that made the ticket, when this run did. */
		private readonly publication?: { plan: Publication; sent?: SentBase },
		/** When the pair's other half was read; milliseconds since 1970. */
		private lookedAt = 0,
	) {
		this.files = new CommentFiles(clients, run.largestFile);
		this.sent = publication?.sent;
		if (publication?.sent) this.sentFields = { ...pair.mapped.ticket?.fields };
	}

	/** @param outdated somebody wrote this pair since it was read */
	async write(outdated = false): Promise<Published | Failure> {
		if (outdated) this.knownWrites = -1;
		for (;;) {
			// The same ticket may be in this run twice: what was read before the other one's write is out of date.
			if (this.made.writesOf(this.recordName) !== this.knownWrites) {
				const problem = await this.lookAgain();
				if (problem) return problem;
				continue;
			}
			this.useWhatWasMade();
			const unready = await this.prepare();
			if (unready) return unready;
			const plan = this.plan();
			if ('error' in plan) return plan;
			if (this.run.preview) return this.finish(plan);
			if (!plan.write && !plan.ticketWrite && plan.followUps.length === 0) return this.finish(plan);
			const names = [...plan.makes, this.recordName];
			// All names are taken at once or none, so two pairs never wait for each other. A maker that failed leaves its names free.
			const makers = this.made.waitFor([...names, ...this.missingProblem()]);
			if (makers.length > 0) {
				await this.looks.aside(async () => await Promise.all(makers));
				continue;
			}
			if (++this.writes > MOST_WRITES) return { error: new Error(`Ticket ${this.pair.ticket.id} was written ${MOST_WRITES} times and is still not complete.`) };
			if (plan.ticketWrite) {
				const { ticketWrite } = plan;
				const outcome = await this.made.making([this.recordName], () => this.writeTicket(plan, ticketWrite));
				this.knownWrites = this.made.writesOf(this.recordName);
				if (outcome) return outcome;
				continue;
			}
			if (plan.followUps.length > 0) {
				await this.made.making([this.recordName], () => this.followUp(plan));
				this.knownWrites = this.made.writesOf(this.recordName);
				continue;
			}
			if (plan.write?.kind === 'update' && !this.isFresh) {
				const problem = (await this.changedMeanwhile()) ? await this.lookAgain() : undefined;
				if (problem) return problem;
				// Planned again in any case: while it was asked, another pair may have made what this one needs.
				continue;
			}
			try {
				const answer = await this.made.making(names, () => this.sendInTurn(plan));
				this.knownWrites = this.made.writesOf(this.recordName);
				if (!answer) continue;
				this.learn(answer);
				this.sent = undefined;
				if (!plan.partial && !plan.continues) return this.finish(plan);
				this.done.push(plan);
				this.files.forget((this.pair.ticket.comments ?? []).filter((comment) => includesComment(plan, comment.id)));
				if (plan.partial) await this.tieIncidents();
				const problem = await this.lookAgain();
				if (problem) return problem;
				this.vain.oro = 0;
			} catch (error) {
				if (!(error instanceof ApiError)) throw error;
				if (this.leavesOutBadEmail(error, plan) || this.leavesOutFiles(error, plan)) continue;
				this.vain.oro += 1;
				if (!mayBeOtherwise(error) || this.vain.oro >= ATTEMPTS) {
					if (error.concernsEverything && error.status !== 404) throw error;
					return { error };
				}
				if (isConflict(error)) {
					// As a rule somebody else was faster. When it stays, what is remembered may be of a database that was restored since.
					if (this.vain.oro > 1) this.clients.knowledge.forgetRows();
				} else {
					this.uncertain = plan;
					await this.clients.time.sleep(1_000 * this.vain.oro);
				}
				const problem = await this.lookAgain(isConflict(error));
				if (problem) return problem;
				if (this.uncertain && plan.write?.kind === 'create' && this.pair.record) {
					// It was carried out after all; what is left goes on from there.
					this.done.push(this.uncertain);
					this.uncertain = undefined;
				}
			}
		}
	}

	/** What a plan may need that costs requests: the ticket's comments before one goes out, and the files of new comments. */
	private async prepare(): Promise<Published | Failure | undefined> {
		const { settings, preview } = this.run;
		const { ticket, resolved } = this.pair;
		const state = ticketState(ticket);
		if (resolved.unchanged || state === 'deleted' || state === 'scrubbed') return undefined;
		try {
			if (settings.rules.twoWay && ticket.comments === null && outgoingComments(null, knownComments(resolved), settings.commentsSince).length > 0 && !this.allHaveRows) {
				// A run that died may have published them: their marks tell.
				this.pair.ticket = { ...ticket, comments: await this.looks.comments(ticket) };
				await this.resolveAuthors();
			}
			const pending = pendingComments(this.pair.ticket.comments ?? [], knownComments(resolved)).slice(0, settings.commentsPerWrite);
			if (!preview) await this.files.fetch(pending.filter((step) => step.caseComment === null).map((step) => step.comment));
			return undefined;
		} catch (error) {
			if (error instanceof PairProblem) return { error };
			if (!(error instanceof ApiError) || (error.concernsEverything && error.status !== 404)) throw error;
			return error.status === 404 && error.service === 'Zendesk' ? this.finishGone() : { error };
		}
	}

	/** True when no comment of the ticket can be without its row, though they were not read. */
	private get allHaveRows(): boolean {
		const { ticket, record, resolved } = this.pair;
		return countsAllComments(this.clients.zendesk.baseUrl) && allHaveRows(ticket.comment_count, resolved.commentRows ?? [], record);
	}

	private finishGone(): Published | Failure {
		return this.finish(idle('skipped', `Ticket ${this.pair.ticket.id} was deleted in Zendesk meanwhile.`, [{ field: 'ticket', reason: 'deleted in Zendesk' }]));
	}

	/** People whom the ticket names and whom nobody looked up yet: authors of new comments, a new assignee or requester. */
	private async resolveAuthors(): Promise<void> {
		const { ticket, resolved } = this.pair;
		const authors = authorsOfNewComments(this.pair);
		const named = [ticket.requester_id, ticket.submitter_id, ticket.assignee_id, ...(Array.isArray(ticket.collaborator_ids) ? ticket.collaborator_ids : []), ...authors];
		if (named.every((id) => id === null || resolved.people[String(id)])) return;
		await this.looks.people(this.pair);
	}

	/**
	 * Changes the ticket and reads it again, so that the record is written with what it is then. Gives back the outcome when it ends
	 * here. After a conflict the pair is looked at again and merged again (sync-rules §6.4); what Zendesk refuses stays behind, and the
	 * rest goes on.
	 */
	private async writeTicket(plan: Plan, write: TicketWrite): Promise<Published | Failure | undefined> {
		if (this.leavesOutUnseen(write)) return undefined;
		try {
			const { sent, told } = await this.looks.zendeskTurns.run('write', async () => await updateTicket(this.pair, write, this.clients, this.looks.directory, this.files), () => false);
			this.sent = { ...this.sent, ...sent };
			this.sentContact = sent.requester?.contact ?? this.sentContact;
			this.sentFields = { ...this.sentFields, ...write.changes.fields };
			for (const part of partNames(write)) this.taken.set(part, (this.taken.get(part) ?? 0) + 1);
			this.ticketChanges.push(...write.fields);
			this.conflicts.push(...plan.conflicts.filter((conflict) => conflict.winner === 'local'));
			this.vain.ticket = 0;
			return await this.lookAtBoth(write.comment === null ? [] : told ? [told] : null);
		} catch (error) {
			if (!(error instanceof ApiError)) throw error;
			const unsure = error.status === undefined || error.status >= 500;
			const refused = [400, 403, 413, 422].includes(error.status ?? 0);
			if (!isUpdateConflict(error) && error.status !== 404 && !unsure && !refused) {
				if (error.concernsEverything && error.status !== 429) throw error;
				return { error };
			}
			this.vain.ticket += 1;
			if (this.vain.ticket >= ATTEMPTS && !refused) {
				if (unsure) throw error;
				return { error };
			}
			const wasOpen = ticketState(this.pair.ticket) === 'live';
			const ended = await this.lookAtBoth(write.comment !== null || isUpdateConflict(error) ? null : []);
			if (ended) return ended;
			// Else it was closed meanwhile, and was refused for that.
			if (refused && wasOpen && ticketState(this.pair.ticket) === 'live') this.leaveOut(write, error);
			return undefined;
		}
	}

	/**
	 * What Zendesk took is not sent for ever when the ticket doesn't show it: a comment only once, for each more would be one too many; a
	 * field as often as other trouble is borne. True when something of this request is left out, so that it has to be planned again.
	 */
	private leavesOutUnseen(write: TicketWrite): boolean {
		const unseen = partNames(write).filter((part) => (this.taken.get(part) ?? 0) >= (part.startsWith('comment ') ? 1 : ATTEMPTS));
		const { id } = this.pair.ticket;
		for (const part of unseen) {
			this.refused ??= new Map();
			this.refused.set(part, new ApiError('Zendesk', `PUT /api/v2/tickets/${id}.json`, 200, `took ${part} of case ${this.pair.case?.id}, and ticket ${id} doesn’t show it.`, 'See in the ticket’s events what became of it: a trigger or an app may undo it.'));
		}
		return unseen.length > 0;
	}

	/** Zendesk refused this request for what was in it: its parts go out by themselves, and one that was refused alone stays behind. */
	private leaveOut(write: TicketWrite, error: ApiError): void {
		const parts = partNames(write);
		this.refused ??= new Map();
		if (error.status === 403) this.refused.set(ALL_PARTS, error);
		else if (parts.length === 1) this.refused.set(parts[0], error);
	}

	/**
	 * Reads the ticket and its case again. Gives back the outcome when the ticket is gone.
	 *
	 * @param made the comments that the ticket has from this write; null when that isn't known
	 */
	private async lookAtBoth(made: readonly ZendeskComment[] | null): Promise<Published | Failure | undefined> {
		const now = await lookAtTicket(this.pair, this.clients, this.looks, made);
		if (!now) return this.finishGone();
		this.pair = now;
		this.tieRequester();
		await this.resolveAuthors();
		const fresh = await this.looks.record(this.pair);
		this.lookedAt = this.clients.time.now();
		// A record that vanished meanwhile is found out by the write itself.
		if (fresh) {
			const { mapped } = this.pair;
			this.pair = { ...this.pair, resolved: { ...this.pair.resolved, people: peopleNow(this.pair.resolved.people, fresh.record) }, record: fresh.record, case: fresh.case, mapped: fresh.case ? { ...mapCaseAgain(mapped, this.pair.case, fresh.case), case: mapped.case } : mapped };
		}
		await this.looks.zendeskPeople(this.pair);
		return undefined;
	}

	/** Who the ticket's requester is after it was sent: as Zendesk chose them, whatever their addresses. */
	private tieRequester(): void {
		const { ticket, resolved } = this.pair;
		if (this.sentContact === null || ticket.requester_id === null) return;
		const { sent } = this;
		if (sent?.requester?.zendesk === null) this.sent = { ...sent, requester: { ...sent.requester, zendesk: ticket.requester_id } };
		if (sent?.requester?.zendesk === null || sent?.requester?.zendesk === ticket.requester_id) {
			const known = resolved.zendesk.contacts[this.sentContact] ?? { name: '', email: null };
			resolved.zendesk.contacts[this.sentContact] = { ...known, id: ticket.requester_id };
		}
	}

	/** Comments on a closed ticket's case: a follow-up ticket takes them. When Zendesk refuses that, the rest of the pair goes on. */
	private async followUp(plan: Plan): Promise<void> {
		try {
			const { rows, changes, notes } = await openFollowUp(this.pair, plan.followUps, this.clients, this.files, this.run.settings.channel);
			this.pair.resolved.commentRows = [...(this.pair.resolved.commentRows ?? []), ...rows];
			this.ticketChanges.push(...changes);
			this.notes.push(...notes);
		} catch (error) {
			if (!(error instanceof ApiError) || error.concernsEverything) throw error;
			this.refused = new Map([[ALL_PARTS, error]]);
		}
	}

	/**
	 * True when somebody was at the record or its case since they were read: then the plan is an old one (sync-rules §6.6). Asked where
	 * that is a while ago; OroCRM has no guard of its own for a write.
	 */
	private async changedMeanwhile(): Promise<boolean> {
		const { record, case: oroCase } = this.pair;
		const now = await this.looks.record(this.pair);
		this.lookedAt = this.clients.time.now();
		return JSON.stringify([now?.record, now?.case ?? null]) !== JSON.stringify([record, (record?.relatedCase ?? null) === null ? null : oroCase]);
	}

	/** What is to be done; a pair that the rules choke on (a builder's own node may have bent it) is a failure of its own. */
	private plan(): Plan | Failure {
		try {
			return planPair(this.asItStands(), keyOf(this.pair, this.clients), this.run.settings, this.files.prepared);
		} catch (error) {
			return { error: error as Error };
		}
	}

	/** The pair with what this run sent as its base (the record only says so after the next write), and with what Zendesk refused. */
	private asItStands(): ReadyPair {
		const { pair, sent, sentFields, refused } = this;
		return { ...pair, sentFields, ...(refused ? { refused: new Set(refused.keys()) } : {}), ...(sent ? { base: withSentBase(pair.record ?? baseFromTicket(pair), sent) } : {}) };
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

	/** A file that OroCRM refuses (its type, or the size of the request) becomes a line in the comment, so that the ticket isn't refused for it. */
	private leavesOutFiles(error: ApiError, plan: Plan): boolean {
		if (error.status !== 400 && error.status !== 413) return false;
		const included = plan.write?.document.included ?? [];
		const blamed = error.pointers.map((pointer) => included[Number(/^\/included\/(\d+)\//.exec(`${pointer}/`)?.[1] ?? -1)]).filter((resource) => resource?.type === 'files');
		// Too large for PHP, it arrives empty; and a refusal may name no place at all.
		const unnamed = error.pointers.length === 0;
		const all = error.status === 413 || unnamed ? included.filter((resource) => resource.type === 'files') : blamed;
		if (all.length === 0) return false;
		const ids = new Set(all.map((resource) => Number(resource.id.replace('file:', ''))));
		const words = error.status === 413 ? 'OroCRM’s web server refuses requests of this size' : `OroCRM refuses it (${error.words})`;
		return this.files.giveUp(
			(this.pair.ticket.comments ?? []).map((comment) => ({ ...comment, attachments: (comment.attachments ?? []).filter((file) => ids.has(file?.id)) })),
			words,
		);
	}

	/** True as long as what was read of OroCRM counts as it is. */
	private get isFresh(): boolean {
		return this.clients.time.now() - this.lookedAt <= STILL_FRESH;
	}

	/** Undefined when its turn came so late that the pair has to be looked at again first. */
	private async sendInTurn(plan: Plan): Promise<OroDocument | undefined> {
		if (plan.write?.kind !== 'update') return await this.send(plan);
		return await this.looks.oroTurns.run('change', async () => (this.isFresh ? await this.send(plan) : undefined), () => false);
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
		const { owner, incidentsTied, zendesk } = this.pair.resolved;
		const { twoWay } = this.run.settings.rules;
		const known = { zendesk, acceptRecord: acceptRecord ?? this.pair.record?.id, publishedCase: this.publishedCase };
		const outcome = await this.looks.again({ pair: this.pair, known, thorough: twoWay });
		if (isFailure(outcome)) return outcome;
		this.pair = { ...(outcome as ReadyPair), resolved: { ...outcome.resolved, owner, incidentsTied, zendesk } };
		this.lookedAt = this.clients.time.now();
		if (twoWay) await this.looks.bothWays(this.pair);
		return undefined;
	}

	/** The case that this run published as the ticket. */
	private get publishedCase(): string | undefined {
		return this.publication ? this.pair.case?.id : undefined;
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

	private finish(plan: Plan): Published | Failure {
		if (this.refused && this.refused.size > 0) return { error: this.refusal(this.refused, plan) };
		const { ticket } = this.pair;
		// Nothing is left to do after a write without an answer: that write was carried out.
		const last = this.uncertain && plan.outcome === 'unchanged' ? this.uncertain : plan;
		const all = [...this.done, last];
		const caseId = this.caseId ?? this.pair.case?.id ?? null;
		const recordId = this.recordId ?? this.pair.record?.id ?? null;
		const ahead = this.run.preview && plan.ticketWrite ? [...plan.ticketWrite.fields, ...plan.ticketWrite.further] : [];
		const wouldWrite = plan.write !== null || ahead.length > 0 || plan.followUps.length > 0;
		const followUp = this.run.preview && plan.followUps.length > 0 ? `Ticket ${ticket.id} is closed: a follow-up ticket would take ${plan.followUps.length === 1 ? 'one comment' : `${plan.followUps.length} comments`} of case ${caseId}.` : '';
		const ticketChanges = [...(this.publication?.plan.changes ?? []), ...this.ticketChanges, ...ahead];
		const summary = [this.publication ? this.publication.plan.summary.replace('a new ticket', `ticket ${ticket.id}`) : '', this.ticketSummary(caseId, ahead), followUp, caseSummary(all, this.ticketChanges.length + ahead.length > 0 || this.publication !== undefined)].filter(Boolean).join(' ');
		const result: Result = {
			outcome: this.outcomeOf(all, ticketChanges),
			preview: this.run.preview && wouldWrite,
			summary: this.run.preview && wouldWrite ? `Preview, nothing was written. ${summary}` : summary,
			changes: [...ticketChanges, ...all.flatMap((one) => one.changes)],
			conflicts: distinct([...this.conflicts, ...all.flatMap((one) => one.conflicts)]),
			skipped: distinct(all.flatMap((one) => one.skipped)),
			notes: distinct([
				...all.flatMap((one) => one.notes),
				...this.notes,
				...this.files.notes,
				...(this.withoutEmail.size > 0 ? ['OroCRM refused the e-mail address of a new contact; the contact was made without it.'] : []),
			]),
			ticketId: ticket.id,
			caseId,
			recordId,
			links: linksOf(this.pair, caseId, this.clients),
		};
		return { ...this.pair, result };
	}

	/** What Zendesk said against parts of this pair, when all else was done. */
	private refusal(refused: ReadonlyMap<string, ApiError>, plan: Plan): ApiError {
		const [[, first]] = refused;
		const words = distinct([...refused].map(([part, { words: said }]) => (refused.size > 1 ? `${part}: ${said}` : said))).join(' ');
		const changes = [...this.ticketChanges, ...[...this.done, plan].flatMap((one) => one.changes)];
		const rest = changes.length > 0 ? `The rest of the pair was synced: ${listed(changes)}.` : 'The rest of the pair is in step.';
		return new ApiError(first.service, first.request, first.status, words, `${first.advice} ${rest}`, first.pointers, first.code);
	}

	/** The most that was done, on either side. */
	private outcomeOf(all: readonly Plan[], ticketChanges: readonly Change[]): Outcome {
		const outcomes: Outcome[] = all.map((plan) => plan.outcome);
		if (this.publication?.sent) outcomes.push('created');
		if (ticketChanges.length > 0) outcomes.push('updated');
		return mostDone(outcomes);
	}

	private ticketSummary(caseId: string | null, ahead: readonly Change[]): string {
		const fields = [...this.ticketChanges, ...ahead];
		return fields.length > 0 ? `Ticket ${this.pair.ticket.id} takes ${listed(fields)} from case ${caseId}.` : '';
	}
}

/** After these a new look may find another state: somebody else was faster, or the write was carried out without an answer. */
function mayBeOtherwise(error: ApiError): boolean {
	return isConflict(error) || error.status === undefined || error.status === 404 || (error.status >= 500 && error.code === '');
}

/**
 * What the writes to OroCRM did together.
 *
 * @param ticketToo whether the ticket was changed, too: then it isn't said that nothing happened
 */
function caseSummary(plans: readonly Plan[], ticketToo: boolean): string {
	const telling = plans.filter((plan) => plan.summary !== '' && !(ticketToo && (plan.outcome === 'unchanged' || plan.changes.length === 0)));
	const [first] = telling;
	if (!first) return '';
	const more = telling.slice(1).flatMap((plan) => plan.changes);
	return more.length > 0 ? `${first.summary} In ${telling.length} requests; after the first: ${listed(more)}.` : first.summary;
}

function distinct<T>(list: readonly T[]): T[] {
	return [...new Map(list.map((entry) => [JSON.stringify(entry), entry])).values()];
}

function includesComment(plan: Plan, commentId: number): boolean {
	return (plan.write?.document.included ?? []).some((resource) => resource.id === `comment-row:${commentId}`);
}

function recordName(ticketId: number): string {
	return `record:${ticketId}`;
}
