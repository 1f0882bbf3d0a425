import fc from 'fast-check';
import { planPair } from '../../sync/plan-pair';
import { applied } from '../unit/support/apply';
import { ANNA, BEN, KEY, OWNER, readyPair, REQUESTER, row, rows, settings } from '../unit/support/examples';
import type { PairParts } from '../unit/support/examples';

const status = fc.constantFrom('new', 'open', 'pending', 'hold', 'solved', 'closed');
const priority = fc.constantFrom('low', 'normal', 'high', 'urgent', null);
const subject = fc.oneof(
	fc.constantFrom('The tent leaks', '', 'N/A', 'x'.repeat(300)),
	fc.string({ unit: 'binary', maxLength: 300 }),
);
const assignee = fc.constantFrom<number | null>(ANNA, BEN, null);
const customStatus = fc.option(fc.constantFrom(501, 502, 503), { nil: null });

const parts: fc.Arbitrary<PairParts> = fc.record({
	ticket: fc.record({ status, priority, subject, assignee_id: assignee, custom_status_id: customStatus }),
	record: fc.record({
		status: fc.option(status, { nil: null }),
		priority,
		subject: fc.oneof(fc.constant('The tent leaks'), fc.constant(null), fc.string({ maxLength: 20 })),
		assignee: fc.constantFrom(rows.anna(), rows.ben(), null),
		requester: fc.constantFrom(rows.requester(), row({ id: '70', originId: '7000' }), null),
		externalId: fc.constant(null),
	}),
	case: fc.record({
		status: fc.constantFrom('open', 'in_progress', 'resolved', 'closed'),
		priority: fc.constantFrom('low', 'normal', 'high'),
		subject: fc.oneof(fc.constantFrom('The tent leaks', 'N/A'), fc.string({ minLength: 1, maxLength: 20 })),
		assignedTo: fc.constantFrom('11', '12', '13', OWNER, null),
		relatedContact: fc.constantFrom('41', '99', null),
		externalId: fc.constantFrom(KEY, null),
	}),
});
const tables = fc.constantFrom(undefined, { 501: 'resolved', 502: 'in_progress' });

describe('after a reconcile a second one with no edit in between writes nothing to the case', () => {
	test('for any ticket, base and case', () => {
		fc.assert(
			fc.property(parts, tables, (given, custom) => {
				const pair = readyPair(given);
				if (custom) {
					pair.mapped.tables = { ...pair.mapped.tables, status: { ...pair.mapped.tables.status, ...custom } };
					pair.mapped.case.status = custom[pair.ticket.custom_status_id as 501] ?? pair.mapped.case.status;
				}
				const first = planPair(pair, KEY, settings);
				const after = applied(pair, first);
				const second = planPair(after, KEY, settings);
				expect(second.changes).toEqual([]);
				expect(second.conflicts).toEqual([]);
				expect(second.write?.document.included ?? []).toEqual([]);
				expect(applied(after, second).case).toEqual(after.case);
				expect(applied(after, second).record).toEqual(after.record);
			}),
			{ numRuns: 2000 },
		);
	});

	test('also right after the creation', () => {
		fc.assert(
			fc.property(parts, (given) => {
				const pair = readyPair({ ticket: given.ticket });
				const after = applied(pair, planPair(pair, KEY, settings));
				const second = planPair(after, KEY, settings);
				expect(second.outcome).toBe('unchanged');
				expect(second.write).toBeNull();
				expect(second.changes).toEqual([]);
				expect(second.conflicts).toEqual([]);
				expect(second.skipped).toEqual([]);
			}),
			{ numRuns: 500 },
		);
	});
});

describe('one way', () => {
	test('every conflict is won by the ticket, and names both values', () => {
		fc.assert(
			fc.property(parts, (given) => {
				const pair = readyPair(given);
				const plan = planPair(pair, KEY, { ...settings, rules: { twoWay: false, winner: 'local' } });
				for (const conflict of plan.conflicts) {
					expect(conflict.winner).toBe('remote');
					expect(conflict.local).toEqual(pair.case?.[conflict.field as 'status']);
					expect(plan.changes).toContainEqual({ field: conflict.field, from: conflict.local, to: conflict.remote });
				}
			}),
			{ numRuns: 1000 },
		);
	});

	test('a field whose ticket value did not change is never written', () => {
		fc.assert(
			fc.property(parts, (given) => {
				const pair = readyPair(given);
				const same = { ...pair.record!, status: pair.ticket.status, priority: pair.ticket.priority, subject: 'same' };
				const plan = planPair(
					{ ...pair, ticket: { ...pair.ticket, subject: 'same', custom_status_id: null }, record: same },
					KEY,
					settings,
				);
				expect(plan.changes.map(({ field }) => field)).not.toEqual(
					expect.arrayContaining([expect.stringMatching(/^(status|priority|subject)$/)]),
				);
			}),
			{ numRuns: 500 },
		);
	});

	test('the requester’s contact is the only one that a case takes', () => {
		fc.assert(
			fc.property(parts, (given) => {
				const pair = readyPair(given);
				const change = planPair(pair, KEY, settings).changes.find(({ field }) => field === 'relatedContact');
				expect(change?.to ?? '41').toBe('41');
				expect(pair.ticket.requester_id).toBe(REQUESTER);
			}),
			{ numRuns: 200 },
		);
	});
});
