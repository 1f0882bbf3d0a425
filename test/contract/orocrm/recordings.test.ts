import { loadRecording, recordingNames } from './support/recording';
import { replay, type Exchange } from './support/replay';
import { shapeOf } from './support/shape';
import { elsewhere, leftOut, situations } from './support/situations';

const COMPARED_HEADERS = [
	'content-type',
	'location',
	'content-location',
	'allow',
	'www-authenticate',
	'x-include-total-count',
	'x-include-deleted-count',
];

const names = recordingNames();
const replayed = names.filter((name) => !(name in leftOut) && !(name in elsewhere));

test('every recording is replayed, covered by another test, or left out with a reason', () => {
	for (const name of [...Object.keys(leftOut), ...Object.keys(elsewhere), ...Object.keys(situations)]) {
		expect(names).toContain(name);
	}
	expect(replayed.length + Object.keys(leftOut).length + Object.keys(elsewhere).length).toBe(names.length);
});

describe('as recorded on OroCRM 6.1.11', () => {
	test.each(replayed)('%s', async (name) => {
		const recording = loadRecording(name);
		const situation = situations[name] ?? {};
		const actual = await replay(recording, situation);
		const expected = recording.response;
		expect({ status: actual.status, body: actual.status >= 400 ? actual.body : null }).toEqual({
			status: expected.status,
			body: expected.status >= 400 ? expected.body : null,
		});
		expect(text(comparedHeaders(actual), situation.ignore)).toBe(text(comparedHeaders(expected), situation.ignore));
		if (situation.anyRows) expect(shapeOf(actual.body)).toEqual(shapeOf(expected.body));
		else expect(text(cut(actual.body, situation.cut), situation.ignore)).toBe(text(expected.body, situation.ignore));
	});
});

/** The rows that the recording kept. */
function cut(body: unknown, count: number | undefined): unknown {
	if (count === undefined) return body;
	const document = body as { data: unknown[] };
	return { ...document, data: document.data.slice(0, count) };
}

/** As text, so that the order of keys counts. */
function text(body: unknown, ignore: RegExp | undefined): string {
	const all = JSON.stringify(body, null, 1);
	return ignore ? all.replace(new RegExp(ignore, 'g'), '*') : all;
}

function comparedHeaders(exchange: Pick<Exchange, 'headers'>): Record<string, string> {
	const entries = Object.entries(exchange.headers).map(([name, value]) => [name.toLowerCase(), value]);
	return Object.fromEntries(entries.filter(([name]) => COMPARED_HEADERS.includes(name!)).sort());
}
