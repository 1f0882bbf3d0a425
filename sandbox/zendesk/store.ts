import type { Clock } from '../common/clock';
import { ExportIndex } from './export-index';
import { IdSequence } from './ids';
import { createAccount } from './account';
import { JobBoard } from './job-board';
import { createUser, deleteUser, updateUser, type NewUser, type UserChanges } from './people';
import type { StoreData } from './store-data';
import { addAttachment, type NewAttachment } from './files';
import { createTicket, type NewTicket } from './ticket-creation';
import { updateTicket, type NewComment, type TicketChanges } from './ticket-changes';
import { deleteTicket, mergeTicket, restoreTicket, scrubTicket, touchTicket } from './ticket-ends';
import { epochSeconds, isoSeconds } from './time';
import type { ActiveTrigger, Trigger } from './triggers';
import type {
	Account,
	Attachment,
	Audit,
	Comment,
	CustomStatus,
	Group,
	GroupMembership,
	Organization,
	Ticket,
	TicketField,
	Upload,
	User,
	UserField,
} from './types';

/** Who writes, from where and when. Everything has a default, so that a test can write with a plain call. */
export interface WriteContext {
	/** Default: the account's API user. */
	actorId?: number;
	/** The writing program's User-Agent, for the audit. */
	client?: string;
	ipAddress?: string;
	channel?: string;
	/** Lands in `metadata.custom` of the audit (zendesk-api.md §8). */
	custom?: Record<string, unknown>;
	/** Default: the clock's time. */
	at?: Date | string;
	/** Agents' signatures are appended to public comments made by API (zendesk-api.md §7). */
	withSignature?: boolean;
}

export type PutListener = (kind: 'user' | 'ticket', row: User | Ticket) => void;

/** All data of the practice account. Methods that write keep the indexes, audits and export times right. */
export class Store {
	readonly users = new Map<number, User>();
	/** Lower-case address → user, secondary addresses too. */
	readonly userByEmail = new Map<string, number>();
	readonly userByExternalId = new Map<string, number>();
	readonly organizations = new Map<number, Organization>();
	readonly groups = new Map<number, Group>();
	readonly memberships = new Map<number, GroupMembership>();
	readonly customStatuses = new Map<number, CustomStatus>();
	readonly ticketFields = new Map<number, TicketField>();
	readonly userFields = new Map<number, UserField>();
	readonly tickets = new Map<number, Ticket>();
	/** All ticket numbers ever given, ascending. */
	readonly ticketIds: number[] = [];
	readonly comments = new Map<number, Comment>();
	readonly commentIdsOfTicket = new Map<number, number[]>();
	readonly audits = new Map<number, Audit>();
	readonly auditIdsOfTicket = new Map<number, number[]>();
	readonly incidentsOf = new Map<number, Set<number>>();
	readonly attachments = new Map<number, Attachment>();
	readonly uploads = new Map<string, Upload>();
	readonly ticketExport = new ExportIndex();
	readonly userExport = new ExportIndex();
	readonly organizationExport = new ExportIndex();
	readonly auditExport = new ExportIndex();
	readonly jobs: JobBoard;
	account!: Account;
	ids = new IdSequence();
	nextTicketId = 1;
	/** Business rules that look at every creation and update. */
	readonly triggers: ActiveTrigger[] = [];
	private listener: () => void = () => undefined;
	private putListener: PutListener = () => undefined;

	constructor(
		readonly clock: Clock,
		data?: StoreData,
	) {
		this.jobs = new JobBoard(clock);
		if (data) this.fill(data);
		else createAccount(this);
	}

	/** Forgets everything, and begins with these data or with an empty account. Numbers begin anew. */
	reset(data?: StoreData): void {
		for (const rows of this.rows()) rows.clear();
		this.ticketIds.length = 0;
		this.triggers.length = 0;
		this.jobs.clear();
		this.customFieldCache = undefined;
		this.ids = new IdSequence();
		this.nextTicketId = 1;
		if (data) this.fill(data);
		else createAccount(this);
		this.changed();
	}

	/** Called after every write. */
	onChange(listener: () => void): void {
		this.listener = listener;
	}

	changed(): void {
		this.listener();
	}

