import type { CaseComment } from '../../../orocrm/types';
import { planPair } from '../../../sync/plan-pair';
import type { Plan, PublishSettings } from '../../../sync/plan';
import type { ZendeskPerson } from '../../../sync/pair';
import { ANNA, BEN, caseComment, comment, KEY, OWNER, readyPair, REQUESTER, settings, SITE } from '../support/examples';
import type { PairParts } from '../support/examples';
import { includedOf, linked } from '../support/documents';

const remoteWins: PublishSettings = { ...settings, rules: { twoWay: true, winner: 'remote' } };
const localWins: PublishSettings = { ...settings, rules: { twoWay: true, winner: 'local' } };

const person = (id: number | null, name: string, email: string | null = null): ZendeskPerson => ({ id, name, email });
const zendesk = {
	defaultEmail: '',
	defaultUser: 8100,
	users: { '11': person(ANNA, 'Anna Keller'), '12': person(BEN, 'Ben Okafor'), '13': person(null, 'Cora Lind'), [OWNER]: person(null, 'Olga Owner') },
	contacts: { '41': person(REQUESTER, 'Maria Santos'), '42': person(7002, 'Joe Doe'), '43': person(null, 'New One', 'new@example.com'), '44': person(null, 'No Mail') },
};

function plan(parts: PairParts, chosen: PublishSettings = remoteWins): Plan {
	return planPair(readyPair({ case: {}, ...parts, record: { originUpdatedAt: SYNCED, ...parts.record }, resolved: { zendesk, ...parts.resolved } }), KEY, chosen);
}

/** The ticket's date at the last sync, and one after it. */
const SYNCED = '2026-11-21T09:30:00Z';
const LATER = '2026-11-22T08:00:00Z';

/** What would be sent to the ticket, without comments. */
const sentTo = (one: Plan) => one.ticketWrite?.changes.attributes ?? null;

/** What the case would take. */
function taken(one: Plan): Record<string, unknown> {
	const [changed] = one.write ? includedOf(one.write.document, 'cases') : [];
	return { ...changed?.attributes, ...Object.fromEntries(Object.keys(changed?.relationships ?? {}).map((name) => [name, linked(changed, name)])) };
}

describe('a local edit goes to the ticket, and nothing else does', () => {
	test.each([
		['subject', { subject: 'Two tents leak' }, { subject: 'Two tents leak' }],
		['priority', { priority: 'high' }, { priority: 'high' }],
		['status', { status: 'in_progress' }, { status: 'pending' }],
		['status to resolved', { status: 'resolved' }, { status: 'solved' }],
		['assignee', { assignedTo: '12' }, { assignee_id: BEN }],
		['an assignee whom Zendesk doesn’t know: the default user', { assignedTo: '13' }, { assignee_id: 8100 }],
		['contact', { relatedContact: '42' }, { requester_id: 7002 }],
	])('%s', (_name, edit, sent) => {
		const one = plan({ case: edit });
		expect(sentTo(one)).toEqual(sent);
		expect(one.write).toBeNull();
		expect(one.conflicts).toEqual([]);
	});

	test('a contact whom Zendesk doesn’t have is made there', () => {
		const one = plan({ case: { relatedContact: '43' } });
		expect(one.ticketWrite?.changes).toMatchObject({ attributes: {}, newRequester: { name: 'New One', email: 'new@example.com' } });
	});

	test.each([
		['a contact without an e-mail', '44', /no e-mail/],
		['no contact any more', null, /always has a requester/],
	])('%s stays local, and is reported', (_name, relatedContact, reason) => {
		const one = plan({ case: { relatedContact } });
		expect(one.ticketWrite).toBeNull();
		expect(one.skipped).toEqual([{ field: 'relatedContact', reason: expect.stringMatching(reason) as string }]);
	});

	test('a local edit of the description is reported and not tried', () => {
		const pair = readyPair({ record: { originUpdatedAt: SYNCED }, case: { description: '<p>Something else entirely</p>' }, resolved: { zendesk } });
		const one = planPair({ ...pair, origin: 'orocrm' }, KEY, remoteWins);
		expect(one).toMatchObject({ outcome: 'skipped', ticketWrite: null, write: null, skipped: [{ field: 'description' }] });
	});

	test('markup that OroCRM’s rich-text field added is no edit of the description', () => {
		const pair = readyPair({ record: { originUpdatedAt: SYNCED }, case: { description: '<p>Water comes in at the seam.</p>' }, resolved: { zendesk } });
		expect(planPair({ ...pair, origin: 'orocrm' }, KEY, remoteWins)).toMatchObject({ outcome: 'unchanged', skipped: [] });
	});

	test('in one-way mode nothing goes out', () => {
		const one = plan({ case: { subject: 'Two tents leak', status: 'closed', priority: 'low', assignedTo: '12', relatedContact: '42' } }, settings);
		expect(one.ticketWrite).toBeNull();
		expect(one.write).toBeNull();
		expect(one.skipped.map(({ field }) => field)).toEqual(['subject', 'status', 'priority', 'assignedTo', 'relatedContact']);
	});
});

