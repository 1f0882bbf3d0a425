import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One recorded interaction with the real Zendesk. */
export interface Recording {
	method: string;
	path: string;
	query: Record<string, string>;
	requestBody: unknown;
	status: number;
	responseHeaders: Record<string, string>;
	responseBody: any;
	truncated?: unknown;
	source: { recordedAt: string };
}

/** The recordings stand beside the checkout, never in it; without them these tests are skipped. */
const reference = process.env.REFERENCE_DIR ?? path.resolve(__dirname, '../../../../shared/reference');
const folder = path.join(reference, 'zendesk-recordings');

export const haveRecordings = existsSync(folder);

export const recordingNames = haveRecordings
	? readdirSync(folder)
			.filter((file) => file.endsWith('.json'))
			.map((file) => file.slice(0, -'.json'.length))
			.sort()
	: [];

export function load(name: string): Recording {
	return JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as Recording;
}

/** A group of tests against recordings; skipped, and saying why, when there are none. */
export function describeRecorded(title: string, tests: () => void): void {
	if (haveRecordings) describe(title, tests);
	else describe.skip(`${title} (skipped: no zendesk-recordings folder, set REFERENCE_DIR)`, tests);
}

/** A test of one recording; its name is found by the test of completeness. */
export function recorded(name: string, check: (recording: Recording) => Promise<void>): void {
	test(name, async () => await check(load(name)));
}
