import type { IRun } from 'n8n-workflow';
import { ORO_TRIGGER, PUBLISH, RESOLVE, TestN8n, templateFile, TRIGGER } from './n8n-harness';
import type { TemplateName, WorkflowJson } from './n8n-harness';
import { takePauses, testClock } from './virtual-time';
import { forgetServers } from '../../orocrm/server-knowledge';
import { practiceCredentials } from '../../sandbox/launcher/practice-credentials';
import { startPracticeOroCrm } from '../../sandbox/orocrm/server';
import type { PracticeOroCrm, PracticeOroCrmOptions } from '../../sandbox/orocrm/server';
import type { Row } from '../../sandbox/orocrm/schema/types';
import { PRACTICE_API_EMAIL, PRACTICE_API_TOKEN } from '../../sandbox/zendesk/credentials';
import { startPracticeZendesk } from '../../sandbox/zendesk/server';
import type { PracticeZendesk, PracticeZendeskOptions } from '../../sandbox/zendesk/server';
import type { NewTicket } from '../../sandbox/zendesk/ticket-creation';
import type { Ticket, User } from '../../sandbox/zendesk/types';

export interface PracticeOptions {
	zendesk?: PracticeZendeskOptions;
	orocrm?: PracticeOroCrmOptions;
	/** Whether OroCRM has a Zendesk integration, a deactivated one. Default true. */
	channel?: boolean;
	/** Whether it is chosen in Publish Case. Default true; false leaves the setting empty, as in the template. */
	chosen?: boolean;
	/** Default: one-way. The others have a Zendesk login that may write. */
	template?: 'one-way' | 'two-way' | 'publish-a-case';
	/** For the other two templates. */
	twoWay?: TwoWayParameters;
	/** Changes the workflow before anything runs. */
	edit?: (json: WorkflowJson) => void;
}

/** What a builder sets for two-way sync, by the nodes' parameters. */
export interface TwoWayParameters {
	/** Of Publish Case: winner, fieldWinners, closedTickets, … */
	publish?: Record<string, unknown>;
	/** Of the OroCRM Cases Trigger: startFrom, publish, sources, owners, options. */
	cases?: Record<string, unknown>;
	/** Of Resolve Contact/User; default: the e-mail of the admin whose login it is. */
	defaultZendeskUser?: string;
}

const FILES: Record<NonNullable<PracticeOptions['template']>, TemplateName> = {
	'one-way': 'one-way-sync',
	'two-way': 'two-way-sync',
	'publish-a-case': 'publish-a-case',
};

/** Two practice servers and an n8n with a bundled template between them. */
export class Practice {
	constructor(
		readonly zendesk: PracticeZendesk,
		readonly orocrm: PracticeOroCrm,
		readonly n8n: TestN8n,
		/** Id of the deactivated Zendesk integration in OroCRM, where there is one. */
		readonly channel: number | null,
	) {}

	/** An end user with an address of their own. */
	person(name: string, more: Partial<User> = {}): User {
		return this.zendesk.store.createUser({
			name,
			email: `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@customer.example`,
			...more,
		});
	}

	agent(name: string, more: Partial<User> = {}): User {
		return this.zendesk.store.createUser({
			name,
			email: `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@desk.example`,
			role: 'agent',
			...more,
		});
	}

	ticket(ticket: NewTicket = {}): Ticket {
		return this.zendesk.store.createTicket({
			subject: 'Printer on fire',
			description: 'Smoke comes out of it.',
			...ticket,
		});
	}

	/** A user of OroCRM. */
	oroUser(firstName: string, email: string): Row {
		const { store } = this.orocrm;
		return store.insert('users', {
			username: email,
			email,
			firstName,
			lastName: 'Desk',
			enabled: true,
			owner: 1,
			businessUnits: [1],
			organizations: [1],
			organization: 1,
			userRoles: [3],
			auth_status: 'active',
			createdAt: store.now(),
			updatedAt: store.now(),
		});
	}

	/** A contact of OroCRM; the first address is the primary one. */
	contact(firstName: string, emails: string[], more: Record<string, unknown> = {}): Row {
		const { store } = this.orocrm;
		return store.insert('contacts', {
			firstName,
			lastName: 'Contact',
			emails,
			primaryEmail: emails[0] ?? null,
			owner: 1,
			organization: 1,
			createdAt: store.now(),
			updatedAt: store.now(),
			...more,
		});
	}

	/** OroCRM's records of a ticket. */
	recordsOf(ticket: { id: number }): Row[] {
		const table = this.orocrm.store.table('zendesktickets');
		return (table.index('originId')?.ids(String(ticket.id)) ?? []).map((id) => table.get(id) as Row);
	}

