import type { OroCase, RelationshipData, Resource, TicketRecord, WriteDocument } from '../orocrm/types';
import type { ZendeskAttachment, ZendeskComment, ZendeskUser } from '../zendesk/types';
import { caseCommentText } from './comments';
import type { CommentStep } from './comments';
import { noFiles, splitFiles } from './files';
import type { PreparedFiles } from './files';
import { assigneeOf, linkReference, personOf } from './links';
import type { Link, MappedCase, Resolved, ResolvedPerson, TicketInPair } from './pair';
import { isStaff, knownRole, newContactAttributes, zendeskUserAttributes } from './people';
import { columnText, longText, storableDate } from './text';
import { recordPriority, recordStatus, recordType, ticketRecordAttributes } from './ticket-record';

/**
 * Builds the requests to OroCRM: one for each pair, with everything that belongs together in `included`, so that OroCRM's
 * transaction keeps it together (orocrm-api.md §4.1). New records are called by names until OroCRM gives them ids.
 */

const NEW_TICKET = 'ticket';
const NEW_CASE = 'case';

interface CommentFile {
	file: ZendeskAttachment;
	content: Buffer;
}

export interface CaseChanges {
	attributes: Record<string, unknown>;
	relationships: Record<string, { data: RelationshipData }>;
}

const to = (type: string, id: string | null): { data: RelationshipData } => ({ data: id === null ? null : { type, id } });
const linkTo = (type: string, link: Link): { data: RelationshipData } => to(type, linkReference(link));

interface CreateInput {
	ticket: TicketInPair;
	mapped: { case: MappedCase };
	resolved: Resolved;
	/** The case's key, or null where the server has no such field. */
	key: string | null;
	channel: string | null;
	comments: readonly CommentStep[];
	/** False when more comments follow: the record then doesn't say yet that it is up to date. */
	complete: boolean;
	/** The record, when only its case is made again. */
	record: TicketRecord | null;
	/** The case, when only its record is made again. */
	existingCase: OroCase | null;
	/** What an existing case takes from the ticket. */
	caseChanges?: CaseChanges;
	files?: PreparedFiles;
}

/** The request that makes a case and its record (`POST /zendesktickets`), or the missing one of the two. */
export function createDocument(input: CreateInput): WriteDocument {
	const { ticket, resolved, existingCase } = input;
	const recordId = input.record?.id ?? NEW_TICKET;
	const caseId = existingCase?.id ?? NEW_CASE;
	const included = new Included(ticket, resolved, input.channel, input.files);
	if (existingCase) {
		const attributes = { ...input.caseChanges?.attributes, ...(input.key && existingCase.externalId !== input.key ? { externalId: input.key } : {}) };
		included.updateCase(existingCase.id, { attributes, relationships: input.caseChanges?.relationships ?? {} });
	} else {
		included.add({ type: 'cases', id: NEW_CASE, ...newCase(input) });
	}
	included.addTicketPeople();
	for (const step of input.comments) included.addComment(step, recordId, caseId);
	return {
		data: {
			type: 'zendesktickets',
			id: recordId,
			attributes: recordAttributes(ticket, input.complete),
			relationships: withoutEmpty({ ...recordRelationships(ticket, resolved, input.channel), relatedCase: to('cases', caseId) }, input.record === null),
		},
		...included.part(),
	};
}

function newCase({ ticket, mapped, resolved, key }: CreateInput): Pick<Resource, 'attributes' | 'relationships'> {
	const requester = personOf(resolved, ticket.requester_id);
	const attributes: Record<string, unknown> = { subject: mapped.case.subject, description: mapped.case.description };
	if (mapped.case.reportedAt) attributes.reportedAt = mapped.case.reportedAt;
	if (key) attributes.externalId = key;
	const relationships: Record<string, { data: RelationshipData }> = {
		source: to('casesources', mapped.case.source),
		status: to('casestatuses', mapped.case.status ?? 'open'),
		priority: to('casepriorities', mapped.case.priority ?? 'normal'),
		assignedTo: to('users', assigneeOf(resolved, ticket.assignee_id)),
		owner: to('users', resolved.owner),
		relatedContact: linkTo('contacts', requester?.contact ?? null),
		relatedAccount: to('accounts', requester?.account ?? null),
	};
	for (const [name, field] of Object.entries(mapped.case.fields)) {
		if (field.value === null || field.value === undefined) continue;
		if (field.relatedType) relationships[name] = to(field.relatedType, String(field.value));
		else attributes[name] = field.value;
	}
	return { attributes, relationships: withoutEmpty(relationships, true) };
}

interface UpdateInput {
	/** Absent when only single attributes are written. */
	ticket?: TicketInPair;
	resolved?: Resolved;
	attributes?: Record<string, unknown>;
	relationships?: Record<string, { data: RelationshipData }>;
	channel?: string | null;
	complete?: boolean;
	caseId: string;
	caseChanges?: CaseChanges;
	comments?: readonly CommentStep[];
	files?: PreparedFiles;
}

