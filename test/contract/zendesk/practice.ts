import { ManualClock } from '../../../sandbox/common/clock';
import { PRACTICE_API_EMAIL, PRACTICE_API_TOKEN } from '../../../sandbox/zendesk/credentials';
import {
	startPracticeZendesk,
	type PracticeZendesk,
	type PracticeZendeskOptions,
} from '../../../sandbox/zendesk/server';
import type { Organization, Ticket, User } from '../../../sandbox/zendesk/types';
import type { Recording } from './recordings';

export interface Reply {
	status: number;
	headers: Record<string, string>;
	body: any;
	text: string;
}

export type Practice = PracticeZendesk & {
	clock: ManualClock;
	get(path: string, query?: Record<string, string>, headers?: Record<string, string>): Promise<Reply>;
	send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
	/** Sends a recording's request. */
	replay(recording: Recording, headers?: Record<string, string>): Promise<Reply>;
};

const open: PracticeZendesk[] = [];

/** Closes every server that a test started. */
export async function closeAll(): Promise<void> {
	await Promise.all(open.splice(0).map((server) => server.close()));
}

const BASIC = `Basic ${Buffer.from(`${PRACTICE_API_EMAIL}/token:${PRACTICE_API_TOKEN}`).toString('base64')}`;

/** The recordings' host in every address, and a clock that stands at the recorded moment. */
export async function start(at = '2026-11-24T09:00:00Z', options: PracticeZendeskOptions = {}): Promise<Practice> {
	const clock = new ManualClock(at.length === 19 ? `${at}Z` : at);
	const server = await startPracticeZendesk({
		clock,
		subdomainUrl: 'https://example.zendesk.com',
		exportDelaySeconds: 0,
		...options,
	});
	open.push(server);
	const send: Practice['send'] = async (method, path, body, headers = {}) => {
		const raw = typeof body === 'string' || Buffer.isBuffer(body);
		const response = await fetch(server.url + path, {
			method,
			redirect: 'manual',
			headers: {
				authorization: BASIC,
				'user-agent': 'Contract test',
				...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
				...headers,
			},
			body: body === undefined ? undefined : raw ? (body as string) : JSON.stringify(body),
		});
		const text = await response.text();
		return { status: response.status, headers: Object.fromEntries(response.headers), text, body: parsed(text) };
	};
	const get: Practice['get'] = (path, query = {}, headers) => send('GET', withQuery(path, query), undefined, headers);
	const replay: Practice['replay'] = (recording, headers) =>
		send(
			recording.method,
			withQuery(recording.path, recording.query),
			recording.method === 'GET' ? undefined : (recording.requestBody ?? undefined),
			headers,
		);
	return Object.assign(server, { clock, get, send, replay });
}

