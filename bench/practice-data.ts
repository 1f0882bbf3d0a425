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

/** New tickets with comments, the description being the first, from requesters whom OroCRM does not know. @returns their ids */
export function addTickets({ store }: PracticeZendesk, tickets: number, comments: number): number[] {
	const ids: number[] = [];
	let requester = 0;
	for (let number = 0; number < tickets; number += 1) {
		if (number % TICKETS_PER_REQUESTER === 0) {
			requester = store.createUser({
				name: `Customer Number ${number}`,
				email: `customer.${number}@customer.example`,
			}).id;
		}
		const { id } = store.createTicket({
			subject: `Order ${number} is incomplete`,
			description: text(number, 1),
			requester_id: requester,
			status: STATUSES[number % STATUSES.length],
			priority: PRIORITIES[number % PRIORITIES.length],
		});
		for (let comment = 2; comment <= comments; comment += 1) {
			store.addComment(id, {
				body: text(number, comment),
				public: comment % 2 === 0,
				...(comment % 2 === 0 ? { author_id: requester } : {}),
			});
		}
		ids.push(id);
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

/** The one integration that Publish Case takes when none is chosen: OroCRM's own for Zendesk, deactivated. */
export function addIntegration({ store }: PracticeOroCrm): void {
	store.insert('integrationchannels', {
		name: 'Zendesk',
		channelType: 'zendesk',
		enabled: false,
		isTwoWaySyncEnabled: false,
	});
}