	/** Called with every user and ticket that is made or changed. */
	onPut(listener: PutListener): void {
		this.putListener = listener;
	}

	/** From now on this rule runs after every creation and update of a ticket; returns its number. */
	addTrigger(trigger: Trigger): number {
		const id = this.ids.take();
		this.triggers.push({ ...trigger, id });
		return id;
	}

	now(context: WriteContext = {}): string {
		return isoSeconds(context.at === undefined ? this.clock.now() : new Date(context.at));
	}

	actor(context: WriteContext = {}): User {
		return this.users.get(context.actorId ?? this.account.api_user_id)!;
	}

	createUser(user: NewUser): User {
		return createUser(this, user);
	}

	updateUser(id: number, changes: UserChanges, at?: Date | string): User {
		return updateUser(this, id, changes, at);
	}

	deleteUser(id: number, at?: Date | string): User {
		return deleteUser(this, id, at);
	}

	findUser(email: string): User | undefined {
		const id = this.userByEmail.get(email.trim().toLowerCase());
		return id === undefined ? undefined : this.users.get(id);
	}

	createTicket(ticket: NewTicket = {}, context?: WriteContext): Ticket {
		return createTicket(this, ticket, context).ticket;
	}

	updateTicket(id: number, changes: TicketChanges, context?: WriteContext): Ticket {
		return updateTicket(this, id, changes, context).ticket;
	}

	addComment(ticketId: number, comment: NewComment, context?: WriteContext): Comment {
		const { audit } = updateTicket(this, ticketId, { comment }, context);
		return this.comments.get(audit!.comment_id!)!;
	}

	addAttachment(attachment: NewAttachment): Attachment {
		return addAttachment(this, attachment);
	}

	deleteTicket(id: number, context?: WriteContext): Ticket {
		return deleteTicket(this, id, context);
	}

	restoreTicket(id: number, context?: WriteContext): Ticket {
		return restoreTicket(this, id, context);
	}

	/** Merges `sourceId` into `targetId`: the source is closed with the tag `closed_by_merge`. */
	mergeTicket(sourceId: number, targetId: number, context?: WriteContext): Ticket {
		return mergeTicket(this, sourceId, targetId, {}, context);
	}

	/** Takes the text out of a deleted ticket, as Zendesk does after about 30 days (zendesk-api.md §5). */
	scrubTicket(id: number, context?: WriteContext): Ticket {
		return scrubTicket(this, id, context);
	}

	/** A system change: raises `generated_timestamp` only (zendesk-api.md §3). */
	touchTicket(id: number, context?: WriteContext): Ticket {
		return touchTicket(this, id, context);
	}

	commentsOf(ticketId: number): Comment[] {
		return (this.commentIdsOfTicket.get(ticketId) ?? []).map((id) => this.comments.get(id)!);
	}

	auditsOf(ticketId: number): Audit[] {
		return (this.auditIdsOfTicket.get(ticketId) ?? []).map((id) => this.audits.get(id)!);
	}

	/** The ticket unless it does not exist or was deleted. */
	liveTicket(id: number): Ticket | undefined {
		const ticket = this.tickets.get(id);
		return ticket?.status === 'deleted' ? undefined : ticket;
	}

	defaultStatus(category: string): CustomStatus {
		const all = [...this.customStatuses.values()];
		return all.find((status) => status.status_category === category && status.default) ?? all[0];
	}

	/** Active custom fields, in the order in which they stand on a ticket. */
	customFields(): TicketField[] {
		if (!this.customFieldCache) {
			this.customFieldCache = [...this.ticketFields.values()].filter((field) => field.active && field.removable);
		}
		return this.customFieldCache;
	}

	forgetCustomFields(): void {
		this.customFieldCache = undefined;
	}
	private customFieldCache: TicketField[] | undefined;

	putUser(user: User): void {
		this.users.set(user.id, user);
		if (user.active) {
			for (const address of [user.email, ...user.other_emails]) {
				if (address) this.userByEmail.set(address.toLowerCase(), user.id);
			}
			if (user.external_id) this.userByExternalId.set(user.external_id.toLowerCase(), user.id);
		}
		this.userExport.touch(user.id, epochSeconds(user.updated_at));
		this.putListener('user', user);
	}

