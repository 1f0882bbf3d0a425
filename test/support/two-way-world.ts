import { ConnectionError } from '../../http/request';
import type { Send } from '../../http/request';
import { ServerKnowledge } from '../../orocrm/server-knowledge';
import type { Time } from '../../http/time';
import { isFailure } from '../../pipeline/clients';
import type { Clients, Failure } from '../../pipeline/clients';
import type { Published } from '../../pipeline/publish-pairs';
import { pairsOf } from '../../pipeline/ticket-pairs';
import { ManualClock } from '../../sandbox/common/clock';
import { startPracticeOroCrm } from '../../sandbox/orocrm/server';
import type { PracticeOroCrm, PracticeOroCrmOptions } from '../../sandbox/orocrm/server';
import type { Row } from '../../sandbox/orocrm/schema/types';
import { startPracticeZendesk } from '../../sandbox/zendesk/server';
import type { PracticeZendesk, PracticeZendeskOptions } from '../../sandbox/zendesk/server';
import type { NewTicket } from '../../sandbox/zendesk/ticket-creation';
import type { Ticket, User } from '../../sandbox/zendesk/types';
import type { Pair } from '../../sync/pair';
import type { MergeRules } from '../../sync/reconcile';
import { readTickets } from '../../zendesk/tickets';
import { practiceClients, runPipeline } from './pipeline';
import type { SyncOptions } from './pipeline';

export interface WorldOptions {
	zendesk?: PracticeZendeskOptions;
	orocrm?: PracticeOroCrmOptions;
	/** Whether OroCRM has a Zendesk integration, a deactivated one. Default true. */
	channel?: boolean;
	rules?: MergeRules;
	sync?: SyncOptions;
	/** Stands between the servers and all else: changes answers. */
	wrap?: (send: Send) => Send;
}

/** A request of the pipeline, as it went out. */
export interface Sent {
	method: string;
	/** With query. */
	path: string;
	body: unknown;
}

/** What happens around a request. */
export interface Hook {
	method?: string;
	path: RegExp;
	/** So many matching requests go by first. Default: none. */
	skip?: number;
	/** Default: once. */
	times?: number;
	before?: () => void | Promise<void>;
	/** After the server did it, before the answer arrives. */
	after?: () => void | Promise<void>;
	/** The answer is lost. */
	loses?: boolean;
	/** The request is never sent, and no other one after it: the process is gone. */
	kills?: 'before' | 'after';
}

/** Sequences jump through time; expiring tokens are tested elsewhere. */
const A_DECADE = 10 * 365 * 24 * 3600;

/** The process that ran the pipeline is gone. */
export class Killed extends Error {}

/** Two practice servers on one clock that nobody waits for, and the whole pipeline between them, both ways. */
export class TwoWayWorld {
	private constructor(
		readonly zendesk: PracticeZendesk,
		readonly orocrm: PracticeOroCrm,
		readonly clock: ManualClock,
		readonly clients: Clients,
		readonly channel: string | null,
		readonly options: WorldOptions,
		private readonly traffic: Traffic,
	) {}

	/** Every request of the pipeline since the last reset, both systems'. */
	get sent(): readonly Sent[] {
		return this.traffic.sent;
	}

	/** Arms a hook. */
	on(hook: Hook): void {
		this.traffic.hooks.push({ times: 1, ...hook });
	}

	/** The process is gone with the request of this number from now on: not sent when odd, done but unanswered when even. */
	dieAfter(requests: number): void {
		this.traffic.left = requests;
	}

	/** A new process: what was killed is forgotten, and so is what was remembered. */
	restart(): void {
		this.traffic.hooks.length = 0;
		this.traffic.dead = false;
		this.traffic.left = null;
		this.clients.knowledge = new ServerKnowledge(0);
	}

	/** A world with a ticket of Maria Santos' and its case, quiet and with nothing counted. */
	static async linked(options: WorldOptions = {}): Promise<{ world: TwoWayWorld; ticket: Ticket; oroCase: Row }> {
		const world = await TwoWayWorld.start(options);
		const ticket = world.ticket({ requester_id: world.person('Maria Santos').id });
		world.later(60);
		await world.syncTickets(ticket);
		const oroCase = world.caseOf(ticket);
		world.later(60).resetCounts();
		return { world, ticket, oroCase };
	}

