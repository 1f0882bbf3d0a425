import { planPair } from '../../../sync/plan-pair';
import { ticketState } from '../../../sync/ticket-state';
import { caseComment, comment, KEY, readyPair, settings, ticket } from '../support/examples';
import { documentOf, includedOf, linked, only } from '../support/documents';

describe('state of a ticket', () => {
	test.each([
		['live', { status: 'open' }],
		['live', { status: 'solved' }],
		['live', { status: 'open', tags: ['closed_by_merge'] }],
		['closed', { status: 'closed' }],
		['closed', { status: 'closed', tags: undefined }],
		['merged', { status: 'closed', tags: ['vip', 'closed_by_merge'] }],
		['deleted', { status: 'deleted' }],
		['deleted', { status: 'deleted', subject: 'SCRUBBED', description: 'A word of its own' }],
		['scrubbed', { status: 'deleted', subject: 'SCRUBBED', description: 'X' }],
		['live', { status: 'open', subject: 'SCRUBBED', description: 'X' }],
	])('%s: %j', (state, values) => {
		expect(ticketState(ticket(values))).toBe(state);
	});
});

describe('closed', () => {
	test('a new one gets a closed case', () => {
		expect(
			linked(only(documentOf(planPair(readyPair({ ticket: { status: 'closed' } }), KEY, settings)), 'cases'), 'status'),
		).toBe('closed');
	});

	test('a local change stays local and is reported', () => {
		const plan = planPair(
			readyPair({ ticket: { status: 'closed' }, record: { status: 'closed' }, case: { status: 'open' } }),
			KEY,
			settings,
		);
		expect(plan.skipped.map(({ field }) => field)).toEqual(['status']);
		expect(includedOf(documentOf(plan), 'cases')).toEqual([]);
	});
});

describe('deleted', () => {
	const deleted = { status: 'deleted', updated_at: '2026-11-22T00:00:00Z', comments: [comment({ id: 1 })] };
	const scrubbed = { ...deleted, subject: 'SCRUBBED', description: 'X' };

	test.each([deleted, scrubbed])('without a case: skipped, nothing is made', (values) => {
		for (const rest of [{}, { record: { relatedCase: null } }]) {
			const plan = planPair(readyPair({ ticket: values, ...rest }), KEY, { ...settings, deletedCases: 'recreate' });
			expect(plan).toMatchObject({ outcome: 'skipped', write: null, skipped: [{ field: 'ticket' }] });
		}
	});

	test.each([deleted, scrubbed])('setting "leave": the case is left, only the record learns of it', (values) => {
		const plan = planPair(readyPair({ ticket: values, record: {}, case: {} }), KEY, settings);
		const document = documentOf(plan);
		expect(plan.outcome).toBe('skipped');
		expect(document.included).toBeUndefined();
		expect(document.data.attributes).toEqual({ originUpdatedAt: '2026-11-22T00:00:00Z' });
		expect(JSON.stringify(document)).not.toMatch(/SCRUBBED|"X"/);
	});

	test.each([deleted, scrubbed])(
		'setting "close": the case is closed, never deleted, and keeps its words',
		(values) => {
			const plan = planPair(readyPair({ ticket: values, record: {}, case: {} }), KEY, {
				...settings,
				deletedTickets: 'close',
			});
			const document = documentOf(plan);
			expect(plan).toMatchObject({ outcome: 'updated', changes: [{ field: 'status', from: 'open', to: 'closed' }] });
			expect(document.included).toEqual([
				{
					type: 'cases',
					id: '301',
					meta: { update: true },
					relationships: { status: { data: { type: 'casestatuses', id: 'closed' } } },
				},
			]);
			expect(JSON.stringify(document)).not.toMatch(/SCRUBBED|"X"/);
		},
	);

	test.each(['leave', 'close'] as const)('setting "%s": a second look writes nothing', (deletedTickets) => {
		const plan = planPair(
			readyPair({ ticket: deleted, record: { originUpdatedAt: '2026-11-22T00:00:00Z' }, case: { status: 'closed' } }),
			KEY,
			{ ...settings, deletedTickets },
		);
		expect(plan).toMatchObject({ outcome: 'unchanged', write: null });
	});

	test('a restored one takes its place again', () => {
		const plan = planPair(
			readyPair({ ticket: { status: 'open' }, record: { status: 'closed' }, case: { status: 'closed' } }),
			KEY,
			settings,
		);
		expect(plan.changes).toEqual([{ field: 'status', from: 'closed', to: 'open' }]);
		expect(plan.conflicts).toEqual([]);
	});
});