	/** The one record of a ticket. */
	recordOf(ticket: { id: number }): Row {
		return only(this.recordsOf(ticket), `records of ticket ${ticket.id}`);
	}

	/** The case of a ticket's one record. */
	caseOf(ticket: { id: number }): Row {
		const { relatedCase } = this.recordOf(ticket);
		const found = this.orocrm.store.get('cases', relatedCase as number);
		if (!found) throw new Error(`Ticket ${ticket.id} has no case`);
		return found;
	}

	/** A case's comments, in the order in which they were written. */
	commentsOf(ticket: { id: number }): Row[] {
		const { id } = this.caseOf(ticket);
		return this.all('casecomments').filter((row) => row.case === id);
	}

	all(type: string): Row[] {
		return this.orocrm.store.all(type);
	}

	count(type: string): number {
		return this.orocrm.store.count(type);
	}

	/** Every ticket has exactly one record, and every record exactly one case of its own. Gives back how many. */
	expectOneCaseEach(tickets: ReadonlyArray<{ id: number }>): number {
		const cases = tickets.map((ticket) => this.caseOf(ticket).id);
		expect(new Set(cases).size).toBe(tickets.length);
		expect(this.count('cases')).toBe(tickets.length);
		expect(this.count('zendesktickets')).toBe(tickets.length);
		return cases.length;
	}

	/** No two contacts have one address, no two rows stand for one Zendesk user. */
	expectNobodyTwice(): void {
		const emails = this.all('contacts')
			.map((row) => String(row.primaryEmail).toLowerCase())
			.filter((email) => email !== 'null');
		expect(new Set(emails).size).toBe(emails.length);
		const people = this.all('zendeskusers').map((row) => row.originId);
		expect(new Set(people).size).toBe(people.length);
	}

	resetCounts(): void {
		this.zendesk.calls.reset();
		this.orocrm.calls.reset();
		takePauses();
	}

	/** Requests so far, without those for tokens. */
	counts(): Counts {
		const zendesk = this.zendesk.calls.all().filter((call) => !call.path.startsWith('/oauth'));
		const oro = this.orocrm.calls.all().filter((call) => call.path !== '/oauth2-token');
		const reads = oro.filter((call) => call.effectiveMethod === 'GET').length;
		return {
			exports: zendesk.filter((call) => call.path.includes('/incremental/')).length,
			comments: zendesk.filter((call) => call.path.endsWith('/comments.json')).length,
			zendesk: zendesk.length,
			oroReads: reads,
			oroWrites: oro.length - reads,
		};
	}

	/** The next look, which must make exactly one run that ends well. */
	async sync(after?: number): Promise<IRun> {
		const runs = await this.n8n.look(after);
		if (runs[0] && runs[0].status !== 'success')
			throw new Error(`The run failed: ${runs[0].data.resultData.error?.message}`);
		return only(runs, 'runs');
	}

	/**
	 * One start of the bundled workflow Retry Failed Items, switched on in the same n8n. `tries`: the runs of the sync workflow that it
	 * called.
	 *
	 * @param others further sync workflows of this n8n
	 */
	async retry(others: readonly TestN8n[] = []): Promise<{ run: IRun; tries: IRun[] }> {
		const before = this.n8n.called.length;
		const retries = new TestN8n(templateFile('retry-failed-items'), new Map(), this.n8n.tables, [this.n8n, ...others]);
		const run = await retries.run('Every Five Minutes', [{ json: {} }]);
		return { run, tries: this.n8n.called.slice(before) };
	}

	async close(): Promise<void> {
		this.orocrm.faults.clear();
		this.zendesk.faults.clear();
		await this.n8n.deactivate();
		await Promise.all([this.zendesk.close(), this.orocrm.close()]);
		await this.n8n.idle();
	}
}

export interface Counts {
	exports: number;
	comments: number;
	/** All of Zendesk, exports and comments included. */
	zendesk: number;
	oroReads: number;
	oroWrites: number;
}

export function only<T>(list: readonly T[], what: string): T {
	if (list.length !== 1) throw new Error(`Expected one of ${what}, there are ${list.length}`);
	return list[0];
}

const started = new Set<Practice>();

/** Starts both servers and binds the template's nodes to them. Not activated yet. */
export async function startPractice(options: PracticeOptions = {}): Promise<Practice> {
	forgetServers();
	takePauses();
	// The caller's own object, so that a test can change it later: an account's address, for one.
	const zendesk = await startPracticeZendesk(Object.assign(options.zendesk ?? {}, { clock: options.zendesk?.clock ?? testClock }));
	const orocrm = await startPracticeOroCrm({ clock: testClock, ...options.orocrm });
	const channel = options.channel === false ? null : newChannel(orocrm);
	const n8n = n8nFor(zendesk.url, orocrm.url, {
		...options,
		channelId: options.chosen === false ? null : channel,
		apiPath: options.orocrm?.apiPath,
	});
	const practice = new Practice(zendesk, orocrm, n8n, channel);
	started.add(practice);
	return practice;
}

