import { ApiError } from '../http/api-error';
import { readRowsOfCaseComments } from '../orocrm/comments';
import { isConflict } from '../orocrm/errors';
import { toTicketCommentRow } from '../orocrm/resources';
import type { CaseComment, TicketCommentRow } from '../orocrm/types';
import { publishedFrom } from '../sync/comments';
import type { Change } from '../sync/pair';
import type { ReadyPair } from '../sync/plan';
import { storableDate } from '../sync/text';
import { ticketState } from '../sync/ticket-state';
import { readComments } from '../zendesk/comments';
import { isIdempotencyMismatch } from '../zendesk/errors';
import { readSettledTickets } from '../zendesk/settled-tickets';
import { readTicket } from '../zendesk/tickets';
import type { ZendeskComment, ZendeskTicket } from '../zendesk/types';
import type { Clients } from './clients';
import type { CommentFiles } from './comment-files';
import { ticketLink } from './results';
import { sendComment } from './ticket-updater';

/** As in the ticket updates: a stamp is only a guard once its second is over. */
const SECOND_IS_OVER = 1_100;
const ATTEMPTS = 4;

/**
 * Takes comments on the case of a closed ticket to a follow-up ticket: to the open one there is already, else to a new one. Each
 * comment is looked for by its mark first, and its row is saved right after it, so that none goes out twice.
 */
export async function openFollowUp(pair: ReadyPair, comments: readonly CaseComment[], clients: Clients, files: CommentFiles, channel: string | null): Promise<{ rows: TicketCommentRow[]; changes: Change[]; notes: string[] }> {
	const rows: TicketCommentRow[] = [];
	const changes: Change[] = [];
	let target = await openFollowUpOf(pair.ticket, clients);
	for (const comment of comments) {
		if (!target || !(await published(target, comment, pair, clients))) {
			target = target ? await addComment(target.id, comment, pair, clients, files) : await create(pair, comment, clients, files);
		}
		const made: ZendeskComment | undefined = await published(target, comment, pair, clients);
		if (!made) throw new ApiError('Zendesk', `GET /api/v2/tickets/${target.id}/comments.json`, undefined, `comment ${comment.id} of the case doesn’t show in follow-up ticket ${target.id} yet`, 'The sync looks again by itself.');
		rows.push(await saveRow(made, comment, clients, channel));
		changes.push({ field: 'comment', side: 'ticket', from: null, to: comment.id });
	}
	const link = target ? ticketLink(target.url, target.id, clients) : '';
	return { rows, changes, notes: target ? [`Ticket ${pair.ticket.id} is closed: its follow-up ticket ${target.id} takes the comments (${link}).`] : [] };
}

/** The latest follow-up ticket that still takes comments. */
async function openFollowUpOf(ticket: ZendeskTicket, clients: Clients): Promise<ZendeskTicket | undefined> {
	const now = (await readTicket(clients.zendesk, ticket.id))?.ticket ?? ticket;
	const ids = (Array.isArray(now.followup_ids) ? now.followup_ids : []).filter((id) => typeof id === 'number').sort((a, b) => b - a);
	for (const id of ids) {
		const found = await readTicket(clients.zendesk, id);
		if (found && ticketState(found.ticket) === 'live') return found.ticket;
	}
	return undefined;
}

async function published(target: ZendeskTicket, comment: CaseComment, pair: ReadyPair, clients: Clients): Promise<ZendeskComment | undefined> {
	return (await readComments(clients.zendesk, target.id)).find((one) => publishedFrom(one, pair.resolved.site) === comment.id);
}

async function create(pair: ReadyPair, comment: CaseComment, clients: Clients, files: CommentFiles): Promise<ZendeskTicket> {
	const { ticket, resolved } = pair;
	const { zendeskWriter, time } = clients;
	if (!zendeskWriter) throw new Error('Two-way sync is off: no ticket is made.');
	const key = `orocrm-${resolved.site}-comment-${comment.id}`;
	const start = { subject: ticket.subject ?? pair.case?.subject ?? '', ...(ticket.requester_id === null ? {} : { requester_id: ticket.requester_id }), via_followup_source_id: ticket.id };
	for (let attempt = 1; ; attempt++) {
		try {
			const { ticket: made } = await sendComment(comment, pair, files, async (outgoing) => await zendeskWriter.createTicket({ ...start, ...outgoing }, key));
			return (await readSettledTickets(clients.zendesk, [made.id], clients.time)).get(made.id)?.ticket ?? made;
		} catch (error) {
			// The follow-up ticket may have been made: by this request, whose answer was lost, or by another run's with the same key (sync-rules §6.3).
			const unsure = error instanceof ApiError && (error.status === undefined || error.status >= 500);
			if (!unsure && !isIdempotencyMismatch(error)) throw error;
			await time.sleep(SECOND_IS_OVER * attempt);
			const found = await openFollowUpOf(ticket, clients);
			if (found) return (await published(found, comment, pair, clients)) ? found : await addComment(found.id, comment, pair, clients, files);
			if (attempt >= ATTEMPTS) throw error;
		}
	}
}

async function addComment(ticketId: number, comment: CaseComment, pair: ReadyPair, clients: Clients, files: CommentFiles): Promise<ZendeskTicket> {
	const { zendeskWriter, time } = clients;
	for (let attempt = 1; ; attempt++) {
		const found = (await readSettledTickets(clients.zendesk, [ticketId], clients.time)).get(ticketId);
		if (!found) throw new ApiError('Zendesk', `GET /api/v2/tickets/${ticketId}.json`, 404, `follow-up ticket ${ticketId} is gone`, 'The next look opens another one.');
		if (await published(found.ticket, comment, pair, clients)) return found.ticket;
		try {
			await sendComment(comment, pair, files, async (outgoing) => await zendeskWriter?.updateTicket(ticketId, outgoing, found.ticket.updated_at));
			await time.sleep(SECOND_IS_OVER);
			return found.ticket;
		} catch (error) {
			const again = error instanceof ApiError && (error.status === undefined || error.status === 409 || error.status >= 500);
			if (!again || attempt >= ATTEMPTS) throw error;
			await time.sleep(SECOND_IS_OVER * attempt);
		}
	}
}

/** The row says that the case comment went out; its ticket is filled in when the follow-up ticket itself gets a record. */
async function saveRow(made: ZendeskComment, comment: CaseComment, clients: Clients, channel: string | null): Promise<TicketCommentRow> {
	const document = {
		data: {
			type: 'zendeskticketcomments',
			id: 'row',
			attributes: { originId: String(made.id), public: made.public === true, originCreatedAt: storableDate(made.created_at) },
			relationships: { relatedComment: { data: { type: 'casecomments', id: comment.id } }, ...(channel ? { channel: { data: { type: 'integrationchannels', id: channel } } } : {}) },
		},
	};
	try {
		const answer = await clients.oro.create('zendeskticketcomments', document);
		if (answer.data && !Array.isArray(answer.data)) return toTicketCommentRow(answer.data);
	} catch (error) {
		if (!isConflict(error)) throw error;
		// Another run was faster: its row says the same, or this one's comment is still without one.
		const present = (await readRowsOfCaseComments(clients.oro, [comment.id])).find((row) => row.originId === String(made.id));
		if (!present) throw error;
		return present;
	}
	return { id: '', originId: String(made.id), ticket: null, relatedComment: comment.id };
}
