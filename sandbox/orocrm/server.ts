import fastify from 'fastify';
import { dateAnswers } from '../common/answer-date';
import { CallLog } from '../common/call-log';
import { systemClock, type Clock } from '../common/clock';
import { Faults } from '../common/faults';
import { Snapshot } from '../common/snapshot';
import { AccessRules } from './access';
import { ApiHandler, type ApiSettings } from './api/handler';
import { OAuth } from './oauth';
import type { PracticeOroCrmOptions } from './options';
import { registerPages } from './pages/routes';
import { DEFAULT_FILE_RULES } from './rules/files';
import { countTwoWayExports } from './rules/two-way';
import { buildSchema } from './schema/index';
import { SearchIndex } from './search/search-index';
import { insertBase, insertSalesRep } from './seed/base';
import { insertShowcase } from './seed/showcase';
import { Store, type StoreData } from './store/store';
import { Timers } from './timers';
import { bridge } from './transport/fastify-bridge';
import { registerControl } from './transport/control';
import { featuresOf } from './version';
import { WebhookSender } from './webhooks/sender';
import { insertWebhookTopics } from './webhooks/topics';

export type { PracticeOroCrmOptions } from './options';
export { insertImportedTicket, type ImportedTicket } from './seed/imported';

export interface PracticeOroCrm {
	url: string;
	port: number;
	/** Address of the JSON:API, e.g. `http://127.0.0.1:8080/api`. */
	apiUrl: string;
	/** API and token requests so far. */
	calls: CallLog;
	faults: Faults;
	store: Store;
	clock: Clock;
	oauth: OAuth;
	/** Takes permissions away, for 403 answers. */
	access: AccessRules;
	/** Switches that can be turned while it runs, e.g. `settings.webApi = false`. */
	settings: ApiSettings;
	/** The records as they are now, for `reset`. */
	save(): SavedRecords;
	/**
	 * As if just started, with a fresh installation, the showcase or what `save` returned; in about a millisecond. Calls,
	 * faults, refusals, denials, revoked tokens, webhooks and batches under way are forgotten, settings are those of the start.
	 * The clock goes on, and tokens stay good.
	 */
	reset(to?: 'none' | 'showcase' | { saved: SavedRecords }): void;
	close(): Promise<void>;
}

/** The records at some moment, to come back to. */
export type SavedRecords = string;

/** Starts a practice OroCRM: the JSON:API, the token endpoint, pages for people and the practice controls. */
export async function startPracticeOroCrm(options: PracticeOroCrmOptions = {}): Promise<PracticeOroCrm> {
	const clock = options.clock ?? systemClock;
	const features = featuresOf(options.version ?? '6.1.11', options.overlay ?? false, options.maxRelated);
	const store = new Store(buildSchema(features), clock, {
		nullChannelDuplicates: options.nullChannelDuplicates ?? true,
		failWhenTooLong: options.failWhenTooLong ?? true,
	});
	const snapshot = new Snapshot<StoreData>(options.dataFile, () => store.data());
	const fileRules = () => ({
		refusedTypes: options.refusedFileTypes ?? DEFAULT_FILE_RULES.refusedTypes,
		largestBytes: options.largestFileBytes ?? DEFAULT_FILE_RULES.largestBytes,
	});
	store.fileRules = fileRules();
	fill(store, options, snapshot.load());
	const timers = new Timers();
	const search = new SearchIndex(store, clock, options.searchLagMs ?? 2000);
	const calls = new CallLog();
	const faults = new Faults();
	const oauth = new OAuth(clock, options.accessTokenSeconds ?? 3600);
	const access = new AccessRules();
	const lifecycle = { newCaseUpdatedAtNull: options.newCaseUpdatedAtNull ?? true };
	const settingsAtStart: ApiSettings = {
		apiPath: options.apiPath ?? '/api',
		webApi: options.webApi ?? true,
		hateoas: options.hateoas ?? true,
	};
	const settings = { ...settingsAtStart };
	const raceWindowMs = options.raceWindowMs ?? 0;
	const handler = new ApiHandler(
		store,
		features,
		oauth,
		access,
		{
			search,
			lifecycle,
			nullsFirst: options.nullsFirst ?? true,
			raceWindow: async () => (raceWindowMs > 0 ? await timers.wait(raceWindowMs) : undefined),
			later: (work) => timers.after(options.batchDelayMs ?? 2000, work),
		},
		settings,
	);
	if (features.webhooks) {
		new WebhookSender(store, features, access, timers, {
			delayMs: options.webhookDelayMs ?? 700,
			retryMs: options.webhookRetryMs ?? 10_000,
		}).watch();
	}
	countTwoWayExports(store);
	store.onCommit(() => snapshot.changed());

	const app = fastify({
		exposeHeadRoutes: false,
		bodyLimit: 100 * 1024 * 1024,
		forceCloseConnections: true,
		http: { maxHeaderSize: 128 * 1024 },
	});
	dateAnswers(app, clock);
	await app.register(async (api) => {
		api.removeAllContentTypeParsers();
		api.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
		const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
		const apiBridge = bridge(calls, faults, async (request) => await handler.handle(request));
		for (const url of [settings.apiPath, `${settings.apiPath}/*`]) {
			api.route({ method: [...methods], url, handler: apiBridge });
		}
		api.post(
			'/oauth2-token',
			bridge(calls, faults, (request) => oauth.token(request)),
		);
	});
	await app.register(async (control) => registerControl(control, { calls, faults, clock, store }));
	await app.register(async (pages) => await registerPages(pages, { store, lifecycle }));

	await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
	const reset: PracticeOroCrm['reset'] = (to = 'none') => {
		timers.cancel();
		for (const part of [store, calls, search, access, oauth]) part.reset();
		faults.clear();
		store.fileRules = fileRules();
		Object.assign(settings, settingsAtStart);
		const seed = typeof to === 'object' ? 'none' : to;
		fill(store, { ...options, seed }, typeof to === 'object' ? (JSON.parse(to.saved) as StoreData) : undefined);
		search.reset();
		snapshot.changed();
	};
	const address = app.server.address() as { port: number };
	const url = `http://127.0.0.1:${address.port}`;
	return {
		url,
		port: address.port,
		apiUrl: `${url}${settings.apiPath}`,
		calls,
		faults,
		store,
		clock,
		oauth,
		access,
		settings,
		save: () => JSON.stringify(store.data()),
		reset,
		close: async () => {
			timers.stop();
			await app.close();
			snapshot.flush();
		},
	};
}

function fill(store: Store, options: PracticeOroCrmOptions, stored: StoreData | undefined): void {
	store.withoutEvents(() => {
		if (stored) store.load(stored);
		else {
			insertBase(store);
			if (options.seed === 'showcase') insertShowcase(store);
			else insertSalesRep(store);
		}
		insertWebhookTopics(store, options.webhookTypes ?? []);
	});
}