/** A deactivated Zendesk integration in OroCRM. */
function newChannel(orocrm: PracticeOroCrm): number {
	return Number(
		orocrm.store.insert('integrationchannels', {
			name: 'Zendesk',
			channelType: 'zendesk',
			enabled: false,
			isTwoWaySyncEnabled: false,
		}).id,
	);
}

/** A second Zendesk account with an n8n of its own, beside the first and into the same OroCRM. */
export async function startBeside(
	first: Practice,
	zendeskOptions: PracticeZendeskOptions,
	channel: 'own' | 'none',
): Promise<Practice> {
	const zendesk = await startPracticeZendesk(Object.assign(zendeskOptions, { clock: testClock }));
	const { orocrm } = first;
	const id = channel === 'own' ? newChannel(orocrm) : null;
	const practice = new Practice(zendesk, orocrm, n8nFor(zendesk.url, orocrm.url, { channelId: id }), id);
	started.add(practice);
	await practice.n8n.activate();
	return practice;
}

/** The same, activated. */
export async function startActive(options: PracticeOptions = {}): Promise<Practice> {
	const practice = await startPractice(options);
	await practice.n8n.activate();
	return practice;
}

/** An n8n with a template, its nodes bound to these servers as a person would do it. */
export function n8nFor(
	zendeskUrl: string,
	orocrmUrl: string,
	options: Pick<PracticeOptions, 'template' | 'twoWay' | 'edit'> & { channelId: number | null; apiPath?: string },
): TestN8n {
	const { template = 'one-way', twoWay = {} } = options;
	const json = templateFile(FILES[template]);
	const credentials = practiceCredentials(zendeskUrl, orocrmUrl, template !== 'one-way');
	const store = new Map(credentials.map(({ id, data }) => [id, { ...data } as never]));
	store.set('practice-orocrm', {
		...(store.get('practice-orocrm') as unknown as object),
		...(options.apiPath ? { apiPath: options.apiPath } : {}),
	} as never);
	store.set('practice-zendesk-token', {
		subdomain: '',
		customHost: true,
		url: zendeskUrl,
		email: PRACTICE_API_EMAIL,
		apiToken: PRACTICE_API_TOKEN,
	} as never);
	const zendeskCredentials = {
		zendeskSyncOAuth2Api: { id: 'practice-zendesk', name: 'Zendesk' },
		zendeskSyncTokenApi: { id: 'practice-zendesk-token', name: 'Zendesk token' },
	};
	const oroCredentials = { oroCrmOAuth2Api: { id: 'practice-orocrm', name: 'OroCRM' } };
	for (const node of json.nodes) {
		if (/\.zendeskTicketsTrigger$/.test(node.type)) node.credentials = zendeskCredentials;
		if (/\.oroCrmCasesTrigger$/.test(node.type)) node.credentials = oroCredentials;
		if (/\.(getTicketOrCase|resolveContactUser|publishCase)$/.test(node.type))
			node.credentials = { ...zendeskCredentials, ...oroCredentials };
		if (node.name === PUBLISH && options.channelId !== null)
			node.parameters.integration = { __rl: true, mode: 'list', value: String(options.channelId) };
	}
	if (template !== 'one-way') {
		setParameters(json, RESOLVE, { defaultZendeskUser: twoWay.defaultZendeskUser ?? PRACTICE_API_EMAIL });
		setParameters(json, PUBLISH, twoWay.publish ?? {});
	}
	if (template === 'two-way') setParameters(json, ORO_TRIGGER, twoWay.cases ?? {});
	options.edit?.(json);
	return new TestN8n(json, store);
}

/** For `edit`: sets parameters of a node. */
export function setParameters(json: WorkflowJson, name: string, parameters: Record<string, unknown>): void {
	const node = json.nodes.find((candidate) => candidate.name === name);
	if (!node) throw new Error(`The workflow has no node "${name}"`);
	Object.assign(node.parameters, parameters);
}

/** For `edit`: options of the trigger. */
export function triggerOptions(json: WorkflowJson, options: Record<string, unknown>): void {
	setParameters(json, TRIGGER, { options });
}

/** For `afterEach`: ends all that was started. */
export async function closeAll(): Promise<void> {
	for (const practice of started) await practice.close();
	started.clear();
}

/** Comments come one ticket at a time: this account doesn't have the export of events, which tells them in bulk. */
export function withoutEvents({ zendesk }: Practice): void {
	zendesk.faults.add({ path: '/incremental/ticket_events', effect: { kind: 'answer', status: 403, body: '{"error":"Forbidden"}' } });
}
