import type { Situation } from './replay';
import type { World } from './world';

const webhookTypes = ['cases', 'casecomments', 'zendesktickets', 'contacts'];
const webhooks: Situation = { options: { webhookTypes }, placeAnswer: false };
const before = (prepare: (world: World) => void): Situation => ({ before: prepare });
const more = (type: string, count: number, values: Record<string, unknown> = {}): Situation =>
	before((world) => world.more(type, count, values));
const put = (type: string, id: number | string, values: Record<string, unknown> = {}): Situation =>
	before((world) => world.put(type, id, values));

/** 99 contacts that the full-text search finds by the host of their address, two of them by more. */
const smith = (world: World): void => {
	world.put('contacts', 152, { firstName: 'John', lastName: 'Smith', emails: ['John.Smith@Example.com'] });
	world.put('contacts', 153, { firstName: 'F', emails: ['first@example.com', 'Second@example.com'] });
	for (let id = 149; id < 152; id += 1) {
		const email = world.store.get('contacts', id)!.primaryEmail;
		world.put('contacts', id, { firstName: 'P', emails: [email] });
	}
	for (let id = 30; id < 124; id += 1) {
		world.put('contacts', id, { firstName: 'P', emails: [`perf${id}@example.com`] });
	}
};

const plainCase = before((world) => {
	const at = '2026-11-23T21:13:49Z';
	world.put('cases', 1, { subject: 'first', createdAt: at, reportedAt: at });
	world.put('casecomments', 1, { case: 1 });
	world.put('casecomments', 7, { case: 1 });
});

const token: Situation = { ignore: /"access_token": "[^"]*"/ };

/** A ticket record as the races and conflicts have it. */
const ticket = (originId: string, values: Record<string, unknown> = {}): Situation =>
	put('zendesktickets', 500, { originId, channel: 1, ...values });

const unknownCase = put('cases', 61);

/** The pair of `zendesktickets.update.included.*`, once synced. */
const pair = (world: World): void => {
	world.put('cases', 7);
	world.put('zendesktickets', 5, { originId: '8109', channel: 1, relatedCase: 7 });
	world.put('zendeskticketcomments', 50852, { originId: '77711', channel: 1, ticket: 5 });
};

