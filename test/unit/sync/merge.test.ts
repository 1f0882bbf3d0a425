import type { OroCase } from '../../../orocrm/types';
import { defaultTables } from '../../../sync/field-maps';
import { planPair } from '../../../sync/plan-pair';
import type { ReadyPair } from '../../../sync/plan';
import { mergeField } from '../../../sync/reconcile';
import type { MergeField, MergeRules } from '../../../sync/reconcile';
import { ANNA, BEN, KEY, OWNER, people, readyPair, REQUESTER, row, rows, settings, user } from '../support/examples';
import type { PairParts } from '../support/examples';
import { documentOf, includedOf } from '../support/documents';

const oneWay: MergeRules = { twoWay: false, winner: 'remote' };
const STATUSES = ['new', 'open', 'pending', 'hold', 'solved', 'closed'];
const CASE_STATUSES = ['open', 'in_progress', 'resolved', 'closed'];
const PRIORITIES = ['low', 'normal', 'high', 'urgent', null];
const CASE_PRIORITIES = ['low', 'normal', 'high'];

const STATUS_OF_TICKET: Record<string, string> = {
	new: 'open',
	open: 'open',
	pending: 'in_progress',
	hold: 'in_progress',
	solved: 'closed',
	closed: 'closed',
};
const STATUS_OF_CASE: Record<string, string> = {
	open: 'open',
	in_progress: 'pending',
	resolved: 'solved',
	closed: 'solved',
};
const equalStatus = (local: string, remote: string) =>
	STATUS_OF_TICKET[remote] === local || STATUS_OF_CASE[local] === remote;

const PRIORITY_OF_TICKET = (priority: string | null) =>
	({ low: 'low', normal: 'normal', high: 'high', urgent: 'high' })[priority ?? ''] ?? 'normal';
const equalPriority = (local: string, remote: string | null) =>
	PRIORITY_OF_TICKET(remote) === local || local === remote;

function mergeOf(pair: ReadyPair) {
	const plan = planPair(pair, KEY, settings);
	const changed = includedOf(documentOf(plan), 'cases')[0];
	const links = Object.fromEntries(
		Object.entries(changed?.relationships ?? {}).map(([name, { data }]) => [
			name,
			data && !Array.isArray(data) ? data.id : null,
		]),
	);
	return {
		wrote: { ...changed?.attributes, ...links },
		conflicts: plan.conflicts,
		skipped: plan.skipped.map(({ field }) => field),
		changes: plan.changes,
	};
}

function merge(parts: PairParts) {
	return mergeOf(readyPair({ record: {}, case: {}, ...parts }));
}

const nothing = { wrote: {}, conflicts: [], skipped: [], changes: [] };

describe('status: every state of ticket, base and case', () => {
	const all = STATUSES.flatMap((remote) =>
		STATUSES.flatMap((base) => CASE_STATUSES.map((local) => [remote, base, local] as const)),
	);

	test.each(all)('ticket %s, base %s, case %s', (remote, base, local) => {
		const result = merge({ ticket: { status: remote }, record: { status: base }, case: { status: local } });
		const wanted = STATUS_OF_TICKET[remote];
		if (equalStatus(local, remote)) expect(result).toEqual(nothing);
		else if (remote === base) expect(result).toMatchObject({ wrote: {}, conflicts: [], skipped: ['status'] });
		else if (equalStatus(local, base))
			expect(result).toMatchObject({ wrote: { status: wanted }, conflicts: [], skipped: [] });
		else
			expect(result).toMatchObject({
				wrote: { status: wanted },
				conflicts: [{ field: 'status', remote: wanted, local, winner: 'remote' }],
				skipped: [],
			});
	});

	test.each([
		['open', 'new'],
		['in_progress', 'hold'],
		['in_progress', 'pending'],
		['resolved', 'solved'],
		['closed', 'solved'],
		['closed', 'closed'],
	])('equal: case %s under ticket %s is left alone', (local, remote) => {
		for (const base of STATUSES)
			expect(merge({ ticket: { status: remote }, record: { status: base }, case: { status: local } })).toEqual(nothing);
	});
});

