import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock } from '../../../sandbox/common/clock';
import * as credentials from '../../../sandbox/orocrm/credentials';
import { startPracticeOroCrm, type PracticeOroCrm, type PracticeOroCrmOptions } from '../../../sandbox/orocrm/server';
import { objectsOf } from './support/recording';
import { World } from './support/world';

/** One example made from OroCRM's code and documentation; where a recording differs, the recording is right. */
interface Example {
	name: string;
	request?: { method: string; url: string; headers: Record<string, string>; body?: unknown; body_raw?: string };
	response?: { status: number; headers?: Record<string, string> | null; body?: unknown };
}

interface Setting {
	options?: PracticeOroCrmOptions;
	before?: (world: World, server: PracticeOroCrm) => void;
	/** The answer is made by the request itself. */
	made?: boolean;
}

/** The id that the examples use for a record that is not there. */
const MISSING_ON_PURPOSE = '999999';
const FOLDER = join(__dirname, 'examples');
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

const leftOut: Record<string, string> = {
	'webhook-delivery-default.json': 'no request: compared with the recorded deliveries in webhooks.test.ts',
	'webhook-delivery-thin.json': 'no request: compared with the recorded deliveries in webhooks.test.ts',
	'batch-async-errors.json': 'its operation is carried out in batch.test.ts',
	'batch-async-status.json': 'its operation is carried out in batch.test.ts',
	'auth-refresh.json': 'needs a refresh token of the same server: oauth.test.ts',
};

const webhookTypes = ['cases'];
const case57 = (world: World): void => void world.put('cases', 57);
const settings: Record<string, Setting> = {
	'accounts-create.json': { made: true, before: (world) => void world.put('contacts', 3) },
	'batch-async-accounts.json': { made: true, before: (world) => void world.put('accounts', 8, { name: 'x' }) },
	'batch-sync.json': { made: true },
	'cases-delete-list.json': { before: (world) => [57, 58].forEach((id) => world.put('cases', id)) },
	'cases-delete.json': { before: case57 },
	'cases-list.json': {
		before: (world) => {
			world.more('cases', 2, { reportedAt: '2026-08-05T00:00:00Z' });
			world.more('cases', 13, { reportedAt: '2026-08-02T00:00:00Z' });
		},
	},
	'zendeskusers-filter-by-related-user-email.json': {
		before: (world) => void world.put('users', 5, { email: 'simple_user@example.com' }),
	},
	'cases-relationship-get.json': { before: case57 },
	'cases-relationship-update.json': { before: case57 },
	'cases-subresource-comments.json': { before: case57 },
	'cases-update-close.json': { before: (world) => void world.put('cases', 57, { status: 'open', closedAt: null }) },
	'error-400-external-id-duplicate.json': {
		before: (world) => {
			case57(world);
			world.put('cases', 1, { externalId: 'zd-1000017' });
		},
	},
	'error-401-expired-token.json': { before: (_world, server) => server.oauth.revokeAll() },
	'error-403-object.json': {
		before: (world, server) => {
			case57(world);
			server.access.deny({ type: 'cases', ids: [57] });
		},
	},
	'error-403-type.json': { before: (_world, server) => server.access.deny({ type: 'cases' }) },
	'error-404-unknown-association.json': { before: case57 },
	'error-400-length.json': { before: case57 },
	'integrationchannels-list.json': {},
	'upsert-user-by-email.json': {},
	'webhooks-create.json': { options: { webhookTypes }, made: true },
	'webhooktopics-list.json': { options: { webhookTypes }, made: true },
	'zendesktickets-create-conflict.json': {
		before: (world) => {
			case57(world);
			world.put('zendesktickets', 1, { relatedCase: 57 });
		},
	},
	'zendesktickets-filter-originId-enabled.json': { options: { overlay: true } },
	...Object.fromEntries(
		['bad-datetime', 'empty-attributes', 'extra-field', 'integer-id', 'related-missing'].map((name) => [
			`error-400-${name}.json`,
			{ before: case57 },
		]),
	),
	'error-409-id-mismatch.json': { before: case57 },
};

