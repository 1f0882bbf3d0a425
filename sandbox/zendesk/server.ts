import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { dateAnswers } from '../common/answer-date';
import { CallLog } from '../common/call-log';
import { ManualClock, systemClock, type Clock } from '../common/clock';
import { Faults, registerFaultRoutes } from '../common/faults';
import { Snapshot } from '../common/snapshot';
import { answerApi, type Api } from './api';
import { auditRoutes } from './audit-routes';
import { commentRoutes } from './comment-routes';
import { registerControlRoutes } from './control-routes';
import { Dispatcher } from './dispatch';
import { exportRoutes } from './export-routes';
import { fieldRoutes } from './field-routes';
import { FileHost, type FileRequest } from './file-host';
import { groupRoutes } from './group-routes';
import { Idempotency } from './idempotency';
import { jobRoutes } from './job-routes';
import { DEFAULT_LIMITS, Limits, type LimitSettings } from './limits';
import { authorizationDecision, authorizationPage, tokenAnswer } from './oauth';
import { organizationRoutes } from './organization-routes';
import { registerPages } from './pages';
import { Router } from './router';
import { SearchIndex } from './search-index';
import { searchRoutes } from './search-routes';
import { seedShowcase } from './seed';
import { DEFAULT_SETTINGS, type Settings } from './settings';
import { Store } from './store';
import type { StoreData } from './store-data';
import { ticketRoutes } from './ticket-routes';
import { Tokens, type TokenPair } from './tokens';
import { uploadRoutes } from './upload-routes';
import { userRoutes } from './user-routes';
import { Views } from './views';

export interface PracticeZendeskOptions {
	/** Default 0: any free port. */
	port?: number;
	host?: '127.0.0.1';
	clock?: Clock;
	/** Keeps the data in this file; a start with it goes on where the last one ended. */
	dataFile?: string;
	/** What a new account begins with; a data file that is there goes before it. Default `none`. */
	seed?: 'none' | 'showcase';
	/** How old a change must be to be exported. Default 60, as in the real one. */
	exportDelaySeconds?: number;
	/** Changes to the Enterprise plan's limits, or `off`. */
	limits?: Partial<LimitSettings> | 'off';
	/** Life of an access token. Default two hours. */
	accessTokenSeconds?: number;
	/** The address written into answers. Default: the server's own. */
	subdomainUrl?: string;
	/** How late users and tickets are found by a search, in milliseconds. Default 0. */
	searchLagMs?: number;
	/**
	 * True: `content_url` sends clients to a file store with another host name, as the real one does, and that refuses requests
	 * with credentials. `fileRequests` tells who asked where. Default false: the account gives its files out itself.
	 */
	fileStore?: boolean;
	/** Switches that can be turned later as well. */
	settings?: Partial<Settings>;
}

/** A practice account's data at some moment, to come back to. */
export type SavedAccount = string;

export interface PracticeZendesk {
	url: string;
	port: number;
	calls: CallLog;
	faults: Faults;
	store: Store;
	tokens: Tokens;
	clock: Clock;
	/** Switches that can be turned while it runs. */
	settings: Settings;
	/** Downloads of files so far. */
	fileRequests: readonly FileRequest[];
	/** How many requests were refused because of a rate limit. */
	limitBreaches(): number;
	/** The data as they are now, for `reset`. */
	save(): SavedAccount;
	/**
	 * As if just started, with an empty account, the showcase or what `save` returned; in about a millisecond. Calls, faults,
	 * limits, idempotency keys, issued tokens, downloads and triggers are forgotten, settings are those of the start. The clock goes on.
	 */
	reset(to?: 'none' | 'showcase' | { saved: SavedAccount }): void;
	close(): Promise<void>;
}

interface SnapshotData {
	store: StoreData;
	tokens: TokenPair[];
}

const DEFAULT_ACCESS_SECONDS = 7200;
const LARGEST_BODY = 60 * 1024 * 1024;