/** The request that moves a record, its case and its new comments together (`PATCH /zendesktickets/{id}`). */
export function updateDocument(recordId: string, input: UpdateInput): WriteDocument {
	const { ticket, resolved } = input;
	const channel = input.channel ?? null;
	const included = ticket && resolved ? new Included(ticket, resolved, channel, input.files) : new Included();
	if (input.caseChanges) included.updateCase(input.caseId, input.caseChanges);
	if (ticket && resolved) included.addTicketPeople();
	for (const step of input.comments ?? []) included.addComment(step, recordId, input.caseId);
	const relationships = {
		...(ticket && resolved ? recordRelationships(ticket, resolved, channel) : {}),
		...input.relationships,
		relatedCase: to('cases', input.caseId),
	};
	return {
		data: { type: 'zendesktickets', id: recordId, attributes: input.attributes ?? (ticket ? recordAttributes(ticket, input.complete !== false) : {}), relationships },
		...included.part(),
	};
}

/** Ties an incident's record to its problem's, when the problem came later. */
export function problemLinkDocument(recordId: string, problemRecordId: string): WriteDocument {
	return { data: { type: 'zendesktickets', id: recordId, relationships: { problem: to('zendesktickets', problemRecordId) } } };
}

function recordAttributes(ticket: TicketInPair, complete: boolean): Record<string, unknown> {
	const attributes = ticketRecordAttributes(ticket);
	if (!complete) attributes.originUpdatedAt = null;
	return attributes;
}

function recordRelationships(ticket: TicketInPair, resolved: Resolved, channel: string | null): Record<string, { data: RelationshipData }> {
	const row = (id: number | null | undefined) => linkTo('zendeskusers', (id === null || id === undefined ? undefined : resolved.people[String(id)])?.row ?? null);
	const collaborators = [...new Set(collaboratorsOf(ticket))].map((id) => row(id).data).filter((data): data is { type: string; id: string } => data !== null && !Array.isArray(data));
	return {
		status: to('zendeskticketstatuses', recordStatus(ticket.status)),
		priority: to('zendeskticketpriorities', recordPriority(ticket.priority)),
		ticketType: to('zendesktickettypes', recordType(ticket.type)),
		requester: row(ticket.requester_id),
		submitter: row(ticket.submitter_id),
		assignee: row(ticket.assignee_id),
		collaborators: { data: collaborators },
		problem: to('zendesktickets', resolved.problemRecord),
		// A channel can't be taken away again (orocrm-api.md §3.6), so null is not sent.
		...(channel === null ? {} : { channel: to('integrationchannels', channel) }),
	};
}

function collaboratorsOf(ticket: TicketInPair): number[] {
	return Array.isArray(ticket.collaborator_ids) ? ticket.collaborator_ids.filter((id) => typeof id === 'number') : [];
}

/** New records need no empty relationships: what is not sent is empty. */
function withoutEmpty(relationships: Record<string, { data: RelationshipData }>, isNew: boolean): Record<string, { data: RelationshipData }> {
	if (!isNew) return relationships;
	return Object.fromEntries(Object.entries(relationships).filter(([, { data }]) => data !== null && !(Array.isArray(data) && data.length === 0)));
}

/** `attributes: {}` and `relationships: {}` are refused (orocrm-api.md §1.5). */
function onlyFilled(changes: CaseChanges): Partial<CaseChanges> {
	return {
		...(Object.keys(changes.attributes).length > 0 ? { attributes: changes.attributes } : {}),
		...(Object.keys(changes.relationships).length > 0 ? { relationships: changes.relationships } : {}),
	};
}

/** The `included` part of a request: each record once. */
class Included {
	private readonly resources = new Map<string, Resource>();
	private readonly users: Map<number, ZendeskUser>;

	constructor(
		private readonly ticket?: TicketInPair,
		private readonly resolved?: Resolved,
		private readonly channel: string | null = null,
		private readonly files: PreparedFiles = noFiles,
	) {
		this.users = new Map((ticket?.people ?? []).map((user) => [user.id, user]));
	}

	add(resource: Resource): void {
		this.resources.set(`${resource.type} ${resource.id}`, resource);
	}

	updateCase(id: string, changes: CaseChanges): void {
		const filled = onlyFilled(changes);
		if (Object.keys(filled).length > 0) this.add({ type: 'cases', id, meta: { update: true }, ...filled });
	}

	part(): { included?: Resource[] } {
		return this.resources.size > 0 ? { included: [...this.resources.values()] } : {};
	}

	/** The people that the ticket itself names. */
	addTicketPeople(): void {
		const { ticket } = this;
		if (!ticket) return;
		for (const id of [ticket.requester_id, ticket.submitter_id, ticket.assignee_id, ...collaboratorsOf(ticket)]) this.addPerson(id);
	}

