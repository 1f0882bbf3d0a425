import { letPass, takePauses } from '../../support/virtual-time';
import type { IRun } from 'n8n-workflow';
import type { Call } from '../../../sandbox/common/call-log';
import { words } from '../../support/n8n-harness';
import { startActive } from '../../support/practice';
import type { Practice, PracticeOptions } from '../../support/practice';
import { contentsOf, countsOf } from '../support/both-sides';

/** The shipped templates in n8n's own engine between the two practice systems, with work for every kind of request. */

export type Template = 'one-way' | 'two-way';
export type ServerName = 'zendesk' | 'orocrm';

/** Longer than any pause after a failure, and than the minute that Zendesk holds back. */
export const MUCH_LATER = 20 * 60_000;

/** A linked pair with news, a new ticket of a new person; with two-way sync also news in OroCRM, a case of another customer and a case to be published. */
export async function busyDesk(template: Template, options: PracticeOptions = {}): Promise<Practice> {
	const practice = await startActive({ ...options, template, zendesk: { limits: 'off', ...options.zendesk }, ...(template === 'two-way' ? { twoWay: { cases: { publish: 'all' } } } : {}) });
	const { zendesk, orocrm } = practice;
	const anna = practice.agent('Anna Agent');
	const user = practice.oroUser('Anna', 'anna.agent@desk.example');
	const linked = practice.ticket({ subject: 'Linked', requester_id: practice.person('Mia').id, assignee_id: anna.id });
	const given = template === 'two-way' ? practice.ticket({ subject: 'Given to another customer', requester_id: practice.person('Noa').id }) : undefined;
	await settle(practice);
	zendesk.store.updateTicket(linked.id, { subject: 'Linked, as Zendesk says', status: 'pending' });
	zendesk.store.addComment(linked.id, { body: 'ticket comment 1', public: false, author_id: anna.id } as never);
	practice.ticket({ subject: 'New in Zendesk', requester_id: practice.person('Pia').id });
	if (given) {
		const now = orocrm.store.now();
		const { id } = practice.caseOf(linked);
		orocrm.store.update('cases', id as number, { subject: 'Linked, as OroCRM says', priority: 'high', updatedAt: now });
		const comment = (of: unknown, message: string) => orocrm.store.insert('casecomments', { case: of, message, public: true, owner: user.id, organization: 1, createdAt: now, updatedAt: now });
		comment(id, 'case comment 1');
		// A customer whom Zendesk doesn't know is made there as a user.
		orocrm.store.update('cases', practice.caseOf(given).id as number, { relatedContact: practice.contact('Rita', ['rita@customer.example']).id, updatedAt: now });
		const contact = practice.contact('Sam', ['sam@customer.example']);
		const made = orocrm.store.insert('cases', { subject: 'New in OroCRM', description: 'Something is wrong.', source: 'other', status: 'open', priority: 'normal', assignedTo: user.id, relatedContact: contact.id, owner: 1, organization: 1, reportedAt: now, createdAt: now, updatedAt: null });
		comment(made.id, 'case comment 2');
	}
	letPass(130_000);
	practice.resetCounts();
	practice.n8n.reports.length = 0;
	return practice;
}

/** Both triggers look, and the lane of failed items is due, until nothing more is written: what happens when nobody lends a hand. */
export async function settle(practice: Practice): Promise<void> {
	for (let round = 1; round <= 8; round++) {
		practice.resetCounts();
		if (practice.n8n.failedItems().length > 0) await practice.retry();
		await practice.n8n.look(MUCH_LATER);
		if (round > 1 && calls(practice).every(({ effectiveMethod }) => effectiveMethod === 'GET')) return;
	}
	throw new Error('After eight rounds there was still something to write.');
}

/** All requests since the counts were reset, but those for tokens. */
export function calls({ zendesk, orocrm }: Practice): Call[] {
	return [...zendesk.calls.all(), ...orocrm.calls.all()].filter(({ path }) => !path.includes('oauth'));
}

/** What one look and what follows from it took, and left behind. */
export interface Told {
	runs: IRun[];
	requests: number;
	/** Milliseconds, each pause of the nodes. */
	pauses: number[];
	/** All that a person is told: by failed runs, by the triggers, in the table of failed items. */
	messages: string[];
}

/** One look of all triggers. */
export async function lookOnce(practice: Practice, after = 1_000): Promise<Told> {
	takePauses();
	const before = calls(practice).length;
	const runs = await practice.n8n.look(after);
	return { runs, requests: calls(practice).length - before, pauses: takePauses(), messages: messagesOf(practice, runs) };
}

function messagesOf({ n8n }: Practice, runs: readonly IRun[]): string[] {
	return [
		...runs.filter(({ status }) => status !== 'success').map(words),
		...n8n.reports.map((error) => [error.message, (error as { description?: string }).description].filter(Boolean).join(' | ')),
		...n8n.failedItems().map((row) => `${String(row.error)} | ${String(row.advice)}`),
	];
}

/** The same day without any trouble. */
export interface Undisturbed extends Told {
	contents: ReturnType<typeof contentsOf>;
	counts: ReturnType<typeof countsOf>;
}

export async function undisturbed(template: Template): Promise<Undisturbed> {
	const practice = await busyDesk(template);
	const told = await lookOnce(practice);
	expect(told.messages).toEqual([]);
	await settle(practice);
	const counts = countsOf(practice);
	// Said by hand, so that it doesn't rest on what the sync itself came to.
	expect(counts).toEqual(
		template === 'one-way'
			? { tickets: 2, cases: 2, 'ticket records': 2, contacts: 2, 'ticket comments': 2 + 1, 'case comments': 2 + 1, files: 0 }
			: { tickets: 4, cases: 4, 'ticket records': 4, contacts: 5, 'ticket comments': 4 + 3, 'case comments': 4 + 3, files: 0 },
	);
	return { ...told, contents: contentsOf(practice), counts };
}
