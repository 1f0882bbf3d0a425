import type { PracticeOroCrm } from '../sandbox/orocrm/server';
import type { Row } from '../sandbox/orocrm/schema/types';
import type { PracticeZendesk } from '../sandbox/zendesk/server';

/** How many tickets one requester has. */
export const TICKETS_PER_REQUESTER = 5;

const STATUSES = ['new', 'open', 'pending', 'hold', 'solved'] as const;
const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;

/** Long enough to be like mail, different enough that no comment is taken for another. */
const text = (ticket: number, comment: number): string =>
	`Ticket ${ticket}, message ${comment}. ${'The device shows an error after the last update and does not come back by itself. '.repeat(4)}`;

const MINUTE = 60_000;
/** Between two comments of a ticket, in minutes. */
const ANSWERED_AFTER = 20;

/**
 * Tickets with comments, the description being the first, from requesters whom OroCRM does not know. They came in over time as
 * customers write them, one a minute, and ended a day ago. @returns their ids
 */
export function addTickets({ store }: PracticeZendesk, tickets: number, comments: number): number[] {
	const ids: number[] = [];
	const requesters: number[] = [];
	const minutes = tickets + comments * ANSWERED_AFTER;
	const start = store.clock.now().getTime() - 24 * 60 * MINUTE - minutes * MINUTE;
	for (let minute = 0; minute < minutes; minute += 1) {
		const at = new Date(start + minute * MINUTE);
		if (minute < tickets) {
			if (minute % TICKETS_PER_REQUESTER === 0) {
				requesters.push(store.createUser({ name: `Customer Number ${minute}`, email: `customer.${minute}@customer.example` }).id);
			}
			const requester = requesters.at(-1)!;
			const { id } = store.createTicket(
				{
					subject: `Order ${minute} is incomplete`,
					description: text(minute, 1),
					requester_id: requester,
					status: STATUSES[minute % STATUSES.length],
					priority: PRIORITIES[minute % PRIORITIES.length],
				},
				{ at },
			);
			ids.push(id);
		}
		for (let comment = 2; comment <= comments; comment += 1) {
			const number = minute - (comment - 1) * ANSWERED_AFTER;
			if (number < 0 || number >= tickets) continue;
			const byRequester = comment % 2 === 0;
			const author = byRequester ? { author_id: requesters[Math.floor(number / TICKETS_PER_REQUESTER)] } : {};
			store.addComment(ids[number], { body: text(number, comment), public: byRequester, ...author }, { at });
		}
	}
	return ids;
}

/** One more comment and another priority. */
export function changeTickets({ store }: PracticeZendesk, ids: readonly number[]): void {
	for (const id of ids) {
		const { priority } = store.liveTicket(id)!;
		store.updateTicket(id, {
			priority: priority === 'low' ? 'normal' : 'low',
			comment: { body: `One more word on ticket ${id}.` },
		});
	}
}

/** Edits in OroCRM as people make them: another priority and a public comment. @returns the tickets' ids with the text of the comment */
export function editCases({ store }: PracticeOroCrm, records: readonly Row[]): Map<number, string> {
	const edits = new Map<number, string>();
	for (const { relatedCase, originId } of records) {
		const id = relatedCase as number;
		const { priority } = store.get('cases', id)!;
		const now = store.now();
		const message = `Answered in OroCRM, case ${id}.`;
		store.update('cases', id, { priority: priority === 'low' ? 'normal' : 'low', updatedAt: now });
		store.insert('casecomments', {
			case: id,
			message,
			public: true,
			owner: 1,
			organization: 1,
			createdAt: now,
			updatedAt: now,
		});
		edits.set(Number(originId), message);
	}
	return edits;
}

/** An integration of OroCRM's own for Zendesk, deactivated; when it is the only one, Publish Case takes it by itself. @returns its id */
export function addIntegration({ store }: PracticeOroCrm, name = 'Zendesk'): string {
	const integration = { name, channelType: 'zendesk', enabled: false, isTwoWaySyncEnabled: false };
	return String(store.insert('integrationchannels', integration).id);
}