describe('priority: every state of ticket, base and case', () => {
	const all = PRIORITIES.flatMap((remote) =>
		PRIORITIES.flatMap((base) => CASE_PRIORITIES.map((local) => [remote, base, local] as const)),
	);

	test.each(all)('ticket %s, base %s, case %s', (remote, base, local) => {
		const result = merge({ ticket: { priority: remote }, record: { priority: base }, case: { priority: local } });
		const wanted = PRIORITY_OF_TICKET(remote);
		if (equalPriority(local, remote)) expect(result).toEqual(nothing);
		else if (remote === base) expect(result).toMatchObject({ wrote: {}, conflicts: [], skipped: ['priority'] });
		else if (equalPriority(local, base))
			expect(result).toMatchObject({ wrote: { priority: wanted }, conflicts: [], skipped: [] });
		else
			expect(result).toMatchObject({
				wrote: { priority: wanted },
				conflicts: [{ field: 'priority', remote: wanted, local, winner: 'remote' }],
			});
	});

	test('equal: case high under ticket urgent is left alone', () => {
		expect(merge({ ticket: { priority: 'urgent' }, record: { priority: 'low' }, case: { priority: 'high' } })).toEqual(
			nothing,
		);
	});
});

describe('what changed decides', () => {
	test('only remote changed: the case takes it', () => {
		expect(merge({ ticket: { subject: 'The tent is dry' } })).toEqual({
			...nothing,
			wrote: { subject: 'The tent is dry' },
			changes: [{ field: 'subject', from: 'The tent leaks', to: 'The tent is dry' }],
		});
	});

	test('only local changed: it stays local and is reported', () => {
		const pair = readyPair({ record: {}, case: { subject: 'Our own words' } });
		const plan = planPair(pair, KEY, settings);
		expect(includedOf(documentOf(plan), 'cases')).toEqual([]);
		expect(plan.skipped).toEqual([{ field: 'subject', reason: expect.stringContaining('OroCRM') }]);
		expect(plan.conflicts).toEqual([]);
	});

	test('both changed to equal values: only the base moves', () => {
		const pair = readyPair({
			ticket: { status: 'hold', subject: 'Same' },
			record: {},
			case: { status: 'in_progress', subject: 'Same' },
		});
		const plan = planPair(pair, KEY, settings);
		expect(includedOf(documentOf(plan), 'cases')).toEqual([]);
		expect(plan.conflicts).toEqual([]);
		expect(documentOf(plan).data.relationships?.status).toEqual({
			data: { type: 'zendeskticketstatuses', id: 'hold' },
		});
		expect(documentOf(plan).data.attributes?.subject).toBe('Same');
	});

	test('both changed to different values: a conflict, remote wins, reported with both values, the base and the winner', () => {
		const result = merge({ ticket: { subject: 'Theirs' }, case: { subject: 'Ours' } });
		expect(result.wrote).toEqual({ subject: 'Theirs' });
		expect(result.conflicts).toEqual([
			{ field: 'subject', remote: 'Theirs', local: 'Ours', base: 'The tent leaks', winner: 'remote' },
		]);
	});

	test('each field is decided by itself', () => {
		const result = merge({
			ticket: { subject: 'Theirs', priority: 'urgent' },
			case: { subject: 'Ours', status: 'closed' },
		});
		expect(result.wrote).toEqual({ subject: 'Theirs', priority: 'high' });
		expect(result.conflicts.map(({ field }) => field)).toEqual(['subject']);
		expect(result.skipped).toEqual(['status']);
	});

	test('nothing changed: nothing is written to the case', () => {
		expect(merge({})).toEqual(nothing);
	});

	test('description, source, reported at and owner are never merged', () => {
		const result = merge({
			ticket: { description: 'New', via: { channel: 'web' }, created_at: '2020-01-01T00:00:00Z' },
			case: { description: 'Old', source: 'phone', owner: '3' },
		});
		expect(result).toEqual(nothing);
	});

	test('a value that has no word in the tables leaves the case alone', () => {
		expect(
			merge({ ticket: { status: 'frozen', priority: 'sky-high' }, case: { status: 'resolved', priority: 'high' } })
				.wrote,
		).toEqual({});
	});
});

