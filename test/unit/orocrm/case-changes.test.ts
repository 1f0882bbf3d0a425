import { readCaseChanges, readLatestChange } from '../../../orocrm/case-changes';
import { CaseWorld } from '../../support/case-world';

/** What is read of changed cases, with the overlay and without. */

let oro: CaseWorld;

afterEach(async () => await oro.close());

const always = () => true;

describe.each([
	['overlay', { overlay: true }],
	['stock', {}],
])('%s', (_name, orocrm) => {
	/** Cases that changed a minute apart, the last one first, on pages of two. */
	async function changed(count: number): Promise<string[]> {
		oro = await CaseWorld.start({ orocrm, largestPage: 2 });
		const cases = Array.from({ length: count }, () => oro.linkedCase());
		for (const id of [...cases].reverse()) {
			oro.later(60);
			oro.edit(id, { subject: `Case ${id}` });
		}
		return cases;
	}

	test('all of them, oldest change first; a case that never changed is none', async () => {
		const cases = await changed(5);
		oro.linkedCase();
		const found = await readCaseChanges(oro.client, oro.knowledge, null, always, 100);
		expect(found.changes.map(({ id }) => id)).toEqual([...cases].reverse());
		expect(found).toMatchObject({ complete: true, readUpTo: oro.now(), latest: oro.now() });
		expect(await readLatestChange(oro.client, oro.knowledge)).toBe(oro.now());
	});

	test('since a date, which is included, and only the wanted ones', async () => {
		const cases = await changed(5);
		const found = await readCaseChanges(oro.client, oro.knowledge, oro.now(120), ({ id }) => id !== cases[1], 100);
		expect(found.changes.map(({ id }) => id)).toEqual([cases[2], cases[0]]);
		expect(found.changes[0].values).toContain(`Case ${cases[2]}`);
	});

	test('enough of them: the oldest ones, and how far that goes', async () => {
		const cases = await changed(7);
		const { changes, complete, readUpTo, latest } = await readCaseChanges(oro.client, oro.knowledge, null, always, 2);
		expect(changes.slice(0, 2).map(({ id }) => id)).toEqual([cases[6], cases[5]]);
		expect(changes.length).toBeLessThan(4);
		expect([complete, readUpTo]).toEqual([false, changes.at(-1)?.updatedAt]);
		expect(latest! >= readUpTo!).toBe(true);
	});

	test('none', async () => {
		await changed(0);
		expect(await readCaseChanges(oro.client, oro.knowledge, null, always, 10)).toEqual({
			changes: [],
			complete: true,
			readUpTo: null,
			atBeginning: null,
			latest: null,
		});
		expect(await readLatestChange(oro.client, oro.knowledge)).toBeNull();
	});
});

test('pages by date: a case that changes while they are read moves to the end and takes nobody’s place', async () => {
	oro = await CaseWorld.start({ orocrm: { overlay: true }, largestPage: 2 });
	const cases = Array.from({ length: 6 }, () => oro.linkedCase());
	for (const id of cases) {
		oro.later(60);
		oro.edit(id, { subject: 'Changed' });
	}
	await readLatestChange(oro.client, oro.knowledge);
	oro.later(60);
	// The page's size is refused first; then the first page comes, and the second one finds the case of the first at the end.
	oro.between = { after: 2, work: () => oro.edit(cases[0], { subject: 'Changed again' }) };
	const { changes } = await readCaseChanges(oro.client, oro.knowledge, null, always, 100);
	expect(changes.map(({ id }) => id)).toEqual([...cases.slice(1), cases[0]]);
});

test.each(['yesterday', '2026-13-45T99:99:99Z', '24.11.2026 10:00', '+275760-09-13T00:00:01Z', '9'])('a case that says it changed "%s" does not count, and moves nothing', async (updatedAt) => {
	oro = await CaseWorld.start({ orocrm: { overlay: true } });
	const cases = [oro.linkedCase(), oro.linkedCase()];
	oro.later(60);
	for (const id of cases) oro.edit(id, {});
	const listPage = oro.client.listPage.bind(oro.client);
	oro.client.listPage = async (type, query) => {
		const page = await listPage(type, query);
		return { ...page, data: page.data.map((row) => (row.id === cases[1] ? { ...row, attributes: { ...row.attributes, updatedAt } } : row)) };
	};
	const found = await readCaseChanges(oro.client, oro.knowledge, null, always, 10);
	expect([found.changes.map(({ id }) => id), found.latest]).toEqual([[cases[0]], oro.now()]);
});
