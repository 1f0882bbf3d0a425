import fc from 'fast-check';
import { defaultTables } from '../../sync/field-maps';
import { mapPair } from '../../sync/map-pair';
import { withSentBase } from '../../sync/merge-pair';
import { planPair } from '../../sync/plan-pair';
import type { PublishSettings, ReadyPair } from '../../sync/plan';
import type { ReconciledField, Winner } from '../../sync/reconcile';
import { applied } from '../unit/support/apply';
import { ANNA, BEN, KEY, OWNER, people, person, readyPair, REQUESTER, rows, settings } from '../unit/support/examples';
import type { PairParts } from '../unit/support/examples';

/** The second requester, contact 42. */
const OTHER = 7002;
const DEFAULT_USER = 8100;

const zendesk = {
	defaultEmail: '',
	defaultUser: DEFAULT_USER,
	users: {
		'11': { id: ANNA, name: 'Anna', email: null },
		'12': { id: BEN, name: 'Ben', email: null },
		'13': { id: null, name: 'Cora', email: null },
		[OWNER]: { id: null, name: 'Olga', email: null },
	},
	contacts: { '41': { id: REQUESTER, name: 'Maria', email: null }, '42': { id: OTHER, name: 'Joe', email: null } },
};

const everybody = {
	...people(),
	[OTHER]: person({ zendeskUserId: OTHER, row: { id: '72' }, contact: { id: '42' } }),
	[DEFAULT_USER]: person({ zendeskUserId: DEFAULT_USER, role: 'agent', row: { id: '83' }, user: OWNER, foundBy: 'owner' }),
};

const status = fc.constantFrom('new', 'open', 'pending', 'hold', 'solved', 'closed');
const priority = fc.constantFrom('low', 'normal', 'high', 'urgent', null);
const subject = fc.constantFrom('The tent leaks', 'A', 'B', 'N/A');

const parts: fc.Arbitrary<PairParts> = fc.record({
	ticket: fc.record({ status, priority, subject, assignee_id: fc.constantFrom(ANNA, BEN, DEFAULT_USER, null), requester_id: fc.constantFrom(REQUESTER, OTHER) }),
	record: fc.record({
		status: status.filter((one) => one !== 'closed'),
		priority,
		subject,
		assignee: fc.constantFrom(rows.anna(), rows.ben(), null),
		requester: fc.constant(rows.requester()),
	}),
	case: fc.record({
		status: fc.constantFrom('open', 'in_progress', 'resolved', 'closed'),
		priority: fc.constantFrom('low', 'normal', 'high'),
		subject,
		assignedTo: fc.constantFrom('11', '12', '13', OWNER, null),
		relatedContact: fc.constantFrom('41', '42'),
	}),
});

const winner = fc.constantFrom<Winner[]>('remote', 'local');
const rules = fc.record({
	twoWay: fc.constant(true),
	winner,
	winners: fc.dictionary(fc.constantFrom<ReconciledField[]>('subject', 'status', 'priority', 'assignedTo', 'relatedContact'), winner, { maxKeys: 3 }),
});

function pairFrom(given: PairParts): ReadyPair {
	return readyPair({ ...given, resolved: { people: everybody, zendesk } });
}

/** The pair after a request to the ticket, as the next look finds it. */
function sent(pair: ReadyPair, chosen: PublishSettings): ReadyPair | undefined {
	const { ticketWrite } = planPair(pair, KEY, chosen);
	if (!ticketWrite) return undefined;
	const ticket = { ...pair.ticket, ...ticketWrite.changes.attributes };
	const mapped = mapPair({ ticket, case: pair.case }, defaultTables, []) as ReadyPair['mapped'];
	return { ...pair, ticket, mapped, base: pair.record ? withSentBase(pair.base ?? pair.record, ticketWrite.changes.sent) : undefined };
}

function settle(given: PairParts, chosen: PublishSettings): { pair: ReadyPair; ticketWrites: number } {
	let pair = pairFrom(given);
	let ticketWrites = 0;
	for (let next = sent(pair, chosen); next; next = sent(pair, chosen)) {
		pair = next;
		if (++ticketWrites > 3) break;
	}
	const after = applied(pair, planPair(pair, KEY, chosen));
	const mapped = mapPair(after, defaultTables, []) as ReadyPair['mapped'];
	return { pair: { ...after, mapped, base: undefined }, ticketWrites };
}

describe('two ways, for any ticket, base and case, under any rules', () => {
	test('one request to the ticket at most, and after it nothing more to write on either side', () => {
		fc.assert(
			fc.property(parts, rules, (given, chosen) => {
				const with_ = { ...settings, rules: chosen };
				const { pair, ticketWrites } = settle(given, with_);
				expect(ticketWrites).toBeLessThanOrEqual(1);
				const second = planPair(pair, KEY, with_);
				expect(second.ticketWrite).toBeNull();
				expect(second.write).toBeNull();
				expect(second.changes).toEqual([]);
				expect(second.conflicts).toEqual([]);
			}),
			{ numRuns: 3000 },
		);
	});

	test('afterwards both sides say the same, as far as the ticket can be written', () => {
		fc.assert(
			fc.property(parts, rules, (given, chosen) => {
				const { pair } = settle(given, { ...settings, rules: chosen });
				if (pair.ticket.status === 'closed') return;
				const { status: ofTicket, priority: ofTicketPriority } = pair.mapped.case;
				const { status: ofCase, priority: ofCasePriority } = pair.mapped.ticket!;
				expect(pair.case?.subject).toBe(pair.mapped.case.subject);
				expect(pair.case?.status === ofTicket || pair.ticket.status === ofCase).toBe(true);
				expect(pair.case?.priority === ofTicketPriority || pair.ticket.priority === ofCasePriority).toBe(true);
			}),
			{ numRuns: 1000 },
		);
	});

	test('a value that only one side changed is never lost', () => {
		fc.assert(
			fc.property(parts, rules, fc.boolean(), (given, chosen, remote) => {
				const base = given.record?.subject ?? 'The tent leaks';
				const edited = { ...given, ticket: { ...given.ticket, status: 'open', subject: remote ? 'Edited' : base }, case: { ...given.case, subject: remote ? base : 'Edited' } };
				const { pair } = settle(edited, { ...settings, rules: chosen });
				expect([pair.ticket.subject, pair.case?.subject]).toEqual(['Edited', 'Edited']);
			}),
			{ numRuns: 1000 },
		);
	});

	test('a conflict is won by the side that the rules name for its field', () => {
		fc.assert(
			fc.property(parts, rules, (given, chosen) => {
				const edited = { ...given, ticket: { ...given.ticket, status: 'open', subject: 'Remote' }, record: { ...given.record, subject: 'Base' }, case: { ...given.case, subject: 'Local' } };
				const { pair } = settle(edited, { ...settings, rules: chosen });
				const wanted = (chosen.winners.subject ?? chosen.winner) === 'remote' ? 'Remote' : 'Local';
				expect([pair.ticket.subject, pair.case?.subject]).toEqual([wanted, wanted]);
			}),
			{ numRuns: 500 },
		);
	});
});