describe('subject', () => {
	test('an empty one is N/A in the case, and that is no difference', () => {
		expect(merge({ ticket: { subject: '' }, record: { subject: null }, case: { subject: 'N/A' } })).toEqual(nothing);
	});

	test('one that was cut is no difference', () => {
		const long = 'x'.repeat(300);
		expect(
			merge({
				ticket: { subject: long },
				record: { subject: long.slice(0, 255) },
				case: { subject: long.slice(0, 255) },
			}),
		).toEqual(nothing);
	});

	test('a builder’s own subject for the case is written when the ticket’s changes, and not taken for an edit afterwards', () => {
		const pair = readyPair({ ticket: { subject: 'Dry' }, record: {}, case: {} });
		pair.mapped.case.subject = '[shop] Dry';
		expect(mergeOf(pair).wrote).toEqual({ subject: '[shop] Dry' });
		const after = readyPair({
			ticket: { subject: 'Dry' },
			record: { subject: 'Dry' },
			case: { subject: '[shop] Dry' },
		});
		after.mapped.case.subject = '[shop] Dry';
		expect(mergeOf(after)).toEqual(nothing);
	});
});

describe('assignee → assigned to', () => {
	test('another assignee: the case follows', () => {
		expect(merge({ ticket: { assignee_id: BEN } })).toMatchObject({ wrote: { assignedTo: '12' }, conflicts: [] });
	});

	test('no assignee any more: the owner', () => {
		expect(merge({ ticket: { assignee_id: null } })).toMatchObject({ wrote: { assignedTo: OWNER }, conflicts: [] });
	});

	test('first assignee of a case that the owner had', () => {
		expect(
			merge({ ticket: { assignee_id: BEN }, record: { assignee: null }, case: { assignedTo: OWNER } }),
		).toMatchObject({ wrote: { assignedTo: '12' }, conflicts: [] });
	});

	test('reassigned in OroCRM only: it stays and is reported', () => {
		expect(merge({ case: { assignedTo: '12' } })).toMatchObject({ wrote: {}, skipped: ['assignedTo'] });
	});

	test('reassigned on both sides to the same person: nothing', () => {
		expect(merge({ ticket: { assignee_id: BEN }, case: { assignedTo: '12' } })).toEqual(nothing);
	});

	test('reassigned on both sides to different people: a conflict', () => {
		expect(merge({ ticket: { assignee_id: BEN }, case: { assignedTo: '13' } })).toMatchObject({
			wrote: { assignedTo: '12' },
			conflicts: [{ field: 'assignedTo', remote: '12', local: '13', base: '11' }],
		});
	});

	test('given to the owner in OroCRM, to another agent in Zendesk: a conflict, though the former agent is no longer looked up', () => {
		const others = people();
		delete others[ANNA];
		expect(
			merge({ ticket: { assignee_id: BEN }, case: { assignedTo: OWNER }, resolved: { people: others } }),
		).toMatchObject({
			wrote: { assignedTo: '12' },
			conflicts: [{ field: 'assignedTo', remote: '12', local: OWNER, base: '11', winner: 'remote' }],
		});
	});

	test('an agent who got an OroCRM user since then: the case stays with the owner until the ticket changes hands', () => {
		const result = merge({ record: { assignee: { ...rows.anna(), relatedUser: OWNER } }, case: { assignedTo: OWNER } });
		expect(result.conflicts).toEqual([]);
	});
});

describe('requester → related contact', () => {
	const withNew = () => ({
		...people(),
		7002: { ...people()[REQUESTER], zendeskUserId: 7002, row: { id: '72' }, contact: { id: '42' }, account: '62' },
	});

	test('another requester: the case takes the contact and its account', () => {
		expect(merge({ ticket: { requester_id: 7002 }, resolved: { people: withNew() } })).toMatchObject({
			wrote: { relatedContact: '42', relatedAccount: '62' },
			conflicts: [],
		});
	});

	test('another contact in OroCRM only: it stays and is reported', () => {
		expect(merge({ case: { relatedContact: '99' } })).toMatchObject({ wrote: {}, skipped: ['relatedContact'] });
	});

	test('changed on both sides: a conflict', () => {
		expect(
			merge({ ticket: { requester_id: 7002 }, resolved: { people: withNew() }, case: { relatedContact: '99' } }),
		).toMatchObject({
			wrote: { relatedContact: '42' },
			conflicts: [{ field: 'relatedContact', remote: '42', local: '99', base: '41', winner: 'remote' }],
		});
	});

	test('changed on both sides to the same contact: nothing', () => {
		expect(
			merge({ ticket: { requester_id: 7002 }, resolved: { people: withNew() }, case: { relatedContact: '42' } }),
		).toEqual(nothing);
	});

	test('a case that had no contact, because the former requester has none: taking the new one is no conflict', () => {
		const base = row({ id: '70', originId: '7000' });
		expect(
			merge({
				ticket: { requester_id: 7002 },
				record: { requester: base },
				resolved: { people: withNew() },
				case: { relatedContact: null },
			}),
		).toMatchObject({
			wrote: { relatedContact: '42' },
			conflicts: [],
		});
	});

	test('a requester without a contact is no edit in OroCRM', () => {
		const none = people();
		none[REQUESTER] = { ...none[REQUESTER], contact: null, account: null };
		expect(
			merge({
				record: { requester: row({ id: '71', originId: String(REQUESTER) }) },
				resolved: { people: none },
				case: { relatedContact: null },
			}),
		).toEqual(nothing);
	});

	test('contacts merged in OroCRM: the link that OroCRM has now counts', () => {
		const now = people();
		now[REQUESTER] = { ...now[REQUESTER], contact: { id: '44' } };
		expect(
			merge({
				record: { requester: { ...rows.requester(), relatedContact: '44' } },
				resolved: { people: now },
				case: { relatedContact: '44' },
			}),
		).toEqual(nothing);
	});
});