	static async start(options: WorldOptions = {}): Promise<TwoWayWorld> {
		const clock = new ManualClock();
		const zendesk = await startPracticeZendesk({ clock, limits: 'off', accessTokenSeconds: A_DECADE, ...options.zendesk });
		const orocrm = await startPracticeOroCrm({ clock, searchLagMs: 0, accessTokenSeconds: A_DECADE, ...options.orocrm });
		const channel = options.channel === false ? null : String(orocrm.store.insert('integrationchannels', { name: 'Zendesk', channelType: 'zendesk', enabled: false, isTwoWaySyncEnabled: false }).id);
		const time: Time = { now: () => clock.now().getTime(), sleep: async (milliseconds) => clock.advance(milliseconds) };
		const traffic = new Traffic();
		const clients = await practiceClients({ zendesk, orocrm }, options.orocrm?.apiPath, 'two', time, (send) => traffic.wrap(options.wrap?.(send) ?? send));
		return new TwoWayWorld(zendesk, orocrm, clock, clients, channel, options, traffic);
	}

	async close(): Promise<void> {
		await Promise.all([this.zendesk.close(), this.orocrm.close()]);
	}

	get syncOptions(): SyncOptions {
		const { rules = { twoWay: true, winner: 'remote' }, sync } = this.options;
		return { ...sync, settings: { channel: this.channel, rules, ...sync?.settings } };
	}

	/** Some time later. */
	later(seconds = 5): this {
		this.clock.advance(seconds * 1000);
		return this;
	}

	ticket(ticket: NewTicket = {}): Ticket {
		return this.zendesk.store.createTicket({ subject: 'Printer on fire', description: 'Smoke comes out of it.', ...ticket });
	}

	person(name: string, more: Partial<User> = {}): User {
		return this.zendesk.store.createUser({ name, email: `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@customer.example`, ...more });
	}

	agent(name: string, more: Partial<User> = {}): User {
		return this.zendesk.store.createUser({ name, email: `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@desk.example`, role: 'agent', ...more });
	}

	oroUser(firstName: string, email: string): Row {
		const { store } = this.orocrm;
		const values = { username: email, email, firstName, lastName: 'Desk', enabled: true, owner: 1, businessUnits: [1], organizations: [1], organization: 1, userRoles: [3], auth_status: 'active' };
		return store.insert('users', { ...values, createdAt: store.now(), updatedAt: store.now() });
	}

	contact(firstName: string, email: string | null): Row {
		const { store } = this.orocrm;
		return store.insert('contacts', { firstName, lastName: 'Contact', emails: email ? [email] : [], primaryEmail: email, owner: 1, organization: 1, createdAt: store.now(), updatedAt: store.now() });
	}

	/** A case made by hand in OroCRM. */
	newCase(values: Record<string, unknown> = {}): Row {
		const { store } = this.orocrm;
		const now = store.now();
		return store.insert('cases', { subject: 'Made in OroCRM', description: 'Something is wrong.', source: 'other', status: 'open', priority: 'normal', assignedTo: 1, owner: 1, organization: 1, reportedAt: now, createdAt: now, updatedAt: null, ...values });
	}

	/** An edit by hand. */
	editCase(id: unknown, values: Record<string, unknown>): void {
		this.orocrm.store.update('cases', id as number, { ...values, updatedAt: this.orocrm.store.now() });
	}

	commentOnCase(id: unknown, message: string, more: Record<string, unknown> = {}): Row {
		const { store } = this.orocrm;
		return store.insert('casecomments', { case: id, message, public: true, owner: 1, organization: 1, createdAt: store.now(), updatedAt: store.now(), ...more });
	}

	recordOf(ticket: { id: number }): Row {
		const rows = this.orocrm.store.all('zendesktickets').filter((row) => String(row.originId) === String(ticket.id));
		if (rows.length !== 1) throw new Error(`Ticket ${ticket.id} has ${rows.length} records`);
		return rows[0];
	}

	caseOf(ticket: { id: number }): Row {
		const found = this.orocrm.store.get('cases', this.recordOf(ticket).relatedCase as number);
		if (!found) throw new Error(`Ticket ${ticket.id} has no case`);
		return found;
	}

	/** The ticket of a case, as it is now. */
	ticketOf(oroCase: Row): Ticket {
		const record = this.orocrm.store.all('zendesktickets').find((row) => row.relatedCase === oroCase.id);
		const ticket = this.zendesk.store.tickets.get(Number(record?.originId));
		if (!ticket) throw new Error(`Case ${String(oroCase.id)} has no ticket`);
		return ticket;
	}

