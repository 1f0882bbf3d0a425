import { CaseBatch } from '../../../pipeline/case-batch';
import { CaseWorld } from '../../support/case-world';
import type { CaseWorldOptions } from '../../support/case-world';

/** Which cases are handed out, and when: each rule of the feed by itself, over practice OroCRMs of several kinds. */

const worlds: CaseWorld[] = [];

async function world(options: CaseWorldOptions = {}): Promise<CaseWorld> {
	const one = await CaseWorld.start(options);
	worlds.push(one);
	return one;
}

/** Some linked cases, and a feed that is switched on. */
async function active(options: CaseWorldOptions = {}, count = 3): Promise<{ oro: CaseWorld; cases: string[] }> {
	const oro = await world(options);
	const cases = Array.from({ length: count }, () => oro.linkedCase());
	await oro.activate();
	oro.later(60);
	return { oro, cases };
}

const all = { sources: [], owners: [] };

afterEach(async () => {
	await Promise.all(worlds.splice(0).map(async (one) => await one.close()));
});

const KINDS: Array<[string, CaseWorldOptions['orocrm']]> = [
	['overlay', { overlay: true }],
	['6.1.11', {}],
	['5.1', { version: '5.1' }],
	['7.0.0', { version: '7.0.0' }],
	['overlay on 7.0.0', { version: '7.0.0', overlay: true }],
];

