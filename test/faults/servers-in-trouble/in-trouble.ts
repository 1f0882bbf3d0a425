import { closeAll } from '../../support/practice';
import type { Practice } from '../../support/practice';
import { contentsOf, countsOf } from '../support/both-sides';
import { busyDesk, lookOnce, MUCH_LATER, settle, undisturbed } from './desk';
import type { Template, Told, Undisturbed } from './desk';
import { PLACES } from './places';
import type { Place } from './places';
import { LASTING, PASSING } from './troubles';
import type { Trouble } from './troubles';

/**
 * Every trouble at every place of a run. It must be waited for as long as is right (in virtual time), cause no storm of requests and no wrong
 * write, tell people what to do where it lasts, and the runs after it must come to what a day without trouble comes to, by themselves.
 */

/** Requests that a run may take more than an undisturbed one: the one that is repeated, and looks at what became of a write. */
const MORE_REQUESTS = 16;
/** Looks, one a minute, while a trouble lasts. */
const LOOKS = 30;
/** Requests to a server in trouble within those: five tries a run, with pauses between the runs that grow to a quarter of an hour. */
const MOST_WHILE_IT_LASTS = 8 * 5 * 2;

/** Counts what was hit. */
function strike(practice: Practice, place: Place, trouble: Trouble): { hits: () => number } {
	const { faults } = practice[place.server];
	let hits = 0;
	const where = trouble.everywhere ? {} : place.request;
	const often = trouble.lasts ? {} : { times: 1 };
	const count = { kind: 'meanwhile', when: 'before', work: () => void (hits += 1) } as const;
	const effects = trouble.effects(place);
	if (!trouble.everywhere) {
		for (const effect of [...effects, count]) faults.add({ ...where, ...often, effect });
	} else {
		// The whole server is in trouble from this request on.
		const begin = { kind: 'meanwhile', when: 'before', work: () => effects.forEach((effect) => faults.add({ path: '/api/', effect })) } as const;
		for (const effect of [begin, count, ...effects]) faults.add({ ...place.request, times: 1, effect });
	}
	return { hits: () => hits };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

function expectRightWait(told: Told, quiet: Undisturbed, { wait }: Trouble, { looksFor = 0 }: Place): void {
	if ('asked' in wait) {
		expect(told.pauses.filter((pause) => pause >= wait.asked && pause <= wait.asked + 250)).toHaveLength(1);
		return;
	}
	const more = sum(told.pauses) - sum(quiet.pauses);
	// A pair may be in another run than on the quiet day, and be at rest already: then two seconds less are waited for it.
	expect(more).toBeGreaterThanOrEqual(wait.least - 4_000);
	expect(more).toBeLessThanOrEqual(wait.most + looksFor + 4_000);
	if (wait.least > 0) expect(told.pauses.some((pause) => pause >= wait.least && pause <= wait.most)).toBe(true);
}

function expectNothingTooMuch(practice: Practice, quiet: Undisturbed): void {
	for (const [what, count] of Object.entries(countsOf(practice))) expect({ what, isMore: count > quiet.counts[what as keyof typeof quiet.counts] }).toEqual({ what, isMore: false });
	practice.expectNobodyTwice();
}

async function expectAllWellAfter(practice: Practice, quiet: Undisturbed): Promise<void> {
	await settle(practice);
	expect(contentsOf(practice)).toEqual(quiet.contents);
	expect(practice.n8n.failedItems()).toEqual([]);
	practice.expectNobodyTwice();
}

/** All troubles at all places of a template. */
export function everyTrouble(template: Template): void {
	let quiet: Undisturbed;
	beforeAll(async () => {
		quiet = await undisturbed(template);
		await closeAll();
	});
	afterEach(closeAll);

	describe.each(PLACES.filter((place) => place.template === template))('when $name', (place) => {
		test.each(PASSING)('$name', async (trouble) => {
			const practice = await busyDesk(template);
			const struck = strike(practice, place, trouble);
			const told = await lookOnce(practice);
			expect(struck.hits()).toBe(1);
			expect(told.runs.map(({ status }) => status)).toEqual(quiet.runs.map(({ status }) => status));
			expect(told.messages).toEqual([]);
			expectRightWait(told, quiet, trouble, place);
			expect(told.requests).toBeLessThanOrEqual(quiet.requests + MORE_REQUESTS);
			expectNothingTooMuch(practice, quiet);
			await expectAllWellAfter(practice, quiet);
		});

		test.each(LASTING)('$name', async (trouble) => {
			const practice = await busyDesk(template);
			const struck = strike(practice, place, trouble);
			const first = await lookOnce(practice);
			expect(struck.hits()).toBeGreaterThanOrEqual(1);
			expectNothingTooMuch(practice, quiet);
			expect(sum(first.pauses) - sum(quiet.pauses)).toBeLessThanOrEqual('most' in trouble.wait ? 2 * trouble.wait.most : 0);
			const server = practice[place.server];
			server.calls.reset();
			const told = [...first.messages];
			for (let look = 0; look < LOOKS; look++) told.push(...(await lookOnce(practice, 60_000)).messages);
			expect(server.calls.all().length).toBeLessThanOrEqual(MOST_WHILE_IT_LASTS);
			// No item is to blame, and every message is one that helps.
			const toBlame = place.hasOwnLimit && trouble.name.startsWith('429') ? 2 : 0;
			expect(practice.n8n.failedItems().length).toBeLessThanOrEqual(toBlame);
			expect(told.length).toBeGreaterThan(0);
			for (const message of told) expect(message).toMatch(trouble.says as RegExp);
			expectNothingTooMuch(practice, quiet);
			server.faults.clear();
			await practice.n8n.look(MUCH_LATER);
			await expectAllWellAfter(practice, quiet);
		});
	});
}