describe('merged', () => {
	const merged = { status: 'closed', tags: ['closed_by_merge'] };

	test('the case is closed, and the result says why', () => {
		const plan = planPair(readyPair({ ticket: merged, record: {}, case: {} }), KEY, settings);
		expect(plan.changes).toEqual([{ field: 'status', from: 'open', to: 'closed' }]);
		expect(plan.notes.join(' ')).toMatch(/merged/i);
	});

	test('no case is made twice', () => {
		const plan = planPair(readyPair({ ticket: merged, record: {}, case: {} }), KEY, settings);
		expect(plan.write?.kind).toBe('update');
		expect(includedOf(documentOf(plan), 'cases').every((one) => one.meta?.update)).toBe(true);
	});
});

describe('the case was deleted in OroCRM (the record stays)', () => {
	const parts = { record: { relatedCase: null } };

	test('not made again, reported as skipped', () => {
		expect(planPair(readyPair(parts), KEY, settings)).toMatchObject({
			outcome: 'skipped',
			write: null,
			skipped: [{ field: 'case', reason: expect.stringContaining('OroCRM') }],
		});
	});

	test('by setting it is made again, on the record that is there', () => {
		const plan = planPair(readyPair(parts), KEY, { ...settings, deletedCases: 'recreate' });
		expect(plan).toMatchObject({ outcome: 'created', write: { kind: 'update', recordId: '901' } });
		expect(documentOf(plan).data.id).toBe('901');
		expect(linked(documentOf(plan).data, 'relatedCase')).toBe(only(documentOf(plan), 'cases').id);
	});

	test('made again, its comments use the rows that stayed', () => {
		const pair = readyPair({
			...parts,
			ticket: { comments: [comment({ id: 1 })] },
			resolved: { commentRows: [{ id: '81', originId: '1', ticket: '901', relatedComment: null }] },
		});
		const document = documentOf(planPair(pair, KEY, { ...settings, deletedCases: 'recreate' }));
		expect(only(document, 'zendeskticketcomments')).toMatchObject({ id: '81', meta: { update: true } });
		expect(includedOf(document, 'casecomments')).toHaveLength(1);
	});
});

describe('the ticket record was deleted in OroCRM, the case is still there', () => {
	test('the record is made again for this case, which is left as it is', () => {
		const plan = planPair(readyPair({ case: { status: 'resolved' } }), KEY, settings);
		expect(plan).toMatchObject({
			outcome: 'updated',
			write: { kind: 'create' },
			changes: [{ field: 'ticket record' }],
		});
		expect(linked(documentOf(plan).data, 'relatedCase')).toBe('301');
		expect(includedOf(documentOf(plan), 'cases')).toEqual([]);
	});

	test('comments whose rows stayed are tied again and not copied a second time', () => {
		const pair = readyPair({
			ticket: { comments: [comment({ id: 1 })] },
			case: {},
			resolved: { commentRows: [{ id: '81', originId: '1', ticket: null, relatedComment: '91' }] },
		});
		const document = documentOf(planPair(pair, KEY, settings));
		expect(includedOf(document, 'casecomments')).toEqual([]);
		expect(linked(only(document, 'zendeskticketcomments'), 'ticket')).toBe(document.data.id);
	});

	test('comments without rows that the case has already are not copied a second time', () => {
		const pair = readyPair({
			ticket: { comments: [comment({ id: 1, body: 'Hello' })] },
			case: {},
			resolved: { adopting: true, caseComments: [caseComment({ id: '91', message: 'Hello' })] },
		});
		const document = documentOf(planPair(pair, KEY, settings));
		expect(includedOf(document, 'casecomments')).toEqual([]);
		expect(linked(only(document, 'zendeskticketcomments'), 'relatedComment')).toBe('91');
	});
});