describe('custom statuses', () => {
	const tables = { ...defaultTables, status: { ...defaultTables.status, 501: 'resolved', 502: 'in_progress' } };

	test('changed within its category: the case follows, for the record does not hold the former one', () => {
		expect(
			merge({ ticket: { status: 'open', custom_status_id: 502 }, case: { status: 'resolved' }, tables }),
		).toMatchObject({ wrote: { status: 'in_progress' }, skipped: [] });
	});

	test('solved with a custom status of another meaning: the case follows, though Resolved stands for solved', () => {
		expect(
			merge({ ticket: { status: 'solved', custom_status_id: 502 }, case: { status: 'resolved' }, tables }),
		).toMatchObject({ wrote: { status: 'in_progress' } });
	});

	test('changed with its category: the case follows', () => {
		expect(merge({ ticket: { status: 'pending', custom_status_id: 501 }, tables })).toMatchObject({
			wrote: { status: 'resolved' },
		});
	});

	test('the case has it already: nothing', () => {
		expect(
			merge({ ticket: { status: 'open', custom_status_id: 502 }, case: { status: 'in_progress' }, tables }),
		).toEqual(nothing);
	});

	test('one that is not in the table goes by its category', () => {
		expect(merge({ ticket: { status: 'hold', custom_status_id: 999 }, tables })).toMatchObject({
			wrote: { status: 'in_progress' },
		});
	});
});

describe('edited tables', () => {
	test('what counts as equal follows the tables', () => {
		const tables = { ...defaultTables, caseStatus: { ...defaultTables.caseStatus, resolved: 'pending' } };
		expect(merge({ ticket: { status: 'pending' }, case: { status: 'resolved' }, tables })).toEqual(nothing);
		expect(merge({ ticket: { status: 'pending' }, case: { status: 'resolved' } }).wrote).toEqual({
			status: 'in_progress',
		});
	});
});

describe('custom fields have one direction: the case takes the ticket’s value where it differs', () => {
	const parts = (present: unknown, value: unknown, kind: 'text' | 'date' | 'option' = 'text'): PairParts => ({
		ticket: { custom_fields: [{ id: 360, value }] },
		case: { fields: { level: present } },
		fields: [{ ticketField: '360', caseField: 'level', kind, ...(kind === 'option' ? { relatedType: 'levels' } : {}) }],
	});

	test.each([
		['gold', 'silver', { level: 'silver' }],
		['gold', null, { level: null }],
		['gold', 'gold', {}],
		[7, '7', {}],
		[null, '', {}],
	])('case %j, ticket %j', (present, value, expected) => {
		expect(merge(parts(present, value)).wrote).toEqual(expected);
	});

	test('the same second in another form is no difference', () => {
		expect(merge(parts('2026-12-24T00:00:00Z', '2026-12-24', 'date')).wrote).toEqual({});
	});

	test('an option is a link', () => {
		expect(merge(parts('gold', 'silver', 'option')).wrote).toEqual({ level: 'silver' });
		expect(merge(parts('gold', null, 'option')).wrote).toEqual({ level: null });
	});
});