describe.each(KINDS)('%s', (_name, orocrm) => {
	test('a change is handed out once; one within the same second once more', async () => {
		const { oro, cases } = await active({ orocrm });
		oro.edit(cases[1], { subject: 'Wet' });
		expect(await oro.look()).toEqual([[cases[1]]]);
		oro.edit(cases[1], { subject: 'Wetter' });
		expect(await oro.look()).toEqual([[cases[1]]]);
		oro.later(60);
		expect(await oro.look()).toEqual([]);
	});

	test('a change that is seen late, behind newer ones', async () => {
		const { oro, cases } = await active({ orocrm });
		oro.later(200);
		oro.edit(cases[0], { subject: 'In time' });
		expect(await oro.look()).toEqual([[cases[0]]]);
		oro.edit(cases[1], { subject: 'Late' }, 110);
		expect(await oro.look()).toEqual([[cases[1]]]);
	});

	test('oldest change first, in batches; the position passes nothing that is left', async () => {
		const { oro, cases } = await active({ orocrm, settings: { batchSize: 2 } }, 7);
		for (const id of [...cases].reverse()) {
			oro.edit(id, { subject: 'Changed' });
			oro.later(300);
		}
		const [a, b, c, d, e, f, g] = cases;
		oro.run = () => (oro.handed.length === 2 ? 'badly' : 'well');
		expect(await oro.look()).toEqual([
			[g, f],
			[e, d],
		]);
		oro.later(1_000);
		expect(await oro.look()).toEqual([[e, d], [c, b], [a]]);
	});

	test('what the run itself wrote is looked at once more, and an edit made meanwhile is not missed', async () => {
		const { oro, cases } = await active({ orocrm });
		oro.edit(cases[0], { subject: 'By a person' });
		oro.run = () => {
			oro.later(2);
			oro.edit(cases[0], { status: 'closed' });
			return 'well';
		};
		expect(await oro.look()).toEqual([[cases[0]]]);
		oro.run = () => 'well';
		expect(await oro.settle()).toEqual([[cases[0]]]);
	});

	test('changed between the list and the batch, and changed back within the second: the last state is handed out', async () => {
		const { oro, cases } = await active({ orocrm });
		oro.edit(cases[0], { subject: 'In the list' });
		// The list of changes is the first request on any server; the batch reads the case anew.
		oro.between = { after: 1, work: () => oro.edit(cases[0], { subject: 'In the batch' }) };
		const given: unknown[] = [];
		oro.run = (pairs) => {
			given.push(...pairs.map((pair) => pair.case?.subject));
			if (given.length === 1) oro.edit(cases[0], { subject: 'In the list' });
			return 'well';
		};
		await oro.look();
		await oro.settle();
		expect(given.at(-1)).toBe('In the list');
		expect(given.length).toBeLessThanOrEqual(3);
	});

	test('a new comment, once, also when its ticket is closed; copies of Zendesk’s comments don’t count', async () => {
		const { oro, cases } = await active({ orocrm });
		const closed = oro.linkedCase({}, 'closed');
		oro.copiedComment(cases[0]);
		oro.comment(cases[1]);
		oro.comment(cases[1]);
		oro.comment(closed);
		expect(await oro.look()).toEqual([[cases[1], closed]]);
		expect(await oro.settle()).toEqual([]);
	});

	test('a comment that is seen late, behind newer ones', async () => {
		const { oro, cases } = await active({ orocrm });
		const number = Number(oro.server.store.nextId('casecomments'));
		oro.comment(cases[0]);
		expect(await oro.look()).toEqual([[cases[0]]]);
		oro.comment(cases[1], number);
		expect(await oro.look()).toEqual([[cases[1]]]);
	});

	test('changed and commented on: one pair', async () => {
		const { oro, cases } = await active({ orocrm, settings: { published: all } });
		oro.edit(cases[0], { subject: 'Changed' });
		oro.comment(cases[0]);
		const made = oro.unlinkedCase();
		expect(await oro.look()).toEqual([[cases[0], made]]);
	});

	test('a batch that is full holds up nothing longer than its own run, whatever kind the others are of', async () => {
		const { oro, cases } = await active({ orocrm, settings: { batchSize: 1, published: all } });
		oro.edit(cases[0], { subject: 'Changed' });
		oro.comment(cases[1]);
		oro.comment(cases[2]);
		const made = [oro.unlinkedCase(), oro.unlinkedCase()];
		expect(await oro.look()).toEqual([[cases[0]], [cases[1]], [cases[2]], [made[0]], [made[1]]]);
	});

	test('a batch that is full asks for nothing more', async () => {
		const { oro, cases } = await active({ orocrm, settings: { batchSize: 1, published: all } });
		oro.edit(cases[0], { subject: 'Changed' });
		oro.comment(cases[1]);
		oro.unlinkedCase();
		oro.requests.length = 0;
		oro.run = () => 'badly';
		expect(await oro.look()).toEqual([[cases[0]]]);
		expect(oro.requests.filter((path) => /^\/(casecomments|cases\?.*\[id\])/.test(path))).toEqual([]);
	});

	test('new cases without a ticket, once each; those that the sync made are linked', async () => {
		const { oro } = await active({ orocrm, settings: { published: all, batchSize: 2 } });
		const made = [oro.unlinkedCase(), oro.unlinkedCase(), oro.unlinkedCase()];
		oro.linkedCase();
		expect(await oro.look()).toEqual([[made[0], made[1]], [made[2]]]);
		expect(await oro.settle()).toEqual([]);
	});

	test('a process that dies at any request loses nothing', async () => {
		for (let after = 0; after < 14; after++) {
			const { oro, cases } = await active({ orocrm, settings: { batchSize: 1, published: all } });
			oro.edit(cases[0], { subject: 'Changed' });
			oro.comment(cases[1]);
			oro.comment(cases[0]);
			const made = oro.unlinkedCase();
			oro.trouble = { after, kind: 'dies' };
			await oro.look();
			oro.trouble = undefined;
			await oro.settle();
			expect([after, new Set(oro.handed.flat())]).toEqual([after, new Set([cases[0], cases[1], made])]);
		}
	}, 30_000);

	test('a process that dies in any of its runs loses nothing', async () => {
		for (let dying = 1; dying <= 4; dying++) {
			const { oro, cases } = await active({ orocrm, settings: { batchSize: 1, published: all } });
			oro.edit(cases[0], { subject: 'Changed' });
			oro.comment(cases[1]);
			const due = [cases[0], cases[1], oro.unlinkedCase()];
			const well: string[] = [];
			oro.run = (pairs) => {
				if (oro.handed.length === dying) return 'dies';
				well.push(...pairs.map((pair) => pair.case?.id ?? ''));
				return 'well';
			};
			await oro.settle();
			expect(new Set(well)).toEqual(new Set(due));
		}
	}, 30_000);

	test('everything: all changes and comments there ever were, and all cases without a ticket', async () => {
		const oro = await world({ orocrm, start: 'everything', settings: { published: all, batchSize: 2 } });
		const cases = Array.from({ length: 6 }, () => oro.linkedCase());
		oro.edit(cases[0], { subject: 'Changed' });
		oro.later(7_000_000);
		oro.edit(cases[1], { subject: 'Changed' });
		oro.comment(cases[2]);
		oro.comment(cases[0]);
		oro.copiedComment(cases[3]);
		const made = oro.unlinkedCase();
		await oro.activate();
		const handed = (await oro.settle()).flat();
		expect(new Set(handed)).toEqual(new Set([cases[0], cases[1], cases[2], made]));
		expect(handed.slice(0, 2)).toEqual([cases[0], cases[1]]);
	});

	test('n8n’s own clock doesn’t matter', async () => {
		for (const skew of [-86_400_000, 86_400_000]) {
			const { oro, cases } = await active({ orocrm, skew });
			oro.edit(cases[0], { subject: 'Changed' });
			expect(await oro.look()).toEqual([[cases[0]]]);
		}
	});
});