	putOrganization(organization: Organization): void {
		this.organizations.set(organization.id, organization);
		this.organizationExport.touch(organization.id, epochSeconds(organization.updated_at));
	}

	putTicket(ticket: Ticket): void {
		if (!this.tickets.has(ticket.id)) this.addTicketId(ticket.id);
		this.tickets.set(ticket.id, ticket);
		this.ticketExport.touch(ticket.id, ticket.generated_timestamp);
		if (ticket.problem_id !== null) this.setProblem(ticket, ticket.problem_id);
		this.putListener('ticket', ticket);
	}

	setProblem(ticket: Ticket, problemId: number | null): void {
		if (ticket.problem_id !== null) this.incidentsOf.get(ticket.problem_id)?.delete(ticket.id);
		ticket.problem_id = problemId;
		if (problemId === null) return;
		if (!this.incidentsOf.has(problemId)) this.incidentsOf.set(problemId, new Set());
		this.incidentsOf.get(problemId)!.add(ticket.id);
	}

	putComment(comment: Comment): void {
		this.comments.set(comment.id, comment);
		append(this.commentIdsOfTicket, comment.ticket_id, comment.id);
	}

	putAudit(audit: Audit): void {
		this.audits.set(audit.id, audit);
		append(this.auditIdsOfTicket, audit.ticket_id, audit.id);
		this.auditExport.touch(audit.id, epochSeconds(audit.created_at));
	}

	private rows(): Array<{ clear(): void }> {
		return [
			this.users,
			this.userByEmail,
			this.userByExternalId,
			this.organizations,
			this.groups,
			this.memberships,
			this.customStatuses,
			this.ticketFields,
			this.userFields,
			this.tickets,
			this.comments,
			this.commentIdsOfTicket,
			this.audits,
			this.auditIdsOfTicket,
			this.incidentsOf,
			this.attachments,
			this.uploads,
			this.ticketExport,
			this.userExport,
			this.organizationExport,
			this.auditExport,
		];
	}

	/** Everything, for the snapshot. */
	data(): StoreData {
		return {
			account: this.account,
			nextId: this.ids.position(),
			nextTicketId: this.nextTicketId,
			users: [...this.users.values()],
			organizations: [...this.organizations.values()],
			groups: [...this.groups.values()],
			memberships: [...this.memberships.values()],
			customStatuses: [...this.customStatuses.values()],
			ticketFields: [...this.ticketFields.values()],
			userFields: [...this.userFields.values()],
			tickets: [...this.tickets.values()],
			comments: [...this.comments.values()],
			audits: [...this.audits.values()],
			attachments: [...this.attachments.values()],
			uploads: [...this.uploads.values()],
			jobs: this.jobs.data(),
		};
	}

	private fill(data: StoreData): void {
		this.account = data.account;
		this.ids = new IdSequence(data.nextId);
		this.nextTicketId = data.nextTicketId;
		for (const user of data.users) this.putUser(user);
		for (const organization of data.organizations) this.putOrganization(organization);
		for (const group of data.groups) this.groups.set(group.id, group);
		for (const membership of data.memberships) this.memberships.set(membership.id, membership);
		for (const status of data.customStatuses) this.customStatuses.set(status.id, status);
		for (const field of data.ticketFields) this.ticketFields.set(field.id, field);
		for (const field of data.userFields) this.userFields.set(field.id, field);
		for (const ticket of data.tickets) this.putTicket(ticket);
		for (const comment of data.comments) this.putComment(comment);
		for (const audit of data.audits) this.putAudit(audit);
		for (const attachment of data.attachments) this.attachments.set(attachment.id, attachment);
		for (const upload of data.uploads) this.uploads.set(upload.token, upload);
		this.jobs.fill(data.jobs);
	}

	private addTicketId(id: number): void {
		const last = this.ticketIds[this.ticketIds.length - 1];
		this.ticketIds.push(id);
		if (last !== undefined && id < last) this.ticketIds.sort((a, b) => a - b);
	}
}

function append(lists: Map<number, number[]>, key: number, id: number): void {
	const list = lists.get(key);
	if (list) list.push(id);
	else lists.set(key, [id]);
}