describe('the record is lost (no base)', () => {
	test('the case keeps what it has, and only the record is made again', () => {
		const plan = planPair(
			readyPair({ ticket: { subject: 'Theirs', status: 'solved' }, case: { subject: 'Ours', status: 'open' } }),
			KEY,
			settings,
		);
		expect(plan.outcome).toBe('updated');
		expect(plan.write?.kind).toBe('create');
		expect(includedOf(documentOf(plan), 'cases')).toEqual([]);
		expect(documentOf(plan).data.relationships?.relatedCase).toEqual({ data: { type: 'cases', id: '301' } });
	});

	test('a case that was found without its key gets it', () => {
		const plan = planPair(readyPair({ case: { externalId: null } }), KEY, settings);
		expect(includedOf(documentOf(plan), 'cases')).toEqual([
			{ type: 'cases', id: '301', meta: { update: true }, attributes: { externalId: KEY } },
		]);
	});
});

describe('mergeField', () => {
	const field = (values: Partial<MergeField<string, string>>): MergeField<string, string> => ({
		field: 'subject',
		remote: 'a',
		base: 'a',
		local: 'a',
		toLocal: (value) => value,
		toRemote: (value) => value,
		...values,
	});
	const twoWay = (winner: 'remote' | 'local'): MergeRules => ({ twoWay: true, winner });

	test('without a base every difference is a conflict without a base', () => {
		expect(mergeField(field({ base: undefined, remote: 'r', local: 'l' }), oneWay)).toEqual({
			toCase: { value: 'r' },
			conflict: { field: 'subject', remote: 'r', local: 'l', base: null, winner: 'remote' },
		});
	});

	test('without a base equal values are left alone', () => {
		expect(mergeField(field({ base: undefined }), oneWay)).toEqual({});
	});

	test('one way: remote wins, whatever the setting says', () => {
		const merged = mergeField(field({ remote: 'r', local: 'l' }), { twoWay: false, winner: 'local' });
		expect(merged).toMatchObject({ toCase: { value: 'r' }, conflict: { winner: 'remote' } });
		expect(merged.toTicket).toBeUndefined();
	});

	test('two way: a local change goes to the ticket', () => {
		expect(mergeField(field({ local: 'l' }), twoWay('remote'))).toEqual({ toTicket: { value: 'l' } });
	});

	test('two way, remote wins a conflict', () => {
		expect(mergeField(field({ remote: 'r', local: 'l' }), twoWay('remote'))).toMatchObject({
			toCase: { value: 'r' },
			conflict: { winner: 'remote' },
		});
	});

	test('two way, local wins a conflict', () => {
		expect(mergeField(field({ remote: 'r', local: 'l' }), twoWay('local'))).toMatchObject({
			toTicket: { value: 'l' },
			conflict: { winner: 'local' },
		});
	});

	test('two way: a local value without a word in Zendesk stays local', () => {
		expect(mergeField(field({ local: 'l', toRemote: () => undefined }), twoWay('local'))).toEqual({ staysLocal: 'no word' });
		expect(mergeField(field({ remote: 'r', local: 'l', toRemote: () => undefined }), twoWay('local'))).toMatchObject({
			staysLocal: 'no word',
			conflict: { winner: 'local' },
		});
	});

	test('one way never gives anything to the ticket', () => {
		const values = ['a', 'b', 'c'];
		for (const remote of values)
			for (const base of [...values, undefined])
				for (const local of values) expect(mergeField(field({ remote, base, local }), oneWay).toTicket).toBeUndefined();
	});
});

test('people who have no row yet: an assignee is found by the new row’s name only in this request', () => {
	const made = people();
	made[BEN] = { ...made[BEN], row: { create: `row:${BEN}` } };
	const plan = planPair(
		readyPair({ ticket: { assignee_id: BEN }, record: {}, case: {}, resolved: { people: made } }),
		KEY,
		settings,
	);
	expect(documentOf(plan).data.relationships?.assignee).toEqual({ data: { type: 'zendeskusers', id: `row:${BEN}` } });
	const changed = includedOf(documentOf(plan), 'cases')[0] as {
		relationships?: Record<string, unknown>;
	} & Partial<OroCase>;
	expect(changed.relationships?.assignedTo).toEqual({ data: { type: 'users', id: '12' } });
	expect(user({ id: BEN }).id).toBe(BEN);
});