describe('with the overlay', () => {
	const orocrm = { overlay: true };

	test('a case of a closed ticket counts, too', async () => {
		const { oro } = await active({ orocrm });
		const closed = oro.linkedCase({}, 'closed');
		oro.edit(closed, { subject: 'Changed' });
		expect(await oro.look()).toEqual([[closed]]);
	});

	test('many cases without a ticket between those that have one', async () => {
		const { oro, cases } = await active({ orocrm, settings: { batchSize: 2 } }, 3);
		for (let index = 0; index < 300; index++) oro.edit(oro.unlinkedCase(), { subject: 'Changed' });
		for (const id of cases) oro.edit(id, { subject: 'Changed' });
		expect((await oro.settle()).flat()).toEqual(cases);
	});

	test('more changes of one second than a page holds', async () => {
		const { oro, cases } = await active({ orocrm, largestPage: 3, settings: { batchSize: 4 } }, 20);
		for (const id of cases) oro.edit(id, { subject: 'Mass change' });
		expect((await oro.settle()).flat()).toEqual(cases);
	});

	test.each([
		['changed', (oro: CaseWorld, id: string) => oro.edit(id, { subject: 'Changed' })],
		['commented on', (oro: CaseWorld, id: string) => void oro.comment(id)],
	])('a case that gets its ticket in the very moment in which it is %s', async (_name, happens) => {
		const { oro } = await active({ orocrm });
		const id = oro.unlinkedCase();
		happens(oro, id);
		expect(await oro.look()).toEqual([]);
		oro.link(id);
		oro.later(60);
		expect(await oro.look()).toEqual([[id]]);
		expect(await oro.settle()).toEqual([]);
	});

	test('the overlay is taken away: found out at the next look, and nothing is missed', async () => {
		const { oro, cases } = await active({ orocrm });
		oro.edit(cases[0], { subject: 'Changed' });
		await oro.look();
		oro.refused = 'dates';
		oro.edit(cases[1], { subject: 'Changed' });
		expect(await oro.look()).toEqual([[cases[1]]]);
		expect(oro.knowledge.caseDates).toBe(false);
	});
});

