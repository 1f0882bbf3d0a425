import fc from 'fast-check';
import type { Resource, ResourceId, WriteDocument } from '../../orocrm/types';
import { defaultTables, mapTicket } from '../../sync/field-maps';
import { contactName, isStaff, newContactAttributes, rowName } from '../../sync/people';
import { planPair } from '../../sync/plan-pair';
import { asText } from '../../sync/text';
import type { PublishSettings, ReadyPair } from '../../sync/plan';
import type { Link, ResolvedPerson, TicketInPair } from '../../sync/pair';
import type { ZendeskUser } from '../../zendesk/types';
import { KEY, oroCase, OWNER, record, resolved, ticket } from '../unit/support/examples';

/** Longest texts of OroCRM's columns (orocrm-api.md §3); a longer one is a 500. */
const COLUMNS: Record<string, Record<string, number>> = {
	cases: { subject: 255, externalId: 36 },
	zendesktickets: { subject: 255, url: 255, externalId: 50, recipient: 100, originId: 19 },
	zendeskusers: {
		url: 255,
		externalId: 50,
		name: 255,
		ticketRestriction: 30,
		alias: 100,
		email: 255,
		phone: 50,
		timeZone: 30,
		locale: 30,
		originId: 19,
	},
	contacts: {
		namePrefix: 255,
		firstName: 100,
		middleName: 255,
		lastName: 100,
		nameSuffix: 255,
		primaryEmail: 255,
		primaryPhone: 255,
	},
	zendeskticketcomments: { originId: 19 },
};
const REQUIRED: Record<string, string[]> = { cases: ['subject'], casecomments: ['message'] };