// OroCRM's own integration, measured: a local edit of the subject alone then also sends hold → new, urgent → high, no priority → normal,
// and replaces an agent who has no OroCRM user.
describe('what OroCRM can’t say stays as it is in Zendesk when something else is edited', () => {
	const own = (parts: PairParts) => sentTo(plan({ ...parts, case: { ...parts.case, subject: 'Edited' } }));

	test('on hold stays on hold', () => {
		expect(own({ ticket: { status: 'hold' }, record: { status: 'hold' }, case: { status: 'in_progress' } })).toEqual({ subject: 'Edited' });
	});

	test('urgent stays urgent', () => {
		expect(own({ ticket: { priority: 'urgent' }, record: { priority: 'urgent' }, case: { priority: 'high' } })).toEqual({ subject: 'Edited' });
	});

	test('no priority stays none', () => {
		expect(own({ ticket: { priority: null }, record: { priority: null }, case: { priority: 'normal' } })).toEqual({ subject: 'Edited' });
	});

	test('an agent without an OroCRM user stays the assignee', () => {
		const parts = { ticket: { assignee_id: BEN }, record: { assignee: { ...readyPair({ record: {} }).record!.assignee!, originId: String(BEN), relatedUser: OWNER } }, case: { assignedTo: OWNER } };
		const people = readyPair().resolved.people;
		people[BEN] = { ...people[BEN], user: OWNER, foundBy: 'owner' };
		const pair = readyPair({ record: parts.record, case: { ...parts.case, subject: 'Edited' }, ticket: parts.ticket, resolved: { zendesk, people } });
		expect(sentTo(planPair(pair, KEY, remoteWins))).toEqual({ subject: 'Edited' });
	});
});

describe('no loss of detail: each starting pair, then an unrelated edit on either side', () => {
	const statuses = ['new', 'open', 'pending', 'hold', 'solved', 'closed'].flatMap((remote) => ['open', 'in_progress', 'resolved', 'closed'].map((local) => [remote, local] as const));
	const priorities = ['low', 'normal', 'high', 'urgent', null].flatMap((remote) => ['low', 'normal', 'high'].map((local) => [remote, local] as const));

	/** The pair as a sync leaves it that began with these two values. */
	function settled(parts: PairParts, chosen: PublishSettings): PairParts {
		const first = plan(parts, chosen);
		const sent = sentTo(first) ?? {};
		const ticket = { ...parts.ticket, ...sent };
		const caseNow = { ...parts.case, ...taken(first) };
		return { ticket, record: { status: ticket.status as string, priority: ticket.priority as string | null }, case: caseNow };
	}

	describe.each([
		['remote wins', remoteWins],
		['local wins', localWins],
	])('%s', (_name, chosen) => {
		test.each(statuses)('ticket %s, case %s', (remote, local) => {
			const parts = settled({ ticket: { status: remote }, record: { status: 'open' }, case: { status: local } }, chosen);
			const localEdit = plan({ ...parts, case: { ...parts.case, subject: 'Edited' } }, chosen);
			if (remote !== 'closed') expect(sentTo(localEdit)).toEqual({ subject: 'Edited' });
			else expect(localEdit.ticketWrite).toBeNull();
			expect(taken(localEdit)).toEqual({});
			const remoteEdit = plan({ ...parts, ticket: { ...parts.ticket, subject: 'Edited', updated_at: LATER } }, chosen);
			expect(taken(remoteEdit)).toEqual({ subject: 'Edited' });
			expect(remoteEdit.ticketWrite).toBeNull();
		});

		test.each(priorities)('priority %s, case %s', (remote, local) => {
			const parts = settled({ ticket: { priority: remote }, record: { priority: 'normal' }, case: { priority: local } }, chosen);
			expect(sentTo(plan({ ...parts, case: { ...parts.case, subject: 'Edited' } }, chosen))).toEqual({ subject: 'Edited' });
			const remoteEdit = plan({ ...parts, ticket: { ...parts.ticket, subject: 'Edited', updated_at: LATER } }, chosen);
			expect(taken(remoteEdit)).toEqual({ subject: 'Edited' });
			expect(remoteEdit.ticketWrite).toBeNull();
		});
	});
});

