import fc from 'fast-check';

/** What happens in one step of a sequence: somebody edits something, or a trigger looks. */
export type Action =
	| { kind: 'new ticket'; requester: number; status: string; priority: string | null }
	| { kind: 'new case'; contact: number; status: string; priority: string }
	| { kind: 'edit ticket'; which: number; changes: Partial<Record<'subject' | 'status' | 'priority', string | null>> }
	| { kind: 'edit case'; which: number; changes: Partial<Record<'subject' | 'status' | 'priority', string>> }
	| { kind: 'assign ticket'; which: number; agent: number | null }
	| { kind: 'assign case'; which: number; user: number }
	| { kind: 'ask for somebody else'; which: number; side: 'ticket' | 'case'; person: number }
	| { kind: 'comment on ticket'; which: number; open: boolean }
	| { kind: 'comment on case'; which: number; open: boolean; by: 'user' | 'stranger' | 'contact' }
	| { kind: 'close ticket'; which: number }
	| { kind: 'delete ticket'; which: number }
	| { kind: 'delete case'; which: number }
	| { kind: 'delete record'; which: number }
	| { kind: 'wait'; seconds: number }
	/** `dies`: after how many requests the process is gone, if at all. `repeats`: the batch comes once more, though it went well. */
	| { kind: 'look'; trigger: 'zendesk' | 'orocrm' | 'both'; dies: number | null; repeats: boolean };

const which = fc.nat({ max: 4 });
const person = fc.nat({ max: 2 });
const ticketStatus = fc.constantFrom('new', 'open', 'pending', 'hold', 'solved');
const caseStatus = fc.constantFrom('open', 'in_progress', 'resolved', 'closed');
const ticketPriority = fc.constantFrom('low', 'normal', 'high', 'urgent', null);
const casePriority = fc.constantFrom('low', 'normal', 'high');
/** Few of them, so that both sides come to the same by chance now and then. */
const subject = fc.constantFrom('A', 'B', 'C', 'Printer on fire');

const look: fc.Arbitrary<Action> = fc.record({
	kind: fc.constant('look' as const),
	trigger: fc.constantFrom<('zendesk' | 'orocrm' | 'both')[]>('zendesk', 'orocrm', 'both'),
	dies: fc.option(fc.integer({ min: 1, max: 25 }), { freq: 3, nil: null }),
	repeats: fc.boolean(),
});

const edit: fc.Arbitrary<Action> = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ kind: fc.constant('edit ticket' as const), which, changes: fc.record({ subject, status: ticketStatus, priority: ticketPriority }, { requiredKeys: [] }) }) },
	{ weight: 4, arbitrary: fc.record({ kind: fc.constant('edit case' as const), which, changes: fc.record({ subject, status: caseStatus, priority: casePriority }, { requiredKeys: [] }) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('assign ticket' as const), which, agent: fc.option(person) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('assign case' as const), which, user: fc.nat({ max: 3 }) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('ask for somebody else' as const), which, side: fc.constantFrom<('ticket' | 'case')[]>('ticket', 'case'), person }) },
	{ weight: 3, arbitrary: fc.record({ kind: fc.constant('comment on ticket' as const), which, open: fc.boolean() }) },
	{ weight: 3, arbitrary: fc.record({ kind: fc.constant('comment on case' as const), which, open: fc.boolean(), by: fc.constantFrom<('user' | 'stranger' | 'contact')[]>('user', 'stranger', 'contact') }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constantFrom<('close ticket' | 'delete ticket' | 'delete case' | 'delete record')[]>('close ticket', 'delete ticket', 'delete case', 'delete record'), which }) },
);

const begin: fc.Arbitrary<Action> = fc.oneof(
	fc.record({ kind: fc.constant('new ticket' as const), requester: person, status: ticketStatus, priority: ticketPriority }),
	fc.record({ kind: fc.constant('new case' as const), contact: person, status: caseStatus, priority: casePriority }),
);

const wait: fc.Arbitrary<Action> = fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(0, 1, 5, 70, 200) });

/** A sequence: something to work on first, then edits, pauses and looks in any order. */
export const sequence: fc.Arbitrary<Action[]> = fc
	.tuple(fc.array(begin, { minLength: 1, maxLength: 2 }), fc.array(fc.oneof({ weight: 5, arbitrary: edit }, { weight: 2, arbitrary: wait }, { weight: 4, arbitrary: look }, { weight: 1, arbitrary: begin }), { minLength: 3, maxLength: 14 }))
	.map(([first, then]) => [...first, ...then]);