/** Starts a Zendesk Support account for practice: API, OAuth, and pages for people. See zendesk-api.md and ASSUMED.md. */
export async function startPracticeZendesk(options: PracticeZendeskOptions = {}): Promise<PracticeZendesk> {
	const clock = options.clock ?? systemClock;
	const calls = new CallLog();
	const faults = new Faults();
	const snapshot: Snapshot<SnapshotData> = new Snapshot(options.dataFile, () => ({
		store: store.data(),
		tokens: tokens.data(),
	}));
	const saved = snapshot.load();
	const store = new Store(clock, saved?.store);
	const tokens = new Tokens(clock, options.accessTokenSeconds ?? DEFAULT_ACCESS_SECONDS, () => snapshot.flush());
	if (saved) tokens.fill(saved.tokens);
	else tokens.addReadyPairs(store.account.api_user_id);
	if (!saved && options.seed === 'showcase') seedShowcase(store);
	store.onChange(() => snapshot.changed());
	let ownUrl = '';
	const baseUrl = () => options.subdomainUrl ?? ownUrl;
	const settings: Settings = { ...DEFAULT_SETTINGS, ...options.settings };
	const files = new FileHost(store);
	const api: Api = {
		store,
		views: new Views(store, baseUrl),
		tokens,
		limits: new Limits(clock, options.limits === 'off' ? undefined : { ...DEFAULT_LIMITS, ...options.limits }),
		router: new Router(),
		clock,
		baseUrl,
		exportDelaySeconds: options.exportDelaySeconds ?? 60,
		settings,
		idempotency: new Idempotency(clock),
		search: new SearchIndex(store, clock, options.searchLagMs ?? 0),
	};
	registerApi(api);
	const app = fastify({ bodyLimit: LARGEST_BODY, forceCloseConnections: true });
	const dispatcher = new Dispatcher(faults, calls);
	dateAnswers(app, clock);
	await app.register(async (scope) => registerDispatch(scope, api, dispatcher, files));
	await app.register(async (scope) => registerPages(scope, api));
	await app.register(async (scope) => {
		registerFaultRoutes(scope, faults);
		registerControlRoutes(scope, {
			calls,
			limits: api.limits,
			tokens,
			clock: clock instanceof ManualClock ? clock : undefined,
			settings,
			fileRequests: files.requests,
		});
	});
	await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
	const { port } = app.server.address() as { port: number };
	ownUrl = `http://127.0.0.1:${port}`;
	const fileStore = options.fileStore ? await startFileStore(dispatcher, files) : undefined;
	files.storeUrl = fileStore?.url;
	const close = async () => {
		snapshot.flush();
		await app.close();
		await fileStore?.close();
	};
	const reset: PracticeZendesk['reset'] = (to = 'none') => {
		store.reset(typeof to === 'object' ? (JSON.parse(to.saved) as StoreData) : undefined);
		if (to === 'showcase') seedShowcase(store);
		for (const part of [calls, api.limits, api.search]) part.reset();
		faults.clear();
		tokens.reset(store.account.api_user_id);
		api.idempotency.forget();
		files.requests.length = 0;
		Object.assign(settings, DEFAULT_SETTINGS, options.settings);
	};
	return {
		url: ownUrl,
		port,
		calls,
		faults,
		store,
		tokens,
		clock,
		settings,
		fileRequests: files.requests,
		limitBreaches: () => api.limits.breachCount(),
		save: () => JSON.stringify(store.data()),
		reset,
		close,
	};
}

function registerApi(api: Api): void {
	ticketRoutes(api);
	commentRoutes(api);
	auditRoutes(api);
	exportRoutes(api);
	userRoutes(api);
	organizationRoutes(api);
	groupRoutes(api);
	fieldRoutes(api);
	uploadRoutes(api);
	jobRoutes(api);
	searchRoutes(api);
}

/** Bodies stay as they came: the endpoints know which are JSON, forms or files. */
function registerDispatch(scope: FastifyInstance, api: Api, dispatcher: Dispatcher, files: FileHost): void {
	scope.removeAllContentTypeParsers();
	scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
	scope.all('/api/v2/*', (request, reply) => dispatcher.run(request, reply, (incoming) => answerApi(api, incoming)));
	scope.post('/oauth/tokens', (request, reply) =>
		dispatcher.run(request, reply, (incoming) => tokenAnswer(api, incoming)),
	);
	scope.get('/oauth/authorizations/new', (request, reply) =>
		dispatcher.run(request, reply, (incoming) => authorizationPage(api, incoming.query)),
	);
	scope.post('/oauth/authorizations', (request, reply) =>
		dispatcher.run(request, reply, (incoming) => {
			const form = Object.fromEntries(new URLSearchParams(incoming.rawBody.toString('utf8')));
			return authorizationDecision(api, form);
		}),
	);
	scope.get('/attachments/token/:token/', (request, reply) =>
		dispatcher.run(request, reply, (incoming) => files.answerAccount(tokenOf(request), incoming), false),
	);
}

const tokenOf = (request: FastifyRequest) => (request.params as { token: string }).token;

/** The second listener. It has another name than the account, as the real file store has another domain. */
async function startFileStore(dispatcher: Dispatcher, files: FileHost) {
	const app = fastify({ forceCloseConnections: true });
	app.get('/attachment/:token', (request, reply) =>
		dispatcher.run(request, reply, (incoming) => files.answerStore(tokenOf(request), incoming), false),
	);
	await app.listen({ port: 0, host: '127.0.0.1' });
	const { port } = app.server.address() as { port: number };
	return { url: `http://localhost:${port}`, close: async () => await app.close() };
}