/** What each recording needs beyond the records that its answer shows. Those not named need nothing. */
export const situations: Record<string, Situation> = {
	'asyncoperations.errors.1': put('asyncoperations', 1, { status: 'success' }),
	'casecomments.create.attachment.1': { placeAnswer: false, ignore: /"uuid": "[^"]*"/ },
	'casecomments.delete.1': put('casecomments', 3, {}),
	'casecomments.list.filter_case.1': before((world) => {
		world.put('cases', 1);
		world.put('casecomments', 1, { case: 1 });
		world.more('casecomments', 2);
	}),
	'casecomments.list.filter_id_gt.1': more('casecomments', 1),
	'casecomments.list.sort_case.1': { anyRows: true, ...more('casecomments', 2, { case: 1 }) },
	'casecomments.list.sort_id_desc.1': before((world) => {
		for (let id = 130; id < 139; id += 1) world.put('casecomments', id);
	}),
	'cases.comments.list.1': before((world) => {
		world.put('cases', 1);
		world.put('casecomments', 1, { case: 1 });
		world.more('casecomments', 2);
	}),
	'cases.create.externalid.duplicate.1': put('cases', 9, { externalId: 'U-1' }),
	'cases.create.externalid.empty.2': put('cases', 12, { externalId: '' }),
	'cases.create.included.conflict.1': put('zendeskusers', 2, { originId: '9001', channel: 1 }),
	'cases.create.included.invalid.1': put('zendeskusers', 2, { originId: '9001', channel: 1 }),
	'cases.delete.1': put('cases', 12072),
	'cases.delete_list.1': before((world) => {
		world.put('cases', 12079);
		world.put('cases', 12080);
		world.more('cases', 2);
	}),
	'cases.list.1': more('cases', 3),
	'cases.list.fields_unknown.1': more('cases', 3),
	'cases.list.filter_assignedto.1': before((world) => {
		world.put('cases', 61, { assignedTo: 1 });
		world.more('cases', 3);
	}),
	'cases.list.filter_id_gt.1': before((world) => {
		world.put('cases', 5);
		world.more('cases', 3);
	}),
	'cases.list.filter_reportedat.1': more('cases', 3),
	'cases.list.filter_reportedat.2': more('cases', 3),
	'cases.list.filter_externalid.exists.1': more('cases', 3, { externalId: 'one of many' }),
	'cases.list.filter_searchtext.2': before((world) => {
		world.put('cases', 5, { subject: 'external' });
		world.put('cases', 1, { subject: 'first' });
	}),
	'cases.list.filter_status.1': more('cases', 3),
	'cases.list.include_unknown.1': { cut: 5, ...more('cases', 8) },
	'cases.list.meta_title.1': more('cases', 3),
	'cases.list.page.default.1': { cut: 5, ...more('cases', 8) },
	'cases.list.page_number.1': before((world) => {
		for (const id of [1, 2, 3]) world.put('cases', id);
		world.more('cases', 3);
	}),
	'cases.list.page_size.zero.1': more('cases', 3),
	'cases.list.sort.1': before((world) => {
		for (const id of [1, 2, 3]) world.put('cases', id);
	}),
	'cases.list.sort.3': { anyRows: true, ...more('cases', 3) },
	'cases.list.sort.4': { anyRows: true, ...more('cases', 3) },
	'cases.list.totalcount.1': more('cases', 60),
	'cases.list.totalcount.nohateoas.1': more('cases', 61),
	'cases.relationship.status.update.1': unknownCase,
	'cases.show.many_comments.1': {
		anyRows: true,
		...before((world) => world.more('casecomments', 125, { case: 12081 })),
	},
	'cases.update.included.conflict.1': before((world) => {
		world.put('cases', 12081);
		world.put('zendesktickets', 76);
		world.put('zendesktickets', 77, { relatedCase: 12081 });
	}),
	'cases.update.status.null.1': put('cases', 12081),
	'cases.update.status.unknown.1': unknownCase,
	'cases.update.id_mismatch.1': put('cases', 1),
	'cases.update.1': put('cases', 61, { subject: 'five', updatedAt: null }),
	'cases.update.status.1': put('cases', 61, { status: 'open', priority: 'normal' }),
	'cases.update.status.closed.1': put('cases', 61, { status: 'in_progress', closedAt: null }),
	'cases.update.status.reopen.1': put('cases', 61, { status: 'closed' }),
	'cases.update.owner.null.1': { anyRows: true, ...put('cases', 12081, { owner: 1 }) },
	'cases.update.sales_rep.1': put('cases', 1, { subject: 'first hook' }),
	'cases.update.included.1': put('cases', 12081, { subject: 'included', relatedContact: null, updatedAt: null }),
	'cases.update.twoway.1': before((world) => {
		world.put('cases', 12086, { subject: 'tw', status: 'open', priority: 'normal', updatedAt: null });
		world.put('integrationchannels', 3, { name: 'Zendesk TwoWay', isTwoWaySyncEnabled: true });
		world.put('zendesktickets', 78, { originId: '77469285', channel: 3, relatedCase: 12086 });
	}),
	'casecomments.update.1': put('casecomments', 3, { message: 'pub', public: true, updatedAt: '2026-11-23T21:18:14Z' }),
	'casecomments.update.move.1': before((world) => {
		world.put('cases', 61);
		world.put('casecomments', 3, { case: 61, updatedAt: '2026-11-23T21:18:14Z' });
	}),
	'contacts.batch.1': { placeAnswer: false },
	'contacts.list.filter_emails.1': put('contacts', 1, { emails: ['ada@example.com'] }),
	'contacts.list.filter_searchquery.alltext.1': { cut: 5, ...before(smith) },
	'contacts.list.filter_searchtext.email.1': { cut: 5, ...before(smith) },
	'contacts.list.filter_updatedat.1': more('contacts', 3, { updatedAt: '2026-11-23T22:00:00Z' }),
	'contacts.list.sort_lastname.1': more('contacts', 3, { lastName: 'Zuse' }),
	'contacts.list.sort_updatedat.1': more('contacts', 3, { updatedAt: '2026-11-23T22:00:00Z' }),
	'negotiation.get.json.1': plainCase,
	'negotiation.get.none.1': plainCase,
	'oauth.token.form.1': token,
	'oauth.token.json.1': token,
	'oauth.token.jsonapi.1': token,
	'overlay.casecomments.list.filter_updatedat.1': more('casecomments', 2, { updatedAt: '2026-11-23T21:28:00Z' }),
	'overlay.cases.list.filter_updatedat.1': more('cases', 2, { updatedAt: '2026-11-23T21:29:00Z' }),
	'overlay.zendesktickets.batch.sync.1': { placeAnswer: false },
	'overlay.zendesktickets.batch.sync.conflict.1': {
		placeAnswer: false,
		ignore: /"aggregateTime": \d+/,
		...before((world) => world.put('zendesktickets', 130, { originId: '990002', channel: 1 })),
	},
	'search.list.1': { placeAnswer: false, ...put('cases', 1, { subject: 'first' }) },
	'webhookformats.list.1': webhooks,
	'webhooks.create.1': { ...webhooks, ignore: /[0-9a-f]{8}-[0-9a-f-]{27}/ },
	'webhooks.create.bad_url.1': webhooks,
	'webhooks.create.deleted_topic.1': { ...webhooks, ignore: /[0-9a-f]{8}-[0-9a-f-]{27}/ },
	'webhooks.create.record_topic.1': webhooks,
	'webhooks.delete.1': {
		options: { webhookTypes },
		...put('webhooks', 'fe92dff4-665e-4bf5-a67f-65370f3e7d21'),
	},
	'webhooks.list.1': { options: { webhookTypes } },
	'webhooks.list.filter_topic.1': { options: { webhookTypes } },
	'webhooks.list.sales_rep.1': { options: { webhookTypes } },
	'webhooktopics.list.1': webhooks,
	'zendeskticketcomments.create.conflict.1': put('zendeskticketcomments', 9, { originId: '3317954692', channel: 1 }),
	'zendeskticketcomments.list.filter_ticket.1': before((world) => {
		world.put('zendesktickets', 5, { channel: 1 });
		world.put('zendeskticketcomments', 2, { ticket: 5 });
		world.more('zendeskticketcomments', 2);
	}),
	'zendeskticketcomments.list.sort_ticket.1': before((world) => {
		world.put('zendesktickets', 5);
		world.more('zendeskticketcomments', 2, { ticket: 5 });
	}),
	'zendesktickets.create.channel.conflict.1': ticket('60002'),
	'zendesktickets.create.channel.other.1': put('zendesktickets', 10, { originId: '60002', channel: 1 }),
	'zendesktickets.create.included.conflict.1': put('zendeskusers', 4, { originId: '9100', channel: 1 }),
	'zendesktickets.create.included.invalid.1': put('cases', 3, { externalId: 'E-3' }),
	'zendesktickets.create.included.invalid.2': put('cases', 3, { externalId: 'E-3' }),
	'zendesktickets.create.included.orphan.1': put('cases', 3, { externalId: 'E-3' }),
	'zendesktickets.create.included.update_contact.1': put('contacts', 1, {
		description: null,
		updatedAt: '2026-11-23T21:14:58Z',
	}),
	'zendesktickets.create.nochannel.duplicate.1': put('zendesktickets', 7, { originId: '60001' }),
	'zendesktickets.create.relatedcase.taken.1': put('zendesktickets', 13, { relatedCase: 13 }),
	'zendesktickets.delete.sales_rep.1': put('zendesktickets', 1),
	'zendesktickets.list.filter_id_gt.include.1': more('zendesktickets', 3),
	'zendesktickets.list.filter_relatedcase.1': more('zendesktickets', 3),
	'zendesktickets.list.filter_relatedcase.2': before((world) => {
		for (const id of [2, 3]) {
			world.put('cases', id);
			world.put('zendesktickets', id, { relatedCase: id });
		}
		world.more('zendesktickets', 3);
	}),
	'zendesktickets.list.filter_relatedcase.3': before((world) => {
		world.put('cases', 2);
		world.put('zendesktickets', 2, { relatedCase: 2 });
	}),
	'zendesktickets.list.filter_relatedcase_externalid.1': before((world) => {
		world.put('cases', 3, { externalId: 'E-3' });
		world.put('zendesktickets', 3, { relatedCase: 3 });
		world.more('zendesktickets', 3);
	}),
	'zendesktickets.list.filter_relatedcase_externalid.2': before((world) => {
		world.put('cases', 2, { externalId: 'E-1' });
		world.put('cases', 3, { externalId: 'E-3' });
		for (const id of [2, 3]) world.put('zendesktickets', id, { relatedCase: id });
		world.more('zendesktickets', 3);
	}),
	'zendesktickets.list.filter_relatedcase_externalid_exists.1': before((world) => {
		for (const id of [9, 16, 20]) world.put('zendesktickets', id, { channel: 1 });
		world.put('integrationchannels', 1);
		world.put('integrationchannels', 2);
		world.put('cases', 2, { externalId: 'E-1' });
		world.put('zendesktickets', 2, { relatedCase: 2, channel: 1 });
		world.put('zendesktickets', 11, { channel: 2 });
		world.more('zendesktickets', 107, { channel: 1 });
	}),
	'zendesktickets.list.filter_relatedcase_externalid_exists.2': before((world) => {
		for (const [id, externalId] of [
			[2, 'E-1'],
			[3, 'E-3'],
			[6, 'TB-104'],
		] as const) {
			world.put('cases', id, { externalId });
		}
		for (let id = 100; id < 115; id += 1) {
			world.put('cases', id, { externalId: `X-${id}` });
			world.put('zendesktickets', id, { relatedCase: id });
		}
		world.more('zendesktickets', 3);
	}),
	'zendesktickets.list.filter_relatedcase_status.1': before((world) => {
		world.put('cases', 3);
		world.put('zendesktickets', 3, { relatedCase: 3 });
		for (let id = 100; id < 210; id += 1) {
			world.put('cases', id);
			world.put('zendesktickets', id, { relatedCase: id });
		}
		world.put('cases', 300, { status: 'closed' });
		world.put('zendesktickets', 300, { relatedCase: 300 });
	}),
	'zendesktickets.list.filter_requester_email.1': before((world) => {
		world.put('contacts', 1, { primaryEmail: 'ada@example.com' });
		for (const id of [2, 10]) world.put('zendeskusers', id, { relatedContact: 1 });
		world.put('zendesktickets', 2, { requester: 2 });
		world.put('zendesktickets', 6, { requester: 10 });
		world.more('zendesktickets', 3);
	}),
	'zendesktickets.list.filter_status_neq.1': before((world) => {
		world.put('zendesktickets', 1);
		world.more('zendesktickets', 2, { status: 'open' });
	}),
	'zendesktickets.list.sort_relatedcase.1': before((world) => {
		world.put('cases', 2);
		world.put('zendesktickets', 2, { relatedCase: 2 });
	}),
	'zendesktickets.show.twoway.1': {},
	'zendesktickets.update.1': put('zendesktickets', 15, { subject: 'y', originCreatedAt: null, status: 'open' }),
	'zendesktickets.update.included.1': before((world) => {
		world.store.remove('zendeskticketcomments', 50856);
		world.store.remove('casecomments', 51038);
	}),
	'zendesktickets.update.included.conflict.1': before(pair),
	'zendesktickets.update.included.invalid.1': before(pair),
	'zendesktickets.update.relatedcase.taken.1': before((world) => {
		world.put('zendesktickets', 15);
		world.put('zendesktickets', 13, { relatedCase: 13 });
	}),
	'zendeskusers.create.conflict.1': put('zendeskusers', 5, { originId: '70002', channel: 1 }),
	'zendeskusers.create.nochannel.duplicate.1': put('zendeskusers', 11, { originId: '70001' }),
	'zendeskusers.list.filter_channel.1': more('zendeskusers', 2, { channel: 1 }),
	'zendeskusers.list.filter_relatedcontact.1': before((world) => {
		world.put('contacts', 1);
		for (const id of [2, 10]) world.put('zendeskusers', id, { relatedContact: 1 });
		world.more('zendeskusers', 2);
	}),
};

/** Recordings that another test of this folder compares. */
export const elsewhere: Record<string, string> = {
	'webhooks.delivery.comment.1': 'webhooks.test.ts',
	'webhooks.delivery.created.1': 'webhooks.test.ts',
	'webhooks.delivery.updated.1': 'webhooks.test.ts',
	'webhooks.delivery.updated.thin.1': 'webhooks.test.ts',
};

/** Recordings that are not compared, with the reason. */
export const leftOut: Record<string, string> = {};
