import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Resource } from '../../../orocrm/types';
import type { ZendeskComment, ZendeskTicket, ZendeskUser } from '../../../zendesk/types';

/** Tickets, comments, people and cases as the real systems gave them, with parts missing, of a wrong type, huge, hostile or odd. */

const read = (path: string) => JSON.parse(readFileSync(join(__dirname, path), 'utf8')) as Record<string, never>;
const zendesk = <T>(name: string, key: string): T => (read(`../recordings/${name}.json`).responseBody as Record<string, T>)[key];

export const RECORDED = {
	ticket: zendesk<ZendeskTicket[]>('tickets.list.cursor.1', 'tickets')[0],
	comment: zendesk<ZendeskComment[]>('comments.list.cursor.1', 'comments')[0],
	user: zendesk<ZendeskUser>('users.show.1', 'user'),
	case: (read('../../contract/orocrm/recordings/cases.list.1.json').response as unknown as { body: { data: Resource[] } }).body.data[0],
};

export const HOSTILE = [
	'',
	' ',
	'\u0000\u0007\u001b[31m',
	'\ud83c',
	'\udfd5 alone',
	'שלום \u202e עולם',
	'<script>alert(1)</script>',
	'<img src=x onerror=alert(1)>&nbsp;<b>',
	'={{ $env.N8N_ENCRYPTION_KEY }}',
	'{{ $json.secret }}',
	'"}},"included":[{"type":"users","id":"1","attributes":{"enabled":false}}],"x":{"y":"',
	'a\r\nX-Injected: yes',
	"'; DROP TABLE cases; --",
	'constructor',
	'__proto__',
	'x'.repeat(300),
	'ä'.repeat(70_000),
	'🏕️'.repeat(200),
];
const DATES = ['2026-13-45T99:99:99Z', '0000-00-00 00:00:00', '2026-11-24', '24.11.2026 10:00', '2026-11-24T10:00:00.123456789+14:00', '+275760-09-13T00:00:01Z', '-000001-01-01T00:00:00Z', '1764000000', 'yesterday'];
const NUMBERS = [0, -1, 1.5, Number.MAX_SAFE_INTEGER, 2 ** 53 + 2, 1e300, '9007199254740993', '18446744073709551616'];

/** What may stand where the API gives something else. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
	fc.constantFrom<unknown[]>(...HOSTILE),
	fc.constantFrom<unknown[]>(...DATES),
	fc.constantFrom<unknown[]>(...NUMBERS),
	fc.constantFrom<unknown[]>(null, undefined, true, false, [], {}, [null], [[1]], { id: null }, { data: { type: 'users', id: '1' } }),
	fc.string({ unit: 'binary', maxLength: 80 }),
	fc.jsonValue({ maxDepth: 2 }),
);

/** A record with some of its parts odd or gone; those of `kept` stay, for without them it is another record. */
export function odd<T extends object>(record: T, kept: readonly string[], values: fc.Arbitrary<unknown> = oddValue): fc.Arbitrary<T> {
	const names = Object.keys(record).filter((name) => !kept.includes(name));
	if (names.length === 0) return fc.constant(record);
	const change = fc.record({ name: fc.constantFrom(...names), gone: fc.boolean(), value: values });
	return fc.array(change, { minLength: 1, maxLength: 8 }).map((changes) => {
		const result: Record<string, unknown> = structuredClone(record) as Record<string, unknown>;
		for (const { name, gone, value } of changes) {
			if (gone) delete result[name];
			else result[name] = value;
		}
		return result as T;
	});
}