	caseComments(id: unknown): Row[] {
		return this.orocrm.store.all('casecomments').filter((row) => row.case === id);
	}

	/** What the Zendesk trigger would hand out for these tickets. */
	async pairsOfTickets(...tickets: Array<{ id: number }>): Promise<Pair[]> {
		const { tickets: found, users } = await readTickets(
			this.clients.zendesk,
			tickets.map(({ id }) => id),
		);
		return pairsOf(found, users);
	}

	/** What the OroCRM trigger would hand out for these cases. */
	pairsOfCases(...cases: Array<{ id: unknown }>): Pair[] {
		return cases.map(({ id }) => ({ origin: 'orocrm', ticket: null, record: null, case: { id: String(id), subject: '', description: null, status: null, priority: null, source: null, assignedTo: null, relatedContact: null, relatedAccount: null, owner: null, reportedAt: null, closedAt: null, createdAt: null, updatedAt: null } }));
	}

	async syncPairs(pairs: readonly Pair[]): Promise<Published[]> {
		return good(await runPipeline(pairs, this.clients, this.syncOptions));
	}

	async syncTickets(...tickets: Array<{ id: number }>): Promise<Published[]> {
		return await this.syncPairs(await this.pairsOfTickets(...tickets));
	}

	async syncCases(...cases: Array<{ id: unknown }>): Promise<Published[]> {
		return await this.syncPairs(this.pairsOfCases(...cases));
	}

	/** Writes since the last reset, as method and path. */
	writes(): { zendesk: string[]; orocrm: string[] } {
		const line = (call: { effectiveMethod: string; path: string }) => `${call.effectiveMethod} ${call.path}`;
		const writing = (call: { effectiveMethod: string; path: string }) => call.effectiveMethod !== 'GET' && !call.path.startsWith('/oauth');
		return { zendesk: this.zendesk.calls.all().filter(writing).map(line), orocrm: this.orocrm.calls.all().filter(writing).map(line) };
	}

	/** What was sent to tickets since the last reset, without the guard. */
	sentToTickets(): Array<Record<string, unknown>> {
		return this.sent
			.filter(({ method, path }) => (method === 'PUT' || method === 'POST') && /^\/api\/v2\/tickets/.test(path))
			.map(({ body }) => {
				const { safe_update: _guard, updated_stamp: _stamp, ...ticket } = (body as { ticket: Record<string, unknown> }).ticket;
				return ticket;
			});
	}

	resetCounts(): void {
		this.zendesk.calls.reset();
		this.orocrm.calls.reset();
		this.traffic.sent.length = 0;
	}
}

/** Stands between the pipeline and the servers. */
class Traffic {
	readonly sent: Sent[] = [];
	readonly hooks: Hook[] = [];
	dead = false;
	/** Requests until the process is gone. */
	left: number | null = null;

	wrap(send: Send): Send {
		return async (request) => {
			if (this.dead) throw new Killed('The process is gone.');
			const path = request.url.replace(/^https?:\/\/[^/]+/, '');
			const hook = this.hookFor(request.method, path);
			const isLast = this.left !== null && --this.left <= 0;
			await hook?.before?.();
			if (hook?.kills === 'before' || (isLast && this.sent.length % 2 === 1)) this.die();
			this.sent.push({ method: request.headers['X-HTTP-Method-Override'] ?? request.method, path, body: typeof request.body === 'string' && request.body.startsWith('{') ? JSON.parse(request.body) : request.body });
			const answer = await send(request);
			await hook?.after?.();
			if (hook?.kills === 'after' || isLast || this.dead) this.die();
			if (hook?.loses) throw new ConnectionError('the connection was cut', 'ECONNRESET');
			return answer;
		};
	}

	private hookFor(method: string, path: string): Hook | undefined {
		const hook = this.hooks.find((one) => (one.times ?? 0) > 0 && (!one.method || one.method === method) && one.path.test(path));
		if (!hook) return undefined;
		if ((hook.skip ?? 0) > 0) {
			hook.skip = (hook.skip ?? 0) - 1;
			return undefined;
		}
		hook.times = (hook.times ?? 1) - 1;
		return hook;
	}

	private die(): never {
		this.dead = true;
		throw new Killed('The process is gone.');
	}
}

/** All went well, or the test fails with the words. */
export function good(outcomes: ReadonlyArray<Published | Failure>): Published[] {
	return outcomes.map((outcome) => {
		if (isFailure(outcome)) throw outcome.error;
		return outcome;
	});
}
