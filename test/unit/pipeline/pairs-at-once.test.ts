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

const run = (parallel: number, more: Partial<PublishRun> = {}) => ({ parallel, preview: false, largestFile: 3 * MEGABYTE, ...more }) as PublishRun;
const pairs = (count: number, ...sizes: number[]) =>
	Array.from({ length: count }, () => ({ ticket: { comments: [{ attachments: sizes.map((size) => ({ size })) }] } }) as unknown as Pair);

test.each([
	['as many as fill the batches', run(4), pairs(100), 64],
	['few requests at once: fewer pairs', run(1), pairs(100), 16],
	['a preview writes nothing', run(4, { preview: true }), pairs(100), 4],
	['files of 2 MB each: those that fit into memory', run(4), pairs(100, 2 * MEGABYTE), 17],
	['large files: never fewer than requests', run(8), pairs(100, ...Array<number>(20).fill(3 * MEGABYTE)), 8],
	['files that are not copied weigh nothing', run(4), pairs(100, 500 * MEGABYTE), 64],
])('%s', (_name, settings, list, expected) => {
	expect(pairsAtOnce(list, settings)).toBe(expected);
});

test('the setting bounds the requests, not the pairs', () => {
	const time = new FakeTime();
	const oro = new OroCrmClient('https://crm.example.com', '/api', async () => ({ status: 500, headers: {}, text: '' }), time);
	writeFrugally({ oro, knowledge: new ServerKnowledge(0), time } as unknown as Clients, 4);
	expect(oro.limit).toBeInstanceOf(AdaptiveLimit);
	expect(oro.limit?.bounds).toEqual({ least: 1, most: 4 });
});