describe('nothing changed', () => {
	test('since the record was written: nothing is written', () => {
		expect(planPair(readyPair({ record: {}, case: {}, resolved: { unchanged: true } }), KEY, settings)).toMatchObject({
			outcome: 'unchanged',
			write: null,
		});
	});
});

describe('what OroCRM’s own integration made is adopted', () => {
	test('the case gets its key, and the result says so', () => {
		const plan = planPair(readyPair({ record: {}, case: { externalId: null } }), KEY, settings);
		expect(only(documentOf(plan), 'cases')).toMatchObject({
			id: '301',
			meta: { update: true },
			attributes: { externalId: KEY },
		});
		expect(plan.notes.join(' ')).toMatch(/adopted/i);
	});

	test('not on a server without keys', () => {
		expect(
			includedOf(
				documentOf(
					planPair(
						readyPair({ record: {}, case: { externalId: undefined }, resolved: { keys: false } }),
						KEY,
						settings,
					),
				),
				'cases',
			),
		).toEqual([]);
	});

	test('it keeps its integration', () => {
		expect(
			linked(documentOf(planPair(readyPair({ record: { channel: '8' }, case: {} }), KEY, settings)).data, 'channel'),
		).toBe('8');
	});
});

describe('an older state (a repeated batch, a retry by hand)', () => {
	const later = { originUpdatedAt: '2026-11-21T09:30:01Z' };

	test('never overwrites a newer one', () => {
		const plan = planPair(
			readyPair({ ticket: { subject: 'Old', status: 'closed' }, record: later, case: {} }),
			KEY,
			settings,
		);
		expect(plan).toMatchObject({ outcome: 'unchanged', write: null, changes: [] });
	});

	test('nor does an old deletion close the case of a ticket that was restored', () => {
		const plan = planPair(readyPair({ ticket: { status: 'deleted' }, record: later, case: {} }), KEY, {
			...settings,
			deletedTickets: 'close',
		});
		expect(plan.write).toBeNull();
	});

	test('the same second is no older state', () => {
		expect(
			planPair(
				readyPair({ ticket: { subject: 'New' }, record: { originUpdatedAt: '2026-11-21T09:30:00Z' }, case: {} }),
				KEY,
				settings,
			).changes,
		).toHaveLength(1);
	});
});

describe('the key of the case', () => {
	const updated = (externalId: string | null | undefined) =>
		documentOf(planPair(readyPair({ record: {}, case: { externalId } }), KEY, settings));

	test.each([null, '', 'zd-0abcdef-34'])('%j: an empty one, or one of this sync, is set', (externalId) => {
		expect(only(updated(externalId), 'cases').attributes).toEqual({ externalId: KEY });
	});

	test.each(['ERP-17', 'zd-17', '17'])('%j of somebody else is never touched', (externalId) => {
		expect(includedOf(updated(externalId), 'cases')).toEqual([]);
		expect(includedOf(documentOf(planPair(readyPair({ case: { externalId } }), KEY, settings)), 'cases')).toEqual([]);
	});

	test('comes with the last of the comments: it says that nothing is missing any more', () => {
		const pair = readyPair({
			ticket: { comments: [comment({ id: 1 }), comment({ id: 2 })] },
			record: {},
			case: { externalId: null },
		});
		expect(includedOf(documentOf(planPair(pair, KEY, { ...settings, commentsPerWrite: 1 })), 'cases')).toEqual([]);
	});
});

describe('what the result says', () => {
	test('who is stood in for by the owner', () => {
		const pair = readyPair();
		pair.resolved.people['8001'] = { ...pair.resolved.people['8001'], user: '1', foundBy: 'owner' };
		expect(planPair(pair, KEY, settings).notes.join(' ')).toContain('Anna Keller');
	});

	test('what the case takes, in one sentence', () => {
		const pair = readyPair({
			ticket: { subject: 'Dry', priority: 'high', comments: [comment({ id: 1 }), comment({ id: 2 })] },
			record: {},
			case: {},
		});
		expect(planPair(pair, KEY, settings).summary).toBe(
			'Case 301 takes subject, priority and 2 comments from ticket 35.',
		);
	});
});