test('every example is compared or left out with a reason', () => {
	for (const name of [...Object.keys(leftOut), ...Object.keys(settings)]) expect(files).toContain(name);
});

describe('as in the examples made from the code', () => {
	test.each(files.filter((file) => !(file in leftOut)))('%s', async (file) => {
		const example = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Example;
		const { request, response } = example as Required<Example>;
		const setting = settings[file] ?? {};
		const clock = new ManualClock('2026-08-03T09:30:00Z');
		const server = await startPracticeOroCrm({ clock, searchLagMs: 0, ...setting.options });
		try {
			server.store.withoutEvents(() => prepare(new World(server.store, clock), server, example, setting));
			const text = request.body_raw ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
			const answer = await fetch(server.url + request.url, {
				method: request.method,
				headers: headersFor(server, file, request),
				...(text === undefined ? {} : { body: Buffer.from(filled(file, text)) }),
			});
			expect(answer.status).toBe(response.status);
			const body = await answer.text();
			const expected = response.body ?? null;
			if (expected === null) return;
			const actual: unknown = JSON.parse(body);
			if (response.status >= 400) expect(actual).toEqual(expected);
			else expect(missing(actual, expected)).toEqual([]);
		} finally {
			await server.close();
		}
	});
});

function prepare(world: World, server: PracticeOroCrm, example: Example, setting: Setting): void {
	const { request, response } = example as Required<Example>;
	const sent = objectsOf(request.body);
	const referred = sent.flatMap((object) => Object.values(object.relationships ?? {}).map(({ data }) => data ?? []));
	for (const target of referred.flat()) {
		const known = world.store.schema.has(target.type) && /^\d+$/.test(target.id) && target.id !== MISSING_ON_PURPOSE;
		if (known) world.ensure(target);
	}
	const [primary, ...others] = objectsOf(response.status < 300 ? response.body : null);
	const created = request.method === 'POST' && response.status === 201;
	if (!setting.made && primary && !request.url.includes('relationships')) {
		if (created) world.next(primary.type, world.id(primary.type, primary.id));
		else world.place(primary);
	}
	if (!setting.made) for (const object of others) world.place(object);
	setting.before?.(world, server);
}

function headersFor(
	server: PracticeOroCrm,
	file: string,
	request: NonNullable<Example['request']>,
): Record<string, string> {
	const headers = { ...request.headers };
	if (!headers.Authorization) return headers;
	const token = server.oauth.issueFor(credentials.PRACTICE_OROCRM_CLIENT_ID);
	if (file === 'error-401-expired-token.json') server.oauth.revokeAll();
	return { ...headers, Authorization: `Bearer ${token}` };
}

function filled(file: string, text: string): string {
	const byPassword = /auth-(password|error-invalid-grant|error-refresh)/.test(file);
	return text
		.replace(
			'<id>',
			byPassword ? credentials.PRACTICE_OROCRM_PASSWORD_CLIENT_ID : credentials.PRACTICE_OROCRM_CLIENT_ID,
		)
		.replace(
			'<secret>',
			byPassword ? credentials.PRACTICE_OROCRM_PASSWORD_CLIENT_SECRET : credentials.PRACTICE_OROCRM_CLIENT_SECRET,
		)
		.replace('<password>', credentials.PRACTICE_OROCRM_PASSWORD)
		.replace('<256 characters>', 'x'.repeat(256));
}

/** What the example has and the answer lacks, by key and type; the recordings say more exactly what a success looks like. */
function missing(actual: unknown, expected: unknown, path = ''): string[] {
	if (Array.isArray(expected)) {
		if (!Array.isArray(actual)) return [`${path} is no list`];
		return expected.length > 0 && actual.length === 0
			? [`${path} is empty`]
			: missing(actual[0], expected[0], `${path}[0]`);
	}
	if (typeof expected !== 'object' || expected === null) return [];
	if (typeof actual !== 'object' || actual === null) return [`${path} is no object`];
	return Object.entries(expected).flatMap(([key, value]) =>
		key in actual ? missing((actual as Record<string, unknown>)[key], value, `${path}/${key}`) : [`${path}/${key}`],
	);
}
