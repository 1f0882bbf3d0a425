import { AdaptiveLimit } from '../../../http/adaptive-limit';
import { OroCrmClient } from '../../../orocrm/client';
import { ServerKnowledge } from '../../../orocrm/server-knowledge';
import { writeFrugally } from '../../../pipeline/clients';
import type { Clients } from '../../../pipeline/clients';
import { pairsAtOnce } from '../../../pipeline/pairs-at-once';
import type { PublishRun } from '../../../pipeline/publish-pairs';
import type { Pair } from '../../../sync/pair';
import { FakeTime } from '../support/fake-time';

const MEGABYTE = 1024 * 1024;

function clients(overlay: boolean): Clients {
	const time = new FakeTime();
	const oro = new OroCrmClient('https://crm.example.com', '/api', async () => ({ status: 500, headers: {}, text: '' }), time);
	const made = { oro, knowledge: Object.assign(new ServerKnowledge(0), { originIdFilter: overlay, caseKeys: true }), time } as unknown as Clients;
	writeFrugally(made, 4);
	return made;
}
const run = (parallel: number, more: Partial<PublishRun> = {}, twoWay = false) =>
	({ parallel, preview: false, largestFile: 3 * MEGABYTE, settings: { rules: { twoWay, winner: 'remote' } }, ...more }) as PublishRun;
const pairs = (count: number, ...sizes: number[]) =>
	Array.from({ length: count }, () => ({ ticket: { comments: [{ attachments: sizes.map((size) => ({ size })) }] } }) as unknown as Pair);

test.each([
	['stock: as many as requests', false, run(4), pairs(100), 4],
	['with the overlay: as many as fill the batches', true, run(4), pairs(100), 64],
	['few requests at once: fewer pairs', true, run(1), pairs(100), 16],
	['two-way sync, also on stock: many look at once', false, run(4, {}, true), pairs(100), 64],
	['a preview writes nothing', true, run(4, { preview: true }), pairs(100), 4],
	['files of 2 MB each: those that fit into memory', true, run(4), pairs(100, 2 * MEGABYTE), 17],
	['large files: never fewer than requests', true, run(8), pairs(100, ...Array<number>(20).fill(3 * MEGABYTE)), 8],
	['files that are not copied weigh nothing', true, run(4), pairs(100, 500 * MEGABYTE), 64],
])('%s', (_name, overlay, settings, list, expected) => {
	expect(pairsAtOnce(list, clients(overlay), settings)).toBe(expected);
});

test('the setting bounds the requests, not the pairs', () => {
	const made = clients(true);
	expect(made.oro.limit).toBeInstanceOf(AdaptiveLimit);
	expect(made.oro.limit?.bounds).toEqual({ least: 1, most: 4 });
});