const NASTY = [
	'',
	' ',
	'\u0000\u0007',
	'🏕️'.repeat(100),
	'x'.repeat(300),
	'שלום \u202e עולם',
	`${'x'.repeat(254)}🏕`,
	'\ud83c',
	'<b>&nbsp;</b>',
	'a\r\nb',
	'constructor',
	'__proto__',
];
const nasty = fc.oneof(
	{ weight: 10, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
	{ weight: 10, arbitrary: fc.constantFrom(...NASTY) },
	{ weight: 1, arbitrary: fc.nat({ max: 70_000 }).map((length) => 'ä'.repeat(length)) },
);
const wrong = fc.oneof(
	fc.constantFrom(null, undefined, true, 0, -1, 1.5, NaN, [], {}, [null], { a: [1] }),
	fc.jsonValue({ maxDepth: 2 }),
);
/** Mostly what the API gives, sometimes something else. */
const oftenText = fc.oneof({ weight: 6, arbitrary: nasty }, { weight: 1, arbitrary: wrong });
const date = fc.oneof(
	{ weight: 4, arbitrary: fc.constantFrom('2026-11-20T08:00:00Z', '2026-11-20T10:00:00.5+02:00', null) },
	{ weight: 1, arbitrary: oftenText },
);
const PEOPLE = [7001, 7002, 8001, 8002];
const personId = fc.constantFrom<number | null>(...PEOPLE, null, 9999);

const person = (id: number): fc.Arbitrary<ZendeskUser> =>
	fc
		.record(
			{
				name: oftenText,
				email: fc.oneof(fc.emailAddress(), oftenText),
				role: fc.constantFrom('end-user', 'agent', 'admin', 'visitor', undefined),
				phone: oftenText,
				external_id: oftenText,
				alias: oftenText,
				time_zone: oftenText,
				created_at: date,
				last_login_at: date,
			},
			{ requiredKeys: ['name', 'email', 'role'] },
		)
		.map((values) => ({ id, ...values }) as ZendeskUser);

const attachment = fc.oneof(
	fc.record({ id: fc.nat(), file_name: oftenText, content_url: oftenText, deleted: fc.boolean() }),
	wrong,
);
const oneComment = fc.record(
	{
		id: fc.integer({ min: 1, max: 8 }),
		author_id: fc.constantFrom(...PEOPLE, 9999),
		body: oftenText,
		html_body: oftenText,
		plain_body: oftenText,
		public: fc.oneof(fc.boolean(), wrong),
		created_at: date,
		attachments: fc.oneof(fc.array(attachment, { maxLength: 3 }), wrong),
	},
	{ requiredKeys: ['id', 'author_id'] },
);

const fuzzedTicket = fc
	.record(
		{
			url: oftenText,
			external_id: oftenText,
			via: fc.oneof(fc.record({ channel: oftenText }), wrong),
			created_at: date,
			type: fc.oneof(fc.constantFrom('question', 'incident', 'problem', 'task', 'chat', null), wrong),
			subject: oftenText,
			description: oftenText,
			priority: fc.oneof(fc.constantFrom('low', 'urgent', null, 'blocker'), wrong),
			status: fc.oneof(
				fc.constantFrom('new', 'open', 'pending', 'hold', 'solved', 'closed', 'deleted', 'frozen'),
				wrong,
			),
			recipient: oftenText,
			requester_id: personId,
			submitter_id: personId,
			assignee_id: personId,
			collaborator_ids: fc.oneof(fc.array(fc.constantFrom(...PEOPLE, 9999), { maxLength: 4 }), wrong),
			problem_id: fc.constantFrom(null, 12),
			has_incidents: fc.oneof(fc.boolean(), wrong),
			due_at: date,
			tags: fc.oneof(fc.constantFrom([], ['closed_by_merge']), wrong),
			custom_fields: fc.oneof(
				fc.array(fc.record({ id: fc.constantFrom(360, 361), value: oftenText }), { maxLength: 2 }),
				wrong,
			),
			custom_status_id: fc.oneof(fc.constantFrom(null, 501), wrong),
			comments: fc.oneof(fc.array(oneComment, { maxLength: 5 }), fc.constant(null)),
		},
		{ requiredKeys: ['requester_id', 'submitter_id', 'assignee_id'] },
	)
	.map((values) => ({ ...values, id: 35, updated_at: '2026-11-21T09:30:00Z' }));

/** What Resolve makes of a person: found or new, with or without a row. */
const resolution = fc.record({
	hasRow: fc.boolean(),
	hasContact: fc.boolean(),
	hasUser: fc.boolean(),
	rowLinked: fc.boolean(),
	account: fc.boolean(),
});

function resolve(
	user: ZendeskUser,
	given: { hasRow: boolean; hasContact: boolean; hasUser: boolean; rowLinked: boolean; account: boolean },
): ResolvedPerson {
	const staff = isStaff(user.role);
	const canBeMade = newContactAttributes(user) !== undefined;
	const contact: Link = given.hasContact ? { id: `4${user.id}` } : canBeMade ? { create: contactName(user) } : null;
	const row: Link = given.hasRow ? { id: `7${user.id}` } : { create: rowName(user.id) };
	const linked = given.hasRow && given.rowLinked && (given.hasContact || staff);
	return {
		zendeskUserId: user.id,
		name: asText(user.name),
		email: user.email,
		role: user.role ?? 'end-user',
		row,
		contact: staff && !given.hasContact ? null : contact,
		user: staff ? (given.hasUser ? '11' : OWNER) : null,
		foundBy: 'new',
		account: given.account && given.hasContact ? '61' : null,
		...(given.hasRow && !linked ? { fillsRow: true } : {}),
	};
}

const settings: fc.Arbitrary<PublishSettings> = fc.record({
	channel: fc.constantFrom('5', null),
	channelIsChosen: fc.boolean(),
	rules: fc.constant<PublishSettings['rules']>({ twoWay: false, winner: 'remote' }),
	deletedTickets: fc.constantFrom<PublishSettings['deletedTickets'][]>('leave', 'close'),
	deletedCases: fc.constantFrom<PublishSettings['deletedCases'][]>('leave', 'recreate'),
	closedTickets: fc.constant<PublishSettings['closedTickets']>('skip'),
	commentsSince: fc.constant(null),
	commentsPerWrite: fc.constantFrom<number[]>(1, 2, 100),
});

const fields = [
	{ ticketField: '360', caseField: 'level', kind: 'text' as const },
	{ ticketField: '361', caseField: 'count', kind: 'number' as const },
	{ ticketField: 'group_id', caseField: 'team', kind: 'option' as const, relatedType: 'teams' },
];

const commentRow = fc.record({
	id: fc.integer({ min: 800, max: 808 }).map(String),
	originId: fc.integer({ min: 1, max: 8 }).map(String),
	ticket: fc.constantFrom('901', null),
	relatedComment: fc.constantFrom(null, '91'),
});

interface Given {
	pair: ReadyPair;
	settings: PublishSettings;
}

const given: fc.Arbitrary<Given> = fc
	.record({
		fuzzed: fuzzedTicket,
		users: fc.tuple(...PEOPLE.map(person)),
		resolutions: fc.tuple(...PEOPLE.map(() => resolution)),
		state: fc.constantFrom('new', 'known', 'case lost', 'record lost'),
		rows: fc.uniqueArray(commentRow, { selector: (row) => row.id, maxLength: 4 }),
		keys: fc.boolean(),
		externalId: fc.constantFrom(KEY, null),
		problemRecord: fc.constantFrom(null, '77'),
		settings,
	})
	.map(({ fuzzed, users, resolutions, state, rows, keys, externalId, problemRecord, settings: chosen }) => {
		const one = { ...fuzzed, people: users } as unknown as TicketInPair;
		const mapped = mapTicket(one, defaultTables, fields);
		const people = Object.fromEntries(users.map((user, index) => [String(user.id), resolve(user, resolutions[index])]));
		const pair: ReadyPair = {
			origin: 'zendesk',
			ticket: one,
			record:
				state === 'known' || state === 'case lost' ? record({ relatedCase: state === 'known' ? '301' : null }) : null,
			case: state === 'known' || state === 'record lost' ? oroCase({ externalId }) : null,
			mapped: { case: mapped.case, ticket: null, tables: defaultTables, fields, notes: mapped.notes, caseNotes: [] },
			resolved: resolved({ people, keys, problemRecord, commentRows: state === 'new' ? null : rows }),
		};
		return { pair, settings: chosen };
	});

function forDocuments(check: (document: WriteDocument, pair: ReadyPair) => void, numRuns = 300): void {
	fc.assert(
		fc.property(given, ({ pair, settings: chosen }) => {
			const plan = planPair(pair, KEY, chosen);
			if (plan.write) check(plan.write.document, pair);
		}),
		{ numRuns },
	);
}

const all = (document: WriteDocument): Resource[] => [document.data, ...(document.included ?? [])];
const name = ({ type, id }: ResourceId) => `${type} ${id}`;
const targets = (resource: Resource): ResourceId[] =>
	Object.values(resource.relationships ?? {}).flatMap(({ data }) =>
		data === null ? [] : Array.isArray(data) ? data : [data],
	);
const isTemporary = (id: string) => !/^\d+$/.test(id);

describe('the request for any ticket, however odd', () => {
	test('is made without a crash, and is the same after JSON', () => {
		forDocuments((document) => expect(JSON.parse(JSON.stringify(document))).toStrictEqual(document));
	});

	test('every included record is connected with the primary one, in either direction', () => {
		forDocuments((document) => {
			const reached = new Set([name(document.data)]);
			for (let grown = true; grown; ) {
				grown = false;
				for (const resource of all(document)) {
					const own = name(resource);
					const others = targets(resource).map(name);
					if (
						reached.has(own) ||
						others.some((other) => reached.has(other) && all(document).some((one) => name(one) === other))
					) {
						for (const one of [own, ...others]) if (!reached.has(one)) grown = Boolean(reached.add(one));
					}
				}
			}
			expect(
				all(document)
					.map(name)
					.filter((one) => !reached.has(one)),
			).toEqual([]);
		});
	});

	test('has no empty attributes and no empty relationships', () => {
		forDocuments((document) => {
			for (const resource of all(document)) {
				if ('attributes' in resource) expect(Object.keys(resource.attributes ?? {})).not.toEqual([]);
				if ('relationships' in resource) expect(Object.keys(resource.relationships ?? {})).not.toEqual([]);
				for (const entry of Object.values(resource.relationships ?? {})) expect(entry.data).not.toBeUndefined();
			}
			if (document.included) expect(document.included.length).toBeGreaterThan(0);
		});
	});

	test('every text fits its column and can be stored', () => {
		forDocuments((document) => {
			for (const resource of all(document)) {
				for (const [attribute, value] of Object.entries(resource.attributes ?? {})) {
					if (typeof value !== 'string') continue;
					expect(value.length).toBeLessThanOrEqual(COLUMNS[resource.type]?.[attribute] ?? Number.POSITIVE_INFINITY);
					expect(value).not.toMatch(/(?![\t\n\r])\p{Cc}/u);
					expect(value).toBe(Buffer.from(value, 'utf8').toString('utf8'));
				}
				for (const attribute of REQUIRED[resource.type] ?? [])
					if (!resource.meta?.update) expect(String(resource.attributes?.[attribute]).trim()).not.toBe('');
			}
		});
	});

	test('dates have a zone', () => {
		forDocuments((document) => {
			for (const resource of all(document)) {
				for (const [attribute, value] of Object.entries(resource.attributes ?? {}))
					if (/At$/.test(attribute) && value !== null) expect(value).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
			}
		});
	});

	test('each record comes once, and every name that is pointed at is in the request', () => {
		forDocuments((document) => {
			const names = all(document).map(name);
			expect(new Set(names).size).toBe(names.length);
			for (const target of all(document).flatMap(targets))
				if (isTemporary(target.id) && !/^(case|zendesk(ticket|user)|teams)/.test(target.type))
					expect(names).toContain(name(target));
			for (const target of all(document).flatMap(targets))
				if (['zendeskusers', 'cases', 'casecomments', 'zendesktickets'].includes(target.type) && isTemporary(target.id))
					expect(names).toContain(name(target));
		});
	});

	test('what exists is only changed, what is new has all that OroCRM requires', () => {
		forDocuments((document) => {
			for (const resource of document.included ?? [])
				expect(resource.meta?.update === true).toBe(!isTemporary(resource.id));
			const made = (document.included ?? []).find((resource) => resource.type === 'cases' && !resource.meta?.update);
			if (made)
				for (const required of ['status', 'priority', 'source', 'assignedTo', 'owner'])
					expect(made.relationships?.[required]?.data).toMatchObject({ id: expect.any(String) });
			for (const one of (document.included ?? []).filter((resource) => resource.type === 'casecomments'))
				expect(one.relationships?.case?.data).toBeTruthy();
		});
	});

	test('internal comments never become public, and no comment is copied that is tied', () => {
		forDocuments((document, pair) => {
			for (const one of (document.included ?? []).filter((resource) => resource.type === 'casecomments')) {
				const source = pair.ticket.comments?.find(({ id }) => one.id === `comment:${id}`);
				if (one.attributes?.public === true)
					expect(
						pair.ticket.comments?.some(
							(candidate) => `comment:${candidate.id}` === one.id && candidate.public === true,
						),
					).toBe(true);
				const rows = (pair.resolved.commentRows ?? []).filter((row) => row.originId === String(source?.id));
				expect(rows.every((row) => row.relatedComment === null)).toBe(true);
			}
		});
	});

	test('texts of scrubbed tickets are never copied', () => {
		forDocuments((document, pair) => {
			if (pair.ticket.status === 'deleted')
				expect(Object.keys(document.data.attributes ?? {})).toEqual(['originUpdatedAt']);
		}, 300);
	});
});

test('the same pair gives the same request', () => {
	fc.assert(
		fc.property(given, ({ pair, settings: chosen }) =>
			expect(planPair(pair, KEY, chosen)).toEqual(planPair(structuredClone(pair), KEY, chosen)),
		),
		{ numRuns: 200 },
	);
	expect(ticket().id).toBe(35);
});