	private addPerson(id: number | null | undefined): ResolvedPerson | undefined {
		const person = id === null || id === undefined ? undefined : this.resolved?.people[String(id)];
		if (!person) return undefined;
		const user = this.users.get(person.zendeskUserId);
		if (person.contact && 'create' in person.contact && user) {
			const attributes = newContactAttributes(user);
			if (attributes) {
				this.add({ type: 'contacts', id: person.contact.create, attributes, relationships: { owner: to('users', this.resolved?.owner ?? null) } });
			}
		}
		const links = withoutEmpty({ relatedContact: linkTo('contacts', person.contact), relatedUser: to('users', person.user) }, true);
		if (person.row && 'create' in person.row) {
			const role = knownRole(person.role);
			const attributes = user ? zendeskUserAttributes(user) : { originId: String(person.zendeskUserId), name: person.name };
			const relationships = {
				...links,
				...(role ? { role: to('zendeskuserroles', role) } : {}),
				...(this.channel ? { channel: to('integrationchannels', this.channel) } : {}),
			};
			this.add({ type: 'zendeskusers', id: person.row.create, attributes, ...(Object.keys(relationships).length > 0 ? { relationships } : {}) });
		} else if (person.row && person.fillsRow && Object.keys(links).length > 0) {
			this.add({ type: 'zendeskusers', id: person.row.id, meta: { update: true }, relationships: links });
		}
		return person;
	}

	private addFile(file: CommentFile | undefined): { data: RelationshipData } {
		if (!file) return { data: null };
		const id = `file:${file.file.id}`;
		const attributes = { mimeType: file.file.content_type ?? 'application/octet-stream', originalFilename: columnText(file.file.file_name, 255) ?? 'file', content: file.content.toString('base64') };
		this.add({ type: 'files', id, attributes });
		return to('files', id);
	}

	/**
	 * A case comment holds one file (orocrm-api.md §9): each further one has a comment of its own. Its row has no number, so that it is
	 * nobody's copy, and no channel, where OroCRM's own integration would export it (orocrm-api.md §6).
	 */
	private addFollowOn(comment: ZendeskComment, file: CommentFile, writer: Record<string, { data: RelationshipData }>, recordId: string, author: ResolvedPerson | undefined): void {
		const id = `comment:${comment.id}:file:${file.file.id}`;
		const message = `Attachment: ${longText(file.file.file_name) ?? 'file'}`;
		const isPublic = comment.public === true;
		this.add({ type: 'casecomments', id, attributes: { message, public: isPublic }, relationships: withoutEmpty({ ...writer, attachment: this.addFile(file) }, true) });
		this.add({
			type: 'zendeskticketcomments',
			id: `comment-row:${comment.id}:file:${file.file.id}`,
			attributes: { body: message, public: isPublic, originCreatedAt: storableDate(comment.created_at) },
			relationships: withoutEmpty({ ticket: to('zendesktickets', recordId), author: linkTo('zendeskusers', author?.row ?? null), relatedComment: to('casecomments', id) }, true),
		});
	}

	/** A comment on both sides: OroCRM's case comment, and the row that ties it to Zendesk's. */
	addComment(step: CommentStep, recordId: string, caseId: string): void {
		const { comment } = step;
		const author = this.addPerson(comment.author_id);
		const messageId = step.caseComment ?? `comment:${comment.id}`;
		if (!step.caseComment) {
			const byStaff = isStaff(author?.role);
			const writer = {
				case: to('cases', caseId),
				contact: byStaff ? to('contacts', null) : linkTo('contacts', author?.contact ?? null),
				owner: to('users', (byStaff ? author?.user : null) ?? this.resolved?.owner ?? null),
			};
			const { along, linked } = splitFiles(comment, this.files);
			const [first, ...others] = along;
			const attributes = { message: caseCommentText(comment, linked), public: comment.public === true };
			this.add({ type: 'casecomments', id: messageId, attributes, relationships: withoutEmpty({ ...writer, attachment: this.addFile(first) }, true) });
			for (const other of others) this.addFollowOn(comment, other, writer, recordId, author);
		}
		if (step.row) {
			const relationships = withoutEmpty(
				{
					relatedComment: to('casecomments', messageId),
					ticket: to('zendesktickets', recordId),
					// Ties an author who is new to the rest of the request: OroCRM refuses what isn't (orocrm-api.md §4.1).
					author: linkTo('zendeskusers', author?.row ?? null),
				},
				true,
			);
			this.add({ type: 'zendeskticketcomments', id: step.row.id, meta: { update: true }, relationships });
			return;
		}
		this.add({
			type: 'zendeskticketcomments',
			id: `comment-row:${comment.id}`,
			attributes: {
				originId: String(comment.id),
				body: longText(comment.body),
				htmlBody: longText(comment.html_body),
				public: comment.public === true,
				originCreatedAt: storableDate(comment.created_at),
			},
			relationships: withoutEmpty(
				{
					ticket: to('zendesktickets', recordId),
					author: linkTo('zendeskusers', author?.row ?? null),
					relatedComment: to('casecomments', messageId),
					channel: to('integrationchannels', this.channel),
				},
				true,
			),
		});
	}
}