describe('on stock OroCRM', () => {
	test('the cases of closed tickets are not looked at, those of tickets without a status are', async () => {
		const { oro } = await active();
		const [closed, none] = [oro.linkedCase({}, 'closed'), oro.linkedCase({}, null)];
		oro.edit(closed, { subject: 'Changed' });
		oro.edit(none, { subject: 'Changed' });
		expect(await oro.look()).toEqual([[none]]);
	});

	test('an OroCRM that refuses neq_or_null is asked twice', async () => {
		const { oro } = await active({ refused: 'neq_or_null' });
		expect(oro.knowledge.neqOrNull).toBe(false);
		const none = oro.linkedCase({}, null);
		const open = oro.linkedCase();
		oro.edit(open, { subject: 'Changed' });
		oro.edit(none, { subject: 'Changed' });
		expect((await oro.look()).flat().sort()).toEqual([none, open].sort());
	});

	test('sorting by date is refused where only the filter was added', async () => {
		const { oro, cases } = await active({ orocrm: { overlay: true }, refused: 'sorting by date' });
		oro.edit(cases[0], { subject: 'Changed' });
		expect(await oro.look()).toEqual([[cases[0]]]);
		expect(oro.knowledge.caseDates).toBe(false);
	});

	test('more changes than one look takes: the oldest ones first', async () => {
		const { oro, cases } = await active({ settings: { batchSize: 1 }, largestPage: 4 }, 15);
		for (const id of [...cases].reverse()) {
			oro.edit(id, { subject: 'Changed' });
			oro.later(10);
		}
		expect((await oro.settle()).flat()).toEqual([...cases].reverse());
	});

	test('a case that changes while many pages are read slowly', async () => {
		const { oro, cases } = await active({ largestPage: 2 }, 6);
		oro.edit(cases[5], { subject: 'First' });
		oro.requests.length = 0;
		// The first page was read; its case changes, then the reading stands still for long, then a case of the last page changes.
		oro.between = {
			after: 2,
			work: () => {
				oro.edit(cases[0], { subject: 'Read already' });
				oro.later(900);
				oro.edit(cases[5], { subject: 'Second' });
			},
		};
		await oro.look();
		await oro.settle();
		expect(new Set(oro.handed.flat())).toEqual(new Set([cases[0], cases[5]]));
	});
});

test('of hundreds of cases at once no more are looked up than fill the batch', async () => {
	const { oro } = await active({ settings: { published: all, batchSize: 1 } });
	for (let index = 0; index < 350; index++) oro.unlinkedCase();
	const batch = new CaseBatch(oro.client, 1);
	oro.requests.length = 0;
	const ids = oro.server.store.all('cases').map(({ id }) => String(id)).slice(3);
	const fates = await batch.takeUnlinked(ids);
	expect([...fates.values()].filter((fate) => fate === 'left')).toHaveLength(349);
	// The records and the cases of the first hundred.
	expect(oro.requests).toHaveLength(2);
});

describe('requests of a look with nothing due', () => {
	test.each([
		['overlay', { overlay: true }, null, 2],
		['overlay', { overlay: true }, all, 3],
		['6.1.11', {}, null, 2],
		['6.1.11', {}, all, 3],
		['5.1', { version: '5.1' as const }, all, 3],
		['7.0.0', { version: '7.0.0' as const }, all, 3],
	])('%s', async (_name, orocrm, published, expected) => {
		const { oro, cases } = await active({ orocrm, settings: { published } });
		oro.edit(cases[0], { subject: 'Changed' });
		oro.edit(oro.unlinkedCase(), { subject: 'Changed' });
		oro.comment(cases[1]);
		oro.comment(oro.unlinkedCase());
		await oro.settle();
		oro.requests.length = 0;
		await oro.look();
		expect(oro.requests).toHaveLength(expected);
	});

	test('stock: one more for every thousand open tickets', async () => {
		const { oro } = await active({}, 2_500);
		await oro.settle();
		oro.requests.length = 0;
		await oro.look();
		expect(oro.requests).toHaveLength(4);
	});
});

test('what is kept stays small', async () => {
	const { oro, cases } = await active({ orocrm: { overlay: true }, settings: { published: all } }, 20);
	for (let turn = 0; turn < 60; turn++) {
		for (const id of cases) oro.comment(id);
		oro.edit(cases[turn % 20], { subject: `Turn ${turn}` });
		oro.unlinkedCase();
		oro.later(60);
		await oro.look();
	}
	const { changes, comments, newCases } = oro.saved;
	expect(Object.keys(changes!.recent).length).toBeLessThanOrEqual(5);
	expect(comments!.done.length).toBeLessThanOrEqual(500);
	expect(newCases!.done.length).toBeLessThanOrEqual(500);
	expect(JSON.stringify(oro.saved).length).toBeLessThan(10_000);
});
