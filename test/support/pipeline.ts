import type { Send } from '../../http/request';
import { ConnectionError } from '../../http/request';
import type { Time } from '../../http/time';
import { OroCrmClient } from '../../orocrm/client';
import { ServerKnowledge } from '../../orocrm/server-knowledge';
import { isFailure } from '../../pipeline/clients';
import type { Clients, Failure } from '../../pipeline/clients';
import { PeopleDirectory } from '../../pipeline/people-directory';
import { publishPairs } from '../../pipeline/publish-pairs';
import type { Published, PublishRun } from '../../pipeline/publish-pairs';
import { resolvePairs } from '../../pipeline/resolve-pairs';
import { pairsOf } from '../../pipeline/ticket-pairs';
import { PRACTICE_OROCRM_CLIENT_ID, PRACTICE_OROCRM_CLIENT_SECRET } from '../../sandbox/orocrm/credentials';
import { PRACTICE_READ_TOKENS, PRACTICE_READ_WRITE_TOKENS } from '../../sandbox/zendesk/credentials';
import { defaultTables } from '../../sync/field-maps';
import type { FieldMapping, MappingTables } from '../../sync/field-maps';
import { mapPair } from '../../sync/map-pair';
import type { Pair } from '../../sync/pair';
import type { PublishSettings } from '../../sync/plan';
import { RateBudget } from '../../zendesk/rate-budget';
import { ZendeskClient } from '../../zendesk/client';
import { ZendeskWriter } from '../../zendesk/writer';
import { readTicketExport } from '../../zendesk/ticket-export';
import type { ExportPosition } from '../../zendesk/ticket-export';

/** The package's pipeline without n8n, against practice servers: what the nodes do, in one call. */

/** A sender that adds a bearer token, for a server that needs no renewal. */
export function bearerSender(token: string | (() => Promise<string>)): Send {
	return async (request) => {
		const bearer = request.anonymous ? undefined : typeof token === 'string' ? token : await token();
		try {
			const response = await fetch(request.url, {
				method: request.method,
				headers: { ...request.headers, ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }) },
				redirect: 'manual',
				...(request.body === undefined ? {} : { body: request.body }),
			});
			const answer = { status: response.status, headers: Object.fromEntries(response.headers) };
			if (request.binary && response.ok) return { ...answer, text: '', bytes: Buffer.from(await response.arrayBuffer()) };
			return { ...answer, text: await response.text() };
		} catch (error) {
			const cause = (error as { cause?: { code?: string; message?: string } }).cause;
			throw new ConnectionError(cause?.message ?? String(error), cause?.code);
		}
	};
}

/** Real time, but nobody waits: pauses end at once. */
export const hastyTime: Time = { now: () => Date.now(), sleep: async () => {} };

export async function oroCrmToken(baseUrl: string, clientId = PRACTICE_OROCRM_CLIENT_ID, clientSecret = PRACTICE_OROCRM_CLIENT_SECRET): Promise<string> {
	const response = await fetch(`${baseUrl}/oauth2-token`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
	});
	return ((await response.json()) as { access_token: string }).access_token;
}

/** Clients for two practice servers; nothing is known of the OroCRM yet. One-way clients can't write to Zendesk. */
export async function practiceClients(
	servers: { zendesk: { url: string }; orocrm: { url: string } },
	apiPath = '/api',
	ways: 'one' | 'two' = 'one',
	time: Time = hastyTime,
	wrap: (send: Send) => Send = (send) => send,
): Promise<Clients> {
	const token = await oroCrmToken(servers.orocrm.url);
	const { accessToken } = ways === 'two' ? PRACTICE_READ_WRITE_TOKENS : PRACTICE_READ_TOKENS;
	const send = wrap(bearerSender(accessToken));
	const budget = new RateBudget(time, Number.POSITIVE_INFINITY);
	return {
		zendesk: new ZendeskClient(servers.zendesk.url, send, time, budget),
		...(ways === 'two' ? { zendeskWriter: new ZendeskWriter(servers.zendesk.url, send, time, budget) } : {}),
		oro: new OroCrmClient(servers.orocrm.url, apiPath, wrap(bearerSender(token)), time),
		knowledge: new ServerKnowledge(0),
		time,
	};
}

export interface SyncOptions {
	settings?: Partial<PublishSettings>;
	tables?: MappingTables;
	fields?: FieldMapping[];
	owner?: string;
	createMissingContacts?: boolean;
	defaultZendeskUser?: string;
	/** Bytes. */
	largestFile?: number;
	preview?: boolean;
	parallel?: number;
}

/** Map, resolve and publish, as the three nodes do. */
export async function runPipeline(pairs: readonly Pair[], clients: Clients, options: SyncOptions = {}): Promise<Array<Published | Failure>> {
	const tables = options.tables ?? defaultTables;
	const mapped = pairs.map((pair): Pair => (pair.ticket || pair.case ? { ...pair, mapped: mapPair(pair, tables, options.fields ?? []) } : pair));
	const directory = new PeopleDirectory();
	const resolved = await resolvePairs(mapped, clients, {
		directory,
		owner: async () => options.owner ?? '1',
		createMissingContacts: options.createMissingContacts ?? true,
		defaultZendeskUser: options.defaultZendeskUser ?? '',
		parallel: options.parallel ?? 4,
	});
	const good = resolved.filter((outcome): outcome is Exclude<typeof outcome, Failure> => !isFailure(outcome));
	const run: PublishRun = {
		settings: { channel: null, channelIsChosen: true, rules: { twoWay: false, winner: 'remote' }, deletedTickets: 'leave', deletedCases: 'leave', closedTickets: 'skip', commentsSince: null, commentsPerWrite: 100, ...options.settings },
		preview: options.preview ?? false,
		parallel: options.parallel ?? 4,
		directory,
		largestFile: options.largestFile ?? 3 * 1024 * 1024,
	};
	const published = await publishPairs(good, clients, run);
	let next = 0;
	return resolved.map((outcome) => (isFailure(outcome) ? outcome : published[next++]));
}

/** Reads the export from a position to its end and syncs all of it. */
export async function syncEverything(clients: Clients, options: SyncOptions = {}, start: ExportPosition = { startTime: 0 }): Promise<{ outcomes: Array<Published | Failure>; position: ExportPosition }> {
	const outcomes: Array<Published | Failure> = [];
	let position = start;
	for (;;) {
		const page = await readTicketExport(clients.zendesk, position, 1000);
		if (page.tickets.length > 0) outcomes.push(...(await runPipeline(pairsOf(page.tickets, page.users), clients, options)));
		if (page.afterCursor) position = { cursor: page.afterCursor };
		if (page.endOfStream) return { outcomes, position };
	}
}