describe('conflicts', () => {
	const edited: PairParts = { ticket: { subject: 'Remote', priority: 'urgent', updated_at: LATER }, case: { subject: 'Local', priority: 'low' } };

	test('remote wins: the case takes the ticket’s values, nothing goes out, both values and the base are told', () => {
		const one = plan(edited);
		expect(one.ticketWrite).toBeNull();
		expect(taken(one)).toEqual({ subject: 'Remote', priority: 'high' });
		expect(one.conflicts).toEqual([
			{ field: 'subject', remote: 'Remote', local: 'Local', base: 'The tent leaks', winner: 'remote' },
			{ field: 'priority', remote: 'high', local: 'low', base: 'normal', winner: 'remote' },
		]);
	});

	test('local wins: the ticket takes the case’s values', () => {
		const one = plan(edited, localWins);
		expect(sentTo(one)).toEqual({ subject: 'Local', priority: 'low' });
		expect(taken(one)).toEqual({});
		expect(one.conflicts.map(({ field, winner }) => [field, winner])).toEqual([
			['subject', 'local'],
			['priority', 'local'],
		]);
	});

	test('another winner for one field', () => {
		const one = plan(edited, { ...localWins, rules: { ...localWins.rules, winners: { priority: 'remote' } } });
		expect(sentTo(one)).toEqual({ subject: 'Local' });
		expect(taken(one)).toEqual({ priority: 'high' });
	});

	test('each side’s own edit of different fields is no conflict', () => {
		const one = plan({ ticket: { priority: 'low', updated_at: LATER }, case: { subject: 'Local' } });
		expect(sentTo(one)).toEqual({ subject: 'Local' });
		expect(taken(one)).toEqual({ priority: 'low' });
		expect(one.conflicts).toEqual([]);
	});

	test('both sides edited to the same: only the record moves', () => {
		const one = plan({ ticket: { subject: 'Same', status: 'hold', updated_at: LATER }, case: { subject: 'Same', status: 'in_progress' } });
		expect(one).toMatchObject({ ticketWrite: null, conflicts: [] });
		expect(taken(one)).toEqual({});
		expect(one.write?.document.data.attributes).toMatchObject({ subject: 'Same' });
	});
});

