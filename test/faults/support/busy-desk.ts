import type { Row } from '../../../sandbox/orocrm/schema/types';
import { TwoWayWorld } from '../../support/two-way-world';
import type { WorldOptions } from '../../support/two-way-world';
import { TwoTriggers } from './two-triggers';

/** A desk and a CRM with work for every kind of write that a two-way run can make. */
export interface BusyDesk {
	world: TwoWayWorld;
	triggers: TwoTriggers;
}

/** What there must be in the end, once each: said by hand, so that it doesn't rest on what the sync itself came to. */
export const AFTER_ALL = {
	tickets: 9,
	cases: 9,
	'ticket records': 9,
	/** Two of the CRM's own, the requesters of the three linked tickets and two of the new ones. */
	contacts: 7,
	/** The first comment of each pair, and those that somebody wrote: on both sides. */
	'ticket comments': 9 + 11,
	'case comments': 9 + 11,
	files: 2,
};

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** Pairs that are in step and at rest, then a busy hour in which nobody looked: new and changed tickets and cases, comments both ways, conflicts. */
export async function busyDesk(options: WorldOptions = {}): Promise<BusyDesk> {
	const world = await TwoWayWorld.start({ ...options, sync: { defaultZendeskUser: 'default.agent@desk.example', ...options.sync } });
	world.agent('Default Agent');
	const anna = world.agent('Anna Agent');
	const annaUser = world.oroUser('Anna', 'anna.agent@desk.example');
	const triggers = new TwoTriggers(world);

	const linked = ['Changed in Zendesk', 'Changed in OroCRM', 'Changed on both sides'].map((subject, index) =>
		world.ticket({ subject, description: `First words of ${subject}.`, requester_id: world.person(['Mia', 'Noa', 'Ola'][index]).id, assignee_id: anna.id }),
	);
	await triggers.settle();
	const [remote, local, both] = linked;
	const caseOf = (ticket: { id: number }): Row => world.caseOf(ticket);
	world.later(60);

	// Zendesk's side.
	world.zendesk.store.updateTicket(remote.id, { subject: 'Changed in Zendesk, indeed', status: 'pending', priority: 'urgent' });
	comment(world, remote.id, 'ticket comment 1', true, anna.id);
	comment(world, remote.id, 'ticket comment 2', false, anna.id);
	comment(world, both.id, 'ticket comment 3', true, anna.id);
	const problem = world.ticket({ subject: 'New, a problem', description: 'First words of the problem.', type: 'problem', requester_id: world.person('Pia').id });
	comment(world, problem.id, 'ticket comment 4', false, anna.id);
	world.ticket({ subject: 'New, an incident', description: 'First words of the incident.', type: 'incident', problem_id: problem.id, requester_id: world.person('Quin').id });
	const last = world.ticket({ subject: 'New, of the same person', description: 'First words of the last.', requester_id: world.zendesk.store.findUser('pia@customer.example')?.id });
	comment(world, last.id, 'ticket comment 5', true, anna.id);
	const upload = world.zendesk.store.addAttachment({ file_name: 'log.png', content_type: 'image/png', content: PNG });
	world.zendesk.store.addComment(remote.id, { body: 'ticket comment 6', public: true, author_id: anna.id, attachment_ids: [upload.id] } as never);

	// OroCRM's side.
	const known = world.contact('Rita', 'rita@customer.example');
	world.editCase(caseOf(local).id, { subject: 'Changed in OroCRM, indeed', status: 'in_progress', relatedContact: known.id });
	world.commentOnCase(caseOf(local).id, 'case comment 1', { owner: annaUser.id });
	world.commentOnCase(caseOf(local).id, 'case comment 2', { owner: annaUser.id, public: false });
	world.commentOnCase(caseOf(both).id, 'case comment 3', { owner: annaUser.id });
	const withContact = world.newCase({ subject: 'Published, with a contact', description: 'First words of the published one.', priority: 'high', relatedContact: world.contact('Sam', 'sam@customer.example').id });
	world.commentOnCase(withContact.id, 'case comment 4', { owner: annaUser.id });
	world.newCase({ subject: 'Published, without a contact', description: 'First words of the other one.' });
	world.newCase({ subject: 'Published, in progress', description: 'First words of the third.', status: 'in_progress', relatedContact: known.id });
	const file = world.orocrm.store.insert('files', { originalFilename: 'photo.png', mimeType: 'image/png', fileSize: PNG.length, content: PNG.toString('base64'), owner: 1 });
	const photo = world.commentOnCase(caseOf(local).id, 'case comment 5', { owner: annaUser.id, attachment: file.id });
	world.orocrm.store.update('files', file.id as number, { parentId: photo.id });

	// The same field on both sides.
	world.zendesk.store.updateTicket(both.id, { subject: 'As Zendesk says', priority: 'high' });
	world.editCase(caseOf(both).id, { subject: 'As OroCRM says', priority: 'low' });
	world.later(130).resetCounts();
	return { world, triggers };
}

function comment(world: TwoWayWorld, ticket: number, body: string, open: boolean, author: number): void {
	world.zendesk.store.addComment(ticket, { body, public: open, author_id: author } as never);
}
