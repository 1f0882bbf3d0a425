import type { OroCase } from '../orocrm/types';
import type { TicketCreation } from '../zendesk/types';
import { markAs, publishedId } from './comment-mark';
import { commentHtml } from './comment-length';
import { looksLikeHtml } from './html-text';
import type { SentBase } from './merge-pair';
import type { Change, Mapped, MappedTicket, Pair, Resolved } from './pair';
import { PairProblem } from './pair-problem';
import { agentFor, publishRequester } from './zendesk-people';

/** A case without a ticket, ready to be published. */
export interface PublishablePair extends Pair {
	case: OroCase;
	mapped: Mapped & { ticket: MappedTicket };
	resolved: Resolved;
}

/** The request that makes a ticket from a case (`POST tickets`, sync-rules §3). */
export interface Publication {
	ticket: TicketCreation;
	/** Under the same key Zendesk gives the same answer for two hours instead of a second ticket (zendesk-api.md §9). */
	idempotencyKey: string;
	sent: SentBase;
	changes: Change[];
	summary: string;
}

/** Pure; throws when nobody can be the requester. */
export function planPublication(pair: PublishablePair): Publication {
	const { case: oroCase, resolved } = pair;
	const mapped = pair.mapped.ticket;
	const requester = publishRequester(resolved.zendesk, oroCase.relatedContact);
	if (!requester) throw new PairProblem(`Case ${oroCase.id} has no contact with an e-mail, and there is no Zendesk user with the owner’s e-mail nor a default Zendesk user: set one in Resolve Contact/User.`);
	const assignee = agentFor(resolved.zendesk, oroCase.assignedTo);
	const custom = Object.entries(mapped.fields).filter(([name]) => /^\d+$/.test(name));
	const properties = Object.entries(mapped.fields).filter(([name]) => !/^\d+$/.test(name));
	const ticket: TicketCreation = {
		...Object.fromEntries(properties),
		subject: mapped.subject,
		comment: { html_body: commentHtml(mapped.description, `case ${oroCase.id} in OroCRM`, looksLikeHtml(mapped.description)).html, public: true },
		...('id' in requester ? { requester_id: requester.id } : { requester: requester.create }),
		...(assignee === undefined ? {} : { assignee_id: assignee }),
		...(mapped.priority === null ? {} : { priority: mapped.priority }),
		...(mapped.status === null ? {} : { status: mapped.status }),
		external_id: publishedId(oroCase.id),
		...(custom.length > 0 ? { custom_fields: custom.map(([id, value]) => ({ id: Number(id), value })) } : {}),
		metadata: markAs({ kind: 'case', id: oroCase.id, site: resolved.site }),
	};
	const changes: Change[] = [
		{ field: 'subject', to: mapped.subject },
		{ field: 'status', to: mapped.status },
		{ field: 'priority', to: mapped.priority },
		{ field: 'assignee', to: assignee ?? null },
		{ field: 'requester', to: 'id' in requester ? requester.id : requester.create.email },
	].map((change) => ({ ...change, side: 'ticket', from: null }));
	return {
		ticket,
		idempotencyKey: `orocrm-${resolved.site}-case-${oroCase.id}`,
		sent: publishedValues(pair),
		changes,
		summary: `Case ${oroCase.id} is published as a new ticket.`,
	};
}

/** What a ticket has from the case that it was published from, as long as neither was edited; without people whom Zendesk has to choose. */
export function publishedValues({ case: oroCase, mapped, resolved }: Pick<PublishablePair, 'case' | 'mapped' | 'resolved'>): SentBase {
	const { subject, status, priority } = mapped.ticket;
	const assignee = agentFor(resolved.zendesk, oroCase.assignedTo);
	const requester = publishRequester(resolved.zendesk, oroCase.relatedContact);
	return {
		subject,
		status: status ?? undefined,
		priority: priority ?? undefined,
		...(assignee === undefined ? {} : { assignee: { zendesk: assignee, user: oroCase.assignedTo } }),
		...(requester && 'id' in requester ? { requester: { zendesk: requester.id, contact: oroCase.relatedContact } } : {}),
	};
}