describe('a closed ticket can’t be written', () => {
	const closed = { ticket: { status: 'closed' }, record: { status: 'closed' }, case: { status: 'closed', subject: 'Edited' } };

	test('what was edited in the case stays there, and is reported', () => {
		const one = plan({ ...closed, ticket: { ...closed.ticket, comments: [] }, resolved: { caseComments: [caseComment({ id: '91' })] } });
		expect(one).toMatchObject({ outcome: 'skipped', ticketWrite: null, write: null, followUps: [] });
		expect(one.skipped).toEqual([
			{ field: 'subject', reason: expect.stringContaining('closed') as string },
			{ field: 'comment', reason: expect.stringContaining('comment 91 stays in OroCRM') as string },
		]);
	});

	test('by the setting its comments make a follow-up ticket', () => {
		const one = plan({ ...closed, ticket: { ...closed.ticket, comments: [] }, resolved: { caseComments: [caseComment({ id: '91' })] } }, { ...remoteWins, closedTickets: 'followUp' });
		expect(one.followUps.map(({ id }) => id)).toEqual(['91']);
		expect(one.skipped.map(({ field }) => field)).toEqual(['subject']);
	});

	test('also under local wins the ticket’s last words are no reason to lose the case’s', () => {
		const one = plan({ ticket: { status: 'closed', subject: 'Remote', updated_at: LATER }, case: { status: 'open', subject: 'Local' } }, localWins);
		expect(one.ticketWrite).toBeNull();
		expect(taken(one)).toEqual({ status: 'closed' });
		expect(one.conflicts).toMatchObject([{ field: 'subject', winner: 'local' }]);
		expect(one.skipped).toMatchObject([{ field: 'subject' }]);
	});
});

describe('comments on their way out', () => {
	const withComments = (comments: CaseComment[], parts: PairParts = {}, chosen = remoteWins) =>
		plan({ ...parts, ticket: { comments: [], ...parts.ticket }, resolved: { caseComments: comments, ...parts.resolved } }, chosen);

	test('one for each request, the oldest first, with the changed fields', () => {
		const one = withComments([caseComment({ id: '100' }), caseComment({ id: '9' })], { case: { subject: 'Edited' } });
		expect(one.ticketWrite?.comment?.id).toBe('9');
		expect(sentTo(one)).toEqual({ subject: 'Edited' });
	});

	test('those with a row are copies', () => {
		expect(withComments([caseComment({ id: '9' })], { resolved: { commentRows: [{ id: '5', originId: '77', ticket: '901', relatedComment: '9' }] } }).ticketWrite).toBeNull();
	});

	test('those that a dead run published are known by their mark, and only get their row', () => {
		const published = comment({ id: 77, metadata: { custom: { orocrm_comment: `${SITE}:9` } } });
		const one = withComments([caseComment({ id: '9' })], { ticket: { comments: [published], updated_at: LATER } });
		expect(one.ticketWrite).toBeNull();
		const [row] = includedOf(one.write!.document, 'zendeskticketcomments');
		expect(linked(row, 'relatedComment')).toBe('9');
		expect(includedOf(one.write!.document, 'casecomments')).toEqual([]);
	});

	test('another OroCRM’s mark says nothing', () => {
		const foreign = comment({ id: 77, metadata: { custom: { orocrm_comment: 'zzzzzzz:9' } } });
		const one = withComments([caseComment({ id: '9' })], { ticket: { comments: [foreign], updated_at: LATER } });
		expect(one.ticketWrite?.comment?.id).toBe('9');
		expect(includedOf(one.write!.document, 'casecomments')).toHaveLength(1);
	});

	test('one that was deleted in OroCRM after it went out doesn’t come back', () => {
		const published = comment({ id: 77, metadata: { custom: { orocrm_comment: `${SITE}:9` } } });
		const one = withComments([], { ticket: { comments: [published], updated_at: LATER } });
		expect(includedOf(one.write!.document, 'casecomments')).toEqual([]);
	});

	test('the same words on both sides are two comments', () => {
		const one = withComments([caseComment({ id: '9', message: 'ok' })], { ticket: { comments: [comment({ id: 77, body: 'ok' })], updated_at: LATER } });
		expect(one.ticketWrite?.comment?.id).toBe('9');
		expect(includedOf(one.write!.document, 'casecomments')).toHaveLength(1);
	});

	test('older ones stay in OroCRM by the setting', () => {
		const comments = [caseComment({ id: '9', createdAt: '2026-11-01T00:00:00Z' }), caseComment({ id: '10', createdAt: '2026-11-22T00:00:00Z' })];
		expect(withComments(comments, {}, { ...remoteWins, commentsSince: '2026-11-20T00:00:00Z' }).ticketWrite?.comment?.id).toBe('10');
	});
});