function parsed(text: string): any {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

function withQuery(path: string, query: Record<string, string>): string {
	const text = new URLSearchParams(query).toString();
	return text ? `${path}?${text}` : path;
}

/** Puts a recorded ticket into the store as it is, with the fields it shows. */
export function putTicket({ store }: Practice, recorded: any): Ticket {
	for (const { id } of recorded.custom_fields ?? []) addField(store, id);
	const {
		url: _url,
		raw_subject: _raw,
		forum_topic_id: _forum,
		has_incidents: _incidents,
		custom_fields,
		fields: _fields,
		...kept
	} = recorded;
	delete kept.satisfaction_rating;
	delete kept.sharing_agreement_ids;
	const ticket: Ticket = {
		email_cc_ids: [],
		followup_ids: [],
		custom_status_id: 0,
		ticket_form_id: 0,
		allow_attachments: true,
		from_messaging_channel: false,
		generated_timestamp: Math.floor(Date.parse(recorded.updated_at) / 1000),
		...kept,
		custom_values: Object.fromEntries((custom_fields ?? []).map((field: any) => [field.id, field.value])),
		followup_source_id: null,
		status_before_deletion: recorded.status === 'deleted' ? 'open' : null,
		deleted_by: null,
		scrubbed: recorded.subject === 'SCRUBBED',
	};
	store.account.satisfaction_surveys =
		recorded.satisfaction_rating !== null && recorded.satisfaction_rating !== undefined;
	store.putTicket(ticket);
	return ticket;
}

function addField(store: Practice['store'], id: number): void {
	if (store.ticketFields.has(id)) return;
	const created_at = store.now();
	store.ticketFields.set(id, {
		id,
		type: 'text',
		title: `Field ${id}`,
		title_in_portal: `Field ${id}`,
		description: '',
		position: 9999,
		active: true,
		required: false,
		removable: true,
		tag: null,
		options: [],
		created_at,
		updated_at: created_at,
	});
	store.forgetCustomFields();
}

/** A recorded user, or one of whom only the id is known. */
export function putUser({ store }: Practice, recorded: any): User {
	const {
		url: _url,
		shared: _shared,
		shared_agent: _agent,
		shared_phone_number: _number,
		authenticity_token: _token,
		...kept
	} = recorded;
	const fields = Object.keys(kept.user_fields ?? {});
	for (const [i, key] of fields.entries()) {
		const now = store.now();
		store.userFields.set(i + 1, {
			id: i + 1,
			type: 'text',
			key,
			title: key,
			description: '',
			position: i,
			active: true,
			created_at: now,
			updated_at: now,
		});
	}
	delete kept.result_type;
	delete kept.two_factor_auth_enabled;
	const user: User = { ...blankUser(store.now()), ...kept };
	store.putUser(user);
	return user;
}

function blankUser(now: string): Omit<User, 'id'> {
	return {
		name: 'Somebody',
		email: null,
		other_emails: [],
		created_at: now,
		updated_at: now,
		phone: null,
		photo: null,
		organization_id: null,
		role: 'end-user',
		verified: false,
		external_id: null,
		tags: [],
		alias: null,
		active: true,
		last_login_at: null,
		signature: null,
		details: null,
		notes: null,
		role_type: null,
		custom_role_id: null,
		moderator: false,
		ticket_restriction: 'requested',
		only_private_comments: false,
		restricted_agent: true,
		suspended: false,
		default_group_id: null,
		report_csv: false,
		locale: 'en-US',
		locale_id: 1,
		time_zone: 'America/New_York',
		iana_time_zone: 'America/New_York',
		user_fields: {},
		permanently_deleted: false,
	};
}

export function putOrganization({ store }: Practice, recorded: any): void {
	const { url: _url, ...row } = recorded;
	store.putOrganization(row as Organization);
}

/** The account's API user becomes the recorded one, with its organization, brand, form and statuses. */
export function actAs(
	practice: Practice,
	recorded: { userId: number; organizationId?: number | null; ticket?: any; signature?: string },
): void {
	const { store } = practice;
	const admin = store.actor();
	store.users.delete(admin.id);
	const { id: _id, ...rest } = admin;
	store.putUser({
		...rest,
		id: recorded.userId,
		organization_id: recorded.organizationId ?? null,
		signature: recorded.signature ?? null,
	});
	store.account.api_user_id = recorded.userId;
	if (recorded.ticket) {
		store.account.brand_id = recorded.ticket.brand_id;
		store.account.ticket_form_id = recorded.ticket.ticket_form_id;
		const status = store.defaultStatus(recorded.ticket.status);
		store.customStatuses.delete(status.id);
		store.customStatuses.set(recorded.ticket.custom_status_id, { ...status, id: recorded.ticket.custom_status_id });
		for (const { id } of recorded.ticket.custom_fields ?? []) addField(store, id);
	}
}

/** Headers of the account's rate limit and of the API itself; their names changed in 2024. */
export function expectApiHeaders(reply: Reply, recording: Recording): void {
	expect(reply.status).toBe(recording.status);
	const wanted = recording.responseHeaders;
	for (const name of ['content-type', 'cache-control']) {
		if (wanted[name]) expect(sameWords(reply.headers[name])).toBe(sameWords(wanted[name]));
	}
	expect(reply.headers['x-zendesk-api-version']).toBe('v2');
	expect(reply.headers['x-rate-limit']).toMatch(/^\d+$/);
	expect(reply.headers['x-rate-limit-remaining']).toMatch(/^\d+$/);
	if (wanted['ratelimit-limit']) {
		for (const name of ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'])
			expect(reply.headers[name]).toMatch(/^\d+$/);
	}
	const newWarning = wanted['x-zendesk-api-warn']?.startsWith('{') ? wanted['x-zendesk-api-warn'] : undefined;
	if (newWarning || !wanted['x-zendesk-api-warn']) expect(reply.headers['x-zendesk-api-warn']).toBe(newWarning);
	if (wanted.etag) expect(reply.headers.etag).toMatch(/^W\/"[0-9a-f]{32}"$/);
	else if (recording.status !== 201) expect(reply.headers.etag).toBeUndefined();
}

/** Neither the order of a header's parts nor capitals matter. */
const sameWords = (value: string | undefined) => value?.toLowerCase().split(/,\s*/).sort().join(', ');
